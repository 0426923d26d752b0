"""What is wrong with a template can be seen in it: rules over its text, nothing runs.

    lint(read("template.yaml"))      # a list of complaints; empty is good

Four rules for what the shop needs, each with the page that gives its reason. A linter
for all of CloudFormation is cfn-lint; it knows types and properties, and not what you
meant.
"""

import json
from collections.abc import Callable, Iterator

from workbook.facts import fact

from .reading import Resource, Template

__all__ = ["HIDDEN_S", "RULES", "TIMEOUT_S", "TIMES", "Rule", "feeds", "lint"]

Rule = Callable[[Template], Iterator[str]]

# What holds where a template says nothing, and AWS's advice.
HIDDEN_S = fact("sqs.visibility.default").value
TIMEOUT_S = fact("lambda.timeout.default").value
TIMES = fact("lambda.sqs.visibility_factor").value

_BATCHED = ("SQS", "DynamoDB", "Kinesis")


def waits_long_enough(template: Template) -> Iterator[str]:
    """A queue hides a message for six times the timeout of the function that takes it.

    docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    for queue, function in feeds(template):
        hidden_s = queue.properties.get("VisibilityTimeout", HIDDEN_S)
        needed_s = TIMES * function.properties.get("Timeout", TIMEOUT_S)
        if hidden_s < needed_s:
            yield f"{queue.id}: VisibilityTimeout {hidden_s} is less than {needed_s}"


def ends_somewhere(template: Template) -> Iterator[str]:
    """A queue that feeds a function hands on what fails for good.

    docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """
    for queue, _ in feeds(template):
        if "RedrivePolicy" not in queue.properties:
            yield f"{queue.id}: no RedrivePolicy"


def names_what_failed(template: Template) -> Iterator[str]:
    """A function that takes batches says which records failed, or all come again.

    docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    for function, event in _events(template, *_BATCHED):
        types = event["Properties"].get("FunctionResponseTypes", ())
        if "ReportBatchItemFailures" not in types:
            yield f"{function.id}: no ReportBatchItemFailures"


def may_do_little(template: Template) -> Iterator[str]:
    """No policy allows everything.

    docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    """
    for function in template.functions.values():
        if "*" in json.dumps(function.properties.get("Policies", ())):
            yield f"{function.id}: a policy with a *"


RULES: tuple[Rule, ...] = (
    waits_long_enough,
    ends_somewhere,
    names_what_failed,
    may_do_little,
)


def lint(template: Template, rules: tuple[Rule, ...] = RULES) -> list[str]:
    """The complaints of all rules, in the rules' order."""
    return [complaint for rule in rules for complaint in rule(template)]


def feeds(template: Template) -> Iterator[tuple[Resource, Resource]]:
    """Each queue of the template with each function that it feeds."""
    queues = template.of_type("AWS::SQS::Queue")
    for function, event in _events(template, "SQS"):
        name = _named(event["Properties"]["Queue"])
        if name in queues:
            yield queues[name], function


def _events(template: Template, *types: str) -> Iterator[tuple[Resource, dict]]:
    """Each function with each of its event sources of these types."""
    for function in template.functions.values():
        for event in function.properties.get("Events", {}).values():
            if event["Type"] in types:
                yield function, event


def _named(value: object) -> str:
    """The logical id in `!GetAtt Queue.Arn`; a text as it is."""
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        return value["Fn::GetAtt"][0]
    return str(value)
