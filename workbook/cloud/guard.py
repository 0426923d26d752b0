"""Real AWS is out of reach: no request that boto3 makes leaves this machine.

Importing `workbook.cloud` arms the guard, for good. It stands where the requests of
every botocore client go out, whenever the client was made. A request goes to moto while
the local cloud runs, to a loopback address (127.0.0.0/8, ::1, localhost), or nowhere:
then `RealCloudRefused` says what to do. Nor does boto3 look for credentials elsewhere.

Only botocore is guarded. `requests.get("https://...")` in a cell is the reader's own.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import boto3.s3.transfer
import moto
from botocore import credentials
from botocore.endpoint import Endpoint
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber
from urllib3.util import parse_url

__all__ = ["RealCloudRefused", "arm", "is_loopback"]

_START = "call local_cloud() first: it answers this call on your machine"
_ELSEWHERE = (
    "the client was made with an endpoint that is not on this machine: make it again, "
    "without endpoint_url or with one on 127.0.0.1"
)
_UNMOCKED = (
    f"moto {moto.__version__}, which stands in for AWS here, does not know this "
    "operation: do without it"
)


class RealCloudRefused(RuntimeError):
    """A call would have left this machine. Nothing was sent.

    `host` is where it would have gone, `service` and `operation` what it would have
    asked for (empty when the SDK looked for credentials), `way_on` what to do instead.
    """

    def __init__(self, host: str, way_on: str, service: str = "", operation: str = ""):
        self.host, self.way_on = host, way_on
        self.service, self.operation = service, operation
        call = f"{service} {operation}" if operation else "a request of boto3"
        super().__init__(f"{call} was not sent to {host}: {way_on}")

    def naming(self, service: str, operation: str) -> "RealCloudRefused":
        """The same refusal with the call's name, unless it has one."""
        if self.operation:
            return self
        return type(self)(self.host, self.way_on, service, operation)


def arm() -> None:
    """Guard every botocore client of this process. Doing so again changes nothing."""
    _wrap(URLLib3Session, "send", _guarded_send)
    _wrap(Endpoint, "_send_request", _naming_the_call)
    _wrap(BotocoreStubber, "process_request", _refusing_the_unmocked)
    # These would ask a metadata service, or run a program that does. Nobody needs what
    # they find: a call to AWS is never sent, and a loopback endpoint has its own keys.
    for provider in (
        credentials.ContainerProvider,
        credentials.InstanceMetadataProvider,
        credentials.ProcessProvider,
    ):
        _wrap(provider, "load", _without_credentials)
    # The AWS CRT, when installed, brings an HTTP client of its own for S3 transfers.
    _wrap(boto3.s3.transfer, "_should_use_crt", _without_crt)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this very machine, by the parser that connects to it."""
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or _is_local_name(host)


def _wrap(owner: Any, name: str, guard: Callable[[Callable], Callable]) -> None:
    original = getattr(owner, name)
    if not getattr(original, "guards", False):
        guarded = guard(original)
        guarded.guards = True
        setattr(owner, name, guarded)


def _guarded_send(real_send: Callable) -> Callable:
    def send(session: URLLib3Session, request: Any) -> Any:
        if is_loopback(request.url):
            return real_send(_without_remote_proxy(session, request.url), request)
        # Clients made before moto was imported do not ask it by themselves.
        answer = botocore_stubber("before-send", request)
        if answer is None:
            way_on = _ELSEWHERE if botocore_stubber.enabled else _START
            raise RealCloudRefused(_host(request.url), way_on)
        return answer

    return send


def _naming_the_call(send_request: Callable) -> Callable:
    def named(endpoint: Endpoint, request_dict: dict, operation_model: Any) -> Any:
        try:
            return send_request(endpoint, request_dict, operation_model)
        except RealCloudRefused as refusal:
            service = operation_model.service_model.service_name
            raise refusal.naming(service, operation_model.name) from None

    return named


def _refusing_the_unmocked(process_request: Callable) -> Callable:
    def process(stubber: BotocoreStubber, request: Any) -> Any:
        try:
            answer = process_request(stubber, request)
        except NotImplementedError as unknown:
            raise RealCloudRefused(_host(request.url), _UNMOCKED) from unknown
        if answer == (404, {}, "Not yet implemented"):
            raise RealCloudRefused(_host(request.url), _UNMOCKED)
        return answer

    return process


def _without_credentials(load: Callable) -> Callable:
    return lambda provider: None


def _without_crt(should_use_crt: Callable) -> Callable:
    return lambda config: False


def _without_remote_proxy(session: URLLib3Session, url: str) -> URLLib3Session:
    """The session itself, unless it would send a loopback request through a proxy."""
    proxy_url = session._proxy_config.proxy_url_for(url)
    if proxy_url is None or is_loopback(proxy_url):
        return session
    return URLLib3Session(verify=session._verify)


def _host(url: str) -> str:
    return (parse_url(url).host or "").strip("[]").lower()


def _is_local_name(host: str) -> bool:
    """Whether a name such as queue.localhost means this machine and nothing else."""
    if not host.endswith(".localhost"):
        return False
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(ipaddress.ip_address(address[0]).is_loopback for *_, address in found)
