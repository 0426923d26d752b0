"""An answer that changes its event spoils nobody else's."""

import pytest

from workbook.checks.exactly_once import scene

CHANGES = {
    "pop": lambda event: event.pop("order_id"),
    "set": lambda event: event.update(order_id="ORDER-7"),
    "nested": lambda event: event.setdefault("seen", []).append(1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_call_gets_the_event_as_it_was(change):
    before = dict(scene.EVENT)
    scene.plainly(CHANGES[change], scene.EVENT)
    assert before == scene.EVENT
    assert scene.plainly(lambda event: event["order_id"], scene.EVENT) == "order-7"
