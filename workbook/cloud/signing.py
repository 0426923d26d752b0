"""Requests that never leave the machine need no signature.

Signature version 4 hashes each request several times: an eighth of the time of a mocked
call. What moto reads off a signature is the access key and the region, which stay in
the header. No credentials are fetched from anywhere for such a request.
"""

from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.signers import RequestSigner

from .guard import is_loopback

__all__ = ["install"]

_real_auth = RequestSigner.get_auth_instance
_THROW_AWAY = Credentials("testing", "testing", "testing")


def install() -> None:
    """Sign no request but those to a loopback endpoint, whichever client makes it."""
    RequestSigner.get_auth_instance = _auth


class _Unsigned:
    """Stands in for a signature; signs after all what goes to a loopback endpoint."""

    def __init__(self, signer: RequestSigner, wanted: dict[str, Any]) -> None:
        self.signer, self.wanted = signer, wanted

    def add_auth(self, request: AWSRequest) -> None:
        """Put into the request's header what moto reads of it."""
        wanted = self.wanted
        if not is_loopback(request.url):
            if wanted["signature_version"] == "v4":
                request.headers["Authorization"] = self._header()
                return
            wanted = wanted | {"request_credentials": self._credentials()}
        _real_auth(self.signer, **wanted).add_auth(request)

    def _header(self) -> str:
        key, wanted = self._credentials().access_key, self.wanted
        scope = f"{wanted['region_name']}/{wanted['signing_name']}/aws4_request"
        credential = f"{key}/20180311/{scope}"
        return (
            f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
        )

    def _credentials(self) -> Credentials:
        # Any other kind may have to be fetched from somewhere first.
        known = self.signer._credentials
        return known if type(known) is Credentials else _THROW_AWAY


def _auth(
    signer: RequestSigner, signing_name: str, region_name: str, **more: Any
) -> Any:
    wanted = {"signing_name": signing_name, "region_name": region_name, **more}
    wanted.setdefault("signature_version", signer.signature_version)
    if wanted["signature_version"].endswith(("-query", "-presign-post")):
        return _real_auth(signer, **wanted)  # a signed link, which is not a request
    return _Unsigned(signer, wanted)
