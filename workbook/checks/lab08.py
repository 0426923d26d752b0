"""Lab 08: four hops, a lost order, a slow hop, and a log without personal data."""

from workbook.checks.tracing import hops, lost, personal, slow
from workbook.checks.tracing.lost import QUIET_S
from workbook.checks.tracing.personal import CARD, EMAIL, PERSONAL, PHONE, is_card
from workbook.learn import Exercise, Lab, Question

__all__ = ["CARD", "EMAIL", "PERSONAL", "PHONE", "QUIET_S", "is_card", "lab"]

_HOPS = Exercise(
    id="08.1-four-hops",
    title="Four hops and no orphan",
    minutes=8,
    lines=5,
    hints=(
        "One loop over `envelopes(event)`, and everything else is inside of it: the "
        "span, the work, and the sending.",
        "`with telemetry.span(name, cause):` begins the span. Inside of it `kind, data "
        "= work(cause)`, and then send what follows from `cause`.",
        "`send(caused_by(cause, kind, data, at=time.time(), traceparent=here()))`, "
        "inside of the `with`: `here()` names the span that is at work.",
    ),
    why=Question(
        "The batch has ten records of ten orders. Whose child would one span for the "
        "whole batch be?",
        answer="Nobody's: it has ten senders, and a span has one parent. So each "
        "record gets a span of its own. OpenTelemetry would let a span of the batch "
        "*link* to the ten, to show that they were handled together.",
    ),
    check=hops.check,
)

_LOST = Exercise(
    id="08.2-lost-order",
    title="Find the lost orders",
    minutes=11,
    lines=11,
    hints=(
        "Two things are enough to know of each order: when it was heard of last, and "
        "which steps are done. Go through the lines once, in order of `at_s`.",
        "Every line with a `correlation_id` is a sign of life. A step is done by a "
        'line with `"span": "end"` and without an `error`.',
        '`last_s[order] = line["at_s"]` and `done.setdefault(order, [])` for each '
        'line of an order; at a good end `done[order].append(line["name"])`. Lost are '
        'those with `"mail" not in done[order]` and `last_s[order] < now_s - QUIET_S`; '
        'the value is `done[order][-1]`, or `""` if nothing is done.',
    ),
    why=Question(
        "Your function reads a day of logs every ten minutes. What would you rather "
        "keep, at a million orders a day?",
        answer="For each order its last step and its moment, in a table that each "
        "event updates, with a sparse index of those that are not done: then “who has "
        "stood still for ten minutes?” is one query. The log stays the truth, to "
        "rebuild it from.",
    ),
    check=lost.check,
)

_SLOW = Exercise(
    id="08.3-slow-hop",
    title="Find the slow hop",
    minutes=11,
    lines=12,
    hints=(
        "Begin with the span that ended last, and go back: its work, the wait before "
        "it, then its parent, and so on until there is no parent.",
        "`by_id = {span.span_id: span for span in spans}` finds parents. Keep `now_s`, "
        "the moment that you have come back to: a span's work reaches from its begin "
        "to `now_s`.",
        "After a span's work, `now_s = min(parent.end_s, span.start_s)`; the wait is "
        "`span.start_s - now_s`, and then `span = parent`. Collect `(seconds, name, "
        "kind)` in a list: `max` of it is the longest.",
    ),
    why=Question(
        "A colleague sums up each function's time over all spans, and makes the "
        "slowest one faster. When does that help nobody?",
        answer="When its time lies beside the critical path: something else ends later "
        "anyway. And it never shows a wait, since in a wait no span is at work.",
    ),
    check=slow.check,
)

_PERSONAL = Exercise(
    id="08.4-no-personal-data",
    title="A log without personal data",
    minutes=10,
    lines=11,
    hints=(
        "Three kinds of value: a dict and a list are gone into, each value by the same "
        "function; a text is searched; anything else is given back.",
        "In a dict the key decides first: one that ends in `_id` keeps its value, one "
        'that is in `PERSONAL` (in lower case) gets `"[personal]"`, and only then is '
        "the value scrubbed. In a text, `CARD.sub` takes a function of the match.",
        "For the dict, three steps: `found = {key: scrub(inner) for key, inner in "
        'value.items()}`, then `found |= {key: "[personal]" for key in value if '
        "key.lower() in PERSONAL}`, and `return found | {…}` with the ids as they "
        "were. "
        'For a text: `CARD.sub(lambda m: "[card]" if is_card(m[0]) else m[0], text)` '
        "between the other two.",
    ),
    why=Question(
        "Everything personal is gone from your log. Is it anonymous now?",
        answer="No. The order's id leads to the buyer in the table of orders, for "
        "whoever may read that. It is pseudonymous: better, and still personal data "
        "in law. What it changes is that reading the log alone is not enough.",
    ),
    check=personal.check,
)

lab = Lab(
    "08-event-ids-and-tracing",
    [_HOPS, _LOST, _SLOW, _PERSONAL],
    title="Event ids and tracing",
)
