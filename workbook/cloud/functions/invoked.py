"""Let `lambda.invoke` of boto3, and state machines, really run a `Function`.

Without Docker moto answers every invocation with a canned text
(moto.awslambda_simple, moto 5.2.5). Functions that are registered here run instead:
directly or, with InvocationType "Event", asynchronously. A function that moto does not
know, since it was never created or the world was emptied, is refused as by AWS with
ResourceNotFoundException
(https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, read 2026-11-24).
"""

import json
from typing import TYPE_CHECKING, Any

from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.exceptions import JsonRESTError

from .aws import ACCOUNT, client
from .invocation import Throttled

if TYPE_CHECKING:
    from .direct import Function

__all__ = ["create"]

_ROLE = {"Version": "2012-10-17", "Statement": []}

# By name, and not kept in moto's own objects: the explorer copies those.
_functions: dict[str, "Function"] = {}


class _TooManyRequests(JsonRESTError):
    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


def create(function: "Function") -> None:
    """Make `function` known to the mocked Lambda, under its name."""
    role = f"{function.name}-role"
    client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(_ROLE))
    client("lambda").create_function(
        FunctionName=function.name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        Handler="handler",
        Code={"ZipFile": b"the code is in this process"},
        Timeout=int(function.timeout_s),
        MemorySize=function.memory_mb,
    )
    _functions[function.name] = function


def _invoke(
    backend: LambdaSimpleBackend,
    name: str,
    qualifier: str | None,
    body: Any,
    headers: Any,
    response_headers: dict[str, str],
) -> bytes:
    known = backend.get_function(name, qualifier)  # refuses what is not there
    function = _functions.get(known.function_name)
    if function is None:  # made by somebody else
        return _canned(backend, name, qualifier, body, headers, response_headers)
    event = json.loads(body or "{}")
    try:
        if headers.get("X-Amz-Invocation-Type") == "Event":
            function.invoke_async(event)
            return b""
        run = function.invoke(event)
    except Throttled:
        raise _TooManyRequests from None
    if not run.ok:
        response_headers["x-amz-function-error"] = "Unhandled"
    return json.dumps(run.payload).encode()


_canned = LambdaSimpleBackend.invoke
LambdaSimpleBackend.invoke = _invoke
