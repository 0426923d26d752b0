"""One notice an incident: whatever comes twice, late, at once or not at all."""

import itertools

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud import create_table, faults, local_cloud
from workbook.patterns.notices import (
    Change,
    Incidents,
    after,
    on_change,
    read_change,
)

ON, OFF = "ALARM", "OK"


def told(*changes):
    """The ids of what a person is told after these changes, given as tuples."""
    record = Incidents("shop")
    for change in changes:
        record = after(record, Change(*change))
    return [notice.id for notice in record.untold]


def test_an_incident_is_told_when_it_begins_and_when_it_is_over():
    assert told(("a", ON, 1)) == ["shop/1/begun"]
    assert told(("a", ON, 1), ("a", OFF, 2)) == ["shop/1/begun", "shop/1/over"]
    again = told(("a", ON, 1), ("a", OFF, 2), ("a", ON, 3))
    assert again[-1] == "shop/2/begun" and len(again) == 3
    assert told(("a", OFF, 1)) == []  # what a new alarm says first


def test_alarms_that_overlap_are_one_incident():
    changes = [("a", ON, 1), ("b", ON, 2), ("a", OFF, 3), ("a", ON, 4)]
    assert told(*changes) == ["shop/1/begun"]
    ends = [*changes, ("b", OFF, 5), ("a", OFF, 6)]
    assert told(*ends) == ["shop/1/begun", "shop/1/over"]


def test_what_comes_twice_or_late_changes_nothing():
    life = [("a", ON, 1), ("a", OFF, 2)]
    assert told(*life, life[0]) == told(*life) == told(*life, *life)


EVENTS = st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=8)


@settings(deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_last_word_is_right_in_any_order_with_any_copies(events, random):
    """Each alarm's newest change decides, and notices take turns."""
    changes = [(a, ON if on else OFF, float(n)) for n, (a, on) in enumerate(events)]
    shuffled = changes + [c for c in changes if random.random() < 0.5]
    random.shuffle(shuffled)
    last = {a: state for a, state, _ in changes}
    ids = told(*shuffled)
    kinds = [one.split("/")[2] for one in ids]
    assert kinds == [k for k, _ in zip(itertools.cycle(["begun", "over"]), kinds)]
    assert len(set(ids)) == len(ids)
    assert (kinds[-1:] == ["begun"]) == (ON in last.values())


# --- with a table ---------------------------------------------------------------------

STORY = [Change("a", ON, 1, "bad"), Change("b", ON, 2), Change("b", OFF, 3),
         Change("a", OFF, 4)]  # fmt: skip


@pytest.fixture
def table():
    with local_cloud():
        create_table("incidents", "service")
        yield boto3.resource("dynamodb").Table("incidents")


def test_a_story_is_told_in_two_sentences(table):
    heard = []
    for change in [*STORY, *STORY]:
        on_change(table, change, tell=heard.append)
    assert [notice.text for notice in heard] == [
        "shop: incident 1 has begun. a: bad",
        "shop: incident 1 is over.",
    ]


def test_services_have_their_own_incidents(table):
    heard = []
    for service in ("shop", "museum"):
        on_change(table, STORY[0], tell=heard.append, service=service)
    assert [n.id for n in heard] == ["shop/1/begun", "museum/1/begun"]


@pytest.mark.parametrize("nth", range(1, 12))
@pytest.mark.parametrize("crash", [faults.crash_before, faults.crash_after])
def test_a_crash_at_any_call_loses_no_notice(table, crash, nth):
    heard = []
    with crash(nth) as fault:
        for change in STORY:
            for _ in range(2):  # the queue delivers again what was not finished
                try:
                    with faults.invocation():
                        on_change(table, change, tell=heard.append)
                    break
                except faults.Crash:
                    continue
    ids = [notice.id for notice in heard]
    assert fault.log, "it struck"
    assert list(dict.fromkeys(ids)) == ["shop/1/begun", "shop/1/over"]
    assert len(ids) <= 3  # at most one of them twice, under the same id


def test_a_pager_that_is_away_is_asked_again(table):
    def away(notice):
        raise ConnectionError("no answer")

    with pytest.raises(ConnectionError):
        on_change(table, STORY[0], tell=away)
    heard = []
    on_change(table, STORY[0], tell=heard.append)
    assert [n.id for n in heard] == ["shop/1/begun"]


def test_two_at_once_tell_one_incident(table):
    heard = []

    def meanwhile(notice):
        heard.append(notice)
        if len(heard) == 1:  # while this one tells, the other alarm goes off
            on_change(table, STORY[1], tell=heard.append)

    on_change(table, STORY[0], tell=meanwhile)
    assert {n.id for n in heard} == {"shop/1/begun"}
    heard.clear()
    on_change(table, Change("a", OFF, 5), tell=heard.append)
    assert heard == []  # b is still on


def test_a_writer_that_is_overtaken_writes_again(table, monkeypatch):
    from workbook.patterns import notices

    real, raced = notices._read, []

    def slowly(*args):
        found = real(*args)
        if not raced:
            raced.append(True)
            on_change(table, STORY[1], tell=heard.append)
        return found

    heard = []
    monkeypatch.setattr(notices, "_read", slowly)
    on_change(table, STORY[0], tell=heard.append)
    monkeypatch.undo()
    for change in STORY[2:]:
        on_change(table, change, tell=heard.append)
    assert [n.id for n in heard] == ["shop/1/begun", "shop/1/over"]


def test_an_alarm_s_message_is_read():
    """The message of docs.aws.amazon.com/AmazonCloudWatch, without what is not read."""
    message = {
        "AlarmName": "shop-Fails",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed",
        "StateChangeTime": "2018-03-11T01:00:00.500+0000",
    }
    change = read_change(message)
    assert change == Change("shop-Fails", ON, 1_520_730_000.5, "Threshold Crossed")
