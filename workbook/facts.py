"""Limits, defaults, retry rules and prices, each with its source and its date.

The rows stand in `facts.toml`, beside this file. A number about AWS is written there
once; code and notebooks ask for it by its key:

    from workbook.facts import cite, fact, facts

    fact("lambda.async.retries").value       # 2
    facts.table("dynamodb.price")            # a table for a notebook
    quote("sqs.delivery", "lambda.timeout.max")  # the same, of the facts named
    cite("lambda.async.retries")             # "2 retries (AWS Lambda docs, read ...)"
"""

import difflib
import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

__all__ = [
    "Fact",
    "FactTable",
    "Facts",
    "UnknownFact",
    "cite",
    "fact",
    "facts",
    "quote",
    "table",
    "usd",
]

Value = bool | int | float | str

_COUNTS = {"million": Decimal(1_000_000), "100,000": Decimal(100_000)}
_COUNTS |= {"1,000": Decimal(1_000)}
_PUBLISHERS = (
    ("docs.aws.amazon.com/lambda/", "AWS Lambda docs"),
    ("docs.aws.amazon.com/amazondynamodb/", "Amazon DynamoDB docs"),
    ("docs.aws.amazon.com/AWSSimpleQueueService/", "Amazon SQS docs"),
    ("docs.aws.amazon.com/sns/", "Amazon SNS docs"),
    ("docs.aws.amazon.com/eventbridge/", "Amazon EventBridge docs"),
    ("docs.aws.amazon.com/powertools/", "Powertools docs"),
    ("docs.aws.amazon.com/", "AWS docs"),
    ("pricing.us-east-1.amazonaws.com/", "AWS Price List"),
    ("aws.amazon.com/", "AWS"),
)


class UnknownFact(KeyError):
    """A key that the table does not have; the message names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show the message's repr


@dataclass(frozen=True)
class Fact:
    """One row: a value with its unit, the page that states it, the day it was read.

    `as_of` is the day of the price list or page, for prices. `via` names the copy that
    was read where it was not the page itself.
    """

    key: str
    value: Value
    unit: str
    source: str
    read: str
    note: str = ""
    as_of: str = ""
    via: str = ""

    @property
    def text(self) -> str:
        """The value and its unit, as a sentence would have them."""
        if isinstance(self.value, str | bool):
            return f"{_plain(self.value)} ({self.unit})"
        if self.unit.startswith("USD per "):
            return f"${_plain(self.value)} {self.unit.removeprefix('USD ')}"
        return f"{_plain(self.value)} {self.unit}"

    @property
    def publisher(self) -> str:
        """A short name for the source: who says so."""
        address = self.source.removeprefix("https://")
        for start, name in _PUBLISHERS:
            if address.startswith(start):
                return name
        return address.split("/")[0].removeprefix("www.")

    def cite(self) -> str:
        """The fact and its source as a line of Markdown."""
        dated = f" of {self.as_of}" if self.as_of else ""
        link = f"[{self.publisher}]({self.source}){dated}"
        return f"{self.text} ({link}, read {self.read})"


class FactTable:
    """Some facts, shown as a table: the same text and HTML every time."""

    def __init__(self, topic: str, rows: tuple[Fact, ...]) -> None:
        self.topic = topic
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        keys = max(len(row.key) for row in self.rows)
        return "\n".join(
            f"{row.key:<{keys}}  {row.text} ({row.publisher}, read {row.read})"
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("key", "fact", "source", "note"))
        body = "".join(_html_row(row) for row in self.rows)
        caption = f"{html.escape(self.topic)}: {len(self.rows)} facts"
        return (
            f"<table><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


class Facts(Mapping[str, Fact]):
    """The table of facts: a mapping from key to `Fact`, in the order of the keys."""

    def __init__(self, rows: Mapping[str, Fact]) -> None:
        self._rows = dict(sorted(rows.items()))

    def __getitem__(self, key: str) -> Fact:
        try:
            return self._rows[key]
        except KeyError:
            raise UnknownFact(_no_such("fact", key, self._rows)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def table(self, topic: str) -> FactTable:
        """The facts whose key holds `topic`: "dynamodb", "price", "lambda.async"."""
        found = tuple(row for key, row in self.items() if f".{topic}." in f".{key}.")
        if not found:
            words = sorted({word for key in self for word in key.split(".")})
            raise UnknownFact(_no_such("topic", topic, words))
        return FactTable(topic, found)


def fact(key: str) -> Fact:
    """The fact of that key; `UnknownFact` names the nearest keys if there is none."""
    return facts[key]


def table(topic: str) -> FactTable:
    """The facts about a topic, for display: see `Facts.table`."""
    return facts.table(topic)


def quote(*keys: str) -> FactTable:
    """The facts with these keys, in this order, as a table for a notebook."""
    return FactTable("On AWS", tuple(facts[key] for key in keys))


def cite(key: str) -> str:
    """Markdown such as "2 retries (AWS Lambda docs, read 2026-11-23)", linked."""
    return facts[key].cite()


@cache
def usd(key: str) -> Decimal:
    """USD for one of what a price counts: for one request, say, and not for a million.

    Raises `ValueError` if the fact is not a price.
    """
    price = facts[key]
    quoted = re.match(r"USD per (million|100,000|1,000)?", price.unit)
    if quoted is None:
        raise ValueError(f"{key} is not a price: its unit is {price.unit!r}")
    return Decimal(repr(price.value)) / _COUNTS.get(quoted[1], Decimal(1))


def _plain(value: Value) -> str:
    """A number without exponent and with separators; words as they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return value


def _html_row(row: Fact) -> str:
    link = f'<a href="{html.escape(row.source)}">{html.escape(row.publisher)}</a>'
    dated = f" of {row.as_of}" if row.as_of else ""
    via = f" by way of {html.escape(row.via)}" if row.via else ""
    cells = (
        f"<code>{html.escape(row.key)}</code>",
        html.escape(row.text),
        f"{link}{dated}, read {row.read}{via}",
        html.escape(row.note),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _no_such(what: str, word: str, known: Mapping[str, Fact] | list[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    near += [key for key in known if word and word in key and key not in near]
    hint = f"; near it: {', '.join(near[:5])}" if near else ""
    return f"no {what} {word!r} in workbook/facts.toml{hint}"


def _load() -> Facts:
    text = resources.files("workbook").joinpath("facts.toml").read_text("utf-8")
    data = tomllib.loads(text)
    rows = {
        key: Fact(key=key, **{"read": data["read"], **row})
        for key, row in data["facts"].items()
    }
    return Facts(rows)


facts = _load()
