"""Answers to 06.1-ask-ever-more-seldom."""

from itertools import count, pairwise

import numpy as np

from tests.zoo import right, wrong


def exact(first_s, share, cap_s, until_s):
    """What the wrong ones below do right."""
    now_s = 0.0
    while now_s < until_s:
        now_s = min(now_s + min(cap_s, max(first_s, share * now_s)), until_s)
        yield now_s


@wrong("are enough")
def asks_at_a_fixed_period(first_s, share, cap_s, until_s):
    now_s = 0.0
    while now_s < until_s:
        now_s = min(now_s + min(first_s, cap_s), until_s)
        yield now_s


@wrong("is the most, at any time")
def forgets_the_cap(first_s, share, cap_s, until_s):
    return exact(first_s, share, float("inf"), until_s)


@wrong("is the promise then")
def doubles_each_wait(first_s, share, cap_s, until_s):
    now_s, wait_s = 0.0, first_s
    while now_s < until_s:
        now_s = min(now_s + min(wait_s, cap_s), until_s)
        yield now_s
        wait_s *= 2


@wrong("is the promise then", same_as="doubles_each_wait")
def knows_one_share(first_s, share, cap_s, until_s):
    return exact(first_s, 0.5, cap_s, until_s)


@wrong("the moments do not grow")
def gives_the_waits(first_s, share, cap_s, until_s):
    return [b - a for a, b in pairwise([0.0, *exact(first_s, share, cap_s, until_s)])]


@wrong("there the page has just begun")
def asks_before_it_waits(first_s, share, cap_s, until_s):
    yield 0.0
    yield from exact(first_s, share, cap_s, until_s)


@wrong("It asks twice at")
def asks_once_more_at_the_end(first_s, share, cap_s, until_s):
    """A wait that ends exactly with the page, and then the last moment."""
    now_s = min(first_s, cap_s)
    while now_s <= until_s:
        yield now_s
        now_s += min(cap_s, max(first_s, share * now_s))
    yield until_s


@wrong("is the most, at any time", same_as="forgets_the_cap")
def caps_the_share_only(first_s, share, cap_s, until_s):
    now_s = 0.0
    while now_s < until_s:
        now_s = min(now_s + max(first_s, min(cap_s, share * now_s)), until_s)
        yield now_s


@wrong("is the most, at any time", same_as="forgets_the_cap")
def caps_all_but_the_first_wait(first_s, share, cap_s, until_s):
    now_s = min(first_s, until_s)
    yield now_s
    while now_s < until_s:
        now_s = min(now_s + min(cap_s, max(first_s, share * now_s)), until_s)
        yield now_s


@wrong("It raises StopIteration")
def ends_as_an_iterator_does(first_s, share, cap_s, until_s):
    yield from exact(first_s, share, cap_s, until_s)
    raise StopIteration


@wrong("It never ends")
def never_gives_up(first_s, share, cap_s, until_s):
    now_s = 0.0
    while True:
        now_s += min(cap_s, max(first_s, share * now_s))
        yield now_s


@wrong("It asks for the last time at")
def gives_up_early(first_s, share, cap_s, until_s):
    return [at for at in exact(first_s, share, cap_s, until_s) if at < until_s]


@wrong("and the page gives up at")
def asks_when_nobody_waits(first_s, share, cap_s, until_s):
    now_s = 0.0
    while now_s < until_s:
        now_s += min(cap_s, max(first_s, share * now_s))
        yield now_s


@wrong("was promised for an order that ends at once")
def begins_late(first_s, share, cap_s, until_s):
    return exact(2 * first_s, share, cap_s, until_s)


@wrong("not one moment after another")
def gives_the_next_wait(first_s, share, cap_s, until_s):
    return min(cap_s, first_s)


@wrong("which is no number of seconds")
def gives_words(first_s, share, cap_s, until_s):
    return (f"{at} s" for at in exact(first_s, share, cap_s, until_s))


@wrong("It gives no moment at all")
def gives_nothing(first_s, share, cap_s, until_s):
    return []


@wrong("NameError", status="your code raised")
def names_what_is_not_there(first_s, share, cap_s, until_s):
    yield frist_s  # noqa: F821


@right
def makes_a_list(first_s, share, cap_s, until_s):
    moments = [min(first_s, cap_s, until_s)]
    while moments[-1] < until_s:
        wait_s = sorted((cap_s, max(first_s, moments[-1] * share)))[0]
        moments.append(moments[-1] + wait_s)
    moments[-1] = until_s
    return moments


@right
def works_out_each_phase(first_s, share, cap_s, until_s):
    """Even steps, then growing ones, then even ones again."""
    now_s = 0.0
    for _ in count():
        if now_s >= until_s:
            return
        step_s = first_s if share * now_s <= first_s else share * now_s
        now_s = min(until_s, now_s + (cap_s if step_s > cap_s else step_s))
        yield now_s


@right
def counts_in_an_array(first_s, share, cap_s, until_s):
    return np.array(list(exact(first_s, share, cap_s, until_s)))


@right
def goes_back_from_the_end(first_s, share, cap_s, until_s):
    """Each moment as early as the next one allows."""
    moments, at = [], float(until_s)
    while at > 0:
        moments.append(at)
        at = max(at - cap_s, min(at - first_s, at / (1 + share)))
    return moments[::-1]


@right
def spreads_the_slack(first_s, share, cap_s, until_s):
    """As many calls, and every wait as much shorter as that allows."""

    def shorter(part):
        return list(exact(part * first_s, part * share, part * cap_s, until_s))

    parts = [percent / 100 for percent in range(100, 0, -1)]
    fewest = len(shorter(1))
    return shorter(min(part for part in parts if len(shorter(part)) == fewest))
