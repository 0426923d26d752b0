"""Answers to 11.2-bounded-retry."""

import copy
import functools
import threading
import time

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.checks.consistency.changing import GaveUp

_lock = threading.Lock()


@functools.cache
def pages():
    return boto3.resource("dynamodb").Table("pages")


def read(tour, strong=True):
    return pages().get_item(Key={"tour": tour}, ConsistentRead=strong)["Item"]


def put(page, version):
    """Whether the page was put: only over this version."""
    new = {**page, "version": version + 1}
    try:
        pages().put_item(Item=new, ConditionExpression=Attr("version").eq(version))
    except pages().meta.client.exceptions.ConditionalCheckFailedException:
        return None
    return new


@wrong("the page is as it was")
def forgets_to_write(tour, edit, attempts):
    return {**edit(read(tour)), "version": 2}


@wrong("its version did not go up")
def leaves_the_version(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    new = {**edit(page), "version": version}
    pages().put_item(Item=new, ConditionExpression=Attr("version").eq(version))
    return new


@wrong("not what the edit made")
def updates_the_notices_alone(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        try:
            return pages().update_item(
                Key={"tour": tour},
                UpdateExpression="SET notices = :notices ADD version :one",
                ConditionExpression="version = :seen",
                ExpressionAttributeValues={
                    ":notices": edit(page)["notices"],
                    ":one": 1,
                    ":seen": version,
                },
                ReturnValues="ALL_NEW",
            )["Attributes"]
        except pages().meta.client.exceptions.ConditionalCheckFailedException:
            continue
    raise GaveUp(tour)


@wrong("does not return the page")
def returns_what_the_edit_made(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        new = {"tour": tour, **edit(page)}
        if put(new, version):
            return {**new, "version": version}
    raise GaveUp(tour)


@wrong("at the same moment, and one of them is gone")
def writes_without_a_condition(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    new = {**edit(page), "version": version + 1}
    pages().put_item(Item=new)
    return new


@wrong(
    "at the same moment, and one of them is gone", same_as="writes_without_a_condition"
)
def looks_at_the_version_once_more_before_it_writes(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        new = {**edit(page), "version": version + 1}
        if read(tour)["version"] == version:
            pages().put_item(Item=new)
            return new
    raise GaveUp(tour)


@wrong(
    "at the same moment, and one of them is gone", same_as="writes_without_a_condition"
)
def edits_once_and_learns_the_new_version(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    page = edit(page)
    for _ in range(attempts):
        if new := put(page, version):
            return new
        version = read(tour)["version"]
    raise GaveUp(tour)


@wrong("one of them was made twice")
def edits_what_it_has_edited(tour, edit, attempts):
    page = None
    for _ in range(attempts):
        stored = read(tour)
        version = stored["version"]
        if page:
            stored["notices"] += edit({"tour": tour, "notices": []})["notices"]
        page = edit(stored)
        if new := put(page, version):
            return new
    raise GaveUp(tour)


@wrong("It waited for something that is not in AWS")
def waits_at_a_lock(tour, edit, attempts):
    with _lock:
        page = read(tour)
        version = page["version"]
        new = {**edit(page), "version": version + 1}
        pages().put_item(Item=new)
    return new


@wrong("did not come back")
def tries_for_ever_with_what_it_read_once(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    while True:
        if new := put(edit(page), version):
            return new


@wrong("one failed, not by `GaveUp`")
def lets_the_refusal_out(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    new = {**edit(page), "version": version + 1}
    pages().put_item(Item=new, ConditionExpression=Attr("version").eq(version))
    return new


@wrong("It tries on and on")
def tries_for_ever(tour, edit, attempts):
    while True:
        page = read(tour)
        version = page["version"]
        if new := put(edit(page), version):
            return new


@wrong("It made 3 attempts: `attempts` is 2")
def counts_the_retries(tour, edit, attempts):
    for _ in range(attempts + 1):
        page = read(tour)
        version = page["version"]
        if new := put(edit(page), version):
            return new
    raise GaveUp(tour)


@wrong("It gave up after 1 attempt of 2")
def gives_up_at_once(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    if new := put(edit(page), version):
        return new
    raise GaveUp(tour)


@wrong("nobody was in the way any more")
def tries_again_with_what_it_read_first(tour, edit, attempts):
    page = read(tour)
    version = page["version"]
    for _ in range(attempts):
        if new := put(edit(dict(page)), version):
            return new
    raise GaveUp(tour)


@wrong("as if all were well")
def gives_up_in_silence(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        if new := put(edit(page), version):
            return new


@wrong("It gave up, and the change was made")
def raises_after_the_last_attempt_whatever_it_was(tour, edit, attempts):
    for attempt in range(1, attempts + 1):
        page = read(tour)
        version = page["version"]
        new = put(edit(page), version)
        if new and (attempt < attempts or attempts == 1):
            return new
    raise GaveUp(tour)


@wrong("A throttled call was taken for somebody else's change")
def takes_every_error_for_a_conflict(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        new = {**edit(page), "version": version + 1}
        try:
            pages().put_item(Item=new, ConditionExpression=Attr("version").eq(version))
        except ClientError:
            continue
        return new
    raise GaveUp(tour)


@wrong("its read lagged behind")
def reads_what_may_be_old(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour, strong=False)
        version = page["version"]
        if new := put(edit(page), version):
            return new
    raise GaveUp(tour)


@wrong("not what the edit made", same_as="updates_the_notices_alone")
def keeps_what_the_edit_has_dropped(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        if new := put({**page, **edit(copy.deepcopy(page))}, version):
            return new
    raise GaveUp(tour)


@wrong("spoilt the version of the page it was given")
def asks_the_edited_page_for_its_version(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        new = edit(page)
        if new := put(new, page["version"]):
            return new
    raise GaveUp(tour)


@wrong(
    "spoilt the version of the page it was given",
    same_as="asks_the_edited_page_for_its_version",
)
def counts_on_from_what_the_edit_says(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        new = edit(page)
        new = {**new, "version": new.get("version", version) + 1}
        try:
            pages().put_item(Item=new, ConditionExpression=Attr("version").eq(version))
        except pages().meta.client.exceptions.ConditionalCheckFailedException:
            continue
        return new
    raise GaveUp(tour)


@wrong("The edit itself raised an error")
def gives_up_when_the_edit_fails(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        version = page["version"]
        try:
            new = edit(page)
        except Exception as error:
            raise GaveUp(tour) from error
        if new := put(new, version):
            return new
    raise GaveUp(tour)


@wrong("The day tour's page")
def knows_one_tour_alone(tour, edit, attempts):
    for _ in range(attempts):
        page = read("night-tour")
        version = page["version"]
        if new := put({**edit(page), "tour": "night-tour"}, version):
            return new
    raise GaveUp(tour)


@wrong("Another clerk's change is gone")
def writes_over_them_at_the_last_attempt(tour, edit, attempts):
    for attempt in range(attempts):
        page = read(tour)
        version = page["version"]
        new = edit(page)
        if attempt + 1 == attempts:
            pages().put_item(Item={**new, "version": version + 1})
            return {**new, "version": version + 1}
        if new := put(new, version):
            return new
    raise GaveUp(tour)


@wrong("Another clerk's change is gone", same_as="writes_over_them_at_the_last_attempt")
def watches_the_notices_alone(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        same = Attr("notices").eq(copy.deepcopy(page["notices"]))
        version = page["version"]
        new = {**edit(page), "version": version + 1}
        try:
            pages().put_item(Item=new, ConditionExpression=same)
        except pages().meta.client.exceptions.ConditionalCheckFailedException:
            continue
        return new
    raise GaveUp(tour)


@right
def in_a_transaction_with_waits(tour, edit, attempts):
    client = pages().meta.client
    for attempt in range(attempts):
        page = read(tour)
        version = page["version"]
        item = {
            "TableName": "pages",
            "Item": {**edit(page), "version": version + 1},
            "ConditionExpression": "version = :seen",
            "ExpressionAttributeValues": {":seen": version},
        }
        try:
            client.transact_write_items(TransactItems=[{"Put": item}])
        except client.exceptions.TransactionCanceledException:
            time.sleep(0.05 * 2**attempt)
            continue
        return item["Item"]
    raise GaveUp(tour)


@right
def compares_all_of_the_page(tour, edit, attempts):
    for _ in range(attempts):
        page = read(tour)
        names = {f"#{n}": name for n, name in enumerate(page)}
        values = {f":{n}": value for n, value in enumerate(page.values())}
        same = " AND ".join(f"#{n} = :{n}" for n in range(len(page)))
        new = {**edit(copy.deepcopy(page)), "version": page["version"] + 1}
        try:
            pages().put_item(
                Item=new,
                ConditionExpression=same,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except pages().meta.client.exceptions.ConditionalCheckFailedException:
            continue
        return new
    raise GaveUp(tour)


@right
def takes_the_version_out_for_the_edit(tour, edit, attempts):
    while attempts > 0:
        page = read(tour)
        version = page.pop("version")
        new = edit(page)
        new["version"] = version + 1
        try:
            pages().put_item(Item=new, ConditionExpression=Attr("version").lte(version))
            return new
        except pages().meta.client.exceptions.ConditionalCheckFailedException:
            attempts -= 1
    raise GaveUp(tour)
