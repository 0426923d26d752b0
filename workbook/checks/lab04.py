"""Lab 04: retries that help, batches that lose nothing, and the end of a storm."""

from workbook.checks.messages import batch, budget, classify, jitter, redrive
from workbook.checks.messages.budget import MOST, SHARE
from workbook.checks.messages.jitter import BASE_S, CAP_S
from workbook.checks.messages.redrive import mended
from workbook.checks.messages.shop import SeatError, open_queues, sell_one
from workbook.learn import Exercise, Lab, Question

__all__ = [
    "BASE_S",
    "CAP_S",
    "MOST",
    "SHARE",
    "SeatError",
    "lab",
    "mended",
    "open_queues",
    "sell_one",
]

_JITTER = Exercise(
    id="04.1-full-jitter",
    title="Full jitter",
    minutes=6,
    lines=2,
    hints=(
        "There are two steps: find the ceiling for so many failures, then draw a time "
        "anywhere between nought and the ceiling.",
        "The ceiling doubles with each failure: `BASE_S * 2**failures`, but it never "
        "exceeds `CAP_S`. `rng.uniform(low, high)` draws evenly.",
        "`ceiling_s = min(CAP_S, BASE_S * 2**failures)`, and then "
        "`return rng.uniform(0, ceiling_s)`.",
    ),
    why=Question(
        "Why draw the whole wait, and not add a little chance to a fixed one?",
        answer="A fixed part keeps the crowd together: everybody is silent for the "
        "same time and then comes back within the little chance. Drawn from "
        "nought up, the crowd is spread over the whole time that it waits "
        "anyway.",
    ),
    check=jitter.check,
)

_BATCH = Exercise(
    id="04.2-partial-batch",
    title="Only the failed ones come back",
    minutes=8,
    lines=7,
    hints=(
        "The function gets up to ten messages. An exception that gets out brings all "
        "of them back. So no exception may get out, and the queue must be told which "
        "ones failed.",
        'Answer `{"batchItemFailures": [...]}`, with one `{"itemIdentifier": ...}` '
        "for each failed message. The identifier is the record's `messageId`, not its "
        "body.",
        'For each record: `try` to `sell_one(record["body"])`, and on `SeatError` '
        'append `{"itemIdentifier": record["messageId"]}` to a list. After the loop, '
        "return the list under its name.",
    ),
    why=Question(
        "What would happen if `sell_one` itself sold the seat and then failed?",
        answer="The order would be reported as failed, come back, and be sold a second "
        "time. Naming the failed messages does not make an effect safe to repeat: that "
        "takes an idempotency key, which is chapter 9.",
    ),
    check=batch.check,
)

_CLASSIFY = Exercise(
    id="04.3-retryable",
    title="Worth a retry?",
    minutes=8,
    lines=5,
    hints=(
        "Ask what a second attempt could change. A busy server may be free, a broken "
        "one mended, a lost answer found. A request that is wrong stays wrong.",
        "`ClientError` is an answer of the service: look at its status, and at its "
        "code, since throttling comes with status 400 as well. Timeouts and broken "
        "connections are kinds of `HTTPClientError` or of `NoConnection`.",
        "For a `ClientError`: True if the status is 429 or 500 and above, or if the "
        "code is in `THROTTLING`. Otherwise `isinstance(error, HTTPClientError | "
        "NoConnection)`.",
    ),
    why=Question(
        "Which retryable errors are dangerous to retry without an idempotency key?",
        answer="Those in which the work may have been done: a read timeout, a "
        "connection that closed, a 500. A throttled request was refused before "
        "anything happened, so it is safe.",
    ),
    check=classify.check,
)

_BUDGET = Exercise(
    id="04.4-retry-budget",
    title="A budget that ends a storm",
    minutes=10,
    lines=6,
    hints=(
        "Keep a number of tokens. Every new request puts a little in, every retry "
        "takes a whole one out, and with less than one there is no retry.",
        "Begin with `MOST` tokens. `new_request` adds `SHARE`, but never fills the "
        "bucket beyond `MOST`. `may_retry` answers True or False, and takes a token "
        "only if it answers True.",
        "`self.tokens = min(MOST, self.tokens + SHARE)` in `new_request`; in "
        "`may_retry`: `if self.tokens < 1: return False`, then `self.tokens -= 1` and "
        "`return True`.",
    ),
    why=Question(
        "The server's capacity is 300 requests a second. Up to which load does a "
        "budget of a tenth end a storm?",
        answer="New requests and their retries together are 1.1 times the load, and "
        "must stay below the capacity: up to about 272 requests a second. "
        "Without a budget it was 150.",
    ),
    check=budget.check,
)

_REDRIVE = Exercise(
    id="04.5-redrive",
    title="Back from the dead",
    minutes=8,
    lines=4,
    hints=(
        "`dead.receive_messages(MaxNumberOfMessages=10)` gives at most ten messages "
        "and hides them for 30 s. When nothing more comes, all have been seen.",
        "For each message that is `mended`, there are two calls to make: one puts it "
        "into the one queue, one takes it out of the other. Which must come first, if "
        "the program can die in between?",
        "`while messages := dead.receive_messages(MaxNumberOfMessages=10):`, and for "
        "each message with `mended(message.body)`: first "
        "`orders.send_message(MessageBody=message.body)`, then `message.delete()`.",
    ),
    why=Question(
        "If the program dies between the two calls, the order is in both queues. Why "
        "is that the better of the two ways to fail?",
        answer="An order that comes twice can be recognised by its id and applied "
        "once. An order that is in neither queue is gone, and nobody knows "
        "that it ever was.",
    ),
    check=redrive.check,
)

lab = Lab(
    "04-messaging-and-errors",
    [_JITTER, _BATCH, _CLASSIFY, _BUDGET, _REDRIVE],
    title="Messages and errors",
)
