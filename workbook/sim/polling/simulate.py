"""Learning of events: by asking now and then, by a call that waits, by being told.

Each watcher has events of its own, a Poisson process, and learns of them in one of
three ways. The delay of an event is the time until its watcher knows of it.

- `short_polling`: a call every `period_s`, from a random moment on.
- `long_polling`: a call waits at the service until an event comes, or for `wait_s`;
  then the next call begins. The event is known as soon as it happens.
- `push`: the service tells over a connection. Connections break, a Poisson process, and
  come back after `reconnect_s`. What happens meanwhile is missed, or, with `catch_up`
  (the watcher asks for what follows the last number it has seen), known when the
  connection is back.

Messages and network take no time: add a constant to the delays.
"""

import math

import numpy as np

from workbook.sim.checks import at_least, count, positive
from workbook.sim.polling.results import Watching

__all__ = ["long_polling", "push", "short_polling"]


def short_polling(
    *,
    period_s: float,
    event_rate_per_s: float,
    duration_s: float,
    seed: int,
    watchers: int = 1,
) -> Watching:
    """A call every `period_s` by each watcher, for `duration_s`.

    Events after a watcher's last call are left out: nobody has asked for them yet.
    """
    positive(period_s=period_s)
    rng, watcher, event_s = _events(event_rate_per_s, duration_s, watchers, seed)
    first_s = rng.random(watchers) * period_s
    polls = np.floor((duration_s - first_s) / period_s).astype(int) + 1
    polls = np.maximum(polls, 0)
    poll = np.ceil((event_s - first_s[watcher]) / period_s).clip(0).astype(int)
    asked = poll < polls[watcher]
    watcher, event_s, poll = watcher[asked], event_s[asked], poll[asked]
    known_s = first_s[watcher] + poll * period_s
    calls, found = int(polls.sum()), _different(watcher, poll)
    delay_s = np.maximum(known_s - event_s, 0)
    return Watching(watcher, event_s, delay_s, calls, calls - found)


def long_polling(
    *,
    wait_s: float,
    event_rate_per_s: float,
    duration_s: float,
    seed: int,
    watchers: int = 1,
) -> Watching:
    """Calls that wait up to `wait_s` for an event, one after another for `duration_s`.

    The call under way at the end is left out.
    """
    positive(wait_s=wait_s)
    _, watcher, event_s = _events(event_rate_per_s, duration_s, watchers, seed)
    first, last = _ends(watcher, watchers)
    waited_s = np.diff(event_s, prepend=0.0)
    waited_s[first] = event_s[first]
    left_s = np.full(watchers, float(duration_s))
    left_s[watcher[last]] -= event_s[last]
    empty = np.maximum(np.ceil(waited_s / wait_s) - 1, 0).sum()
    empty += np.floor(left_s / wait_s).sum()
    calls = len(event_s) + int(empty)
    return Watching(watcher, event_s, np.zeros(len(event_s)), calls, int(empty))


def push(
    *,
    drop_rate_per_s: float,
    reconnect_s: float,
    event_rate_per_s: float,
    duration_s: float,
    seed: int,
    watchers: int = 1,
    catch_up: bool = True,
) -> Watching:
    """Connections that break at `drop_rate_per_s` while they stand; see the module.

    `calls` are the connections made; those are `empty` that brought no missed event.
    """
    at_least(0, drop_rate_per_s=drop_rate_per_s, reconnect_s=reconnect_s)
    rng, watcher, event_s = _events(event_rate_per_s, duration_s, watchers, seed)
    breaks = drop_rate_per_s * duration_s
    most = int(breaks + 9 * math.sqrt(breaks) + 20)  # hardly ever are there so many
    stands_s = rng.standard_exponential((watchers, most)) / max(drop_rate_per_s, 1e-300)
    broken_s = np.cumsum(stands_s, axis=1) + np.arange(most) * reconnect_s
    broken_s = np.minimum(broken_s, 2 * duration_s)
    # Watchers one after another on one line, so that one search finds every event.
    line_s = (broken_s + np.arange(watchers)[:, None] * 3 * duration_s).ravel()
    before = np.searchsorted(line_s, event_s + watcher * 3 * duration_s, "right") - 1
    back_s = np.where(
        before >= watcher * most, broken_s.ravel()[before] + reconnect_s, 0.0
    )
    delay_s = np.maximum(back_s - event_s, 0)
    down = delay_s > 0
    brought = _different(watcher[down], before[down]) if catch_up else 0
    if not catch_up:
        delay_s[down] = np.inf
    calls = watchers + int((broken_s < duration_s).sum())
    return Watching(watcher, event_s, delay_s, calls, calls - brought)


def _events(event_rate_per_s: float, duration_s: float, watchers: int, seed: int):
    """The generator, and the watcher and the time of each event, in this order.

    Watchers and their times lie on one line, on which the events are uniform.
    """
    at_least(0, event_rate_per_s=event_rate_per_s)
    positive(duration_s=duration_s)
    count(watchers=watchers)
    rng = np.random.default_rng(seed)
    number = rng.poisson(event_rate_per_s * duration_s * watchers)
    line = np.sort(rng.random(number) * watchers)
    watcher = np.minimum(line.astype(int), watchers - 1)
    return rng, watcher, (line - watcher) * duration_s


def _ends(watcher: np.ndarray, watchers: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each watcher's first and last event stand."""
    starts = np.searchsorted(watcher, np.arange(watchers + 1))
    some = starts[1:] > starts[:-1]
    return starts[:-1][some], starts[1:][some] - 1


def _different(watcher: np.ndarray, call: np.ndarray) -> int:
    """How many different calls; watchers and each one's calls are in order."""
    if not len(call):
        return 0
    return 1 + int(((np.diff(watcher) != 0) | (np.diff(call) != 0)).sum())
