"""Real threads at the mock: one call at a time, and everybody at it at once."""

import threading

import boto3
import pytest
from botocore.exceptions import ClientError

from workbook.cloud import create_table, local_cloud
from workbook.cloud.threads import in_threads


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        cloud.reset()
        yield cloud


def test_a_conditional_put_has_one_winner():
    create_table("keys", "id")
    client = boto3.client("dynamodb")

    def put(key):
        try:
            client.put_item(
                TableName="keys",
                Item={"id": {"S": key}},
                ConditionExpression="attribute_not_exists(id)",
            )
        except ClientError:
            return 0
        return 1

    wins = [sum(in_threads(put, [f"key-{n}"] * 8)) for n in range(20)]
    assert wins == [1] * 20


def test_calls_of_different_threads_take_turns():
    """All read before anybody writes: a lock that favours its last holder would not."""
    table = create_table("numbers", "id")
    table.put_item(Item={"id": "a", "n": 0})
    client = boto3.resource("dynamodb").meta.client

    def add_one(_):
        n = client.get_item(TableName="numbers", Key={"id": "a"})["Item"]["n"]
        client.put_item(TableName="numbers", Item={"id": "a", "n": n + 1})

    for _ in range(5):
        in_threads(add_one, range(6))
    assert table.get_item(Key={"id": "a"})["Item"]["n"] < 30


def test_answers_stand_in_the_order_of_the_arguments():
    here = threading.get_ident()
    said = in_threads(lambda n: (n, threading.get_ident()), range(5))
    assert [n for n, _ in said] == list(range(5))
    assert here not in {thread for _, thread in said}
    assert in_threads(print, []) == []


def test_an_error_comes_out_when_all_have_ended():
    ended = []

    def work(n):
        if n == 1:
            raise KeyError("one")
        ended.append(n)

    with pytest.raises(KeyError, match="one"):
        in_threads(work, range(3))
    assert sorted(ended) == [0, 2]
    create_table("after", "id").put_item(Item={"id": "1"})
