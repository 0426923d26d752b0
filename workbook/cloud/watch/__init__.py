"""CloudWatch's eyes on the mock: metrics of what ran, and alarms that are evaluated.

    watch = Watch(shop, canary)
    for _ in range(30):
        canary["Canary"].invoke({"time": ...})
        watch.minute()
    watch.changes

Moto keeps metrics and alarms and evaluates none of them. Here each minute of virtual
time ends with the metrics that Lambda and SQS publish by themselves, with those in the
functions' log lines, and with each alarm's new state; what an alarm does when it
changes is really done. `alarm_state` is the rule by itself.
"""

from .embedded import Datum, read_emf
from .rule import Alarm, alarm_state
from .store import Store
from .watch import Moved, Watch

__all__ = [
    "Alarm",
    "Datum",
    "Moved",
    "Store",
    "Watch",
    "alarm_state",
    "read_emf",
]
