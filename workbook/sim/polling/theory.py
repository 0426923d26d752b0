"""Closed forms of polling and push, for events that are a Poisson process.

P(no event in t) = exp(-rate x t), and an event is uniform in the interval it falls into
(Ross, *Introduction to Probability Models*, section 5.3). The share of the time without
a connection is that of an alternating renewal process (section 7.4).
"""

import math

from workbook.sim.checks import at_least, positive

__all__ = [
    "long_poll_calls_per_event",
    "long_poll_empty_share",
    "poll_calls_per_event",
    "poll_empty_share",
    "poll_mean_delay_s",
    "push_late_share",
    "push_mean_delay_s",
]


def poll_mean_delay_s(*, period_s: float) -> float:
    """Mean delay in seconds of an event under short polling."""
    positive(period_s=period_s)
    return period_s / 2


def poll_empty_share(*, period_s: float, event_rate_per_s: float) -> float:
    """Share of the calls of short polling that bring nothing."""
    positive(period_s=period_s, event_rate_per_s=event_rate_per_s)
    return math.exp(-event_rate_per_s * period_s)


def poll_calls_per_event(*, period_s: float, event_rate_per_s: float) -> float:
    """Calls of short polling for each event."""
    positive(period_s=period_s, event_rate_per_s=event_rate_per_s)
    return 1 / (event_rate_per_s * period_s)


def long_poll_empty_share(*, wait_s: float, event_rate_per_s: float) -> float:
    """Share of the calls of long polling that bring nothing."""
    return poll_empty_share(period_s=wait_s, event_rate_per_s=event_rate_per_s)


def long_poll_calls_per_event(*, wait_s: float, event_rate_per_s: float) -> float:
    """Calls of long polling for each event."""
    positive(wait_s=wait_s, event_rate_per_s=event_rate_per_s)
    return -1 / math.expm1(-event_rate_per_s * wait_s)


def push_late_share(*, drop_rate_per_s: float, reconnect_s: float) -> float:
    """Share of the events that happen without a connection: late, or missed."""
    at_least(0, drop_rate_per_s=drop_rate_per_s, reconnect_s=reconnect_s)
    return drop_rate_per_s * reconnect_s / (1 + drop_rate_per_s * reconnect_s)


def push_mean_delay_s(*, drop_rate_per_s: float, reconnect_s: float) -> float:
    """Mean delay in seconds of all events under push with catching up."""
    late = push_late_share(drop_rate_per_s=drop_rate_per_s, reconnect_s=reconnect_s)
    return late * reconnect_s / 2
