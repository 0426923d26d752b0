"""The envelope itself, and how one event follows from another.

The fields are those of CloudEvents where it has them (`id`, `type`, `time`, `data`, and
`traceparent` of its extension for distributed tracing, github.com/cloudevents/spec).
"""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["Envelope", "NoEnvelope", "caused_by", "first", "iso", "opened"]

# Any fixed value will do, as long as it stays: ids are derived from it.
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


class NoEnvelope(ValueError):
    """What arrived carries no envelope, or a broken one; the text says which part."""


@dataclass(frozen=True)
class Envelope:
    """An event, and what is written on its outside.

    `id` is the same for every delivery of the event, and no other event's. `version`
    counts the schemas of `type`, from 1. `time` is when it happened, in UTC as RFC 3339
    writes it. `correlation_id` is shared by everything that one request set off;
    `causation_id` is the id of the event that caused this one, empty for the first.
    `traceparent` names the span that sent it, empty where nobody traces.
    """

    id: str
    type: str
    version: int
    time: str
    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def metadata(self) -> dict[str, str | int]:
        """All but the data; what is empty is left out."""
        named = {name: getattr(self, name) for name in METADATA}
        return {name: value for name, value in named.items() if value != ""}

    @property
    def at(self) -> float:
        """`time` in seconds since 1970."""
        return dt.datetime.fromisoformat(self.time).timestamp()


METADATA = tuple(f.name for f in fields(Envelope) if f.name != "data")
_NEEDED = ("id", "type", "version", "time", "correlation_id")


def first(
    type: str,
    data: Mapping[str, Any],
    *,
    id: str,
    at: float,
    correlation_id: str = "",
    version: int = 1,
    traceparent: str = "",
) -> Envelope:
    """The event that begins something, at epoch seconds `at`.

    Its `id` must come from whoever asks, so that asking again gives the same event.
    Without a `correlation_id` it is its own.
    """
    correlation_id = correlation_id or id
    return Envelope(
        id, type, version, iso(at), correlation_id, "", traceparent, dict(data)
    )


def caused_by(
    cause: Envelope,
    type: str,
    data: Mapping[str, Any],
    *,
    at: float,
    key: str = "",
    version: int = 1,
    traceparent: str = "",
) -> Envelope:
    """An event that follows from `cause`, at epoch seconds `at`.

    Its id is derived from the cause's and its type, so a handler that runs twice makes
    the same event twice, and whoever gets both can tell. Where a cause has several
    events of one type, `key` tells them apart.
    """
    derived = uuid.uuid5(_NAMESPACE, json.dumps([cause.id, type, key]))
    return Envelope(
        id=str(derived),
        type=type,
        version=version,
        time=iso(at),
        correlation_id=cause.correlation_id,
        causation_id=cause.id,
        traceparent=traceparent,
        data=dict(data),
    )


def iso(at: float) -> str:
    """Epoch seconds as RFC 3339 in UTC, to the microsecond."""
    moment = dt.datetime.fromtimestamp(at, dt.UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def opened(metadata: Any, data: Any) -> Envelope:
    """The envelope of what a carrier brought; fields that it does not know are dropped.

    Numbers may have become text or Decimal on the way. Raises `NoEnvelope`.
    """
    if not isinstance(metadata, Mapping):
        raise NoEnvelope("there is no metadata")
    missing = [name for name in _NEEDED if metadata.get(name) in (None, "")]
    if missing:
        raise NoEnvelope(f"the metadata has no {', '.join(missing)}")
    if not isinstance(data, Mapping):
        raise NoEnvelope(f"the data is no JSON object: {type(data).__name__}")
    known = {n: str(metadata[n]) for n in METADATA if metadata.get(n) is not None}
    known["version"] = _version(known["version"])
    _check_time(known["time"])
    return Envelope(**known, data=dict(data))


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise NoEnvelope(f"the version is {text!r}, and should be 1, 2 or so on")
    return int(text)


def _check_time(text: str) -> None:
    try:
        zone = dt.datetime.fromisoformat(text).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise NoEnvelope(f"the time is {text!r}, and should be RFC 3339 with its zone")
