"""Sales by many sellers at once against closed forms, and what always holds."""

from collections import Counter

import numpy as np
import pytest
from compare import assert_close
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.sim import selling

SAFE = [name for name in selling.DESIGNS if name != "read-modify-write"]


# --- closed forms by hand -------------------------------------------------------------


def test_closed_forms():
    assert selling.times_last_seat_is_sold(1) == 1
    assert selling.times_last_seat_is_sold(2) == 1.5
    assert selling.times_last_seat_is_sold(3) == pytest.approx(1 + 2 / 3 + 2 / 9)
    long = selling.times_last_seat_is_sold(10_000)
    assert long == pytest.approx(np.sqrt(np.pi * 5_000) - 1 / 3, abs=0.01)
    assert selling.transaction_conflict_share(4) == 0.75
    assert selling.transaction_sales_per_s(1, call_s=0.005) == pytest.approx(100)
    assert selling.version_conflict_share(1) == 0
    assert selling.version_conflict_share(2) == pytest.approx(0.3)
    assert selling.version_sales_per_s(1, call_s=0.005) == pytest.approx(100)
    assert selling.version_sales_per_s(2, call_s=1) == pytest.approx(0.7)


# --- the simulation against them ------------------------------------------------------


@pytest.mark.parametrize("sellers", [2, 10, 50])
def test_the_last_seat_is_sold_as_often_as_birthdays_say(sellers):
    def sold(seed):
        return np.mean(
            [
                selling.sell(
                    "read-modify-write", sellers=sellers, seats=1, orders=2 * sellers,
                    seed=1000 * seed + n,
                ).sold
                for n in range(200)
            ]
        )  # fmt: skip

    assert_close(sold, selling.times_last_seat_is_sold(sellers))


CROWDS = [2, 5, 20]


def long_sale(design, sellers, seats=2_000):
    """A sale in which nobody gives up, and sellers are busy to the end; by seed."""
    return [
        selling.sell(
            design, sellers=sellers, seats=seats, orders=seats + sellers,
            attempts=10**9, call_s=0.01, seed=seed,
        )
        for seed in range(30)
    ]  # fmt: skip


@pytest.mark.parametrize("sellers", CROWDS)
def test_version_checks(sellers):
    runs = long_sale("version check", sellers)
    share = selling.version_conflict_share(sellers)
    assert_close(lambda seed: runs[seed].conflict_share, share)
    rate = selling.version_sales_per_s(sellers, call_s=0.01)
    assert_close(lambda seed: runs[seed].sales_per_s, rate)


@pytest.mark.parametrize("sellers", CROWDS)
def test_transactions(sellers):
    runs = long_sale("transaction", sellers, seats=1_000)
    share = selling.transaction_conflict_share(sellers)
    assert_close(lambda seed: runs[seed].conflict_share, share)
    rate = selling.transaction_sales_per_s(sellers, call_s=0.01)
    assert_close(lambda seed: runs[seed].sales_per_s, rate)


def test_a_conditional_decrement_takes_one_call():
    runs = long_sale("conditional decrement", 5)
    sd = 500 / np.sqrt(2_000)  # of a rate measured over 2,000 exponential times
    assert_close(lambda seed: runs[seed].sales_per_s, 500, sd=sd)


def test_with_one_attempt_every_conflict_is_an_order_given_up():
    def gave_up(seed):
        return selling.sell(
            "transaction", sellers=2, seats=4_000, orders=4_000, attempts=1, seed=seed
        ).gave_up_share

    assert_close(gave_up, selling.transaction_conflict_share(2))


# --- what always holds ----------------------------------------------------------------

sizes = {
    "sellers": st.integers(1, 30),
    "seats": st.integers(0, 40),
    "orders": st.integers(1, 120),
    "attempts": st.integers(1, 6),
    "seed": st.integers(0, 2**32 - 1),
}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(selling.DESIGNS)), st.fixed_dictionaries(sizes))
def test_every_order_ends_and_only_one_design_oversells(design, given):
    sale = selling.sell(design, **given)
    assert len(sale) == given["orders"]
    told = Counter(sale.outcome.tolist())
    assert set(told) <= {"sold", "sold out", "gave up"}
    assert sale.sold == told["sold"] and (sale.ended_s > 0).all()
    assert sale.conflicts.max() <= given["attempts"]
    gave_up = sale.outcome == "gave up"
    assert (sale.conflicts[gave_up] == given["attempts"]).all()
    if design in SAFE:
        assert sale.oversold == 0
        assert sale.sold + told["gave up"] >= min(given["seats"], given["orders"])
    else:
        assert sale.conflict_share == 0 == told["gave up"]
        assert sale.sold >= min(given["seats"], given["orders"])


@pytest.mark.parametrize("design", selling.DESIGNS)
def test_one_seller_alone_meets_nobody(design):
    sale = selling.sell(design, sellers=1, seats=7, orders=20, seed=1)
    assert sale.outcome.tolist() == ["sold"] * 7 + ["sold out"] * 13
    assert sale.conflict_share == 0 and (np.diff(sale.ended_s) > 0).all()


@pytest.mark.parametrize("design", selling.DESIGNS)
def test_the_seed_decides(design):
    args = {"sellers": 5, "seats": 9, "orders": 40}
    one, again = (selling.sell(design, **args, seed=1) for _ in range(2))
    assert (one.ended_s == again.ended_s).all()
    assert (one.ended_s != selling.sell(design, **args, seed=9).ended_s).any()


def test_it_says_what_came_of_it():
    sale = selling.sell("version check", sellers=4, seats=10, orders=30, seed=1)
    assert repr(sale).startswith("10 sold of 10 seats, ")


def test_impossible_settings_are_refused():
    fine = {"sellers": 2, "seats": 1, "orders": 5, "seed": 1}
    with pytest.raises(ValueError, match="'hope': the designs are read-modify"):
        selling.sell("hope", **fine)
    for wrong in ({"sellers": 0}, {"seats": -1}, {"orders": 0}, {"call_s": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            selling.sell("transaction", **fine | wrong)
    with pytest.raises(ValueError, match="attempts"):
        selling.sell("transaction", **fine, attempts=0)
