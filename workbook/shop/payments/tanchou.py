"""tanchou-pay in the shop's words: minor units out, the outcome later."""

import httpx

from workbook.shop.payments.words import Payment, Receipt, in_our_words, refusal

__all__ = ["TanchouPay"]

_OUTCOMES = {"CAPTURED": "captured", "REFUSED": "declined", "PENDING": "pending"}


class TanchouPay:
    """`http` speaks for our account. A charge must not be repeated: twice is twice."""

    name = "tanchou-pay"
    repeatable = False

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def charge(self, payment: Payment) -> Receipt:
        """Ask for the money; the receipt is "pending" until the provider has decided.

        The yen has no smaller unit (ISO 4217), so minor units are yen.
        """
        body = {
            "clientReference": payment.order_id,
            "minorUnits": payment.amount_yen,
            "cardToken": payment.card,
        }
        with in_our_words(self.name):
            response = self.http.post("/api/payments", json=body)
        refusal(self.name, response)
        answer = response.json()
        return Receipt(_OUTCOMES[answer["state"]], self.name, answer["paymentId"])

    def find(self, order_id: str) -> Receipt | None:
        """What the provider knows of an order's payment; None if it knows nothing."""
        asked = {"clientReference": order_id}
        with in_our_words(self.name):
            response = self.http.get("/api/payments", params=asked)
        refusal(self.name, response)
        for payment in response.json()["payments"]:
            outcome = _OUTCOMES[payment["state"]]
            return Receipt(outcome, self.name, payment["paymentId"])
        return None
