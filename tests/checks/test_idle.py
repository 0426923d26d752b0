"""What lab 01's checks compare answers with, and what they say of wrong ones."""

import numpy as np
import pytest

from workbook.checks.idle import bill, breakeven, cold, fit
from workbook.checks.idle.bill import MonthPrices, prices_of_today
from workbook.learn.judge import judge
from workbook.sim.cost import Prices, function_bill

TODAY = prices_of_today()
WITHOUT = MonthPrices(TODAY.request_usd, TODAY.gb_second_usd, 0, 0)


@pytest.mark.parametrize(
    ("month", "published_usd"),
    [
        ((3_000_000, 120, 1536, TODAY), 2.73),
        ((7_440_000, 2_000, 1024, WITHOUT), 249.49),
    ],
)
def test_a_bill_is_what_aws_works_out(month, published_usd):
    assert round(bill.bill(*month), 2) == published_usd
    assert month in bill._MONTHS


@pytest.mark.parametrize("month", bill._MONTHS)
def test_a_bill_is_what_the_simulation_bills(month):
    requests, duration_ms, memory_mb, of_month = month
    tiers = ((np.inf, of_month.gb_second_usd),)
    free = of_month.free_requests, of_month.free_gb_seconds
    simulated = function_bill(
        requests=requests,
        duration_s=duration_ms / 1000,
        memory_mb=memory_mb,
        prices=Prices(of_month.request_usd, tiers, *free),
    )
    assert bill.bill(*month) == pytest.approx(simulated.total_usd, abs=1e-9)


def parts(requests, gb_seconds, prices):
    paid = max(gb_seconds - prices.free_gb_seconds, 0)
    requests_usd = max(requests - prices.free_requests, 0) * prices.request_usd
    return requests_usd + paid * prices.gb_second_usd


def per_thousand_mb(requests, duration_ms, memory_mb, prices):
    return parts(requests, requests * -(-duration_ms // 1) / 1e6 * memory_mb, prices)


def free_twice(requests, duration_ms, memory_mb, prices):
    used = requests * -(-duration_ms // 1) / 1000 * memory_mb / 1024
    return parts(requests, used - prices.free_gb_seconds, prices)


def in_milliseconds(requests, duration_ms, memory_mb, prices):
    return parts(requests, requests * duration_ms * memory_mb / 1024, prices)


def in_tenths(requests, duration_ms, memory_mb, prices):
    tenths = -(-duration_ms // 100)
    return parts(requests, requests * tenths / 10 * memory_mb / 1024, prices)


def rounded_down(requests, duration_ms, memory_mb, prices):
    used = requests * (duration_ms // 1) / 1000 * memory_mb / 1024
    return parts(requests, used, prices)


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (per_thousand_mb, "1,024 MB"),
        (free_twice, "taken off once"),
        (in_milliseconds, "Milliseconds, or seconds?"),
        (in_tenths, "100 ms were the past"),
        (rounded_down, "rounded up to a whole ms"),
    ],
)
def test_a_wrong_bill_is_told_what_was_misread(answer, advice):
    verdict = judge(bill.check, answer)
    assert verdict.status == "failed"
    assert advice in verdict.look


def test_the_bill_of_ordinary_code_is_enough():
    def plainly(requests, duration_ms, memory_mb, prices):
        used = requests * -(-duration_ms // 1) / 1000 * memory_mb / 1024
        return parts(requests, used, prices)

    assert judge(bill.check, plainly).status == "passed"


@pytest.mark.parametrize("off", [0.98, 0.99, 1.01, 1.02])
def test_a_break_even_that_is_off_by_a_percent_is_rejected(off):
    def nearly(server_usd, cost):
        low, high = 0.0, 1e15
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if cost(middle) < server_usd else (low, middle)
        return off * high

    verdict = judge(breakeven.check, nearly)
    assert verdict.status == "failed"
    assert verdict.picture is not None


def one_by_one(arrival_s, service_s, idle_timeout_s):
    """The rule as the lab states it, told anew."""
    last_done, marks = [], []
    for now, lasts in zip(arrival_s, service_s, strict=True):
        idle_for = {n: now - done for n, done in enumerate(last_done) if done <= now}
        awake = {n: idle for n, idle in idle_for.items() if idle <= idle_timeout_s}
        marks.append(not awake)
        if awake:
            last_done[min(awake, key=awake.get)] = now + lasts
        else:
            last_done.append(now + lasts)
    return marks


@pytest.mark.parametrize("seed", range(5))
def test_who_is_cold_by_the_rule(seed):
    rng = np.random.default_rng(seed)
    arrival_s = np.cumsum(rng.exponential(1.0, 500)).tolist()
    service_s = rng.exponential(2.0, 500).tolist()
    told = one_by_one(arrival_s, service_s, 1.5)
    assert cold.cold_by_the_rule(arrival_s, service_s, 1.5) == told
    assert 50 < sum(told) < 450


@pytest.mark.parametrize("story", cold._STORIES, ids=lambda story: story[0])
def test_each_story_of_cold_starts_has_its_picture(story):
    words, *requests = story

    def wrong_in_this_story(arrival_s, service_s, idle_timeout_s):
        marks = one_by_one(arrival_s, service_s, idle_timeout_s)
        same = tuple(arrival_s) == requests[0] and tuple(service_s) == requests[1]
        return [*marks[:-1], not marks[-1]] if same else marks

    verdict = judge(cold.check, wrong_in_this_story)
    assert verdict.status == "failed"
    assert verdict.reason.lower().startswith(words)
    assert verdict.picture is not None


@pytest.mark.parametrize("name", fit.WORKLOADS)
def test_every_criterion_of_a_workload_can_be_answered(name):
    workload = fit.WORKLOADS[name]
    named = workload.decisive | workload.defensible
    assert workload.decisive
    assert not workload.decisive & workload.defensible
    assert named | set(workload.against) == set(fit.CRITERIA)
    assert not named & set(workload.against)
