"""Answers to 02.3-drain."""

import math

from tests.zoo import right, wrong


@wrong("your answer is 900 s")
def as_if_closed(outage_s, orders_per_s, service_s, workers):
    return orders_per_s * outage_s * service_s / workers


@wrong("your answer is 3600 s")
def the_backlog_in_orders(outage_s, orders_per_s, service_s, workers):
    return orders_per_s * outage_s


@wrong("takes 570 s to drain, your answer is 1800 s")
def as_long_as_the_outage(outage_s, orders_per_s, service_s, workers):
    return outage_s


@wrong("takes 3480 s to drain, your answer is inf s")
def one_worker_does_it_all(outage_s, orders_per_s, service_s, workers):
    spare = 1 / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else math.inf


@wrong("never drains, your answer is")
def negative_when_it_never_ends(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare else math.inf


@wrong("ZeroDivisionError", status="your code raised")
def divides_by_nothing(outage_s, orders_per_s, service_s, workers):
    return orders_per_s * outage_s / (workers / service_s - orders_per_s)


@wrong("your answer is 0.5 s")
def minutes(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    hours = orders_per_s * outage_s / spare / 3600 if spare > 0 else math.inf
    return hours


@wrong("Without an outage there is nothing to drain")
def never_quite_empty(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare + service_s if spare > 0 else math.inf


@wrong("It answers nothing")
def prints(outage_s, orders_per_s, service_s, workers):
    pass


@right
def backlog_over_spare(outage_s, orders_per_s, service_s, workers):
    spare = workers / service_s - orders_per_s
    return orders_per_s * outage_s / spare if spare > 0 else math.inf


@right
def by_utilisation(outage_s, orders_per_s, service_s, workers):
    busy = orders_per_s * service_s / workers
    return outage_s * busy / (1 - busy) if busy < 1 else math.inf


@right
def order_by_order(outage_s, orders_per_s, service_s, workers):
    """A simulation with orders that come at even times."""
    if orders_per_s * service_s / workers >= 1:
        return math.inf if outage_s else 0
    waiting, seconds, step_s = orders_per_s * outage_s, 0.0, 1.0
    while waiting > 1e-9:
        waiting += (orders_per_s - workers / service_s) * step_s
        seconds += step_s
    return seconds
