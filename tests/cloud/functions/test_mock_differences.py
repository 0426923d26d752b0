"""Where moto 5.2.5 differs from AWS in what the event sources touch.

A test here that fails after an update means that moto changed: the source that works
round the difference, and the fidelity sheet, can then be simpler.
"""

import json

import pytest

from workbook.cloud import RealCloudRefused, clock

VISIBILITY_S = 30


@pytest.fixture
def stream_records(make_table):
    """Write to a table, and return what its stream says."""

    def records(write, wait_s=0):
        from workbook.cloud.functions.aws import client  # noqa: PLC0415

        table = make_table()
        write(table)
        clock.advance(wait_s)
        arn = table.describe_table(TableName="orders")["Table"]["LatestStreamArn"]
        streams = client("dynamodbstreams")
        described = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        (shard,) = described["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        return streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]

    return records


def put(table, **more):
    table.put_item(TableName="orders", Item={"id": {"S": "a"}, **more})


def test_a_fifo_group_comes_back_with_its_second_message_first(make_queue, read, sqs):
    """AWS keeps the order of a group: SQS developer guide, FIFO delivery logic."""
    url = make_queue("orders.fifo")
    for body in "ab":
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert [m["Body"] for m in read(url)] == ["a", "b"]
    clock.advance(VISIBILITY_S + 0.001)
    assert [m["Body"] for m in read(url)] == ["b"]


def test_a_message_is_shown_a_millisecond_late(make_queue, read, sqs):
    url = make_queue()
    sqs.send_message(QueueUrl=url, MessageBody="m")
    read(url)
    clock.advance(VISIBILITY_S)
    assert read(url) == []
    clock.advance(0.001)
    assert len(read(url)) == 1


def test_an_old_receipt_handle_still_deletes(make_queue, read, sqs):
    """AWS may not delete by it: API_DeleteMessage."""
    url = make_queue()
    sqs.send_message(QueueUrl=url, MessageBody="m")
    (first,) = read(url)
    clock.advance(VISIBILITY_S + 1)
    read(url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    clock.advance(VISIBILITY_S + 1)
    assert read(url) == []


def test_a_fifo_message_without_its_own_deduplication_id_has_no_number(
    make_queue, read, sqs
):
    url = make_queue("orders.fifo")
    sqs.send_message(QueueUrl=url, MessageBody="m", MessageGroupId="g")
    (message,) = read(url)
    assert "SequenceNumber" not in message["Attributes"]


def test_a_write_that_changes_nothing_makes_a_stream_record(stream_records):
    """DynamoDB writes none: developer guide, Streams."""

    def write(table):
        put(table)
        put(table)

    assert [r["eventName"] for r in stream_records(write)] == ["INSERT", "MODIFY"]


def test_stream_records_name_another_region_and_an_old_version(stream_records):
    (record,) = stream_records(put)
    assert (record["awsRegion"], record["eventVersion"]) == ("us-east-1", "1.0")


def test_stream_records_outlive_their_24_hours(stream_records):
    assert len(stream_records(put, wait_s=25 * 3600)) == 1


ENTRY = {"Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}"}


def add_target(events, arn, **more):
    events.put_targets(Rule="placed", Targets=[{"Id": "t", "Arn": arn, **more}])


def test_a_rule_that_is_switched_off_still_delivers(events, make_queue, arn_of, read):
    url = make_queue()
    add_target(events, arn_of(url))
    events.disable_rule(Name="placed")
    events.put_events(Entries=[ENTRY])
    assert len(read(url)) == 1


def test_the_envelope_lacks_the_account(events, make_queue, arn_of, read):
    url = make_queue()
    add_target(events, arn_of(url))
    events.put_events(Entries=[ENTRY])
    assert "account" not in json.loads(read(url)[0]["Body"])


def test_input_path_is_not_applied(events, make_queue, arn_of, read):
    url = make_queue()
    add_target(events, arn_of(url), InputPath="$.detail")
    events.put_events(Entries=[ENTRY])
    assert "source" in json.loads(read(url)[0]["Body"])


def test_a_function_as_target_breaks_put_events(events):
    """Moto raises NotImplementedError, which the guard takes for an unknown call."""
    add_target(events, "arn:aws:lambda:ap-northeast-1:123456789012:function:pay")
    with pytest.raises(RealCloudRefused):
        events.put_events(Entries=[ENTRY])
