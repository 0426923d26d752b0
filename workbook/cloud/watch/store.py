"""Metrics by name: what was put, and a period's statistic of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from .rule import Alarm

__all__ = ["Store"]

Name = tuple[str, str, tuple[tuple[str, str], ...]]

_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": lambda values: float(len(values)),
    "Sum": sum,
}


class Store:
    """Metrics at one-minute resolution, as most of AWS's own are."""

    def __init__(self) -> None:
        self._values: dict[Name, dict[int, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def put(
        self,
        namespace: str,
        name: str,
        dimensions: tuple[tuple[str, str], ...],
        at_s: float,
        value: float,
    ) -> None:
        """Add a value at epoch seconds `at_s`. `dimensions` are sorted pairs."""
        minute = int(at_s // 60)
        self._values[namespace, name, dimensions][minute].append(value)

    def names(self) -> list[Name]:
        """Every metric that there is: namespace, name and dimensions."""
        return sorted(self._values)

    def statistic(self, alarm: Alarm, begin_s: float) -> float | None:
        """The alarm's statistic of its period from `begin_s` on; None without data."""
        minutes = self._values.get((alarm.namespace, alarm.metric, alarm.dimensions))
        if minutes is None:
            return None
        first, last = int(begin_s // 60), int((begin_s + alarm.period_s - 1) // 60)
        values = list(_flat(minutes.get(m, ()) for m in range(first, last + 1)))
        return _STATISTICS[alarm.statistic](values) if values else None

    def recent(self, alarm: Alarm, end_s: float, periods: int) -> list[float | None]:
        """The statistics of the alarm's last `periods` before `end_s`, newest last."""
        end_s -= end_s % alarm.period_s
        begins = (end_s - back * alarm.period_s for back in range(periods, 0, -1))
        return [self.statistic(alarm, begin_s) for begin_s in begins]


def _flat(lists: Iterable[Iterable[float]]) -> Iterable[float]:
    return (value for values in lists for value in values)
