"""Exercise 1: capacity units, held against the documentation and the recorder."""

from collections.abc import Callable
from decimal import Decimal
from numbers import Real

from workbook.cloud.recorder import read_units, write_units
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped

__all__ = ["check"]

_KB = 1024

# Kind, sizes in bytes, strong, and what went wrong if this is the first that differs.
# The sizes are those of the developer guide's own examples, where it has any.
_CASES = (
    ("get", [3_500], True, "An item of 3,500 bytes takes a whole step of 4 KB."),
    ("get", [10 * _KB], True, "10 KB are three steps of 4 KB, and not two and a half."),
    ("get", [4 * _KB], True, "An item of exactly 4 KB fits a step: KB mean 1,024."),
    ("get", [4 * _KB + 1], True, "One byte more than 4 KB begins another step."),
    ("get", [8 * _KB], False, "An eventually consistent read takes half of it."),
    ("get", [10 * _KB], False, "Three steps, half a unit each: round, then weigh."),
    ("get", [0], False, "An item that is not there takes the least step, too."),
    ("get", [1_536, 6_656], True, "`get` rounds each item: 4 KB + 8 KB, and not 8."),
    ("get", [], False, "Where there is no `GetItem`, there is nothing to pay."),
    ("query", [1_536, 6_656], True, "`query` rounds the sum once: 8 KB, and not 12."),
    ("query", [64] * 1_500, False, "1,500 items of 64 bytes are 96 KB in one query."),
    ("query", [], False, "A query that finds nothing takes the least step, too."),
    ("put", [500], False, "A write of 500 bytes takes one unit, however you read."),
    ("put", [3 * _KB + 512], False, "Writes are counted in steps of 1 KB: four here."),
    ("put", [1_536, 1_536], False, "`put` rounds each item: 2 KB + 2 KB, and not 3."),
    ("put", [400 * _KB], True, "A strong read costs more; a write is no read."),
)  # fmt: skip

_SIZES = tuple(
    (kind, [size], False, "A size that no example has.")
    for size in range(1, 20_000, 199)
    for kind in ("get", "query", "put")
)


def check(units: Callable) -> Verdict:
    """Whether it agrees with each worked example, and with a hundred sizes."""
    for kind, sizes, strong, lesson in (*_CASES, *_SIZES):
        got, right = _asked(units, kind, sizes, strong), _right(kind, sizes, strong)
        if got != right:
            shown = f"{len(sizes)} items" if len(sizes) > 2 else f"{sizes}"  # noqa: PLR2004
            return failed(
                f"{lesson} For {kind}, {shown}, {_read(kind, strong)}it says "
                f"{got.normalize():f}, and {right.normalize():f} is right."
            )
    return passed(f"tried: {len(_CASES)} worked examples, and a hundred sizes")


def _asked(units: Callable, kind: str, sizes: list[int], strong: bool) -> Decimal:
    given = list(sizes)
    answer = call(units, kind, given, strong)
    if given != sizes:
        raise Stopped(failed("It changes the list of sizes that it was given."))
    if isinstance(answer, bool) or not isinstance(answer, Real | Decimal):
        raise Stopped(failed(f"It answers {answer!r}, which is no number of units."))
    return Decimal(str(float(answer)))


def _right(kind: str, sizes: list[int], strong: bool) -> Decimal:
    if kind == "put":
        return sum(map(write_units, sizes), Decimal(0))
    of = "strong" if strong else "eventual"
    together = [sum(sizes)] if kind == "query" else sizes
    return sum((read_units(size, kind=of) for size in together), Decimal(0))


def _read(kind: str, strong: bool) -> str:
    return "" if kind == "put" else f"{'strong' if strong else 'eventual'}, "
