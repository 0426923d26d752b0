"""Twelve planted bugs, and what five kinds of tests say of them.

    from workbook.planted import bug, try_out

    try_out("lint", bug("visibility"))

`bugs` are small changes of the shop, `copies` makes a shop with one of them in it, and
`kinds` tries it: pure tests, a lint of the template, contract tests of the payment
providers, and one suite on the mock and in an environment. `record` is the whole map as
it was measured. Introduced in chapter 12.
"""

from workbook.planted.bugs import BUGS, Bug, bug
from workbook.planted.copies import Copy, planted
from workbook.planted.kinds import KINDS, Tried, in_environments, try_out
from workbook.planted.places import InEnvironment, OnMock
from workbook.planted.suite import suite

__all__ = [
    "BUGS",
    "KINDS",
    "Bug",
    "Copy",
    "InEnvironment",
    "OnMock",
    "Tried",
    "bug",
    "in_environments",
    "planted",
    "suite",
    "try_out",
]
