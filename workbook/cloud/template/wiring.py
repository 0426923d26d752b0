"""Functions, and what calls them: a function's Events and its asynchronous settings.

The properties are SAM's
(https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html,
read 2026-11-24). An HttpApi or Api event needs nothing here: whoever plays the API
invokes the function directly. Nor does a Schedule: whoever plays the clock does.
"""

import functools
import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..functions import Function, QueueSource, RuleSource, StreamSource
from ..functions.aws import client
from ..functions.source import Source
from .reading import TemplateError
from .resources import check

__all__ = ["function_of", "rule_source", "sources_of"]

_HEEDED = {
    "Handler", "Timeout", "MemorySize", "Environment", "Events", "EventInvokeConfig",
    "DeadLetterQueue", "ReservedConcurrentExecutions", "FunctionName",
}  # fmt: skip
# What matters on AWS alone: the code is in this process, and nobody is asked for leave.
_ON_AWS = {
    "Runtime", "CodeUri", "InlineCode", "Architectures", "Tracing", "Policies", "Role",
    "Layers", "LoggingConfig", "EphemeralStorage", "AutoPublishAlias",
}  # fmt: skip


def function_of(id_: str, name: str, said: Mapping[str, Any]) -> Function:
    """The function, its handler imported; it sees its own environment variables."""
    check(id_, said, _HEEDED | _ON_AWS)
    variables = said.get("Environment", {}).get("Variables", {})
    handler = _with_environment(_imported(id_, said["Handler"]), variables)
    function = Function(
        handler,
        name=name,
        timeout_s=said.get("Timeout", 3),
        memory_mb=said.get("MemorySize", 128),
        reserved_concurrency=said.get("ReservedConcurrentExecutions"),
    )
    settings = _asynchronous(id_, said)
    if settings:
        function.configure_async(**settings)
    return function


def sources_of(id_: str, function: Function, said: Mapping[str, Any]) -> list[Source]:
    """An event source for each of the function's Events that has one."""
    found = []
    for event, details in said.get("Events", {}).items():
        where, kind = f"{id_}, event {event}", details["Type"]
        if kind not in _SOURCES:
            known = ", ".join(sorted(_SOURCES))
            raise TemplateError(f"{where}: type {kind} is not driven here; {known} are")
        source = _SOURCES[kind](where, function, details["Properties"], f"{id_}{event}")
        found += [source] if source else []
    return found


def _imported(id_: str, path: str) -> Callable[[Any, Any], Any]:
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module.replace("/", ".")), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TemplateError(f"{id_}: no handler {path!r}: {error}") from error


def _with_environment(handler: Callable, variables: Mapping[str, Any]) -> Callable:
    @functools.wraps(handler)
    def in_its_environment(event: Any, context: Any) -> Any:
        with _environment({name: str(value) for name, value in variables.items()}):
            return handler(event, context)

    return in_its_environment


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _asynchronous(id_: str, said: Mapping[str, Any]) -> dict[str, Any]:
    config = said.get("EventInvokeConfig", {})
    check(f"{id_}, EventInvokeConfig", config, {*_ASYNCHRONOUS, "DestinationConfig"})
    found = {ours: config[key] for key, ours in _ASYNCHRONOUS.items() if key in config}
    destinations = config.get("DestinationConfig", {})
    for key, ours in (("OnSuccess", "on_success"), ("OnFailure", "on_failure")):
        if key in destinations:
            found[ours] = destinations[key]["Destination"]
    if "DeadLetterQueue" in said:
        found["dead_letter_queue"] = said["DeadLetterQueue"]["TargetArn"]
    return found


_ASYNCHRONOUS = {
    "MaximumRetryAttempts": "maximum_retry_attempts",
    "MaximumEventAgeInSeconds": "maximum_event_age_in_seconds",
}


def _queue_source(where: str, function: Function, said: Mapping, _: str) -> Source:
    names = {
        "BatchSize": "batch_size",
        "MaximumBatchingWindowInSeconds": "maximum_batching_window_in_seconds",
        "FunctionResponseTypes": "function_response_types",
    }
    check(where, said, {*names, "Queue", "ScalingConfig", "Enabled"})
    options = {ours: said[key] for key, ours in names.items() if key in said}
    options["maximum_concurrency"] = said.get("ScalingConfig", {}).get(
        "MaximumConcurrency"
    )
    return QueueSource(function, said["Queue"], **options)


def _stream_source(where: str, function: Function, said: Mapping, _: str) -> Source:
    names = {
        "StartingPosition": "starting_position",
        "BatchSize": "batch_size",
        "MaximumBatchingWindowInSeconds": "maximum_batching_window_in_seconds",
        "MaximumRetryAttempts": "maximum_retry_attempts",
        "MaximumRecordAgeInSeconds": "maximum_record_age_in_seconds",
        "BisectBatchOnFunctionError": "bisect_batch_on_function_error",
        "FunctionResponseTypes": "function_response_types",
    }
    check(
        where,
        said,
        {*names, "Stream", "DestinationConfig", "FilterCriteria", "Enabled"},
    )
    options = {ours: said[key] for key, ours in names.items() if key in said}
    on_failure = said.get("DestinationConfig", {}).get("OnFailure", {})
    options["on_failure"] = on_failure.get("Destination")
    criteria = said.get("FilterCriteria", {}).get("Filters", ())
    options["filters"] = [json.loads(one["Pattern"]) for one in criteria]
    table = said["Stream"].split("/")[1]  # arn:...:table/NAME/stream/TIME
    return StreamSource(function, table, **options)


def _event_rule(where: str, function: Function, said: Mapping, name: str) -> Source:
    check(
        where, said,
        {"Pattern", "EventBusName", "DeadLetterConfig", "RetryPolicy", "RuleName"},
    )  # fmt: skip
    rule = said.get("RuleName", f"{function.name}-{name}")
    bus = said.get("EventBusName", "default")
    client("events").put_rule(
        Name=rule, EventBusName=bus, EventPattern=json.dumps(said["Pattern"])
    )
    return rule_source(function, rule, bus, said)


def rule_source(function: Function, rule: str, bus: str, said: Mapping) -> RuleSource:
    """A rule's target that is `function`, with the retries and dead letters it has."""
    retry = said.get("RetryPolicy", {})
    options = {ours: retry[key] for key, ours in _ASYNCHRONOUS.items() if key in retry}
    dead_letters = said.get("DeadLetterConfig", {}).get("Arn")
    return RuleSource(
        function, rule, event_bus_name=bus, dead_letter_queue=dead_letters, **options
    )


def _invoked_directly(where: str, function: Function, said: Mapping, _: str) -> None:
    check(where, said, {"Path", "Method", "ApiId", "RestApiId", "PayloadFormatVersion"})


def _on_schedule(where: str, function: Function, said: Mapping, _: str) -> None:
    check(where, said, {"Schedule", "Name", "Enabled", "RetryPolicy"})


_SOURCES: dict[str, Callable[..., Source | None]] = {
    "SQS": _queue_source,
    "DynamoDB": _stream_source,
    "EventBridgeRule": _event_rule,
    "HttpApi": _invoked_directly,
    "Api": _invoked_directly,
    "Schedule": _on_schedule,
}
