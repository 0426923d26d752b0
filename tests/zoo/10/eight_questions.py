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


@right
def says_of_what_type_each_is(sale):
    """What an item has beside its row and its keys is the learner's affair."""
    for item in [_order(sale), *_payment(sale), *_ticket(sale)]:
        yield {**item, "type": item["sk"].lower()}


@right
def keeps_the_sort_key_of_an_index_it_is_not_in(sale):
    order = _order(sale, open_sort=sale.placed_at)
    return iter([order, *_payment(sale, b_sort="-"), *_ticket(sale)])


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


@wrong("A sale has its order, and none of its items holds it")
def keys_alone(sale):
    """The row's own attributes are not in the item."""
    names = ("pk", "sk", "a", "a_sort")
    return [{name: _order(sale)[name] for name in names}]


@wrong("The item of the order lacks `status`")
def without_the_status(sale):
    return [_without(_order(sale), "status"), *_payment(sale), *_ticket(sale)]


@wrong("A sale has its payment, and none of its items holds it")
def without_the_payment(sale):
    return [_order(sale), *_ticket(sale)]


@wrong("all of an order” misses", same_as="each_under_its_own_id")
def all_in_one_item(sale):
    return [{**(sale.ticket or {}), **(sale.payment or {}), **_order(sale)}]


@wrong("the second replaces the first")
def the_same_keys_twice(sale):
    return [_order(sale), *_payment(sale, sk="-"), *_ticket(sale, sk="-")]


@wrong("it has no `pk`")
def adds_to_another_dict(sale):
    """Each `sale.order` is a dict of its own."""
    sale.order.update(pk=sale.order_id, sk="ORDER")
    return [sale.order, *_payment(sale), *_ticket(sale)]


@wrong("its key `a_sort` is")
def seats_as_numbers(sale):
    more = [{**ticket, "a_sort": int(sale.seat)} for ticket in _ticket(sale)]
    return [_order(sale), *_payment(sale), *more]


@wrong("its key `open` is")
def open_as_a_boolean(sale):
    return [_order(sale, open=not sale.ended), *_payment(sale), *_ticket(sale)]


@wrong("under 'closed' for one")
def closed_where_ended(sale):
    """No question reads them there, and each is written and paid for."""
    mark = {"open": "closed", "open_sort": sale.placed_at} if sale.ended else {}
    return [_order(sale, **mark), *_payment(sale), *_ticket(sale)]


@wrong("The index `by-b` has")
def payments_in_b_by_their_reference(sale):
    more = _payment(sale, b=sale.payment_ref, b_sort="-")
    return [_order(sale), *more, *_ticket(sale)]


@wrong(
    "a buyer's orders” finds what it should, in another order",
    same_as="orders_by_falling_time",
)
def orders_of_a_buyer_by_their_id(sale):
    """Right as long as ids and times grow together."""
    return [_order(sale, a_sort=sale.order_id), *_payment(sale), *_ticket(sale)]


@wrong(
    "a buyer's orders” finds what it should, in another order",
    same_as="orders_by_falling_time",
)
def orders_of_a_buyer_by_their_day(sale):
    return [_order(sale, a_sort=sale.placed_at[:10]), *_payment(sale), *_ticket(sale)]


@wrong("the open orders” finds what it should, in another order")
def open_orders_by_the_time_of_day(sale):
    mark = {} if sale.ended else {"open_sort": sale.placed_at[11:]}
    return [_order(sale, **mark), *_payment(sale), *_ticket(sale)]


@wrong("a night's orders” misses", same_as="the_night_without_the_time")
def the_night_knows_who_paid(sale):
    order = _order(sale) if sale.payment else _without(_order(sale), "b", "b_sort")
    return [order, *_payment(sale), *_ticket(sale)]


@wrong("'NoneType' object is not a mapping", status="your code raised")
def each_sale_has_a_payment(sale):
    keys = {"pk": sale.order_id, "sk": "PAYMENT", "a": sale.payment_ref}
    yield from [_order(sale), *_ticket(sale)]
    yield {**sale.payment, **keys, "a_sort": "-"}


@wrong("It gives None among the items")
def with_nothing_where_nothing_is(sale):
    paid, ticket = _payment(sale) or [None], _ticket(sale) or [None]
    return [_order(sale), *paid, *ticket]


@wrong("its key `b` is ''")
def an_empty_key(sale):
    return [_order(sale), *_payment(sale), *_ticket(sale, b="", b_sort="x")]


@wrong("It does not give the items of a sale")
def a_number(sale):
    return 3
