"""Answers to 09.4-forget-in-time."""

import datetime as dt
import functools
import time

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.checks.exactly_once.shop import charge


@functools.cache
def records():
    return boto3.resource("dynamodb").Table("records")


def put(order_id, condition, **attributes):
    try:
        records().put_item(
            Item={"id": order_id, **attributes}, ConditionExpression=condition
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def absent(now):
    return Attr("id").not_exists() | Attr("expires_at").lt(now)


@wrong("has no attribute `expires_at`")
def the_claim_of_exercise_1(order_id, keep_s):
    return put(order_id, Attr("id").not_exists())


@wrong("has no attribute `expires_at`", same_as="the_claim_of_exercise_1")
def an_attribute_of_another_name(order_id, keep_s):
    now = int(time.time())
    condition = Attr("id").not_exists() | Attr("ttl").lt(now)
    return put(order_id, condition, ttl=now + keep_s)


@wrong("is not a Number")
def a_date_as_text(order_id, keep_s):
    now = dt.datetime.now(dt.UTC)
    end = now + dt.timedelta(seconds=keep_s)
    condition = Attr("id").not_exists() | Attr("expires_at").lt(now.isoformat())
    return put(order_id, condition, expires_at=end.isoformat())


@wrong("lies centuries ahead")
def in_milliseconds(order_id, keep_s):
    now = int(time.time() * 1000)
    return put(order_id, absent(now), expires_at=now + keep_s * 1000)


@wrong("lies decades back")
def how_long_instead_of_until_when(order_id, keep_s):
    return put(order_id, absent(int(time.time())), expires_at=keep_s)


@wrong("still in the table a minute after its time")
def a_day_to_be_on_the_safe_side(order_id, keep_s):
    now = int(time.time())
    return put(order_id, absent(now), expires_at=now + keep_s + 24 * 3600)


@wrong("that DynamoDB had not deleted yet")
def leaves_it_to_dynamodb_to_forget(order_id, keep_s):
    end = int(time.time()) + keep_s
    return put(order_id, Attr("id").not_exists(), expires_at=end)


@wrong("no longer kept a duplicate out")
def forgets_too_soon(order_id, keep_s):
    now = int(time.time())
    return put(order_id, absent(now), expires_at=now + keep_s // 2)


@wrong("came a moment later won as well")
def compares_the_wrong_way_round(order_id, keep_s):
    now = int(time.time())
    condition = Attr("id").not_exists() | Attr("expires_at").gt(now)
    return put(order_id, condition, expires_at=now + keep_s)


@wrong("at the same moment both won")
def get_then_put(order_id, keep_s):
    now = int(time.time())
    record = records().get_item(Key={"id": order_id}).get("Item")
    if record and record["expires_at"] > now:
        return False
    records().put_item(Item={"id": order_id, "expires_at": now + keep_s})
    return True


@wrong("both took the place of one expired record")
def deletes_the_expired_and_claims_afresh(order_id, keep_s):
    now, key = int(time.time()), {"id": order_id}
    record = records().get_item(Key=key).get("Item")
    if record and record["expires_at"] < now:
        records().delete_item(Key=key)
    return put(order_id, Attr("id").not_exists(), expires_at=now + keep_s)


@wrong("because of the first")
def one_record_for_all_orders(order_id, keep_s):
    now = int(time.time())
    return put("lock", absent(now), expires_at=now + keep_s)


@wrong("instead of being told False")
def lets_the_refusal_out(order_id, keep_s):
    now = int(time.time())
    records().put_item(
        Item={"id": order_id, "expires_at": now + keep_s},
        ConditionExpression=absent(now),
    )
    return True


@wrong("did not win")
def returns_nothing(order_id, keep_s):
    now = int(time.time())
    put(order_id, absent(now), expires_at=now + keep_s)


@wrong("Float types are not supported", status="your code raised")
def time_with_a_fraction(order_id, keep_s):
    now = time.time()
    return put(order_id, absent(now), expires_at=now + keep_s)


@wrong("A throttled call was taken for a lost race")
def takes_any_error_for_a_defeat(order_id, keep_s):
    now = int(time.time())
    try:
        records().put_item(
            Item={"id": order_id, "expires_at": now + keep_s},
            ConditionExpression=absent(now),
        )
    except Exception:
        return False
    return True


@right
def updates_with_a_condition_in_words(order_id, keep_s):
    now = int(time.time())
    try:
        boto3.client("dynamodb").update_item(
            TableName="records",
            Key={"id": {"S": order_id}},
            UpdateExpression="SET #end = :end",
            ConditionExpression="attribute_not_exists(#end) OR #end <= :now",
            ExpressionAttributeNames={"#end": "expires_at"},
            ExpressionAttributeValues={
                ":end": {"N": str(now + keep_s)},
                ":now": {"N": str(now)},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def in_place_of_the_record_seen(order_id, keep_s, or_else=None):
    now = int(time.time())
    record = records().get_item(Key={"id": order_id}, ConsistentRead=True).get("Item")
    condition = Attr("id").not_exists()
    if record:
        if record["expires_at"] > now:
            return False
        condition = Attr("expires_at").eq(record["expires_at"])
        condition = condition | or_else if or_else else condition
    return put(order_id, condition, expires_at=now + keep_s)


@wrong("between your read and your write")
def takes_the_place_of_just_the_record_it_saw(order_id, keep_s):
    return in_place_of_the_record_seen(order_id, keep_s)


@wrong("without a record was turned away")
def forgets_the_orders_without_a_record(order_id, keep_s):
    now = int(time.time())
    return put(order_id, Attr("expires_at").lt(now), expires_at=now + keep_s)


@wrong("itself charged the order")
def charges_by_itself(order_id, keep_s):
    now = int(time.time())
    if put(order_id, absent(now), expires_at=now + keep_s):
        charge(order_id, 4200)


@wrong("A missing table was taken for a lost race")
def lets_only_throttling_out(order_id, keep_s):
    now = int(time.time())
    try:
        records().put_item(
            Item={"id": order_id, "expires_at": now + keep_s},
            ConditionExpression=absent(now),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ThrottlingException":
            raise
        return False
    return True


@right
def takes_the_place_of_the_record_it_saw_or_of_none(order_id, keep_s):
    return in_place_of_the_record_seen(order_id, keep_s, Attr("id").not_exists())


@right
def in_a_transaction(order_id, keep_s):
    now, client = int(time.time()), records().meta.client
    write = {
        "TableName": "records",
        "Item": {"id": order_id, "expires_at": now + keep_s},
        "ConditionExpression": "attribute_not_exists(id) OR expires_at < :now",
        "ExpressionAttributeValues": {":now": now},
    }
    try:
        client.transact_write_items(TransactItems=[{"Put": write}])
    except client.exceptions.TransactionCanceledException as error:
        codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
        if codes != ["ConditionalCheckFailed"]:
            raise
        return False
    return True
