"""An order's trace, rebuilt from the logs of functions that really run apart."""

import time

from workbook.cloud.environment import environment
from workbook.patterns.events import first, to_headers
from workbook.patterns.tracing import rebuild, stuck_at
from workbook.shop import TRACED
from workbook.shop.traced import STEPS

FUNCTIONS = ("PlaceOrder", "Relay", "ReserveSeat", "Charge", "IssueTicket")
FUNCTIONS += ("NotifyBuyer",)
WISH = {"seats": 1, "email": "aya@example.com", "card": "4242424242424242"}
WHOLE = [
    (0, "place-order"),
    (1, "relay"),
    (2, "reserve-seat"),
    (3, "charge"),
    (4, "ask-provider"),
]


def test_an_order_is_one_tree_over_processes_that_share_nothing(emulator):
    ids = {"id": "ask-7", "correlation_id": "order-7"}
    with environment(TRACED, emulator=emulator) as env:
        asked = first("OrderAsked", WISH, at=time.time(), **ids)
        env.http().post("/orders", json=WISH, headers=to_headers(asked))

        def written():
            if not env.logs("NotifyBuyer"):  # asked often, so begin with the last
                return None
            lines = [line for name in FUNCTIONS for line in env.logs(name)]
            trace = rebuild(lines, by="correlation_id").get("order-7")
            whole = trace is not None and not stuck_at(trace, STEPS)
            return (trace, "\n".join(lines)) if whole else None

        trace, text = env.wait_for(written, timeout_s=60, every_s=0.2, what="the mail")
    shape = [(depth, span.name) for depth, span in trace.walk()]
    assert shape[:5] == WHOLE
    assert sorted(shape[5:]) == [(4, "issue-ticket"), (4, "notify-buyer")]
    assert not trace.orphans and len({span.trace_id for span in trace.spans}) == 1
    assert WISH["email"] not in text and WISH["card"] not in text
