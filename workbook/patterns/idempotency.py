"""At least once in, the effect applied once: a lease, a stored result, an expiry.

A record in a DynamoDB table stands for each idempotency key. A conditional put claims
it for a while (the *lease*); the result is stored in it; a later delivery of the same
event gets that result without running the handler again. A holder that dies leaves a
lease that runs out, and the next delivery takes over. The record itself expires in the
end.

A take-over runs the handler a second time, and nobody can know how far the first had
come: an effect outside this table must carry the same key, so that it applies once.

Introduced in chapter 09.
"""

import functools
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

__all__ = ["InProgress", "PayloadChanged", "Store", "claim", "finish", "idempotent"]


class InProgress(Exception):
    """Another delivery of the event holds the lease: let this one come back later."""


class PayloadChanged(Exception):
    """The key was used before, with another payload: refuse rather than guess."""


@dataclass(frozen=True)
class Store:
    """The records: a boto3 Table with partition key `id`, time to live `expires_at`.

    `lease_s` is for how long a delivery may work on an event before another may take
    over: more than the function's timeout, and less than the queue's visibility timeout
    times `maxReceiveCount - 1`, else every receive is used up while a dead lease runs.
    `keep_s` is for how long a result is kept, at least as long as the same event may
    come again. Both in seconds; `clock()` answers epoch seconds.
    """

    table: Any
    lease_s: float = 30.0
    keep_s: float = 24 * 3600.0
    clock: Callable[[], float] = time.time


# A key is free to claim: never used, past its expiry (which time to live may not have
# removed yet), left behind unfinished by a lease that ran out, or our own.
FREE = (
    "attribute_not_exists(id) OR expires_at < :now OR (attribute_not_exists(answer) "
    "AND (leased_until < :now OR #owner = :me))"
)


def claim(store: Store, record: dict) -> dict | None:
    """Take the lease with `record`: None if it is ours now, else what stands there."""
    refused = store.table.meta.client.exceptions.ConditionalCheckFailedException
    try:
        store.table.put_item(
            Item=record,
            ConditionExpression=FREE,
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={
                ":now": int(store.clock()),
                ":me": record["owner"],
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except refused as refusal:
        return plain_item(refusal.response["Item"])
    return None


def finish(store: Store, record: dict, answer: str) -> None:
    """Store the answer; refused with an error if the lease was taken over."""
    store.table.update_item(
        Key={"id": record["id"]},
        UpdateExpression="SET answer = :answer",
        ConditionExpression="#owner = :me",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":answer": answer, ":me": record["owner"]},
    )


def idempotent(store: Store, key: Callable[[dict], str]) -> Callable:
    """Decorate a handler so that deliveries of one event share one result.

    `key(event)` names the event: the same for every delivery of it, another for every
    other. The handler's result must be JSON. Raises `InProgress` while another delivery
    holds the lease and `PayloadChanged` when the key comes with another payload; the
    queue delivers again, after `maxReceiveCount` times to the dead-letter queue.
    """

    def decorate(handler: Callable) -> Callable:
        @functools.wraps(handler)
        def once(event: dict, context: Any) -> Any:
            record = new_record(store, key(event), event, context.aws_request_id)
            standing = claim(store, record)
            if standing is not None:
                return answer_of(standing, record["fingerprint"])
            answer = handler(event, context)
            finish(store, record, json.dumps(answer))
            return answer

        return once

    return decorate


def new_record(store: Store, key: str, event: dict, owner: str) -> dict:
    """The record with which `owner` claims `key` for a while."""
    now = store.clock()
    return {
        "id": key,
        "owner": owner,
        "fingerprint": fingerprint(event),
        "leased_until": int(now + store.lease_s),
        "expires_at": int(now + store.keep_s),
    }


def answer_of(record: dict, payload: str) -> Any:
    """What a record that stands answers to a delivery with fingerprint `payload`."""
    if record["fingerprint"] != payload:
        raise PayloadChanged(f"{record['id']} was first used with another payload")
    if "answer" not in record:
        raise InProgress(f"{record['id']} is leased until {record['leased_until']}")
    return json.loads(record["answer"])


def fingerprint(event: dict) -> str:
    """A short value that is equal for equal payloads, whatever their order of keys."""
    canonical = json.dumps(event, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def plain_item(item: dict) -> dict:
    """An item in DynamoDB's wire form, as Python values."""
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}
