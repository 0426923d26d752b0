"""How far an order has come, from its trace alone."""

from collections.abc import Sequence

from workbook.patterns.tracing.trace import Trace

__all__ = ["progress", "stuck_at"]

# The better one stands, where a step was tried again.
_RANK = {"": 0, "begun": 1, "failed": 2, "done": 3}


def progress(trace: Trace, steps: Sequence[str]) -> dict[str, str]:
    """For each step, by its span's name: "done", "failed", "begun", or "" for never."""
    found = dict.fromkeys(steps, "")
    for span in trace.spans:
        if span.name in found:
            found[span.name] = max(found[span.name], span.state, key=_RANK.__getitem__)
    return found


def stuck_at(trace: Trace, steps: Sequence[str]) -> str:
    """The first of `steps` that is not done; empty if all of them are."""
    states = progress(trace, steps)
    return next((step for step in steps if states[step] != "done"), "")
