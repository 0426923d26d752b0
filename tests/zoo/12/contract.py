"""Answers to 12.3-contract."""

from tests.zoo import right, wrong
from workbook.checks.lab12 import DECLINED_CARD, Payment


def outcome(provider, order_id):
    for _ in range(5):
        found = provider.find(order_id)
        if found is None or found.outcome != "pending":
            return found and found.outcome
    return "pending"


def all_of_it(provider, account, but=""):
    if but != "unknown":
        assert provider.find("a") is None, "knows too much"
    provider.charge(Payment("a", 3200, "0001"))
    assert account.taken_yen().get("a"), "nothing taken for a"
    if but != "amount":
        assert account.taken_yen().get("a") == 3200, "books of a"
    if but != "find":
        assert outcome(provider, "a") == "captured", "finds a"
    provider.charge(Payment("b", 3200, "0001"))
    if but != "equal":
        assert account.taken_yen().get("b"), "books of b"
    provider.charge(Payment("c", 900, DECLINED_CARD))
    if but != "declined money":
        assert "c" not in account.taken_yen(), "money of c"
    if but not in ("declined", "find"):
        assert outcome(provider, "c") == "declined", "finds c"
    if provider.repeatable and but != "repeat":
        provider.charge(Payment("a", 3200, "0001"))
        assert account.taken_yen().get("a") != 6400, "a charged twice"


@wrong("has not asked it anything")
def asserts_nothing(provider, account):
    assert provider.name


@wrong("It accepts a provider that says captured, and takes nothing.")
def believes_the_receipt(provider, account):
    receipt = provider.charge(Payment("a", 3200, "0001"))
    assert receipt.outcome in ("captured", "pending")


@wrong("takes a hundred times the amount")
def does_not_look_at_the_amount(provider, account):
    all_of_it(provider, account, but="amount")


@wrong("does not find the payment again.")
def never_finds(provider, account):
    all_of_it(provider, account, but="find")


@wrong("finds a payment that nobody made")
def asks_for_nobody(provider, account):
    all_of_it(provider, account, but="unknown")


@wrong("says declined, and takes the money")
def no_money_of_the_declined(provider, account):
    all_of_it(provider, account, but="declined money")


@wrong("finds a declined payment as captured")
def no_word_of_the_declined(provider, account):
    all_of_it(provider, account, but="declined")


@wrong("charges a repeated order twice")
def never_repeats(provider, account):
    all_of_it(provider, account, but="repeat")


@wrong("takes a second order of the same amount for the first one")
def one_order_of_an_amount(provider, account):
    all_of_it(provider, account, but="equal")


@wrong("It rejects tanchou-pay")
def repeats_at_everybody(provider, account):
    all_of_it(provider, account)
    provider.charge(Payment("a", 3200, "0001"))
    assert account.taken_yen().get("a") == 3200, "a charged twice"


@wrong("It rejects a provider that decides late")
def knows_no_pending(provider, account):
    provider.charge(Payment("a", 3200, "0001"))
    assert provider.find("a").outcome == "captured", "a is pending"


@wrong("It rejects aurora-pay")
def wants_the_receipt_of_an_order(provider, account):
    receipt = provider.charge(Payment("a", 3200, "0001"))
    assert receipt.reference == "a", "the reference is not the order's"


@wrong("has no attribute 'pay'", status="your code raised")
def a_name_that_is_not_there(provider, account):
    provider.pay(Payment("a", 3200, "0001"))


def in_short(provider, account, sound, outcomes=("captured", "declined")):
    """The contract by the books at the end: `sound` judges them."""
    captured, declined = outcomes
    assert provider.find("a") is None, "knows too much"
    for order_id in ("a", "b"):
        provider.charge(Payment(order_id, 3200, "0001"))
        found = outcome(provider, order_id)
        assert found and found in captured, "finds it otherwise"
    provider.charge(Payment("c", 3200, DECLINED_CARD))
    found = outcome(provider, "c")
    assert found and found in declined, "finds c otherwise"
    if provider.repeatable:
        provider.charge(Payment("a", 3200, "0001"))
    assert sound(account.taken_yen()), "the books say otherwise"


@wrong("takes the money of all orders from the first one")
def adds_the_books_up(provider, account):
    in_short(provider, account, lambda books: sum(books.values()) == 6400)


@wrong("says captured, and takes nothing, and is not `repeatable`")
def reads_the_books_of_the_repeatable(provider, account):
    def sound(books):
        return not provider.repeatable or books == {"a": 3200, "b": 3200}

    in_short(provider, account, sound)


@wrong("takes the money, and finds the payment as declined")
def any_word_will_do_for_the_captured(provider, account):
    words = (("captured", "declined"), "declined")
    in_short(provider, account, lambda books: books == {"a": 3200, "b": 3200}, words)


@wrong("takes the money, and leaves the payment pending for ever")
def pending_is_as_good(provider, account):
    words = (("captured", "pending"), "declined")
    in_short(provider, account, lambda books: books == {"a": 3200, "b": 3200}, words)


@wrong("leaves a declined payment pending for ever")
def anything_but_captured(provider, account):
    words = ("captured", ("declined", "pending"))
    in_short(provider, account, lambda books: books == {"a": 3200, "b": 3200}, words)


@wrong("and raises AttributeError")
def uses_what_may_be_none(provider, account):
    assert provider.find("a") is None
    provider.charge(Payment("a", 3200, "0001"))
    while provider.find("a").outcome == "pending":
        pass
    assert account.taken_yen() == {"a": 3200}


@right
def sentence_by_sentence(provider, account):
    all_of_it(provider, account)


@right
def in_a_table(provider, account):
    orders = {"x": (1, "0001"), "y": (1, "0001"), "z": (7, DECLINED_CARD)}
    if any(provider.find(order_id) for order_id in orders):
        raise AssertionError("knows too much")
    for order_id, (yen, card) in orders.items():
        for _ in range(2 if provider.repeatable else 1):
            provider.charge(Payment(order_id, yen, card))
    found = [outcome(provider, order_id) for order_id in orders]
    if found != ["captured", "captured", "declined"]:
        raise AssertionError(found)
    if account.taken_yen() != {"x": 1, "y": 1}:
        raise AssertionError(account.taken_yen())
