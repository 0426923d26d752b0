"""Bills against AWS's worked examples, and what must hold for every bill.

The examples stand on the page that the facts name as the source of Lambda's prices,
https://aws.amazon.com/lambda/pricing/, each part rounded to a cent.
"""

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given
from hypothesis import strategies as st

from workbook.facts import fact, usd
from workbook.sim import cost

# --- AWS's examples -------------------------------------------------------------------


def parts(bill):
    """What the page adds up: each part rounded to a cent."""
    shares = bill.request_usd, bill.compute_usd, bill.storage_usd, bill.provisioned_usd
    return tuple(round(float(share), 2) for share in shares)


@pytest.mark.parametrize(
    ("month", "gb_seconds", "expected", "total"),
    [
        (  # "Mobile application backend"
            {"requests": 3e6, "duration_s": 0.120, "memory_mb": 1536},
            540_000,
            (0.40, 2.33, 0, 0),
            2.73,
        ),
        (  # "Enriching streaming telemetry with additional metadata"
            {
                "requests": 10_000 * 24 * 31,
                "duration_s": 2,
                "memory_mb": 1024,
                "free_tier": False,
            },
            14_880_000,
            (1.49, 248.00, 0, 0),
            249.49,
        ),
        (  # "Performing ML on customer support tickets", with 2 GB of /tmp
            {
                "requests": 6e6,
                "duration_s": 0.280,
                "memory_mb": 4096,
                "ephemeral_mb": 2048,
            },
            6_720_000,
            (1.00, 105.33, 0.08, 0),
            106.41,
        ),
    ],
)
def test_the_examples_for_functions(month, gb_seconds, expected, total):
    bill = cost.function_bill(**month)
    assert bill.gb_seconds == pytest.approx(gb_seconds, rel=1e-12)
    assert parts(bill) == expected
    assert round(sum(parts(bill)), 2) == total
    assert bill.total_usd == pytest.approx(total, abs=0.01)


def test_the_example_of_a_launch_with_provisioned_concurrency():
    ready = cost.provisioned_bill(
        requests=500_000, duration_s=0.1, memory_mb=1536, environments=100,
        enabled_s=8 * 3600,
    )  # fmt: skip
    rest = cost.function_bill(requests=2.5e6, duration_s=0.12, memory_mb=1536)
    assert parts(ready)[1] == 0.73 and parts(ready)[3] == 18.00
    assert parts(rest)[1] == 0.83
    requests_usd = cost.function_bill(requests=3e6, duration_s=0, memory_mb=128)
    assert parts(requests_usd) == (0.40, 0, 0, 0)
    assert round(18.00 + 0.40 + 0.73 + 0.83, 2) == 19.96
    together = ready.compute_usd + ready.provisioned_usd + rest.compute_usd + 0.40
    assert together == pytest.approx(19.96, abs=0.01)


def test_the_example_of_a_sale_with_provisioned_concurrency():
    bill = cost.provisioned_bill(
        requests=2e6, duration_s=0.28, memory_mb=4096, environments=7,
        enabled_s=24 * 3600,
    )  # fmt: skip
    assert parts(bill) == (0.40, 21.78, 0, 10.08)
    assert round(bill.total_usd, 2) == 32.26


def test_the_example_of_2018():
    """512 MB, 3 million requests of a second, at the price and the steps of then."""
    then = cost.Prices(0.2e-6, ((np.inf, 0.00001667),), 1e6, 400_000, step_s=0.1)
    month = {"requests": 3e6, "duration_s": 1, "memory_mb": 512, "prices": then}
    assert parts(cost.function_bill(**month)) == (0.40, 18.34, 0, 0)
    longer = cost.function_bill(**{**month, "duration_s": 1.001})
    assert longer.gb_seconds == pytest.approx(1.1 * 1_500_000)


# --- tiers, rounding, the free tier ---------------------------------------------------


@pytest.mark.parametrize("architecture", ["x86", "arm"])
def test_the_price_falls_in_tiers(architecture):
    name = f"lambda.price.gb_second.{architecture}"
    first, second = (fact(f"{name}.tier{n}.up_to").value for n in (1, 2))
    used = second + 1e9
    bill = cost.function_bill(
        requests=used / 10, duration_s=10, memory_mb=1024, free_tier=False,
        architecture=architecture,
    )  # fmt: skip
    expected = first * float(usd(name)) + (second - first) * float(usd(f"{name}.tier2"))
    expected += 1e9 * float(usd(f"{name}.tier3"))
    assert bill.compute_usd == pytest.approx(expected)


@pytest.mark.parametrize(
    ("duration_s", "billed_ms"),
    [(0.120, 120), (0.1201, 121), (0.0001, 1), (0, 0), (0.29, 290), (0.1 + 0.2, 300)],
)
def test_each_duration_is_rounded_up_to_a_millisecond(duration_s, billed_ms):
    bill = cost.function_bill(requests=1000, duration_s=duration_s, memory_mb=1024)
    assert bill.gb_seconds == pytest.approx(billed_ms)


def test_a_small_shop_pays_nothing():
    bill = cost.function_bill(requests=1e6, duration_s=0.8, memory_mb=512)
    assert bill.total_usd == 0 and bill.gb_seconds == 400_000
    over = cost.function_bill(requests=1e6 + 1000, duration_s=0.8, memory_mb=512)
    assert over.request_usd == pytest.approx(1000 * 0.2e-6)
    assert over.compute_usd == pytest.approx(
        400 * float(usd("lambda.price.gb_second.x86"))
    )


def test_time_ready_is_billed_in_steps_of_five_minutes():
    def kept(enabled_s):
        return cost.provisioned_bill(
            requests=0,
            duration_s=0,
            memory_mb=1024,
            environments=2,
            enabled_s=enabled_s,
        ).provisioned_usd

    assert kept(301) == kept(600) == pytest.approx(1200 * 0.0000041667)
    assert kept(0) == 0


def test_bills_may_be_arrays():
    requests = np.array([1e6, 3e6, 9e6])
    together = cost.function_bill(requests=requests, duration_s=0.12, memory_mb=1536)
    single = [
        cost.function_bill(requests=n, duration_s=0.12, memory_mb=1536).total_usd
        for n in requests
    ]
    assert np.allclose(together.total_usd, single) and together.total_usd.shape == (3,)
    assert repr(together).endswith("in 3 bills")


MONTH = {
    "requests": st.floats(0, 1e10),
    "duration_s": st.floats(0, 900),
    "memory_mb": st.integers(128, 10_240),
    "architecture": st.sampled_from(["x86", "arm"]),
}


@given(st.fixed_dictionaries(MONTH), st.floats(1, 3))
def test_more_of_anything_never_costs_less(month, times):
    usd_now = cost.function_bill(**month).total_usd
    for what, most in (("requests", 1e15), ("duration_s", 900), ("memory_mb", 10_240)):
        more = {**month, what: min(month[what] * times, most)}
        assert cost.function_bill(**more).total_usd >= usd_now
    assert cost.function_bill(**month, free_tier=False).total_usd >= usd_now
    assert usd_now >= 0


# --- servers and the break-even -------------------------------------------------------


def test_servers_are_paid_by_the_hour():
    hour = cost.fargate_usd_per_hour(vcpu=0.25, memory_gb=0.5)
    assert hour == pytest.approx(0.25 * 0.04048 + 0.5 * 0.004445)
    assert hour > cost.fargate_usd_per_hour(
        vcpu=0.25, memory_gb=0.5, architecture="arm"
    )
    small = float(usd("ec2.price.t4g_small"))
    assert cost.server_usd(servers=2, usd_per_hour=small) == pytest.approx(24.528)
    assert cost.server_usd(servers=1, usd_per_hour=2.0, hours=3) == 6


@pytest.mark.parametrize(
    ("peak", "each", "fewest", "servers"),
    [(100, 50, 1, 2), (101, 50, 1, 3), (0, 50, 2, 2), (0.3, 0.1, 1, 3), (0, 5, 0, 0)],
)
def test_there_are_servers_enough_for_the_peak(peak, each, fewest, servers):
    found = cost.servers_needed(peak_per_s=peak, server_per_s=each, fewest=fewest)
    assert found == servers


@pytest.mark.parametrize("usd_per_month", [1, 12.264, 100, 5_000, 500_000])
@pytest.mark.parametrize(
    ("duration_s", "memory_mb"), [(0.1, 128), (1.0, 1769), (0, 128)]
)
def test_at_the_break_even_both_cost_the_same(usd_per_month, duration_s, memory_mb):
    function = {"duration_s": duration_s, "memory_mb": memory_mb}
    requests = cost.break_even_requests(usd_per_month=usd_per_month, **function)
    bill = cost.function_bill(requests=requests, **function)
    assert bill.total_usd == pytest.approx(usd_per_month, rel=1e-9)


def test_the_break_even_by_hand():
    """Above both free tiers the bill is a straight line."""
    each = 0.2e-6 + 0.05 * 0.0000166667
    free = 1e6 * 0.2e-6 + 400_000 * 0.0000166667
    found = cost.break_even_requests(
        usd_per_month=100, duration_s=0.1, memory_mb=512, architecture="x86"
    )
    assert found == pytest.approx((100 + free) / each, rel=1e-9)
    nothing = cost.break_even_requests(usd_per_month=0, duration_s=0.1, memory_mb=512)
    assert nothing == pytest.approx(1e6)


def test_at_the_ratio_servers_for_the_peak_cost_as_much_as_functions():
    server = {"server_per_s": 20, "usd_per_hour": 0.0168}
    function = {"duration_s": 0.1, "memory_mb": 512}
    ratio = cost.break_even_peak_to_mean(**server, **function)
    mean_per_s = 10_000.0
    hourly = cost.servers_needed(peak_per_s=mean_per_s * ratio, server_per_s=20)
    month_s = cost.HOURS_A_MONTH * 3600
    bill = cost.function_bill(
        requests=mean_per_s * month_s, **function, free_tier=False
    ).total_usd
    assert cost.server_usd(servers=hourly, usd_per_hour=0.0168) == pytest.approx(
        bill, rel=0.001
    )


# --- a year ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "ratio", "hours"), [(5e6, 100, 24), (2e7, 12, 720), (1e6, 1, 10)]
)
def test_a_year_has_the_requests_and_the_peak_asked_for(requests, ratio, hours):
    def year(seed):
        return cost.year_of_traffic(
            requests=requests, peak_to_mean=ratio, peak_hours=hours, seed=seed,
            peak_start_hour=1000,
        )  # fmt: skip

    assert_close(lambda seed: year(seed).requests.sum(), requests, sd=requests**0.5)
    inside = slice(1000, 1000 + hours)
    assert_close(
        lambda seed: year(seed).requests[inside].sum(),
        requests / cost.HOURS_A_YEAR * ratio * hours,
    )
    assert year(1).peak_per_s == pytest.approx(requests / 8760 / 3600 * ratio)
    assert (
        len(year(1).requests) == 8760
        and year(1).monthly.sum() == year(1).requests.sum()
    )
    assert year(1).percentile(100) == year(1).requests.max()


def test_who_pays_for_idle():
    year = cost.year_of_traffic(
        requests=5e6, peak_to_mean=100, peak_hours=24, seed=1, peak_start_hour=1000
    )
    bills = cost.bill_year(
        year, duration_s=0.1, memory_mb=512, server_per_s=20, usd_per_hour=0.0168,
        fewest=2,
    )  # fmt: skip
    assert bills.servers == 2 and bills.servers_usd.sum() == pytest.approx(
        2 * 0.0168 * 8760
    )
    assert bills.idle_share == pytest.approx(1 - 5e6 / (2 * 20 * 3600 * 8760), abs=1e-4)
    alone = [
        cost.function_bill(requests=n, duration_s=0.1, memory_mb=512).total_usd
        for n in year.monthly
    ]
    assert np.allclose(bills.functions_usd, alone)
    assert bills.functions_usd.argmax() == 1  # the peak's month
    assert "idle 99." in repr(bills) and "peak to mean 10" in repr(year)


def test_seeds_decide():
    year = {"requests": 1e5, "peak_to_mean": 10, "peak_hours": 100}
    one, same, other = (
        cost.year_of_traffic(**year, seed=seed).requests for seed in (1, 1, 2)
    )
    assert (one == same).all() and (one != other).any()


def test_all_of_a_year_may_be_its_peak():
    year = cost.year_of_traffic(requests=8760, peak_to_mean=1, peak_hours=8760, seed=1)
    assert year.requests.mean() == pytest.approx(1, rel=0.05)
    short = cost.year_of_traffic(requests=8760, peak_to_mean=8760, peak_hours=1, seed=1)
    assert short.requests[1:].sum() == 0


# --- refusals -------------------------------------------------------------------------

FUNCTION = {"requests": 1e6, "duration_s": 0.1, "memory_mb": 128}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"requests": -1}, "requests=-1"),
        ({"requests": "many"}, "requests='many'"),
        ({"requests": np.array([1.0, -2.0])}, "requests=-2.0"),
        ({"requests": np.array([])}, "it must be a number"),
        ({"duration_s": 901}, "duration_s=901: it must be 0 to 900"),
        ({"duration_s": float("nan")}, "duration_s=nan"),
        ({"memory_mb": 64}, "memory_mb=64: it must be 128 to 10240"),
        ({"ephemeral_mb": 100}, "ephemeral_mb=100"),
        ({"architecture": "riscv"}, "architecture='riscv': use 'x86' or 'arm'"),
    ],
)
def test_impossible_functions_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        cost.function_bill(**{**FUNCTION, **bad})


YEAR = {"requests": 1e6, "peak_to_mean": 10, "peak_hours": 100, "seed": 1}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"requests": -1}, "requests=-1"),
        ({"peak_to_mean": 0.5}, "peak_to_mean=0.5"),
        ({"peak_to_mean": 88}, "peak_to_mean=88: it must be 1 to 87.6"),
        ({"peak_hours": 0}, "peak_hours=0"),
        ({"peak_start_hour": 8700}, "peak_start_hour=8700: it must be 0 to 8660"),
        ({"peak_start_hour": 1.5}, "peak_start_hour=1.5: it must be a whole number"),
    ],
)
def test_impossible_years_are_refused_by_name_and_value(bad, message):
    with pytest.raises(ValueError, match=message):
        cost.year_of_traffic(**{**YEAR, **bad})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cost.servers_needed(peak_per_s=1, server_per_s=0), "server_per_s=0"),
        (lambda: cost.server_usd(servers=-1, usd_per_hour=1), "servers=-1"),
        (lambda: cost.fargate_usd_per_hour(vcpu=0, memory_gb=1), "vcpu=0"),
        (
            lambda: cost.break_even_requests(
                usd_per_month=-1, duration_s=1, memory_mb=128
            ),
            "usd_per_month=-1",
        ),
        (
            lambda: cost.provisioned_bill(
                requests=1, duration_s=1, memory_mb=128, environments=-1, enabled_s=60
            ),
            "environments=-1",
        ),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
