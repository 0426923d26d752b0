"""Exercise 1: a month's bill, held against two of AWS's examples and others."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from workbook.checks.idle.numbers import not_a_number
from workbook.facts import fact, usd
from workbook.learn import Verdict, call, failed, passed

__all__ = ["MonthPrices", "bill", "check", "prices_of_today"]


@dataclass(frozen=True)
class MonthPrices:
    """USD for a request and a GB-second, and how many of each are free a month."""

    request_usd: float
    gb_second_usd: float
    free_requests: int
    free_gb_seconds: int


def prices_of_today() -> MonthPrices:
    """Lambda's prices for x86, first tier, from the facts."""
    return MonthPrices(
        request_usd=float(usd("lambda.price.request")),
        gb_second_usd=float(usd("lambda.price.gb_second.x86")),
        free_requests=fact("lambda.price.free.requests").value,
        free_gb_seconds=fact("lambda.price.free.gb_seconds").value,
    )


_TODAY = prices_of_today()
_NOT_FREE = MonthPrices(_TODAY.request_usd, _TODAY.gb_second_usd, 0, 0)
_NO_FREE = MonthPrices(3e-7, 2e-5, 0, 0)
_OTHER = MonthPrices(1e-6, 5e-5, 100_000, 50_000)

# Requests, milliseconds, MB, prices. In the first month each misreading of what is
# free gives another number. The next two are examples of AWS's price page, $2.73 and
# $249.49 there ("Mobile application backend", "Enriching streaming telemetry with
# additional metadata"): aws.amazon.com/lambda/pricing. 2,011 / 1000 * 1000 is a little
# more than 2,011 to a float, and must not be rounded up to 2,012.
_MONTHS = (
    (5_000_000, 200, 1024, _TODAY),
    (3_000_000, 120, 1536, _TODAY),
    (7_440_000, 2_000, 1024, _NOT_FREE),
    (2_000_000, 350, 512, _NO_FREE),
    (40_000_000, 1.25, 2048, _NO_FREE),
    (10_000_000, 0.4, 10_240, _NO_FREE),
    (20_000_000, 2_011, 1024, _NO_FREE),
    (20_000_000, 1, 128, _TODAY),
    (900_000, 3_000, 1024, _TODAY),
    (500_000, 100, 128, _TODAY),
    (3_000_000, 80, 768, _OTHER),
    (0, 100, 128, _TODAY),
)
_CENT = 0.006  # an answer may be rounded to cents


def bill(requests, duration_ms, memory_mb, prices, *, step_ms=1, mb=1024) -> float:
    """The bill in USD; a step and a GB of another size give a wrong one."""
    seconds = requests * math.ceil(duration_ms / step_ms) * step_ms / 1000
    gb_seconds = seconds * memory_mb / mb
    paid_requests = max(requests - prices.free_requests, 0)
    paid = max(gb_seconds - prices.free_gb_seconds, 0)
    return paid_requests * prices.request_usd + paid * prices.gb_second_usd


def check(monthly_usd: Callable[..., Any]) -> Verdict:
    """Whether it gives the bill of twelve months, two of them AWS's examples."""
    for month in _MONTHS:
        verdict = _one(monthly_usd, *month)
        if verdict is not None:
            return verdict
    return passed(f"tried: {len(_MONTHS)} months, with and without free requests")


def _one(monthly_usd: Callable, requests, duration_ms, memory_mb, prices):
    found = call(monthly_usd, requests, duration_ms, memory_mb, prices)
    asked = f"{requests:,} requests of {duration_ms:,g} ms in {memory_mb:,} MB"
    wrong = not_a_number(found, asked, "USD")
    if wrong is not None:
        return wrong
    found, right = float(found), bill(requests, duration_ms, memory_mb, prices)
    if abs(found - right) <= _CENT:
        return None
    free = "" if prices.free_requests else ", with nothing free"
    return failed(
        f"{asked}{free}: the bill is ${right:,.2f}, your answer is ${found:,.2f}.",
        look=_look(found, requests, duration_ms, memory_mb, prices),
    )


def _look(found: float, requests, duration_ms, memory_mb, prices) -> str:
    """What was forgotten, where the number tells."""
    for number, words in _misread(requests, duration_ms, memory_mb, prices):
        if abs(found - number) <= _CENT:
            return words
    if found < 0:
        return "What is free is never paid back: a bill is 0 or more."
    return "Requests above the free ones, and GB-seconds above the free ones."


def _misread(requests, duration_ms, memory_mb, prices):
    """Bills as they come out of a known misreading, and what to say of each."""
    month, whole = (requests, duration_ms, memory_mb), "is rounded up to a whole ms."
    requests_usd = max(requests - prices.free_requests, 0) * prices.request_usd
    usual = bill(*month, prices)
    paid_alone = max(requests - prices.free_requests, 0), duration_ms, memory_mb
    return (
        (bill(*month, prices, mb=1000), "A GB is 1,024 MB here."),
        (_lasting(duration_ms, *month, prices), f"Each request {whole}"),
        (_lasting(duration_ms // 1, *month, prices), f"Each request {whole}"),
        (_lasting(round(duration_ms), *month, prices), f"Each request {whole}"),
        (
            _lasting(duration_ms + 1, *month, prices),
            "A whole number of ms stays as it is. Round up the milliseconds as you "
            "get them: divided by 1000 they may be a hair more or less.",
        ),
        (bill(*month, prices, step_ms=100), "The step is 1 ms; 100 ms were the past."),
        (bill(*month, _free(prices, 0)), "Take off what is free each month."),
        (bill(*month, _free(prices, 2)), "What is free is taken off once."),
        (
            requests_usd + bill(*paid_alone, _no_requests(prices)),
            "The free requests take time too: they use up GB-seconds, free ones first.",
        ),
        (_lasting(1000 * duration_ms, *month, prices), "Milliseconds, or seconds?"),
        (requests_usd, "The time in memory costs too."),
        (usual - requests_usd, "The requests themselves cost too."),
    )


def _lasting(billed_ms, requests, duration_ms, memory_mb, prices) -> float:
    """The bill if each request were billed for `billed_ms`, not rounded."""
    gb_seconds = requests * billed_ms / 1000 * memory_mb / 1024
    paid = max(gb_seconds - prices.free_gb_seconds, 0)
    paid_requests = max(requests - prices.free_requests, 0)
    return paid_requests * prices.request_usd + paid * prices.gb_second_usd


def _free(prices: MonthPrices, times: int) -> MonthPrices:
    """The same prices with so many times as much GB-seconds free; 0: nothing is."""
    requests = prices.free_requests if times else 0
    return replace(
        prices, free_requests=requests, free_gb_seconds=times * prices.free_gb_seconds
    )


def _no_requests(prices: MonthPrices) -> MonthPrices:
    """The same prices for time alone."""
    return replace(prices, request_usd=0.0)
