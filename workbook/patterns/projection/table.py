"""The SQL side: a table of rows with their sequence numbers, and a view for readers."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ERRORS", "POISON", "Projection"]

#: The table in which records are put apart that nobody can make a row of.
ERRORS = "projection_errors"

#: The exceptions by which `row` says that it does not understand an item.
POISON = (KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Projection:
    """What becomes of an item in SQL.

    `view` is the name for readers; the rows behind it are in `<view>_rows`. `key` names
    the attributes of the table's primary key, which are columns as well. `columns` maps
    the other columns to their SQL types. `row(item)` makes the columns' values from an
    item in plain Python; it may raise KeyError, TypeError or ValueError for an item
    that it does not understand. Names go into SQL as they are: they are yours, never a
    user's.
    """

    view: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    row: Callable[[Mapping[str, Any]], Mapping[str, Any]]

    @property
    def rows(self) -> str:
        """The name of the table behind the view."""
        return f"{self.view}_rows"

    def create(self, db: sqlite3.Connection) -> None:
        """Create what is not there yet, and add columns that are new.

        A new column is empty in the rows that exist, until their items change or
        `repair` has filled it.
        """
        names = ", ".join(self.key)
        typed = [f"{name} NOT NULL" for name in self.key]
        typed += [f"{name} {kind}" for name, kind in self.columns.items()]
        with db:
            db.execute(
                f"CREATE TABLE IF NOT EXISTS {self.rows} ({', '.join(typed)}, "
                "sequence TEXT NOT NULL, gone INTEGER NOT NULL, "
                f"PRIMARY KEY ({names})) WITHOUT ROWID"
            )
            self._add_columns(db)
            db.execute(f"DROP VIEW IF EXISTS {self.view}")
            shown = ", ".join([*self.key, *self.columns])
            db.execute(
                f"CREATE VIEW {self.view} AS SELECT {shown} FROM {self.rows} "
                "WHERE NOT gone"
            )
            db.execute(
                f"CREATE TABLE IF NOT EXISTS {ERRORS} (view TEXT, sequence TEXT, "
                "reason TEXT, record TEXT, PRIMARY KEY (view, sequence))"
            )

    def _add_columns(self, db: sqlite3.Connection) -> None:
        there = {row[1] for row in db.execute(f"PRAGMA table_info({self.rows})")}
        for name, kind in self.columns.items():
            if name not in there:
                db.execute(f"ALTER TABLE {self.rows} ADD COLUMN {name} {kind}")

    def upsert(self) -> str:
        """The statement that writes a row if its sequence number is newer."""
        names = [*self.key, *self.columns, "sequence", "gone"]
        changed = [*self.columns, "sequence", "gone"]
        return (
            f"INSERT INTO {self.rows} ({', '.join(names)}) "
            f"VALUES ({', '.join('?' * len(names))}) "
            f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in changed)
            + f" WHERE excluded.sequence > {self.rows}.sequence"
        )
