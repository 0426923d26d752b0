"""Answers to 09.1-one-winner."""

import functools

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.checks.exactly_once.shop import charge

_seen = set()


@functools.cache
def records():
    return boto3.resource("dynamodb").Table("records")


@functools.cache
def client():
    return boto3.client("dynamodb")


@wrong("at the same moment both won")
def get_then_put(order_id):
    if "Item" in records().get_item(Key={"id": order_id}, ConsistentRead=True):
        return False
    records().put_item(Item={"id": order_id})
    return True


@wrong("at the same moment both won", same_as="get_then_put")
def scan_then_put(order_id):
    found = records().scan(FilterExpression=Attr("id").eq(order_id))
    if found["Count"]:
        return False
    records().put_item(Item={"id": order_id})
    return True


@wrong("had ended, won as well")
def put_replaces_and_never_fails(order_id):
    records().put_item(Item={"id": order_id})
    return True


@wrong("had ended, won as well", same_as="put_replaces_and_never_fails")
def condition_on_an_attribute_that_is_never_there(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("claimed").not_exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@wrong("had ended, won as well", same_as="put_replaces_and_never_fails")
def cleans_up_when_done(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    records().delete_item(Key={"id": order_id})
    return True


@wrong("did not win")
def swallows_the_refusal_and_returns_nothing(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except ClientError:
        return


@wrong("without a record was turned away")
def nobody_ever_wins(order_id):
    return False


@wrong("without a record was turned away", same_as="nobody_ever_wins")
def wins_only_where_a_record_is(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@wrong("itself charged the order")
def charges_by_itself(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return
    charge(order_id, 4200)


@wrong("into `charges`")
def keeps_the_claim_in_the_providers_book(order_id):
    book = boto3.resource("dynamodb").Table("charges")
    try:
        book.put_item(
            Item={"charge_id": order_id},
            ConditionExpression=Attr("charge_id").not_exists(),
        )
    except book.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@wrong("A throttled call was taken for a lost race")
def takes_every_error_for_a_refusal(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except ClientError:
        return False
    return True


@wrong("A throttled call was taken for a win")
def goes_ahead_when_in_doubt(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except ClientError as error:
        return error.response["Error"]["Code"] != "ConditionalCheckFailedException"
    return True


@wrong("A missing table was taken for a lost race")
def lets_only_throttling_out(order_id):
    try:
        records().put_item(
            Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ThrottlingException":
            raise
        return False
    return True


@wrong("instead of being told False")
def lets_the_refusal_out(order_id):
    records().put_item(
        Item={"id": order_id}, ConditionExpression=Attr("id").not_exists()
    )
    return True


@wrong("because of the first")
def one_record_for_all_orders(order_id):
    try:
        records().put_item(
            Item={"id": "lock"}, ConditionExpression=Attr("id").not_exists()
        )
    except records().meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@wrong("With an empty table")
def remembers_in_a_global_set(order_id):
    if order_id in _seen:
        return False
    _seen.add(order_id)
    return True


@right
def counts_up_and_looks_at_the_count(order_id):
    counted = records().update_item(
        Key={"id": order_id},
        UpdateExpression="ADD deliveries :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return counted["Attributes"]["deliveries"] == 1


@right
def puts_and_looks_at_what_was_there(order_id):
    before = records().put_item(Item={"id": order_id}, ReturnValues="ALL_OLD")
    return "Attributes" not in before


@right
def in_a_transaction_with_a_string_condition(order_id):
    put = {
        "TableName": "records",
        "Item": {"id": {"S": order_id}},
        "ConditionExpression": "attribute_not_exists(#id)",
        "ExpressionAttributeNames": {"#id": "id"},
    }
    try:
        client().transact_write_items(TransactItems=[{"Put": put}])
    except client().exceptions.TransactionCanceledException as error:
        codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
        if codes != ["ConditionalCheckFailed"]:
            raise
        return False
    return True


@right
def updates_on_condition_and_tries_throttled_calls_again(order_id, tries=3):
    try:
        client().update_item(
            TableName="records",
            Key={"id": {"S": order_id}},
            UpdateExpression="SET won = :yes",
            ConditionExpression="attribute_not_exists(won)",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            return False
        if code == "ThrottlingException" and tries:
            return updates_on_condition_and_tries_throttled_calls_again(
                order_id, tries - 1
            )
        raise
    return True
