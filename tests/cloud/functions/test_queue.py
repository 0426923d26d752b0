"""SQS: docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and
docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html.
"""

import hashlib

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import clock, faults
from workbook.cloud.faults import Crash
from workbook.cloud.functions import Function, QueueSource


class Worker:
    """A handler that remembers what it got and fails where told."""

    def __init__(self, fails=lambda body, attempt: False, answer=None):
        self.fails, self.answer = fails, answer
        self.bodies, self.batches, self.at_s = [], [], []

    def __call__(self, event, context):
        bodies = [record["body"] for record in event["Records"]]
        self.batches.append(bodies)
        self.bodies += bodies
        self.at_s.append(clock.seconds())
        for record in event["Records"]:
            count = int(record["attributes"]["ApproximateReceiveCount"])
            if self.fails(record["body"], count):
                raise ValueError(record["body"])
        return self.answer(event) if self.answer else None

    @property
    def waits(self):
        return [round(at_s - self.at_s[0], 2) for at_s in self.at_s]


@pytest.fixture
def send(sqs):
    def send(url, *bodies, group=None, **more):
        extra = {"MessageGroupId": group} if group else {}
        for body in bodies:
            sqs.send_message(QueueUrl=url, MessageBody=body, **extra, **more)

    return send


def left_in(sqs, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def report(*bodies):
    """Answer with a partial batch response naming the messages with `bodies`."""

    def answer(event):
        ids = [r["messageId"] for r in event["Records"] if r["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": i} for i in ids]}

    return answer


def test_the_event_has_the_documented_shape(make_queue, arn_of, sqs):
    url = make_queue()
    sent = sqs.send_message(
        QueueUrl=url,
        MessageBody="hello",
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "test"},
            "raw": {"DataType": "Binary", "BinaryValue": b"zz"},
        },
    )
    function = Function(lambda event, context: None)
    QueueSource(function, url).drain()
    (record,) = function.log[0].event["Records"]
    handle = record.pop("receiptHandle")
    sender = record["attributes"].pop("SenderId")
    assert handle
    assert sender
    assert record == {
        "messageId": sent["MessageId"],
        "body": "hello",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1520730000000",
            "ApproximateFirstReceiveTimestamp": "1520730000000",
        },
        "messageAttributes": {
            "kind": {
                "stringValue": "test",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            },
            "raw": {
                "binaryValue": "eno=",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "Binary",
            },
        },
        "md5OfBody": hashlib.md5(b"hello").hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn_of(url),
        "awsRegion": "ap-northeast-1",
    }


def test_success_deletes_and_a_batch_holds_ten(make_queue, send, sqs):
    url, worker = make_queue(), Worker()
    send(url, *map(str, range(25)))
    summary = QueueSource(Function(worker), url).drain()
    assert [len(batch) for batch in worker.batches] == [10, 10, 5]
    assert sorted(worker.bodies, key=int) == [str(n) for n in range(25)]
    assert left_in(sqs, url) == 0
    assert summary.done
    assert summary.elapsed_s == 0


def test_an_error_brings_the_whole_batch_back_at_the_visibility_timeout(
    make_queue, send
):
    url = make_queue(VisibilityTimeout="45")
    worker = Worker(fails=lambda body, attempt: body == "bad" and attempt == 1)
    send(url, "good", "bad")
    function = Function(worker)
    QueueSource(function, url).drain()
    assert worker.batches == [["good", "bad"]] * 2
    assert worker.waits == [0, 45]
    assert [row.attempt for row in function.log] == [1, 2]


@pytest.mark.parametrize("error", [Crash("killed"), SystemExit(1)])
def test_a_killed_process_brings_the_batch_back(make_queue, send, error):
    url, ends = make_queue(), [error]

    def handler(event, context):
        if ends:
            raise ends.pop()

    send(url, "m")
    function = Function(handler)
    QueueSource(function, url).drain()
    assert [row.ok for row in function.log] == [False, True]


def test_a_crash_between_effect_and_end_doubles_the_effect(make_queue, send, sqs):
    url, till = make_queue(), make_queue("till")

    def charge(event, context):
        sqs.send_message(QueueUrl=till, MessageBody="one charge")

    send(url, "m")
    function = Function(charge)
    with faults.crash_after(1):
        QueueSource(function, url).drain()
    assert [row.outcome for row in function.log] == ["crash", "success"]
    assert left_in(sqs, till) == 2


def test_faults_meant_for_a_handler_spare_the_poller(make_queue, send):
    url, worker = make_queue(), Worker()
    send(url, "m")
    with faults.throttle("sqs"), faults.request_lost("sqs"):
        summary = QueueSource(Function(worker), url).drain()
    assert summary.done
    assert summary.elapsed_s == 0
    assert worker.bodies == ["m"]


def test_an_interrupted_batch_comes_back_too(make_queue, send):
    url, ends = make_queue(), [KeyboardInterrupt]

    def handler(event, context):
        if ends:
            raise ends.pop()

    send(url, "m")
    function = Function(handler)
    source = QueueSource(function, url)
    with pytest.raises(KeyboardInterrupt):
        source.drain()
    assert source.drain().done
    assert len(function.log) == 1


def test_poison_goes_to_the_dead_letter_queue_after_max_receive_count(
    queue_with_dlq, send, read
):
    url, dead = queue_with_dlq(3)
    worker = Worker(fails=lambda body, attempt: body == "poison")
    send(url, "poison")
    summary = QueueSource(Function(worker), url).drain()
    assert worker.waits == [0, 30, 60]
    assert [m["Body"] for m in read(dead)] == ["poison"]
    assert summary.done


def test_poison_without_a_dead_letter_queue_never_ends_and_the_bound_holds(
    make_queue, send
):
    url, worker = make_queue(), Worker(fails=lambda body, attempt: True)
    send(url, "poison")
    summary = QueueSource(Function(worker), url).drain(within_s=300)
    assert len(worker.batches) == 10
    assert not summary.done
    assert summary.waiting == ("orders: 1 messages",)
    assert summary.elapsed_s <= 300


def test_partial_response_brings_back_only_what_is_named(make_queue, send, sqs):
    url = make_queue()
    worker = Worker(answer=report("b"))
    send(url, "a", "b", "c")
    QueueSource(
        Function(worker), url, function_response_types=["ReportBatchItemFailures"]
    ).drain(within_s=40)
    assert worker.batches == [["a", "b", "c"], ["b"]]
    assert left_in(sqs, url) == 1


def test_partial_response_is_not_read_unless_switched_on(make_queue, send, sqs):
    url, worker = make_queue(), Worker(answer=report("a"))
    send(url, "a")
    QueueSource(Function(worker), url).drain()
    assert worker.batches == [["a"]]
    assert left_in(sqs, url) == 0


def test_partial_poison_ends_in_the_dead_letter_queue_alone(queue_with_dlq, send, read):
    url, dead = queue_with_dlq(2)
    send(url, "a", "poison", "c")
    QueueSource(
        Function(Worker(answer=report("poison"))),
        url,
        function_response_types=["ReportBatchItemFailures"],
    ).drain()
    assert [m["Body"] for m in read(dead)] == ["poison"]


@pytest.mark.parametrize(
    "response",
    [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}],
)
def test_complete_success(make_queue, send, sqs, response):
    url = make_queue()
    send(url, "a", "b")
    QueueSource(
        Function(lambda event, context: response),
        url,
        function_response_types=["ReportBatchItemFailures"],
    ).drain(within_s=1)
    assert left_in(sqs, url) == 0


@pytest.mark.parametrize(
    "failures",
    [
        [{"itemIdentifier": ""}],
        [{"itemIdentifier": None}],
        [{"itemId": "x"}],
        [{"itemIdentifier": ["x"]}],
        [{"itemIdentifier": "unknown"}],
        ["x"],
        {"itemIdentifier": "x"},
        "x",
    ],
)
def test_complete_failure_of_a_malformed_report(make_queue, send, sqs, failures):
    url = make_queue()
    send(url, "a", "b")
    QueueSource(
        Function(lambda event, context: {"batchItemFailures": failures}),
        url,
        function_response_types=["ReportBatchItemFailures"],
    ).drain(within_s=1)
    assert left_in(sqs, url) == 2


def test_one_unknown_id_fails_the_whole_batch(make_queue, send, sqs):
    def handler(event, context):
        known = event["Records"][0]["messageId"]
        names = [{"itemIdentifier": i} for i in (known, "unknown")]
        return {"batchItemFailures": names}

    url = make_queue()
    send(url, "a", "b")
    QueueSource(
        Function(handler), url, function_response_types=["ReportBatchItemFailures"]
    ).drain(within_s=1)
    assert left_in(sqs, url) == 2


@pytest.mark.parametrize("response", ["ok", 7, [], True])
def test_a_response_that_is_no_object_fails_the_batch(make_queue, send, sqs, response):
    url = make_queue()
    send(url, "a")
    QueueSource(
        Function(lambda event, context: response),
        url,
        function_response_types=["ReportBatchItemFailures"],
    ).drain(within_s=1)
    assert left_in(sqs, url) == 1


def slow_queue(make_queue, sqs):
    """A queue whose timeout was shortened after its source was made, as AWS lets."""
    url = make_queue(VisibilityTimeout="120")
    return url, lambda: sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"VisibilityTimeout": "30"}
    )


def test_a_slow_invocation_is_overtaken_at_the_visibility_timeout(
    make_queue, send, sqs
):
    url, shorten = slow_queue(make_queue, sqs)
    worker = Worker()
    function = Function(worker, duration_s=40, timeout_s=60)
    source = QueueSource(function, url)
    shorten()
    send(url, "m")
    source.drain()
    assert worker.waits == [0, 30]  # the second began while the first was running
    assert [row.attempt for row in function.log] == [1, 2]


def test_a_handler_that_moves_the_clock_is_overtaken_too(make_queue, send, sqs):
    url, shorten = slow_queue(make_queue, sqs)

    def handler(event, context):
        clock.advance(40)

    function = Function(handler, timeout_s=60)
    source = QueueSource(function, url)
    shorten()
    send(url, "m")
    source.drain()
    assert [row.attempt for row in function.log] == [1, 2]
    assert all(row.ok for row in function.log)


def test_a_handler_within_the_visibility_timeout_is_not_overtaken(make_queue, send):
    url = make_queue()
    function = Function(lambda event, context: clock.advance(20), timeout_s=30)
    send(url, "m")
    QueueSource(function, url).drain()
    assert len(function.log) == 1


def test_a_timeout_brings_the_batch_back(make_queue, send):
    url = make_queue()
    lengths = iter([10, 1])
    function = Function(
        lambda event, context: None, duration_s=lambda event: next(lengths), timeout_s=5
    )
    send(url, "m")
    QueueSource(function, url).drain()
    assert [row.outcome for row in function.log] == ["timeout", "success"]


def test_batching_window_gathers_more_than_one_receive(make_queue, send):
    url, worker = make_queue(VisibilityTimeout="120"), Worker()
    send(url, *map(str, range(25)))
    summary = QueueSource(
        Function(worker), url, batch_size=100, maximum_batching_window_in_seconds=20
    ).drain()
    assert [len(batch) for batch in worker.batches] == [25]
    assert summary.elapsed_s == 20


def test_a_full_batch_does_not_wait_for_the_window(make_queue, send):
    url, worker = make_queue(), Worker()
    send(url, *map(str, range(20)))
    summary = QueueSource(
        Function(worker), url, batch_size=20, maximum_batching_window_in_seconds=20
    ).drain()
    assert summary.elapsed_s == 0
    assert [len(batch) for batch in worker.batches] == [20]


def test_a_window_longer_than_the_visibility_timeout_makes_duplicates(make_queue, send):
    url, worker = make_queue(VisibilityTimeout="30"), Worker()
    send(url, "m")
    QueueSource(
        Function(worker), url, batch_size=5, maximum_batching_window_in_seconds=40
    ).drain()
    assert worker.bodies == ["m", "m"]


def most_at_once(function):
    edges = [(row.start_s, 1) for row in function.log]
    edges += [(row.end_s, -1) for row in function.log]
    level = most = 0
    for _, step in sorted(edges):
        level += step
        most = max(most, level)
    return most


def test_maximum_concurrency(make_queue, send):
    url = make_queue()
    send(url, *map(str, range(12)))
    function = Function(lambda event, context: None, duration_s=2)
    QueueSource(function, url, batch_size=1, maximum_concurrency=3).drain()
    assert most_at_once(function) == 3
    assert len(function.log) == 12


def test_a_throttled_batch_is_tried_again_before_it_is_given_back(make_queue, send):
    url, worker = make_queue(), Worker()
    send(url, "a", "b")
    function = Function(worker, duration_s=2, reserved_concurrency=1)
    QueueSource(function, url, batch_size=1).drain()
    assert worker.waits == [0, 3]  # refused at 0 s and at 1 s
    assert [row.attempt for row in function.log] == [1, 1]


def test_without_maximum_concurrency_a_small_function_is_throttled_into_the_dlq(
    queue_with_dlq, send, read
):
    url, dead = queue_with_dlq(1, VisibilityTimeout="30")
    send(url, *map(str, range(5)))
    function = Function(
        lambda e, c: None, duration_s=20, timeout_s=30, reserved_concurrency=1
    )
    QueueSource(function, url, batch_size=1).drain()
    never_ran = {m["Body"] for m in read(dead)}
    assert never_ran
    assert len(function.log) + len(never_ran) == 5


def test_with_maximum_concurrency_within_the_reserve_nothing_is_lost(
    queue_with_dlq, send, read
):
    url, dead = queue_with_dlq(1, VisibilityTimeout="30")
    send(url, *map(str, range(5)))
    function = Function(
        lambda e, c: None, duration_s=20, timeout_s=30, reserved_concurrency=2
    )
    QueueSource(function, url, batch_size=1, maximum_concurrency=2).drain()
    assert read(dead) == []
    assert len(function.log) == 5


def test_delayed_messages_are_waited_for(make_queue, send):
    url, worker = make_queue(), Worker()
    send(url, "m", DelaySeconds=90)
    summary = QueueSource(Function(worker), url).drain()
    assert worker.bodies == ["m"]
    assert summary.elapsed_s == pytest.approx(90, abs=0.01)


def test_fifo_keeps_the_order_of_a_group_through_a_failure(make_queue, send):
    url = make_queue("orders.fifo")
    worker = Worker(fails=lambda body, attempt: body == "a1" and attempt == 1)
    send(url, "a1", "a2", "a3", group="a")
    QueueSource(Function(worker), url, batch_size=2).drain()
    assert worker.batches == [["a1", "a2"], ["a1", "a2"], ["a3"]]
    assert worker.waits == [0, 30, 30]


def test_fifo_a_failed_message_blocks_its_group_and_no_other(make_queue, send):
    url = make_queue("orders.fifo")
    worker = Worker(fails=lambda body, attempt: body == "a1" and attempt == 1)
    send(url, "a1", group="a")
    send(url, "b1", group="b")
    send(url, "a2", group="a")
    QueueSource(Function(worker), url, batch_size=1).drain()
    assert worker.bodies == ["a1", "b1", "a1", "a2"]
    assert worker.waits == [0, 0, 30, 30]


def test_fifo_runs_one_batch_of_a_group_at_a_time(make_queue, send):
    url = make_queue("orders.fifo")
    send(url, "a1", "a2", "a3", group="a")
    send(url, "b1", group="b")
    function = Function(lambda event, context: None, duration_s=2)
    QueueSource(function, url, batch_size=1).drain()
    assert most_at_once(function) == 2  # the number of groups
    bodies = [row.event["Records"][0]["body"] for row in function.log]
    assert [body for body in bodies if body.startswith("a")] == ["a1", "a2", "a3"]


def test_fifo_poison_frees_its_group_by_the_dead_letter_queue(
    queue_with_dlq, send, read
):
    url, dead = queue_with_dlq(2, name="orders.fifo", dead="dead.fifo")
    worker = Worker(fails=lambda body, attempt: body == "a1")
    send(url, "a1", "a2", group="a")
    QueueSource(Function(worker), url, batch_size=1).drain()
    assert worker.bodies == ["a1", "a1", "a2"]
    assert [m["Body"] for m in read(dead)] == ["a1"]


def test_fifo_event_carries_group_and_sequence(make_queue, send):
    url = make_queue("orders.fifo")
    # moto numbers only messages that bring a de-duplication id of their own
    send(url, "a1", group="a", MessageDeduplicationId="o-1")
    function = Function(lambda event, context: None)
    QueueSource(function, url).drain()
    attributes = function.log[0].event["Records"][0]["attributes"]
    assert attributes["MessageGroupId"] == "a"
    assert {"SequenceNumber", "MessageDeduplicationId"} <= set(attributes)


def test_messages_that_a_handler_sends_are_drained_too(make_queue, send, sqs):
    url = make_queue()

    def handler(event, context):
        (record,) = event["Records"]
        if int(record["body"]):
            body = str(int(record["body"]) - 1)
            sqs.send_message(QueueUrl=url, MessageBody=body)

    send(url, "3")
    function = Function(handler)
    assert QueueSource(function, url).drain().invocations == 4


def test_a_started_source_polls_as_the_clock_moves(make_queue, send):
    url, worker = make_queue(), Worker()
    source = QueueSource(Function(worker), url)
    source.start()
    clock.advance(10)
    send(url, "m")
    clock.advance(1)
    assert worker.bodies == ["m"]
    source.stop()
    send(url, "n")
    clock.advance(60)
    assert worker.bodies == ["m"]


def test_a_started_source_fills_a_place_as_soon_as_it_is_free(make_queue, send):
    url = make_queue()
    send(url, "a", "b", "c")
    function = Function(lambda event, context: None, duration_s=2)
    source = QueueSource(function, url, batch_size=1, maximum_concurrency=2)
    source.start(poll_every_s=20)
    clock.advance(40)
    starts = [row.start_s - function.log[0].start_s for row in function.log]
    assert starts == [0, 0, 2]


def test_a_started_source_stops_when_its_queue_is_gone(make_queue, sqs):
    url = make_queue()
    source = QueueSource(Function(Worker()), url)
    source.start()
    sqs.delete_queue(QueueUrl=url)
    clock.advance(5)
    with pytest.raises(LookupError, match="create it and its source again"):
        source.drain()


def test_a_queue_that_its_handler_deletes_is_told(make_queue, send, sqs):
    url = make_queue()
    send(url, "m")
    function = Function(lambda event, context: sqs.delete_queue(QueueUrl=url))
    with pytest.raises((ClientError, LookupError)):
        QueueSource(function, url).drain()
    assert len(function.log) == 1


def test_a_visibility_timeout_of_zero_is_refused_instead_of_looping(
    make_queue, send, sqs
):
    url = make_queue()
    source = QueueSource(Function(Worker(fails=lambda *_: True)), url)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    send(url, "m")
    with pytest.raises(ValueError, match="VisibilityTimeout is 0"):
        source.drain()


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        ("q", {"batch_size": 0}, "BatchSize"),
        ("q", {"batch_size": 10_001}, "BatchSize"),
        ("q", {"batch_size": 11}, "MaximumBatchingWindowInSeconds"),
        ("q.fifo", {"batch_size": 11}, "BatchSize"),
        (
            "q.fifo",
            {"maximum_batching_window_in_seconds": 1},
            "MaximumBatchingWindowInSeconds",
        ),
        (
            "q",
            {"maximum_batching_window_in_seconds": 301},
            "MaximumBatchingWindowInSeconds",
        ),
        ("q", {"maximum_concurrency": 1}, "MaximumConcurrency"),
        ("q", {"maximum_concurrency": 1001}, "MaximumConcurrency"),
        ("q", {"function_response_types": ["Report"]}, "FunctionResponseTypes"),
    ],
)
def test_settings_are_refused_by_their_name_on_aws(make_queue, name, settings, reason):
    url = make_queue(name)
    with pytest.raises(ValueError, match=reason):
        QueueSource(Function(Worker()), url, **settings)


def test_a_visibility_timeout_below_the_functions_timeout_is_refused(make_queue):
    url = make_queue(VisibilityTimeout="10")
    with pytest.raises(ValueError, match="10 seconds is less than Function timeout"):
        QueueSource(Function(Worker(), timeout_s=11), url)
    QueueSource(Function(Worker(), timeout_s=10), url)


def test_the_bounds_are_those_of_the_service_model(members_of):
    members = members_of("lambda", "CreateEventSourceMappingRequest")
    bounds = {
        name: (members[name].metadata["min"], members[name].metadata["max"])
        for name in ("BatchSize", "MaximumBatchingWindowInSeconds")
    }
    assert bounds == {
        "BatchSize": (1, 10_000),
        "MaximumBatchingWindowInSeconds": (0, 300),
    }
    scaling = members["ScalingConfig"].members["MaximumConcurrency"].metadata
    assert (scaling["min"], scaling["max"]) == (2, 1000)
    types = members["FunctionResponseTypes"].member.enum
    assert list(types) == ["ReportBatchItemFailures"]
