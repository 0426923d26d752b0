"""An untouched stub is recognised without running it, and nothing else is."""

import functools

import pytest

from workbook.learn.stub import is_your_turn, still_a_stub


def stub(event):
    """Do it."""
    raise NotImplementedError("your turn")


def decorator_stub(handler):
    def wrapper(event):
        raise NotImplementedError("your turn")

    return wrapper


class ClassStub:
    def acquire(self):
        raise NotImplementedError("your turn")


class StaticStub:
    @staticmethod
    def acquire():
        raise NotImplementedError("your turn")


async def asynchronous_stub(event):
    raise NotImplementedError("your turn")


def logged(handler):
    @functools.wraps(handler)
    def wrapper(event):
        return handler(event)

    return wrapper


@pytest.mark.parametrize(
    "answer",
    [
        stub,
        decorator_stub,
        ClassStub,
        ClassStub().acquire,
        StaticStub,
        asynchronous_stub,
        functools.partial(stub, {}),
        logged(stub),
        decorator_stub(stub),
    ],
)
def test_a_stub_is_found(answer):
    assert still_a_stub(answer)


def half_done(event):
    if event:
        return 1
    raise NotImplementedError("your turn")


def test_a_stub_line_that_can_still_be_reached_counts():
    assert still_a_stub(half_done)


def line_left_below(event):
    return event
    raise NotImplementedError("your turn")


def other_message(event):
    raise NotImplementedError("tomorrow")


def talks_of_it(event):
    return "your turn"


class Strange:
    def __getattr__(self, name):
        raise RuntimeError("no attributes here")


@pytest.mark.parametrize(
    "answer", [line_left_below, other_message, talks_of_it, None, 3, "your turn", dict]
)
def test_what_is_no_stub_is_not_taken_for_one(answer):
    assert not still_a_stub(answer)


def test_an_object_that_refuses_every_question_is_no_stub():
    assert not still_a_stub(Strange())


def test_only_the_stubs_own_error_is_your_turn():
    assert is_your_turn(NotImplementedError("your turn"))
    assert not is_your_turn(NotImplementedError("later"))
    assert not is_your_turn(RuntimeError("your turn"))
    assert not is_your_turn(None)
