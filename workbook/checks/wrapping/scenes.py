"""Exercise 3: scenes of three faults, which a search for two does not come to.

In each, something raises from which the answer should learn that it knows nothing. A
verdict comes only where an answer then goes on to charge, and the buyer pays twice.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from botocore.exceptions import ConnectTimeoutError

from workbook.checks.process import Program
from workbook.checks.wrapping.street import ORDER, Street, street_of_its_own
from workbook.cloud import clock
from workbook.learn import Verdict, call_or_error, failed
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["Line", "played"]

_NO = NotCharged("429"), False
_SILENT = Unknown("the answer is lost"), True
_BROKEN = ConnectTimeoutError(endpoint_url="the table of notes"), False
_METHODS = "charge", "find", "read", "write"
_ERRORS = NotCharged, Unknown, ConnectTimeoutError

# The first delivery leaves a charge whose answer is lost: at the second provider, after
# the first one's refusal, or at the first one, which refuses in the next delivery.
_AT_THE_SECOND = {"first.charge": _NO, "second.charge": _SILENT}
_AT_THE_FIRST = {"first.charge": _SILENT}
_REFUSED = {"first.charge": _NO}


def _asked_in_vain(error: Exception) -> dict:
    return dict.fromkeys(("first.find", "second.find"), (error, False))


_FIND = (
    "`find` raises, so that nothing is known, and it charges as if `find` had said "
    "None: the buyer pays twice.",
    "Where `find` raises, even `NotCharged`, let the error out: the event comes again.",
)
_WRITE = (
    "The note could not be written, and it charges all the same: the next delivery "
    "does not know whom to ask, and the buyer pays twice.",
    "Let the error of `notes.write` out: nothing is charged yet.",
)
_READ = (
    "The note could not be read, and it charges as if there were none: the buyer pays "
    "twice.",
    "Let the error of `notes.read` out: the event comes again.",
)

# What fails in each of two deliveries, which failure matters, and the words for it.
_SCENES = (
    *(
        (before, {**_asked_in_vain(error), **after}, "find", _FIND)
        for error in (NotCharged("429"), Unknown("silence"))
        for before, after in ((_AT_THE_SECOND, {}), (_AT_THE_FIRST, _REFUSED))
    ),
    ({"notes.write": _BROKEN, **_AT_THE_SECOND}, {}, "write", _WRITE),
    ({"notes.write": _BROKEN, **_AT_THE_FIRST}, _REFUSED, "write", _WRITE),
    (_AT_THE_SECOND, {"notes.read": _BROKEN}, "read", _READ),
    (_AT_THE_FIRST, {"notes.read": _BROKEN, **_REFUSED}, "read", _READ),
)


class Line:
    """A tool behind a line that fails as `faults` says: by a method's name, the error,
    and whether the call was carried out. `calls` are (method, error or None).
    """

    def __init__(
        self, tool: Any, faults: dict | None = None, calls: list | None = None
    ) -> None:
        self._tool, self._faults = tool, faults or {}
        self.calls = [] if calls is None else calls

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._tool, name)
        return self._through(name, there) if callable(there) else there

    def _through(self, name: str, there: Callable) -> Callable:
        def call(*args: Any) -> Any:
            error, is_done = self._faults.get(name) or (None, True)
            try:
                answer = there(*args) if is_done else None
                if error is None:
                    return answer
                raise copy(error)
            except Exception as raised:
                error = raised
                raise
            finally:
                self.calls.append((name, error))

        return call


def played(pay: Callable) -> Verdict | None:
    """Whether the buyer pays twice in one of the scenes; None if in none."""
    for *deliveries, method, (reason, look) in _SCENES:
        with street_of_its_own() as street:
            went_on = False
            for faults in deliveries:
                came, calls = _delivered(pay, street, faults)
                went_on = went_on or _went_on(calls, method)
                if not isinstance(came, _ERRORS):
                    break
                clock.advance(30)
            if went_on and len(street.charges()) > 1:
                return failed(reason, look=look)
    return None


def _delivered(pay: Callable, street: Street, faults: dict) -> tuple[Any, list]:
    """One delivery to a new process: what came of it, and the calls that it made."""
    calls, tools = [], []
    for name, tool in zip(("first", "second", "notes"), street.tools, strict=True):
        mine = {method: faults.get(f"{name}.{method}") for method in _METHODS}
        tools.append(Line(tool, mine, calls))
    came = call_or_error(_ERRORS, Program(pay).start(), ORDER, *tools)
    return came, calls


def _went_on(calls: list, method: str) -> bool:
    """Whether a charge was asked for after this method had raised."""
    names = [name for name, _ in calls]
    raised = [n for n, (name, error) in enumerate(calls) if name == method and error]
    return bool(raised) and "charge" in names[raised[0] :]
