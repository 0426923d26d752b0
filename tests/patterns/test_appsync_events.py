"""The client of AppSync Events, against a small server that speaks its protocol."""

import json
import threading
from contextlib import contextmanager

import httpx
import pytest
from websockets.sync.server import serve

from workbook.patterns.appsync_events import EventApi, Refused

KA = {"type": "ka"}


def data(event, *, in_a_list=False):
    text = json.dumps(event)
    return {"type": "data", "id": "1", "event": [text] if in_a_list else text}


@contextmanager
def service(*says, channel="orders/order-7", timeout_ms=300_000, then="waits"):
    """A server that accepts one subscription, says `says`, and then waits or goes."""
    heard, over = [], threading.Event()

    def at_work(connection):
        heard.append(connection.request.headers["Host"])
        heard.append(json.loads(connection.recv()))
        ack = {"type": "connection_ack", "connectionTimeoutMs": timeout_ms}
        connection.send(json.dumps(ack))
        wanted = json.loads(connection.recv())
        heard.append(wanted)
        error = {"type": "subscribe_error", "errors": [{"message": "no such channel"}]}
        right = wanted["channel"] == channel
        connection.send(json.dumps({"type": "subscribe_success"} if right else error))
        for message in says:
            connection.send(json.dumps(message))
        if then == "waits":
            over.wait(10)

    def choose(connection, offered):
        heard.append(offered)
        return offered[0]

    with serve(
        at_work, "127.0.0.1", 0, select_subprotocol=choose, subprotocols=["x"]
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        try:
            yield EventApi("api.example", "realtime.example", "da2-key", url), heard
        finally:
            over.set()
            server.shutdown()
            thread.join()


def test_events_arrive_between_signs_of_life():
    says = KA, data({"number": 1}), KA, data({"number": 2}, in_a_list=True)
    with (
        service(*says) as (api, heard),
        api.subscribe("orders/order-7") as subscription,
    ):
        assert subscription.receive(5) == {"number": 1}
        assert subscription.receive(5) == {"number": 2}
        assert subscription.receive(0.01) is None
    (protocol, header), host, hello, wanted = heard
    assert protocol == "aws-appsync-event-ws" and header.startswith("header-")
    assert host == "realtime.example" and hello == {"type": "connection_init"}
    assert wanted["authorization"] == {"host": "api.example", "x-api-key": "da2-key"}


def test_a_connection_that_ends_is_a_connection_error():
    with service(then="goes") as (api, _):
        subscription = api.subscribe("orders/order-7")
        with pytest.raises(ConnectionError, match="gone"):
            subscription.receive(5)


def test_a_connection_that_is_cut_off_is_a_connection_error():
    with service() as (api, _):
        subscription = api.subscribe("orders/order-7")
        subscription.drop()
        with pytest.raises(ConnectionError, match="gone"):
            subscription.receive(5)


def test_a_connection_without_a_sign_of_life_is_dead():
    with (
        service(timeout_ms=20) as (api, _),
        api.subscribe("orders/order-7") as deaf,
        pytest.raises(ConnectionError, match=r"no sign of life for 0\.02 s"),
    ):
        deaf.receive(0.05)


def test_a_refused_subscription_says_why():
    with service() as (api, _), pytest.raises(Refused, match="no such channel"):
        api.subscribe("orders/order-8")


@pytest.fixture
def posted(monkeypatch):
    """What was posted; the list `answers` says how the service replies."""
    sent, answers = [], []

    def post(url, **options):
        sent.append((url, options))
        code, body = answers.pop() if answers else (200, {"failed": []})
        return httpx.Response(code, json=body)

    monkeypatch.setattr(httpx, "post", post)
    return sent, answers


def test_publishing_is_a_post_to_the_http_host(posted):
    EventApi("api.example", "", "da2-key").publish("orders/o", {"number": 1}, "two")
    ((url, options),) = posted[0]
    assert url == "https://api.example/event"
    assert options["headers"] == {"host": "api.example", "x-api-key": "da2-key"}
    assert options["json"] == {
        "channel": "orders/o",
        "events": ['{"number": 1}', '"two"'],
    }


@pytest.mark.parametrize(
    ("code", "body"), [(401, {"errors": ["no"]}), (200, {"failed": [{"index": 0}]})]
)
def test_a_refused_event_is_an_error(posted, code, body):
    posted[1].append((code, body))
    with pytest.raises(Refused):
        EventApi("api.example", "", "k").publish("orders/o", 1)
