"""Twelve faults are noticed, each by somebody; a night without a fault is quiet."""

import pytest

from workbook.checks.monitoring.faults import FAULTS, undetected
from workbook.checks.monitoring.night import KINDS, WARM_UP, Night
from workbook.cloud import faults, local_cloud
from workbook.shop.report import sales

# Which alarms go off, and after how many minutes. Read beside the map in chapter 13.
SEEN = {
    "a bug in PlaceOrder": {"errors": 2, "5xx": 2, "canary fails": 2},
    "the route is gone (404)": {"canary fails": 2},
    "a rule lost its target": {"canary fails": 3},
    "a rule waits for another name": {"canary fails": 3},
    "nobody reads a queue": {"canary fails": 3, "queue age": 4},
    "each message fails": {"canary fails": 3, "queue age": 4, "dead letters": 6},
    "the provider is away": {"errors": 2, "canary fails": 3},
    "the provider declines all": {"canary fails": 3},
    "the provider is slow": {"duration": 2, "canary slow": 3},
    "messages wait 40 s": {"canary slow": 3},
    "the canary is silent": {"canary fails": 4},
    "one order is poison": {"queue age": 4, "dead letters": 6},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_noticed_and_told_once(name):
    with local_cloud():
        night = Night()
        night.minutes(WARM_UP)
        FAULTS[name](night)
        night.minutes(6)
        seen, told = night.alarms(since=WARM_UP), night.notices()
    assert seen == SEEN[name]
    assert [text.split(".")[0] for text in told] == ["shop: incident 1 has begun"]


def test_all_twelve_are_noticed():
    assert len(SEEN) == len(FAULTS) == 12 and undetected(SEEN) == []
    assert undetected({}) == list(FAULTS)
    assert {kind for seen in SEEN.values() for kind in seen} == set(KINDS)


def test_a_night_with_a_single_failed_attempt_is_quiet():
    """A crash that a retry makes good is one bad datapoint, and no alarm."""
    with local_cloud():
        night = Night()
        night.minutes(6)
        with faults.crash_before(1, "dynamodb", "PutItem") as crash:
            night.order("order-1")
            night.minutes(1)
        with faults.crash_after(1, "dynamodb", "TransactWriteItems") as second:
            night.minutes(1)
        night.minutes(8)
        assert crash.log and second.log
        assert night.alarms() == {} and night.notices() == []
        hops = [found["hop"] for found in night.findings.values()]
        assert sum(map(bool, hops)) <= 2
        assert len(night.findings) == 16
        assert sales(night.events()) == {}  # the buyer must ask again


def test_a_night_without_a_canary():
    with local_cloud():
        night = Night(canary=False)
        night.order("order-1")
        night.minutes(5)
        assert night.alarms() == {} and night.findings == {}
        assert set(night.watch.states.values()) == {"OK"}
        assert night.seats_free == {"night-tour": 999, "rehearsal": 1000}
        assert sales(night.events()) == {"2018-03-11": {"tickets": 1, "yen": 3800}}
