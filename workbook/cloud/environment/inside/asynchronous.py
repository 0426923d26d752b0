"""A mend for ministack 1.5.33: asynchronous invocation from end to end.

AWS calls a function asynchronously on behalf of EventBridge and SNS: it waits in a
queue, is retried twice, and what came of it goes to the function's destinations
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, read
2026-11-29). Ministack does so for `Invoke` with `InvocationType=Event`, without the
destination for success; for EventBridge and SNS it calls the function once, and what
came of it is lost. So:

- an asynchronous invocation ends with the documented record, at the destination for its
  outcome, or with the event itself at the function's dead-letter queue;
- EventBridge rules, schedules and SNS topics invoke asynchronously.
"""

import json
import threading
import time
from datetime import UTC, datetime

__all__ = ["install"]

_RETRIES = 2  # unless the function says otherwise
_AGE_S = 6 * 3600
_TOO_OLD = "EventAgeExceeded"
_USED_UP = "RetriesExhausted"
_SUCCESS = "Success"


def install() -> None:
    """Put the mends in, before the emulator starts to serve."""
    from ministack.services import eventbridge, lambda_svc, sns

    lambda_svc.invoke_async_with_retry = _invoke_asynchronously
    whole = lambda_svc._execute_function_dispatch
    lambda_svc._execute_function_dispatch = _telling_the_request(whole)
    eventbridge._dispatch_to_lambda = _from_a_rule
    sns._lambda_svc = _Asynchronous(lambda_svc)


def _telling_the_request(whole):
    """The execution of a function, with the request's id beside what came of it."""

    def execute(function, config, event, request_id, started):
        result = whole(function, config, event, request_id, started)
        return {**result, "request_id": request_id}

    return execute


class _Asynchronous:
    """The emulator's Lambda as SNS should use it."""

    def __init__(self, lambda_svc) -> None:
        self._whole = lambda_svc

    def __getattr__(self, name):
        return getattr(self._whole, name)

    def _execute_function_with_config_scope(self, function, event) -> None:
        _invoke_asynchronously(function, event)


def _from_a_rule(arn, payload) -> None:
    from ministack.services import lambda_svc

    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not config:
        lambda_svc.logger.warning("EventBridge: there is no function %s", name)
        return
    record = lambda_svc._execution_record_for_config(function, config)
    _invoke_asynchronously(record, json.loads(payload))


def _invoke_asynchronously(function, event) -> None:
    """Return at once; try, try again, and send what came of it to its destination."""
    from ministack.services import lambda_svc

    def run() -> None:
        work = (_run, function, event)
        lambda_svc._run_with_function_config_scope(function, *work)

    threading.Thread(target=run, daemon=True, name="asynchronous").start()


def _run(function, event) -> None:
    from ministack.services import lambda_svc

    said = _settings(function)
    retries = said.get("MaximumRetryAttempts")
    retries = _RETRIES if retries is None else int(retries)
    ends_s = time.time() + int(said.get("MaximumEventAgeInSeconds") or _AGE_S)
    for attempt in range(1, retries + 2):
        result = lambda_svc._execute_function(function, event)
        if not result.get("error"):
            _report(function, event, result, _SUCCESS, attempt)
            return
        wait_s = lambda_svc._LAMBDA_ASYNC_RETRY_BASE_SECONDS * 2 ** (attempt - 1)
        wait_s = min(wait_s, lambda_svc._LAMBDA_ASYNC_RETRY_MAX_SECONDS)
        if attempt <= retries and time.time() + wait_s > ends_s:
            _report(function, event, result, _TOO_OLD, attempt)
            return
        if attempt <= retries:
            time.sleep(wait_s)
    _report(function, event, result, _USED_UP, attempt)


def _settings(function) -> dict:
    """The function's settings for asynchronous invocation; $LATEST is the function."""
    configs = function.get("event_invoke_configs") or {}
    return function.get("event_invoke_config") or configs.get("$LATEST") or {}


def _report(function, event, result, condition, attempt) -> None:
    config, said = function["config"], _settings(function).get("DestinationConfig", {})
    outcome = "OnSuccess" if condition == _SUCCESS else "OnFailure"
    destination = (said.get(outcome) or {}).get("Destination")
    if destination:
        record = _record(config, event, result, condition, attempt)
        _send(destination, config, json.dumps(record))
    dead_letters = (config.get("DeadLetterConfig") or {}).get("TargetArn")
    if dead_letters and condition != _SUCCESS:
        _send(dead_letters, config, json.dumps(event))


def _record(config, event, result, condition, attempt) -> dict:
    """The record as AWS documents it (see the module's docstring)."""
    failed = condition != _SUCCESS
    context = {"statusCode": 200, "executedVersion": config.get("Version", "$LATEST")}
    if failed:
        context["functionError"] = result.get("function_error") or "Unhandled"
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "requestContext": {
            "requestId": result.get("request_id"),
            "functionArn": f"{config['FunctionArn']}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": attempt,
        },
        "requestPayload": event,
        "responseContext": context,
        "responsePayload": result.get("body"),
    }


def _send(arn, config, body) -> None:
    """Send to a queue or a topic with the emulator's own API, as a client would."""
    from ministack.services import lambda_svc

    queue_or_topic = arn.split(":")[2]
    if queue_or_topic == "sqs":
        from ministack.services import sqs

        url = sqs._queue_url(arn.rsplit(":", 1)[1])
        sqs._act_send_message({"MessageBody": body}, url)
    elif queue_or_topic == "sns":
        from ministack.services import sns

        sns._fanout(arn, lambda_svc.new_uuid(), body, "", "", {})
    else:
        name = config["FunctionName"]
        lambda_svc.logger.warning("%s: no destination such as %s here", name, arn)
