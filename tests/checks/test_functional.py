"""What lab 05's checks compare answers with, and what they leave as they found it."""

import math
import os
import random
import time
from importlib import import_module

import boto3
import numpy as np
import pytest

from workbook.checks.functional import firstbad, limits, pure, upcasting
from workbook.checks.functional.logs import EVENING, LOGS, OPEN, enough_seats
from workbook.checks.functional.logs import first_broken as broken_at
from workbook.checks.functional.outside import changed, outside
from workbook.checks.functional.worlds import OTHERS, stock
from workbook.cloud import clock, local_cloud
from workbook.learn.judge import judge
from workbook.shop import core
from workbook.sim.queueing import erlang_b, loss_system, servers_for_loss


def fair(event):
    return pure.wanted(event)


def test_the_sales_of_the_story_are_right():
    event = {"order_id": "order-7", "at": 1520730000.0, "number": 42, "seats_free": 11}
    assert pure.wanted(event) == {
        "ticket": "tour-0042", "price_yen": 1900, "seats_free": 10,
    }  # fmt: skip
    noon_in_japan = {**event, "at": 1520737200.0, "seats_free": 10}
    assert pure.wanted(noon_in_japan)["price_yen"] == 4800


def test_a_check_leaves_time_luck_place_and_table_as_they_were():
    random.seed(3)
    np.random.seed(3)
    wanted = random.random(), np.random.random()
    random.seed(3)
    np.random.seed(3)
    zone, offset, before = os.environ.get("TZ"), time.timezone, dict(stock)
    assert judge(pure.check, fair).status == "passed"
    assert (random.random(), np.random.random()) == wanted
    assert (os.environ.get("TZ"), time.timezone, stock) == (zone, offset, before)
    assert not clock.running()


def test_a_check_leaves_the_learners_cloud_and_clock():
    with local_cloud():
        clock.advance(90)
        boto3.client("sqs").create_queue(QueueName="orders")
        at_s = clock.seconds()
        assert judge(pure.check, fair).status == "passed"
        assert clock.seconds() == at_s
        assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1


def test_a_failed_check_leaves_the_machine_where_it_was():
    def wanders(event):
        os.environ["TZ"] = "FAR+7"
        raise RuntimeError(event["order_id"])

    zone, offset = os.environ.get("TZ"), time.timezone
    assert judge(pure.check, wanders).status == "your code raised"
    assert (os.environ.get("TZ"), time.timezone) == (zone, offset)


SECRETS = {
    "the clock": time.time,
    "chance": random.random,
    "`stock`": lambda: stock["seats_free"],
    "the machine's time zone": lambda: time.localtime(0).tm_hour,
}


@pytest.mark.parametrize("secret", SECRETS)
def test_each_hidden_input_is_named_alone(secret):
    def sell(event):
        return {**pure.wanted(event), "why": SECRETS[secret]()}

    verdict = judge(pure.check, sell)
    assert verdict.reason.endswith(f"it depends on {secret}.")
    assert set(SECRETS) == set(OTHERS)


def test_a_failed_replay_is_drawn():
    def at_home(event):
        is_early = time.localtime(event["at"]).tm_hour < 12
        return {**pure.wanted(event), "price_yen": 1900 if is_early else 3800}

    assert "2 answers" in repr(judge(pure.check, at_home).picture)


def test_odd_values_in_a_sale_do_not_break_the_check():
    class Never:
        def __eq__(self, other):
            raise TypeError("no comparison")

        __hash__ = None

    for odd in (np.arange(3), Never(), float("nan"), {1, 2}, b"\xff"):

        def sell(event, odd=odd):
            return {**pure.wanted(event), "note": odd}

        assert judge(pure.check, sell).status in ("passed", "failed")
        for name in ("ticket", "price_yen", "seats_free"):

            def sell_odd(event, name=name, odd=odd):
                return {**pure.wanted(event), name: odd}

            assert judge(pure.check, sell_odd).status == "failed"


def test_what_a_function_can_change_is_seen():
    count, names = 0, ["a"]

    def inner():
        names.append("b")

    def outer():
        nonlocal count
        count += 1

    def both():
        inner()

    for function, name in ((outer, "count"), (both, "names")):
        before = outside(function)
        assert changed(before, function) == ""
        function()
        assert changed(before, function) == name
    assert outside(len) == {}


def test_the_evening_oversells_and_heals():
    states = [core.replay(EVENING[:n], OPEN) for n in range(len(EVENING) + 1)]
    bad = [n - 1 for n, state in enumerate(states) if not enough_seats(state)]
    assert bad == broken_at(LOGS[0])
    assert enough_seats(states[0])
    assert enough_seats(states[-1])
    assert EVENING[bad[0]].kind == "SeatReserved"


def test_the_logs_hold_every_kind_of_break():
    broken = [broken_at(story) for story in LOGS]
    last = [len(story.log) - 1 for story in LOGS]
    assert all(story.invariant(story.start) for story in LOGS)
    assert [0] in broken
    assert any(found[:1] == [end] for found, end in zip(broken, last, strict=True))
    assert sum(bool(found) and found[-1] != end
               for found, end in zip(broken, last, strict=True)) >= 3  # fmt: skip
    assert any(not story.log for story in LOGS)
    assert any(story.log and not found
               for story, found in zip(LOGS, broken, strict=True))  # fmt: skip
    equal = [story.log.index(story.log[found[0]]) < found[0]
             for story, found in zip(LOGS, broken, strict=True) if found]  # fmt: skip
    assert any(equal)


@pytest.mark.parametrize("says", [None, 0, -1, 3, 10**30, np.int64(7)])
def test_any_wrong_position_gets_a_verdict_and_no_crash(says):
    verdict = judge(firstbad.check, lambda log, evolve, invariant, start: says)
    assert verdict.status == "failed"
    assert "and you say" in verdict.reason
    assert verdict.picture is not None


def test_what_is_no_position_gets_a_verdict_and_no_crash():
    for odd in (np.arange(2), 3.0, "22", [22], {}, object()):
        verdict = judge(firstbad.check, lambda log, e, i, s, odd=odd: odd)
        assert "not a position" in verdict.reason


def test_a_picture_shows_what_is_wrong_with_each_version():
    verdict = judge(upcasting.check, dict)
    assert verdict.reason == "From version 1: `version` is missing."
    assert verdict.picture.message == "6 of 18 fields are not as version 3 has them"


def test_a_picture_counts_in_the_order_that_went_wrong():
    def forgets_presents(event):
        version = event.get("version", 1)
        new = {**event, "version": 3, "seats": event.get("seats", 1)}
        if version == 1:
            new["price_yen"] = int(new.pop("price").replace(",", ""))
        if version == 2:
            new.pop("gift", None)
        return new

    verdict = judge(upcasting.check, forgets_presents)
    assert verdict.reason == "From version 2: `gift` is lost."
    assert verdict.picture.message == "1 of 24 fields is not as version 3 has it"


def test_what_raises_in_an_upcast_is_told_the_event():
    verdict = judge(upcasting.check, lambda event: int(event["price"]))
    assert (
        verdict.look == "It was given version 1, with `price` '3,800' and no `version`."
    )


def test_a_true_is_no_one():
    def upcast(event):
        version = event.get("version", 1)
        new = {**event, "version": 3}
        if version == 1:
            new["price_yen"] = int(new.pop("price").replace(",", ""))
        return new if version == 3 else {**new, "seats": True}

    assert "`seats` is True" in judge(upcasting.check, upcast).reason


def test_odd_fields_do_not_break_the_check_of_upcasts():
    for odd in (np.arange(3), float("nan"), None):
        verdict = judge(upcasting.check, lambda event, odd=odd: {"kind": odd})
        assert verdict.status == "failed"


@pytest.mark.parametrize("load", limits.LOADS)
def test_the_simulation_meets_the_target_with_what_is_needed_and_not_with_less(load):
    arrivals_per_s, duration_s, target = load
    need = servers_for_loss(offered_load=arrivals_per_s * duration_s, lost_share=target)
    for servers in {need, max(1, need - 1)}:
        exact = erlang_b(servers=servers, offered_load=arrivals_per_s * duration_s)
        shares = [
            loss_system(
                arrival_rate_per_s=arrivals_per_s, service_s=duration_s,
                servers=servers, requests=20_000, seed=seed,
            ).rejected_share
            for seed in range(12)
        ]  # fmt: skip
        error = np.std(shares, ddof=1) / math.sqrt(len(shares))
        # All begin empty: what is rejected until they are full is a little less.
        started = 1.2 * arrivals_per_s * duration_s / 20_000
        assert abs(np.mean(shares) - exact) <= 4 * error + started
    assert erlang_b(servers=need, offered_load=arrivals_per_s * duration_s) <= target
    fewer = erlang_b(servers=need - 1, offered_load=arrivals_per_s * duration_s)
    assert fewer > target


def test_rounding_decides_no_answer_but_where_it_is_exact():
    for arrivals_per_s, duration_s, target in limits.LOADS:
        load = arrivals_per_s * duration_s
        for off in (1 - 1e-4, 1 + 1e-4):
            need = servers_for_loss(offered_load=load, lost_share=target)
            assert servers_for_loss(offered_load=load, lost_share=off * target) == need
    for arrivals_per_s, duration_s, target in limits.TIES:
        assert erlang_b(servers=1, offered_load=arrivals_per_s * duration_s) == target


@pytest.mark.parametrize(
    ("says", "advice"),
    [
        (35, "Erlang's B for 1, 2, 3"),
        (32, "One too many"),
        (30, "One too few"),
        (40, "Erlang's B for 1, 2, 3"),
        (400_000, "Erlang's B for 1, 2, 3"),
        (-(10**9), "Erlang's B for 1, 2, 3"),
    ],
)
def test_a_wrong_limit_gets_advice(says, advice):
    verdict = judge(limits.check, lambda arrivals, duration, target: says)
    assert verdict.status == "failed"
    assert advice in verdict.look
    assert (verdict.picture is not None) == (1 <= says <= 5_000)


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        ("as_many_as_are_at_work", "Little's law"),
        ("lets_them_wait", "may wait"),
        ("nobody_is_rejected_in_poissons_law", "whoever is rejected takes no place"),
        ("forgets_how_long_they_take", "a load of `arrivals_per_s`: multiply"),
        ("divides_where_it_should_multiply", "`arrivals_per_s / duration_s`"),
        ("the_target_in_percent", "a hundredth of the target"),
        ("a_load_of_whole_requests", "a load that was rounded"),
        ("a_load_rounded_up", "a load that was rounded"),
        ("must_be_below_the_target", "One too many"),
        ("begins_with_the_load", "Erlang's B for 1, 2, 3"),
        ("no_more_than_the_default_quota", "The small loads are right"),
    ],
)
def test_a_limit_is_told_what_it_would_be_right_for(answer, advice):
    zoo = import_module("tests.zoo.05.concurrency")
    assert advice in judge(limits.check, getattr(zoo, answer)).look


def test_an_answer_that_stops_coming_is_still_told_something():
    def raises_after_the_first(arrivals, duration, target, calls=[]):  # noqa: B006
        calls.append(1)
        return 25 if len(calls) == 1 else 1 / 0

    assert "Erlang's B" in judge(limits.check, raises_after_the_first).look


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        ("never_keeps_the_state", "called with `start` each time"),
        ("halves_the_log", "you cannot halve the log"),
        ("takes_nought_for_nothing", "position 0 is a position"),
        ("knows_one_log_alone", "That log has 9 events"),
        ("asks_for_seats_in_every_state", "first event is 500, and the start 0"),
        ("takes_the_first_of_none", "In a log without events the answer is None."),
    ],
)
def test_a_wrong_position_is_told_why(answer, advice):
    zoo = import_module("tests.zoo.05.find_the_bad_event")
    assert advice in judge(firstbad.check, getattr(zoo, answer)).look


def test_a_picture_of_a_limit_shows_formula_and_simulation():
    verdict = judge(limits.check, lambda arrivals, duration, target: 25)
    assert "25 rejects 14%" in verdict.picture.message
    assert "in a simulation" in verdict.reason
