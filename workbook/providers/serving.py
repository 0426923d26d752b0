"""Running a provider: on a free loopback port, for as long as a `with` block."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue

import httpx
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from workbook.providers.admin import Site
from workbook.providers.kinds import Aurora, Tanchou

__all__ = [
    "aurora_pay",
    "callbacks",
    "in_process",
    "loopback_client",
    "served",
    "tanchou_pay",
]


class _Quietly(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection is used again

    def log(self, *args) -> None:
        """A cell's output is the reader's, not the server's."""

    def connection_dropped(self, error, environ=None) -> None:
        """A client that gave up, or a connection that we dropped: both are meant."""


@contextmanager
def served(app) -> Iterator[str]:
    """A WSGI application on a free port of this machine; gives its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quietly)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def loopback_client(url: str, **options) -> httpx.Client:
    """An HTTP client for an address on this machine: no proxy, no certificates."""
    return httpx.Client(base_url=url, trust_env=False, verify=False, **options)


@contextmanager
def aurora_pay() -> Iterator[Site]:
    """aurora-pay, up and running."""
    with served(Aurora()) as url, loopback_client(url) as http:
        yield Site("aurora-pay", http)


@contextmanager
def tanchou_pay() -> Iterator[Site]:
    """tanchou-pay, up and running; its callbacks go out in a thread of their own."""
    with (
        ThreadPoolExecutor(1, "tanchou callbacks") as postman,
        httpx.Client(trust_env=False, verify=False, timeout=2.0) as caller,
    ):

        def send(url: str, body: dict) -> None:
            postman.submit(caller.post, url, json=body)

        with served(Tanchou(send=send)) as url, loopback_client(url) as http:
            yield Site("tanchou-pay", http)


@contextmanager
def callbacks() -> Iterator[tuple[str, Queue]]:
    """An endpoint for a provider's callbacks: its URL, and a queue of what arrives."""
    arrived: Queue = Queue()

    def endpoint(environ, start_response):
        arrived.put(Request(environ).get_json(force=True))
        return Response(status=204)(environ, start_response)

    with served(endpoint) as url:
        yield url, arrived


def in_process(provider) -> Site:
    """A provider without a server: requests to `http://NAME` are function calls.

    The failure explorer takes it so: `explore(…, outside=[provider])`.
    """
    transport = httpx.WSGITransport(provider)
    return Site(
        provider.name, loopback_client(f"http://{provider.name}", transport=transport)
    )
