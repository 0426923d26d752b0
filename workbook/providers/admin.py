"""A site and its accounts, through the provider's admin API."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import httpx

from workbook.providers.books import Charge

__all__ = ["Account", "Site"]


@dataclass
class Site:
    """A provider at an address, of which accounts can be opened.

    `connect(**options)` makes an HTTP client for that address.
    """

    name: str
    connect: Callable[..., httpx.Client] = field(repr=False)

    @cached_property
    def http(self) -> httpx.Client:
        """The client for the admin API."""
        return self.connect()

    def open_account(self, callback_url: str | None = None, **sandbox) -> "Account":
        """A new account; `sandbox` settings as `Account.configure` takes them."""
        asked = {"callback_url": callback_url}
        made = _ok(self.http.post("/admin/accounts", json=asked)).json()
        account = Account(self, made["name"], made["secret"])
        if sandbox:
            account.configure(**sandbox)
        return account


@dataclass
class Account:
    """A merchant's account, which can be used, configured and looked into."""

    site: Site
    name: str
    secret: str = field(repr=False)

    def client(self, **options) -> httpx.Client:
        """An HTTP client that speaks for this account; `options` are httpx's."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.site.connect(headers=headers, **options)

    def configure(self, **sandbox) -> None:
        """Set the account's faults, afresh: see `workbook.providers.Sandbox`."""
        _ok(self.site.http.put(f"{self._path}/sandbox", json=sandbox))

    def books(self) -> list[Charge]:
        """Every charge that this account's provider made, in order."""
        rows = _ok(self.site.http.get(f"{self._path}/books")).json()["charges"]
        return [Charge(**row) for row in rows]

    def requests(self) -> int:
        """How many requests of this account have arrived."""
        return _ok(self.site.http.get(f"{self._path}/books")).json()["requests"]

    def taken_yen(self) -> dict[str, int]:
        """What was really taken in all, for each of the merchant's keys."""
        total: dict[str, int] = {}
        for charge in self.books():
            if charge.taken:
                total[charge.key] = total.get(charge.key, 0) + charge.amount_yen
        return total

    def drop(self) -> None:
        """Close the account; the provider forgets it and its books."""
        _ok(self.site.http.delete(self._path))

    @property
    def _path(self) -> str:
        return f"/admin/accounts/{self.name}"


def _ok(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        raise ValueError(f"{response.status_code}: {response.text}")
    return response
