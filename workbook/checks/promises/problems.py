"""What went wrong on an evening of exercise 2, told in the learner's terms."""

from typing import Any

from workbook.checks.promises.evening import (
    BUYERS,
    MOST,
    ORDERS,
    TWICE,
    Evening,
    named_in,
)

__all__ = ["problem_of"]

Problem = tuple[str, str]  # the reason, and where to look

_RETURNS = "What `worker` returns from is deleted; what it raises from comes back."
_SIGNATURE = "Keep the stub's signature: Lambda calls `worker(event, context)`."
_ALONE = (
    "Every call may meet another instance of `Shop`, with nothing in its memory. All "
    'that `worker` knows is in `record["body"]`, the text that you sent.'
)


def problem_of(evening: Evening) -> Problem:
    """What went wrong on an evening, the first thing first; empty if nothing."""
    when = "through the outage" if evening.has_outage else "on a good day"
    return (
        _stopped(evening)
        or _strange(evening)
        or _calls_mail(evening)
        or _missing(evening, when)
        or _let_go(evening)
        or _twice(evening, when)
        or _out_of_order(evening, when)
        or ("", "")
    )


def _stopped(evening: Evening) -> Problem | None:
    if evening.stopped == "hangs":
        return (
            "`worker` did not come back within 5 s.",
            "It must not wait for the mail service: raise, and the message comes back.",
        )
    if evening.stopped == "never rests":
        return (
            f"`worker` was called more than {MOST} times: it never comes to an end.",
            "A message that it puts into the queue again comes at once, behind the "
            "others: raise instead, and the message stays where it was.",
        )
    return None


def _strange(evening: Evening) -> Problem | None:
    """Whether a mail speaks of an order that nobody placed."""
    for letter in evening.sent:
        order_id, buyer = str(letter["order_id"]), letter["buyer"]
        if order_id not in ORDERS:
            return (
                f"A mail speaks of {order_id[:40]!r}, which is no order.",
                "Send the mail for the order that was placed, unchanged.",
            )
        if buyer != ORDERS[order_id]["buyer"]:
            return (
                f"The mail of {order_id} went to {str(buyer)[:40]!r}, not to "
                f"{ORDERS[order_id]['buyer']}.",
                "Send the mail for the order that was placed, unchanged.",
            )
    return None


def _missing(evening: Evening, when: str) -> Problem | None:
    mailed = {letter["order_id"] for letter in evening.sent}
    missing = [order_id for order_id in ORDERS if order_id not in mailed]
    if not missing:
        return None
    if not evening.log:
        return (
            "Nothing came out of the queue.",
            "Does `place_order` send a message with the order in its body?",
        )
    if not any(entry.ok for entry in evening.log):
        document = evening.log[0].payload
        error = f"{document['errorType']}: {document['errorMessage']}"
        signature = document["errorType"] == "TypeError" and "argument" in error
        look = _SIGNATURE if signature else _ALONE
        return f"`worker` fails {when} as well ({error[:120]}).", look
    return _lost(evening, missing, when)


def _lost(evening: Evening, missing: list[str], when: str) -> Problem:
    """Whether the queue dropped the orders, or the worker let them go."""
    many = f"{len(missing)} of {len(ORDERS)} orders"
    received = {order_id for entry in evening.log for order_id in named_in(entry.event)}
    if received and set(missing) - received:
        return (
            f"{len(set(missing) - received)} of {len(ORDERS)} orders never reached "
            f"`worker` ({when}).",
            "A FIFO queue drops a message whose de-duplication id it has seen in the "
            "last five minutes.",
        )
    batches = [e for e in evening.log if e.ok and len(e.event["Records"]) > 1]
    if received and set(missing) <= {one for e in batches for one in named_in(e.event)}:
        return (
            f"`worker` was given several messages at once, and {many} were not mailed "
            f"({when}).",
            '`event["Records"]` holds one message or several: go through all of them.',
        )
    return f"`worker` was done with {many} that were never mailed ({when}).", (
        "`batchItemFailures` is read only where the source is told to (chapter 4), "
        "and here it is not: raise."
        if any(_speaks_of_failures(entry.payload) for entry in evening.log)
        else _RETURNS
    )


def _speaks_of_failures(payload: Any) -> bool:
    return isinstance(payload, dict) and "batchItemFailures" in payload


def _calls_mail(evening: Evening) -> Problem | None:
    """Only in the outage: on a good day the order's fate says more."""
    if not (evening.has_outage and evening.mailed_by_shop):
        return None
    return (
        f"`place_order` calls the mail service itself ({evening.mailed_by_shop[0]}).",
        "It may answer slowly, or not at all, and its mails overtake those that wait "
        "in the queue: leave all mails to `worker`.",
    )


def _twice(evening: Evening, when: str) -> Problem | None:
    ids = [letter["order_id"] for letter in evening.sent]
    twice = sorted({order_id for order_id in ids if ids.count(order_id) > 1})
    if not twice:
        return None
    clicked = {f"order-{number}" for number in TWICE}
    if set(twice) <= clicked:
        return (
            f"{twice[0]} was sent twice by its buyer's browser, and mailed "
            f"{ids.count(twice[0])} times ({when}).",
            "It is the same order: which de-duplication id is the same for both?",
        )
    first = next(order_id for order_id in twice if order_id not in clicked)
    return f"{first} was mailed {ids.count(first)} times ({when}).", ""


def _out_of_order(evening: Evening, when: str) -> Problem | None:
    for buyer in BUYERS:
        mine = [str(s["order_id"]) for s in evening.sent if s["buyer"] == buyer]
        placed = [order_id for order_id in ORDERS if order_id in mine]
        if mine != placed:
            late = next(m for m, p in zip(mine, placed, strict=True) if m != p)
            return (
                f"{buyer}'s mails came in another order than the orders: {late} came "
                f"too early ({when}).",
                "In a FIFO queue, messages of one `MessageGroupId` wait for each "
                "other.",
            )
    return None


def _let_go(evening: Evening) -> Problem | None:
    if not evening.let_go:
        return None
    return (
        f"`worker` was done with the message of {evening.let_go[0]} before its mail "
        "was sent: only memory knows of it.",
        f"A crash would lose it. {_RETURNS}",
    )
