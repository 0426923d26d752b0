"""DynamoDB's request units: what an item weighs, and what reading or writing it takes.

A write takes a unit for each 1 KB, a read one for each 4 KB, both rounded up; twice
that in a transaction, half for an eventually consistent read, and never less than one
step, even where no item was found. Source:
docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html.
"""

import math
from base64 import b64decode
from collections.abc import Callable, Mapping, Sized
from decimal import Decimal
from typing import Any

from workbook.facts import fact

__all__ = ["item_size", "read_units", "write_units"]

_TYPES = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}
_OVERHEAD = 3  # bytes of a list or map, whatever it holds
_ELEMENT = 1  # bytes more for each thing that it holds

Item = Mapping[str, Any]


def item_size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them: its attributes' names and values.

    Takes both notations: a client's {"id": {"S": "a"}} and a resource's {"id": "a"}; a
    binary value as bytes, or as the base64 text that is sent.
    Source: "DynamoDB item sizes and formats" (CapacityUnitCalculations.html) in the
    developer guide, which calls the size of a number an approximation.
    """
    typed = all(_is_typed(value) for value in item.values())
    return _named(item, _typed_size if typed else _plain_size)


def write_units(size: int, *, transactional: bool = False) -> Decimal:
    """Write request units for an item of `size` bytes."""
    kind = "transactional" if transactional else "standard"
    return _steps(size, "write") * _weight(f"dynamodb.write_unit.{kind}")


def read_units(size: int, *, kind: str = "eventual") -> Decimal:
    """Read request units for `size` bytes read at once.

    `kind` is "eventual", "strong" or "transactional".
    """
    return _steps(size, "read") * _weight(f"dynamodb.read_unit.{kind}")


def _steps(size: int, direction: str) -> int:
    step = fact(f"dynamodb.{direction}_unit.size").value * fact("dynamodb.kb").value
    return max(1, math.ceil(size / step))


def _weight(key: str) -> Decimal:
    return Decimal(str(fact(key).value))


def _is_typed(value: Any) -> bool:
    return (
        isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _TYPES
    )


def _named(item: Item, size: Callable[[Any], int]) -> int:
    return sum(_text(name) + size(value) for name, value in item.items())


def _typed_size(value: Item) -> int:
    kind, content = next(iter(value.items()))
    if kind == "N":
        return _digits(content)
    if kind == "NS":
        return sum(_digits(number) for number in content)
    if kind == "M":
        return _nested(content) + _named(content, _typed_size)
    if kind == "L":
        return _nested(content) + sum(_typed_size(part) for part in content)
    if kind in ("B", "BS"):
        return sum(map(_bytes, content if kind == "BS" else [content]))
    if kind == "SS":
        return sum(map(_text, content))
    return _plain_size(content)


def _plain_size(value: Any) -> int:
    for kinds, size in _SIZES:
        if isinstance(value, kinds):
            return size(value)
    return len(bytes(value))  # bytes, or boto3's Binary


def _nested(content: Sized) -> int:
    """What a list or a map takes beside its elements."""
    return _OVERHEAD + _ELEMENT * len(content)


def _bytes(content: Any) -> int:
    """Bytes of a binary value, which travels as text in base64."""
    return len(b64decode(content)) if isinstance(content, str) else _plain_size(content)


def _digits(number: Any) -> int:
    """A byte for every two significant digits, and one more."""
    digits = Decimal(str(number)).normalize().as_tuple().digits
    return math.ceil(len(digits) / 2) + 1


def _text(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_SIZES: tuple[tuple[Any, Callable[[Any], int]], ...] = (
    (bool | None, lambda _: 1),
    (str, _text),
    (int | float | Decimal, _digits),
    (Mapping, lambda value: _nested(value) + _named(value, _plain_size)),
    (list | tuple, lambda value: _nested(value) + sum(map(_plain_size, value))),
    (set | frozenset, lambda value: sum(map(_plain_size, value))),
)
