"""Answers to 01.1-bill."""

import math
from decimal import Decimal

from tests.zoo import right, wrong
from workbook.checks.lab01 import prices_of_today


def parts(requests, gb_seconds, prices):
    paid_requests = max(requests - prices.free_requests, 0) * prices.request_usd
    paid_time = max(gb_seconds - prices.free_gb_seconds, 0) * prices.gb_second_usd
    return paid_requests + paid_time


@wrong("your answer is $14.00")
def rounds_the_month(requests, duration_ms, memory_mb, prices):
    gb_seconds = math.ceil(requests * duration_ms) / 1000 * memory_mb / 1024
    return parts(requests, gb_seconds, prices)


@wrong("your answer is $11.20")
def a_gb_of_1000_mb(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1000
    return parts(requests, gb_seconds, prices)


@wrong("your answer is $17.67")
def nothing_free(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return requests * prices.request_usd + gb_seconds * prices.gb_second_usd


@wrong("your answer is $8.73")
def steps_of_100_ms(requests, duration_ms, memory_mb, prices):
    billed_s = math.ceil(duration_ms / 100) / 10
    return parts(requests, requests * billed_s * memory_mb / 1024, prices)


@wrong("your answer is $-2.83")
def free_is_paid_back(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    requests_usd = (requests - prices.free_requests) * prices.request_usd
    time_usd = (gb_seconds - prices.free_gb_seconds) * prices.gb_second_usd
    return requests_usd + time_usd


@wrong("your answer is $16,660.83")
def milliseconds_for_seconds(requests, duration_ms, memory_mb, prices):
    return parts(requests, requests * duration_ms * memory_mb / 1024, prices)


@wrong("your answer is $10.00")
def time_alone(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return max(gb_seconds - prices.free_gb_seconds, 0) * prices.gb_second_usd


@wrong("your answer is $7.47")
def free_requests_run_for_nothing(requests, duration_ms, memory_mb, prices):
    paid = max(requests - prices.free_requests, 0)
    return parts(requests, paid * math.ceil(duration_ms) * memory_mb / 1024e3, prices)


@wrong("your answer is $0.00")
def looks_up_the_examples(requests, duration_ms, memory_mb, prices):
    """The two months that AWS works out on its page, and nothing else."""
    return {3_000_000: 2.73, 7_440_000: 249.49}.get(requests, 0.0)


@wrong("your answer is $4.13")
def takes_off_free_time_twice(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return parts(requests, gb_seconds - prices.free_gb_seconds, prices)


@wrong("your answer is $810.80")
def rounds_up_the_dust_of_a_float(requests, duration_ms, memory_mb, prices):
    seconds = duration_ms / 1000
    billed_s = math.ceil(seconds * 1000) / 1000
    return parts(requests, requests * billed_s * memory_mb / 1024, prices)


@wrong("your answer is $10.88")
def always_a_millisecond_more(requests, duration_ms, memory_mb, prices):
    billed_s = (int(duration_ms) + 1) / 1000
    return parts(requests, requests * billed_s * memory_mb / 1024, prices)


@wrong("your answer is $13.60")
def rounds_to_the_nearest(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * round(duration_ms) / 1000 * memory_mb / 1024
    return parts(requests, gb_seconds, prices)


@wrong("your answer is $242.62")
def the_prices_of_today(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return parts(requests, gb_seconds, prices_of_today())


@wrong("answers nothing, not USD")
def prints_it(requests, duration_ms, memory_mb, prices):
    pass


@wrong("answers a str, not USD")
def writes_it_out(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return f"${parts(requests, gb_seconds, prices):.2f}"


@right
def in_cents(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return round(parts(requests, gb_seconds, prices), 2)


@right
def as_decimals(requests, duration_ms, memory_mb, prices):
    gb_seconds = requests * math.ceil(duration_ms) / 1000 * memory_mb / 1024
    return Decimal(str(parts(requests, gb_seconds, prices)))


@right
def with_whole_numbers(requests, duration_ms, memory_mb, prices):
    ms_mb = requests * math.ceil(Decimal(str(duration_ms))) * memory_mb
    return parts(requests, ms_mb / 1024 / 1000, prices)
