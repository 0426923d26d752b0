"""Services outside AWS, as far as the explorer is concerned: HTTP calls to them.

Such a service is a WSGI application in this process, reached by httpx at
`http://NAME` (`httpx.WSGITransport`). It has a `name` and a `state`, plain data that
the explorer photographs with the mock cloud and sets back before each schedule.
"""

from collections.abc import Callable
from typing import Any

import httpx

from workbook.explore.footprint import Touch
from workbook.explore.invocation import Request, current

__all__ = ["asked_by_httpx", "lost", "throttled"]

# What a client adds to every request, and so tells no two requests apart.
_USUAL = {"accept", "accept-encoding", "connection", "content-length", "host"}
_USUAL |= {"content-type", "user-agent"}


def asked_by_httpx(
    ask: Callable[[Request], Any], known: set[str], unknown: set[str]
) -> Callable:
    """`httpx.Client.send` for the length of an exploration.

    `ask(request)` has a call carried out and gives back what `_perform` gave. Hosts
    that are not `known` are noted in `unknown`, and their calls refused.
    """
    real_send = httpx.Client.send

    def send(client: httpx.Client, sent: httpx.Request, **options: Any):
        invocation = current()
        if invocation is not None and invocation.request_in_flight:
            return real_send(client, sent, **options)
        if sent.url.host not in known:
            unknown.add(sent.url.host)
            raise httpx.ConnectError(f"no service {sent.url.host!r}", request=sent)
        answer = ask(_request(sent, lambda: _perform(real_send, client, sent, options)))
        return httpx.Response(request=sent, **answer)

    return send


def _perform(real_send: Callable, client: Any, sent: Any, options: dict) -> dict:
    """Really send, and give the response as plain data."""
    response = real_send(client, sent, **options)
    body = response.read()
    headers = dict(response.headers)
    headers.pop("content-encoding", None)  # read() has undone it
    return {"status_code": response.status_code, "headers": headers, "content": body}


def _request(sent: httpx.Request, perform: Callable[[], dict]) -> Request:
    path = sent.url.raw_path.decode()
    headers = {k: v for k, v in sent.headers.items() if k not in _USUAL}
    asked = {"body": sent.read(), "headers": headers}
    reads = sent.method in ("GET", "HEAD")
    touched = (Touch(("http", sent.url.host), writes=not reads),)
    operation = f"{sent.method} {path}"
    return Request(
        sent.url.host, operation, asked, "", touched, perform, protocol="http"
    )


def lost(request: Request) -> Exception:
    """What httpx raises when the request or its answer is lost: one cannot tell which.

    A connection is there already, so both are a silence, and only the books tell them
    apart. (AWS's own clients open one for the call: a lost request is a
    `ConnectTimeoutError` there.)
    """
    asked = httpx.Request("GET", f"http://{request.service}")
    return httpx.ReadTimeout("timed out", request=asked)


def throttled() -> dict:
    """A refusal for asking too often, as plain data."""
    headers = {"retry-after": "1", "content-type": "application/json"}
    return {"status_code": 429, "headers": headers, "content": b"{}"}
