"""The two providers' own APIs, which differ in everything but the purpose.

| | aurora-pay | tanchou-pay |
|---|---|---|
| charge | `POST /v1/charges` | `POST /api/payments` |
| amount | decimal string, `"3200.00"` | minor units, `3200`: a yen has none smaller |
| your name for it | header `Idempotency-Key` | field `clientReference` |
| the same name again | the first answer again | a second charge |
| outcome | in the answer | `PENDING`; then a callback, or ask |
| declined card | 402 | 202, and `REFUSED` later |
| ask | `GET /v1/charges?idempotency_key=` | `GET /api/payments?clientReference=` |
| about a card | `GET /v1/issuers/123456` | – |

Both promise to carry a request out within `SETTLES_WITHIN_S` seconds or not at all.
"""

from collections.abc import Callable

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from workbook.providers.books import Charge
from workbook.providers.provider import OpenAccount, Provider, Refused
from workbook.providers.web import json_response

__all__ = ["SETTLES_WITHIN_S", "Aurora", "Tanchou"]

SETTLES_WITHIN_S = 10.0

_ISSUERS = ("Hokkaido Bank", "Ezo Card", "Otaru Credit", "Tokachi Trust")


class Aurora(Provider):
    """aurora-pay: decimal strings, an idempotency key, and the outcome at once."""

    name = "aurora-pay"
    rules = (
        Rule("/v1/charges", endpoint="charge", methods=["POST"]),
        Rule("/v1/charges", endpoint="search", methods=["GET"]),
        Rule("/v1/issuers/<prefix>", endpoint="issuer", methods=["GET"]),
    )

    def error(self, refusal: Refused) -> dict:
        """An object `error` with a type and a message."""
        return {"error": {"type": refusal.code, "message": refusal.message}}

    def charge(self, account: OpenAccount, request: Request) -> Response:
        """POST /v1/charges: 201 with the charge, 402 for a declined card."""
        key = request.headers.get("Idempotency-Key")
        if not key:
            raise Refused(400, "no_key", "send an Idempotency-Key")
        body = request.get_json(force=True)
        amount_yen = _yen_of(body.get("amount"))
        known = account.books.with_key(key)
        if known and (known[0].amount_yen, known[0].card) != (
            amount_yen,
            body.get("source"),
        ):
            raise Refused(422, "key_reused", "this key came with other parameters")
        charge = (
            known[0]
            if known
            else account.books.charge(
                key, amount_yen, str(body.get("source")), prefix="ch_"
            )
        )
        if not charge.taken:
            raise Refused(402, "card_declined", f"card declined: {charge.id}")
        return json_response(_aurora_form(charge), 201)

    def search(self, account: OpenAccount, request: Request) -> Response:
        """GET /v1/charges?idempotency_key=K: the charges made with that key."""
        found = account.books.with_key(request.args.get("idempotency_key", ""))
        return json_response({"data": [_aurora_form(charge) for charge in found]})

    def issuer(self, account: OpenAccount, request: Request, prefix: str) -> Response:
        """GET /v1/issuers/PREFIX: which bank issued the cards that begin so."""
        if not (prefix.isdigit() and len(prefix) == 6):
            raise Refused(404, "no_issuer", f"{prefix!r} are not six digits")
        name = _ISSUERS[int(prefix) % len(_ISSUERS)]
        return json_response({"prefix": prefix, "name": name})


class Tanchou(Provider):
    """tanchou-pay: minor units, a reference that merely names, the outcome later."""

    name = "tanchou-pay"
    rules = (
        Rule("/api/payments", endpoint="charge", methods=["POST"]),
        Rule("/api/payments", endpoint="search", methods=["GET"]),
    )

    def __init__(
        self, *, send: Callable[[str, dict], None] = lambda url, body: None, **options
    ) -> None:
        super().__init__(**options)
        self.send = send

    def error(self, refusal: Refused) -> dict:
        """A flat object with a code and a text."""
        return {"code": refusal.code.upper(), "text": refusal.message}

    def charge(self, account: OpenAccount, request: Request) -> Response:
        """POST /api/payments: 202, and the outcome by callback. Twice is twice."""
        body = request.get_json(force=True)
        amount = body.get("minorUnits")
        if not isinstance(amount, int) or amount <= 0:
            raise Refused(400, "bad_amount", "minorUnits is a whole number above 0")
        charge = account.books.charge(
            str(body.get("clientReference")),
            amount,
            str(body.get("cardToken")),
            prefix="TP",
        )
        response = json_response({"paymentId": charge.id, "state": "PENDING"}, 202)
        response.charge = charge
        return response

    def carried_out(self, account: OpenAccount, response: Response) -> None:
        """Call the merchant back about a payment, if there is anybody to call."""
        charge = getattr(response, "charge", None)
        if charge is not None and account.callback_url:
            self.send(account.callback_url, _tanchou_form(charge))

    def search(self, account: OpenAccount, request: Request) -> Response:
        """GET /api/payments?clientReference=R: the payments with that reference."""
        found = account.books.with_key(request.args.get("clientReference", ""))
        return json_response({"payments": [_tanchou_form(charge) for charge in found]})


def _yen_of(amount: str) -> int:
    whole, _, cents = str(amount).partition(".")
    if not whole.isdigit() or cents != "00" or int(whole) == 0:
        raise Refused(400, "bad_amount", 'amount is a decimal string such as "3200.00"')
    return int(whole)


def _aurora_form(charge: Charge) -> dict:
    return {
        "id": charge.id,
        "idempotency_key": charge.key,
        "amount": f"{charge.amount_yen}.00",
        "status": "succeeded" if charge.taken else "declined",
    }


def _tanchou_form(charge: Charge) -> dict:
    return {
        "paymentId": charge.id,
        "clientReference": charge.key,
        "minorUnits": charge.amount_yen,
        "state": "CAPTURED" if charge.taken else "REFUSED",
    }
