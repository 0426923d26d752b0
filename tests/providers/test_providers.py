"""The two providers, over HTTP, as a merchant meets them."""

import httpx
import pytest

from workbook.providers import (
    Aurora,
    Tanchou,
    aurora_pay,
    callbacks,
    in_process,
    tanchou_pay,
)
from workbook.providers.serving import loopback_client


@pytest.fixture(scope="module")
def aurora():
    with aurora_pay() as site:
        yield site


@pytest.fixture(scope="module")
def tanchou():
    with tanchou_pay() as site:
        yield site


def merchant(account):
    """A client that speaks for an account."""
    return account.client(timeout=2.0)


def aurora_charge(account, key="order-7", amount="3200.00", card="0001"):
    body = {"amount": amount, "source": card}
    with merchant(account) as http:
        return http.post("/v1/charges", json=body, headers={"Idempotency-Key": key})


def tanchou_charge(account, reference="order-7", amount=3200, card="0001"):
    body = {"minorUnits": amount, "clientReference": reference, "cardToken": card}
    with merchant(account) as http:
        return http.post("/api/payments", json=body)


def test_aurora_charges_once_for_each_key(aurora):
    account = aurora.open_account()
    first, again = aurora_charge(account), aurora_charge(account)
    assert first.status_code == 201 and first.json() == again.json()
    assert first.json()["amount"] == "3200.00"
    assert account.taken_yen() == {"order-7": 3200}
    reused = aurora_charge(account, amount="1.00")
    assert reused.status_code == 422 and "error" in reused.json()


def test_tanchou_charges_each_time_and_tells_later(tanchou):
    with callbacks() as (url, arrived):
        account = tanchou.open_account(callback_url=url)
        answers = [tanchou_charge(account) for _ in range(2)]
        assert {a.status_code for a in answers} == {202}
        assert {a.json()["state"] for a in answers} == {"PENDING"}
        told = [arrived.get(timeout=5) for _ in answers]
        assert [one["state"] for one in told] == ["CAPTURED", "CAPTURED"]
        assert account.taken_yen() == {"order-7": 6400}


def test_a_declined_card_is_said_at_once_by_one_and_later_by_the_other(aurora, tanchou):
    one, other = aurora.open_account(), tanchou.open_account()
    assert aurora_charge(one, card="0002").status_code == 402
    assert tanchou_charge(other, card="0002").status_code == 202
    with merchant(other) as http:
        found = http.get("/api/payments", params={"clientReference": "order-7"})
    assert found.json()["payments"][0]["state"] == "REFUSED"
    assert one.taken_yen() == other.taken_yen() == {}


def test_their_errors_have_different_shapes(aurora, tanchou):
    bad = aurora_charge(aurora.open_account(), amount="12.5")
    assert bad.status_code == 400 and bad.json()["error"]["type"] == "bad_amount"
    bad = tanchou_charge(tanchou.open_account(), amount="3200.00")
    assert bad.status_code == 400 and bad.json()["code"] == "BAD_AMOUNT"
    no_account = httpx.get(f"{aurora.http.base_url}/v1/charges", trust_env=False)
    assert no_account.status_code == 401


def test_each_fault_does_what_its_name_says(aurora):
    account = aurora.open_account()
    account.configure(error=1.0)
    assert aurora_charge(account, "a").status_code == 500
    account.configure(throttled=1.0, retry_after_s=7)
    throttled = aurora_charge(account, "b")
    assert throttled.status_code == 429 and throttled.headers["Retry-After"] == "7"
    account.configure(down=True)
    assert aurora_charge(account, "c").status_code == 503
    account.configure(dropped_before=1.0)
    with pytest.raises(httpx.RemoteProtocolError):
        aurora_charge(account, "d")
    assert account.books() == []
    account.configure(dropped_after=1.0)
    with pytest.raises(httpx.RemoteProtocolError):
        aurora_charge(account, "e")
    account.configure()
    assert account.taken_yen() == {"e": 3200}


def test_a_slow_request_is_carried_out_after_its_client_has_gone():
    waits = []
    provider = Aurora(sleep=waits.append)
    account = in_process(provider).open_account(slow=1.0, slow_s=0.7)
    aurora_charge(account)
    assert waits == [0.7] and account.taken_yen() == {"order-7": 3200}


def test_a_rate_limit_refuses_and_says_for_how_long(aurora):
    account = aurora.open_account(rate_per_s=0.001, burst=2)
    statuses = [aurora_charge(account, f"order-{n}").status_code for n in range(3)]
    assert statuses == [201, 201, 429]
    assert len(account.books()) == 2 and account.requests() == 3


def test_the_same_requests_meet_the_same_faults(aurora):
    def statuses():
        account = aurora.open_account(error=0.5, seed=3)
        return [aurora_charge(account, f"order-{n}").status_code for n in range(12)]

    first = statuses()
    assert first == statuses() and set(first) == {201, 500}


def test_accounts_stand_side_by_side_and_go_with_their_books(aurora):
    one, other = aurora.open_account(), aurora.open_account()
    aurora_charge(one)
    assert (len(one.books()), len(other.books())) == (1, 0)
    one.drop()
    assert aurora_charge(one).status_code == 401
    with pytest.raises(ValueError, match="no account"):
        one.books()
    assert aurora_charge(other).status_code == 201


@pytest.mark.parametrize(
    "settings",
    [{"eror": 0.5}, {"error": 0.7, "slow": 0.7}, {"error": -1}, {"slow_s": -1}],
)
def test_a_setting_that_means_nothing_is_refused(aurora, settings):
    account = aurora.open_account(error=1.0)
    with pytest.raises(ValueError, match="422"):
        account.configure(**settings)
    assert aurora_charge(account).status_code == 500  # it goes on as before


def test_several_sites_run_at_once_and_nothing_is_left():
    with aurora_pay() as one, aurora_pay() as other:
        assert one.http.base_url != other.http.base_url
        url = str(one.http.base_url)
    with pytest.raises(httpx.ConnectError), loopback_client(url) as http:
        http.get("/v1/charges")


def test_in_process_and_on_a_port_it_is_the_same_provider():
    provider = Tanchou()
    account = in_process(provider).open_account()
    body = {"minorUnits": 3200, "clientReference": "order-7", "cardToken": "0001"}
    answer = account.client().post("/api/payments", json=body)
    assert answer.json() == {"paymentId": "TP000001", "state": "PENDING"}
    account.configure(dropped_after=1.0)
    with pytest.raises(ConnectionError):
        account.client().post("/api/payments", json=body)
    assert len(account.books()) == 2


def test_the_books_wait_for_requests_under_way(aurora):
    account = aurora.open_account(slow=1.0, slow_s=0.5)
    with account.client(timeout=0.05) as http, pytest.raises(httpx.ReadTimeout):
        body = {"amount": "3200.00", "source": "0001"}
        http.post("/v1/charges", json=body, headers={"Idempotency-Key": "order-7"})
    assert account.taken_yen() == {"order-7": 3200}
