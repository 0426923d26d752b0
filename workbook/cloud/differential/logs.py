"""CloudWatch Logs: finding a line by what its JSON says."""

import time
from typing import Any

from .places import Place
from .scenario import documented

__all__ = ["SCENARIOS"]

_GUIDE = "AmazonCloudWatch/latest/logs/"
_LINES = ('{"order_id": "o-1", "kind": "OrderPlaced"}', '{"order_id": "o-2"}', "plain")


def _written(place: Place, name: str) -> str:
    """A log group with three lines, one of which is about the order o-1."""
    logs, group = place.client("logs"), place.named(name)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now_ms = int(time.time() * 1000)
    events = [{"timestamp": now_ms, "message": line} for line in _LINES]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    return group


def _shown(found: list[str]) -> str:
    return f"{len(found)} of {len(_LINES)} lines"


@documented(
    'The filter pattern { $.order_id = "o-1" }',
    "1 of 3 lines",
    _GUIDE + "FilterAndPatternSyntax.html",
)
def json_filter_pattern(place: Place) -> str:
    group = _written(place, "filtered")
    asked = {"logGroupName": group, "filterPattern": '{ $.order_id = "o-1" }'}
    found = place.client("logs").filter_log_events(**asked)["events"]
    return _shown([event["message"] for event in found])


@documented(
    'A query of Logs Insights with filter order_id = "o-1"',
    "1 of 3 lines, with its kind",
    _GUIDE + "CWL_AnalyzeLogData-discoverable-fields.html",
)
def insights_of_json(place: Place) -> str:
    logs, now_s = place.client("logs"), int(time.time())
    query = logs.start_query(
        logGroupName=_written(place, "queried"),
        startTime=now_s - 60,
        endTime=now_s + 60,
        queryString='fields kind | filter order_id = "o-1"',
    )
    ids = {"queryId": query["queryId"]}

    def results() -> list[list[dict[str, Any]]]:
        answer = logs.get_query_results(**ids)
        return answer["results"] if answer["status"] == "Complete" else []

    rows = place.settled(results)
    fields = [{field["field"]: field.get("value") for field in row} for row in rows]
    known = any(row.get("kind") == "OrderPlaced" for row in fields)
    return f"{_shown(fields)}, {'with its' if known else 'without the'} kind"


SCENARIOS = (json_filter_pattern, insights_of_json)
