"""The bank of the flash sale: charges, refunds, and a key that is honoured if sent.

| | |
|---|---|
| `POST /v1/charges` | takes money; the same `Idempotency-Key` again, the first answer |
| `POST /v1/refunds` | gives a charge back, once |
| `GET /v1/charges?order_id=` | what it took for an order |

Without a key, twice is twice. Each endpoint does its work within the request, so a
silence leaves open only whether it was done.
"""

from collections.abc import Iterable

import httpx
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from workbook.providers.books import Charge
from workbook.providers.provider import OpenAccount, Provider, Refused
from workbook.providers.web import json_response
from workbook.shop.payments.words import Receipt, in_our_words, refusal

__all__ = ["Bank", "FestivalBank", "kept_yen"]

_KEY, _REFUND = "key ", "refund of "  # names in the books that no order has


class FestivalBank(Provider):
    """The bank's side: an application in this process, with its books in `state`."""

    name = "festival-bank"
    rules = (
        Rule("/v1/charges", endpoint="charge", methods=["POST"]),
        Rule("/v1/charges", endpoint="search", methods=["GET"]),
        Rule("/v1/refunds", endpoint="refund", methods=["POST"]),
    )

    def error(self, refusal: Refused) -> dict:
        """A flat object with a code and a text."""
        return {"code": refusal.code, "text": refusal.message}

    def charge(self, account: OpenAccount, request: Request) -> Response:
        """POST /v1/charges: 201 with the charge, taken or declined."""
        asked = request.get_json(force=True)
        key = request.headers.get("Idempotency-Key")
        known = account.books.with_key(_KEY + key) if key else []
        if known and known[0].key != asked["order_id"]:
            raise Refused(422, "key_reused", "this key came with another order")
        charge = known[0] if known else _take(account, asked)
        if key and not known:
            account.books.by_key[_KEY + key] = [charge]
        return json_response(_form(charge), 201)

    def search(self, account: OpenAccount, request: Request) -> Response:
        """GET /v1/charges?order_id=O: the charges for an order."""
        found = account.books.with_key(request.args.get("order_id", ""))
        return json_response({"charges": [_form(charge) for charge in found]})

    def refund(self, account: OpenAccount, request: Request) -> Response:
        """POST /v1/refunds: 201; a charge that was given back stays so."""
        wanted = request.get_json(force=True)["charge"]
        for charge in account.books.charges:
            if charge.id == wanted and charge.taken:
                _give_back(account, charge)
                return json_response({"refunded": wanted}, 201)
        raise Refused(404, "no_charge", f"nothing was taken as {wanted}")


def kept_yen(charges: Iterable[Charge]) -> dict[str, list[int]]:
    """What was taken for each order and not given back: an amount a charge."""
    taken = {charge.id: charge for charge in charges if charge.taken}
    kept: dict[str, list[int]] = {}
    for charge in taken.values():
        if charge.amount_yen > 0 and _REFUND + charge.id not in taken:
            kept.setdefault(charge.key, []).append(charge.amount_yen)
    return kept


class Bank:
    """The shop's side: an account at the bank, in the shop's words."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def charge(
        self, order_id: str, yen: int, card: str, *, key: str | None = None
    ) -> Receipt:
        """Take the money: a receipt with the outcome "captured" or "declined".

        The same `key` takes it once, however often this is called. Raises `NotCharged`
        when the bank surely did nothing, `Unknown` when nobody can say.
        """
        body = {"order_id": order_id, "amount_yen": yen, "card": card}
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = self._ask("POST", "/v1/charges", json=body, headers=headers)
        return _receipt(answer.json())

    def charges(self, order_id: str) -> list[Receipt]:
        """What the bank knows of an order's charges, first one first."""
        answer = self._ask("GET", "/v1/charges", params={"order_id": order_id})
        return [_receipt(one) for one in answer.json()["charges"]]

    def refund(self, receipt: Receipt) -> None:
        """Give the money of a receipt back; a second time does nothing."""
        self._ask("POST", "/v1/refunds", json={"charge": receipt.reference})

    def _ask(self, method: str, path: str, **asked) -> httpx.Response:
        with in_our_words(FestivalBank.name):
            response = self.http.request(method, path, **asked)
        refusal(FestivalBank.name, response)
        return response


def _take(account: OpenAccount, asked: dict) -> Charge:
    order_id, yen, card = asked["order_id"], asked["amount_yen"], asked["card"]
    return account.books.charge(order_id, yen, card, prefix="ch_")


def _give_back(account: OpenAccount, charge: Charge) -> None:
    name = _REFUND + charge.id
    if all(one.id != name for one in account.books.charges):
        back = Charge(name, charge.key, -charge.amount_yen, charge.card, taken=True)
        account.books.charges.append(back)


def _form(charge: Charge) -> dict:
    status = "captured" if charge.taken else "declined"
    return {"id": charge.id, "status": status, "order_id": charge.key}


def _receipt(form: dict) -> Receipt:
    return Receipt(form["status"], FestivalBank.name, form["id"])
