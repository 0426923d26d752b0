"""What the explorer finds, how it counts, and what it says."""

import os
import signal
from itertools import combinations
from math import comb

import boto3
import pytest
from handlers import (
    EVENT,
    charges,
    claim_then_charge,
    fresh_tables,
    in_one_transaction,
    look_then_charge,
    no_memory,
    one_charge,
    seen,
    times_charged,
    with_a_key,
)

from workbook.cloud import clock, create_table, local_cloud
from workbook.explore import Records, explore, replay
from workbook.explore.machine import Choice
from workbook.explore.run import decode, encode


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        yield cloud


def look(handler, **options):
    return explore(handler, EVENT, setup=fresh_tables, invariant=one_charge, **options)


# --- verdicts -------------------------------------------------------------------------


@pytest.mark.parametrize("handler", [in_one_transaction, with_a_key])
@pytest.mark.parametrize("prune", [True, False])
def test_a_right_handler_holds_in_every_schedule(handler, prune):
    result = look(handler, prune=prune)
    assert result.holds and result.exhaustive
    assert result.verdict == "holds" and result.counterexample is None
    assert result.broken == 0 < result.schedules
    assert f"holds in all {result.schedules} schedules" in repr(result)


def test_a_check_then_act_race_is_found_and_is_the_shortest_failure():
    result = look(look_then_charge, faults=())
    run = result.counterexample
    assert (result.verdict, run.broken) == ("broken", "charged 2 times")
    assert run.calls == 6 and run.switches == 2 and run.faults == ()
    assert [step.choice.delivery for step in run.steps] == [0, 0, 1, 1, 1, 0]


def test_a_crash_between_claim_and_effect_loses_the_charge():
    result = look(claim_then_charge, deliveries=1)
    run = result.counterexample
    assert run.broken == "charged 0 times"
    assert run.faults in {
        ("crash after PutItem seen",),
        ("crash before PutItem charges",),
    }
    assert run.calls == 2  # the claim, and the claim that is refused on redelivery


def test_one_delivery_and_a_lost_answer_are_enough_for_a_double_charge():
    result = look(no_memory, deliveries=1, faults=("response_lost",))
    assert result.counterexample.faults == ("response lost: PutItem charges",)
    assert result.counterexample.broken == "charged 2 times"
    assert look(no_memory, deliveries=1, faults=()).holds


def test_a_request_that_never_arrived_is_told_from_a_lost_answer():
    assert look(no_memory, deliveries=1, faults=("request_lost",)).holds
    assert look(no_memory, deliveries=1, faults=("throttle",)).holds


def test_a_resend_by_the_sdk_turns_a_successful_claim_into_a_refusal():
    result = look(claim_then_charge, deliveries=1, faults=("resent",))
    assert result.counterexample.broken == "charged 0 times"


def test_a_handler_that_always_fails_ends_in_the_dead_letter_queue():
    def never(event, context):
        raise RuntimeError("no")

    result = look(never, deliveries=1, max_receives=3)
    run = result.counterexample
    assert run.broken == "charged 0 times" and run.dead_letters == (0,)
    assert [end.attempt for end in run.ended] == [1, 2, 3]


def test_an_invariant_may_ask_what_the_invocations_returned():
    def first_answer_again(run):
        """Every delivery gets the first one's answer."""
        return len(set(run.returned)) == 1

    result = explore(
        in_one_transaction, EVENT, setup=fresh_tables, invariant=first_answer_again
    )
    assert result.why == "not so: Every delivery gets the first one's answer"


@pytest.mark.parametrize(
    ("answer", "why"),
    [(False, "not so: all is well"), ("it is late", "it is late")],
)
def test_an_invariant_answers_false_or_a_sentence(answer, why):
    def all_is_well():
        return answer

    assert (
        explore(with_a_key, EVENT, setup=fresh_tables, invariant=all_is_well).why == why
    )


def test_an_invariant_may_assert():
    def all_is_well():
        assert times_charged() == 7, "seven it should be"

    result = explore(with_a_key, EVENT, setup=fresh_tables, invariant=all_is_well)
    assert result.why == "seven it should be"


@pytest.mark.parametrize("answer", [(False, "twice"), 1, [], object])
def test_an_invariant_that_answers_something_else_proves_nothing(answer):
    result = explore(with_a_key, EVENT, setup=fresh_tables, invariant=lambda: answer)
    assert result.verdict == "unknown" and "True or False" in result.why


def test_an_invariant_that_is_a_coroutine_proves_nothing():
    async def later():
        return False

    result = explore(with_a_key, EVENT, setup=fresh_tables, invariant=later)
    assert result.verdict == "unknown" and "coroutine" in result.why


def test_a_parameter_with_a_default_is_not_given_the_run():
    def charged(times=1):
        return times_charged() == times

    assert explore(with_a_key, EVENT, setup=fresh_tables, invariant=charged).holds


def test_a_handler_that_is_a_coroutine_has_failed():
    async def later(event, context):
        charges().put_item(Item={"id": event["order_id"]})

    run = look(later, deliveries=1).counterexample
    assert run.broken == "charged 0 times" and run.calls == 0
    assert "no call to AWS was made" in run.text and run.picture.png()


def test_records_in_a_table_that_is_not_there_prove_nothing():
    result = look(with_a_key, deliveries=1, records=Records("sen", 60))
    assert result.verdict == "unknown" and "no table 'sen'" in result.why


def test_a_setup_begins_in_an_empty_cloud():
    fresh_tables()
    seen().put_item(Item={"id": "order-7"})
    assert not look(look_then_charge, faults=()).holds
    assert seen().scan()["Items"] == [{"id": "order-7"}]


def test_ids_go_on_after_an_exploration_as_before():
    queue = boto3.resource("sqs").create_queue(QueueName="q")
    ids = set()
    for _ in range(2):
        look(with_a_key, deliveries=1, faults=())
        ids.add(queue.send_message(MessageBody="x")["MessageId"])
    assert len(ids) == 2


def test_an_invariant_that_breaks_is_neither_a_pass_nor_a_failure():
    def oops():
        return {}["nothing"]

    result = explore(with_a_key, EVENT, setup=fresh_tables, invariant=oops)
    assert result.verdict == "unknown" and not result.holds
    assert "the invariant raised KeyError" in result.why


# --- what a crash is ------------------------------------------------------------------


def test_a_crashed_process_catches_nothing_and_does_nothing_more():
    def tidy(event, context):
        try:
            charges().put_item(Item={"id": context.aws_request_id})
        except Exception:
            seen().put_item(Item={"id": "caught"})
        finally:
            seen().put_item(Item={"id": context.aws_request_id})

    def no_crash_is_caught(run):
        ids = [item["id"] for item in seen().scan()["Items"]]
        assert "caught" not in ids
        crashed = sum(end.outcome == "crashed" for end in run.ended)
        finished = sum(end.outcome == "returned" for end in run.ended)
        assert finished <= len(ids) <= finished + crashed
        assert crashed == len(run.faults)

    result = explore(
        tidy, EVENT, setup=fresh_tables, invariant=no_crash_is_caught,
        deliveries=1, faults=("crash",),
    )  # fmt: skip
    assert result.holds, repr(result)
    assert set(result.table()["faults"]) == {
        "none", "crash before PutItem charges", "crash after PutItem charges",
        "crash before PutItem seen", "crash after PutItem seen",
    }  # fmt: skip


def test_a_handler_that_swallows_everything_is_still_dead_after_a_crash():
    def immortal(event, context):
        for _ in range(3):
            try:
                charge_id = f"{context.aws_request_id}-{_}"
                charges().put_item(Item={"id": charge_id})
            except BaseException:
                pass
        return "fine"

    def dead_means_dead(run):
        crashed = [end for end in run.ended if end.outcome == "crashed"]
        return len(crashed) == len(run.faults)

    result = explore(
        immortal, EVENT, setup=fresh_tables, invariant=dead_means_dead,
        deliveries=1, faults=("crash",),
    )  # fmt: skip
    assert result.holds and result.schedules == 1 + 3 * 2


# --- counting -------------------------------------------------------------------------


def four_calls(event, context):
    for number in range(4):
        seen().put_item(Item={"id": f"step-{number}"})


def anything():
    return True


def count(**options):
    result = explore(
        four_calls,
        EVENT,
        setup=fresh_tables,
        invariant=anything,
        prune=False,
        **options,
    )
    assert result.exhaustive
    return result.schedules


def test_every_interleaving_is_run_once():
    result = explore(
        four_calls,
        EVENT,
        setup=fresh_tables,
        invariant=anything,
        prune=False,
        faults=(),
    )
    assert result.schedules == comb(8, 4)
    orders = {
        tuple(choice.delivery for choice in decode(name, 2))
        for name in result.table()["id"]
    }
    everything = {
        tuple(int(at in second) for at in range(8))
        for second in combinations(range(8), 4)
    }
    assert orders == everything


def test_every_crash_point_is_run_in_every_interleaving():
    # Delivery A makes i calls and then dies in one more step (before call i + 1, or
    # after it); its i + 1 steps mingle with B's four in every way. Either may be A.
    one_dies = sum(2 * comb(i + 1 + 4, 4) for i in range(4))
    assert count(faults=("crash",)) == comb(8, 4) + 2 * one_dies


def test_one_delivery_alone_has_a_schedule_a_crash_point():
    assert count(deliveries=1, faults=("crash",)) == 1 + 2 * 4
    assert count(deliveries=1, faults=("crash", "response_lost")) == 1 + 3 * 4
    assert count(deliveries=1, crashes=0) == 1


def test_two_crashes_may_hit_two_attempts():
    # The second attempt is as long as the first: 1 + 8 endings, 8 of them followed by
    # 9.
    assert count(deliveries=1, crashes=2, faults=("crash",)) == 1 + 8 * 9


def test_losses_have_an_allowance_of_their_own_when_given():
    def retrying(event, context):
        for _ in range(2):
            try:
                return seen().put_item(Item={"id": "x"}) and None
            except Exception:
                continue

    def table(**options):
        return explore(
            retrying, EVENT, setup=fresh_tables, invariant=anything, deliveries=1,
            prune=False, **options,
        ).table()["faults"]  # fmt: skip

    together = {"response lost: PutItem seen, crash after PutItem seen"}
    assert not together & set(table())
    assert together <= set(table(losses=1))


def test_a_bound_on_preemptions_is_kept_and_said():
    result = explore(
        four_calls,
        EVENT,
        setup=fresh_tables,
        invariant=anything,
        faults=(),
        preemptions=1,
    )
    assert result.table()["switches"].max() == 2
    assert 2 < result.schedules < comb(8, 4)
    assert "at most 1 interruption" in result.bounds


def test_a_budget_cuts_the_search_off_and_says_so():
    result = look(with_a_key, budget=2)
    assert result.schedules == 2 and not result.exhaustive
    assert result.verdict == "unknown" and "Stopped after 2 schedules" in repr(result)


def test_a_budget_that_is_just_enough_is_no_cut():
    everything = look(with_a_key)
    assert look(with_a_key, budget=everything.schedules).holds


def test_a_counterexample_counts_even_if_the_search_was_cut_off():
    result = look(no_memory, budget=1)
    assert result.verdict == "broken" and not result.exhaustive


def test_several_events_are_all_in_flight():
    events = [{"order_id": "order-7"}, {"order_id": "order-8"}]
    result = explore(
        with_a_key, events, setup=fresh_tables, deliveries=1, faults=(),
        invariant=lambda: times_charged() == 2, prune=False,
    )  # fmt: skip
    assert result.holds and result.schedules == 2


# --- ids ------------------------------------------------------------------------------


def test_an_id_replays_exactly_what_was_found():
    result = look(look_then_charge)
    for name, outcome in zip(
        result.table()["id"], result.table()["outcome"], strict=True
    ):
        run = result.replay(name)
        assert run.id == name and (run.broken or "holds") == outcome
    again = replay(
        result.counterexample.id, look_then_charge, EVENT,
        setup=fresh_tables, invariant=one_charge,
    )  # fmt: skip
    assert again.text == result.counterexample.text


def test_an_id_of_another_handler_is_refused_with_a_reason():
    with pytest.raises(ValueError, match="another handler, event or setup"):
        look(with_a_key).replay("0000-0000")
    with pytest.raises(ValueError, match="still runs"):
        look(look_then_charge).replay("0")
    with pytest.raises(ValueError, match="not the id of a schedule"):
        look(with_a_key).replay("z!")


def test_ids_are_short_and_reversible():
    choices = [Choice(0), Choice(1, "crash after"), Choice(0, "response lost")]
    assert decode(encode(choices, 2), 2) == choices
    assert encode([Choice(0)] * 5, 2) == "0000-0"


# --- the world ------------------------------------------------------------------------


def test_the_world_and_the_clock_come_back_as_they_were():
    table = create_table("mine", "id")
    table.put_item(Item={"id": "kept"})
    before = clock.now()
    look(look_then_charge)
    assert table.scan()["Items"] == [{"id": "kept"}]
    assert boto3.client("dynamodb").list_tables()["TableNames"] == ["mine"]
    assert clock.now() == before


def test_without_a_setup_each_schedule_starts_from_the_world_as_it_is():
    fresh_tables()
    seen().put_item(Item={"id": "order-7"})
    result = explore(look_then_charge, EVENT, invariant=lambda: times_charged() == 0)
    assert result.holds


def test_a_cloud_is_started_when_none_runs(cloud):
    cloud.stop()
    assert look(with_a_key).holds
    assert not clock.running()


def test_redelivery_comes_after_the_visibility_timeout():
    times = []

    def note(event, context):
        times.append(clock.seconds())
        seen().put_item(Item={"id": "x"})

    explore(
        note, EVENT, setup=fresh_tables, invariant=anything, deliveries=1,
        faults=("request_lost",), redeliver_after_s=120,
    )  # fmt: skip
    assert {later - min(times) for later in times} == {0, 120}


def test_sleeping_takes_no_time_but_moves_the_clock():
    def sleepy(event, context):
        import time

        begun = time.time()
        time.sleep(3600)
        charges().put_item(Item={"id": str(int(time.time() - begun))})

    result = explore(
        sleepy, EVENT, setup=fresh_tables, deliveries=1,
        invariant=lambda: charges().scan()["Items"][0]["id"] == "3600",
    )  # fmt: skip
    assert result.holds


# --- the record of past deliveries ----------------------------------------------------


def remembering(expires_after_s):
    def handler(event, context):
        record = {"id": event["order_id"]}
        if expires_after_s:
            record["expires_at"] = int(clock.seconds() + expires_after_s)
        charges().put_item(Item={"id": event["order_id"]})
        seen().put_item(Item=record)

    return handler


@pytest.mark.parametrize(
    ("expires_after_s", "holds"), [(None, False), (3600, True), (7 * 86_400, False)]
)
def test_a_record_that_is_never_forgotten_breaks_the_bound(expires_after_s, holds):
    result = look(
        remembering(expires_after_s), deliveries=1, records=Records("seen", 86_400)
    )
    assert result.holds is holds
    if not holds:
        assert result.why == "1 record is still in 'seen' after 24 h"


# --- bad arguments --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"faults": ("fire",)}, "no fault is called 'fire'"),
        ({"deliveries": 0}, "deliveries=0: it must be 1 or more"),
        ({"deliveries": 9}, "9 deliveries at once"),
        ({"crashes": -1}, "crashes=-1"),
        ({"budget": 0}, "budget=0"),
        ({"max_receives": 0}, "max_receives=0"),
    ],
)
def test_bad_arguments_are_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        look(with_a_key, **options)


def test_bad_kinds_of_arguments_are_refused():
    with pytest.raises(TypeError, match="handler must be a function"):
        explore(None, EVENT, invariant=one_charge)
    with pytest.raises(TypeError, match="there is no limit 'patience'"):
        look(with_a_key, patience=3)


def test_a_progress_bar_comes_late_and_can_be_kept_away(monkeypatch, capsys):
    from workbook.explore import progress

    monkeypatch.setattr(progress, "_APPEARS_AFTER_S", 0.0)
    look(with_a_key, deliveries=1)
    assert capsys.readouterr().err == ""  # conftest.py keeps it away
    monkeypatch.setenv("WORKBOOK_PROGRESS", "on")
    look(with_a_key, deliveries=1)
    assert "schedules" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_an_exploration_runs_in_a_forked_process_too():
    look(with_a_key)  # leaves idle threads behind, which a fork does not take along
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # rather killed than waiting for a thread that is not there
        os._exit(0 if look(with_a_key).verdict == "holds" else 1)
    assert os.waitpid(child, 0)[1] == 0
