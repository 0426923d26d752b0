"""Answers to 14.3-whole."""

import time
from dataclasses import replace

from tests.zoo import right, wrong
from workbook.shop.payments import NotCharged, Unknown
from workbook.shop.selling import move
from workbook.storm import NAIVE, OURS, PRICE_YEN, SOLD_OUT, TICKET, Design, Stage
from workbook.storm.designs import RESERVED, note, pay, reserve, sell

ORDERS, PAYMENTS = OURS.stages["orders"], OURS.stages["payments"]


def with_stages(orders=ORDERS, payments=PAYMENTS, **more):
    stages = {"orders": orders, "payments": payments}
    return Design("mine", stages, **{"redrive_after_s": 90, **more})


# --- wrong ----------------------------------------------------------------------------


@wrong("not a Design")
def returns_the_stages():
    return {"orders": ORDERS, "payments": PAYMENTS}


@wrong("more tickets than seats")
def the_naive_one():
    return NAIVE


@wrong("more tickets than seats", same_as="the_naive_one")
def the_naive_one_with_two_at_once():
    return Design("mine", {"orders": Stage(sell, concurrency=2)})


@wrong("an order has no end")
def gives_up_too_soon():
    return with_stages(payments=replace(PAYMENTS, max_receives=3), redrive_after_s=None)


@wrong("an order has no end", same_as="gives_up_too_soon")
def redrives_into_the_outage():
    few = replace(PAYMENTS, max_receives=1)
    return with_stages(payments=few, redrive_after_s=20)


@wrong("somebody is charged twice")
def sends_no_key():
    def pays_without_a_key(order, shop):
        bank = type(shop.bank)(shop.bank.http)
        real = bank.charge
        bank.charge = lambda order_id, yen, card, key: real(order_id, yen, card)
        pay(order, replace(shop, bank=bank))

    return with_stages(payments=replace(PAYMENTS, handler=pays_without_a_key))


@wrong("somebody is told two things")
def believes_its_memory():
    def believes(order, shop):
        if shop.memory.get("sold_out_until_s", 0) > time.time():
            shop.tell(order["order_id"], SOLD_OUT)
        else:
            reserve(order, shop)

    return with_stages(replace(ORDERS, handler=believes))


@wrong("not in the smallest sale: order-2 was told: ")
def notes_and_does_not_listen():
    def tells_what_it_saw(order, shop):
        status = move(shop.office, order["order_id"], "", RESERVED, seats=-1)
        if status == SOLD_OUT:
            note(shop, order["order_id"], SOLD_OUT)
        if status == RESERVED:
            shop.send("payments", order)
        else:
            shop.tell(order["order_id"], status)

    return with_stages(replace(ORDERS, handler=tells_what_it_saw))


@wrong(
    "not in the smallest sale: order-2 was told: ", same_as="notes_and_does_not_listen"
)
def notes_nothing():
    def tells_at_once(order, shop):
        status = move(shop.office, order["order_id"], "", RESERVED, seats=-1)
        if status == RESERVED:
            shop.send("payments", order)
        else:
            shop.tell(order["order_id"], status)

    return with_stages(replace(ORDERS, handler=tells_at_once, visibility_s=12))


@wrong("somebody is turned away for nothing")
def takes_silence_for_declined():
    def declines(order, shop):
        try:
            pay(order, shop)
        except (NotCharged, Unknown):
            shop.tell(order["order_id"], "declined")

    return with_stages(payments=replace(PAYMENTS, handler=declines))


@wrong("poison has disappeared")
def swallows_what_it_cannot_read():
    def reads(order, shop):
        if "order_id" in order:
            reserve(order, shop)

    return with_stages(replace(ORDERS, handler=reads))


@wrong("somebody has a ticket for nothing")
def gives_the_ticket_before_the_money():
    def trusts(order, shop):
        shop.tell(order["order_id"], TICKET)
        shop.bank.charge(
            order["order_id"], PRICE_YEN, order["card"], key=order["order_id"]
        )

    return with_stages(payments=replace(PAYMENTS, handler=trusts))


@wrong("and it is slow")
def waits_for_minutes():
    return with_stages(payments=replace(PAYMENTS, visibility_s=150))


@wrong("times as much as ours")
def looks_again_and_again():
    def reserves(order, shop):
        for _ in range(20):
            shop.orders.get_item(
                Key={"order_id": order["order_id"]}, ConsistentRead=True
            )
        reserve(order, shop)

    return with_stages(replace(ORDERS, handler=reserves))


# --- right ----------------------------------------------------------------------------


@right
def in_batches_with_other_numbers():
    orders = replace(ORDERS, batch_size=5, concurrency=5)
    return with_stages(orders, replace(PAYMENTS, visibility_s=15, max_receives=10))


@right
def dies_early_and_is_redriven():
    return with_stages(payments=replace(PAYMENTS, max_receives=2), redrive_after_s=65)


@right
def with_a_third_queue_for_those_who_came_too_late():
    def first(order, shop):
        if shop.memory.get("until_s", 0) > time.time():
            shop.send("late", order)
            return
        sent = []
        reserve(order, replace(shop, send=lambda *one: sent.append(one)))
        for queue, message in sent:
            if message.get("news") == SOLD_OUT:
                shop.memory["until_s"] = time.time() + 3
            shop.send(queue, message)

    def late(order, shop):
        status = note(shop, order["order_id"], SOLD_OUT)
        if status == RESERVED:
            shop.send("payments", order)
        else:
            shop.tell(order["order_id"], status)

    stages = {"orders": replace(ORDERS, handler=first), "payments": PAYMENTS}
    stages["late"] = Stage(late, batch_size=10, visibility_s=12)
    return Design("mine", stages, redrive_after_s=90)
