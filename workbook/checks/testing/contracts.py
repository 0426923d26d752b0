"""Exercise 3: a contract test, tried on providers that keep it and on some that do not.

The providers are the workbook's two, behind the shop's adapters, one that keeps the
contract in a way of its own, and twelve that break a sentence each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from workbook.checks.testing.paper import BREAKERS, DECLINED_CARD, Slow, TakesTwice
from workbook.learn import Verdict, failed, passed, try_call
from workbook.learn.running import Outcome, Stopped, verdict_on_error
from workbook.providers import Aurora, Tanchou, in_process
from workbook.shop.payments import AuroraPay, Payment, TanchouPay

__all__ = ["DECLINED_CARD", "Payment", "check"]


def check(keeps: Callable) -> Verdict:
    """Whether the test accepts who keeps the contract, and rejects who does not."""
    return (
        _accepts(keeps)
        or _rejects(keeps)
        or passed(
            "tried: both providers, one that decides late, and twelve that each "
            "break a sentence of the contract"
        )
    )


def _accepts(keeps: Callable) -> Verdict | None:
    for name, opened, who in (
        ("aurora-pay", _aurora, "It keeps the contract."),
        (
            "tanchou-pay",
            _tanchou,
            "Its receipt may be `pending`: believe `find` and the books. And it is not "
            "`repeatable`: charge an order once.",
        ),
        ("a provider that decides late", _slow, "While it is pending, find it again."),
    ):
        with opened() as (provider, account, requests):
            outcome = try_call(keeps, provider, account)
            asked = requests()
        if isinstance(outcome.error, AssertionError):
            said = str(outcome.error) or "an assertion"
            return failed(f"It rejects {name}: {said}", look=who)
        _came_back(keeps, outcome)
        if not asked:
            return failed(
                f"It accepts {name}, and has not asked it anything.",
                look="Charge something, and look what became of it.",
            )
    return None


def _rejects(keeps: Callable) -> Verdict | None:
    """Each breaker, as one that may be asked again and as one that may not."""
    for kind in BREAKERS:
        for repeatable in (True, False) if kind is not TakesTwice else (True,):
            what = f"a provider that {kind.__doc__}"
            what += "" if repeatable else ", and is not `repeatable`"
            provider = kind(repeatable=repeatable)
            outcome = try_call(keeps, provider, provider)
            if outcome.hung:
                _came_back(keeps, outcome)
            if outcome.error is None:
                return failed(
                    f"It accepts {what}.",
                    look="Which of the sentences says that it must not?",
                )
            if not isinstance(outcome.error, AssertionError):
                return failed(
                    f"It meets {what}, and raises {type(outcome.error).__name__}: "
                    f"{outcome.error}",
                    look="`assert` that a payment, or an order in the books, is there "
                    "before you use it.",
                )
    return None


def _came_back(keeps: Callable, outcome: Outcome) -> None:
    """End the check with the learner's own mistake, if there was one."""
    if outcome.hung:
        raise Stopped(failed("The test does not come back.", look="Ask up to 5 times."))
    if outcome.error is not None:
        raise Stopped(
            verdict_on_error(outcome.error)
            or failed(f"It raises {type(outcome.error).__name__}: {outcome.error}")
        )


@contextmanager
def _aurora() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    with _opened(Aurora(), AuroraPay) as found:
        yield found


@contextmanager
def _tanchou() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    with _opened(Tanchou(), TanchouPay) as found:
        yield found


@contextmanager
def _opened(server: Any, adapter: Callable) -> Iterator[tuple[Any, Any, Callable]]:
    """The shop's adapter, with an account made by the admin API and dropped again."""
    account = in_process(server).open_account()
    try:
        with account.client() as http:
            yield adapter(http), account, account.requests
    finally:
        account.drop()


@contextmanager
def _slow() -> Iterator[tuple[Any, Any, Callable[[], int]]]:
    provider = Slow()
    yield provider, provider, lambda: provider.asked
