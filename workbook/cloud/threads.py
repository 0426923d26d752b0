"""Code in real threads against the mock, one call at a time.

The mock takes no lock of its own, and so may let two writers through one condition.
Here each call is made as a whole before the next one begins, as DynamoDB does it for an
item: what threads do between their calls is theirs, and as much at random as threads
are. AWS needs no such lock.
"""

import itertools
import threading
from collections.abc import Callable, Iterable
from typing import Any

from .injection import Answer, Attempt, Call, stand_around, step_aside

__all__ = ["in_threads"]


def in_threads(work: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    """`work(argument)` for each argument, in a thread each, all begun at once.

    Answers what they returned, in the order of `arguments`. If some raised, the first
    of these errors is raised when all have ended. boto3's clients may be shared by
    threads, and its resources, such as tables, should not be.
    """
    arguments = list(arguments)
    line = threading.Barrier(len(arguments)) if arguments else None
    ended: list[tuple[Any, BaseException | None]] = [(None, None)] * len(arguments)

    def run(place: int) -> None:
        line.wait()
        try:
            ended[place] = work(arguments[place]), None
        except BaseException as error:  # it is raised in the caller's thread
            ended[place] = None, error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(arguments))]
    one_call = _OneCallAtATime()
    stand_around(one_call)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        step_aside(one_call)
    for error in (error for _, error in ended if error is not None):
        raise error
    return [answer for answer, _ in ended]


class _OneCallAtATime:
    """Calls in the order of their arrival.

    A plain lock would most often let the same thread through again, call after call.
    """

    def __init__(self) -> None:
        self._tickets = itertools.count()
        self._called = 0
        self._door = threading.Condition()
        self._inside = 0

    def around_call(self, call: Call, proceed: Callable[[], Any]) -> Any:
        """Make the call when those that came before are done."""
        me = threading.get_ident()
        if self._inside == me:  # a call that is made for a call
            return proceed()
        with self._door:
            ticket = next(self._tickets)
            self._door.wait_for(lambda: self._called == ticket)
        self._inside = me
        try:
            return proceed()
        finally:
            self._inside = 0
            with self._door:
                self._called += 1
                self._door.notify_all()

    def around_attempt(self, attempt: Attempt, proceed: Callable[[], Answer]) -> Answer:
        """Let it pass: it is its call's turn."""
        return proceed()
