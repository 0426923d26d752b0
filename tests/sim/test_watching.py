"""What watching costs: by hand, from the prices as they stand in the price lists."""

import pytest

from workbook.sim.cost import long_poll_usd, poll_usd, push_usd

# A million of each, in USD: API Gateway, function's request, its 20 ms, a read unit.
FUNCTION = 0.2 + 0.02 * 0.125 * 13.3334
POLL = 1.0 + FUNCTION + 0.125


def test_a_million_polls_by_hand():
    assert poll_usd(calls=1e6) == pytest.approx(POLL)
    assert poll_usd(calls=0) == 0


def test_a_long_poll_pays_for_waiting():
    calls, waited_s = 1e6, 20e6
    waiting = 20e6 * 0.125 * 0.0000133334
    assert long_poll_usd(calls=calls, waited_s=waited_s) == pytest.approx(
        POLL + waiting
    )
    assert long_poll_usd(calls=calls, waited_s=0) == poll_usd(calls=calls)


def test_push_by_hand():
    found = push_usd(events=1e6, connections=1e6, connected_s=60e6)
    pushed = 1 + 1 + FUNCTION
    connected = 1 + 1 + 0.08 + POLL
    assert found == pytest.approx(pushed + connected)
    assert push_usd(events=0, connections=0, connected_s=60e6) == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: poll_usd(calls=-1), "calls=-1"),
        (lambda: long_poll_usd(calls=1, waited_s=-1), "waited_s=-1"),
        (lambda: push_usd(events=1, connections=-2, connected_s=0), "connections=-2"),
    ],
)
def test_impossible_parameters_are_refused_by_name_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
