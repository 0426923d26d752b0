"""The storm: faults strike, time is virtual, the same seed comes to the same end."""

import time
from dataclasses import replace

import pytest

from workbook.cloud import clock, local_cloud
from workbook.storm import (
    CALM,
    NAIVE,
    OURS,
    TWENTIETH,
    Dashboard,
    Design,
    Stage,
    Weather,
    at_the_end,
    audit,
    rank,
    run,
    scores,
    sold,
    story,
)

SMALL = replace(TWENTIETH, buyers=150, seats=30)
QUIET = replace(CALM, buyers=4, seats=4, patience_s=0.01, declined=0)


def one_stage(handler, **settings):
    return Design("d", {"orders": Stage(handler, **settings)})


@pytest.fixture(scope="module")
def ours():
    return run(OURS, SMALL)


@pytest.fixture(scope="module")
def naive():
    return run(NAIVE, SMALL)


def test_ours_stands_the_storm(ours):
    assert audit(ours).holds, audit(ours)
    assert ours.tickets + declined(ours) >= SMALL.seats


def declined(result):
    return sum("declined" in heard for heard in result.news.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_ours_stands_other_storms(seed):
    weather = replace(SMALL, seed=seed, crashed=0.03, lost=0.03, duplicated=0.1)
    assert audit(run(OURS, weather)).holds


def test_the_naive_design_does_not(naive):
    broken = {breach.claim for breach in audit(naive).breaches}
    assert {"No seat is sold twice", "Nobody is charged twice"} <= broken


def test_the_same_seed_comes_to_the_same_end(ours):
    again = run(OURS, SMALL)
    assert (again.told, again.dead, again.usd) == (ours.told, ours.dead, ours.usd)


def test_every_kind_of_fault_strikes_and_is_in_somebodys_story(naive):
    fates = {line.fate for lines in naive.lines.values() for line in lines}
    assert fates >= {"crash before", "crash after", "response lost", "throttled"}
    kinds = {line.kind for lines in naive.lines.values() for line in lines}
    assert kinds >= {"sent", "delivered", "call", "done", "failed", "dead"}


def test_in_calm_weather_ours_answers_within_a_second():
    result = run(OURS, replace(CALM, buyers=60, seats=20))
    assert audit(result).holds
    assert result.p99_s < 1
    assert result.errors == 0


def test_the_bill_is_calls_times_prices():
    def one_write(message, shop):
        shop.orders.put_item(Item={"order_id": message["order_id"]})
        shop.tell(message["order_id"], "ticket")

    result = run(one_stage(one_write), QUIET)
    # A message is sent, received, deleted, and its news sent: 4 requests each.
    assert float(result.usd["sqs"]) == pytest.approx(4 * 4 * 0.4e-6)
    assert float(result.usd["dynamodb"]) == pytest.approx(4 * 0.625e-6)
    assert float(result.usd["lambda"]) > 4 * 0.2e-6


def test_no_more_invocations_run_at_once_than_the_stage_allows():
    running, most = set(), []

    def handler(message, shop):
        running.add(message["order_id"])
        most.append(len(running))
        shop.orders.get_item(Key={"order_id": "1"})
        running.discard(message["order_id"])

    run(one_stage(handler, concurrency=3), replace(QUIET, buyers=12))
    assert max(most) == 3


def test_handlers_interleave_at_their_calls():
    order = []

    def handler(message, shop):
        order.append("a")
        shop.orders.get_item(Key={"order_id": "1"})
        order.append("b")

    run(one_stage(handler), QUIET)
    assert "".join(order) != "ab" * 4


def test_a_sleep_passes_virtual_time_and_nobody_waits():
    def handler(message, shop):
        time.sleep(5)
        shop.tell(message["order_id"], "ticket")

    began = time.perf_counter()
    result = run(one_stage(handler), QUIET)
    assert min(result.delays_s) > 5
    assert time.perf_counter() - began < 3


def test_a_function_is_stopped_when_its_time_is_over():
    def handler(message, shop):
        time.sleep(11)
        shop.tell(message["order_id"], "ticket")

    result = run(one_stage(handler, max_receives=2), QUIET)
    assert result.told == ()
    assert len(result.dead) == 4
    assert "is stopped" in story(result, "order-00001").text


def test_a_function_that_waits_for_ever_ends_the_storm(monkeypatch):
    monkeypatch.setattr("workbook.storm.machine.PATIENCE_S", 0.2)

    def handler(message, shop):
        while True:
            pass

    result = run(one_stage(handler), QUIET)
    assert "without calling anybody" in result.stuck


def test_a_function_that_calls_for_ever_ends_the_storm():
    def handler(message, shop):
        while True:
            shop.orders.get_item(Key={"order_id": "1"})

    assert "on and on" in run(one_stage(handler), QUIET).stuck


def test_an_environments_memory_is_warm_until_it_crashes():
    seen = []

    def handler(message, shop):
        shop.memory["runs"] = shop.memory.get("runs", 0) + 1
        seen.append(shop.memory["runs"])
        shop.orders.get_item(Key={"order_id": "1"})

    weather = replace(QUIET, buyers=40)
    run(one_stage(handler, concurrency=2), weather)
    assert max(seen) == 20
    seen.clear()
    run(one_stage(handler, concurrency=2), replace(weather, crashed=0.2))
    assert seen.count(1) > 2


def test_a_queue_that_nobody_reads_is_an_error():
    def handler(message, shop):
        shop.send("nowhere", message)

    result = run(one_stage(handler, max_receives=1), QUIET)
    assert len(result.dead) == 4
    assert "raises ValueError" in story(result, "order-00001").text


def test_dead_letters_are_redriven_once():
    attempts = []

    def handler(message, shop):
        attempts.append(clock.seconds() - opened_s)
        if clock.seconds() - opened_s < 100:
            raise ConnectionError
        shop.tell(message["order_id"], "ticket")

    design = replace(one_stage(handler, max_receives=2), redrive_after_s=120)
    with local_cloud():
        opened_s = clock.seconds()
        result = run(design, QUIET)
    assert len(result.told) == 4
    assert result.dead == ()
    assert len(attempts) == 12


def test_the_readers_cloud_is_as_it_was():
    with local_cloud():
        before = clock.seconds()
        run(OURS, replace(CALM, buyers=5))
        assert clock.seconds() == before


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Stage("reserve"),
        lambda: Stage(print, batch_size=11),
        lambda: Stage(print, visibility_s=5),
        lambda: Stage(print, concurrency=1),
        lambda: Design("d", {"payments": Stage(print)}),
        lambda: Design("d", {"orders": Stage(print), "buyers": Stage(print)}),
        lambda: Weather(crashed=2),
        lambda: Weather(buyers=0),
        lambda: Weather(crashed=0.5, lost=0.6),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        wrong()


# --- what is shown --------------------------------------------------------------------


def test_scores_put_correctness_first(ours, naive):
    assert rank(ours) < rank(naive)
    table = scores([naive, ours])
    assert list(table.index) == ["ours", "naive"]
    assert table.loc["ours", "invariants broken"] == 0


def test_a_breach_has_a_story(naive):
    for breach in audit(naive).breaches:
        picture = story(naive, breach.order_id)
        assert picture.message == breach.says
    with pytest.raises(KeyError):
        story(naive, "order-0")


def test_the_dashboard_moves_while_the_storm_passes():
    board = Dashboard("ours")
    result = run(OURS, replace(SMALL, buyers=60), watch=board.watch)
    assert board.redraws > 5
    assert "tickets" in board.numbers.value
    assert "<img" in board.view.value
    assert at_the_end(result, title="At the end").message == "At the end"


def test_the_figure_of_sales_marks_what_is_oversold(ours, naive):
    picture = sold([naive, ours], title="Sold")
    assert "naive" in picture.text
