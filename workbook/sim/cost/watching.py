"""What it costs to let many people watch: by polling, by long polling, by push.

A poll goes from the page through an HTTP API of API Gateway to a small function (128 MB
on Arm, 20 ms), which reads the table strongly: one read unit. A long poll is the same,
and its function runs while it waits. A push is published by such a function to AppSync
Events, which counts an operation for publishing and one for each delivery, connecting
and subscribing, and the minutes of the connection; whoever connects reads once, as by a
poll. List prices of us-east-1 from `workbook.facts`, first tiers, nothing free; a
message fits one metering step.
"""

from workbook.facts import usd
from workbook.sim.checks import at_least

__all__ = ["long_poll_usd", "poll_usd", "push_usd"]

_GB, _RUNS_S = 128 / 1024, 0.02


def poll_usd(*, calls: float) -> float:
    """USD for so many polls."""
    at_least(0, calls=calls)
    ways = "apigateway.price.http.request", "dynamodb.price.read"
    return calls * (sum(float(usd(way)) for way in ways) + _function_usd(_RUNS_S))


def long_poll_usd(*, calls: float, waited_s: float) -> float:
    """USD for so many long polls that have waited so many seconds in all."""
    at_least(0, waited_s=waited_s)
    return poll_usd(calls=calls) + waited_s * _GB * _gb_second_usd()


def push_usd(*, events: float, connections: float, connected_s: float) -> float:
    """USD for pushing `events`, each to one watcher, over connections that stood.

    `connections` is how often somebody connected, `connected_s` how long the
    connections stood, in seconds in all.
    """
    at_least(0, events=events, connections=connections, connected_s=connected_s)
    operation = float(usd("appsync.price.operation"))
    minutes = connected_s / 60 * float(usd("appsync.price.connection_minute"))
    pushed = events * (2 * operation + _function_usd(_RUNS_S))
    return pushed + connections * 2 * operation + minutes + poll_usd(calls=connections)


def _function_usd(runs_s: float) -> float:
    return float(usd("lambda.price.request")) + runs_s * _GB * _gb_second_usd()


def _gb_second_usd() -> float:
    return float(usd("lambda.price.gb_second.arm"))
