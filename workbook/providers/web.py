"""Answers as a provider sends them, and the answer that never comes."""

import json
from typing import NoReturn

from werkzeug.wrappers import Response

__all__ = ["drop_connection", "json_response"]


def json_response(
    body: dict, status: int = 200, headers: dict | None = None
) -> Response:
    """A response with a JSON body."""
    return Response(json.dumps(body), status, headers, content_type="application/json")


def drop_connection() -> NoReturn:
    """Close the connection without an answer: the server does so when it hears this."""
    raise ConnectionResetError("the connection was closed without an answer")
