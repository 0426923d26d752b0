"""Exercise 3: which errors of the SDK a second attempt can mend."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.exceptions as errors
from botocore.exceptions import ClientError

from workbook.checks.messages.words import kind
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["check", "client_error"]


def client_error(code: str, status: int) -> ClientError:
    """The error that boto3 raises for such an answer of a service."""
    response = {
        "Error": {"Code": code, "Message": "…"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "SomeOperation")


def _endpoint(kind: type) -> Exception:
    return kind(endpoint_url="https://service.example")


# Each group has its reason; within it every error must be told right.
_GROUPS = (
    (
        True,
        "The server says that it is asked too much: it wants the request again, later.",
        [
            client_error("ThrottlingException", 400),
            client_error("ProvisionedThroughputExceededException", 400),
            client_error("TooManyRequestsException", 429),
            client_error("429", 429),  # an answer without a code: the status is it
            client_error("RequestLimitExceeded", 503),
            client_error("SlowDown", 503),
        ],
    ),
    (
        True,
        "The server broke down over it: that is its fault, not the request's.",
        [
            client_error("InternalServerError", 500),
            client_error("ServiceUnavailable", 503),
            client_error("SomethingNew", 502),
        ],
    ),
    (
        True,
        "Nothing came back in time: the network or the server may be well again soon.",
        [
            _endpoint(errors.ReadTimeoutError),
            _endpoint(errors.ConnectTimeoutError),
            errors.EndpointConnectionError(endpoint_url="https://service.example"),
            errors.ConnectionClosedError(endpoint_url="https://service.example"),
        ],
    ),
    (
        False,
        "The answer is no, and will be no again: a condition does not hold.",
        [client_error("ConditionalCheckFailedException", 400)],
    ),
    (
        False,
        "The request itself is wrong: sent again it is as wrong.",
        [
            client_error("ValidationException", 400),
            client_error("ResourceNotFoundException", 400),
            client_error("AccessDeniedException", 403),
            errors.ParamValidationError(report="Unknown parameter"),
        ],
    ),
    (
        False,
        "That is no error of the service, but of this program.",
        [errors.NoCredentialsError(), KeyError("order_id"), ZeroDivisionError()],
    ),
)


def check(is_retryable: Callable[..., Any]) -> Verdict:
    """Whether each error is told right, whichever way it says what it is."""
    told = 0
    for expected, reason, group in _GROUPS:
        for error in group:
            answer = _asked(is_retryable, error)
            if not isinstance(answer, bool):
                return failed(
                    f"For {_name(error)} it answers {kind(answer)}, not True or False."
                )
            if answer != expected:
                wrong = "is not to be retried" if answer else "is worth a retry"
                return failed(f"{_name(error)} {wrong}. {reason}", look=_look(error))
            told += 1
    return passed(f"tried: {told} errors in {len(_GROUPS)} groups")


def _asked(is_retryable: Callable, error: Exception) -> Any:
    """The answer for this error; if it raises, the verdict says for which it did."""
    try:
        return call(is_retryable, error)
    except Stopped as stop:
        if stop.verdict.status != "your code raised":
            raise
        look = f"It was asked about {_name(error)}."
        raise Stopped(replace(stop.verdict, look=look)) from None


def _name(error: Exception) -> str:
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return f"{error.response['Error']['Code']} (status {status})"
    return type(error).__name__


def _look(error: Exception) -> str:
    if isinstance(error, ClientError):
        return (
            '`error.response` holds the code in `["Error"]["Code"]` and the status '
            'in `["ResponseMetadata"]["HTTPStatusCode"]`.'
        )
    return f"{type(error).__name__} is a kind of {type(error).__mro__[1].__name__}."
