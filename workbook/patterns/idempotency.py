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
from botocore.exceptions import ClientError

__all__ = ["InProgress", "PayloadChanged", "Store", "idempotent"]

_value = TypeDeserializer().deserialize


class InProgress(Exception):
    """Another delivery of the event holds the lease: let this one come back later."""


class PayloadChanged(Exception):
    """The key was used before, with another payload: refuse rather than guess."""


@dataclass(frozen=True)
class Store:
    """The records: a boto3 Table with partition key `id` and time to live `expires_at`.

    `lease_s` is for how long a delivery may work on an event before another may take
    over, at least the function's timeout. `keep_s` is for how long a result is kept, at
    least as long as the same event may come again. Both in seconds.
    """

    table: Any
    lease_s: float = 30.0
    keep_s: float = 24 * 3600.0
    clock: Callable[[], float] = time.time

    def claim(self, key: str, owner: str, fingerprint: str) -> dict | None:
        """Take the lease: None if it is now ours, else the record that stands there."""
        now = self.clock()
        record = {
            "id": key,
            "owner": owner,
            "fingerprint": fingerprint,
            "leased_until": int(now + self.lease_s),
            "expires_at": int(now + self.keep_s),
        }
        try:
            self.table.put_item(
                Item=record,
                ConditionExpression="attribute_not_exists(id) OR expires_at < :now OR "
                "(attribute_not_exists(answer) AND "
                "(leased_until < :now OR #owner = :me))",
                ExpressionAttributeNames={"#owner": "owner"},
                ExpressionAttributeValues={":now": int(now), ":me": owner},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return {k: _value(v) for k, v in refusal.response["Item"].items()}
        return None

    def finish(self, key: str, owner: str, answer: str) -> None:
        """Store the answer; refused with an error if the lease was taken over."""
        self.table.update_item(
            Key={"id": key},
            UpdateExpression="SET answer = :answer",
            ConditionExpression="#owner = :me",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":answer": answer, ":me": owner},
        )


def idempotent(store: Store, key: Callable[[dict], str]) -> Callable:
    """Decorate a handler so that deliveries of one event share one result.

    `key(event)` names the event: the same for every delivery of it, another for every
    other. The handler's result must be JSON. Raises `InProgress` while another delivery
    holds the lease and `PayloadChanged` when the key comes with another payload; the
    queue then delivers again, and after `maxReceiveCount` times to the dead-letter
    queue.
    """

    def decorate(handler: Callable) -> Callable:
        @functools.wraps(handler)
        def once(event: dict, context: Any) -> Any:
            name, owner = key(event), context.aws_request_id
            fingerprint = _fingerprint(event)
            record = store.claim(name, owner, fingerprint)
            if record is not None:
                return _answer(record, fingerprint)
            answer = handler(event, context)
            store.finish(name, owner, json.dumps(answer))
            return answer

        return once

    return decorate


def _answer(record: dict, fingerprint: str) -> Any:
    if record["fingerprint"] != fingerprint:
        raise PayloadChanged(f"{record['id']} was first used with another payload")
    if "answer" not in record:
        raise InProgress(f"{record['id']} is leased until {record['leased_until']}")
    return json.loads(record["answer"])


def _fingerprint(event: dict) -> str:
    """A short value that is equal for equal payloads."""
    canonical = json.dumps(event, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
