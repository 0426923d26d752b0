"""Two designs of the sale: a naive one, and ours."""

import time

from workbook.shop.selling import TOUR, move, refused
from workbook.storm.design import (
    DECLINED,
    PRICE_YEN,
    SOLD_OUT,
    TICKET,
    Design,
    Shop,
    Stage,
)

__all__ = [
    "BELIEVED_S",
    "NAIVE",
    "OURS",
    "RESERVED",
    "note",
    "pay",
    "reserve",
    "sell",
]

RESERVED = "reserved"
BELIEVED_S = 5.0  # how long an environment believes that all seats are taken


# --- naive ----------------------------------------------------------------------------


def sell(order: dict, shop: Shop) -> None:
    """All of a sale in one function: look, charge, write down, tell."""
    order_id = order["order_id"]
    tour = shop.seats.get_item(Key=TOUR)["Item"]
    if tour["seats_left"] < 1:
        shop.tell(order_id, SOLD_OUT)
        return
    receipt = shop.bank.charge(order_id, PRICE_YEN, order["card"])
    if receipt.outcome == DECLINED:
        shop.tell(order_id, DECLINED)
        return
    shop.seats.put_item(Item={**tour, "seats_left": tour["seats_left"] - 1})
    shop.orders.put_item(Item={"order_id": order_id, "status": TICKET})
    shop.tell(order_id, TICKET)


NAIVE = Design("naive", {"orders": Stage(sell, concurrency=50)})


# --- ours -----------------------------------------------------------------------------


def reserve(order: dict, shop: Shop) -> None:
    """Take a seat for an order, once, or note that it got none; then pass it on."""
    order_id = order["order_id"]
    status = SOLD_OUT
    if shop.memory.get("sold_out_until_s", 0) < time.time():
        status = move(shop.office, order_id, "", RESERVED, seats=-1)
    if status == SOLD_OUT:
        shop.memory["sold_out_until_s"] = time.time() + BELIEVED_S
        status = note(shop, order_id, SOLD_OUT)
    if status == RESERVED:
        shop.send("payments", order)
    else:
        shop.tell(order_id, status)


def note(shop: Shop, order_id: str, status: str) -> str:
    """Give a new order its status; the status that it has, if it is not new."""
    try:
        shop.orders.put_item(
            Item={"order_id": order_id, "status": status},
            ConditionExpression="attribute_not_exists(order_id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except refused(shop.office) as refusal:
        return refusal.response["Item"]["status"]["S"]
    return status


def pay(order: dict, shop: Shop) -> None:
    """Charge a reserved order, once; then a ticket, or the seat goes back."""
    order_id = order["order_id"]
    receipt = shop.bank.charge(order_id, PRICE_YEN, order["card"], key=order_id)
    if receipt.outcome == DECLINED:
        status = move(shop.office, order_id, RESERVED, DECLINED, seats=+1)
    else:
        status = move(shop.office, order_id, RESERVED, TICKET)
    shop.tell(order_id, status)


OURS = Design(
    "ours",
    {
        "orders": Stage(reserve, visibility_s=12, concurrency=10),
        "payments": Stage(pay, visibility_s=12, max_receives=8),
    },
    redrive_after_s=240,
)
