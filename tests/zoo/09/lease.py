"""Answers to 09.3-lease."""

import datetime as dt
import functools
import json
import time
import uuid

import boto3
from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.checks.exactly_once.shop import LEASE_S, charge
from workbook.patterns.idempotency import InProgress


@functools.cache
def records():
    return boto3.resource("dynamodb").Table("records")


def record_of(order_id):
    return records().get_item(Key={"id": order_id}, ConsistentRead=True).get("Item")


def keep(order_id, answer):
    records().put_item(Item={"id": order_id, "answer": json.dumps(answer)})


def claim(order_id, until, condition):
    try:
        records().put_item(
            Item={"id": order_id, "leased_until": until}, ConditionExpression=condition
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def free(now):
    return Attr("id").not_exists() | Attr("leased_until").lte(now)


def charge_order(event):
    return {"charge_id": charge(event["order_id"], event["yen"], key=event["order_id"])}


def known(order_id):
    record = record_of(order_id)
    if record is None or "answer" not in record:
        raise InProgress(order_id)
    return json.loads(record["answer"])


@wrong("at the provider at once")
def get_then_put(event, context):
    record = record_of(event["order_id"])
    if record:
        return json.loads(record["answer"])
    answer = charge_order(event)
    keep(event["order_id"], answer)
    return answer


@wrong("the next attempt made a new charge")
def charges_without_a_key(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        return known(order_id)
    answer = {"charge_id": charge(order_id, event["yen"])}
    keep(order_id, answer)
    return answer


@wrong("the next attempt made a new charge", same_as="charges_without_a_key")
def a_new_key_for_each_attempt(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        return known(order_id)
    answer = {"charge_id": charge(order_id, event["yen"], key=str(uuid.uuid4()))}
    keep(order_id, answer)
    return answer


@wrong("the next attempt made a new charge", same_as="charges_without_a_key")
def the_request_id_as_key(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        return known(order_id)
    key = context.aws_request_id
    answer = {"charge_id": charge(order_id, event["yen"], key=key)}
    keep(order_id, answer)
    return answer


@wrong("counted as sold, and nobody was charged")
def records_before_the_effect(event, context):
    order_id = event["order_id"]
    answer = {"charge_id": order_id}
    try:
        records().put_item(
            Item={"id": order_id, "answer": json.dumps(answer)},
            ConditionExpression=Attr("id").not_exists(),
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return known(order_id)
    charge(order_id, event["yen"], key=order_id)
    return answer


@wrong("the old claim stood for ever")
def forgets_that_the_lease_ends(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, Attr("id").not_exists()):
        return known(order_id)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("the old claim stood for ever", same_as="forgets_that_the_lease_ends")
def ends_the_lease_in_milliseconds(event, context):
    order_id, now = event["order_id"], int(time.time())
    until = (now + LEASE_S) * 1000
    if not claim(order_id, until, free(now)):
        return known(order_id)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("ended as if all were well")
def swallows_the_refusal_and_returns_nothing(event, context):
    order_id, now = event["order_id"], int(time.time())
    if claim(order_id, now + LEASE_S, free(now)):
        answer = charge_order(event)
        keep(order_id, answer)
        return answer
    return json.loads((record_of(order_id) or {}).get("answer", "null"))


@wrong("ended as if all were well", same_as="swallows_the_refusal_and_returns_nothing")
def answers_with_a_status(event, context):
    order_id, now = event["order_id"], int(time.time())
    if claim(order_id, now + LEASE_S, free(now)):
        answer = charge_order(event)
        keep(order_id, answer)
        return answer
    try:
        return known(order_id)
    except InProgress:
        return {"status": "in progress"}


@wrong("two deliveries took the lease over at once")
def looks_before_it_takes_over(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, Attr("id").not_exists()):
        record = record_of(order_id)
        if "answer" in record or record["leased_until"] > now:
            return known(order_id)
        records().put_item(Item={"id": order_id, "leased_until": now + LEASE_S})
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("before the lease's end and was not kept out")
def a_lease_of_no_length(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + 1, free(now)):
        return known(order_id)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("went to the provider again")
def gives_the_lease_back_at_the_end(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        return known(order_id)
    answer = charge_order(event)
    records().delete_item(Key={"id": order_id})
    return answer


@wrong("came after the end failed")
def never_looks_for_the_answer(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        raise InProgress(order_id)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("after the end was not given the answer")
def keeps_no_answer(event, context):
    order_id, now = event["order_id"], int(time.time())
    if claim(order_id, now + LEASE_S, free(now)):
        return charge_order(event)


@wrong("did not come back")
def waits_for_the_lease_to_end(event, context):
    order_id = event["order_id"]
    while not claim(order_id, int(time.time()) + LEASE_S, free(int(time.time()))):
        record = record_of(order_id)
        if "answer" in record:
            return json.loads(record["answer"])
        time.sleep(1)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("held up, or answered, by this one")
def one_lease_for_all_orders(event, context):
    now = int(time.time())
    if not claim("lease", now + LEASE_S, free(now)):
        return known("lease")
    answer = charge_order(event)
    keep("lease", answer)
    return answer


@wrong("with the id of its charge")
def returns_what_the_table_holds(event, context):
    order_id, now = event["order_id"], int(time.time())
    if claim(order_id, now + LEASE_S, free(now)):
        keep(order_id, charge_order(event))
    return record_of(order_id)


@wrong("different answers")
def says_who_did_the_work(event, context):
    order_id, now = event["order_id"], int(time.time())
    if claim(order_id, now + LEASE_S, free(now)):
        answer = charge_order(event)
        keep(order_id, answer)
        return answer
    return {**known(order_id), "duplicate": True}


def leased(until, condition=free, finish=keep):
    """The whole exercise, with an end, a condition and a last write of one's own."""

    def sell(event, context):
        order_id, now = event["order_id"], int(time.time())
        if not claim(order_id, until(now), condition(now)):
            return known(order_id)
        answer = charge_order(event)
        finish(order_id, answer)
        return answer

    return sell


def add_the_answer(order_id, answer):
    records().update_item(
        Key={"id": order_id},
        UpdateExpression="SET answer = :answer",
        ExpressionAttributeValues={":answer": json.dumps(answer)},
    )


@wrong("before the lease's end and was not kept out", same_as="a_lease_of_no_length")
def a_lease_as_long_as_the_timeout(event, context):
    return leased(lambda now: now + 25)(event, context)


@wrong("before the lease's end and was not kept out", same_as="a_lease_of_no_length")
def how_long_instead_of_until_when(event, context):
    return leased(lambda now: LEASE_S)(event, context)


@wrong("before the lease's end and was not kept out", same_as="a_lease_of_no_length")
def compares_the_wrong_way_round(event, context):
    def still_held(now):
        return Attr("id").not_exists() | Attr("leased_until").gt(now)

    return leased(lambda now: now + LEASE_S, still_held)(event, context)


@wrong("held so long that the queue gave")
def a_lease_of_an_hour(event, context):
    return leased(lambda now: now + 3600)(event, context)


@wrong("went to the provider again", same_as="gives_the_lease_back_at_the_end")
def leaves_the_leases_end_on_the_finished_record(event, context):
    sell = leased(lambda now: now + LEASE_S, finish=add_the_answer)
    return sell(event, context)


@wrong("waited for another one: it slept")
def sleeps_until_the_lease_must_be_over(event, context):
    order_id = event["order_id"]
    if not claim(order_id, int(time.time()) + LEASE_S, free(int(time.time()))):
        record = record_of(order_id)
        if "answer" in record:
            return json.loads(record["answer"])
        time.sleep(LEASE_S)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("failed, but not by `InProgress`")
def is_busy(event, context):
    order_id, now = event["order_id"], int(time.time())
    if not claim(order_id, now + LEASE_S, free(now)):
        return json.loads(record_of(order_id)["answer"])
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@wrong("into `charges`")
def keeps_the_lease_in_the_providers_book(event, context):
    book = boto3.resource("dynamodb").Table("charges")
    book.put_item(Item={"charge_id": "lease", "until": int(time.time()) + LEASE_S})
    answer = charge_order(event)
    keep(event["order_id"], answer)
    return answer


@right
def leaves_the_leases_end_and_asks_for_the_answer_too(event, context):
    def free_and_unanswered(now):
        return Attr("id").not_exists() | (
            Attr("leased_until").lte(now) & Attr("answer").not_exists()
        )

    until = functools.partial(int.__add__, LEASE_S)
    return leased(until, free_and_unanswered, add_the_answer)(event, context)


@right
def reads_first_and_takes_over_by_version(event, context):
    order_id, now = event["order_id"], int(time.time())
    record = record_of(order_id)
    if record and "answer" in record:
        return json.loads(record["answer"])
    if record and record["leased_until"] > now:
        raise InProgress(order_id)
    condition = Attr("id").not_exists()
    if record:
        condition = Attr("leased_until").eq(record["leased_until"])
    if not claim(order_id, now + LEASE_S, condition):
        raise InProgress(order_id)
    answer = charge_order(event)
    keep(order_id, answer)
    return answer


@right
def with_dates_as_text_and_an_owner(event, context):
    now = dt.datetime.now(dt.UTC)
    until = now + dt.timedelta(seconds=LEASE_S)
    key = {"id": event["order_id"]}
    try:
        records().update_item(
            Key=key,
            UpdateExpression="SET held_by = :me, lease_ends = :until",
            ConditionExpression="attribute_not_exists(body) AND "
            "(attribute_not_exists(lease_ends) OR lease_ends < :now)",
            ExpressionAttributeValues={
                ":me": context.aws_request_id,
                ":until": until.isoformat(),
                ":now": now.isoformat(),
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        body = error.response["Item"].get("body")
        if body is None:
            raise InProgress(event["order_id"]) from error
        return TypeDeserializer().deserialize(body)
    answer = charge_order(event)
    records().update_item(
        Key=key,
        UpdateExpression="SET body = :body",
        ConditionExpression="held_by = :me",
        ExpressionAttributeValues={":body": answer, ":me": context.aws_request_id},
    )
    return answer


class Lease:
    """A lease as a `with` block: given back when the work fails, kept by a crash."""

    def __init__(self, order_id):
        self.order_id = order_id

    def __enter__(self):
        now = int(time.time())
        if not claim(self.order_id, now + LEASE_S, free(now)):
            raise InProgress(self.order_id)

    def __exit__(self, kind, error, trace):
        if isinstance(error, Exception):
            records().update_item(
                Key={"id": self.order_id},
                UpdateExpression="SET leased_until = :now",
                ExpressionAttributeValues={":now": int(time.time())},
            )


@right
def as_a_context_manager(event, context):
    record = record_of(event["order_id"])
    if record and "answer" in record:
        return json.loads(record["answer"])
    with Lease(event["order_id"]):
        answer = charge_order(event)
        keep(event["order_id"], answer)
    return answer
