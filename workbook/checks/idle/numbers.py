"""What an answer that should be a number is."""

import math
from decimal import Decimal
from typing import Any

import numpy as np

from workbook.learn import Verdict, failed

__all__ = ["not_a_number"]


def not_a_number(found: Any, asked: str, unit: str) -> Verdict | None:
    """Why `found` is no answer in `unit`; None if it is a number."""
    if found is None:
        return failed(f"For {asked} it answers nothing, not {unit}.")
    number = isinstance(found, int | float | Decimal | np.number)
    if isinstance(found, bool) or not number:
        return failed(f"For {asked} it answers a {type(found).__name__}, not {unit}.")
    if not math.isfinite(found):
        return failed(f"For {asked} it answers {float(found)}, not {unit}.")
    return None
