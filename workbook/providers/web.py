"""Answers as a provider sends them, and the answer that never comes."""

import contextlib
import json
import socket

from werkzeug.wrappers import Request, Response

__all__ = ["drop_connection", "json_response"]


def json_response(body: dict, status: int = 200, headers: dict | None = None):
    """A response with a JSON body."""
    return Response(json.dumps(body), status, headers, content_type="application/json")


def drop_connection(request: Request) -> Response:
    """Close the connection under the client; where there is none, say so by raising."""
    connection = request.environ.get("werkzeug.socket")
    if connection is None:
        raise ConnectionResetError("the connection was closed without an answer")
    with contextlib.suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RDWR)
    return Response()
