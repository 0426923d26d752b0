"""Handlers that block, loop, cheat or misbehave: a reason, never a hang."""

import contextlib
import itertools
import random
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from handlers import EVENT, charges, fresh_tables, one_charge, seen

from workbook.cloud import clock, local_cloud
from workbook.explore import explore, invocation
from workbook.explore.interrupt import Abandoned


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        yield cloud


def look(handler, **options):
    options = {"invariant": one_charge, **options}
    return explore(handler, EVENT, setup=fresh_tables, **options)


def look_briefly(handler, **options):
    """For handlers that hang: wait for them no longer than needed."""
    charges(), seen()  # the clients' own start-up is not the handler's
    return look(handler, patience_s=0.5, **options)


def test_a_handler_that_waits_for_ever():
    def waits(event, context):
        threading.Event().wait()

    result = look_briefly(waits)
    assert result.verdict == "unknown"
    assert "without calling AWS or ending" in result.why
    assert result.counterexample.stuck == result.why


def test_a_handler_that_loops_for_ever():
    def loops(event, context):
        charges().put_item(Item={"id": "x"})
        while True:
            pass

    result = look_briefly(loops)
    assert result.verdict == "unknown"
    assert [step.request.operation for step in result.counterexample.steps] == [
        "PutItem"
    ]
    assert "goes no further" in result.counterexample.text


def test_an_interruption_that_comes_when_all_is_over(monkeypatch):
    """Python may raise it a moment late, while the invocation leaves."""
    late = iter([Abandoned(), Abandoned()])

    def spare_too_late():
        if (interruption := next(late, None)) is not None:
            raise interruption

    monkeypatch.setattr(invocation, "spare", spare_too_late)
    uncaught = []
    monkeypatch.setattr(threading, "excepthook", uncaught.append)
    one = invocation.Invocation(1, 1, patience_s=2)
    one.start(lambda: "done")
    assert (one.ended, one.returned, uncaught) == (True, "done", [])
    assert one not in invocation._threads.values()


def test_a_loop_that_swallows_everything():
    def loops(event, context):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass

    assert look_briefly(loops).verdict == "unknown"


def test_a_handler_that_never_stops_calling():
    def calls(event, context):
        for number in itertools.count():
            seen().put_item(Item={"id": str(number)})

    result = look(calls)
    assert result.verdict == "unknown"
    assert "more than 50 calls" in result.why


def test_two_invocations_that_wait_for_each_other():
    one, other = threading.Lock(), threading.Lock()

    def deadlocks(event, context):
        first, second = (one, other) if context.aws_request_id[-1] else (other, one)
        with first:
            charges().put_item(Item={"id": "x"})
            with second:
                seen().put_item(Item={"id": "x"})

    result = look_briefly(deadlocks)
    assert result.verdict == "unknown" and "a lock" in result.why


def test_calls_from_threads_of_its_own():
    def threads(event, context):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda n: charges().put_item(Item={"id": str(n)}), range(2)))

    result = look(threads, deliveries=1)
    assert not result.holds
    assert "threads of its own" in result.why or "charged 0 times" in result.why
    swallowed = look(swallowing(threads), deliveries=1, invariant=lambda: True)
    assert swallowed.verdict == "unknown" and "threads of its own" in swallowed.why


def swallowing(handler):
    def quiet(event, context):
        with contextlib.suppress(Exception):
            handler(event, context)

    return quiet


def test_a_dead_handler_that_calls_for_ever():
    def undead(event, context):
        while True:
            try:
                charges().put_item(Item={"id": "x"})
                return
            except BaseException:
                pass

    result = look_briefly(undead, deliveries=1, faults=("crash",))
    assert result.verdict == "unknown"


def test_an_abandoned_handler_is_unwound():
    unwound = []

    def tidy(event, context):
        try:
            for number in range(3):
                seen().put_item(Item={"id": f"{context.aws_request_id}-{number}"})
        finally:
            unwound.append(1)

    before = threading.active_count()
    look(tidy, invariant=lambda: True, budget=5)
    assert unwound and threading.active_count() <= before + 4


def test_module_state_is_reported_not_believed():
    remembered = set()

    def forgetful(event, context):
        if event["order_id"] in remembered:
            return
        charges().put_item(Item={"id": str(uuid.uuid4())})
        remembered.add(event["order_id"])

    result = look(forgetful)
    assert result.verdict == "unknown"
    assert "global variable" in result.why


def test_module_state_is_noticed_even_if_there_is_one_schedule():
    calls = itertools.count()

    def counting(event, context):
        charges().put_item(Item={"id": str(next(calls))})

    result = look(counting, deliveries=1, faults=())
    assert result.verdict == "unknown" and "global variable" in result.why


def test_python_s_own_chance_is_under_control():
    def chancy(event, context):
        ids = [uuid.uuid4().hex, random.random(), random.SystemRandom().random()]
        charges().put_item(Item={"id": "-".join(map(str, ids))})
        if random.random() < 0.5:
            seen().put_item(Item={"id": "lucky"})

    result = look(chancy, invariant=lambda: True)
    assert result.holds, repr(result)
    assert random.random() != random.random()


def test_each_delivery_draws_other_chances():
    def chancy(event, context):
        charges().put_item(Item={"id": uuid.uuid4().hex})

    assert look(chancy, faults=(), invariant=lambda: len(all_charges()) == 2).holds


def all_charges():
    return charges().scan()["Items"]


def test_exit_ends_the_invocation_not_the_session():
    def leaves(event, context):
        sys.exit("bye")

    result = look(leaves, deliveries=1)
    assert result.why == "charged 0 times"
    assert type(result.counterexample.ended[0].error) is SystemExit


def test_an_event_that_is_changed_in_place_is_fresh_for_the_next_delivery():
    def changes(event, context):
        charges().put_item(Item={"id": event.pop("order_id")})

    assert look(changes).holds


def test_a_parameter_that_boto3_refuses_is_the_handler_s_own_error():
    def wrong(event, context):
        boto3.client("dynamodb").put_item(Table="charges")

    run = look(wrong, deliveries=1).counterexample
    assert type(run.ended[0].error).__name__ == "ParamValidationError"


def test_an_interrupt_stops_cleanly_and_keeps_what_was_found():
    seen_runs = []

    def impatient():
        seen_runs.append(1)
        if len(seen_runs) == 4:
            raise KeyboardInterrupt
        return True

    result = look(two_puts, invariant=impatient)
    assert result.schedules == 3 and not result.exhaustive
    assert result.verdict == "unknown" and "Interrupted after 3" in repr(result)
    assert look(two_puts, invariant=lambda: True).holds  # and the next one works


def two_puts(event, context):
    seen().put_item(Item={"id": "a"})
    charges().put_item(Item={"id": "b"})


def test_everything_taken_over_is_given_back():
    from botocore.client import BaseClient

    taken = (BaseClient._make_api_call, time.sleep, uuid.os.urandom, random._urandom)
    look(two_puts, invariant=lambda: True)
    assert taken == (
        BaseClient._make_api_call, time.sleep, uuid.os.urandom, random._urandom,
    )  # fmt: skip


def test_an_exploration_inside_an_exploration_is_refused():
    def inner():
        explore(two_puts, EVENT, invariant=lambda: True)

    result = look(two_puts, invariant=inner)
    assert "already running" in result.why


def test_a_setup_that_differs_each_time_is_refused():
    names = itertools.count()

    def shifting():
        boto3.client("sqs").create_queue(QueueName=f"queue-{next(names)}")

    with pytest.raises(RuntimeError, match="same world"):
        explore(lambda e, c: None, EVENT, setup=shifting, invariant=lambda: True)


def test_a_setup_may_start_the_cloud_itself(cloud):
    def setup():
        local_cloud()
        fresh_tables()

    assert explore(two_puts, EVENT, setup=setup, invariant=lambda: True).holds
    assert clock.running()
    cloud.stop()  # without this it would run on, as it does in a notebook
