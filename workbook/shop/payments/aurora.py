"""aurora-pay in the shop's words: decimal strings out, an idempotency key in."""

import httpx

from workbook.shop.payments.words import Payment, Receipt, in_our_words, refusal

__all__ = ["AuroraPay"]


class AuroraPay:
    """`http` speaks for our account. A charge may be repeated: the key is the order."""

    name = "aurora-pay"
    repeatable = True

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def charge(self, payment: Payment) -> Receipt:
        """Take the money, once for each order id."""
        body = {"amount": f"{payment.amount_yen}.00", "source": payment.card}
        key = {"Idempotency-Key": payment.order_id}
        with in_our_words(self.name):
            response = self.http.post("/v1/charges", json=body, headers=key)
        if response.status_code == 402:
            return Receipt("declined", self.name, payment.order_id)
        refusal(self.name, response)
        return Receipt("captured", self.name, response.json()["id"])

    def find(self, order_id: str) -> Receipt | None:
        """What the provider knows of an order's payment; None if it knows nothing."""
        with in_our_words(self.name):
            response = self.http.get(
                "/v1/charges", params={"idempotency_key": order_id}
            )
        refusal(self.name, response)
        for charge in response.json()["data"]:
            taken = charge["status"] == "succeeded"
            outcome = "captured" if taken else "declined"
            return Receipt(outcome, self.name, charge["id"])
        return None

    def issuer(self, prefix: str) -> str:
        """The bank that issued the cards whose number begins with these six digits."""
        with in_our_words(self.name):
            response = self.http.get(f"/v1/issuers/{prefix}")
        refusal(self.name, response)
        return response.json()["name"]
