"""One service for payments, in the shop's own words, in front of two providers.

    payments = Payments(Intents(table), [AuroraPay(http), TanchouPay(other_http)])
    payments.charge(Payment("order-7", 3200, "0001"))

Introduced in chapter 07.
"""

from workbook.shop.payments.aurora import AuroraPay
from workbook.shop.payments.intents import Busy, Intents
from workbook.shop.payments.service import Payments, guarded
from workbook.shop.payments.tanchou import TanchouPay
from workbook.shop.payments.words import NotCharged, Payment, Receipt, Unknown

__all__ = [
    "AuroraPay",
    "Busy",
    "Intents",
    "NotCharged",
    "Payment",
    "Payments",
    "Receipt",
    "TanchouPay",
    "Unknown",
    "guarded",
]
