"""Answers to 10.2-eight-questions."""

from tests.zoo import right, wrong


def _order(sale, **more):
    keys = {"pk": sale.order_id, "sk": "ORDER", "a": sale.buyer_id}
    keys |= {"a_sort": sale.placed_at, "b": sale.tour, "b_sort": sale.placed_at}
    mark = {} if sale.ended else {"open": "open", "open_sort": sale.placed_at}
    return {**sale.order, **keys, **mark, **more}


def _payment(sale, **more):
    keys = {"pk": sale.order_id, "sk": "PAYMENT", "a": sale.payment_ref}
    return [{**sale.payment, **keys, "a_sort": "-", **more}] if sale.payment else []


def _ticket(sale, **more):
    keys = {"pk": sale.order_id, "sk": "TICKET", "a": sale.tour, "a_sort": sale.seat}
    return [{**sale.ticket, **keys, **more}] if sale.ticket else []


def _without(item, *names):
    return {name: value for name, value in item.items() if name not in names}


@right
def three_lists(sale):
    return [_order(sale), *_payment(sale), *_ticket(sale)]


@right
def with_keys_of_its_own_taste(sale):
    """The sort keys that no question names may be anything."""
    yield from _ticket(sale, sk="ticket/1")
    yield from _payment(sale, sk="paid", a_sort=sale.order_id)
    yield _order(sale, a_sort=f"{sale.placed_at}#{sale.order_id}")


@wrong("one order” misses")
def another_sort_key(sale):
    return [_order(sale, sk=f"ORDER#{sale.order_id}"), *_payment(sale), *_ticket(sale)]


@wrong("all of an order” misses")
def each_under_its_own_id(sale):
    more = [{**item, "pk": item["ticket_id"]} for item in _ticket(sale)]
    return [_order(sale), *_payment(sale), *more]


@wrong("a payment” misses")
def payments_are_not_indexed(sale):
    return [_order(sale), *[_without(p, "a") for p in _payment(sale)], *_ticket(sale)]


@wrong("a buyer's orders” misses")
def orders_by_their_id(sale):
    return [_order(sale, a=sale.order_id), *_payment(sale), *_ticket(sale)]


@wrong("a buyer's orders” finds what it should, in another order")
def orders_by_falling_time(sale):
    backwards = "".join(chr(ord("9") - ord(c) + 48) for c in sale.placed_at)
    return [_order(sale, a_sort=backwards), *_payment(sale), *_ticket(sale)]


@wrong("a seat” misses")
def tickets_by_their_id(sale):
    return [_order(sale), *_payment(sale), *_ticket(sale, a_sort="TICKET" + sale.seat)]


@wrong("the door list” reads")
def payments_by_night_as_well(sale):
    paid = _payment(sale, sk="PAYMENT")
    extra = [{**p, "sk": "PAID", "a": sale.tour, "a_sort": "z"} for p in paid]
    whole = [{**sale.payment, "pk": "night", "sk": sale.order_id, **_keys(e)}
             for e in extra]  # fmt: skip
    return [_order(sale), *paid, *_ticket(sale), *whole]


def _keys(item):
    return {name: item[name] for name in ("a", "a_sort")}


@wrong("a night's orders” misses")
def the_night_without_the_time(sale):
    return [_order(sale, b_sort=sale.order_id), *_payment(sale), *_ticket(sale)]


@wrong("a night's orders” reads")
def tickets_in_b_as_well(sale):
    more = _ticket(sale, b=sale.tour, b_sort=sale.placed_at)
    return [_order(sale), *_payment(sale), *more]


@wrong("the open orders” reads")
def marks_all(sale):
    order = _order(sale, open="open", open_sort=sale.placed_at)
    return [order, *_payment(sale), *_ticket(sale)]


@wrong("the open orders” misses")
def marks_none(sale):
    return [_without(_order(sale), "open"), *_payment(sale), *_ticket(sale)]


@wrong("one order” misses", same_as="another_sort_key")
def keys_alone(sale):
    """The row's own attributes are not in the item."""
    names = ("pk", "sk", "a", "a_sort")
    return [{name: _order(sale)[name] for name in names}]


@wrong("DynamoDB refuses an item")
def an_empty_key(sale):
    return [_order(sale), *_payment(sale), *_ticket(sale, b="", b_sort="x")]


@wrong("It does not give the items of a sale")
def a_number(sale):
    return 3
