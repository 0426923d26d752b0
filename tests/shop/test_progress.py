"""The function that pushes an order's progress, and its template."""

import json

import pytest
from cfnlint import core
from cfnlint.api import lint

from workbook.patterns.appsync_events import EventApi, Refused
from workbook.shop import progress
from workbook.shop.core import Event
from workbook.shop.log import to_item

WIRE = {"order_id": "S", "number": "N", "kind": "S", "at": "S", "details": "S"}


@pytest.fixture
def pushed(monkeypatch):
    """The pushes, as (api, channel, event)."""
    monkeypatch.setenv("PUSH_HOST", "api.example")
    monkeypatch.setenv("PUSH_KEY", "da2-key")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    progress.event_api.cache_clear()
    made = []
    monkeypatch.setattr(EventApi, "publish", lambda *push: made.append(push))
    yield made
    progress.event_api.cache_clear()


def written(*kinds):
    """A batch of the log's stream."""
    records = []
    for number, kind in enumerate(kinds, 1):
        item = to_item(Event(kind, "order-7", number, 0.0))
        image = {name: {WIRE[name]: str(value)} for name, value in item.items()}
        records.append({"dynamodb": {"NewImage": image}})
    return {"Records": records}


def test_each_event_is_pushed_to_its_orders_channel(pushed):
    progress.handler(written("OrderPlaced", "SeatReserved"), None)
    assert [push[1:] for push in pushed] == [
        ("orders/order-7", {"number": 1, "news": "OrderPlaced"}),
        ("orders/order-7", {"number": 2, "news": "SeatReserved"}),
    ]
    api = pushed[0][0]
    assert (api.http_host, api.key, api.endpoint_url) == ("api.example", "da2-key", "")
    json.dumps(pushed[0][2])


def test_a_push_that_is_refused_comes_back(pushed, monkeypatch):
    def refuse(*push):
        raise Refused("too fast")

    monkeypatch.setattr(EventApi, "publish", refuse)
    with pytest.raises(Refused):
        progress.handler(written("OrderPlaced"), None)


def test_the_template_is_clean():
    rules = core.get_rules([], ["I", "W"], [])
    text = progress.TEMPLATE.read_text(encoding="utf-8")
    assert lint(text, rules, regions=["ap-northeast-1"]) == []
