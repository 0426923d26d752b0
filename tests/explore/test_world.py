"""The explorer's memory of the mock: it answers as the mock itself would have."""

import contextlib

import boto3
import pytest
from botocore.exceptions import ClientError
from handlers import EVENT, charges, fresh_tables, seen

from workbook.cloud import clock, create_table, local_cloud
from workbook.explore import explore
from workbook.explore.world import WorldLost


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        yield cloud


def run_all(handler, invariant=lambda: True, **options):
    return explore(handler, EVENT, setup=fresh_tables, invariant=invariant, **options)


def test_the_same_call_at_another_time_is_another_call():
    queue = boto3.resource("sqs").create_queue(QueueName="orders")
    queue.send_message(MessageBody="charge")
    fresh_tables()

    def looks_twice(event, context):
        found = [len(queue.receive_messages(VisibilityTimeout=10))]
        clock.advance(11)  # what was hidden comes back
        found.append(len(queue.receive_messages(VisibilityTimeout=10)))
        seen().put_item(Item={"id": str(found)})

    def both_times():
        return [item["id"] for item in seen().scan()["Items"]] == ["[1, 1]"]

    options = {"deliveries": 1, "faults": ()}
    assert explore(looks_twice, EVENT, invariant=both_times, **options).holds


def test_two_deliveries_send_messages_with_ids_of_their_own():
    queue = boto3.resource("sqs").create_queue(QueueName="orders")

    def sends(event, context):
        queue.send_message(MessageBody="charge")

    def other_ids():
        return (
            len({m.message_id for m in queue.receive_messages(MaxNumberOfMessages=9)})
            == 2
        )

    assert explore(sends, EVENT, invariant=other_ids, faults=()).holds


def test_a_table_of_the_same_name_in_another_region_is_another_table():
    def in_two_regions(event, context):
        for region in ("ap-northeast-1", "eu-west-1"):
            client = boto3.client("dynamodb", region_name=region)
            client.put_item(TableName="seen", Item={"id": {"S": region}})

    def setup():
        for region in ("ap-northeast-1", "eu-west-1"):
            boto3.client("dynamodb", region_name=region).create_table(
                TableName="seen", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            )  # fmt: skip

    def one_each():
        for region in ("ap-northeast-1", "eu-west-1"):
            items = boto3.client("dynamodb", region_name=region).scan(TableName="seen")
            assert [item["id"]["S"] for item in items["Items"]] == [region]

    assert explore(in_two_regions, EVENT, setup=setup, invariant=one_each).holds


def test_an_error_is_fresh_each_time_it_is_raised():
    def spoils_the_error(event, context):
        for _ in range(2):
            try:
                seen().update_item(
                    Key={"id": "x"}, UpdateExpression="ADD n :n",
                    ConditionExpression="attribute_exists(id)",
                    ExpressionAttributeValues={":n": 1},
                )  # fmt: skip
            except ClientError as error:
                code = error.response["Error"].pop("Code")
                assert code == "ConditionalCheckFailedException"

    def all_returned(run):
        return all(end.outcome == "returned" for end in run.ended)

    result = run_all(spoils_the_error, all_returned, faults=())
    assert result.holds and result.schedules > 1


def test_what_comes_to_wait_on_the_clock_is_set_aside_and_comes_back():
    rang, began = [], clock.seconds()
    clock.call_later(60, lambda: rang.append(clock.seconds() - began))

    def sleepy(event, context):
        clock.advance(3600)

    assert run_all(sleepy).holds
    assert (rang, clock.seconds()) == ([], began)
    clock.advance(60)
    assert rang == [60]


def test_a_world_that_cannot_be_copied_is_refused_and_kept():
    import moto.sqs.models

    queue = boto3.resource("sqs").create_queue(QueueName="orders")
    backend = moto.sqs.models.sqs_backends["123456789012"]["ap-northeast-1"]
    backend.uncopyable = (number for number in range(3))
    try:
        with pytest.raises(WorldLost, match="setup="):
            run_all(lambda event, context: None)
    finally:
        del backend.uncopyable
    assert queue.attributes["ApproximateNumberOfMessages"] == "0"  # still there


def test_a_sleep_bound_by_name_takes_no_time_either():
    from time import sleep

    def sleepy(event, context):
        sleep(3600)
        charges().put_item(Item={"id": str(int(clock.seconds()))})

    began = int(clock.seconds())

    def an_hour_passed():
        return [item["id"] for item in charges().scan()["Items"]] == [str(began + 3600)]

    options = {"deliveries": 1, "faults": ()}
    assert run_all(sleepy, an_hour_passed, **options).holds


def test_a_sleep_is_a_step_where_others_may_run_but_nothing_is_lost():
    import time

    def sleepy(event, context):
        seen().put_item(Item={"id": "before"})
        time.sleep(1)

    result = run_all(sleepy, deliveries=1)
    faulty = [faults for faults in result.table()["faults"] if faults != "none"]
    assert faulty and not [faults for faults in faulty if "sleep" in faults]


def test_prints_are_silent_but_in_a_replay(capsys):
    def chatty(event, context):
        print("here I am")
        seen().put_item(Item={"id": "x"})

    result = run_all(chatty, lambda: "a reason", faults=())
    assert capsys.readouterr().out == ""
    result.replay(result.counterexample.id)
    assert capsys.readouterr().out == "here I am\n" * 2


def test_what_is_returned_is_told_delivery_by_delivery():
    def own_item(event, context):
        seen().put_item(Item={"id": context.aws_request_id})
        return context.aws_request_id[-1]

    answers = set()

    def note(run):
        answers.add(run.returned)

    run_all(own_item, note, faults=(), prune=False)
    assert len(answers) == 1


def test_an_address_in_memory_is_not_shown():
    def returns_an_object(event, context):
        seen().put_item(Item={"id": "x"})
        return object()

    run = run_all(returns_an_object, lambda: "a reason", faults=()).counterexample
    assert "<object object>" in run.text and "0x" not in run.text


def test_a_table_that_the_handler_changes_is_looked_at_again():
    def swaps(event, context):
        client = boto3.client("dynamodb")
        with contextlib.suppress(ClientError):
            client.delete_table(TableName="seen")
            create_table("seen", "other")
        with contextlib.suppress(ClientError):
            seen().put_item(Item={"other": context.aws_request_id})

    pruned = run_all(swaps, faults=())
    assert pruned.holds and pruned.schedules > 1


def test_bounded_preemptions_are_not_pruned():
    """Sleep sets could leave out the one order that has few enough interruptions."""

    def two_steps(event, context):
        found = seen().get_item(Key={"id": "x"}).get("Item", {"n": 0})
        seen().put_item(Item={"id": "x", "n": int(found["n"]) + 1})

    def states(**options):
        found = set()
        run_all(
            two_steps, lambda: found.add(repr(seen().scan()["Items"])), crashes=0,
            **options,
        )  # fmt: skip
        return found

    assert states(preemptions=1) == states(prune=False) and len(states()) == 2
