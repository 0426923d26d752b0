"""Exercise 2: the bug that the mock hides, and a function that has it no more.

Two places, as in the chapter, without an emulator: `together` calls a function again
and again in this process, as a test on the mock does; in `apart` each call is a new
process's, with the globals that the module began with.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.cloud import create_table, faults
from workbook.cloud.context import LambdaContext
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["apart", "check", "together"]

_ORDERS = ("aya", "bo", "chi", "dai")
_OTHERS = ("eri", "fumi", "go", "hana")
_MOST_CALLS = 6  # in a race the other process comes before one of so many calls

Handler = Callable[[dict, Any], Any]


def together(handler: Handler, orders: Sequence[str] = _ORDERS) -> list[Any]:
    """What the function answers for each order, all in one process: on the mock."""
    process = Program(handler).start()
    with _world():
        return [_answer(process, order_id) for order_id in orders]


def apart(handler: Handler, orders: Sequence[str] = _ORDERS) -> list[Any]:
    """The same, each call in a new process: as an environment may do it, and AWS."""
    program = Program(handler)
    with _world():
        return [_answer(program.start(), order_id) for order_id in orders]


def check(handler: Handler) -> Verdict:
    """Whether each order gets one number of its own, in both places and in a race."""
    program = Program(handler)
    with fresh_cloud():  # once, since the SDK reads its models anew for each
        return (
            _in_one_process(program.start())
            or _in_processes_apart(program)
            or _delivered_twice(program)
            or _in_a_race(program)
            or passed(
                "tried: four orders in one process and in processes apart, deliveries "
                "that come again, and another order between any two calls"
            )
        )


def _in_one_process(handler: Handler) -> Verdict | None:
    with _world():
        answers = [_number(handler, order_id) for order_id in _ORDERS]
    for order_id, answer in zip(_ORDERS, answers, strict=True):
        if wrong := _shape(answer, order_id):
            return wrong
    numbers = [answer["number"] for answer in answers]
    if numbers != [1, 2, 3, 4]:
        return failed(
            f"In one process four orders get the numbers {numbers}.",
            look="One after another they should be 1, 2, 3, 4.",
        )
    return None


def _in_processes_apart(program: Program) -> Verdict | None:
    with _world():
        answers = [_number(program.start(), order_id) for order_id in _OTHERS]
    for order_id, answer in zip(_OTHERS, answers, strict=True):
        if wrong := _shape(answer, order_id):
            return wrong
    numbers = [answer["number"] for answer in answers]
    if len(set(numbers)) < len(numbers):
        return failed(
            f"In processes apart four orders get the numbers {numbers}.",
            look="What a process remembers, no other knows: keep it in the table.",
        )
    return None


def _delivered_twice(program: Program) -> Verdict | None:
    with _world():
        first = _number(program.start(), "aya")
        _number(program.start(), "bo")
        again = _number(program.start(), "aya")
    if wrong := _shape(again, "aya"):
        return wrong
    if first != again:
        return failed(
            f"An order is delivered again, and its number {first['number']} becomes "
            f"{again['number']}.",
            look="Write down which number an order has, in the same table.",
        )
    return None


def _in_a_race(program: Program) -> Verdict | None:
    """Another process comes, with another order or the same one, before any call."""
    for other in ("bo", "aya"):
        for nth in range(1, _MOST_CALLS + 1):
            one, between = _raced(program, nth, other)
            if between is None:
                break  # there is no n-th call
            if wrong := _shape(one, "aya") or _shape(between, other):
                return wrong
            same = one["number"] == between["number"]
            if other == "bo" and same:
                return failed(
                    f"Another order comes before call {nth}, and both get number "
                    f"{one['number']}.",
                    look="Read and write in one call: `ADD`, with ReturnValues.",
                )
            if other == "aya" and not same:
                return failed(
                    f"The same order comes twice at once, the second before call {nth} "
                    "of the first, and it gets two numbers.",
                    look="Let the first write win: a condition, attribute_not_exists.",
                )
    return None


def _raced(program: Program, nth: int, other: str) -> tuple[dict, dict | None]:
    came: list[dict] = []
    stopped: list[Stopped] = []

    def other_comes(_: Any) -> float:
        try:
            came.append(_number(program.start(), other))
        except Stopped as its_own:  # not to be caught by the call that it is inside
            stopped.append(its_own)
        return 0.0

    with _world(), faults.latency(other_comes, "dynamodb", nth=nth):
        one = _number(program.start(), "aya")
    if stopped:
        raise stopped[0]
    return one, came[0] if came else None


def _shape(answer: Any, order_id: str) -> Verdict | None:
    wanted = {"order_id": order_id, "number": 1}
    if not isinstance(answer, dict) or set(answer) != set(wanted):
        return failed(f"It answers {answer!r}, not such as {wanted}.")
    if answer["order_id"] != order_id:
        return failed(f"Asked for {order_id!r}, it answers for another order.")
    if type(answer["number"]) is not int:
        return failed(
            f"The number is {answer['number']!r}: no whole number in JSON.",
            look="DynamoDB gives a Decimal: `int(...)`.",
        )
    return None


def _number(handler: Handler, order_id: str) -> Any:
    """The answer to one order; the learner's exception ends the check."""
    return call(handler, {"order_id": order_id}, LambdaContext())


def _answer(handler: Handler, order_id: str) -> Any:
    return json.loads(json.dumps(handler({"order_id": order_id}, LambdaContext())))


@contextmanager
def _world() -> Iterator[None]:
    """An empty cloud with the table, and the variable that names it."""
    before = os.environ.get("TICKETS")
    with fresh_cloud():
        create_table("tickets-of-the-tour", "id")
        os.environ["TICKETS"] = "tickets-of-the-tour"
        try:
            yield
        finally:
            os.environ.pop("TICKETS")
            if before is not None:
                os.environ["TICKETS"] = before
