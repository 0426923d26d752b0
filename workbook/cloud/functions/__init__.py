"""Run any handler as Lambda would: events in AWS's shape, in virtual time.

    function = Function(handler)
    function.invoke({"order_id": "o-1"})            # direct: waits, no retry
    function.invoke_async({"order_id": "o-1"})      # asynchronous: two retries
    QueueSource(function, queue_url).drain()        # SQS
    StreamSource(function, "orders", starting_position="TRIM_HORIZON").drain()
    RuleSource(function, "order-placed").drain()    # EventBridge

Nothing sleeps and nothing runs in a thread: waits are entries on
`workbook.cloud.clock`, so ``clock.advance(6 * 3600)`` takes milliseconds. Each
module says what AWS documents, with its source, and what is not modelled.
"""

from .asynchronous import AsynchronousConfig
from .bus import RuleSource
from .direct import Function
from .invocation import Invocation
from .queue import QueueSource
from .stream import StreamSource
from .wait import Summary, settle

__all__ = [
    "AsynchronousConfig",
    "Function",
    "Invocation",
    "QueueSource",
    "RuleSource",
    "StreamSource",
    "Summary",
    "settle",
]
