"""Virtual time: what moves it, what runs on the way, what really waits."""

import datetime as dt
import subprocess
import sys
import threading
import time

import boto3
import pytest
from botocore.config import Config
from botocore.retries.bucket import Clock, TokenBucket
from hypothesis import given
from hypothesis import strategies as st

from workbook.cloud import clock, create_table, local_cloud

START_S = clock.START.timestamp()


@pytest.fixture
def running():
    """A clock that runs by itself, without the mock cloud."""
    clock.start()
    yield
    clock.stop()


@pytest.fixture
def cloud():
    with local_cloud() as world:
        yield world


def test_start_is_ten_in_the_morning_in_sapporo():
    sapporo = dt.timezone(dt.timedelta(hours=9))
    assert clock.START.astimezone(sapporo) == dt.datetime(
        2018, 3, 11, 10, tzinfo=sapporo
    )
    assert clock.START.tzinfo is dt.UTC


def test_time_stands_still_everywhere(running):
    first = time.time(), dt.datetime.now(dt.UTC), clock.now(), clock.seconds()
    time.monotonic()
    assert first == (START_S, clock.START, clock.START, START_S)
    assert first == (time.time(), dt.datetime.now(dt.UTC), clock.now(), clock.seconds())


def test_monotonic_time_goes_on(running):
    before = time.monotonic()
    assert any(time.monotonic() > before for _ in range(10_000))


def test_stopping_gives_real_time_back():
    before = time.time()
    clock.start()
    assert clock.running() and time.time() < before
    clock.stop()
    assert not clock.running() and time.time() >= before
    clock.stop()
    assert abs(clock.seconds() - time.time()) < 60
    assert abs(clock.now().timestamp() - time.time()) < 60


def test_starting_again_starts_afresh(running):
    clock.call_later(5, lambda: None)
    clock.advance(3)
    clock.start()
    assert clock.now() == clock.START
    assert clock.next_due() is None


def test_starting_elsewhere():
    moment = dt.datetime(2026, 2, 4, 12, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    clock.start(moment)
    try:
        assert clock.now() == moment and clock.now().tzinfo is dt.UTC
    finally:
        clock.stop()


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.start(dt.datetime(2026, 2, 4))
    assert not clock.running()


@pytest.mark.parametrize(
    "move",
    [
        lambda: clock.advance(1),
        lambda: clock.advance_to(time.time() + 5),
        lambda: clock.jump_to(0),
        lambda: clock.call_at(0, print),
        lambda: clock.call_later(0, print),
    ],
)
def test_a_stopped_clock_says_how_to_start_it(move):
    with pytest.raises(RuntimeError, match=r"call local_cloud\(\) first"):
        move()


def test_advance_moves_the_time(running):
    clock.advance(0.25)
    clock.advance(6 * 3600)
    assert clock.seconds() == START_S + 6 * 3600 + 0.25


def test_advance_counts_microseconds_without_drift(running):
    for _ in range(1000):
        clock.advance(0.1)
    assert clock.now() == clock.START + dt.timedelta(seconds=100)


@given(st.integers(0, 10**9), st.integers(0, 10**7))
def test_a_delay_is_over_once_it_has_passed(since_us, delay_us):
    """However floats round: a lease of 0.1 s ends with `advance(0.1)`, not before."""
    clock.start(clock.START + dt.timedelta(microseconds=since_us))
    try:
        seen = []
        clock.call_later(delay_us / 1e6, lambda: seen.append(1))
        if delay_us:
            clock.advance((delay_us - 1) / 1e6)
            assert seen == []
            clock.advance(1e-6)
        else:
            clock.advance(0)
        assert seen == [1]
    finally:
        clock.stop()


def test_going_back_is_refused(running):
    with pytest.raises(ValueError, match="jump_to"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="jump_to"):
        clock.advance_to(START_S - 0.5)
    assert clock.seconds() == START_S


def test_callbacks_run_in_order_each_at_its_moment(running):
    seen = []
    note = seen.append
    clock.call_later(3, lambda: note(("c", clock.seconds() - START_S)))
    clock.call_at(START_S + 1, lambda: note(("a", clock.seconds() - START_S)))
    clock.call_later(1, lambda: note(("b", clock.seconds() - START_S)))
    clock.call_later(9, lambda: note(("d", clock.seconds() - START_S)))
    clock.advance(5)
    assert seen == [("a", 1.0), ("b", 1.0), ("c", 3.0)]
    assert clock.seconds() == START_S + 5
    assert clock.next_due() == START_S + 9
    clock.advance_to(START_S + 9)
    assert seen[-1] == ("d", 9.0)
    assert clock.next_due() is None


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(0, 6))
def test_order_is_by_moment_then_by_registration(delays_s, until_s):
    clock.start()
    try:
        seen = []
        for number, delay_s in enumerate(delays_s):
            clock.call_later(
                delay_s, lambda entry=(delay_s, number): seen.append(entry)
            )
        clock.advance(until_s)
        expected = sorted((d, n) for n, d in enumerate(delays_s) if d <= until_s)
        assert seen == expected
    finally:
        clock.stop()


def test_a_callback_may_register_others(running):
    seen = []

    def tick():
        seen.append(clock.seconds() - START_S)
        clock.call_later(2, tick)

    clock.call_later(0, tick)
    clock.advance(5)
    assert seen == [0, 2, 4]


def test_a_callback_may_advance_the_clock_itself(running):
    seen = []

    def slow():
        clock.advance(10)
        seen.append(("slow", clock.seconds() - START_S))

    clock.call_later(1, slow)
    clock.call_later(4, lambda: seen.append(("other", clock.seconds() - START_S)))
    clock.advance(2)
    assert seen == [("other", 4.0), ("slow", 11.0)]
    assert clock.seconds() == START_S + 11


def test_a_callback_that_raises_leaves_the_clock_in_order(running):
    seen = []

    def fail():
        raise KeyError("broken")

    clock.call_later(1, fail)
    clock.call_later(2, lambda: seen.append(clock.seconds() - START_S))
    with pytest.raises(KeyError):
        clock.advance(5)
    assert clock.seconds() == START_S + 1
    clock.advance(5)
    assert seen == [2]
    assert clock.seconds() == START_S + 6


def test_a_callback_that_never_lets_time_pass_is_found(running, monkeypatch):
    monkeypatch.setattr(clock, "_MOST_AT_ONCE", 50)

    def again():
        clock.call_later(0, again)

    again()
    with pytest.raises(RuntimeError, match="keeps calling itself"):
        clock.advance(1)


def test_a_callback_may_stop_the_clock(running):
    clock.call_later(1, clock.stop)
    clock.call_later(2, lambda: pytest.fail("dropped with the clock"))
    clock.advance(5)
    assert not clock.running()


def test_cancel(running):
    handle = clock.call_later(1, lambda: pytest.fail("cancelled"))
    clock.call_later(2, lambda: None)
    handle.cancel()
    handle.cancel()
    assert clock.next_due() == START_S + 2
    clock.advance(3)


def test_a_moment_that_has_passed_counts_as_now(running):
    seen = []
    clock.call_at(START_S - 100, lambda: seen.append(clock.seconds()))
    assert seen == []
    clock.advance(0)
    assert seen == [START_S]


def test_a_negative_delay_is_refused(running):
    with pytest.raises(ValueError, match="0 or more"):
        clock.call_later(-1, print)


def test_jump_drops_what_was_due(running):
    clock.call_later(1, lambda: pytest.fail("dropped"))
    clock.jump_to(START_S + 3600)
    assert clock.seconds() == START_S + 3600
    clock.jump_to(START_S - 3600)
    assert clock.seconds() == START_S - 3600
    assert clock.next_due() is None
    clock.advance(10_000)


def test_sleep_moves_the_clock_and_takes_no_time(running):
    began, seen = time.monotonic(), []
    clock.call_later(1800, lambda: seen.append(clock.seconds()))
    time.sleep(3600)
    assert clock.seconds() == START_S + 3600
    assert seen == [START_S + 1800]
    assert time.monotonic() - began < 60


def test_sleep_refuses_what_it_always_refused(running):
    with pytest.raises(ValueError):
        time.sleep(-1)
    with pytest.raises(TypeError):
        time.sleep("long")


def test_a_background_thread_really_sleeps(running):
    took = []

    def doze():
        began = time.monotonic()
        time.sleep(0.05)
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=doze)
    thread.start()
    thread.join()
    assert took[0] >= 0.05
    assert clock.seconds() == START_S


def test_waiting_for_a_child_process_is_real(running):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.2)"])
    assert child.wait(timeout=60) == 0
    assert clock.seconds() == START_S


def test_sleep_is_real_again_after_stop(running):
    clock.stop()
    began = time.monotonic()
    time.sleep(0.02)
    assert time.monotonic() - began >= 0.02


def test_a_long_poll_takes_virtual_time(cloud):
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
    assert "Messages" not in answer
    assert clock.seconds() == START_S + 20


def test_a_long_poll_ends_when_a_message_comes(cloud):
    sqs = boto3.client("sqs")
    queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    send = {"QueueUrl": queue_url, "MessageBody": "late"}
    clock.call_later(4.5, lambda: sqs.send_message(**send))
    answer = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
    assert [message["Body"] for message in answer["Messages"]] == ["late"]
    assert clock.seconds() == START_S + 5


def test_the_adaptive_retry_mode_waits_in_virtual_time(running):
    bucket = TokenBucket(max_rate=0.5, clock=Clock())
    assert all(bucket.acquire() for _ in range(4))
    assert clock.seconds() == pytest.approx(START_S + 8, abs=0.01)


def test_the_adaptive_retry_mode_works_with_a_throttled_table(cloud):
    from workbook.cloud import faults

    create_table("orders", "id")
    client = boto3.client(
        "dynamodb", config=Config(retries={"mode": "adaptive", "max_attempts": 8})
    )
    with faults.throttle("dynamodb", nth=range(1, 5)):
        answer = client.scan(TableName="orders")
    assert answer["ResponseMetadata"]["RetryAttempts"] == 4


# Time to live


def put(table, **items):
    for key, expires in items.items():
        table.put_item(Item={"id": key, "expires": expires})


def left(table):
    return sorted(item["id"] for item in table.scan()["Items"])


def test_items_expire_by_the_clock(cloud):
    table = create_table("orders", "id", ttl="expires")
    put(table, soon=int(START_S) + 10, later=int(START_S) + 100)
    clock.advance(10)
    assert clock.expire_items() == 0  # equal is not less
    clock.advance(1)
    assert left(table) == ["later", "soon"]  # until somebody expires it
    assert clock.expire_items() == 1
    assert left(table) == ["later"]
    assert clock.expire_items() == 0


def test_only_a_number_of_seconds_of_the_last_five_years_expires(cloud):
    table = create_table("orders", "id", ttl="expires")
    year_s = 365 * 24 * 3600
    put(table, text=str(int(START_S) - 10), old=int(START_S) - 6 * year_s)
    put(table, recent=int(START_S) - 4 * year_s, milliseconds=int(START_S) * 1000)
    table.put_item(Item={"id": "without"})
    assert clock.expire_items() == 1
    assert left(table) == ["milliseconds", "old", "text", "without"]


def test_nothing_expires_where_time_to_live_is_off(cloud):
    plain, switched_off = (
        create_table("a", "id"),
        create_table("b", "id", ttl="expires"),
    )
    switched_off.meta.client.update_time_to_live(
        TableName="b",
        TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"},
    )
    put(plain, x=int(START_S) - 1)
    put(switched_off, x=int(START_S) - 1)
    assert clock.expire_items() == 0


def test_items_with_a_sort_key_expire_one_by_one(cloud):
    table = create_table("orders", "id", sort_key="line", ttl="expires")
    for line, expires in [("1", int(START_S) - 1), ("2", int(START_S) + 9)]:
        table.put_item(Item={"id": "a", "line": line, "expires": expires})
    assert clock.expire_items() == 1
    assert [item["line"] for item in table.scan()["Items"]] == ["2"]


def test_the_stream_tells_expiry_from_deletion(cloud):
    client = boto3.client("dynamodb")
    made = client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"},
    )
    client.update_time_to_live(
        TableName="orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    table = boto3.resource("dynamodb").Table("orders")
    put(table, deleted=int(START_S) - 1, expired=int(START_S) - 1)
    table.delete_item(Key={"id": "deleted"})
    assert clock.expire_items() == 1
    records = stream_records(made["TableDescription"]["LatestStreamArn"])
    removed = {
        record["dynamodb"]["Keys"]["id"]["S"]: record.get("userIdentity")
        for record in records
        if record["eventName"] == "REMOVE"
    }
    service = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    assert removed == {"deleted": None, "expired": service}


def stream_records(arn):
    streams = boto3.client("dynamodbstreams")
    shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn,
        ShardId=shards[0]["ShardId"],
        ShardIteratorType="TRIM_HORIZON",
    )["ShardIterator"]
    return streams.get_records(ShardIterator=iterator)["Records"]
