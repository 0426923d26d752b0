"""Answers to 01.2-break-even."""

import math

from tests.zoo import right, wrong


@wrong("At 0 requests a month")
def never(server_usd, cost):
    return 0


@wrong("At 245,300,000 requests a month")
def by_the_price_of_a_million(server_usd, cost):
    return server_usd / max(cost(2_000_000) / 2_000_000, 1e-9)


@wrong("At 125,000 requests a month")
def halves_once(server_usd, cost):
    return server_usd / 1e-4 / 2


@wrong("At 29,980,000 requests")
def knows_the_answers_for_x86(server_usd, cost):
    return {25.0: 250_000, 24.53: 29_980_000}.get(server_usd, 1e9)


@wrong("it answers inf")
def never_dearer(server_usd, cost):
    return 250_000 if cost(250_000) >= server_usd else math.inf


@wrong("it answers -")
def a_secant_that_runs_away(server_usd, cost):
    low, high = 1e6, 2e6
    for _ in range(200):
        below, above = cost(low) - server_usd, cost(high) - server_usd
        if below == above:
            break
        low, high = high, high - above * (high - low) / (above - below)
    return high


@wrong("it answers nan")
def averages_nothing(server_usd, cost):
    return math.nan


@wrong("requests a month the functions cost $37.50")
def one_and_a_half_servers(server_usd, cost):
    low, high = 0.0, 1e12
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if cost(middle) < 1.5 * server_usd else (low, middle)
    return high


@wrong("It asks for the cost more than 10,000 times")
def one_request_at_a_time(server_usd, cost):
    requests = 0
    while cost(requests) < server_usd:
        requests += 1
    return requests


@wrong("it answers nothing, not requests")
def forgets_to_return(server_usd, cost):
    high = 1
    while cost(high) < server_usd:
        high *= 2


@wrong("it answers a tuple, not requests")
def answers_the_interval(server_usd, cost):
    high = 1
    while cost(high) < server_usd:
        high *= 2
    return high / 2, high


@wrong("At 262,144 requests a month")
def doubles_and_stops(server_usd, cost):
    high = 1
    while cost(high) < server_usd:
        high *= 2
    return high


@wrong("did not come back", status="failed")
def halves_for_ever(server_usd, cost):
    low, high = 0.0, 1e12
    while low != high:
        middle = (low + high) / 2
        if middle in (low, high):
            continue
        low, high = (middle, high) if cost(middle) < server_usd else (low, middle)
    return low


@right
def with_newton(server_usd, cost):
    requests = 1e6
    for _ in range(400):
        step = max(requests * 1e-4, 1.0)
        slope = (cost(requests + step) - cost(requests)) / step
        if slope <= 0:
            requests *= 2
            continue
        requests = max(requests - 0.5 * (cost(requests) - server_usd) / slope, 1.0)
    return requests


@right
def by_ratios(server_usd, cost):
    low, high = 1e-3, 1e15
    while high / low > 1.00001:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if cost(middle) < server_usd else (low, middle)
    return int(high) if high > 1e6 else high
