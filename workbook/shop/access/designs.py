"""Three designs for the same eight questions.

`Scans` has a table for each entity, keyed by its id, and looks through all of it for
anything else. `Indexes` has the same tables, and a global secondary index for each
question that the id does not answer. `OneTable` keeps an order together with its
payment and its ticket in one item collection, and has three indexes, whose keys mean
something else for each kind of item.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr, Key

from .orders import Sale
from .patterns import Row
from .tables import all_pages

__all__ = ["Indexes", "OneTable", "Scans"]

_Items = Iterator[tuple[str, Mapping[str, Any]]]

# Attributes that serve an index and no reader.
_FOR_INDEXES = ("pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "open")


def _table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(name)


def _plain(items: list[Row], by: str = "") -> list[Row]:
    """The items in the shop's own words, sorted by an attribute if one is named."""
    kept = [{k: v for k, v in i.items() if k not in _FOR_INDEXES} for i in items]
    return sorted(kept, key=lambda item: item[by]) if by else kept


class Scans:
    """A table an entity. Only the question after an id is answered by a key."""

    name = "scans"
    tables: Mapping[str, Any] = {
        "scans-orders": (("order_id", ""), {}),
        "scans-payments": (("payment_ref", ""), {}),
        "scans-tickets": (("ticket_id", ""), {}),
    }

    def items(self, sale: Sale) -> _Items:
        """An order, and its payment and ticket if there are any."""
        yield "scans-orders", sale.order
        if sale.payment:
            yield "scans-payments", sale.payment
        if sale.ticket:
            yield "scans-tickets", sale.ticket

    def one_order(self, order_id: str) -> list[Row]:
        """By its key."""
        return [_table("scans-orders").get_item(Key={"order_id": order_id})["Item"]]

    def orders_of(self, buyer_id: str) -> list[Row]:
        """Look at all orders."""
        found = self._scan("orders", Attr("buyer_id").eq(buyer_id))
        return _plain(found, by="placed_at")[::-1]

    def whole_order(self, order_id: str) -> list[Row]:
        """Look at all payments and all tickets."""
        wanted = Attr("order_id").eq(order_id)
        more = self._scan("payments", wanted) + self._scan("tickets", wanted)
        return self.one_order(order_id) + more

    def order_paid_by(self, payment_ref: str) -> list[Row]:
        """By its key."""
        found = _table("scans-payments").get_item(Key={"payment_ref": payment_ref})
        return [found["Item"]]

    def placed_between(self, tour: str, start: str, end: str) -> list[Row]:
        """Look at all orders."""
        wanted = Attr("tour").eq(tour) & Attr("placed_at").between(start, end)
        return _plain(self._scan("orders", wanted), by="placed_at")

    def open_orders(self) -> list[Row]:
        """Look at all orders."""
        wanted = Attr("status").is_in(["placed", "reserved", "paid", "unpaid"])
        return _plain(self._scan("orders", wanted), by="placed_at")

    def door_list(self, tour: str) -> list[Row]:
        """Look at all tickets."""
        return _plain(self._scan("tickets", Attr("tour").eq(tour)), by="seat")

    def ticket_at(self, tour: str, seat: str) -> list[Row]:
        """Look at all tickets."""
        return self._scan("tickets", Attr("tour").eq(tour) & Attr("seat").eq(seat))

    def _scan(self, entity: str, wanted: Any) -> list[Row]:
        return all_pages(_table(f"scans-{entity}").scan, FilterExpression=wanted)


class Indexes:
    """The same tables, with an index for each question that no id answers."""

    name = "indexes"
    tables: Mapping[str, Any] = {
        "indexes-orders": (
            ("order_id", ""),
            {
                "by_buyer": ("buyer_id", "placed_at"),
                "by_tour": ("tour", "placed_at"),
                "open": ("open", "placed_at"),
            },
        ),
        "indexes-payments": (("payment_ref", ""), {"by_order": ("order_id", "")}),
        "indexes-tickets": (
            ("ticket_id", ""),
            {"by_order": ("order_id", ""), "by_seat": ("tour", "seat")},
        ),
    }

    def items(self, sale: Sale) -> _Items:
        """As in `Scans`; an open order carries the attribute that `open` sorts by."""
        mark = {} if sale.ended else {"open": "yes"}
        yield "indexes-orders", {**sale.order, **mark}
        if sale.payment:
            yield "indexes-payments", sale.payment
        if sale.ticket:
            yield "indexes-tickets", sale.ticket

    def one_order(self, order_id: str) -> list[Row]:
        """By its key."""
        found = _table("indexes-orders").get_item(Key={"order_id": order_id})
        return _plain([found["Item"]])

    def orders_of(self, buyer_id: str) -> list[Row]:
        """One range of `by_buyer`, backwards."""
        return self._query(
            "orders", "by_buyer", Key("buyer_id").eq(buyer_id), ScanIndexForward=False
        )

    def whole_order(self, order_id: str) -> list[Row]:
        """Three tables, three calls."""
        own = Key("order_id").eq(order_id)
        more = self._query("payments", "by_order", own)
        return self.one_order(order_id) + more + self._query("tickets", "by_order", own)

    def order_paid_by(self, payment_ref: str) -> list[Row]:
        """By its key."""
        found = _table("indexes-payments").get_item(Key={"payment_ref": payment_ref})
        return [found["Item"]]

    def placed_between(self, tour: str, start: str, end: str) -> list[Row]:
        """One range of `by_tour`."""
        wanted = Key("tour").eq(tour) & Key("placed_at").between(start, end)
        return self._query("orders", "by_tour", wanted)

    def open_orders(self) -> list[Row]:
        """All of `open`, which holds no others."""
        return self._query("orders", "open", Key("open").eq("yes"))

    def door_list(self, tour: str) -> list[Row]:
        """One range of `by_seat`."""
        return self._query("tickets", "by_seat", Key("tour").eq(tour))

    def ticket_at(self, tour: str, seat: str) -> list[Row]:
        """One entry of `by_seat`."""
        wanted = Key("tour").eq(tour) & Key("seat").eq(seat)
        return self._query("tickets", "by_seat", wanted)

    def _query(self, entity: str, index: str, wanted: Any, **more: Any) -> list[Row]:
        search = _table(f"indexes-{entity}").query
        request = {"IndexName": index, "KeyConditionExpression": wanted, **more}
        return _plain(all_pages(search, **request))


class OneTable:
    """One table: an order's items side by side, indexes that several kinds share."""

    name = "one table"
    tables: Mapping[str, Any] = {
        "shop": (
            ("pk", "sk"),
            {
                "gsi1": ("gsi1pk", "gsi1sk"),
                "gsi2": ("gsi2pk", "gsi1sk"),
                "open": ("open", "gsi1sk"),
            },
        )
    }

    def items(self, sale: Sale) -> _Items:
        """Up to three items of one collection, `ORDER#<id>`."""
        own = {"pk": f"ORDER#{sale.order_id}"}
        order = {"sk": "ORDER", "gsi1pk": f"BUYER#{sale.buyer_id}"}
        order |= {"gsi2pk": f"TOUR#{sale.tour}", "gsi1sk": sale.placed_at}
        mark = {} if sale.ended else {"open": "yes"}
        yield "shop", {**own, **order, **mark, **sale.order}
        if sale.payment:
            keys = {"sk": "PAYMENT", "gsi1pk": f"PAYMENT#{sale.payment_ref}"}
            yield "shop", {**own, **keys, "gsi1sk": "PAYMENT", **sale.payment}
        if sale.ticket:
            keys = {"sk": "TICKET", "gsi1pk": f"SEATS#{sale.tour}"}
            yield "shop", {**own, **keys, "gsi1sk": sale.seat, **sale.ticket}

    def one_order(self, order_id: str) -> list[Row]:
        """By its key."""
        key = {"pk": f"ORDER#{order_id}", "sk": "ORDER"}
        return _plain([_table("shop").get_item(Key=key)["Item"]])

    def orders_of(self, buyer_id: str) -> list[Row]:
        """One range of gsi1, backwards."""
        wanted = Key("gsi1pk").eq(f"BUYER#{buyer_id}")
        return self._query(wanted, index="gsi1", ScanIndexForward=False)

    def whole_order(self, order_id: str) -> list[Row]:
        """One item collection: order, payment, ticket."""
        return self._query(Key("pk").eq(f"ORDER#{order_id}"))

    def order_paid_by(self, payment_ref: str) -> list[Row]:
        """One entry of gsi1."""
        return self._query(Key("gsi1pk").eq(f"PAYMENT#{payment_ref}"), index="gsi1")

    def placed_between(self, tour: str, start: str, end: str) -> list[Row]:
        """One range of gsi2."""
        wanted = Key("gsi2pk").eq(f"TOUR#{tour}") & Key("gsi1sk").between(start, end)
        return self._query(wanted, index="gsi2")

    def open_orders(self) -> list[Row]:
        """All of `open`, which holds no others."""
        return self._query(Key("open").eq("yes"), index="open")

    def door_list(self, tour: str) -> list[Row]:
        """One range of gsi1."""
        return self._query(Key("gsi1pk").eq(f"SEATS#{tour}"), index="gsi1")

    def ticket_at(self, tour: str, seat: str) -> list[Row]:
        """One entry of gsi1."""
        wanted = Key("gsi1pk").eq(f"SEATS#{tour}") & Key("gsi1sk").eq(seat)
        return self._query(wanted, index="gsi1")

    def _query(self, wanted: Any, index: str = "", **more: Any) -> list[Row]:
        named = {"IndexName": index} if index else {}
        request = {"KeyConditionExpression": wanted, **named, **more}
        return _plain(all_pages(_table("shop").query, **request))
