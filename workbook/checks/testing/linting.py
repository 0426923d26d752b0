"""Exercise 4: three rules over a template, tried on templates with one thing wrong."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workbook.cloud.template import Template, read
from workbook.cloud.template.reading import parse
from workbook.learn import Verdict, call, failed, passed
from workbook.shop import ORCHESTRATED, TEMPLATE

__all__ = ["check"]

GOOD = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.12, Timeout: 10, Handler: a.b}
Resources:
  Dead: {Type: AWS::SQS::Queue}
  Archive: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Mails:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 180
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - {Effect: Allow, Action: dynamodb:PutItem, Resource: "arn:aws:a/*"}
            - {Effect: Deny, Action: "*", Resource: arn:aws:b}
        - SQSSendMessagePolicy: {QueueName: !GetAtt Archive.QueueName}
      Events:
        Order: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}
  Write:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 30
      Policies:
        - Statement: {Effect: Allow, Action: [ses:SendEmail], Resource: arn:aws:c}
      Events:
        Mail: {Type: SQS, Properties: {Queue: !GetAtt Mails.Arn}}
        Hour: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
  Look:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.c}
"""
_REDRIVE = (
    "      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}\n"
)
_TAKES = '{Effect: Allow, Action: dynamodb:PutItem, Resource: "arn:aws:a/*"}'
_TAKES_TOO = '{Effect: Deny, Action: "*", Resource: arn:aws:b}'
_SENDS = "SQSSendMessagePolicy: {QueueName: !GetAtt Archive.QueueName}"
_HOURLY = "{Type: Schedule, Properties: {Schedule: rate(1 hour)}}"
_WRITES = "{Effect: Allow, Action: [ses:SendEmail], Resource: arn:aws:c}"

# What is changed, from what to what, and whom the rules then complain of.
_BROKEN = (
    ("a queue hides messages for 59 s, and its function may take 10", "Orders",
     ("VisibilityTimeout: 60", "VisibilityTimeout: 59")),
    ("a queue hides messages for 179 s, and its function's own Timeout is 30", "Mails",
     ("VisibilityTimeout: 180", "VisibilityTimeout: 179")),
    ("a queue has no VisibilityTimeout, which makes 30 s", "Orders",
     ("      VisibilityTimeout: 60\n", "")),
    ("a queue that feeds a function has no RedrivePolicy", "Orders",
     ("60\n" + _REDRIVE, "60\n")),
    ("a function may do everything", "Take",
     (_TAKES, _TAKES.replace("dynamodb:PutItem", '"*"'))),
    ("a function may do everything to a table", "Take",
     (_TAKES, _TAKES.replace("PutItem", "*"))),
    ("one of several actions is ses:*", "Write",
     (_WRITES, _WRITES.replace("[ses:SendEmail]", '["ses:SendEmail", "ses:*"]'))),
    ("a function may do all whose name begins with Get", "Take",
     (_TAKES, _TAKES.replace("PutItem", "Get*"))),
    ("a function may do all whose name ends with Item", "Take",
     (_TAKES, _TAKES.replace("PutItem", "*Item"))),
    ("the second statement allows everything", "Take",
     (_TAKES_TOO, _TAKES_TOO.replace("Deny", "Allow"))),
    ("the second policy allows sqs:*", "Take",
     (_SENDS, "Statement: {Effect: Allow, Action: sqs:*, Resource: arn:aws:b}")),
    ("a function's second queue is without a RedrivePolicy", "Archive",
     (_HOURLY, "{Type: SQS, Properties: {Queue: !GetAtt Archive.Arn}}")),
    ("a queue hides messages for 17 s, and its function names no Timeout", "Orders",
     ("VisibilityTimeout: 60", "VisibilityTimeout: 17"), ("Timeout: 10, ", "")),
)  # fmt: skip
# What looks wrong and is not.
_SOUND = (
    ("as it is", "Orders", ("VisibilityTimeout: 60", "VisibilityTimeout: 60")),
    ("with a function of 3 s, which is the Timeout of those that name none", "Orders",
     ("Timeout: 10, ", "")),
    ("with a queue that hides messages for an hour", "Mails",
     ("VisibilityTimeout: 180", "VisibilityTimeout: 3600")),
    ("with a function of 5 s, and a queue without a VisibilityTimeout", "Orders",
     ("Timeout: 10, ", "Timeout: 5, "), ("      VisibilityTimeout: 60\n", "")),
    ("with a Resource that is a star alone", "Take",
     (_TAKES, _TAKES.replace("arn:aws:a/*", "*"))),
)  # fmt: skip


def check(complaints: Callable) -> Verdict:
    """Whether the rules find each thing that is wrong, and nothing else."""
    return (
        _on_good_templates(complaints)
        or _on_broken_templates(complaints)
        or _on_two_at_once(complaints)
        or passed(
            f"tried: the shop's two templates, {len(_SOUND)} more without a fault, "
            f"{len(_BROKEN)} with one, and one with two"
        )
    )


def _on_good_templates(complaints: Callable) -> Verdict | None:
    for what, _, *edits in _SOUND:
        found = _ids(complaints, _template(*edits))
        if found:
            return failed(
                f"It complains of {_named(found)} in a template that is sound, {what}.",
                look=_hint(found),
            )
    for path in (TEMPLATE, ORCHESTRATED):
        found = _ids(complaints, read(path))
        if found:
            return failed(
                f"It complains of {_named(found)} in the shop's {path.name}, which "
                "keeps all three rules.",
                look=_hint(found),
            )
    return None


def _on_broken_templates(complaints: Callable) -> Verdict | None:
    for what, guilty, *edits in _BROKEN:
        found = _ids(complaints, _template(*edits))
        if guilty not in found:
            return failed(f"It does not complain: {what}.")
        if found != {guilty}:
            return failed(
                f"The fault is that {what}; it complains of {_named(found)}, and "
                f"{guilty} alone is to blame."
            )
    return None


def _on_two_at_once(complaints: Callable) -> Verdict | None:
    edits = (_BROKEN[1][2], _BROKEN[3][2])
    found = _ids(complaints, _template(*edits))
    if found != {"Mails", "Orders"}:
        return failed(
            f"Two queues are at fault, Mails and Orders, and it names {_named(found)}.",
            look="Go on after the first complaint.",
        )
    return None


def _ids(complaints: Callable, template: Template) -> set[str]:
    answer = call(complaints, template)
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise _stop(answer)
    found = list(answer)
    if not all(isinstance(one, str) for one in found):
        raise _stop(found)
    unknown = sorted(set(found) - set(template.resources))
    if unknown:
        raise _stop(unknown)
    return set(found)


def _stop(answer: Any) -> Exception:
    from workbook.learn.running import Stopped

    return Stopped(
        failed(
            f"It returns {answer!r}, not the ids of resources.",
            look="A set of logical ids, such as {'Orders'}; an empty one if all is "
            "well.",
        )
    )


def _template(*edits: tuple[str, str]) -> Template:
    text = GOOD
    for old, new in edits:
        if text.count(old) != 1:
            raise AssertionError(f"{old!r} is there {text.count(old)} times")
        text = text.replace(old, new)
    return Template(Path("template.yaml"), parse(text))


def _named(ids: set[str]) -> str:
    return ", ".join(sorted(ids)) or "nobody"


def _hint(found: set[str]) -> str:
    if found & {"Dead", "Archive"}:
        return "A queue that feeds no function needs neither rule."
    if found & {"Take", "Write", "Look"}:
        return "Only an Action of a Statement that allows counts."
    return "The limit is 6 times the function's Timeout, and 6 times is enough."
