"""Answers to 05.1-pure-handler."""

import functools
import itertools
import os
import random
import time
import uuid
from collections import ChainMap, deque
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import boto3
import numpy as np

from tests.zoo import right, wrong
from workbook.checks.lab05 import JST, stock

sold_before = []
sales = {}
calls = itertools.count()
shared = {}
latest = deque()
lucky = np.random.default_rng(1)


def early(event):
    return datetime.fromtimestamp(event["at"], JST).hour < 12


def price_of(event):
    price_yen = 3800 if event["seats_free"] > 10 else 4800
    return price_yen // 2 if early(event) else price_yen


def sale(event, **other):
    return {
        "ticket": f"tour-{event['number']:04}",
        "price_yen": price_of(event),
        "seats_free": event["seats_free"] - 1,
        **other,
    }


@wrong("it depends on the clock, on chance and on `stock`")
def as_it_was(event):
    seats_free = stock["seats_free"]
    price_yen = 3800 if seats_free > 10 else 4800
    if datetime.now(JST).hour < 12:
        price_yen //= 2
    ticket = f"tour-{random.randrange(10_000):04}"
    return {"ticket": ticket, "price_yen": price_yen, "seats_free": seats_free - 1}


@wrong("It changes `latest`, which is not its own")
def keeps_a_queue_of_sales(event):
    latest.append(event["number"])
    return sale(event)


class _Counts:
    def __init__(self):
        self.sold = 0

    def __call__(self, event):
        self.sold += 1
        return sale(event)


counter = _Counts()
counter.__name__ = "counts_in_itself"
wrong("It changes `self.sold`, which is not its own")(counter)


@wrong("It changes `stock`")
def still_writes_the_table(event):
    stock["seats_free"] = event["seats_free"] - 1
    return sale(event)


@wrong("It changes `stock`", same_as="still_writes_the_table")
def writes_the_table_in_secret(event):
    globals()["stock"].update(seats_free=event["seats_free"] - 1)
    return sale(event)


@wrong("it depends on the clock.")
def asks_the_clock(event):
    price_yen = 3800 if event["seats_free"] > 10 else 4800
    if datetime.now(JST).hour < 12:
        price_yen //= 2
    return sale(event, price_yen=price_yen)


@wrong("it depends on the clock.", same_as="asks_the_clock")
def adds_when_it_ran(event):
    return sale(event, sold_at=time.time())


@wrong("it depends on the clock.", same_as="asks_the_clock")
def takes_the_day_of_today(event):
    hour = datetime.fromtimestamp(event["at"], JST).hour
    today = datetime.now(JST).replace(hour=hour)
    return sale(event, day=today.date())


@wrong("it depends on chance")
def draws_the_number(event):
    return sale({**event, "number": random.randrange(10_000)})


@wrong("it depends on chance", same_as="draws_the_number")
def draws_with_numpy(event):
    return sale({**event, "number": int(np.random.randint(10_000))})


@wrong("it depends on `stock`")
def looks_into_the_table(event):
    return sale({**event, "seats_free": stock["seats_free"]})


@wrong("it depends on the machine's time zone")
def at_home_in_japan(event):
    is_early = datetime.fromtimestamp(event["at"]).hour < 12
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if is_early else full)


@wrong("it depends on the machine's time zone", same_as="at_home_in_japan")
def asks_time_for_the_local_hour(event):
    is_early = time.localtime(event["at"]).tm_hour < 12
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if is_early else full)


@wrong("it depends on the machine's time zone", same_as="at_home_in_japan")
def says_where_it_runs(event):
    return sale(event, zone=os.environ["TZ"])


@wrong("Called twice in a row")
def numbers_tickets_itself(event):
    return sale({**event, "number": next(calls)})


@wrong("Called twice in a row", same_as="numbers_tickets_itself")
def draws_from_a_generator_of_its_own(event):
    return sale({**event, "number": int(lucky.integers(10_000))})


@wrong("Called twice in a row", same_as="numbers_tickets_itself")
def adds_a_uuid(event):
    return sale(event, id=str(uuid.uuid4()))


@wrong("It changes the event that it was given")
def writes_into_the_event(event):
    event.update(sale(event))
    return event


@wrong("It changes the event that it was given", same_as="writes_into_the_event")
def takes_the_event_apart(event):
    number, at = event.pop("number"), event.pop("at")
    return sale({**event, "number": number, "at": at})


@wrong("It changes `sold_before`")
def keeps_a_list(event):
    sold_before.append(event["order_id"])
    return sale(event)


@wrong("It changes `sales`")
def remembers_by_the_order(event):
    if event["order_id"] not in sales:
        sales[event["order_id"]] = sale(event)
    return sales[event["order_id"]]


@wrong("It changes the default 0 of counts_in_a_default")
def counts_in_a_default(event, seen=[]):  # noqa: B006
    seen.append(1)
    return sale(event)


@wrong("It changes `counts_on_itself.calls`")
def counts_on_itself(event):
    counts_on_itself.calls = getattr(counts_on_itself, "calls", 0) + 1
    return sale(event)


class Till:
    sold = 0


@wrong("It changes `Till.sold`")
def counts_in_a_class(event):
    Till.sold += 1
    return sale(event)


@wrong("It draws, or sets the seed")
def sets_the_seed(event):
    random.seed(event["number"])
    return sale(event)


@wrong("It draws, or sets the seed", same_as="sets_the_seed")
def draws_and_throws_away(event):
    np.random.random()
    return sale(event)


@wrong("It sets the machine's environment variable `TZ`")
def moves_the_machine_to_japan(event):
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    is_early = datetime.fromtimestamp(event["at"]).hour < 12
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if is_early else full)


@wrong("It changes `shared`")
def gives_the_same_dict_each_time(event):
    shared.update(sale(event))
    return shared


class Seller:
    def __init__(self):
        self.last = {}

    def sell(self, event):
        self.last.update(sale(event))
        return self.last


@wrong("A sale that it gave before changes")
def gives_its_only_dict(event, _seller=Seller()):  # noqa: B008
    return _seller.sell(event)


@wrong("It calls AWS: PutItem of DynamoDB")
def writes_to_dynamodb(event):
    table = boto3.resource("dynamodb").Table("stock")
    table.put_item(Item={"id": "tour", "seats_free": event["seats_free"] - 1})
    return sale(event)


@wrong("It calls AWS: PutItem of DynamoDB", same_as="writes_to_dynamodb")
def tries_to_write_to_dynamodb(event):
    try:
        writes_to_dynamodb(event)
    except Exception:
        return sale(event)


@wrong("`price_yen` is 3800, and should be 1900")
def forgets_the_early_birds(event):
    return sale(event, price_yen=3800 if event["seats_free"] > 10 else 4800)


@wrong("`price_yen` is 1900, and should be 3800")
def noon_in_london(event):
    is_early = datetime.fromtimestamp(event["at"], UTC).hour < 12
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if is_early else full)


@wrong("`price_yen` is 2400, and should be 1900")
def eleven_is_one_of_the_last_ten(event):
    full = 3800 if event["seats_free"] > 11 else 4800
    return sale(event, price_yen=full // 2 if early(event) else full)


@wrong("`price_yen` is 2400, and should be 4800")
def noon_is_early(event):
    day = datetime.fromtimestamp(event["at"], JST)
    noon = day.replace(hour=12, minute=0, second=0, microsecond=0)
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if day <= noon else full)


@wrong("`ticket` is 'tour-42', and should be 'tour-0042'")
def a_number_without_noughts(event):
    return sale(event, ticket=f"tour-{event['number']}")


@wrong("`seats_free` is 40, and should be 39")
def takes_no_seat(event):
    return sale(event, seats_free=event["seats_free"])


@wrong("The sale has no `seats_free`")
def as_before_without_the_seats(event):
    return {"ticket": f"tour-{event['number']:04}", "price_yen": price_of(event)}


@wrong("The sale's `price_yen` is a str, not a number")
def a_price_to_read(event):
    return sale(event, price_yen=f"{price_of(event):,} yen")


@wrong("It answers a tuple, not a dict")
def a_tuple(event):
    return tuple(sale(event).values())


@wrong("It answers a coroutine, not a dict")
async def asynchronous_and_functional(event):
    return sale(event)


@wrong("It answers nothing, not a dict")
def prints_it(event):
    print(sale(event))


@wrong("cannot be called as the exercise asks")
def wants_the_time_too(event, now):
    return sale({**event, "at": now})


@wrong("KeyError", status="your code raised")
def reads_another_name(event):
    return sale({**event, "at": event["time"]})


@right
def by_a_sum_of_hours(event):
    hour = (int(event["at"]) // 3600 + 9) % 24
    full = (4800, 3800)[event["seats_free"] > 10]
    return dict(
        ticket="tour-" + str(event["number"]).zfill(4),
        price_yen=full / 2 if hour < 12 else full,
        seats_free=event["seats_free"] - 1,
    )


@right
def nine_hours_after_london(event):
    there = datetime.fromtimestamp(event["at"], UTC) + timedelta(hours=9)
    full = 3800 if event["seats_free"] > 10 else 4800
    return MappingProxyType(sale(event, price_yen=full >> (there.hour < 12)))


@right
def the_zone_by_its_name(event):
    moment = datetime.fromtimestamp(event["at"], ZoneInfo("Asia/Tokyo"))
    full = 3800 if event["seats_free"] > 10 else 4800
    return sale(event, price_yen=full // 2 if moment.hour < 12 else full, at=moment)


@right
def numbers_of_numpy(event):
    full = np.where(np.int64(event["seats_free"]) > 10, 3800, 4800)[()]
    price_yen = full // 2 if early(event) else full
    return ChainMap({"price_yen": price_yen}, sale(event))


@right
def numbers_as_dynamodb_has_them(event):
    return sale(event, price_yen=Decimal(price_of(event)))


@functools.cache
def cached(at, number, seats_free):
    return tuple(sale({"at": at, "number": number, "seats_free": seats_free}).items())


@right
def with_a_full_key_in_a_cache(event):
    return dict(cached(event["at"], event["number"], event["seats_free"]))


@right
def draws_from_the_number(event):
    luck = random.Random(event["number"])
    return sale(event, lucky=luck.random() < 0.1)


@right
def keeps_what_came_in(event):
    return {**event, **sale(event)}


@right
class Sale(dict):
    def __init__(self, event):
        super().__init__(sale(event))


@right
def changes_a_copy(event):
    event = dict(event)
    event["ticket"] = f"tour-{event.pop('number'):04}"
    event["price_yen"] = price_of(event)
    event["seats_free"] -= 1
    return event
