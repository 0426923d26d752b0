"""Publish to a channel of AWS AppSync Events, and subscribe to one over a WebSocket.

The protocol is AWS's: HTTP POST to publish, and a WebSocket on which the client says
`connection_init`, then `subscribe`, and then receives `data` and, now and then, `ka`
(docs.aws.amazon.com/appsync/latest/eventapi/event-api-websocket-protocol.html).

    api = EventApi(http_host, realtime_host, key)
    api.publish("orders/order-7", {"number": 1})
    with api.subscribe("orders/order-7") as subscription:
        event = subscription.receive(timeout_s=5)

Introduced in chapter 06.
"""

import base64
import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

__all__ = ["EventApi", "Refused", "Subscription"]


class Refused(RuntimeError):
    """The service has refused a request; the message is its own."""


@dataclass(frozen=True)
class EventApi:
    """An Event API: its two hosts, and an API key that may publish and subscribe.

    On AWS the hosts are those of GetApi's `dns`, and TLS is spoken. `endpoint_url` is
    for an emulator, such as http://127.0.0.1:4566: there both kinds of connection go
    instead, without TLS.
    """

    http_host: str
    realtime_host: str
    key: str
    endpoint_url: str = ""

    def publish(self, channel: str, *events: Any) -> None:
        """Push up to five events, each anything that JSON can say."""
        answer = httpx.post(
            f"{self.endpoint_url or f'https://{self.http_host}'}/event",
            headers={"host": self.http_host, "x-api-key": self.key},
            json={"channel": channel, "events": [json.dumps(one) for one in events]},
            trust_env=False,  # a proxy has no part in it
        )
        if answer.is_error or answer.json()["failed"]:
            raise Refused(answer.text)

    def subscribe(self, channel: str, *, timeout_s: float = 10) -> "Subscription":
        """Connect, and subscribe; what is published from now on can be received."""
        connection = self._connect(timeout_s)
        try:
            _say(connection, type="connection_init")
            ack = _await(connection, "connection_ack", timeout_s)
            _say(
                connection,
                type="subscribe",
                id="1",
                channel=channel,
                authorization=self._authorization,
            )
            _await(connection, "subscribe_success", timeout_s)
        except BaseException:
            connection.close_socket()
            raise
        return Subscription(connection, ack.get("connectionTimeoutMs", 300_000) / 1000)

    def _connect(self, timeout_s: float) -> ClientConnection:
        words = json.dumps(self._authorization).encode()
        header = base64.urlsafe_b64encode(words).decode().rstrip("=")
        there = urlsplit(self.endpoint_url)
        address = there.hostname, there.port
        return connect(
            f"ws{'' if there.netloc else 's'}://{self.realtime_host}/event/realtime",
            sock=socket.create_connection(address, timeout_s) if there.netloc else None,
            subprotocols=["aws-appsync-event-ws", f"header-{header}"],
            open_timeout=timeout_s,
            close_timeout=1,
            proxy=None,
            legacy=True,  # the connection itself, since it outlives this method
        )

    @property
    def _authorization(self) -> dict[str, str]:
        return {"host": self.http_host, "x-api-key": self.key}


class Subscription:
    """A connection that is subscribed to one channel; close it, or use `with`.

    The service gives a sign of life, `ka`, now and then. When none has come for
    `silence_s`, the connection is dead, though nobody has said so.
    """

    def __init__(self, connection: ClientConnection, silence_s: float) -> None:
        self._connection, self._silence_s = connection, silence_s
        self._heard_s = time.monotonic()

    def receive(self, timeout_s: float) -> Any:
        """The next event; None if none came for so long.

        Raises ConnectionError once the connection is gone: subscribe again, and then
        read what was missed.
        """
        until_s = time.monotonic() + timeout_s
        try:
            while (left_s := until_s - time.monotonic()) > 0:
                message = json.loads(self._connection.recv(timeout=left_s))
                self._heard_s = time.monotonic()
                if message["type"] == "data":
                    return _event_in(message)
        except TimeoutError:
            pass
        except ConnectionClosed as gone:
            raise ConnectionError("the connection is gone") from gone
        if time.monotonic() - self._heard_s > self._silence_s:
            raise ConnectionError(f"no sign of life for {self._silence_s:g} s")
        return None

    def drop(self) -> None:
        """Cut the connection off without a goodbye, as a tunnel does to a train."""
        self._connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye and close."""
        self._connection.close()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _say(connection: ClientConnection, **message: Any) -> None:
    connection.send(json.dumps(message))


def _await(connection: ClientConnection, kind: str, timeout_s: float) -> dict:
    """The next message of that kind; `Refused` for an error."""
    while True:
        message = json.loads(connection.recv(timeout=timeout_s))
        if message["type"] == kind:
            return message
        if message["type"].endswith("error"):
            raise Refused(json.dumps(message.get("errors", message)))


def _event_in(message: dict) -> Any:
    """The event of a data message: JSON in a text, or in a list that holds one."""
    event = message["event"]
    return json.loads(event[0] if isinstance(event, list) else event)
