"""Answers to 05.4-concurrency."""

import math
from fractions import Fraction

import numpy as np

from tests.zoo import right, wrong


def erlang_b(places, load):
    share = 1.0
    for number in range(1, places + 1):
        share = load * share / (number + load * share)
    return share


def smallest(meets, start=1):
    """The smallest number of places, from `start`, for which `meets` says True."""
    places = start
    while not meets(places):
        places += 1
    return places


@wrong("31 are needed, and your answer is 25.")
def as_many_as_are_at_work(arrivals_per_s, duration_s, target):
    return math.ceil(arrivals_per_s * duration_s)


@wrong("31 are needed, and your answer is 27.")
def as_many_as_are_at_work_and_the_target_on_top(arrivals_per_s, duration_s, target):
    return math.ceil(arrivals_per_s * duration_s / (1 - target))


@wrong("31 are needed, and your answer is 32.")
def one_more_to_be_sure(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, duration_s, target) + 1


@wrong("31 are needed, and your answer is 35.")
def lets_them_wait(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s

    def meets(places):
        lost = erlang_b(places, load)
        used = load / places
        return lost / (1 - used * (1 - lost)) <= target

    return smallest(meets, math.floor(load) + 1)


@wrong("31 are needed, and your answer is 30.")
def one_place_too_few(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, duration_s, target) - 1


@wrong("31 are needed, and your answer is 43.")
def the_target_in_percent(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, duration_s, target / 100)


@wrong("31 are needed, and your answer is 105.")
def divides_where_it_should_multiply(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, 1 / duration_s, target)


@wrong("31 are needed, and your answer is 56.")
def forgets_how_long_they_take(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, 1, target)


@wrong("31 are needed, and your answer is 33.")
def nobody_is_rejected_in_poissons_law(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    term, below, places = math.exp(-load), 0.0, 0
    while 1 - below > target:
        below += term
        places += 1
        term *= load / places
    return max(1, places - 1)


@wrong("41 are needed, and your answer is 100.")
def begins_with_the_load(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    return smallest(lambda n: erlang_b(n, load) <= target, max(1, math.ceil(load)))


@wrong("2 are needed, and your answer is 1.")
def a_load_of_whole_requests(arrivals_per_s, duration_s, target):
    return right_one(round(arrivals_per_s * duration_s), 1, target)


@wrong("2 are needed, and your answer is 4.")
def a_load_rounded_up(arrivals_per_s, duration_s, target):
    return right_one(math.ceil(arrivals_per_s * duration_s), 1, target)


@wrong("1,029 are needed, and your answer is 1,000.")
def no_more_than_the_default_quota(arrivals_per_s, duration_s, target):
    return min(1000, right_one(arrivals_per_s, duration_s, target))


@wrong("1 is needed, and your answer is 2.")
def must_be_below_the_target(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    return smallest(lambda places: erlang_b(places, load) < target)


@wrong("OverflowError", status="your code raised")
def by_the_textbook(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s

    def meets(places):
        terms = [load**n / math.factorial(n) for n in range(places + 1)]
        return terms[-1] / sum(terms) <= target

    return smallest(meets)


@wrong("RecursionError", status="your code raised")
def by_calling_itself(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s

    def share(places):
        if not places:
            return 1.0
        one_fewer = share(places - 1)
        return load * one_fewer / (places + load * one_fewer)

    return smallest(lambda places: share(places) <= target)


@wrong("Without any requests it divides by zero")
def by_the_inverse(arrivals_per_s, duration_s, target):
    load, inverse, places = arrivals_per_s * duration_s, 1.0, 0
    while inverse < 1 / target:
        places += 1
        inverse = 1 + inverse * places / load
    return places


@wrong("Without any requests 1 place is enough, and your answer is 0")
def none_for_nobody(arrivals_per_s, duration_s, target):
    if not arrivals_per_s:
        return 0
    return right_one(arrivals_per_s, duration_s, target)


@wrong("Without any requests it does not come back")
def never_ends_without_requests(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    places = right_one(arrivals_per_s, duration_s, target)
    while not load:
        places = max(places, 1)
    return places


@wrong("It answers a float, not a whole number of places")
def a_float(arrivals_per_s, duration_s, target):
    return float(right_one(arrivals_per_s, duration_s, target))


@wrong("It answers a tuple, not a whole number of places")
def the_share_with_it(arrivals_per_s, duration_s, target):
    places = right_one(arrivals_per_s, duration_s, target)
    return places, erlang_b(places, arrivals_per_s * duration_s)


@wrong("It answers nothing, not a whole number of places")
def prints_it(arrivals_per_s, duration_s, target):
    print(right_one(arrivals_per_s, duration_s, target))


@wrong("It answers a bool, not a whole number of places")
def says_whether_one_is_enough(arrivals_per_s, duration_s, target):
    return erlang_b(1, arrivals_per_s * duration_s) <= target


@wrong("It answers a number of more than twelve digits")
def milliseconds_to_the_fourth(arrivals_per_s, duration_s, target):
    return int(arrivals_per_s * duration_s * 1e13)


@wrong("With no place at all everything is rejected")
def less_than_nothing(arrivals_per_s, duration_s, target):
    return -3


@wrong("cannot be called as the exercise asks")
def wants_the_load(load, target):
    return smallest(lambda places: erlang_b(places, load) <= target)


def right_one(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    return smallest(lambda places: erlang_b(places, load) <= target)


@right
def tries_each_from_the_beginning(arrivals_per_s, duration_s, target):
    return right_one(arrivals_per_s, duration_s, target)


@right
def with_logarithms(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    if load == 0:
        return np.int64(1)
    logs, places = [0.0], 0
    while True:
        places += 1
        logs.append(logs[-1] + math.log(load / places))
        most = max(logs)
        whole = sum(math.exp(one - most) for one in logs)
        if math.exp(logs[-1] - most) / whole <= target:
            return np.int64(places)


@right
def by_halving(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    low, high = 0, 1
    while erlang_b(high, load) > target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if erlang_b(middle, load) <= target:
            high = middle
        else:
            low = middle
    return high


@right
def in_fractions(arrivals_per_s, duration_s, target):
    load, wanted = Fraction(arrivals_per_s) * Fraction(duration_s), Fraction(target)
    share, places = Fraction(1), 0
    while share > wanted:
        places += 1
        share = load * share / (places + load * share)
        share = share.limit_denominator(10**30)
    return places


@right
def by_a_sum_of_inverses(arrivals_per_s, duration_s, target):
    load, inverse = arrivals_per_s * duration_s, 1.0
    if not load:
        return 1
    for places in range(1, 10_000):
        inverse = 1 + inverse * places / load
        if inverse >= 1 / target:
            return places
    raise ValueError("more than ten thousand")


@wrong("3,023 are needed, and your answer is 2,000.")
def looks_at_two_thousand_places_at_most(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    share = 1.0
    for places in range(1, 2_001):
        share = load * share / (places + load * share)
        if share <= target:
            return places
    return 2_000


@wrong("1,029 are needed, and your answer is 346.")
def lets_a_running_sum_overflow(arrivals_per_s, duration_s, target):
    load, term, total, places = arrivals_per_s * duration_s, 1.0, 1.0, 0
    while places == 0 or term / total > target:
        places += 1
        term *= load / places
        total += term
    return places


@right
def with_logarithms_of_its_own(arrivals_per_s, duration_s, target):
    load = arrivals_per_s * duration_s
    if load == 0:
        return 1
    total, places = 0.0, 0  # the logarithm of the sum so far
    while True:
        places += 1
        term = places * math.log(load) - math.lgamma(places + 1)
        total = np.logaddexp(total, term)
        if math.exp(term - total) <= target:
            return places
