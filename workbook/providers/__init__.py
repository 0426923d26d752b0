"""Two payment providers of other companies, on this machine.

    with aurora_pay() as site:
        account = site.open_account()
        ...                            # account.url, account.secret: talk HTTP to it
        account.books()                # what was really charged

Each is an HTTP server on a free loopback port, with its own API, its own errors and an
admin API that makes accounts, configures their faults and drops them, so that a test
run can have a provider of its own. Neither knows the shop, nor the other one.
Introduced in chapter 07.
"""

from workbook.providers.admin import Account, Site
from workbook.providers.books import Charge
from workbook.providers.kinds import Aurora, Tanchou
from workbook.providers.sandbox import Sandbox
from workbook.providers.serving import aurora_pay, callbacks, in_process, tanchou_pay

__all__ = [
    "Account",
    "Aurora",
    "Charge",
    "Sandbox",
    "Site",
    "Tanchou",
    "aurora_pay",
    "callbacks",
    "in_process",
    "tanchou_pay",
]
