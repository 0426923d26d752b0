"""Answers to 14.1-seat."""

import contextlib
import time

from botocore.exceptions import ClientError

from tests.zoo import right, wrong
from workbook.shop.selling import TAKE, TOUR, move
from workbook.storm import PRICE_YEN, SOLD_OUT, TICKET
from workbook.storm.designs import RESERVED, note


def take(order_id, shop):
    return move(shop.office, order_id, "", RESERVED, seats=-1)


def pass_on(order, shop, status):
    if status == RESERVED:
        shop.send("payments", order)
    else:
        shop.tell(order["order_id"], status)


def found(order_id, shop):
    key = {"order_id": order_id}
    return shop.orders.get_item(Key=key, ConsistentRead=True).get("Item")


# --- wrong, one after the other -------------------------------------------------------


@wrong("it sends nothing to anybody")
def only_reserves(order, shop):
    if take(order["order_id"], shop) == SOLD_OUT:
        shop.tell(order["order_id"], note(shop, order["order_id"], SOLD_OUT))


@wrong("What it sends on is not the order")
def sends_the_id_alone(order, shop):
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        status = note(shop, order["order_id"], SOLD_OUT)
    pass_on({"order_id": order["order_id"]}, shop, status)


@wrong("and the table says 2")
def takes_no_seat(order, shop):
    pass_on(order, shop, note(shop, order["order_id"], RESERVED))


@wrong("No seat is left, and it sends to “payments”")
def takes_whatever_the_refusal_says(order, shop):
    with contextlib.suppress(ClientError):
        shop.seats.update_item(**TAKE)
    shop.send("payments", order)


@wrong("after the last seat had gone")
def believes_its_memory(order, shop):
    if shop.memory.get("until_s", 0) > time.time():
        shop.tell(order["order_id"], SOLD_OUT)
        return
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        shop.memory["until_s"] = time.time() + 5
        status = note(shop, order["order_id"], SOLD_OUT)
    pass_on(order, shop, status)


@wrong("its duplicate got the seat")
def writes_no_refusal_down(order, shop):
    pass_on(order, shop, take(order["order_id"], shop))


@wrong("an hour later it is still not sold")
def believes_for_ever(order, shop):
    status = SOLD_OUT
    if "sold out" not in shop.memory:
        status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        shop.memory["sold out"] = True
        status = note(shop, order["order_id"], SOLD_OUT)
    pass_on(order, shop, status)


@wrong("was taken for done")
def goes_on_whatever_happens(order, shop):
    try:
        status = take(order["order_id"], shop)
        if status == SOLD_OUT:
            status = note(shop, order["order_id"], SOLD_OUT)
        pass_on(order, shop, status)
    except KeyError:
        print("what an odd order")


# --- wrong in some schedule -----------------------------------------------------------


@wrong("both were sent on to pay")
def looks_and_then_takes(order, shop):
    order_id = order["order_id"]
    if known := found(order_id, shop):
        pass_on(order, shop, known["status"])
        return
    tour = shop.seats.get_item(Key=TOUR, ConsistentRead=True)["Item"]
    if tour["seats_left"] < 1:
        pass_on(order, shop, note(shop, order_id, SOLD_OUT))
        return
    shop.seats.put_item(Item={**tour, "seats_left": tour["seats_left"] - 1})
    pass_on(order, shop, note(shop, order_id, RESERVED))


@wrong("nobody ever heard of it again")
def goes_home_when_it_knows_the_order(order, shop):
    if found(order["order_id"], shop):
        return
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        status = note(shop, order["order_id"], SOLD_OUT)
    pass_on(order, shop, status)


@wrong("was sent on to pay, and told that it is sold out")
def takes_the_seat_apart_from_the_order(order, shop):
    order_id = order["order_id"]
    if known := found(order_id, shop):
        pass_on(order, shop, known["status"])
        return
    try:
        shop.seats.update_item(**TAKE)
    except shop.seats.meta.client.exceptions.ConditionalCheckFailedException:
        shop.orders.put_item(Item={"order_id": order_id, "status": SOLD_OUT})
        shop.tell(order_id, SOLD_OUT)
        return
    shop.orders.put_item(Item={"order_id": order_id, "status": RESERVED})
    shop.send("payments", order)


@wrong("it tells “sold out”")
def believes_from_the_first_order_on(order, shop):
    if shop.memory.get("until_s", 0) > time.time():
        pass_on(order, shop, note(shop, order["order_id"], SOLD_OUT))
        return
    shop.memory["until_s"] = time.time() + 5
    pass_on(order, shop, take(order["order_id"], shop))


@wrong("its status is “RESERVED”")
def has_a_word_of_its_own(order, shop):
    status = move(shop.office, order["order_id"], "", "RESERVED", seats=-1)
    pass_on(order, shop, RESERVED if status == "RESERVED" else status)


@wrong("It has charged the buyer already")
def pays_at_once(order, shop):
    status = take(order["order_id"], shop)
    shop.bank.charge(order["order_id"], PRICE_YEN, order["card"], key=order["order_id"])
    pass_on(order, shop, status)


@wrong("ended with “declined” came again, and it tells “ticket”")
def knows_two_ends_only(order, shop):
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        status = note(shop, order["order_id"], SOLD_OUT)
    known = (RESERVED, SOLD_OUT)
    pass_on(order, shop, status if status in known else TICKET)


@wrong("does not send it either")
def remembers_what_it_has_seen(order, shop):
    if order["order_id"] not in shop.memory:
        shop.memory[order["order_id"]] = "seen"
        status = take(order["order_id"], shop)
        if status == SOLD_OUT:
            status = note(shop, order["order_id"], SOLD_OUT)
        pass_on(order, shop, status)


@wrong("under way while a seat came back")
def does_not_listen_to_the_note(order, shop):
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        note(shop, order["order_id"], SOLD_OUT)
    pass_on(order, shop, status)


@wrong("under way while a seat came back", same_as="does_not_listen_to_the_note")
def tells_before_it_writes(order, shop):
    status = take(order["order_id"], shop)
    pass_on(order, shop, status)
    if status == SOLD_OUT:
        note(shop, order["order_id"], SOLD_OUT)


# --- right ----------------------------------------------------------------------------


@right
def looks_first_and_spares_the_transaction(order, shop):
    order_id = order["order_id"]
    status = (found(order_id, shop) or {}).get("status")
    if status is None:
        status = take(order_id, shop)
    if status == SOLD_OUT:
        status = note(shop, order_id, SOLD_OUT)
    pass_on(order, shop, status)


@right
def writes_the_transaction_itself(order, shop):
    order_id, client = order["order_id"], shop.orders.meta.client
    item = {"order_id": order_id, "status": RESERVED}
    put = {"TableName": shop.orders.name, "Item": item}
    put["ConditionExpression"] = "attribute_not_exists(order_id)"
    seat = {"TableName": shop.seats.name, **TAKE}
    try:
        client.transact_write_items(TransactItems=[{"Put": put}, {"Update": seat}])
    except client.exceptions.TransactionCanceledException as refusal:
        codes = [one["Code"] for one in refusal.response["CancellationReasons"]]
        if "ConditionalCheckFailed" not in codes:
            raise
        pass_on(order, shop, note(shop, order_id, SOLD_OUT))
        return
    shop.send("payments", order)


@right
def says_nothing_about_what_has_ended(order, shop):
    status = take(order["order_id"], shop)
    if status == SOLD_OUT:
        status = note(shop, order["order_id"], SOLD_OUT)
    if status in (RESERVED, SOLD_OUT):
        pass_on(order, shop, status)
