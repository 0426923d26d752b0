"""Polling, long polling and push: how late one knows, and how often one asks."""

from workbook.sim.polling.results import Watching
from workbook.sim.polling.schedule import exponential_schedule, poll_until
from workbook.sim.polling.simulate import long_polling, push, short_polling
from workbook.sim.polling.theory import (
    long_poll_calls_per_event,
    long_poll_empty_share,
    poll_calls_per_event,
    poll_empty_share,
    poll_mean_delay_s,
    push_late_share,
    push_mean_delay_s,
)

__all__ = [
    "Watching",
    "exponential_schedule",
    "long_poll_calls_per_event",
    "long_poll_empty_share",
    "long_polling",
    "poll_calls_per_event",
    "poll_empty_share",
    "poll_mean_delay_s",
    "poll_until",
    "push",
    "push_late_share",
    "push_mean_delay_s",
    "short_polling",
]
