"""Lab 03: name the crash, cut where a retry may begin, drop calls nobody makes."""

from workbook.checks.splitting import crash_points, cut, edges
from workbook.checks.splitting.edges import calls_of, design
from workbook.checks.splitting.office import (
    charge,
    give_back,
    issue,
    mail,
    open_office,
    refund,
    reserve,
)
from workbook.learn import Exercise, Lab, Question

__all__ = [
    "calls_of",
    "charge",
    "design",
    "give_back",
    "issue",
    "lab",
    "mail",
    "open_office",
    "refund",
    "reserve",
]

_CRASH = Exercise(
    id="03.1-crash-points",
    title="Name the crash",
    minutes=6,
    lines=1,
    hints=(
        "Go through `sell` with a finger on the line: what is written down when it "
        "dies here?",
        "Money is taken by call 2, the ticket is written by call 4. Whoever dies in "
        "between leaves a buyer who paid for nothing.",
        "The first one is right after the charge, the last one right before the "
        "ticket: “after 2”, “before 3”, “after 3”, “before 4”.",
    ),
    why=Question(
        "Would it help to write the ticket before the charge?",
        answer="It would turn the harm round: a crash in between gives a ticket to "
        "somebody who has not paid. With two effects in two places there is always a "
        "point between them; what helps is somebody who goes on from there.",
    ),
    check=crash_points.check,
)

_SELL = Exercise(
    id="03.2-split",
    title="Split so that no crash hurts",
    minutes=12,
    lines=6,
    hints=(
        "A function for each step. A crash brings the same event to the same function "
        "again: what must be equal in both tries?",
        "The name. `str(uuid.uuid4())` is new at every try, so the provider takes the "
        "money again. The order's id is the same at every try.",
        "Four functions; the first is `def hold(event, context)` with "
        '`reserve(event["order_id"], event["order_id"])` and `return event`. The '
        "others call `charge`, `issue` and `mail` in the same way.",
    ),
    why=Question(
        "With such names one function with all four steps would survive every crash, "
        "too. What is the cut good for?",
        answer="If the mail program is down for an hour, the one function asks the "
        "provider for the charge again at every try, and the ticket waits or not by "
        "luck of the order. Cut apart, only the mail is tried again; and only one "
        "function needs the permission to take money.",
    ),
    check=cut.check_sell,
)

_CANCEL = Exercise(
    id="03.3-one-effect",
    title="One side effect each",
    minutes=10,
    lines=9,
    hints=(
        "Three effects: the refund, the seat, the mail. So three functions; which may "
        "come first?",
        "If the seat is on sale before the money is back, a crash in between leaves a "
        "buyer without seat and money. So the refund comes first.",
        "`refund(name, order_id)`, then `give_back(order_id, order_id)`, then "
        '`mail(f"{order_id}/cancelled", order_id)`, each in a function that returns '
        "the event.",
    ),
    why=Question(
        "The seat is given back by deleting its entry. What if it were a counter that "
        "goes up by one?",
        answer="Then the second try would put a second seat on sale: adding is not "
        "idempotent. The counter and a record of the cancellation would have to change "
        "in one transaction: one function, one transaction, still one side effect.",
    ),
    check=cut.check_cancel,
)

_EDGES = Exercise(
    id="03.4-needless-calls",
    title="Calls that nobody makes",
    minutes=12,
    lines=4,
    hints=(
        "`design.invocations` are the pairs that are allowed. `calls_of(card)` plays "
        "an order and returns the pairs that really happened.",
        'One order does not show all: a declined card ("0002") goes another way, and '
        "so does an order when no seat is left (`seats=0`).",
        "Collect the pairs of three orders in a set, and return those of "
        "`design.invocations` that are not in it.",
    ),
    why=Question(
        "Why is a call that is allowed and never made worth removing?",
        answer="It is an open door for whoever gets into the function, and the next "
        "developer will take it for a way that is meant to be used. But a way that was "
        "not seen may only be rare: look at the code before you lock it.",
    ),
    check=edges.check,
)

lab = Lab(
    "03-function-splitting",
    [_CRASH, _SELL, _CANCEL, _EDGES],
    title="Splitting functions",
)
