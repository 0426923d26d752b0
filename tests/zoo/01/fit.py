"""Answers to 01.4-fit."""

from tests.zoo import right, wrong

GOOD = {
    "thumbnails": (True, ["sporadic"]),
    "payment news": (True, ["sporadic"]),
    "snowball game": (False, ["stateless"]),
    "search": (False, ["sporadic"]),
    "year's accounts": (False, ["parallel"]),
    "gate": (False, ["bears a cold start"]),
}
ALL = ["parallel", "sporadic", "stateless", "bears a cold start", "changing"]


@wrong("“gate” suits functions, you say")
def rare_is_enough():
    return GOOD | {"gate": (True, ["sporadic"])}


@wrong("“snowball game” suits functions, you say")
def everything_suits():
    return {name: (True, ["sporadic"]) for name in GOOD}


@wrong("“thumbnails” does not suit functions, you say")
def nothing_suits():
    return {name: (False, ["stateless"]) for name in GOOD}


@wrong("“thumbnails”: that “changing” speaks for it")
def all_criteria_for_all():
    return {name: (fits, ALL) for name, (fits, _) in GOOD.items()}


@wrong("“thumbnails” is judged rightly, without the reason")
def labels_alone():
    return {name: (fits, []) for name, (fits, _) in GOOD.items()}


@wrong("“search”: that “stateless” is what fails")
def a_reason_that_is_met():
    return GOOD | {"search": (False, ["sporadic", "stateless"])}


@wrong("“snowball game” is judged rightly, without")
def the_second_best_reason():
    return GOOD | {"snowball game": (False, ["bears a cold start"])}


@wrong("“gate” is judged rightly, without")
def a_no_without_a_reason():
    return GOOD | {"gate": (False, [])}


@wrong("“gate”: that “sporadic” is what fails")
def what_speaks_for_it_as_what_fails():
    return GOOD | {"gate": (False, ["bears a cold start", "sporadic"])}


@wrong("“thumbnails” is judged ('yes'")
def yes_and_no_in_words():
    return {n: ("yes" if fits else "no", why) for n, (fits, why) in GOOD.items()}


@wrong("'too slow' is no criterion")
def words_of_its_own():
    return GOOD | {"gate": (False, ["too slow"])}


@wrong("“year's accounts” is not judged")
def forgets_one():
    return {name: pair for name, pair in GOOD.items() if name != "year's accounts"}


@wrong("“thumbnails” is judged True")
def verdicts_without_pairs():
    return {name: fits for name, (fits, _) in GOOD.items()}


@wrong("It answers a list, not a dict")
def a_list():
    return list(GOOD.items())


@right
def with_sets():
    return {name: (fits, set(reasons)) for name, (fits, reasons) in GOOD.items()}


@right
def with_single_words():
    return {name: (fits, reasons[0]) for name, (fits, reasons) in GOOD.items()}


@right
def at_length():
    return GOOD | {
        "thumbnails": [True, ("parallel", "stateless", "bears a cold start")],
        "search": (False, ["sporadic", "changing"]),
        "snowball game": (False, ["stateless", "parallel"]),
    }
