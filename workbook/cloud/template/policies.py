"""What each function may do: the statements of its policies, one grant at a time.

SAM's policy templates stand for the actions that
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
gives (read 2026-11-24); only those that a template here uses are known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .reading import Resource, TemplateError

__all__ = ["Grant", "grants_of"]

# A policy template: the parameter that names the resource, and the actions.
_TEMPLATES = {
    "EventBridgePutEventsPolicy": ("EventBusName", ["events:PutEvents"]),
    "LambdaInvokePolicy": ("FunctionName", ["lambda:InvokeFunction"]),
    "SNSPublishMessagePolicy": ("TopicName", ["sns:Publish"]),
    "SQSSendMessagePolicy": ("QueueName", ["sqs:SendMessage"]),
}


@dataclass(frozen=True, order=True)
class Grant:
    """`holder` may do `action`, such as "dynamodb:PutItem", to the resource `target`.

    All three are names: of the resource that holds the policy, of the action, and of
    the resource that it is about, both by their logical ids.
    """

    holder: str
    action: str
    target: str


def grants_of(resource: Resource) -> list[Grant]:
    """Every grant in a function's or a state machine's policies, in their order.

    Raises `TemplateError` for a policy that cannot be told: a managed one, an unknown
    policy template, or a resource that is not one of the template's own.
    """
    found = []
    for policy in resource.properties.get("Policies", ()):
        for actions, targets in _statements(resource.id, policy):
            found += [
                Grant(resource.id, action, _name(resource.id, target))
                for target in _listed(targets)
                for action in _listed(actions)
            ]
    return found


def _statements(id_: str, policy: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(policy, dict):
        raise TemplateError(f"{id_}: write out what {policy!r} allows, as a Statement")
    if "Statement" in policy:
        for said in _listed(policy["Statement"]):
            yield said["Action"], said["Resource"]
        return
    ((name, parameters),) = policy.items()
    if name not in _TEMPLATES:
        known = ", ".join(_TEMPLATES)
        raise TemplateError(f"{id_}: policy template {name} is not known; {known} are")
    parameter, actions = _TEMPLATES[name]
    yield actions, parameters[parameter]


def _name(id_: str, value: Any) -> str:
    """The logical id that a Ref or a GetAtt names."""
    if isinstance(value, dict) and len(value) == 1:
        ((call, argument),) = value.items()
        if call == "Ref":
            return argument
        if call == "Fn::GetAtt":
            return argument[0]
    raise TemplateError(f"{id_}: name the resource by !Ref or !GetAtt, not {value!r}")


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]
