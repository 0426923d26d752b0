"""What the learner's own calls would have cost: those, and not a check's."""

from workbook.learn.ledger import Ledger

__all__ = ["OwnCalls", "own_calls"]


class OwnCalls(Ledger):
    """A ledger that a lab enters round a check and that counts nothing for it.

    A check builds tables and looks into them; the learner did not ask for that. Only
    the calls between `start` and `stop` count: one plain run of an answer.
    """

    def __enter__(self) -> "OwnCalls":
        return self

    def __exit__(self, *error: object) -> None:
        pass


own_calls = OwnCalls()
