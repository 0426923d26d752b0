"""Answers to 01.3-cold."""

import math

import numpy as np

from tests.zoo import right, wrong


def by_the_rule(arrival_s, service_s, idle_timeout_s, choose=max):
    free_s, marks = [], []
    for at, lasts in zip(arrival_s, service_s, strict=True):
        idle = [t for t in free_s if t <= at <= t + idle_timeout_s]
        marks.append(not idle)
        if idle:
            free_s.remove(choose(idle))
        free_s.append(at + lasts)
    return marks


@wrong("Two requests at the same time: request 2")
def one_environment_for_all(arrival_s, service_s, idle_timeout_s):
    marks, free_s = [], -math.inf
    for at, lasts in zip(arrival_s, service_s, strict=True):
        marks.append(at > free_s + idle_timeout_s)
        free_s = max(free_s, at + lasts)
    return marks


@wrong("A second request soon after the first is done: request 2")
def never_reuses(arrival_s, service_s, idle_timeout_s):
    return [True for _ in arrival_s]


@wrong("A second request soon after the first is done: request 1")
def the_right_number_in_the_wrong_places(arrival_s, service_s, idle_timeout_s):
    return sorted(by_the_rule(arrival_s, service_s, idle_timeout_s))


@wrong("The first request: request 1")
def never_cold(arrival_s, service_s, idle_timeout_s):
    return [False for _ in arrival_s]


@wrong("A request after a long pause: request 2")
def never_gives_up(arrival_s, service_s, idle_timeout_s):
    return by_the_rule(arrival_s, service_s, math.inf)


@wrong("A pause counted from the end of a long request: request 2")
def counts_from_the_arrival(arrival_s, service_s, idle_timeout_s):
    used, marks = [], []
    for at, lasts in zip(arrival_s, service_s, strict=True):
        idle = [u for u in used if u[1] <= at <= u[0] + idle_timeout_s]
        marks.append(not idle)
        if idle:
            used.remove(max(idle, key=lambda u: u[1]))
        used.append((at, at + lasts))
    return marks


@wrong("Of two idle environments the one used last: request 5")
def takes_the_longest_idle(arrival_s, service_s, idle_timeout_s):
    return by_the_rule(arrival_s, service_s, idle_timeout_s, choose=min)


@wrong("A short request that ends before a longer one: request 3")
def by_the_order_of_arrival(arrival_s, service_s, idle_timeout_s):
    """A stack of environments, as if the last to start were the last to end."""
    stack, marks = [], []
    for at, lasts in zip(arrival_s, service_s, strict=True):
        if stack and stack[-1] <= at:
            free = stack.pop()
            marks.append(at > free + idle_timeout_s)
        else:
            marks.append(True)
        stack.append(at + lasts)
    return marks


@wrong("It answers a int, not a list")
def counts_them(arrival_s, service_s, idle_timeout_s):
    return sum(by_the_rule(arrival_s, service_s, idle_timeout_s))


@wrong("Its list holds something else")
def answers_words(arrival_s, service_s, idle_timeout_s):
    marks = by_the_rule(arrival_s, service_s, idle_timeout_s)
    return ["cold" if mark else "warm" for mark in marks]


@wrong("and 0 answers")
def answers_nothing_much(arrival_s, service_s, idle_timeout_s):
    return []


@wrong("of your answers are wrong")
def at_most_two_environments(arrival_s, service_s, idle_timeout_s):
    marks = by_the_rule(arrival_s, service_s, idle_timeout_s)
    return marks if len(marks) < 100 else [False, *marks[1:]]


@wrong("It answers a float, not a list")
def the_share_by_the_formula(arrival_s, service_s, idle_timeout_s):
    rate = len(arrival_s) / (arrival_s[-1] or 1.0)
    return math.exp(-rate * idle_timeout_s)


@wrong("of your answers are wrong", same_as="at_most_two_environments")
def the_right_share_of_a_long_run(arrival_s, service_s, idle_timeout_s):
    """As many as there should be, each mark one request too early."""
    marks = by_the_rule(arrival_s, service_s, idle_timeout_s)
    return marks if len(marks) < 100 else [*marks[1:], marks[0]]


@right
def empties_the_lists_it_got(arrival_s, service_s, idle_timeout_s):
    marks = by_the_rule(arrival_s, service_s, idle_timeout_s)
    arrival_s.clear()
    service_s.clear()
    return marks


@right
def as_an_array(arrival_s, service_s, idle_timeout_s):
    return np.array(by_the_rule(arrival_s, service_s, idle_timeout_s))


@right
def with_environments_as_objects(arrival_s, service_s, idle_timeout_s):
    environments, marks = [], []
    for at, lasts in zip(arrival_s, service_s, strict=True):
        awake = [e for e in environments if 0 <= at - e["free"] <= idle_timeout_s]
        if awake:
            taken = sorted(awake, key=lambda e: e["free"])[-1]
        else:
            taken = {"free": 0.0}
            environments.append(taken)
        marks.append(0 if awake else 1)
        taken["free"] = at + lasts
    return marks
