"""Exercise 2: orders that stand still, from their log lines alone."""

import random
from collections.abc import Callable
from typing import Any

from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["QUIET_S", "check"]

# Of an order that is sold; one that is rejected goes from the second to the last.
_STEPS = ("place", "reserve", "charge", "ticket", "mail")
#: So long nothing is heard of an order that is lost, in seconds.
QUIET_S = 600.0

Lines = list[dict[str, Any]]


def check(lost: Callable) -> Verdict:
    """Whether it finds those that are lost, and nobody else."""
    try:
        return _check(lost)
    except Stopped as end:
        return end.verdict


def _check(lost: Callable) -> Verdict:
    cases = _cases()
    for name, lines, right, lesson in cases:
        _compare(lost, lines, right, f"{lesson} ({name})")
    for seed in range(10):
        lines, right = _evening(seed)
        _compare(lost, lines, right, "An evening of sixty orders comes out otherwise.")
    return passed(
        f"tried: {len(cases)} fates of one order, and ten evenings of sixty orders"
    )


NOW_S = 10_000.0
_OLD_S = NOW_S - 5_000  # when an order of ours began


def _span(name: str, at_s: float, *, order: str = "o", length_s: float = 1.0,
          error: str = "", ends: bool = True) -> Lines:  # fmt: skip
    about = {"correlation_id": order, "name": name}
    end = {**about, "at_s": at_s + length_s, "span": "end"}
    end |= {"error": error} if error else {}
    return [{**about, "at_s": at_s, "span": "begin"}, *([end] if ends else [])]


def _chain(*names: str, at_s: float = _OLD_S, order: str = "o") -> Lines:
    spans = [_span(n, at_s + 10 * i, order=order) for i, n in enumerate(names)]
    return [line for span in spans for line in span]


def _cases() -> list[tuple[str, Lines, dict[str, str], str]]:
    charge_s = _OLD_S + 20
    two = _chain("place", "reserve")
    refused = _span("charge", charge_s, error="TimeoutError")
    later = _span("charge", charge_s + 60) + _chain("ticket", "mail", at_s=_OLD_S + 99)
    killed = _span("charge", charge_s, ends=False)
    waiting = {"correlation_id": "o", "at_s": NOW_S - 5, "message": "still waiting"}
    said = {"correlation_id": "p", "at_s": _OLD_S, "message": "asked, never placed"}
    system = {"at_s": NOW_S - 1, "message": "REPORT RequestId: 1"}
    fresh = _chain("place", "reserve", at_s=NOW_S - 300)
    promised = {"correlation_id": "o", "at_s": _OLD_S + 50, "message": "mail follows"}
    failing = _span("charge", NOW_S - 700, length_s=695, error="TimeoutError")
    four = _chain("place", "reserve", "charge", "ticket")
    bounced = _span("mail", _OLD_S + 90, error="TimeoutError")
    unsent = _span("mail", _OLD_S + 90, ends=False)
    sent = _span("mail", _OLD_S + 150)
    return [
        ("all steps", _chain(*_STEPS), {}, "An order that is done is called lost."),
        ("no error", two, {"o": "reserve"},
         "An order that stands still without any error is missed."),
        ("on its way", fresh, {}, "An order of five minutes ago is on its way."),
        ("rejected", _chain("place", "reserve", "mail"), {},
         "A rejected order has no ticket and is done: the mail is the end."),
        ("tried again", two + refused + later, {},
         "An error that a later attempt made good is no loss."),
        ("failed for good", two + refused, {"o": "reserve"},
         "A step that failed is not done."),
        ("killed", two + killed, {"o": "reserve"},
         "A span that began and never ended is not done."),
        ("alive", [*two, *killed, waiting], {},
         "A line that is no span is a sign of life."),
        ("never placed", [said], {"p": ""},
         "An order of which nothing was done is lost, too: give it an empty text."),
        ("others' lines", [*two, system], {"o": "reserve"},
         "A line without a correlation id belongs to nobody."),
        ("an old line of others", [*two, {**system, "at_s": _OLD_S}],
         {"o": "reserve"}, "A line without a correlation id belongs to nobody."),
        ("promised", [*two, promised], {"o": "reserve"},
         "What a line says will be done is not done."),
        ("failing", two + failing, {},
         "A failure of a moment ago is a sign of life: it may be tried again."),
        ("made good, then silent", two + refused + _span("charge", charge_s + 60),
         {"o": "charge"}, "A step that failed once and was done later is done."),
        ("no mail", four + bounced, {"o": "ticket"},
         "A mail that failed is no end of the story."),
        ("mail killed", four + unsent, {"o": "ticket"},
         "A mail that was only begun is no end of the story."),
        ("mail at last", four + bounced + sent, {},
         "A mail that failed once and was sent later is sent."),
        ("mail before the ticket",
         _chain("place", "reserve", "charge", "mail", "ticket"), {},
         "After the mail an order is finished, whatever comes."),
    ]  # fmt: skip


def _evening(seed: int) -> tuple[Lines, dict[str, str]]:
    """Sixty orders in any state, their lines shuffled, and some twice."""
    rng = random.Random(seed)
    lines: Lines = []
    right = {}
    for number in range(60):
        order, steps = f"order-{number}", rng.randrange(len(_STEPS) + 1)
        began_s = rng.choice([NOW_S - 400, NOW_S - 3_000 - number])
        names = _STEPS[: max(steps, 1)]
        mine = _chain(*names, order=order, at_s=began_s)
        if rng.random() < 0.3:  # noqa: PLR2004
            mine += _span("place", began_s - 9, order=order, error="ValueError")
        lines += mine
        if began_s < NOW_S - QUIET_S and "mail" not in names:
            right[order] = names[-1]
    lines += rng.sample(lines, 40)
    rng.shuffle(lines)
    return lines, right


def _compare(lost: Callable, lines: Lines, right: dict, lesson: str) -> None:
    rng = random.Random(len(lines))
    for order in ("as written", "backwards", "shuffled"):
        given = [dict(line) for line in lines]
        if order == "backwards":
            given.reverse()
        if order == "shuffled":
            rng.shuffle(given)
        found = call(lost, given, NOW_S)
        if not isinstance(found, dict):
            raise Stopped(failed(f"It answers {type(found).__name__}, and no dict."))
        if found == right:
            continue
        reason = lesson
        if order != "as written":
            reason = f"The same lines {order} have another answer."
        raise Stopped(failed(reason, look=f"It says {_shown(found, right)}."))


def _shown(found: dict, right: dict) -> str:
    different = [k for k in {**right, **found} if found.get(k) != right.get(k)]
    one = different[0]
    return f"{_said(found, one)}, and {_said(right, one)} is right"


def _said(answers: dict, order: str) -> str:
    return f"{order}: {answers[order]!r}" if order in answers else f"nothing of {order}"
