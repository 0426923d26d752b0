"""Eight questions that the shop asks its data, and three designs to answer them."""

from .designs import Indexes, OneTable, Scans
from .orders import Sale, sales
from .patterns import PATTERNS, Design, Question
from .tables import build

__all__ = [
    "PATTERNS",
    "Design",
    "Indexes",
    "OneTable",
    "Question",
    "Sale",
    "Scans",
    "build",
    "sales",
]
