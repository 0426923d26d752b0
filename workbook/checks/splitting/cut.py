"""Exercises 2 and 3: functions that hand an event on, none of which a crash can hurt.

Between each two of them stands a queue, so each is tried again alone: it is enough to
explore them one by one, each in the world that those before it have left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workbook.checks.splitting.office import ORDER, TOOLS, counts, open_office, write
from workbook.checks.world import fresh_cloud
from workbook.cloud.context import LambdaContext
from workbook.cloud.injection import Attempt, Fault
from workbook.explore import explore
from workbook.learn import Verdict, call, failed, from_exploration, inconclusive, passed

__all__ = ["check_cancel", "check_sell"]

_NOTHING = {"seats": 0, "charges": 0, "tickets": 0, "mails": 0, "refunds": 0}
_SOLD = {**_NOTHING, "seats": 1, "charges": 1, "tickets": 1, "mails": 1}
_CANCELLED = {**_NOTHING, "charges": 1, "tickets": 1, "mails": 2, "refunds": 1}
_READS = ("Get", "Query", "Scan", "BatchGet", "Describe", "List", "TransactGet")
_WHAT = {
    "seats": ("seat is held", "seats are held"),
    "charges": ("charge", "charges"),
    "tickets": ("ticket", "tickets"),
    "mails": ("mail", "mails"),
    "refunds": ("refund", "refunds"),
}


@dataclass(frozen=True)
class Task:
    """What the functions shall do: from which world, to which, in which order."""

    before: Callable[[str], None]
    end: dict[str, int]
    too_early: Callable[[dict[str, int]], str]
    one_effect: bool


def check_sell(split: Callable[[], Any]) -> Verdict:
    """Whether no crash and no second delivery loses or doubles anything of a sale."""
    return _checked(split, _SELL)


def check_cancel(split: Callable[[], Any]) -> Verdict:
    """As `check_sell` for a cancellation; and no function has two side effects."""
    return _checked(split, _CANCEL)


def _nothing_before(order_id: str) -> None:
    """A sale begins with nothing in the books."""


def _sold_before(order_id: str) -> None:
    for book in ("seats", "charges", "tickets", "mails"):
        write(book, order_id, order_id)


def _begin(before: Callable[[str], None]) -> None:
    open_office()
    before(ORDER["order_id"])


def _ticket_first(books: dict[str, int]) -> str:
    return "a ticket, and nothing paid" if books["tickets"] > books["charges"] else ""


def _seat_first(books: dict[str, int]) -> str:
    free, refunded = not books["seats"], books["refunds"]
    return "the seat is on sale before the money is back" if free > refunded else ""


_SELL = Task(_nothing_before, _SOLD, _ticket_first, one_effect=False)
_CANCEL = Task(_sold_before, _CANCELLED, _seat_first, one_effect=True)


def _checked(split: Callable[[], Any], task: Task) -> Verdict:
    with fresh_cloud():  # a split that calls AWS itself finds the books
        _begin(task.before)
        functions = call(split)
    wrong = _misread(functions)
    if wrong:
        return wrong
    functions = list(functions)
    with fresh_cloud():
        _begin(task.before)
        verdict, events = _walked(functions, task)
    if verdict is not None:
        return verdict
    explored = 0
    for number in range(len(functions)):
        with fresh_cloud():
            verdict, schedules = _explored(functions, number, events, task)
        if verdict is not None:
            return verdict
        explored += schedules
    if not explored:
        return inconclusive("None of the functions called AWS.")
    with fresh_cloud():
        _begin(task.before)
        _delivered(split, ORDER)
        verdict = _in_a_new_process(split, task) or _another_order(split, task)
    if verdict is not None:
        return verdict
    return passed(
        f"{len(functions)} functions, each with two deliveries at once and a crash "
        f"before and after each call ({explored} schedules)"
    )


def _misread(functions: Any) -> Verdict | None:
    look = "Return the functions in their order: `return [reserve_it, charge_it, …]`."
    if not isinstance(functions, list | tuple):
        return failed("It returned no list of functions.", look=look)
    if not all(callable(one) for one in functions):
        odd = next(one for one in functions if not callable(one))
        return failed(f"{odd!r:.40} in the list is no function.", look=look)
    tool = next((one for one in functions if one in TOOLS), None)
    if tool is not None:
        return failed(
            f"`{tool.__name__}` is a tool, and no function for Lambda.",
            look="Wrap it: a function gets `(event, context)`, and calls the tool "
            "with the name of the entry and the order's id.",
        )
    if len(functions) < 2:
        return failed(
            "That is not split: fewer than two functions.",
            look="What fails together is done again together: cut it.",
        )
    return None


def _walked(functions: list, task: Task) -> tuple[Verdict | None, list]:
    """One order through all functions on a good day; the event that each one got."""
    event, events = dict(ORDER), []
    for number, function in enumerate(functions, 1):
        events.append(event)
        with _recorded() as calls:
            event = call(function, dict(event), LambdaContext())
        books = counts()
        early = task.too_early(books)
        if early:
            return failed(
                f"After function {number}, {function.__name__}: {early}.",
                look="The order of the steps matters while a later one has to wait.",
            ), events
        if task.one_effect and len(calls) > 1:
            return failed(
                f"Function {number}, {function.__name__}, has {len(calls)} side "
                f"effects: {', '.join(calls)}.",
                look="One write, one function.",
            ), events
        last = number == len(functions)
        if not last and not isinstance(event, dict):
            return failed(
                f"Function {number}, {function.__name__}, returned {event!r:.40}: the "
                "next one gets no event.",
                look="Return the event, for the queue behind the function.",
            ), events
    return _short(counts(), task.end), events


def _in_a_new_process(split: Callable, task: Task) -> Verdict | None:
    """The same order once more: what one process has drawn, another does not know."""
    _delivered(split, ORDER)
    books = counts()
    for book, wanted in task.end.items():
        if books[book] != wanted:
            return failed(
                f"Delivered again, to a new process, it enters {book} once more.",
                look="Name each entry after the order: a new process knows nothing "
                "else.",
            )
    return None


def _another_order(split: Callable, task: Task) -> Verdict | None:
    task.before("order-8")
    _delivered(split, {**ORDER, "order_id": "order-8"})
    books = counts()
    for book, wanted in task.end.items():
        if books[book] != 2 * wanted:
            return failed(
                f"After a second order: {_said(books, book)}, and it should be "
                f"{2 * wanted}.",
                look="A second entry of the same name replaces the first: let the "
                "name tell the orders apart.",
            )
    return None


def _delivered(split: Callable, order: dict) -> None:
    event: Any = dict(order)
    for function in call(split):
        event = call(function, event, LambdaContext())


def _said(books: dict[str, int], book: str) -> str:
    one, many = _WHAT[book]
    return f"{books[book]} {one if books[book] == 1 else many}"


def _short(books: dict[str, int], end: dict[str, int]) -> Verdict | None:
    for book, wanted in end.items():
        if books[book] != wanted:
            return failed(
                f"On a good day: {_said(books, book)}, and it should be {wanted}.",
                look="Every step of the story has its tool.",
            )
    return None


def _explored(functions, number: int, events, task: Task) -> tuple[Verdict | None, int]:
    """Two deliveries of one function, and a crash, in the world before it."""

    def setup() -> None:
        _begin(task.before)
        for earlier, event in zip(functions[:number], events, strict=False):
            earlier(dict(event), LambdaContext())

    def once(run) -> bool | str:
        """Nothing is lost and nothing is doubled"""
        returned = [end.value for end in run.ended if end.outcome == "returned"]
        if returned and any(one != returned[0] for one in returned):
            return "two tries hand on different events"
        books = counts()
        return _too_many(books, task) or task.too_early(books) or True

    function = functions[number]
    found = explore(
        lambda event, context: function(dict(event), context),
        events[number], setup=setup, invariant=once, faults=("crash",), progress=False,
    )  # fmt: skip
    if found.holds:
        return None, found.schedules if _calls(found) else 0
    reason = f"Function {number + 1}, {function.__name__}: {found.why}."
    return from_exploration(found, reason=reason), found.schedules


def _too_many(books: dict[str, int], task: Task) -> str:
    for book in _WHAT:
        most = max(task.end[book], 1 if book == "seats" else 0)
        if books[book] > most:
            return f"{books[book]} {_WHAT[book][1]}"
    return ""


def _calls(found) -> bool:
    return any(one.calls for one in found.summaries)


@contextmanager
def _recorded() -> Iterator[list[str]]:
    """The writes that are made in the block, such as "PutItem"."""
    writes: list[str] = []

    def note(attempt: Attempt, proceed: Callable[[], Any], _rng: Any) -> Any:
        if not attempt.operation.startswith(_READS):
            writes.append(attempt.operation)
        return proceed()

    with Fault("recorder", strike=note):
        yield writes
