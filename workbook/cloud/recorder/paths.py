"""How a call goes about finding its items, in words."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["path"]

_NAMED = re.compile(r"[#:][A-Za-z0-9_]+")

Params = Mapping[str, Any]


def path(operation: str, params: Params) -> str:
    """Such as "buyer_id = buyer-7, then filter status = open"."""
    if operation == "Scan":
        found = "everything"
    elif operation == "Query":
        found = _spelt(params.get("KeyConditionExpression", ""), params)
    elif "Key" in params:
        found = " AND ".join(f"{k} = {_value(v)}" for k, v in params["Key"].items())
    else:
        found = ""
    dropped = params.get("FilterExpression")
    return f"{found}, then filter {_spelt(dropped, params)}" if dropped else found


def _spelt(expression: str, params: Params) -> str:
    """An expression with the names and values that stand for its placeholders."""
    names = params.get("ExpressionAttributeNames") or {}
    values = params.get("ExpressionAttributeValues") or {}

    def meant(placeholder: re.Match) -> str:
        text = placeholder.group()
        return _value(values[text]) if text in values else names.get(text, text)

    plain = _NAMED.sub(meant, expression)
    return plain[1:-1] if plain.startswith("(") and plain.count("(") == 1 else plain


def _value(typed: Mapping[str, Any]) -> str:
    return str(next(iter(typed.values())))
