"""Each type of resource: how it is made on the mock, and what its names are.

A maker gets the physical name and the resolved properties, and returns what Ref and
GetAtt give, by attribute; under "Ref" what Ref gives. Physical names are the stack's
and the logical one, so that they come out the same each time; CloudFormation adds a
random part. Policies and roles are read and not enforced: the mock asks nobody.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..functions.aws import ACCOUNT, client, region
from .reading import TemplateError

__all__ = ["MAKERS", "check", "make"]

Made = dict[str, Any]
Maker = Callable[[str, Mapping[str, Any]], Made]

_LISTED = {"Tags", "Description"}  # accepted everywhere, without an effect here
_QUEUE = (
    "DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout", "FifoQueue",
    "ContentBasedDeduplication", "RedrivePolicy",
)  # fmt: skip
_TABLE = (
    "AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes", "ProvisionedThroughput",
)  # fmt: skip
_ALARM = (
    "AlarmDescription", "Namespace", "MetricName", "Dimensions", "Statistic", "Period",
    "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator",
    "TreatMissingData", "AlarmActions", "OKActions", "ExtendedStatistic", "Unit",
    "Metrics", "InsufficientDataActions", "ActionsEnabled",
)  # fmt: skip
_TARGET = {"Id", "Arn", "DeadLetterConfig", "RetryPolicy", "RoleArn"}


def make(type_: str, id_: str, name: str, properties: Mapping[str, Any]) -> Made:
    """Make a resource named `name` on the mock; its Ref and attributes."""
    if type_ not in MAKERS:
        known = ", ".join(sorted(MAKERS))
        raise TemplateError(f"{id_}: {type_} cannot be built here; there are: {known}")
    maker, used = MAKERS[type_]
    check(id_, properties, used)
    return maker(name, properties)


def check(id_: str, properties: Mapping[str, Any], used: set[str]) -> None:
    """Refuse properties that nobody here would heed."""
    unknown = sorted(set(properties) - used - _LISTED)
    if unknown:
        known = ", ".join(sorted(used))
        raise TemplateError(f"{id_}: {unknown[0]} would be ignored; there are: {known}")


def arn(service: str, rest: str) -> str:
    """An ARN in the mock's account and region."""
    return f"arn:aws:{service}:{region()}:{ACCOUNT}:{rest}"


def _table(name: str, said: Mapping[str, Any]) -> Made:
    name = said.get("TableName", name)
    options = {key: said[key] for key in _TABLE if key in said}
    if "StreamSpecification" in said:
        options["StreamSpecification"] = {
            "StreamEnabled": True, **said["StreamSpecification"],
        }  # fmt: skip
    made = client("dynamodb").create_table(TableName=name, **options)
    if "TimeToLiveSpecification" in said:
        client("dynamodb").update_time_to_live(
            TableName=name, TimeToLiveSpecification=said["TimeToLiveSpecification"]
        )
    table = made["TableDescription"]
    found = {"Ref": name, "Arn": table["TableArn"]}
    if "LatestStreamArn" in table:
        found["StreamArn"] = table["LatestStreamArn"]
    return found


def _queue(name: str, said: Mapping[str, Any]) -> Made:
    fifo = ".fifo" if said.get("FifoQueue") else ""
    name = said.get("QueueName", name + fifo)
    attributes = {key: _text(said[key]) for key in _QUEUE if key in said}
    url = client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return {"Ref": url, "Arn": arn("sqs", name), "QueueName": name, "QueueUrl": url}


def _topic(name: str, said: Mapping[str, Any]) -> Made:
    name = said.get("TopicName", name)
    topic_arn = client("sns").create_topic(Name=name)["TopicArn"]
    return {"Ref": topic_arn, "TopicArn": topic_arn, "TopicName": name}


def _subscription(name: str, said: Mapping[str, Any]) -> Made:
    attributes = {
        key: _text(said[key])
        for key in ("RawMessageDelivery", "FilterPolicy", "FilterPolicyScope")
        if key in said
    }
    made = client("sns").subscribe(
        TopicArn=said["TopicArn"],
        Protocol=said["Protocol"],
        Endpoint=said["Endpoint"],
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    return {"Ref": made["SubscriptionArn"]}


def _bus(name: str, said: Mapping[str, Any]) -> Made:
    name = said.get("Name", name)
    bus_arn = client("events").create_event_bus(Name=name)["EventBusArn"]
    return {"Ref": name, "Name": name, "Arn": bus_arn}


def _rule(name: str, said: Mapping[str, Any]) -> Made:
    name, bus = said.get("Name", name), said.get("EventBusName", "default")
    made = client("events").put_rule(
        Name=name,
        EventBusName=bus,
        EventPattern=json.dumps(said["EventPattern"]),
        State=said.get("State", "ENABLED"),
    )
    for target in said.get("Targets", ()):
        check(f"{name}, target {target['Id']}", target, _TARGET)
    queues = [
        {key: target[key] for key in ("Id", "Arn", "DeadLetterConfig") if key in target}
        for target in said.get("Targets", ())
        if target["Arn"].startswith("arn:aws:sqs:")
    ]
    if queues:  # moto delivers to these by itself; the others are wired in `wiring`
        client("events").put_targets(Rule=name, EventBusName=bus, Targets=queues)
    return {
        "Ref": name if bus == "default" else f"{bus}|{name}",
        "Arn": made["RuleArn"],
    }


def _alarm(name: str, said: Mapping[str, Any]) -> Made:
    name = said.get("AlarmName", name)
    options = {key: said[key] for key in _ALARM if key in said}
    client("cloudwatch").put_metric_alarm(AlarmName=name, **options)
    return {"Ref": name, "Arn": arn("cloudwatch", f"alarm:{name}")}


def _log_group(name: str, said: Mapping[str, Any]) -> Made:
    name = said.get("LogGroupName", name)
    client("logs").create_log_group(logGroupName=name)
    if "RetentionInDays" in said:
        client("logs").put_retention_policy(
            logGroupName=name, retentionInDays=said["RetentionInDays"]
        )
    return {"Ref": name, "Arn": arn("logs", f"log-group:{name}:*")}


def _unenforced(name: str, said: Mapping[str, Any]) -> Made:
    return {"Ref": name, "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"}


def _text(value: Any) -> str:
    """A queue's or topic's attribute: text, JSON for a policy, "true" for True."""
    return value if isinstance(value, str) else json.dumps(value)


# Type → its maker, and the properties it heeds.
MAKERS: dict[str, tuple[Maker, set[str]]] = {
    "AWS::CloudWatch::Alarm": (_alarm, {*_ALARM, "AlarmName"}),
    "AWS::DynamoDB::Table": (
        _table,
        {*_TABLE, "TableName", "StreamSpecification", "TimeToLiveSpecification"},
    ),
    "AWS::Events::EventBus": (_bus, {"Name"}),
    "AWS::Events::Rule": (
        _rule,
        {"Name", "EventBusName", "EventPattern", "State", "Targets"},
    ),
    "AWS::IAM::Role": (
        _unenforced,
        {"RoleName", "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns"},
    ),
    "AWS::Logs::LogGroup": (_log_group, {"LogGroupName", "RetentionInDays"}),
    "AWS::SNS::Subscription": (
        _subscription,
        {"TopicArn", "Protocol", "Endpoint", "RawMessageDelivery", "FilterPolicy",
         "FilterPolicyScope"},
    ),
    "AWS::SNS::Topic": (_topic, {"TopicName"}),
    "AWS::SQS::Queue": (_queue, {*_QUEUE, "QueueName"}),
    "AWS::SQS::QueuePolicy": (_unenforced, {"Queues", "PolicyDocument"}),
}  # fmt: skip
