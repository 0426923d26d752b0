"""The story of one order in a storm, as a sequence diagram."""

from collections.abc import Iterator

from workbook.figures import Picture, Step, sequence
from workbook.storm.audit import audit
from workbook.storm.result import Line, Result

__all__ = ["story"]

_MOST_STEPS = 26
_PAUSE_S = 2.0  # a longer one is shown


def story(result: Result, order_id: str, *, title: str = "") -> Picture:
    """What happened to an order, call by call; the title is how it ended.

    Raises KeyError for an order of which nothing is known.
    """
    if order_id not in result.lines:
        raise KeyError(f"nothing happened to {order_id!r} in this storm")
    lines = result.lines[order_id]
    steps = list(_steps(lines))
    caption = f"Design {result.design!r}, seed {result.weather.seed}."
    if any("′" in step.lane for step in steps):
        caption += " ′ is another message of the same order."
    if len(steps) > _MOST_STEPS:
        caption += f" The first {_MOST_STEPS} of {len(steps)} steps."
    shown = steps[:_MOST_STEPS]
    return sequence(shown, title=title or _title(result, order_id), caption=caption)


def _title(result: Result, order_id: str) -> str:
    for breach in audit(result).breaches:
        if breach.order_id == order_id:
            return breach.says
    heard = ", then ".join(result.news.get(order_id, ["nothing"]))
    return f"{order_id} was told: {heard}"


def _steps(lines: list[Line]) -> Iterator[Step]:
    lanes: dict[int, str] = {}
    done: set[int] = set()
    before_s = lines[0].at_s
    for line in lines:
        if line.at_s - before_s > _PAUSE_S:
            yield Step("wait", "", label=f"{line.at_s - before_s:.1f} s pass")
        before_s = line.at_s
        yield from _said(line, _lane(line, lanes, done))
        if line.kind == "done":
            done.add(line.run)


def _lane(line: Line, lanes: dict[int, str], done: set[int]) -> str:
    """The name of an invocation: its queue and attempt, marked by its message."""
    if line.run and line.run not in lanes and line.kind == "delivered":
        name = f"{line.queue}, attempt {line.attempt}"
        name += _mark(line, lanes, done)
        while name in lanes.values():
            name += "′"
        lanes[line.run] = name
    return lanes.get(line.run, "")


def _mark(line: Line, lanes: dict[int, str], done: set[int]) -> str:
    """The mark of the message that comes again: the first one that failed before."""
    here, before = (f"{line.queue}, attempt {line.attempt - n}" for n in (0, 1))
    for run, name in lanes.items():
        mark = "′" * name.count("′")
        waits = name == before + mark and run not in done
        if waits and here + mark not in lanes.values():
            return mark
    return ""


def _said(line: Line, lane: str) -> Iterator[Step]:
    at = f"{line.at_s:.1f} s"
    if line.kind == "sent" and not line.run:
        yield Step("note", "", label=f"{at}: the buyer clicks")
    elif line.kind == "delivered":
        yield Step("start", lane, label=at)
    elif line.kind == "call":
        yield from _call(line, lane)
    elif line.kind == "done":
        yield Step("return", lane, label="returns")
    elif line.kind == "failed":
        yield Step("return", lane, label=f"raises {line.text}")
    elif line.kind == "timed out":
        yield Step("crash", lane, label="is stopped: its time is over")
    elif line.kind == "dead":
        yield Step("note", "", label=f"{at}: to the dead letters of “{line.queue}”")
    elif line.kind == "redriven":
        yield Step("note", "", label=f"{at}: redriven into “{line.queue}”")


def _call(line: Line, lane: str) -> Iterator[Step]:
    call = {"lane": lane, "target": line.target, "label": line.text}
    if line.fate == "crash before":
        yield Step("crash", lane, label=f"dies before {line.text}")
    elif line.fate == "crash after":
        yield Step("call", **call)
        yield Step("crash", lane, label="dies")
    elif line.fate == "response lost":
        yield Step("lost", **call)
    elif line.fate == "request lost":
        yield Step("request_lost", **call, reply="no answer")
    elif line.fate == "throttled":
        yield Step("error", **call, reply="throttled")
    else:
        yield Step("call", **call)
