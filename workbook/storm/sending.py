"""What a handler's `shop.send` does, and a call in words for an order's story."""

import copy
from typing import Any

from workbook.explore.invocation import Request, current
from workbook.storm.bank import FestivalBank

__all__ = ["place", "send"]


def send(queue: str, message: dict) -> None:
    """What a handler's `shop.send` does: a call like any other."""
    asked = {"queue": queue, "message": copy.deepcopy(message)}
    current().call(Request("sqs", "SendMessage", asked, "", (), lambda: None))


def place(request: Request) -> tuple[str, str]:
    """Whom a call asks, and for what, in words for a story."""
    if request.service == "sqs":
        return request.params["queue"], _news(request.params["message"])
    if request.protocol == "http":
        return FestivalBank.name, request.operation.partition("?")[0]
    table = request.params.get("TableName", "")
    return table or "DynamoDB", request.operation


def _news(message: Any) -> str:
    news = message.get("news") if isinstance(message, dict) else None
    return f"send {news!r}" if news else "send"
