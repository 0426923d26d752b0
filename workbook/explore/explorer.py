"""`explore`: run a handler under every crash, duplicate and interleaving."""

from collections.abc import Callable, Sequence
from typing import Any

from workbook.cloud import lag
from workbook.explore.exploring import Explorer
from workbook.explore.faults import fates_of
from workbook.explore.judge import Judge, Records
from workbook.explore.machine import Plan
from workbook.explore.progress import Progress
from workbook.explore.result import Exploration
from workbook.explore.run import Run
from workbook.explore.search import Bounds

__all__ = ["explore", "replay"]

_MOST_DELIVERIES = 5


def explore(
    handler: Callable[[Any, Any], Any],
    event: Any,
    *,
    invariant: Callable[..., Any],
    setup: Callable[[], Any] | None = None,
    deliveries: int = 2,
    crashes: int = 1,
    losses: int | None = None,
    faults: Sequence[str] = ("crash", "response_lost"),
    preemptions: int | None = None,
    records: Records | None = None,
    outside: Sequence[Any] = (),
    budget: int = 3_000,
    prune: bool = True,
    progress: bool = True,
    **limits: float,
) -> Exploration:
    """Whether `invariant` holds after every schedule of `handler` within the bounds.

    Every delivery of `event` (a list of events: of each of them) is in flight at once.
    At each call to AWS the explorer chooses who goes on and what goes wrong. An
    invocation that crashes or raises is delivered again after `redeliver_after_s`
    seconds of virtual time, when nothing else is in flight (a visibility timeout is
    longer than a function may run), until it has been received `max_receives` times.

    `invariant()` is called after each schedule; it returns False or a sentence, or
    raises AssertionError, where something is wrong. One that takes an argument is given
    the `Run`, with what each invocation returned. `setup()` builds the world, in an
    empty cloud, the same one each time; without it each schedule starts from the world
    as it is. That comes back afterwards. `records`
    says where the handler remembers past deliveries, and for how long it may.

    `outside` lists services outside AWS that the handler calls over HTTP, as
    `workbook.explore.outside` describes them: the calls to them are steps too.

    `faults` may name "crash" (before and after each call), "response_lost",
    "request_lost", "resent" (the SDK repeats a call whose answer it missed) and
    "throttle". At most `crashes` crashes happen in one schedule. Other faults spend
    from the same allowance, unless `losses` gives them one of their own. `preemptions`
    bounds how often a delivery may be interrupted (None: any number). `prune` leaves
    out schedules that differ only in calls that commute; it takes for granted that
    invocations share nothing but AWS.

    The search stops after `budget` schedules, and says so. An invocation that neither
    calls nor ends within `patience_s` seconds of real time, or that makes more than
    `max_calls` calls, ends it too: the verdict is then "unknown", with the reason.
    What the handler prints is shown by `.replay(id)` alone.

    The `limits`, with their defaults: `redeliver_after_s` 30, `max_receives` 5,
    `timeout_s` 25 (the function's, as its context tells it), `max_calls` 50,
    `patience_s` 5.
    """
    explorer = _explorer(
        handler, event, setup, deliveries, invariant, records, outside, limits
    )
    _at_least(0, crashes=crashes, losses=losses or 0, preemptions=preemptions or 0)
    _at_least(1, budget=budget)
    bounds = Bounds(
        fates=tuple(fates_of(tuple(faults))),
        crashes=crashes,
        losses=crashes if losses is None else losses,
        faults=crashes + (losses or 0),
        preemptions=preemptions,
        prune=prune and preemptions is None,
    )
    return explorer.explore(bounds, budget, Progress(shown=progress))


def replay(
    schedule_id: str,
    handler: Callable[[Any, Any], Any],
    event: Any,
    *,
    invariant: Callable[..., Any],
    setup: Callable[[], Any] | None = None,
    deliveries: int = 2,
    records: Records | None = None,
    outside: Sequence[Any] = (),
    **limits: float,
) -> Run:
    """Run the one schedule with this id, for a test of what must never happen again.

    The arguments mean what they mean in `explore`, and must be the same as there.
    """
    explorer = _explorer(
        handler, event, setup, deliveries, invariant, records, outside, limits
    )
    return explorer.replay(schedule_id)


_LIMITS = {
    "redeliver_after_s": 30.0,
    "max_receives": 5,
    "timeout_s": 25.0,
    "max_calls": 50,
    "patience_s": 5.0,
}


def _explorer(handler, event, setup, deliveries, invariant, records, outside, limits):
    if lag.is_on():
        raise ValueError(
            "the explorer answers calls from memory, and cannot let them lag: "
            "end lag.stale() first"
        )
    for name, function in (("handler", handler), ("invariant", invariant)):
        if not callable(function):
            raise TypeError(f"{name} must be a function, not {function!r}")
    for name in limits:
        if name not in _LIMITS:
            known = ", ".join(_LIMITS)
            raise TypeError(f"there is no limit {name!r}; the limits are: {known}")
    limits = {**_LIMITS, **limits}
    _at_least(0, patience_s=limits["patience_s"], timeout_s=limits["timeout_s"])
    _at_least(1, deliveries=deliveries, max_receives=limits["max_receives"])
    events = event if isinstance(event, list) else [event]
    in_flight = tuple(one for one in events for _ in range(deliveries))
    if not 1 <= len(in_flight) <= _MOST_DELIVERIES:
        raise ValueError(
            f"{len(in_flight)} deliveries at once: the explorer takes 1 to "
            f"{_MOST_DELIVERIES}; pass fewer events or a smaller deliveries="
        )
    plan = Plan(
        handler=handler,
        events=in_flight,
        setup=setup,
        outside=_services(outside),
        **limits,
    )
    return Explorer(plan, Judge(invariant, records))


def _services(outside: Sequence[Any]) -> tuple[Any, ...]:
    for service in outside:
        if not (hasattr(service, "name") and hasattr(service, "state")):
            raise TypeError(
                f"outside={outside!r}: a service outside AWS has a name and a state, "
                "as workbook.providers.Aurora() has"
            )
    return tuple(outside)


def _at_least(least: float, **numbers: float) -> None:
    for name, number in numbers.items():
        if not number >= least:
            raise ValueError(f"{name}={number!r}: it must be {least} or more")
