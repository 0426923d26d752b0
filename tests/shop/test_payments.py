"""`Payments` in front of both providers: nothing lost, nobody charged twice."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor

import boto3
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud import clock, create_table, local_cloud
from workbook.explore import explore
from workbook.patterns.backend import (
    Bulkhead,
    CircuitBreaker,
    NotAsked,
    RateLimit,
    Retry,
    RetryBudget,
    TokenBucket,
    compose,
)
from workbook.providers import Aurora, Tanchou, aurora_pay, in_process, tanchou_pay
from workbook.shop.payments import (
    AuroraPay,
    Busy,
    Intents,
    NotCharged,
    Payment,
    Payments,
    Receipt,
    TanchouPay,
    Unknown,
    guarded,
)

EVENT = {"order_id": "order-7", "amount_yen": 3200, "card": "0001"}
PAYMENT = Payment(**EVENT)


class World:
    """Both providers in this process, an account at each, and the shop's adapters."""

    def __init__(self):
        self.apps = [Aurora(sleep=lambda _: None), Tanchou(sleep=lambda _: None)]
        self.accounts = [in_process(app).open_account() for app in self.apps]
        self.aurora, self.tanchou = (
            adapter(account.client())
            for adapter, account in zip(
                (AuroraPay, TanchouPay), self.accounts, strict=True
            )
        )

    def times_charged(self):
        books = itertools.chain(*(account.books() for account in self.accounts))
        return sum(charge.taken for charge in books)

    def never_twice_nor_lost(self, run):
        """The order is paid once, or a person hears of it."""
        times = self.times_charged()
        heard_of = times == 0 and run.dead_letters
        return True if times == 1 or heard_of else f"charged {times} times"

    def each_order_is_paid_once(self, run):
        """The order is paid once, and comes to an end."""
        if run.dead_letters:
            return "the order ends in the dead-letter queue"
        times = self.times_charged()
        return f"charged {times} times" if times != 1 else True


@pytest.fixture
def world():
    with local_cloud():
        create_table("intents", "id")
        yield World()


def intents(**options):
    return Intents(boto3.resource("dynamodb").Table("intents"), **options)


def services(world):
    return Payments(intents(), [world.aurora, world.tanchou])


# --- one payment ----------------------------------------------------------------------


def test_a_payment_is_taken_once_however_often_it_is_asked_for(world):
    payments = services(world)
    receipt = payments.charge(PAYMENT)
    assert receipt == Receipt("captured", "aurora-pay", "ch_000001")
    assert payments.charge(PAYMENT) == receipt == payments.settle("order-7")
    assert world.times_charged() == 1


def test_a_declined_card_is_not_tried_elsewhere(world):
    declined = Payment("order-7", 3200, "0002")
    payments = services(world)
    assert payments.charge(declined).outcome == "declined"
    assert payments.charge(declined).outcome == "declined"
    assert world.accounts[1].books() == []


def test_a_provider_that_is_down_is_passed_over(world):
    world.accounts[0].configure(down=True)
    payments = services(world)
    assert payments.charge(PAYMENT) == Receipt("pending", "tanchou-pay", "TP000001")
    with pytest.raises(Busy):  # nobody else begins while it is pending
        payments.charge(PAYMENT)
    world.accounts[0].configure()
    assert payments.settle("order-7").outcome == "captured"  # the callback's way
    assert payments.charge(PAYMENT).provider == "tanchou-pay"
    assert world.times_charged() == 1


def test_a_lost_callback_is_made_good_by_the_next_delivery(world):
    world.accounts[0].configure(down=True)
    services(world).charge(PAYMENT)
    world.accounts[0].configure()
    clock.advance(30)
    assert services(world).charge(PAYMENT).provider == "tanchou-pay"
    assert world.times_charged() == 1


def test_after_a_silence_nobody_else_is_asked(world):
    world.accounts[0].configure(dropped_after=1.0)
    with pytest.raises(Unknown):
        services(world).charge(PAYMENT)
    assert world.times_charged() == 1 and world.accounts[1].books() == []
    world.accounts[0].configure()
    clock.advance(30)
    assert services(world).charge(PAYMENT).reference == "ch_000001"
    assert world.times_charged() == 1


def test_when_nobody_would_the_payment_is_put_down_again(world):
    for account in world.accounts:
        account.configure(down=True)
    payments = services(world)
    for _ in range(2):  # at once, without waiting for a lease to run out
        with pytest.raises(NotCharged):
            payments.charge(PAYMENT)
    for account in world.accounts:
        account.configure()
    assert payments.charge(PAYMENT).outcome == "captured"
    assert world.times_charged() == 1


def test_nothing_to_settle_is_no_receipt(world):
    assert services(world).settle("order-8") is None


@pytest.mark.parametrize(
    ("status", "error"), [(429, NotCharged), (503, NotCharged), (500, Unknown)]
)
@pytest.mark.parametrize("adapter", [AuroraPay, TanchouPay])
def test_a_status_says_what_is_sure(adapter, status, error):
    def answer(request):
        return httpx.Response(status, headers={"Retry-After": "3"}, json={})

    transport = httpx.MockTransport(answer)
    provider = adapter(httpx.Client(transport=transport, base_url="http://provider"))
    with pytest.raises(error) as raised:
        provider.charge(PAYMENT)
    if status == 429:
        assert raised.value.retry_after_s == 3


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (httpx.ConnectError, NotCharged),
        (httpx.ConnectTimeout, NotCharged),
        (httpx.ReadTimeout, Unknown),
        (httpx.WriteError, Unknown),
        (httpx.RemoteProtocolError, Unknown),
    ],
)
def test_a_silence_says_nothing(error, ours):
    def answer(request):
        raise error("x")

    transport = httpx.MockTransport(answer)
    provider = AuroraPay(httpx.Client(transport=transport, base_url="http://provider"))
    with pytest.raises(ours):
        provider.charge(PAYMENT)


# --- every schedule -------------------------------------------------------------------


def test_failover_after_a_lost_response_charges_twice(world):
    def naive(event, context):
        try:
            return world.aurora.charge(Payment(**event)).outcome
        except (NotCharged, Unknown):
            return world.tanchou.charge(Payment(**event)).outcome

    result = explore(
        naive,
        EVENT,
        invariant=world.each_order_is_paid_once,
        outside=world.apps,
        deliveries=1,
        faults=("response_lost",),
        progress=False,
    )
    assert "charged 2 times" in result.counterexample.broken
    assert result.counterexample.faults[0].startswith("response lost: POST /v1/charges")


BOUNDS = [
    # One delivery, and any two responses, requests or a refusal lost on its way.
    {
        "deliveries": 1,
        "crashes": 0,
        "losses": 2,
        "faults": ("response_lost", "request_lost", "throttle"),
    },
    {"deliveries": 1, "crashes": 1, "losses": 1},
    {"deliveries": 2, "crashes": 0, "losses": 1, "preemptions": 1},
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=["losses", "crash", "two at once"])
def test_the_intent_survives_every_schedule(world, bounds):
    result = explored(world, world.each_order_is_paid_once, bounds)
    assert result.holds, result.counterexample.text
    assert result.schedules > 40


@pytest.mark.parametrize("bounds", BOUNDS, ids=["losses", "crash", "two at once"])
def test_with_the_first_provider_down_for_good_nobody_pays_twice(world, bounds):
    """What was perhaps sent to it waits, and in the end a person has to look."""
    world.accounts[0].configure(down=True)
    result = explored(world, world.never_twice_nor_lost, bounds)
    assert result.holds, result.counterexample.text
    assert result.schedules > 40


def explored(world, invariant, bounds):
    """`Payments` as a handler, under every schedule within the bounds."""
    held = {}

    def setup():
        create_table("intents", "id")
        held["payments"] = services(world)

    def handler(event, context):
        receipt = held["payments"].charge(Payment(**event))
        if receipt.outcome == "pending":
            raise RuntimeError("not decided yet: deliver it again")
        return receipt.outcome

    return explore(
        handler,
        EVENT,
        setup=setup,
        invariant=invariant,
        outside=world.apps,
        budget=20_000,
        progress=False,
        **bounds,
    )


# --- many payments --------------------------------------------------------------------

PIECES = {
    "retry": lambda on: Retry(on=on, attempts=2, sleep=lambda _: None),
    "budget": lambda on: Retry(
        on=on, budget=RetryBudget(0.1, most=1), sleep=lambda _: None
    ),
    "breaker": lambda on: CircuitBreaker(threshold=2, open_s=5, clock=clock.seconds),
    "bulkhead": lambda on: Bulkhead(1),
    "limit": lambda on: RateLimit(TokenBucket(0.5, 2, clock=clock.seconds)),
}
SHARES = st.floats(0, 0.2)


@settings(deadline=None, max_examples=40)
@given(
    pieces=st.lists(st.lists(st.sampled_from(sorted(PIECES)), max_size=3, unique=True),
                    min_size=2, max_size=2),
    faults=st.fixed_dictionaries(
        dict.fromkeys(
            ("error", "throttled", "dropped_before", "dropped_after", "slow"), SHARES
        )
    ),
    seed=st.integers(0, 2**16),
)  # fmt: skip
def test_no_composition_of_pieces_loses_or_repeats_a_charge(pieces, faults, seed):
    with local_cloud():
        create_table("intents", "id")
        world = World()
        charges = []
        for provider, account, names in zip(
            (world.aurora, world.tanchou), world.accounts, pieces, strict=True
        ):
            account.configure(seed=seed, **faults)
            safe = (Unknown, NotCharged) if provider.repeatable else (NotCharged,)
            made = [PIECES[name](safe) for name in names]
            charges.append(compose(provider.charge, *made))
        payments = Payments(intents(), [world.aurora, world.tanchou], charges)
        receipts = pay_all(payments, [f"order-{n}" for n in range(8)], world.accounts)
    assert {receipt.outcome for receipt in receipts.values()} == {"captured"}
    assert world.times_charged() == 8


def pay_all(payments, order_ids, accounts, rounds=12):
    """Deliver each order until it has an end, half a minute apart; receipts by id."""
    ended = {}
    for round_ in range(rounds):
        if round_ == rounds - 2:  # by then the faults are over
            for account in accounts:
                account.configure()
        for order_id in order_ids:
            if order_id not in ended:
                try:
                    receipt = payments.charge(Payment(order_id, 3200, "0001"))
                except (NotCharged, NotAsked, Unknown):
                    continue
                if receipt.outcome != "pending":
                    ended[order_id] = receipt
        clock.advance(30)
    return ended


def test_ten_thousand_payments_through_faulty_providers():
    """30% of the requests go wrong, on real servers; in the end the books agree."""
    faults = {"slow": 0.02, "error": 0.07, "throttled": 0.07, "retry_after_s": 0.01}
    faults |= {"slow_s": 0.3, "dropped_before": 0.07, "dropped_after": 0.07}
    cards = random.Random(7).choices(["0001", "0002"], [97, 3], k=10_000)
    orders = [Payment(f"order-{n}", 3200, card) for n, card in enumerate(cards)]
    with (
        aurora_pay() as aurora,
        tanchou_pay() as tanchou,
    ):
        accounts = [site.open_account(seed=1, **faults) for site in (aurora, tanchou)]
        one, other = (account.client(timeout=0.25) for account in accounts)
        providers = [AuroraPay(one), TanchouPay(other)]
        retry = {"base_s": 0.005, "budget": None}
        charges = [
            guarded(p, retry=retry, breaker=CircuitBreaker(open_s=0.1))
            for p in providers
        ]
        payments = Payments(MemoryIntents(), providers, charges)
        receipts = deliver(payments, orders)
        books = [charge for account in accounts for charge in account.books()]
        asked = sum(account.requests() for account in accounts)
    taken = [charge.key for charge in books if charge.taken]
    assert len(taken) == len(set(taken))  # nobody is charged twice
    captured = {o for o, receipt in receipts.items() if receipt.outcome == "captured"}
    assert captured == set(taken)
    assert len(receipts) == 10_000  # and nothing is lost
    assert {o.order_id for o in orders if o.card == "0001"} == captured
    assert asked > 12_000  # the faults really struck
    assert {charge.id[:2] for charge in books} == {"ch", "TP"}  # both were needed


def deliver(payments, orders, at_once=8):
    """Each order again and again, all of them in each round, until each has an end."""
    ended = {}

    def one(order):
        try:
            receipt = payments.charge(order)
        except (NotCharged, NotAsked, Unknown):
            return
        if receipt.outcome != "pending":
            ended[order.order_id] = receipt

    with ThreadPoolExecutor(at_once) as threads:
        while left := [order for order in orders if order.order_id not in ended]:
            list(threads.map(one, left))
            payments.intents.next_round()
    return ended


class MemoryIntents:
    """Intents in a dict: what a table would do, without 30,000 calls to a mock."""

    def __init__(self):
        self.items = {}

    def next_round(self):
        for item in self.items.values():
            item["leased"] = False

    def open(self, order_id, first):
        item = self.items.setdefault(order_id, {})
        if item.get("leased") and "outcome" not in item:
            raise Busy(order_id)
        before = {name: item[name] for name in item if name != "leased"}
        self.items[order_id] = {"is_with": first} | item | {"leased": True}
        return before

    def move(self, order_id, provider):
        self.items[order_id]["is_with"] = provider

    def release(self, order_id):
        self.items[order_id] = {"leased": False}

    def settle(self, order_id, receipt):
        said = {"outcome": receipt.outcome, "provider": receipt.provider}
        self.items[order_id] |= said | {"receipt": receipt.reference}
