"""DynamoDB Streams: docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html,
services-dynamodb-errors.html and services-ddb-batchfailurereporting.html there.
"""

import json

import pytest

from workbook.cloud import clock
from workbook.cloud.faults import Crash
from workbook.cloud.functions import Function, StreamSource

HORIZON = {"starting_position": "TRIM_HORIZON"}
REPORT = {"function_response_types": ["ReportBatchItemFailures"]}


def keys(event):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]


class Worker:
    """A handler that remembers the keys it got and fails on `poison`."""

    def __init__(self, poison=(), answer=None):
        self.poison, self.answer = set(poison), answer
        self.batches, self.at_s = [], []

    def __call__(self, event, context):
        self.batches.append(keys(event))
        self.at_s.append(clock.seconds())
        if self.poison & set(keys(event)):
            raise ValueError("poison")
        return self.answer(event) if self.answer else None


def put(table, *ids):
    for number in ids:
        table.put_item(TableName="orders", Item={"id": {"S": number}})


def test_the_event_has_the_documented_shape(make_table):
    table = make_table()
    item = {"id": {"S": "1"}, "raw": {"B": b"zz"}, "set": {"BS": [b"zz"]}}
    table.put_item(TableName="orders", Item=item)
    function = Function(Worker())
    source = StreamSource(function, "orders", **HORIZON)
    source.drain()
    (record,) = function.log[0].event["Records"]
    change = record.pop("dynamodb")
    assert record.pop("eventID")
    assert record == {
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "ap-northeast-1",
        "eventSourceARN": source.shard.stream_arn,
    }
    assert change["ApproximateCreationDateTime"] == 1520730000
    assert change["Keys"] == {"id": {"S": "1"}}
    assert change["NewImage"]["raw"] == {"B": "eno="}
    assert change["NewImage"]["set"] == {"BS": ["eno="]}
    assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert change["SequenceNumber"].isdigit()
    assert "OldImage" not in change


def test_insert_modify_remove_in_order_with_both_images(make_table):
    table = make_table()
    for n in "12":
        item = {"id": {"S": "a"}, "n": {"N": n}}
        table.put_item(TableName="orders", Item=item)
    table.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    function = Function(Worker())
    StreamSource(function, "orders", **HORIZON).drain()
    records = function.log[0].event["Records"]
    assert [r["eventName"] for r in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["OldImage"]["n"] == {"N": "1"}
    assert records[1]["dynamodb"]["NewImage"]["n"] == {"N": "2"}
    assert "userIdentity" not in records[2]


def test_a_write_that_changes_nothing_leaves_no_record(make_table):
    table = make_table()
    put(table, "a", "a")
    function = Function(Worker())
    StreamSource(function, "orders", **HORIZON).drain()
    assert [r["eventName"] for r in function.log[0].event["Records"]] == ["INSERT"]


def test_a_stream_of_keys_only_carries_no_image(make_table):
    table = make_table(view="KEYS_ONLY")
    put(table, "a")
    function = Function(Worker())
    StreamSource(function, "orders", **HORIZON).drain()
    change = function.log[0].event["Records"][0]["dynamodb"]
    assert change["Keys"] == {"id": {"S": "a"}}
    assert not {"NewImage", "OldImage"} & set(change)


def test_an_expired_item_is_removed_by_the_service(make_table):
    table = make_table()
    table.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    expires = {"N": str(int(clock.seconds()) + 60)}
    item = {"id": {"S": "a"}, "expires": expires}
    table.put_item(TableName="orders", Item=item)
    clock.advance(61)
    assert clock.expire_items() == 1
    function = Function(Worker())
    StreamSource(function, "orders", **HORIZON).drain()
    removed = function.log[0].event["Records"][-1]
    assert removed["eventName"] == "REMOVE"
    assert removed["userIdentity"] == {
        "type": "Service",
        "principalId": "dynamodb.amazonaws.com",
    }


def test_an_item_that_somebody_deleted_late_names_nobody(make_table):
    table = make_table()
    table.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    item = {"id": {"S": "a"}, "expires": {"N": str(int(clock.seconds()) - 60)}}
    table.put_item(TableName="orders", Item=item)
    table.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    function = Function(Worker())
    StreamSource(function, "orders", **HORIZON).drain()
    assert "userIdentity" not in function.log[0].event["Records"][-1]


def test_latest_skips_what_was_written_before(make_table):
    table, worker = make_table(), Worker()
    put(table, "old")
    source = StreamSource(Function(worker), "orders", starting_position="LATEST")
    put(table, "new")
    source.drain()
    assert worker.batches == [["new"]]


def test_a_batch_holds_100_records_by_default(make_table):
    table, worker = make_table(), Worker()
    put(table, *(str(n) for n in range(120)))
    StreamSource(Function(worker), "orders", **HORIZON).drain()
    assert [len(batch) for batch in worker.batches] == [100, 20]
    assert sum(worker.batches, []) == [str(n) for n in range(120)]


def test_batching_window_gathers_records(make_table):
    table, worker = make_table(), Worker()
    source = StreamSource(
        Function(worker), "orders", **HORIZON, maximum_batching_window_in_seconds=10
    )
    put(table, "a")
    clock.call_later(5, lambda: put(table, "b"))
    assert source.drain().elapsed_s == 10
    assert worker.batches == [["a", "b"]]


def test_a_failed_batch_blocks_the_shard_until_it_passes(make_table):
    table, worker = make_table(), Worker(poison={"a"})
    put(table, "a", "b")
    source = StreamSource(Function(worker), "orders", **HORIZON, batch_size=1)
    source.drain(within_s=10)
    assert set(map(tuple, worker.batches)) == {("a",)}
    worker.poison.clear()
    source.drain()
    assert worker.batches[-2:] == [["a"], ["b"]]


@pytest.mark.parametrize("error", [Crash("killed"), SystemExit(1)])
def test_a_killed_process_is_retried(make_table, error):
    table, ends = make_table(), [error]

    def handler(event, context):
        if ends:
            raise ends.pop()

    put(table, "a")
    function = Function(handler)
    StreamSource(function, "orders", **HORIZON).drain()
    assert [row.ok for row in function.log] == [False, True]


def test_by_default_poison_blocks_for_the_24_hours_that_records_live(make_table):
    table, worker = make_table(), Worker(poison={"a"})
    put(table, "a")
    clock.call_later(3600, lambda: put(table, "b"))
    source = StreamSource(Function(worker), "orders", **HORIZON)
    summary = source.drain(within_s=30 * 3600)
    assert summary.done
    assert worker.at_s[-1] - worker.at_s[0] == pytest.approx(24 * 3600, abs=1)
    assert worker.batches[-1] == ["b"]
    assert set(map(tuple, worker.batches[:-1])) == {("a",)}


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_maximum_retry_attempts_then_the_shard_moves_on(make_table, retries):
    table, worker = make_table(), Worker(poison={"a"})
    put(table, "a", "b")
    StreamSource(
        Function(worker),
        "orders",
        **HORIZON,
        batch_size=1,
        maximum_retry_attempts=retries,
    ).drain()
    assert worker.batches == [["a"]] * (1 + retries) + [["b"]]


def test_maximum_record_age(make_table):
    table, worker = make_table(), Worker(poison={"a"})
    put(table, "a")
    source = StreamSource(
        Function(worker), "orders", **HORIZON, maximum_record_age_in_seconds=60
    )
    assert source.drain().elapsed_s == 60
    (record,) = source.discarded
    assert record["requestContext"]["condition"] == "RecordAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == len(worker.batches)


def test_records_too_old_before_their_first_attempt_are_discarded(make_table):
    table, worker = make_table(), Worker()
    put(table, "a")
    clock.advance(100)
    put(table, "b")
    source = StreamSource(
        Function(worker), "orders", **HORIZON, maximum_record_age_in_seconds=60
    )
    source.drain()
    assert worker.batches == [["b"]]
    (record,) = source.discarded
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    assert record["requestContext"]["approximateInvokeCount"] == 0


def test_failure_document_tells_the_place_and_not_the_content(
    make_table, make_queue, arn_of, read
):
    table, url = make_table(), make_queue("failed")
    put(table, "a", "b")
    function = Function(Worker(poison={"a"}), name="project")
    source = StreamSource(
        function,
        "orders",
        **HORIZON,
        maximum_retry_attempts=1,
        on_failure=arn_of(url),
    )
    source.drain()
    (message,) = read(url)
    document = json.loads(message["Body"])
    numbers = [
        r["dynamodb"]["SequenceNumber"] for r in function.log[0].event["Records"]
    ]
    assert document["requestContext"] == {
        "requestId": function.log[-1].request_id,
        "functionArn": function.arn,
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 2,
    }
    assert document["responseContext"]["functionError"] == "Unhandled"
    assert document["DDBStreamBatchInfo"] == {
        "shardId": source.shard.shard_id,
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[1],
        "approximateArrivalOfFirstRecord": "2018-03-11T01:00:00.000Z",
        "approximateArrivalOfLastRecord": "2018-03-11T01:00:00.000Z",
        "batchSize": 2,
        "streamArn": source.shard.stream_arn,
    }
    assert "Records" not in document


def test_bisect_isolates_the_poison_and_costs_no_attempt(make_table):
    table, worker = make_table(), Worker(poison={"c"})
    put(table, *"abcdefgh")
    source = StreamSource(
        Function(worker),
        "orders",
        **HORIZON,
        bisect_batch_on_function_error=True,
        maximum_retry_attempts=1,
    )
    source.drain()
    assert worker.batches == [
        list("abcdefgh"),
        list("abcd"),
        list("ab"),
        list("cd"),
        ["c"],
        ["c"],  # the one attempt that it is allowed
        ["d"],
        list("efgh"),
    ]
    assert source.discarded[0]["DDBStreamBatchInfo"]["batchSize"] == 1


def failing(*ids):
    def answer(event):
        numbers = [
            record["dynamodb"]["SequenceNumber"]
            for record in event["Records"]
            if record["dynamodb"]["Keys"]["id"]["S"] in ids
        ]
        return {"batchItemFailures": [{"itemIdentifier": n} for n in numbers]}

    return answer


def test_checkpoint_is_the_lowest_reported_sequence_number(make_table):
    table, worker = make_table(), Worker(answer=failing("d", "b"))
    put(table, *"abcd")
    StreamSource(
        Function(worker), "orders", **HORIZON, **REPORT, maximum_retry_attempts=1
    ).drain()
    assert worker.batches == [list("abcd"), list("bcd")]


def test_the_rest_of_a_batch_is_discarded_not_what_was_done(make_table):
    table, worker = make_table(), Worker(answer=failing("b"))
    put(table, *"abc")
    source = StreamSource(
        Function(worker), "orders", **HORIZON, **REPORT, maximum_retry_attempts=2
    )
    source.drain()
    assert worker.batches == [list("abc"), list("bc"), list("bc")]
    (document,) = source.discarded
    assert document["DDBStreamBatchInfo"]["batchSize"] == 2


def test_bisect_with_a_report_splits_at_the_checkpoint(make_table):
    table, worker = make_table(), Worker(answer=failing("b"))
    put(table, *"abcd")
    StreamSource(
        Function(worker),
        "orders",
        **HORIZON,
        **REPORT,
        bisect_batch_on_function_error=True,
        maximum_retry_attempts=0,
    ).drain()
    assert worker.batches == [list("abcd")]


@pytest.mark.parametrize("response", [None, {}, {"batchItemFailures": []}])
def test_complete_success(make_table, response):
    table, worker = make_table(), Worker(answer=lambda event: response)
    put(table, *"ab")
    StreamSource(Function(worker), "orders", **HORIZON, **REPORT).drain()
    assert worker.batches == [list("ab")]


@pytest.mark.parametrize("identifier", ["", None, "7"])
def test_complete_failure(make_table, identifier):
    answer = {"batchItemFailures": [{"itemIdentifier": identifier}]}
    table, worker = make_table(), Worker(answer=lambda event: answer)
    put(table, *"ab")
    StreamSource(
        Function(worker), "orders", **HORIZON, **REPORT, maximum_retry_attempts=1
    ).drain()
    assert worker.batches == [list("ab")] * 2


def test_one_batch_of_the_shard_at_a_time(make_table):
    table = make_table()
    put(table, *"abc")
    function = Function(Worker(), duration_s=2)
    summary = StreamSource(function, "orders", **HORIZON, batch_size=1).drain()
    starts = [row.start_s - function.log[0].start_s for row in function.log]
    assert starts == [0, 2, 4]
    assert summary.elapsed_s == 6


def test_many_batches_at_one_moment(make_table):
    table, worker = make_table(), Worker()
    put(table, *(str(n) for n in range(300)))
    StreamSource(Function(worker), "orders", **HORIZON, batch_size=1).drain()
    assert len(worker.batches) == 300


def test_throttling_costs_no_attempt(make_table):
    table, worker = make_table(), Worker()
    put(table, "a")
    function = Function(worker, reserved_concurrency=1)
    function.running = 1
    source = StreamSource(function, "orders", **HORIZON, maximum_retry_attempts=0)
    clock.call_later(30, lambda: setattr(function, "running", 0))
    source.drain(within_s=100)
    assert worker.batches == [["a"]]
    assert source.discarded == []


def test_a_handler_that_moves_the_clock_keeps_the_order(make_table):
    table, seen = make_table(), []

    def handler(event, context):
        clock.advance(1)
        seen.append(keys(event))

    put(table, *"abc")
    StreamSource(Function(handler), "orders", **HORIZON, batch_size=1).drain()
    assert seen == [["a"], ["b"], ["c"]]


def test_a_filter_drops_records_before_the_function(make_table):
    table, worker = make_table(), Worker()
    put(table, "a")
    table.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    source = StreamSource(
        Function(worker), "orders", **HORIZON, filters=[{"eventName": ["REMOVE"]}]
    )
    assert source.drain().done
    assert worker.batches == [["a"]]


def test_a_started_source_follows_the_clock(make_table):
    table, worker = make_table(), Worker()
    source = StreamSource(Function(worker), "orders", **HORIZON)
    source.start()
    clock.advance(5)
    put(table, "a")
    clock.advance(1)
    assert worker.batches == [["a"]]


def test_a_table_without_a_stream_is_refused_with_the_way_on(make_table):
    make_table(stream=False)
    with pytest.raises(ValueError, match="StreamSpecification"):
        StreamSource(Function(Worker()), "orders", **HORIZON)


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"starting_position": "AT_TIMESTAMP"}, "StartingPosition"),
        ({"batch_size": 0}, "BatchSize"),
        ({"batch_size": 10_001}, "BatchSize"),
        ({"maximum_batching_window_in_seconds": 301}, "MaximumBatchingWindow"),
        ({"maximum_retry_attempts": -2}, "MaximumRetryAttempts"),
        ({"maximum_retry_attempts": 10_001}, "MaximumRetryAttempts"),
        ({"maximum_record_age_in_seconds": 59}, "MaximumRecordAgeInSeconds"),
        ({"maximum_record_age_in_seconds": 604_801}, "MaximumRecordAgeInSeconds"),
        ({"on_failure": "arn:aws:events:r:1:event-bus/b"}, "OnFailure"),
        ({"function_response_types": ["Report"]}, "FunctionResponseTypes"),
    ],
)
def test_settings_are_refused_by_their_name_on_aws(make_table, setting, name):
    make_table()
    with pytest.raises(ValueError, match=name):
        StreamSource(Function(Worker()), "orders", **(HORIZON | setting))


def test_the_bounds_are_those_of_the_service_model(members_of):
    members = members_of("lambda", "CreateEventSourceMappingRequest")
    bounds = {
        name: (members[name].metadata["min"], members[name].metadata["max"])
        for name in ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BatchSize")
    }
    assert bounds == {
        "MaximumRetryAttempts": (-1, 10_000),
        "MaximumRecordAgeInSeconds": (-1, 604_800),
        "BatchSize": (1, 10_000),
    }
