"""The scenarios run in both places, and the table of what came of it."""

import html
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..environment import Environment
from . import dynamodb, functions, logs, sqs
from .places import Place, in_environment, on_mock
from .scenario import Scenario

__all__ = ["SCENARIOS", "Comparison", "Row", "compare"]

SCENARIOS = (
    *sqs.SCENARIOS,
    *dynamodb.SCENARIOS,
    *logs.SCENARIOS,
    *functions.SCENARIOS,
)

_AT_ONCE = 8  # in the environment, where scenarios wait most of the time
_LEFT = 'style="text-align:left"'
_HEAD = ("behaviour", "AWS documents", "mock", "environment")


@dataclass(frozen=True)
class Row:
    """A scenario, and what was observed on the mock and in the environment."""

    scenario: Scenario
    mock: str
    environment: str

    @property
    def agree(self) -> bool:
        """Whether both places did the same."""
        return self.mock == self.environment

    @property
    def mock_right(self) -> bool:
        """Whether the mock does what AWS documents."""
        return self.scenario.permits(self.mock)

    @property
    def environment_right(self) -> bool:
        """Whether the environment does what AWS documents."""
        return self.scenario.permits(self.environment)


@dataclass(frozen=True)
class Comparison:
    """A fidelity sheet: displayed as a table; `frame()` gives it as a DataFrame."""

    rows: tuple[Row, ...]

    @property
    def differences(self) -> "Comparison":
        """The rows in which one of the places, or both, is not as documented."""
        wrong = [r for r in self.rows if not (r.mock_right and r.environment_right)]
        return Comparison(tuple(wrong))

    def __getitem__(self, scenario: str) -> Row:
        """The row of a scenario, by its id."""
        return next(row for row in self.rows if row.scenario.id == scenario)

    def __len__(self) -> int:
        return len(self.rows)

    def frame(self) -> Any:
        """One row a scenario; `mock_right` and `environment_right` compare with AWS."""
        import pandas as pd  # a second that others need not wait

        return pd.DataFrame(
            {
                "service": row.scenario.service,
                "behaviour": row.scenario.behaviour,
                "documented": row.scenario.documented,
                "mock": row.mock,
                "environment": row.environment,
                "mock_right": row.mock_right,
                "environment_right": row.environment_right,
                "agree": row.agree,
                "source": row.scenario.source,
                "read": row.scenario.read,
            }
            for row in self.rows
        )

    def __repr__(self) -> str:
        mock = sum(row.mock_right for row in self.rows)
        real = sum(row.environment_right for row in self.rows)
        agree = sum(row.agree for row in self.rows)
        return (
            f"{len(self.rows)} behaviours: the mock does {mock} as AWS documents them, "
            f"the environment {real}; the two agree in {agree}"
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th {_LEFT}>{name}</th>" for name in _HEAD)
        body = "".join(_html_row(row) for row in self.rows)
        return (
            f"<table><caption>{html.escape(repr(self))}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def compare(env: Environment, scenarios: Sequence[Scenario] = SCENARIOS) -> Comparison:
    """Run every scenario on the mock and in `env`'s emulator, each in its own stack.

    The local cloud begins afresh for it, and is stopped again unless it ran before.
    About 15 s, most of them in the environment.
    """
    with on_mock() as place:
        mocked = [scenario.observe(place) for scenario in scenarios]
    with in_environment(env) as place:
        real = _observed(place, scenarios)
    return Comparison(tuple(map(Row, scenarios, mocked, real)))


def _observed(place: Place, scenarios: Sequence[Scenario]) -> list[str]:
    for service in ("sqs", "dynamodb", "dynamodbstreams", "lambda", "events", "logs"):
        place.client(service)  # made here: boto3 makes no two at once
    # Those that wait longest come last in the list, and are begun first.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = {s.id: pool.submit(s.observe, place) for s in reversed(scenarios)}
        return [futures[scenario.id].result() for scenario in scenarios]


def _html_row(row: Row) -> str:
    said = row.scenario
    source = f'<a href="{said.source}">{html.escape(said.documented)}</a>'
    cells = (
        html.escape(said.behaviour),
        f"{source} <small>({said.read})</small>",
        _html_observed(said, row.mock),
        _html_observed(said, row.environment),
    )
    return "<tr>" + "".join(f"<td {_LEFT}>{cell}</td>" for cell in cells) + "</tr>"


def _html_observed(scenario: Scenario, observed: str) -> str:
    """A tick where it is as documented; a cross, and what it is, where it is not."""
    if observed == scenario.documented:
        return "✓"
    text = html.escape(observed)
    return f"✓ {text}" if scenario.permits(observed) else f"✗ <b>{text}</b>"
