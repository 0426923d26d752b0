"""What can go wrong at a call, and how the explorer makes it happen.

A *step* of a schedule is a delivery making its next call under one of these fates. The
call itself is carried out in the handler's thread, so errors look as they do in life.
"""

from collections.abc import Callable

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from workbook.cloud.faults import Crash
from workbook.explore.footprint import NOTHING, Touch
from workbook.explore.invocation import Request
from workbook.explore.world import Reply

__all__ = ["FATES", "FAULTS", "carry_out", "fates_of", "felt", "is_crash"]

# The faults a caller names, and the fates each stands for.
FAULTS = {
    "crash": ("crash before", "crash after"),
    "response_lost": ("response lost",),
    "request_lost": ("request lost",),
    "resent": ("resent",),
    "throttle": ("throttled",),
}
# Every fate has a fixed number, since the numbers make up the ids of schedules.
FATES = ("ok", *(fate for fates in FAULTS.values() for fate in fates))

_NO_EFFECT = {"crash before", "request lost", "throttled"}


def fates_of(faults: tuple[str, ...]) -> list[str]:
    """The fates that the named faults allow; an unknown name is refused."""
    for fault in faults:
        if fault not in FAULTS:
            known = ", ".join(FAULTS)
            raise ValueError(f"no fault is called {fault!r}; there are: {known}")
    return [fate for fault in FAULTS if fault in faults for fate in FAULTS[fault]]


def is_crash(fate: str) -> bool:
    """Whether this fate ends the process (and so spends a crash, not a loss)."""
    return fate.startswith("crash")


def felt(request: Request, fate: str) -> tuple[Touch, ...]:
    """What a call touches under this fate: nothing, where it never arrives."""
    return NOTHING if fate in _NO_EFFECT else request.touches


def carry_out(request: Request, fate: str, perform: Callable[[int], Reply]) -> Reply:
    """Make the call, or fail to, as `fate` has it; `perform(n)` makes it the n-th."""
    if fate in _NO_EFFECT:
        return _spoilt(request, fate)
    reply = perform(1)
    if fate == "resent":  # the SDK missed the first answer and asked again
        return perform(2)
    return reply if fate == "ok" else _spoilt(request, fate)


def _spoilt(request: Request, fate: str) -> Reply:
    """What comes back instead of an answer."""
    if is_crash(fate):
        return Reply(error=Crash(f"{fate} {request.operation}"))
    if request.protocol == "http":
        return _spoilt_http(request, fate)
    return Reply(error=_error(request, fate))


def _spoilt_http(request: Request, fate: str) -> Reply:
    # Imported here, since httpx takes a tenth of a second and AWS does without it.
    from workbook.explore import outside

    if fate == "throttled":
        return Reply(outside.throttled())
    return Reply(error=outside.lost(request))


def _error(request: Request, fate: str) -> BaseException:
    if fate == "throttled":
        message = "Rate exceeded"
        error = {"Error": {"Code": "ThrottlingException", "Message": message}}
        error["ResponseMetadata"] = {"HTTPStatusCode": 400, "RetryAttempts": 0}
        return ClientError(error, request.operation)
    lost = ReadTimeoutError if fate == "response lost" else ConnectTimeoutError
    return lost(endpoint_url=f"https://{request.service}.amazonaws.com/")
