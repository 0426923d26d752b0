"""Answers to 10.1-capacity-units."""

import math
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import numpy as np

from tests.zoo import right, wrong


def _units(kind, sizes, strong, *, step=4096, put_step=1024, least=1, each=False):
    """Ours, with a knob for each mistake below."""
    size = put_step if kind == "put" else step
    weight = 1 if strong or kind == "put" else 0.5
    if kind == "query" and not each:
        sizes = [sum(sizes)]
    return weight * sum(max(least, math.ceil(s / size)) for s in sizes)


@right
def in_decimals(kind, sizes, strong):
    step = Decimal(1024 if kind == "put" else 4096)
    sizes = [sum(sizes)] if kind == "query" else sizes
    steps = [(s / step).to_integral_value(ROUND_CEILING) for s in map(Decimal, sizes)]
    whole = sum(max(Decimal(1), count) for count in steps)
    return whole if kind == "put" or strong else whole / 2


@right
def by_cases(kind, sizes, strong):
    def steps(size, of):
        return max(1, (size + of - 1) // of)

    match kind:
        case "put":
            return sum(steps(size, 1024) for size in sizes)
        case "get":
            whole = sum(steps(size, 4096) for size in sizes)
        case "query":
            whole = steps(sum(sizes), 4096)
    return whole if strong else whole * 0.5


@wrong("takes a whole step of 4 KB")
def rounds_nothing(kind, sizes, strong):
    return sum(sizes) / 4096


@wrong("10 KB are three steps")
def rounds_down(kind, sizes, strong):
    step = 1024 if kind == "put" else 4096
    sizes = [sum(sizes)] if kind == "query" else sizes
    weight = 1 if strong or kind == "put" else 0.5
    return weight * sum(max(1, size // step) for size in sizes)


@wrong("KB mean 1,024")
def counts_in_thousands(kind, sizes, strong):
    return _units(kind, sizes, strong, step=4000, put_step=1000)


@wrong("takes half of it")
def always_strong(kind, sizes, strong):
    return _units(kind, sizes, True)


@wrong("not there takes the least step")
def nothing_for_nothing(kind, sizes, strong):
    return _units(kind, sizes, strong, least=0)


@wrong("`get` rounds each item")
def adds_up_first(kind, sizes, strong):
    return _units("query" if kind == "get" else kind, sizes, strong)


@wrong("`query` rounds the sum once")
def rounds_each(kind, sizes, strong):
    return _units(kind, sizes, strong, each=True)


@wrong("one unit, however you read")
def halves_writes_too(kind, sizes, strong):
    units = _units(kind, sizes, strong)
    return units / 2 if kind == "put" and not strong else units


@wrong("Writes are counted in steps of 1 KB")
def one_step_for_all(kind, sizes, strong):
    return _units(kind, sizes, strong, put_step=4096)


@wrong("no number of units")
def in_words(kind, sizes, strong):
    return f"{_units(kind, sizes, strong)} units"


@wrong("no number of units", same_as="in_words")
def says_yes(kind, sizes, strong):
    return True


@right
def in_fractions(kind, sizes, strong):
    return Fraction(_units(kind, sizes, strong))


@right
def in_an_array(kind, sizes, strong):
    sizes = np.array([sum(sizes)] if kind == "query" else sizes, dtype=float)
    steps = np.maximum(1, np.ceil(sizes / (1024 if kind == "put" else 4096)))
    return steps.sum() * (1 if kind == "put" or strong else 0.5)


@wrong("One byte more than 4 KB begins another step")
def rounds_to_hundredths_first(kind, sizes, strong):
    step = 1024 if kind == "put" else 4096
    sizes = [sum(sizes)] if kind == "query" else sizes
    weight = 1 if strong or kind == "put" else 0.5
    return weight * sum(max(1, math.ceil(round(s / step, 2))) for s in sizes)


@wrong("round, then weigh")
def weighs_before_it_rounds(kind, sizes, strong):
    """An eventually consistent read as one of 8 KB a unit."""
    if kind == "put" or strong:
        return _units(kind, sizes, strong)
    sizes = [sum(sizes)] if kind == "query" else sizes
    return sum(max(0.5, math.ceil(s / 4096 / 2)) for s in sizes)


@wrong("Where there is no `GetItem`")
def one_step_for_no_call(kind, sizes, strong):
    return _units(kind, sizes or [0], strong)


@wrong("It changes the list")
def adds_up_in_place(kind, sizes, strong):
    if kind == "query":
        sizes[:] = [sum(sizes)]
    return _units(kind, sizes, strong)


@wrong("A size that no example has")
def knows_the_examples(kind, sizes, strong):
    """Steps of 512 bytes above 16 KB."""
    more = kind == "put" and len(sizes) == 1 and 16_384 < sizes[0] < 20_000
    return _units(kind, sizes, strong) + more


@wrong("no number of units", same_as="in_words")
def imaginary(kind, sizes, strong):
    return complex(_units(kind, sizes, strong))


@wrong("not there takes the least step", same_as="nothing_for_nothing")
def at_least_one_unit(kind, sizes, strong):
    return max(1, _units(kind, sizes, strong)) if sizes else 0
