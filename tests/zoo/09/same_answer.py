"""Answers to 09.2-same-answer."""

import contextlib
import functools
import json
import time

import boto3
from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.patterns.idempotency import InProgress

_answers = {}


@functools.cache
def records():
    return boto3.resource("dynamodb").Table("records")


def claim(order_id):
    """Exercise 1, solved."""
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def record_of(order_id):
    return records().get_item(Key={"id": order_id}, ConsistentRead=True).get("Item")


def keep(order_id, answer):
    records().put_item(Item={"id": order_id, "answer": answer})


@wrong("at the same moment both ran")
def get_then_put(handler):
    def once(event, context):
        record = record_of(event["order_id"])
        if record is not None:
            return json.loads(record["answer"])
        answer = handler(event, context)
        keep(event["order_id"], json.dumps(answer))
        return answer

    return once


@wrong("ran the handler again: charged twice")
def runs_the_handler_before_the_claim(handler):
    def once(event, context):
        answer = handler(event, context)
        if claim(event["order_id"]):
            keep(event["order_id"], json.dumps(answer))
            return answer
        return json.loads(record_of(event["order_id"])["answer"])

    return once


@wrong(
    "ran the handler again: charged twice", same_as="runs_the_handler_before_the_claim"
)
def gives_the_handler_back_as_it_is(handler):
    return handler


@wrong("got another answer than the first")
def tells_the_duplicate_that_it_is_one(handler):
    def once(event, context):
        if not claim(event["order_id"]):
            return {"status": "duplicate"}
        return handler(event, context)

    return once


@wrong(
    "got another answer than the first", same_as="tells_the_duplicate_that_it_is_one"
)
def swallows_the_refusal_and_returns_nothing(handler):
    def once(event, context):
        if claim(event["order_id"]):
            return handler(event, context)

    return once


@wrong(
    "got another answer than the first", same_as="tells_the_duplicate_that_it_is_one"
)
def stores_the_answer_as_text(handler):
    def once(event, context):
        if claim(event["order_id"]):
            answer = handler(event, context)
            keep(event["order_id"], str(answer))
            return answer
        record = record_of(event["order_id"])
        if "answer" not in record:
            raise InProgress
        return record["answer"]

    return once


@wrong("answered before there was an answer")
def answers_an_early_duplicate_with_nothing(handler):
    def once(event, context):
        if claim(event["order_id"]):
            answer = handler(event, context)
            keep(event["order_id"], json.dumps(answer))
            return answer
        record = record_of(event["order_id"])
        return json.loads(record["answer"]) if "answer" in record else None

    return once


@wrong("came after the end failed")
def fails_for_every_duplicate(handler):
    def once(event, context):
        if not claim(event["order_id"]):
            raise InProgress(event["order_id"])
        return handler(event, context)

    return once


@wrong("did not get what the handler returned")
def forgets_to_return_the_first_time(handler):
    def once(event, context):
        if claim(event["order_id"]):
            keep(event["order_id"], json.dumps(handler(event, context)))
            return None
        return json.loads(record_of(event["order_id"])["answer"])

    return once


@wrong("JSON can no longer carry it")
def stores_the_dict_itself(handler):
    def once(event, context):
        if claim(event["order_id"]):
            answer = handler(event, context)
            keep(event["order_id"], answer)
            return answer
        record = record_of(event["order_id"])
        if "answer" not in record:
            raise InProgress
        return record["answer"]

    return once


@wrong("returned nothing, or 0")
def takes_an_answer_of_nothing_for_no_answer(handler):
    def once(event, context):
        record = record_of(event["order_id"])
        known = json.loads(record.get("answer", "null")) if record else None
        if known:
            return known
        if record and "answer" not in record:
            raise InProgress
        if not record and not claim(event["order_id"]):
            raise InProgress
        answer = handler(event, context)
        keep(event["order_id"], json.dumps(answer))
        return answer

    return once


@wrong("remembered in Python's memory")
def remembers_in_the_closure(handler):
    known = {}

    def once(event, context):
        if event["order_id"] not in known:
            known[event["order_id"]] = handler(event, context)
        return known[event["order_id"]]

    return once


@wrong("remembered in Python's memory", same_as="remembers_in_the_closure")
def keeps_the_answers_in_a_global_dict(handler):
    def once(event, context):
        if claim(event["order_id"]):
            _answers[event["order_id"]] = handler(event, context)
        return _answers[event["order_id"]]

    return once


@wrong("an answer of its own")
def one_record_for_all_orders(handler):
    def once(event, context):
        if claim("lock"):
            answer = handler(event, context)
            keep("lock", json.dumps(answer))
            return answer
        record = record_of("lock")
        if "answer" not in record:
            raise InProgress
        return json.loads(record["answer"])

    return once


@wrong("not a function")
def forgets_to_return_the_inner_function(handler):
    def once(event, context):
        return handler(event, context)


@wrong("never got the answer when it came back")
def stores_the_answer_only_if_nobody_asked(handler):
    def once(event, context):
        order_id = event["order_id"]
        counted = records().update_item(
            Key={"id": order_id},
            UpdateExpression="ADD deliveries :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        if counted["deliveries"] > 1:
            if "answer" not in counted:
                raise InProgress
            return json.loads(counted["answer"])
        answer = handler(event, context)
        with contextlib.suppress(ClientError):
            records().update_item(
                Key={"id": order_id},
                UpdateExpression="SET answer = :answer",
                ConditionExpression="deliveries = :one",
                ExpressionAttributeValues={":answer": json.dumps(answer), ":one": 1},
            )
        return answer

    return once


@wrong("a duplicate got that order's answer")
def one_slot_for_the_answer(handler):
    def once(event, context):
        if not claim(event["order_id"]):
            record = record_of("result")
            if record is None:
                raise InProgress(event["order_id"])
            return json.loads(record["answer"])
        answer = handler(event, context)
        keep("result", json.dumps(answer))
        return answer

    return once


@wrong("failed, but not by `InProgress`")
def is_busy(handler):
    def once(event, context):
        if not claim(event["order_id"]):
            record = record_of(event["order_id"])
            if "answer" not in record:
                raise Exception("busy")
            return json.loads(record["answer"])
        answer = handler(event, context)
        keep(event["order_id"], json.dumps(answer))
        return answer

    return once


@wrong("failed, but not by `InProgress`", same_as="is_busy")
def stumbles_over_the_missing_answer(handler):
    def once(event, context):
        if not claim(event["order_id"]):
            return json.loads(record_of(event["order_id"])["answer"])
        answer = handler(event, context)
        keep(event["order_id"], json.dumps(answer))
        return answer

    return once


def polling(tries, pause_s):
    """A decorator that asks for the answer `tries` times before it gives up."""

    def decorator(handler):
        def once(event, context):
            if claim(event["order_id"]):
                answer = handler(event, context)
                keep(event["order_id"], json.dumps(answer))
                return answer
            for _ in range(tries):
                record = record_of(event["order_id"])
                if "answer" in record:
                    return json.loads(record["answer"])
                if pause_s:
                    time.sleep(pause_s)
            raise InProgress(event["order_id"])

        return once

    return decorator


@wrong("waited for another one: it slept")
def asks_again_a_few_times(handler):
    return polling(tries=3, pause_s=1)(handler)


@wrong("waited for another one: it slept", same_as="asks_again_a_few_times")
def asks_again_without_a_pause(handler):
    return polling(tries=5, pause_s=0)(handler)


@wrong("did not come back")
def asks_until_the_answer_is_there(handler):
    return polling(tries=1_000, pause_s=1)(handler)


@wrong("still being worked on")
def asks_whether_the_answer_is_true(handler):
    def once(event, context):
        if claim(event["order_id"]):
            answer = handler(event, context)
            keep(event["order_id"], json.dumps(answer))
            return answer
        record = record_of(event["order_id"])
        if answer := json.loads(record.get("answer", "null")):
            return answer
        raise InProgress(event["order_id"])

    return once


@wrong("changed the event before")
def notes_the_time_in_the_event(handler):
    def once(event, context):
        event["seen_at"] = int(time.time())
        return remembers(handler)(event, context)

    return once


@wrong("changed the event before", same_as="notes_the_time_in_the_event")
def takes_the_id_out_of_the_event(handler):
    def once(event, context):
        order_id = event.pop("order_id")
        if claim(order_id):
            answer = handler(event, context)
            keep(order_id, json.dumps(answer))
            return answer
        return json.loads(record_of(order_id)["answer"])

    return once


def remembers(handler):
    """The whole exercise, solved."""

    def once(event, context):
        if claim(event["order_id"]):
            answer = handler(event, context)
            keep(event["order_id"], json.dumps(answer))
            return answer
        record = record_of(event["order_id"])
        if "answer" not in record:
            raise InProgress(event["order_id"])
        return json.loads(record["answer"])

    return once


@wrong("into `charges`")
def keeps_the_answer_in_the_providers_book(handler):
    def once(event, context):
        book = boto3.resource("dynamodb").Table("charges")
        if claim(event["order_id"]):
            answer = handler(event, context)
            book.put_item(Item={"charge_id": event["order_id"], "seen": True})
            keep(event["order_id"], json.dumps(answer))
            return answer
        return json.loads(record_of(event["order_id"])["answer"])

    return once


@right
class AsAClass:
    def __init__(self, handler):
        self.handler = handler

    def __call__(self, event, context):
        key = {"id": event["order_id"]}
        try:
            records().put_item(
                Item={**key, "state": "at work"},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return self.known(error.response["Item"])
        answer = self.handler(event, context)
        records().update_item(
            Key=key,
            UpdateExpression="SET #state = :done, body = :body",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":done": "done", ":body": json.dumps(answer)},
        )
        return answer

    def known(self, item):
        record = {k: TypeDeserializer().deserialize(v) for k, v in item.items()}
        if record["state"] != "done":
            raise InProgress("come back later")
        return json.loads(record["body"])


@right
def claim_and_answer_are_two_records(handler):
    @functools.wraps(handler)
    def once(event, context):
        if claim("claim#" + event["order_id"]):
            answer = handler(event, context)
            keep("answer#" + event["order_id"], json.dumps({"is": answer}))
            return answer
        known = record_of("answer#" + event["order_id"])
        if known is None:
            raise InProgress
        return json.loads(known["answer"])["is"]

    return once


@right
def counts_deliveries_and_reads_the_same_update(handler):
    def once(event, context):
        key = {"id": event["order_id"]}
        record = records().update_item(
            Key=key,
            UpdateExpression="ADD deliveries :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        if record["deliveries"] > 1:
            if "answer" not in record:
                raise InProgress(event["order_id"])
            return json.loads(record["answer"])
        answer = handler(event, context)
        records().update_item(
            Key=key,
            UpdateExpression="SET answer = :answer",
            ExpressionAttributeValues={":answer": json.dumps(answer)},
        )
        return answer

    return once
