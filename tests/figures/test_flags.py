"""Flags: words on poles, none on another, no pole through words."""

import itertools

import numpy as np
import pytest

from workbook.figures.flags import place_flags
from workbook.figures.text import width

LOW, HIGH = 100.0, 440.0


def some_labels(seed, most_words=4):
    rng = np.random.default_rng(seed)
    poles = rng.uniform(LOW, HIGH, size=rng.integers(1, 9))
    return [(float(p), "moment " * int(rng.integers(1, most_words + 1))) for p in poles]


@pytest.mark.parametrize("seed", range(12))
def test_no_flag_stands_on_another(seed):
    flags = place_flags(some_labels(seed), LOW, HIGH)
    for one, other in itertools.combinations(flags, 2):
        if one.level == other.level:
            assert one.right < other.left or other.right < one.left


@pytest.mark.parametrize("seed", range(12))
def test_no_pole_goes_through_the_words_of_a_lower_flag(seed):
    flags = place_flags(some_labels(seed, most_words=1), LOW, HIGH)
    for one, other in itertools.permutations(flags, 2):
        if one.level > other.level:
            assert not other.left < one.pole < other.right


def test_words_that_cover_each_other_s_poles_are_still_apart():
    flags = place_flags([(250, "word " * 12), (260, "word " * 12)], LOW, HIGH)
    assert sorted(flag.level for flag in flags) == [0, 1]


def test_moments_at_the_same_time_stand_above_each_other():
    flags = place_flags([(250, "one"), (250, "two"), (250, "three")], LOW, HIGH)
    assert max(flag.level for flag in flags) == 1  # two of them beside each other


def test_a_pole_without_words_takes_no_room():
    flags = place_flags([(250, ""), (252, "words"), (255, "")], LOW, HIGH)
    assert [flag.level for flag in flags] == [0, 0, 0]


@pytest.mark.parametrize("seed", range(12))
def test_flags_stay_on_the_page_by_their_poles_and_in_order(seed):
    labels = some_labels(seed)
    flags = place_flags(labels, LOW, HIGH)
    assert [flag.pole for flag in flags] == [pole for pole, _ in labels]
    for flag in flags:
        assert flag.left >= LOW and flag.right <= HIGH + 1e-6
        assert flag.left - 4 < flag.pole < flag.right + 4


def test_a_flag_stands_to_the_right_of_its_pole_or_left_where_the_page_ends():
    (first,), (last,) = (place_flags([(x, "end")], LOW, HIGH) for x in (LOW, HIGH))
    assert first.left == LOW + 3 and last.right == HIGH - 3
    assert first.level == last.level == 0


def test_words_wider_than_the_page_are_cut():
    (flag,) = place_flags([(200, "word " * 60)], LOW, HIGH)
    assert flag.words.endswith("…") and width(flag.words) <= HIGH - LOW
