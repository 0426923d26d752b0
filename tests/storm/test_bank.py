"""The bank: a key is honoured if sent, a refund happens once, silence says nothing."""

import httpx
import pytest

from workbook.providers import in_process
from workbook.shop.payments import NotCharged
from workbook.storm.bank import Bank, FestivalBank, kept_yen


@pytest.fixture
def account():
    return in_process(FestivalBank()).open_account()


@pytest.fixture
def bank(account):
    return Bank(account.client())


def test_without_a_key_twice_is_twice(bank, account):
    first, second = (bank.charge("order-1", 4800, "0001") for _ in range(2))
    assert first.reference != second.reference
    assert kept_yen(account.books()) == {"order-1": [4800, 4800]}


def test_the_same_key_gets_the_first_answer_again(bank, account):
    first, second = (bank.charge("o", 4800, "0001", key="k") for _ in range(2))
    assert first == second
    assert kept_yen(account.books()) == {"o": [4800]}


def test_a_key_of_another_order_is_refused(bank):
    bank.charge("order-1", 4800, "0001", key="k")
    with pytest.raises(httpx.HTTPStatusError):
        bank.charge("order-2", 4800, "0001", key="k")


def test_a_bad_card_is_declined_and_nothing_taken(bank, account):
    assert bank.charge("order-1", 4800, "0002").outcome == "declined"
    assert kept_yen(account.books()) == {}


def test_a_refund_happens_once(bank, account):
    receipt = bank.charge("order-1", 4800, "0001")
    for _ in range(2):
        bank.refund(receipt)
    assert kept_yen(account.books()) == {}
    assert len(account.books()) == 2


def test_what_was_never_taken_is_not_given_back(bank):
    declined = bank.charge("order-1", 4800, "0002")
    with pytest.raises(httpx.HTTPStatusError):
        bank.refund(declined)


def test_it_tells_what_it_took_for_an_order(bank):
    receipt = bank.charge("order-1", 4800, "0001", key="k")
    assert bank.charges("order-1") == [receipt]
    assert bank.charges("order-2") == []


def test_while_it_is_down_surely_nothing_is_charged(bank, account):
    account.configure(down=True)
    with pytest.raises(NotCharged):
        bank.charge("order-1", 4800, "0001")
    assert account.books() == []
