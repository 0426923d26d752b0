"""Answers to 13.4-alarm-tuning."""

import functools
import math

from tests.zoo import right, wrong
from workbook.checks.lab13 import MONTH_S, minutes_to_detect


def every(periods_s):
    return [(m, n, s) for s in periods_s for n in range(1, 9) for m in range(1, n + 1)]


def false_alarms(noise, m, n, period_s):
    between = math.comb(n - 1, m - 1) * noise ** (m - 1) * (1 - noise) ** (n - m)
    return between * noise * (1 - noise) * MONTH_S / period_s


def quickest(noise, failing, alarms):
    return min(alarms, key=lambda alarm: minutes_to_detect(noise, failing, *alarm))


@wrong("1 of 8 at 60 s gives")
def forgets_the_budget(noise, failing, budget, periods_s):
    return quickest(noise, failing, every(periods_s))


@wrong("8 of 8 at 600 s takes")
def as_quiet_as_can_be(noise, failing, budget, periods_s):
    return min(every(periods_s), key=lambda alarm: false_alarms(noise, *alarm))


@wrong("5 of 5 at 60 s takes")
def whatever_is_in_the_budget(noise, failing, budget, periods_s):
    found = [a for a in every(periods_s) if false_alarms(noise, *a) <= budget]
    rows = [a for a in found if a[0] == a[1] and a[0] > 4]
    return rows[0] if rows else found[-1]


@wrong("takes 15.4 minutes")
def in_a_row_and_one_more(noise, failing, budget, periods_s):
    near = [a for a in every(periods_s) if a[1] - a[0] == 1 and a[0] > 3]
    quiet = [a for a in near if false_alarms(noise, *a) <= budget]
    return quickest(noise, failing, quiet)


@wrong("2 of 3 at 60 s")
def as_in_the_chapter(noise, failing, budget, periods_s):
    return 2, 3, 60


@wrong("4 of 8 at 60 s gives")
def forgets_the_ways(noise, failing, budget, periods_s):
    """M breaches in the right places, and only there."""

    def rate(m, n, period_s):
        return noise**m * (1 - noise) ** (n - m + 1) * MONTH_S / period_s

    quiet = [a for a in every(periods_s) if rate(*a) <= budget and a[0] >= 4]
    return max(quiet, key=lambda a: (a[1], -a[0], -a[2]))


@wrong("The period is 1")
def a_period_in_minutes(noise, failing, budget, periods_s):
    quiet = [a for a in every(periods_s) if false_alarms(noise, *a) <= budget]
    m, n, period_s = quickest(noise, failing, quiet)
    return m, n, period_s // 60


@wrong("is no alarm")
def n_before_m(noise, failing, budget, periods_s):
    quiet = [a for a in every(periods_s) if false_alarms(noise, *a) <= budget]
    m, n, period_s = quickest(noise, failing, quiet)
    return n, m, period_s


@wrong("not (m, n, period_s)")
def answers_the_minutes(noise, failing, budget, periods_s):
    quiet = [a for a in every(periods_s) if false_alarms(noise, *a) <= budget]
    return min(minutes_to_detect(noise, failing, *a) for a in quiet)


@wrong("are not all numbers")
def answers_in_words(noise, failing, budget, periods_s):
    return "2", "3", 60


@wrong("4 of 7 at 120 s takes")
def never_the_shortest_period(noise, failing, budget, periods_s):
    longer = every(sorted(periods_s)[1:])
    quiet = [a for a in longer if false_alarms(noise, *a) <= budget]
    return min(quiet, key=lambda a: (a[0] != 4, a[1] != 7, a[2]))


@wrong("2 of 2 at 600 s")
def a_budget_a_day(noise, failing, budget, periods_s):
    pairs = [a for a in every(periods_s) if a[0] == a[1]]
    quiet = [a for a in pairs if false_alarms(noise, *a) / 30 <= budget]
    return max(quiet, key=lambda a: (-a[0], a[2]))


def within(noise, failing, budget, alarms, rate=false_alarms):
    """The quickest of those that keep the budget by some rate."""
    quiet = [a for a in alarms if rate(noise, *a) <= budget]
    return quickest(noise, failing, quiet)


@wrong("20% of healthy runs fail, 80% in a failure: 6 of 7 at 60 s takes")
def a_good_one_need_not_drop_out(noise, failing, budget, periods_s):
    def rate(noise, *alarm):
        return false_alarms(noise, *alarm) / (1 - noise)

    return within(noise, failing, budget, every(periods_s), rate)


@wrong("8 of 8 at 20 s takes")
def only_the_shortest_period(noise, failing, budget, periods_s):
    return within(noise, failing, budget, every([min(periods_s)]))


@wrong("1 of 8 at 300 s takes")
def only_the_first_period(noise, failing, budget, periods_s):
    return within(noise, failing, budget, every(periods_s[:1]))


@wrong("100% in a failure: 7 of 8 at 60 s takes")
def half_of_the_orders_fail(noise, failing, budget, periods_s):
    return within(noise, 0.5, budget, every(periods_s))


@wrong("2 of 8 at 60 s takes")
def never_a_single_one(noise, failing, budget, periods_s):
    several = [a for a in every(periods_s) if a[0] > 1]
    return within(noise, failing, budget, several)


@wrong("is no alarm", same_as="n_before_m")
def an_n_of_ten(noise, failing, budget, periods_s):
    return 5, 10, periods_s[0]


@right
def the_least_m(noise, failing, budget, periods_s):
    found = []
    for period_s in periods_s:
        for n in range(1, 9):
            m = 1
            while m <= n and false_alarms(noise, m, n, period_s) > budget:
                m += 1
            if m <= n:
                found.append([m, n, period_s])
    return quickest(noise, failing, found)


@right
def nearly_the_quickest(noise, failing, budget, periods_s):
    """Among those within 4% of the quickest the one with the fewest false alarms."""
    rate = functools.partial(false_alarms, noise)
    quiet = [a for a in every(periods_s) if rate(*a) <= budget]
    best = minutes_to_detect(noise, failing, *quickest(noise, failing, quiet))
    near = [a for a in quiet if minutes_to_detect(noise, failing, *a) <= 1.04 * best]
    return min(near, key=lambda a: rate(*a))
