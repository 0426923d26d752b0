"""What a piece of code asks of DynamoDB: access paths, items read, capacity units."""

from .record import Access, Recording, recorder
from .units import item_size, read_units, write_units

__all__ = [
    "Access",
    "Recording",
    "item_size",
    "read_units",
    "recorder",
    "write_units",
]
