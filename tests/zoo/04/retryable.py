"""Answers to 04.3-retryable."""

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from tests.zoo import right, wrong

SLOW = {"ThrottlingException", "ProvisionedThroughputExceededException"}
NO_ANSWER = (HTTPClientError, NoConnection)


def status(error):
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def code(error):
    return error.response["Error"]["Code"]


@wrong("ConditionalCheckFailedException (status 400) is not to be retried")
def retries_every_answer(error):
    return isinstance(error, (ClientError, *NO_ANSWER))


@wrong(
    "ConditionalCheckFailedException (status 400) is not to be retried",
    same_as="retries_every_answer",
)
def retries_everything(error):
    return True


@wrong("ThrottlingException (status 400) is worth a retry")
def by_status_alone(error):
    if isinstance(error, ClientError):
        return status(error) >= 429
    return isinstance(error, NO_ANSWER)


@wrong("InternalServerError (status 500) is worth a retry")
def throttling_alone(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) in (429, 503)
    return isinstance(error, NO_ANSWER)


@wrong("ReadTimeoutError is worth a retry")
def answers_alone(error):
    if not isinstance(error, ClientError):
        return False
    return code(error) in SLOW or status(error) == 429 or status(error) >= 500


@wrong("ConnectTimeoutError is worth a retry")
def forgets_that_botocore_has_two_families(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) == 429 or status(error) >= 500
    return isinstance(error, HTTPClientError)


@wrong("ParamValidationError is not to be retried")
def whatever_botocore_raises(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) == 429 or status(error) >= 500
    return isinstance(error, BotoCoreError)


@wrong("KeyError is not to be retried")
def whatever_is_no_answer(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) == 429 or status(error) >= 500
    return not isinstance(error, BotoCoreError) or isinstance(error, NO_ANSWER)


@wrong("ValidationException (status 400) is not to be retried")
def all_but_conditions(error):
    if isinstance(error, ClientError):
        return code(error) != "ConditionalCheckFailedException"
    return isinstance(error, NO_ANSWER)


@wrong("429 (status 429) is worth a retry")
def by_code_and_500_without_429(error):
    if isinstance(error, ClientError):
        slow = SLOW | {"TooManyRequestsException", "RequestLimitExceeded"}
        return code(error) in slow or status(error) >= 500
    return isinstance(error, NO_ANSWER)


@wrong("AccessDeniedException (status 403) is not to be retried")
def all_but_the_400s(error):
    if isinstance(error, ClientError):
        return status(error) != 400 or code(error) in SLOW
    return isinstance(error, NO_ANSWER)


@wrong("ReadTimeoutError is worth a retry", same_as="answers_alone")
def takes_pythons_errors_for_botocores(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) >= 429
    return isinstance(error, ConnectionError | TimeoutError)


@wrong("it answers an int, not True or False")
def counts_the_reasons(error):
    return int(isinstance(error, NO_ANSWER)) + int(
        isinstance(error, ClientError) and (code(error) in SLOW or status(error) >= 429)
    )


@wrong(
    "TypeError",
    status="your code raised",
    same_as="takes_every_error_for_an_answer",
)
def believes_that_no_answer_has_no_response(error):
    try:
        return status(error) >= 429 or code(error) in SLOW
    except AttributeError:
        return isinstance(error, NO_ANSWER)


@wrong("it answers nothing, not True or False")
def forgets_to_return(error):
    isinstance(error, NO_ANSWER)


@wrong("TypeError", status="your code raised")
def takes_every_error_for_an_answer(error):
    return code(error) in SLOW or status(error) == 429 or status(error) >= 500


@right
def by_groups(error):
    if isinstance(error, ClientError):
        return code(error) in SLOW or status(error) == 429 or 500 <= status(error) < 600
    return isinstance(error, NO_ANSWER)


@right
def by_the_words_in_a_code(error):
    if isinstance(error, ClientError):
        busy = any(word in code(error) for word in ("Throttl", "Exceeded", "429"))
        return busy or status(error) >= 429
    return any(word in type(error).__name__ for word in ("Timeout", "Connection"))


@right
def by_the_words_of_the_error(error):
    said = "Throttl" in str(error) or "Exceeded" in str(error)
    answered = isinstance(error, ClientError)
    return said or (status(error) >= 429 if answered else isinstance(error, NO_ANSWER))


@right
def with_match(error):
    match error:
        case ClientError(response={"ResponseMetadata": {"HTTPStatusCode": number}}):
            return number >= 429 or code(error) in SLOW
        case HTTPClientError() | NoConnection():
            return True
    return False
