"""Faults on purpose: what can go wrong between a handler and the cloud.

    with faults.response_lost("dynamodb", "PutItem", nth=1) as fault:
        handler(event, context)
    fault.log  # what was injected

Every boto3 client and resource is reached, whenever it was made. Two levels matter,
since the SDK asks again by itself after a lost answer and after throttling:

- `throttle`, `latency`, `request_lost` and `response_lost` act on one *attempt*,
  inside the SDK's retries. `nth=1` spoils the first attempt alone: the SDK sends the
  request again and the handler sees how *that* ended. A conditional put whose first
  answer was lost so fails its own condition: a `ClientError`, with the number of
  re-sends in `error.response["ResponseMetadata"]["RetryAttempts"]`. To see the lost
  answer itself (`ReadTimeoutError`), let the client give up at once, by
  `Config(retries={"total_max_attempts": 1})`, or spoil every attempt: leave out `nth`.
- `crash_before` and `crash_after` act on a whole *call*, however many attempts it
  takes.

botocore 1.43 retries in its "legacy" mode unless told otherwise: 5 attempts in all, 10
for DynamoDB (its `data/_retry.json`); its "standard" mode makes 3. The waits before a
retry pass on the virtual clock, and so do timeouts.

The clients of `workbook.cloud.functions` are spared: a poller is Lambda's own and no
part of the handler.
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import TypedDict, Unpack

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from . import clock
from .guard import RealCloudRefused
from .injection import Answer, Attempt, Call, Crash, Fault, Injected, invocation

__all__ = [
    "Crash",
    "Fault",
    "Injected",
    "When",
    "crash_after",
    "crash_before",
    "invocation",
    "latency",
    "request_lost",
    "response_lost",
    "throttle",
]

# The error that each service answers with, and its HTTP status, as the SDK's own tables
# have them (botocore's data/_retry.json and service models).
_THROTTLED = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "dynamodbstreams": ("ProvisionedThroughputExceededException", 400),
    "kinesis": ("ProvisionedThroughputExceededException", 400),
    "lambda": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
    "sqs": ("RequestThrottled", 403),
}
_THROTTLED_ELSEWHERE = ("ThrottlingException", 400)


class When(TypedDict, total=False):
    """Which of the attempts that match a fault's service and operation it strikes.

    `nth` picks them by number, from 1: one number or several, or None (the default) for
    each. `probability` (default 1) picks at random, by `seed` (default 0) or `rng`.
    """

    nth: int | Iterable[int] | None
    probability: float
    seed: int
    rng: Random


def throttle(service: str = "", operation: str = "", **when: Unpack[When]) -> Fault:
    """Refuse attempts as a service does that is asked too often: nothing happens there.

    `service` ("dynamodb") and `operation` ("PutItem" or "put_item") narrow it down, and
    `when` does further; all of them left out, every attempt is struck.
    """

    def refuse(attempt: Attempt, proceed: Callable[[], Answer], rng: Random) -> Answer:
        return attempt.error(*_THROTTLED.get(attempt.service, _THROTTLED_ELSEWHERE))

    return Fault("throttled", service, operation, strike=refuse, **when)


def latency(
    seconds: float | Callable[[Random], float],
    service: str = "",
    operation: str = "",
    **when: Unpack[When],
) -> Fault:
    """Let an attempt take `seconds` of virtual time on its way there.

    `seconds` may be a function of the random generator, for times that vary. An attempt
    that takes longer than the client's `read_timeout` (60 s unless its Config says
    otherwise) ends then, in `ReadTimeoutError`; its effect happens all the same.
    """

    def delay(attempt: Attempt, proceed: Callable[[], Answer], rng: Random) -> Answer:
        wait_s = seconds(rng) if callable(seconds) else seconds
        _pass_time(min(wait_s, attempt.read_timeout_s))
        answer = proceed()
        return answer if wait_s <= attempt.read_timeout_s else _lost(answer, attempt)

    return Fault("late", service, operation, strike=delay, **when)


def request_lost(
    service: str = "",
    operation: str = "",
    *,
    after_s: float | None = None,
    **when: Unpack[When],
) -> Fault:
    """Lose an attempt on its way there: no effect, and `ConnectTimeoutError`.

    The client notices after `after_s` of virtual time; None means its own
    `connect_timeout`, 60 s unless its Config says otherwise.
    """

    def lose(attempt: Attempt, proceed: Callable[[], Answer], rng: Random) -> Answer:
        _pass_time(attempt.connect_timeout_s if after_s is None else after_s)
        return None, ConnectTimeoutError(endpoint_url=attempt.url)

    return Fault("request lost", service, operation, strike=lose, **when)


def response_lost(
    service: str = "",
    operation: str = "",
    *,
    after_s: float | None = None,
    **when: Unpack[When],
) -> Fault:
    """Lose the answer of an attempt: its effect happened, and `ReadTimeoutError`.

    The client notices after `after_s` of virtual time; None means its own
    `read_timeout`, 60 s unless its Config says otherwise.
    """

    def lose(attempt: Attempt, proceed: Callable[[], Answer], rng: Random) -> Answer:
        answer = proceed()
        _pass_time(attempt.read_timeout_s if after_s is None else after_s)
        return _lost(answer, attempt)

    return Fault("response lost", service, operation, strike=lose, **when)


def crash_before(n: int, service: str = "", operation: str = "") -> Fault:
    """Kill the process as it is about to make its n-th call, counted from 1.

    Raises `Crash`, which no `except Exception` catches, and every further call of the
    same `invocation` raises it again; outside of one, every call does until the `with`
    ends. Only the n-th call is struck: a later invocation lives.
    """

    def kill(call: Call, proceed: Callable[[], object]) -> object:
        raise Crash(f"killed before {call.service} {call.operation}")

    return Fault("crashed before", service, operation, nth=n, kill=kill)


def crash_after(n: int, service: str = "", operation: str = "") -> Fault:
    """Kill the process right after its n-th call, counted from 1, was carried out.

    As `crash_before` otherwise. How the call ended is lost with the process.
    """

    def kill(call: Call, proceed: Callable[[], object]) -> object:
        try:
            proceed()
        except RealCloudRefused:
            raise
        except Exception as unseen:
            raise Crash(f"killed after {call.service} {call.operation}") from unseen
        raise Crash(f"killed after {call.service} {call.operation}")

    return Fault("crashed after", service, operation, nth=n, kill=kill)


def _pass_time(seconds: float) -> None:
    if clock.running():
        clock.advance(seconds)


def _lost(answer: Answer, attempt: Attempt) -> Answer:
    reply, error = answer
    if error is not None:  # no answer came that could be lost
        return answer
    return None, ReadTimeoutError(endpoint_url=attempt.url)
