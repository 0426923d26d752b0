"""Five kinds of tests, and what each says of a bug.

    try_out("mock", bug("float"))       # caught, why, and in how many seconds

A kind catches a bug if its tests fail on the copy of the shop that has it. On the shop
as it is, all of them pass: `try_out(kind, None)`.
"""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

from workbook.cloud import faults, local_cloud
from workbook.cloud.environment import environment
from workbook.cloud.template import lint, read
from workbook.planted.bugs import Bug
from workbook.planted.contract import contract
from workbook.planted.copies import Copy, planted
from workbook.planted.places import InEnvironment, OnMock
from workbook.planted.pure import pure
from workbook.planted.suite import suite

__all__ = ["KINDS", "Tried", "in_environment", "in_environments", "on_mock", "try_out"]


@dataclass(frozen=True)
class Tried:
    """What a kind of tests said of a bug (None: of the shop as it is).

    `why` is the first thing that failed, empty if nothing did; `seconds` is wall-clock
    time, from the copy's files to the verdict.
    """

    bug: str | None
    kind: str
    why: str
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether the tests failed."""
        return bool(self.why)

    def __repr__(self) -> str:
        said = f"caught, {self.why}" if self.caught else "not caught"
        return f"{self.bug or 'the shop as it is'}, {self.kind}: {said}"


def linted(copy: Copy) -> None:
    """The rules of `workbook.cloud.template.lint` on the copy's template."""
    complaints = lint(read(copy.template))
    assert not complaints, complaints[0]


def on_mock(copy: Copy) -> None:
    """The suite on the mock, and one thing that only a mock can do to order.

    A process dies right after the charge: the retry must not charge again.
    """
    with local_cloud():
        shop = OnMock(copy)
        suite(shop)
        shop.open_sale(seats=1)
        before_yen = shop.taken_yen
        shop.order("eri")
        with faults.crash_after(1, "dynamodb", "PutItem"):  # the charge
            shop.settle("eri")
        taken_yen = shop.taken_yen - before_yen
        assert taken_yen == 3800, f"a crash after the charge: {taken_yen} yen taken"


def in_environment(copy: Copy, *, patience_s: float = 120) -> None:
    """The suite in a new environment, which is destroyed afterwards."""
    with environment(copy.template, name="shop", progress=False) as env:
        suite(InEnvironment(copy, env, patience_s=patience_s))


KINDS: dict[str, Callable[[Copy], None]] = {
    "pure": pure,
    "lint": linted,
    "contract": contract,
    "mock": on_mock,
    "environment": in_environment,
}


def try_out(kind: str, bug: Bug | None, **options: float) -> Tried:
    """What the tests of a kind say of the shop with `bug` in it.

    Raises what is no verdict on the shop: `EnvironmentUnavailable`, for one.
    """
    began_s = time.perf_counter()
    with planted(bug) as copy:
        why = _complaint(KINDS[kind], copy, **options)
    return Tried(bug and bug.id, kind, why, time.perf_counter() - began_s)


@contextmanager
def in_environments() -> Iterator[None]:
    """One emulator for all environments of a `with` block: each gets its own stack."""
    with environment(_NOTHING, name="nothing", progress=False):
        yield


_NOTHING = "Resources:\n  Nothing: {Type: AWS::SQS::Queue}\n"


def _complaint(tests: Callable, copy: Copy, **options: float) -> str:
    with redirect_stdout(io.StringIO()):  # handlers on the mock print what failed
        try:
            tests(copy, **options)
        except AssertionError as wrong:
            return str(wrong)
    return ""
