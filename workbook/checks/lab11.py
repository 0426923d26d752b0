"""Lab 11: seats, versions, a copy in SQL, its repair, and a step taken back."""

from workbook.checks.consistency import (
    changing,
    compensating,
    projecting,
    reconciling,
    selling,
)
from workbook.checks.consistency.changing import GaveUp
from workbook.checks.consistency.costs import own_calls
from workbook.checks.consistency.sqlcopy import (
    OLDEST,
    UPSERT,
    open_copy,
    record,
    row_of,
)
from workbook.checks.consistency.tables import TOUR, open_sale, put, update
from workbook.learn import Exercise, Lab, Question

__all__ = [
    "OLDEST",
    "TOUR",
    "UPSERT",
    "GaveUp",
    "lab",
    "open_copy",
    "open_sale",
    "put",
    "record",
    "row_of",
    "update",
]

_NEVER_OVERSELL = Exercise(
    id="11.1-never-oversell",
    title="Never oversell",
    minutes=11,
    lines=12,
    hints=(
        "Two things must agree: the number of seats that are left, and the orders that "
        "have one. Put both changes into one transaction, each with its own condition: "
        "there is a seat, and the order is new.",
        '`update("seats", TOUR, "ADD seats_left :n", "seats_left >= :one", n=-1, '
        'one=1)` is one entry, `put("orders", {…}, "attribute_not_exists(order_id)")` '
        "the other. If the transaction is "
        'cancelled, the exception\'s `response["CancellationReasons"]` has an entry '
        'for each, in their order, with a `Code`: "ConditionalCheckFailed", or "None" '
        "if it was not to blame.",
        "With the order as the first entry: if its code is ConditionalCheckFailed, the "
        "order has a seat already: True. If the codes are None and "
        "ConditionalCheckFailed, no seat is left: False. Whatever else the codes say, "
        "`raise`: another transaction was in the way, and nothing was decided.",
    ),
    why=Question(
        "`seats_left >= 1` as a condition never oversells. Why is it not enough?",
        answer="It keeps a number right, and does not know who has the seats. If the "
        "order is written in a second call, a crash between the two loses a seat, and "
        "a duplicate takes another one. What must agree must change in one write.",
    ),
    check=selling.check,
)

_BOUNDED_RETRY = Exercise(
    id="11.2-bounded-retry",
    title="Try again, a few times",
    minutes=9,
    lines=11,
    hints=(
        "An attempt: read the page, let `edit` make a new one, and write that if the "
        "version is still the one you read. A refused write is no failure: somebody "
        "else was faster, and you begin again with what is there now.",
        "`for _ in range(attempts):` with everything in it, the read too. Note the "
        'version before you call `edit`, and write `{**edit(page), "version": version '
        '+ 1}` under the condition `Attr("version").eq(version)`.',
        "Catch `pages.meta.client.exceptions.ConditionalCheckFailedException`, and "
        "only that: `continue`. After a write that went through, `return` the new "
        "page. After the loop, `raise GaveUp(…)`.",
    ),
    why=Question(
        "Each refusal means that somebody else got on. Why not try for ever?",
        answer="Somebody got on, and it need not be you. With many writers an attempt "
        "can lose again and again, while you pay for it and the function's timeout "
        "comes nearer. An error brings the message back later, when fewer may be at "
        "it, and it can be counted: a page that is given up often wants another "
        "design.",
    ),
    check=changing.check,
)

_PROJECTION = Exercise(
    id="11.3-projection",
    title="A copy in SQL",
    minutes=11,
    lines=11,
    hints=(
        "The records come in any order, so the copy decides: each row keeps the number "
        "of the record that it was made from, and a record changes the row only if its "
        "own number is larger. For a deleted order the row must stay, marked as gone: "
        "with the row its number would be lost.",
        'SQLite can do it in one statement: `f"{UPSERT} WHERE excluded.sequence > '
        'orders.sequence"`. Texts are compared from the left: give all numbers the '
        "same length, by `.zfill(40)`.",
        "Around all of it `with db:`, which commits. For each record: `try: row = "
        "row_of(record)`; `except ValueError:` put the number and `json.dumps(record)` "
        "into `errors` by `INSERT OR IGNORE`, and `continue`; then the statement above "
        "with `(*row, number)`.",
    ),
    why=Question(
        "A stream hands out the records of one item in order. How can an older one "
        "come after a newer one all the same?",
        answer="A batch that failed comes again from its start, and its first records "
        "are then older than what the failed attempt has written already. And what was "
        "given up after the last attempt is brought by hand, hours later, when the "
        "stream has long gone on. The order holds as long as nothing goes wrong.",
    ),
    check=projecting.check,
)

_RECONCILIATION = Exercise(
    id="11.4-reconciliation",
    title="Find the drift, and mend it",
    minutes=8,
    lines=11,
    hints=(
        "Read all rows into a dict by order id, with their `sequence`. Then scan. Go "
        "through every id that is in one of the two, and compare. An order that the "
        "table does not have is right if its row is marked as gone, or if there is no "
        "row.",
        "Between your reading and your writing the stream goes on. So write by "
        '`f"{UPSERT} WHERE excluded.sequence = orders.sequence"`, with the number that '
        "you have *read* as the fifth value: if the row has another number by now, it "
        "knows better.",
        "`wanted = items.get(order_id, (None, None, 1))` and `*there, number = "
        "rows.get(order_id, (None, None, 1, OLDEST))`, each with status, price and "
        "gone. Equal: nothing to do. Otherwise note the id, and write `(order_id, "
        "*wanted, number)`. A row that is not there gets `OLDEST`, so that every "
        "record is newer.",
    ),
    why=Question(
        "Why read the rows first and the table afterwards, and not the other way "
        "round?",
        answer="What is read first is the older one when you compare. Rows first: an "
        "item is at least as new as its row, and if the row has moved on meanwhile, "
        "its number has changed and the repair does nothing. Table first: a row may "
        "be newer than its item, you take that for drift, and the number that you have "
        "just read lets you overwrite it.",
    ),
    check=reconciling.check,
)

_COMPENSATION = Exercise(
    id="11.5-compensation",
    title="Take the step back, once",
    minutes=6,
    lines=12,
    hints=(
        "The order's status tells what has been done already. Move it only from "
        "`reserved`, by a condition, and let the seat come back in the same "
        "transaction.",
        '`update("orders", {"order_id": …}, "SET #status = :after", "#status = '
        ':before", before="reserved", after=…)` moves the order. For a declined '
        'payment `update("seats", TOUR, "ADD seats_left :one", one=1)` goes with it.',
        "If the transaction is cancelled and the first code is ConditionalCheckFailed, "
        "the order has moved on before: return, all is done. Any other code: `raise`, "
        "so that the event comes again.",
    ),
    why=Question(
        "Why does the seat come back by a step of its own? Could the transaction that "
        "took it not simply be rolled back?",
        answer="It ended long ago, and others have seen what it wrote. Between the "
        "seat and the answer of the payment provider lie seconds and another company: "
        "no transaction spans that. What has happened cannot be undone, only made "
        "good, by a step that has to stand crashes and duplicates as the first one "
        "did.",
    ),
    check=compensating.check,
)

lab = Lab(
    "11-consistency-without-acid",
    [_NEVER_OVERSELL, _BOUNDED_RETRY, _PROJECTION, _RECONCILIATION, _COMPENSATION],
    title="Consistency without ACID",
    ledger=own_calls,
)
