"""Calls to services outside AWS are steps of a schedule too."""

import httpx
import pytest

from workbook.explore import explore, replay
from workbook.providers import Aurora, Tanchou, in_process

BODY = {"amount": "3200.00", "source": "0001"}


@pytest.fixture
def aurora():
    return Aurora()


@pytest.fixture
def account(aurora):
    return in_process(aurora).open_account()


def charging(account, key):
    """A handler that charges once, under the name that `key(context)` gives."""

    http = account.client()

    def handler(event, context):
        headers = {"Idempotency-Key": key(context)}
        answer = http.post("/v1/charges", json=BODY, headers=headers)
        answer.raise_for_status()
        return answer.json()["id"]

    return handler


def once(account):
    def charged_once():
        """The order is charged once."""
        times = len(account.books())
        return f"charged {times} times" if times != 1 else True

    return charged_once


def test_a_key_of_the_order_survives_and_one_of_the_attempt_does_not(aurora, account):
    settings = {"outside": [aurora], "invariant": once(account), "progress": False}
    good = explore(charging(account, lambda context: "order-7"), {}, **settings)
    bad = explore(
        charging(account, lambda context: context.aws_request_id), {}, **settings
    )
    assert good.holds and good.schedules > 10
    assert not bad.holds and "charged 2 times" in bad.counterexample.broken
    assert account.books() == []  # the explorer put the provider's books back


def test_a_lost_response_alone_charges_twice_without_a_key(aurora, account):
    result = explore(
        charging(account, lambda context: context.aws_request_id),
        {},
        invariant=once(account),
        outside=[aurora],
        deliveries=1,
        faults=("response_lost",),
        progress=False,
    )
    run = result.counterexample
    assert run.faults == ("response lost: POST /v1/charges at aurora-pay",)
    assert [type(end.error).__name__ for end in run.ended][0] == "ReadTimeout"
    assert "201 Created" in run.text and "aurora-pay" in run.text


def test_request_lost_and_throttled_are_what_httpx_has_of_them(aurora, account):
    seen, http = [], account.client()

    def handler(event, context):
        headers = {"Idempotency-Key": "order-7"}
        try:
            answer = http.post("/v1/charges", json=BODY, headers=headers)
            seen.append((answer.status_code, answer.headers.get("retry-after")))
        except httpx.TransportError as error:
            seen.append(type(error).__name__)

    explore(
        handler,
        {},
        invariant=lambda: True,
        outside=[aurora],
        deliveries=1,
        faults=("request_lost", "throttle", "response_lost"),
        progress=False,
    )
    # Lost on the way there or on the way back: the caller sees the same silence.
    assert set(seen) == {(201, None), (429, "1"), "ReadTimeout"}


def test_a_schedule_comes_out_the_same_when_it_is_replayed(aurora, account):
    handler = charging(account, lambda context: context.aws_request_id)
    settings = {"invariant": once(account), "outside": [aurora]}
    found = explore(handler, {}, progress=False, **settings).counterexample
    again = replay(found.id, handler, {}, **settings)
    assert again.broken == found.broken and again.text == found.text


def test_setup_may_open_the_account(aurora):
    accounts = []

    def setup():
        accounts.append(in_process(aurora).open_account())

    def handler(event, context):
        charging(accounts[-1], lambda context: "order-7")(event, context)

    result = explore(
        handler,
        {},
        setup=setup,
        invariant=lambda: len(accounts[-1].books()) == 1,
        outside=[aurora],
        progress=False,
    )
    assert result.holds and aurora.state == {}


def test_a_service_that_the_explorer_does_not_know_is_named(account):
    handler = charging(account, lambda context: "order-7")
    result = explore(
        handler, {}, invariant=lambda: True, outside=[Tanchou()], progress=False
    )
    assert not result.holds and "aurora-pay" in repr(result)


def test_what_is_no_service_is_refused():
    with pytest.raises(TypeError, match="a name and a state"):
        explore(print, {}, invariant=bool, outside=["aurora-pay"])
