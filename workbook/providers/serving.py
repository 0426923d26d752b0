"""Running a provider: on a free loopback port, for as long as a `with` block."""

import asyncio
import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue

import httpx
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.wsgi import WSGIContainer
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


class _Door(RequestHandler):
    """Lets each request into the WSGI application, in a thread: it may be slow."""

    def initialize(self, app: Callable, threads: Executor) -> None:
        """What tornado calls with the route's options."""
        self.app, self.threads = app, threads

    async def prepare(self) -> None:
        """Answer any method, or close the connection if that is the answer."""
        environ = WSGIContainer(self.app).environ(self.request)
        ask = functools.partial(Response.from_app, self.app, environ, buffered=True)
        try:
            answer = await asyncio.wrap_future(self.threads.submit(ask))
        except ConnectionResetError:
            self.request.connection.stream.close()
            return
        self.set_status(answer.status_code)
        for name, text in answer.headers.items():
            self.set_header(name, text)
        self.finish(answer.data or None)  # a 204 has no body, not even an empty one


@contextmanager
def served(app: Callable) -> Iterator[str]:
    """A WSGI application on a free port of this machine; gives its URL.

    tornado is the server, since it runs Jupyter and so is here already.
    """
    ready: Future = Future()

    async def serve(threads: Executor) -> None:
        stop = asyncio.Event()
        options = {"app": app, "threads": threads}
        routes = Application([(".*", _Door, options)], log_function=lambda _: None)
        sockets = bind_sockets(0, "127.0.0.1")
        server = HTTPServer(routes)
        server.add_sockets(sockets)
        loop = asyncio.get_running_loop()
        ready.set_result((sockets[0].getsockname()[1], loop, stop))
        await stop.wait()
        server.stop()
        await server.close_all_connections()

    with ThreadPoolExecutor(32, "provider") as threads:
        thread = threading.Thread(
            target=lambda: asyncio.run(serve(threads)), daemon=True
        )
        thread.start()
        port, loop, stop = ready.result(timeout=10)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()


def loopback_client(url: str, **options) -> httpx.Client:
    """An HTTP client for an address on this machine: no proxy, no certificates."""
    return httpx.Client(base_url=url, trust_env=False, verify=False, **options)


@contextmanager
def aurora_pay() -> Iterator[Site]:
    """aurora-pay, up and running."""
    with served(Aurora()) as url, _site(Aurora.name, url) as site:
        yield site


@contextmanager
def tanchou_pay() -> Iterator[Site]:
    """tanchou-pay, up and running; its callbacks go out in a thread of their own."""
    with (
        ThreadPoolExecutor(1, "tanchou callbacks") as postman,
        httpx.Client(trust_env=False, verify=False, timeout=2.0) as caller,
    ):

        def send(url: str, body: dict) -> None:
            postman.submit(caller.post, url, json=body)

        with (
            served(Tanchou(send=send)) as url,
            _site(Tanchou.name, url) as site,
        ):
            yield site


@contextmanager
def _site(name: str, url: str) -> Iterator[Site]:
    site = Site(name, functools.partial(loopback_client, url))
    with site.http:
        yield site


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
    connect = functools.partial(
        loopback_client,
        f"http://{provider.name}",
        transport=httpx.WSGITransport(provider),
    )
    return Site(provider.name, connect)
