"""Real AWS is out of reach: no request of boto3 leaves this machine."""

import ipaddress
from typing import Any

from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber
from urllib3.util import parse_url

__all__ = ["RealCloudRefused", "arm"]


class RealCloudRefused(RuntimeError):
    """A call would have left this machine; nothing was sent."""


_real_send = URLLib3Session.send


def arm() -> None:
    """Guard every botocore client, whenever it was made. Doing so twice is no harm."""
    URLLib3Session.send = _send


def _send(session: URLLib3Session, request: Any) -> Any:
    answer = botocore_stubber("before-send", request)
    if answer is not None:
        return answer
    host = parse_url(request.url).host or ""
    if not _is_loopback(host):
        raise RealCloudRefused(f"{host}: call local_cloud() first")
    return _real_send(session, request)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


arm()
