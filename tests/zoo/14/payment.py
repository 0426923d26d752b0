"""Answers to 14.2-payment."""

import uuid

from tests.zoo import right, wrong
from workbook.shop.payments import NotCharged, Unknown
from workbook.shop.selling import GIVE_BACK, move, refused
from workbook.storm import DECLINED, PRICE_YEN, TICKET
from workbook.storm.designs import RESERVED


def charge(order, shop, **options):
    options = {"key": order["order_id"], **options}
    return shop.bank.charge(order["order_id"], PRICE_YEN, order["card"], **options)


def end(order, shop, receipt):
    if receipt.outcome == DECLINED:
        return move(shop.office, order["order_id"], RESERVED, DECLINED, seats=+1)
    return move(shop.office, order["order_id"], RESERVED, TICKET)


# --- wrong, one after the other -------------------------------------------------------


@wrong("the bank took nothing")
def gives_tickets_away(order, shop):
    move(shop.office, order["order_id"], RESERVED, TICKET)
    shop.tell(order["order_id"], TICKET)


@wrong("does not hear of the ticket")
def tells_nobody(order, shop):
    end(order, shop, charge(order, shop))


@wrong("`orders` still says “reserved”")
def writes_no_ticket_down(order, shop):
    if charge(order, shop).outcome == DECLINED:
        shop.tell(order["order_id"], DECLINED)
    else:
        shop.tell(order["order_id"], TICKET)


@wrong("and 0 are left")
def takes_the_seat_once_more(order, shop):
    receipt = charge(order, shop)
    seats = +1 if receipt.outcome == DECLINED else -1
    after = DECLINED if receipt.outcome == DECLINED else TICKET
    status = move(shop.office, order["order_id"], RESERVED, after, seats=seats)
    shop.tell(order["order_id"], status)


@wrong("does not hear “declined”")
def takes_declined_for_paid(order, shop):
    charge(order, shop)
    shop.tell(order["order_id"], move(shop.office, order["order_id"], RESERVED, TICKET))


@wrong("the seat does not come back")
def keeps_the_seat(order, shop):
    after = charge(order, shop).outcome
    after = DECLINED if after == DECLINED else TICKET
    shop.tell(order["order_id"], move(shop.office, order["order_id"], RESERVED, after))


@wrong("came twice, and so did the seat")
def gives_the_seat_back_apart(order, shop):
    receipt = charge(order, shop)
    after = DECLINED if receipt.outcome == DECLINED else TICKET
    if receipt.outcome == DECLINED:
        shop.seats.update_item(**GIVE_BACK)
    shop.tell(order["order_id"], move(shop.office, order["order_id"], RESERVED, after))


# --- wrong in some schedule -----------------------------------------------------------


@wrong("the buyer was charged again")
def sends_no_key(order, shop):
    shop.tell(order["order_id"], end(order, shop, charge(order, shop, key=None)))


@wrong("the buyer was charged again", same_as="sends_no_key")
def draws_a_key_for_each_attempt(order, shop):
    receipt = charge(order, shop, key=str(uuid.uuid4()))
    shop.tell(order["order_id"], end(order, shop, receipt))


@wrong("a good card was told “declined”")
def takes_silence_for_a_no(order, shop):
    try:
        receipt = charge(order, shop)
    except (Unknown, NotCharged):
        move(shop.office, order["order_id"], RESERVED, DECLINED, seats=+1)
        shop.tell(order["order_id"], DECLINED)
        return
    shop.tell(order["order_id"], end(order, shop, receipt))


@wrong("never heard how it ended")
def goes_home_when_the_order_has_moved_on(order, shop):
    key = {"order_id": order["order_id"]}
    found = shop.orders.get_item(Key=key, ConsistentRead=True)["Item"]
    if found["status"] == RESERVED:
        shop.tell(order["order_id"], end(order, shop, charge(order, shop)))


@wrong("never heard how it ended", same_as="goes_home_when_the_order_has_moved_on")
def swallows_what_it_does_not_know(order, shop):
    try:
        receipt = charge(order, shop)
    except (Unknown, NotCharged):
        return
    shop.tell(order["order_id"], end(order, shop, receipt))


@wrong("came back more than once")
def looks_and_then_gives_the_seat_back(order, shop):
    receipt = charge(order, shop)
    key = {"order_id": order["order_id"]}
    found = shop.orders.get_item(Key=key, ConsistentRead=True)["Item"]
    after = DECLINED if receipt.outcome == DECLINED else TICKET
    if receipt.outcome == DECLINED and found["status"] == RESERVED:
        shop.seats.update_item(**GIVE_BACK)
    shop.orders.put_item(Item={**key, "status": after})
    shop.tell(order["order_id"], after)


@wrong("Two orders have the same card")
def takes_the_card_for_a_key(order, shop):
    card = order["card"]
    receipt = shop.bank.charge(order["order_id"], PRICE_YEN, card, key=card)
    shop.tell(order["order_id"], end(order, shop, receipt))


# --- right ----------------------------------------------------------------------------


@right
def asks_the_bank_what_it_knows(order, shop):
    receipts = shop.bank.charges(order["order_id"])
    receipt = receipts[0] if receipts else charge(order, shop)
    shop.tell(order["order_id"], end(order, shop, receipt))


@right
def moves_on_a_condition_of_its_own(order, shop):
    receipt = charge(order, shop)
    if receipt.outcome == DECLINED:
        shop.tell(order["order_id"], end(order, shop, receipt))
        return
    try:
        shop.orders.put_item(
            Item={"order_id": order["order_id"], "status": TICKET},
            ConditionExpression="#status = :reserved",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":reserved": RESERVED},
        )
    except refused(shop.office):
        print("another delivery was faster")
    shop.tell(order["order_id"], TICKET)
