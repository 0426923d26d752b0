"""Answers to 09.5-changed-payload."""

import functools
import hashlib
import json

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.patterns.idempotency import PayloadChanged

_payloads = {}


@functools.cache
def records():
    return boto3.resource("dynamodb").Table("records")


def remember(name, text):
    """Keep `text` under a name unless another one is there: True if it is the same."""
    try:
        records().put_item(
            Item={"id": name, "payload": text},
            ConditionExpression=Attr("id").not_exists() | Attr("payload").eq(text),
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def name(event):
    return f"payload of {event['order_id']}"


def guard(text_of, name_of=name):
    """A decorator that lets an event pass if its text is the first one's."""

    def decorator(handler):
        def guarded(event, context):
            if not remember(name_of(event), text_of(event)):
                raise PayloadChanged(event["order_id"])
            return handler(event, context)

        return guarded

    return decorator


def text(event):
    return json.dumps(event, sort_keys=True)


@wrong("with its keys in another order was refused")
def compares_the_text_as_it_comes(handler):
    return guard(json.dumps)(handler)


@wrong(
    "with its keys in another order was refused",
    same_as="compares_the_text_as_it_comes",
)
def sorts_the_outer_keys_alone(handler):
    return guard(lambda event: str(sorted(event.items())))(handler)


@wrong("other seats were asked for")
def compares_the_amount_alone(handler):
    return guard(lambda event: str(event["yen"]))(handler)


@wrong("other seats were asked for", same_as="compares_the_amount_alone")
def compares_the_keys_without_the_values(handler):
    return guard(lambda event: f"{sorted(event)} {event['yen']}")(handler)


@wrong("came after the first payload and was served")
def trusts_the_order_id(handler):
    return guard(lambda event: event["order_id"])(handler)


@wrong("came after the first payload and was served", same_as="trusts_the_order_id")
def puts_the_new_payload_over_the_old(handler):
    def guarded(event, context):
        before = records().put_item(
            Item={"id": name(event), "payload": text(event)},
            ReturnValues="ALL_OLD",
        )
        if before.get("Attributes", {}).get("payload", text(event)) != text(event):
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("came after the first payload and was served", same_as="trusts_the_order_id")
def swallows_the_refusal_and_returns_nothing(handler):
    def guarded(event, context):
        if remember(name(event), text(event)):
            return handler(event, context)

    return guarded


@wrong("at the same moment and both were served")
def get_then_put(handler):
    def guarded(event, context):
        key = {"id": name(event)}
        record = records().get_item(Key=key, ConsistentRead=True).get("Item")
        if record is None:
            records().put_item(Item={**key, "payload": text(event)})
        elif record["payload"] != text(event):
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("The same payload, delivered again")
def refuses_whatever_was_there_before(handler):
    def guarded(event, context):
        try:
            records().put_item(
                Item={"id": name(event), "payload": text(event)},
                ConditionExpression=Attr("id").not_exists(),
            )
        except records().meta.client.exceptions.ConditionalCheckFailedException:
            raise PayloadChanged(event["order_id"]) from None
        return handler(event, context)

    return guarded


@wrong("charged before it was refused")
def compares_after_the_work(handler):
    def guarded(event, context):
        answer = handler(event, context)
        if not remember(name(event), text(event)):
            raise PayloadChanged(event["order_id"])
        return answer

    return guarded


@wrong("but not with `PayloadChanged`")
def lets_the_refusal_out(handler):
    def guarded(event, context):
        records().put_item(
            Item={"id": name(event), "payload": text(event)},
            ConditionExpression=Attr("id").not_exists()
            | Attr("payload").eq(text(event)),
        )
        return handler(event, context)

    return guarded


@wrong("kept in Python's memory")
def remembers_in_the_closure(handler):
    first = {}

    def guarded(event, context):
        if first.setdefault(event["order_id"], text(event)) != text(event):
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("kept in Python's memory", same_as="remembers_in_the_closure")
def remembers_in_a_global_dict(handler):
    def guarded(event, context):
        if _payloads.setdefault(event["order_id"], text(event)) != text(event):
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("Another order was refused")
def one_record_for_all_orders(handler):
    return guard(text, name_of=lambda event: "payload")(handler)


@wrong("did not get what the handler returned")
def forgets_to_return(handler):
    def guarded(event, context):
        if not remember(name(event), text(event)):
            raise PayloadChanged(event["order_id"])
        handler(event, context)

    return guarded


@wrong("not a function")
def forgets_to_return_the_inner_function(handler):
    guard(text)(handler)


@wrong("refused when it came back")
def counts_the_attempts_in(handler):
    def guarded(event, context):
        once = {**event, "attempt": context.aws_request_id[-1]}
        if not remember(name(event), text(once)):
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("own record under the order's id was never run")
def under_the_orders_own_id(handler):
    return guard(text, name_of=lambda event: event["order_id"])(handler)


@wrong("In another process the same payload was refused")
def by_pythons_hash(handler):
    return guard(lambda event: str(hash(text(event))))(handler)


@wrong("was reported as `PayloadChanged`")
def takes_any_error_for_a_change(handler):
    def guarded(event, context):
        mine = text(event)
        try:
            records().put_item(
                Item={"id": name(event), "payload": mine},
                ConditionExpression=Attr("id").not_exists() | Attr("payload").eq(mine),
            )
        except Exception:
            raise PayloadChanged(event["order_id"]) from None
        return handler(event, context)

    return guarded


@right
def the_first_payload_stays_and_comes_back(handler):
    @functools.wraps(handler)
    def guarded(event, context):
        print_ = hashlib.sha256(text(event).encode()).hexdigest()
        record = records().update_item(
            Key={"id": f"payload of {event['order_id']}"},
            UpdateExpression="SET fingerprint = if_not_exists(fingerprint, :mine)",
            ExpressionAttributeValues={":mine": print_},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        if record["fingerprint"] != print_:
            raise PayloadChanged(event["order_id"])
        return handler(event, context)

    return guarded


@wrong("4,200 yen were asked for, then 2,400")
def sorts_the_letters_of_the_text(handler):
    return guard(lambda event: "".join(sorted(json.dumps(event))))(handler)


@wrong("with a fraction in it")
def keeps_the_event_itself(handler):
    return guard(lambda event: event)(handler)


@wrong("In another process the same payload was refused", same_as="by_pythons_hash")
class KeepsPythonsHash:
    def __init__(self, handler):
        self.handler = handler

    def __call__(self, event, context):
        if not remember(name(event), str(hash(text(event)))):
            raise PayloadChanged(event["order_id"])
        return self.handler(event, context)


@wrong("changed the event before")
def takes_the_id_out_of_the_event(handler):
    def guarded(event, context):
        order_id = event.pop("order_id")
        if not remember(f"payload of {order_id}", text(event)):
            raise PayloadChanged(order_id)
        return handler(event, context)

    return guarded


@wrong("into `charges`")
def keeps_the_payload_in_the_providers_book(handler):
    def guarded(event, context):
        book = boto3.resource("dynamodb").Table("charges")
        book.put_item(Item={"charge_id": name(event), "payload": text(event)})
        return handler(event, context)

    return guarded


@right
class ReadsAfterTheRefusal:
    def __init__(self, handler):
        self.handler = handler

    def __call__(self, event, context):
        key = {"id": name(event)}
        try:
            records().put_item(
                Item={**key, "event": text(event)},
                ConditionExpression="attribute_not_exists(id)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            first = records().get_item(Key=key, ConsistentRead=True)["Item"]["event"]
            if json.loads(first) != event:
                raise PayloadChanged(event["order_id"]) from None
        return self.handler(event, context)


@right
def looks_at_what_stood_in_the_way(handler):
    def guarded(event, context):
        client = boto3.client("dynamodb")
        mine = {"S": repr(sorted(_flat(event)))}
        try:
            client.put_item(
                TableName="records",
                Item={"id": {"S": name(event)}, "is": mine},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except client.exceptions.ConditionalCheckFailedException as error:
            if error.response["Item"]["is"] != mine:
                raise PayloadChanged(event["order_id"]) from error
        return handler(event, context)

    return guarded


def _flat(value, path=""):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}/{key}")
    else:
        yield path, repr(value)
