"""What both providers share: accounts, an admin API, faults, a rate limit.

A provider is a WSGI application, so that it runs behind any server, or behind none
(httpx's `WSGITransport`). Its `state` is plain data, which the failure explorer sets
back before each schedule.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from workbook.patterns.backend import TokenBucket
from workbook.providers.books import Books
from workbook.providers.sandbox import Sandbox
from workbook.providers.web import drop_connection, json_response

__all__ = ["OpenAccount", "Provider", "Refused"]

_ADMIN = "admin"


class Refused(Exception):
    """The provider says no: an HTTP status, and a body in the provider's own shape."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}


@dataclass
class OpenAccount:
    """A merchant's account: its secret, its books, and how it misbehaves."""

    secret: str
    callback_url: str | None = None
    books: Books = field(default_factory=Books)
    sandbox: Sandbox = field(default_factory=Sandbox)


class Provider:
    """A provider without its own API, which its kind adds: `rules` and the endpoints.

    `name` is what its kind is called, `sleep` how a slow answer waits.
    """

    name = "provider"
    rules: tuple[Rule, ...] = ()

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep
        self.state: dict[str, OpenAccount] = {}
        self.requests: dict[str, int] = {}  # by account: no part of the state
        self._luck: dict[str, random.Random] = {}
        self._buckets: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()
        self._under_way = 0
        self._idle = threading.Condition()
        self._urls = Map([*_admin_rules(), *(rule.empty() for rule in self.rules)])

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        """Answer one request, as WSGI has it."""
        request = Request(environ)
        try:
            response = self._respond(request)
        except Refused as no:
            response = json_response(self.error(no), no.status, no.headers)
        except HTTPException as no:
            refusal = Refused(no.code or 500, "not_found", no.description or no.name)
            response = json_response(self.error(refusal), no.code or 500)
        return response(environ, start_response)

    def error(self, refusal: Refused) -> dict:
        """The body of an error, in the provider's own shape."""
        raise NotImplementedError

    def carried_out(self, account: OpenAccount, response: Response) -> None:
        """What the provider does once a request was carried out."""

    # --- the merchants' side ----------------------------------------------------------

    def _respond(self, request: Request) -> Response:
        endpoint, values = self._urls.bind_to_environ(request.environ).match()
        if endpoint.startswith(_ADMIN):
            return getattr(self, endpoint)(request, **values)
        with self._counted():
            return self._carry_out(endpoint, request, values)

    def _carry_out(self, endpoint: str, request: Request, values: dict) -> Response:
        name, account = self._account_of(request)
        fault = self._misfortune(name, account)
        if fault == "dropped_before":
            drop_connection()
        with self._lock:  # one at a time, as a ledger is written
            response = getattr(self, endpoint)(account, request, **values)
        self.carried_out(account, response)
        if fault == "dropped_after":
            drop_connection()
        return response

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Know that a merchant's request is under way."""
        with self._idle:
            self._under_way += 1
        try:
            yield
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def _account_of(self, request: Request) -> tuple[str, OpenAccount]:
        token = request.authorization.token if request.authorization else None
        for name, account in self.state.items():
            if account.secret == token:
                return name, account
        raise Refused(401, "unauthorized", "the Authorization header names no account")

    def _misfortune(self, name: str, account: OpenAccount) -> str | None:
        """The fault of this request; those that end it are raised."""
        with self._lock:
            self.requests[name] = self.requests.get(name, 0) + 1
            fault = account.sandbox.fault(self._luck[name])
            wait_s = self._buckets[name].take() if name in self._buckets else 0.0
        if account.sandbox.down:
            raise Refused(503, "unavailable", "down; nothing was done")
        if wait_s or fault == "throttled":
            after = wait_s or account.sandbox.retry_after_s
            text = "too many requests; nothing was done"
            raise Refused(429, "too_many_requests", text, Retry_After=f"{after:g}")
        if fault == "error":
            raise Refused(500, "internal_error", "something went wrong")
        if fault == "slow":
            self.sleep(account.sandbox.slow_s)
        return fault

    # --- the admin API ----------------------------------------------------------------

    def admin_open(self, request: Request) -> Response:
        """POST /admin/accounts: a new account with its secret."""
        settings = request.get_json(force=True)
        with self._lock:
            numbers = range(1, len(self.state) + 2)
            names = (f"account-{number}" for number in numbers)
            name = next(name for name in names if name not in self.state)
            account = OpenAccount(f"secret-{name}", settings.get("callback_url"))
            self.state[name] = account
        self._configure(name, {})
        return json_response({"name": name, "secret": account.secret}, 201)

    def admin_configure(self, request: Request, name: str) -> Response:
        """PUT /admin/accounts/NAME/sandbox: how the account misbehaves from now on."""
        self._named(name)
        try:
            self._configure(name, request.get_json(force=True))
        except (TypeError, ValueError) as reason:
            raise Refused(422, "bad_setting", str(reason)) from reason
        return json_response(self.state[name].sandbox.settings())

    def admin_books(self, request: Request, name: str) -> Response:
        """GET /admin/accounts/NAME/books: every charge, and how many requests came.

        It waits for requests that are under way, up to five seconds: a client that did
        not wait for a slow one may be charged all the same.
        """
        with self._idle:
            self._idle.wait_for(lambda: not self._under_way, timeout=5)
        account, asked = self._named(name), self.requests.get(name, 0)
        return json_response({"charges": account.books.rows(), "requests": asked})

    def admin_drop(self, request: Request, name: str) -> Response:
        """DELETE /admin/accounts/NAME: the account is gone, with its books."""
        self._named(name)
        for kept in (self.state, self.requests, self._luck, self._buckets):
            kept.pop(name, None)
        return Response(status=204)

    def _named(self, name: str) -> OpenAccount:
        if name not in self.state:
            raise NotFound(f"there is no account {name!r}")
        return self.state[name]

    def _configure(self, name: str, settings: dict) -> None:
        sandbox = Sandbox.of(settings)
        self.state[name].sandbox = sandbox
        self._luck[name] = random.Random(sandbox.seed)
        self._buckets.pop(name, None)
        if sandbox.rate_per_s is not None:
            self._buckets[name] = TokenBucket(sandbox.rate_per_s, sandbox.burst)


def _admin_rules() -> list[Rule]:
    one = "/admin/accounts/<name>"
    return [
        Rule("/admin/accounts", endpoint="admin_open", methods=["POST"]),
        Rule(f"{one}/sandbox", endpoint="admin_configure", methods=["PUT"]),
        Rule(f"{one}/books", endpoint="admin_books", methods=["GET"]),
        Rule(one, endpoint="admin_drop", methods=["DELETE"]),
    ]
