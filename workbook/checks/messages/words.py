"""How the checks name what an answer gave back."""

from typing import Any

__all__ = ["kind"]


def kind(value: Any) -> str:
    """The value's type with its article, "nothing" for None."""
    if value is None:
        return "nothing"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
