"""Numbers on axes: written out, equally fine, and beside each other."""

import itertools

import pytest

from workbook.figures.text import width
from workbook.figures.ticks import SIXTIES, fitting, linear_ticks, log_ticks, numbers


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0, 1e6, 2e6], ["0", "1,000,000", "2,000,000"]),
        ([0, 0.1 + 0.2, 0.6], ["0.0", "0.3", "0.6"]),
        ([0, 0.25, 0.5], ["0.00", "0.25", "0.50"]),
        ([1e-8], ["0.00000001"]),
        ([1e10], ["10,000,000,000"]),
        ([-0.0, 1], ["0", "1"]),
        ([1520643600.5, 1520643601], ["1,520,643,600.5", "1,520,643,601.0"]),
        ([], []),
    ],
)
def test_numbers_are_written_out_and_equally_fine(values, words):
    assert numbers(values) == words


def test_steps_are_round_and_time_goes_by_sixties():
    assert linear_ticks(0, 60) == [0, 10, 20, 30, 40, 50, 60]
    assert linear_ticks(0, 180, 6, steps=SIXTIES) == [0, 30, 60, 90, 120, 150, 180]
    assert linear_ticks(-3, 2) == [-3, -2, -1, 0, 1, 2]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 1000, [1, 10, 100, 1000]),
        (1, 1e10, [1, 1e2, 1e4, 1e6, 1e8, 1e10]),
        (0.5, 30, [0.5, 1, 2, 5, 10, 20]),
        (2, 8, [2, 4, 6, 8]),
    ],
)
def test_a_log_scale_has_powers_of_ten_or_what_lies_between(low, high, ticks):
    assert log_ticks(low, high) == pytest.approx(ticks)


@pytest.mark.parametrize("high", [8, 1e4, 1e10])
@pytest.mark.parametrize("most", [2, 4, 8])
def test_a_log_scale_has_no_nought(high, most):
    assert all(tick > 0 for tick in log_ticks(1, high, most))


@pytest.mark.parametrize(("points", "many"), [(40, 1), (120, 3), (250, 5), (400, 6)])
def test_fewer_numbers_stand_where_there_is_less_room(points, many):
    def across(value):
        return value / 1e6 * points

    ticks = fitting(lambda most: linear_ticks(0, 1e6, most), numbers, across)
    assert len(ticks) == many
    for one, other in itertools.pairwise(ticks):
        words = [numbers(ticks)[ticks.index(tick)] for tick in (one, other)]
        assert sum(map(width, words)) / 2 < across(other) - across(one)
