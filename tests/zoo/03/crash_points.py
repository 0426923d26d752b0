"""Answers to 03.1-crash-points."""

from tests.zoo import right, wrong


@wrong("3 more crash points are missing")
def only_right_after_the_charge():
    return ["after 2"]


@wrong("1 more crash point is missing")
def forgets_the_last():
    return ["after 2", "before 3", "after 3"]


@wrong("“before 2” is on your list")
def thinks_the_charge_is_done_before_it_is_asked_for():
    return ["before 2", "after 2", "before 3", "after 3", "before 4"]


@wrong("“after 4” is on your list")
def thinks_that_the_last_crash_loses_the_ticket():
    return ["after 2", "before 3", "after 3", "before 4", "after 4"]


@wrong("“after 1” is on your list")
def everything_but_the_end():
    return [f"{w} {n}" for n in (1, 2, 3, 4) for w in ("before", "after")][1:]


@wrong("The list is empty")
def thinks_that_nothing_happens():
    return []


@wrong("is not a crash point")
def numbers_alone():
    return [2, 3]


@wrong("returned no list")
def one_text():
    return "after 2"


@wrong("returned no list", same_as="one_text")
def shows_and_returns_nothing():
    print(["after 2"])


@right
def as_a_set():
    return {"before 4", "after 3", "before 3", "after 2"}


@right
def with_a_repetition():
    return ("after 2", "before 3", "after 3", "before 4", "after 2")


@right
def by_counting():
    return [f"after {n}" for n in (2, 3)] + [f"before {n + 1}" for n in (2, 3)]
