"""Queues: one server, many, and those that turn requests away; with their theory."""

from workbook.sim.queueing.arrivals import evenly, poisson, profile, spike
from workbook.sim.queueing.fifo import fifo_waits, many_servers, replications
from workbook.sim.queueing.lindley import single_server
from workbook.sim.queueing.loss import accepted, loss_system
from workbook.sim.queueing.results import Losses, Replications, Requests
from workbook.sim.queueing.services import service_times
from workbook.sim.queueing.spikes import Spike, through_spike
from workbook.sim.queueing.theory import (
    erlang_b,
    erlang_c,
    fluid_backlog,
    fluid_drain_s,
    gm1_wait,
    mm1_response_percentile,
    mm1_wait,
    mmc_response_percentile,
    mmc_wait,
    pollaczek_khinchine_wait,
    servers_for_loss,
)

__all__ = [
    "Losses",
    "Replications",
    "Requests",
    "Spike",
    "accepted",
    "erlang_b",
    "erlang_c",
    "evenly",
    "fifo_waits",
    "fluid_backlog",
    "fluid_drain_s",
    "gm1_wait",
    "loss_system",
    "many_servers",
    "mm1_response_percentile",
    "mm1_wait",
    "mmc_response_percentile",
    "mmc_wait",
    "poisson",
    "pollaczek_khinchine_wait",
    "profile",
    "replications",
    "servers_for_loss",
    "service_times",
    "single_server",
    "spike",
    "through_spike",
]
