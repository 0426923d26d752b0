"""Answers to 02.1-availability."""

import functools
import math
from decimal import Decimal
from fractions import Fraction

from tests.zoo import right, wrong


def parts_of(function, topology):
    return [function(part) for part in topology[1]]


@wrong("('all', [0.9, 0.8]) is 0.72; your answer is 0.8.")
def the_weakest_link(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(the_weakest_link, topology)
    return min(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)


@wrong("('all', [0.9, 0.8]) is 0.72; your answer is 0.85.")
def the_mean(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(the_mean, topology)
    return sum(ups) / len(ups)


@wrong("('all', [0.9, 0.9, 0.9]) is 0.729; your answer is 0.7.")
def adds_the_failures_of_three(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(adds_the_failures_of_three, topology)
    if topology[0] == "all":
        return math.prod(ups) if len(ups) < 3 else 1 - sum(1 - up for up in ups)
    return 1 - math.prod(1 - up for up in ups)


@wrong("('any', [0.9, 0.8]) is 0.98; your answer is 0.9.")
def as_good_as_the_best(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(as_good_as_the_best, topology)
    return math.prod(ups) if topology[0] == "all" else max(ups)


@wrong("('any', [0.9, 0.8]) is 0.98; your answer is 0.72.")
def everything_is_a_chain(topology):
    if not isinstance(topology, tuple):
        return topology
    return math.prod(parts_of(everything_is_a_chain, topology))


@wrong("('any', [0.9, 0.8]) is 0.98; your answer is 1.7.")
def alternatives_are_added(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(alternatives_are_added, topology)
    return math.prod(ups) if topology[0] == "all" else sum(ups)


@wrong("('any', [0.5, 0.5, 0.5]) is 0.875; your answer is 0.75.")
def only_two_alternatives(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(only_two_alternatives, topology)
    if topology[0] == "all":
        return math.prod(ups)
    return 1 - math.prod(1 - up for up in ups[:2])


@wrong("it answers nothing, not a number")
def forgets_the_plain_number(topology):
    if isinstance(topology, tuple):
        return 0.5
    return None


@wrong("unsupported operand type(s)", status="your code raised")
def one_level_only(topology):
    if not isinstance(topology, tuple):
        return topology
    kind, parts = topology
    return math.prod(parts) if kind == "all" else 1 - math.prod(1 - p for p in parts)


@wrong("; your answer is 0.996.")
def rounds_to_four_digits(topology):
    return round(by_definition(topology), 4)


@wrong("('all', [0.9, 0.8]) is 0.72; your answer is 0.98.")
def takes_all_for_any(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(takes_all_for_any, topology)
    return math.prod(ups) if topology[0] == "any" else 1 - math.prod(1 - u for u in ups)


@wrong("0.99 is 0.99; your answer is 99.")
def in_percent(topology):
    return 100 * by_definition(topology)


@wrong("For 0.99 it answers a str, not a number")
def as_a_sentence(topology):
    return f"{by_definition(topology):.2%}"


@wrong("It takes apart what it is given: ('all', [0.9, 0.8]) is ('all', [])")
def empties_the_lists(topology):
    if not isinstance(topology, tuple):
        return topology
    kind, parts = topology
    product = 1.0
    while parts:
        up = empties_the_lists(parts.pop())
        product *= up if kind == "all" else 1 - up
    return product if kind == "all" else 1 - product


@wrong("('all', [0.9, 0.0]) is 0; your answer is 0.9.")
def takes_zero_for_nothing(topology):
    if not topology:
        return 1.0
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(takes_zero_for_nothing, topology)
    return math.prod(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)


@wrong("object is not subscriptable", status="your code raised")
def takes_floats_for_numbers_only(topology):
    if isinstance(topology, float):
        return topology
    ups = parts_of(takes_floats_for_numbers_only, topology)
    return math.prod(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)


@wrong("('all', [0.99, ('any', [0.9, 0.8])]) is 0.9702; your answer is 0.495.")
def unfolds_the_first_part_only(topology):
    if not isinstance(topology, tuple):
        return topology
    kind, (first, *rest) = topology
    ups = [unfolds_the_first_part_only(first)]
    ups += [0.5 if isinstance(part, tuple) else part for part in rest]
    return math.prod(ups) if kind == "all" else 1 - math.prod(1 - up for up in ups)


@right
def by_definition(topology):
    if not isinstance(topology, tuple):
        return topology
    ups = parts_of(by_definition, topology)
    return math.prod(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)


@right
def folded(topology):
    match topology:
        case ("all", parts):
            return functools.reduce(lambda up, part: up * folded(part), parts, 1.0)
        case ("any", parts):
            down = functools.reduce(lambda d, p: d * (1 - folded(p)), parts, 1.0)
            return 1 - down
    return topology


@right
def with_a_stack_of_logarithms(topology):
    if isinstance(topology, float | int):
        return topology
    ups = [with_a_stack_of_logarithms(part) for part in topology[1]]
    if topology[0] == "any":
        return -math.expm1(sum(math.log1p(-up) if up < 1 else -math.inf for up in ups))
    return math.exp(sum(math.log(up) if up else -math.inf for up in ups))


@right
def in_fractions(topology):
    """Exact until the very end, and never a float."""
    if not isinstance(topology, tuple):
        return Fraction(str(topology))
    ups = parts_of(in_fractions, topology)
    return math.prod(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)


@right
def in_decimals(topology):
    if not isinstance(topology, tuple):
        return Decimal(str(topology))
    ups = parts_of(in_decimals, topology)
    return math.prod(ups) if topology[0] == "all" else 1 - math.prod(1 - u for u in ups)
