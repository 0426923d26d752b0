"""W3C's `traceparent`: which trace a request belongs to, and which span sent it.

    00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
    version, trace id, parent id (the sender's span), flags; hexadecimal, lower case

The rules are those of W3C's Trace Context (www.w3.org/TR/trace-context, the texts of
"traceparent header" and "versioning of traceparent", read 2026-11-29). A header that
breaks them is never an error: whoever gets it begins a new trace.
"""

import random
import re
from dataclasses import dataclass

__all__ = ["TraceContext", "carry_on", "parse"]

_FORMAT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_FORBIDDEN_VERSION = "ff"
_SAMPLED = 1  # the flag that this version knows; others must not be interpreted
_LONGEST = 512  # of a version that is yet to come; longer is no honest header


@dataclass(frozen=True)
class TraceContext:
    """A place in a trace. `str()` writes it as a header of version 00."""

    trace_id: str
    parent_id: str
    sampled: bool = True

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.parent_id}-{int(self.sampled):02x}"


def parse(header: str | None) -> TraceContext | None:
    """The context that `header` names, or None if it breaks the rules.

    A later version than 00 may go on after the flags, behind a dash; what stands there
    is not ours to read.
    """
    text = header.strip(" \t") if isinstance(header, str) else ""
    found = _FORMAT.match(text)
    if not found or len(text) > _LONGEST:
        return None
    version, trace_id, parent_id, flags = found.groups()
    rest = text[found.end() :]
    if version == _FORBIDDEN_VERSION or not trace_id.strip("0"):
        return None
    if not parent_id.strip("0") or (rest and (version == "00" or rest[0] != "-")):
        return None
    return TraceContext(trace_id, parent_id, bool(int(flags, 16) & _SAMPLED))


def carry_on(header: str | None, rng: random.Random) -> TraceContext:
    """The context that a span of ours sends on: the same trace, its own id.

    Without a header that is good, a new trace. Ids are drawn from `rng`.
    """
    before = parse(header)
    return TraceContext(
        before.trace_id if before else _id(rng, 128),
        _id(rng, 64),
        before.sampled if before else True,
    )


def _id(rng: random.Random, bits: int) -> str:
    """Random hexadecimal digits, not all of them zero."""
    return f"{rng.getrandbits(bits) or 1:0{bits // 4}x}"
