"""A template built on the mock: its functions, what calls them, and its names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import machines
from ..functions import Function, Summary, settle
from ..functions.aws import ACCOUNT, client, region
from ..functions.invoked import create
from ..functions.source import Source
from .intrinsics import Scope, resolve
from .reading import FUNCTION, MACHINE, Resource, Template, TemplateError, read
from .resources import arn, check, make
from .wiring import function_of, rule_source, sources_of

__all__ = ["Stack", "deploy"]

_IMPLICIT = {"ServerlessHttpApi", "ServerlessRestApi"}  # SAM adds them by itself
_MACHINE = {"Definition", "DefinitionUri", "DefinitionSubstitutions", "Type", "Name",
            "Policies", "Role", "Logging", "Tracing"}  # fmt: skip


@dataclass(eq=False, repr=False)
class Stack:
    """What a template became. `stack["PlaceOrder"]` is a `Function`."""

    name: str
    template: Template
    parameters: Mapping[str, Any] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {}
        self._making: list[str] = []
        self._scope = Scope(self._ref, self._attribute)

    def __getitem__(self, function: str) -> Function:
        if function not in self.functions:
            known = ", ".join(self.functions)
            raise KeyError(f"there is no function {function!r}; there are: {known}")
        return self.functions[function]

    def __repr__(self) -> str:
        functions, resources = len(self.functions), len(self.template.resources)
        return f"<stack {self.name}: {functions} functions, {resources} resources>"

    # --- for its users ----------------------------------------------------------------

    def name_of(self, resource: str) -> Any:
        """What `!Ref` gives: a table's name, a queue's URL, a topic's ARN."""
        return self._ref(resource)

    def arn_of(self, resource: str) -> str:
        """The ARN of a resource."""
        found = self._names(resource)
        return found["Arn"] if "Arn" in found else found["TopicArn"]

    @property
    def outputs(self) -> dict[str, Any]:
        """The template's outputs."""
        return resolve(dict(self.template.outputs), self._scope)

    def settle(self, *, within_s: float = 86_400.0) -> Summary:
        """Let virtual time run until nothing is left to do: a day at the most."""
        return settle(*self.sources, *self.functions.values(), within_s=within_s)

    def run(self, machine: str, event: Any, *, name: str | None = None) -> dict:
        """Run a state machine with `event` to its end: `cloud.machines`."""
        return machines.run(self._names(machine)["Arn"], event, name=name)

    # --- building ---------------------------------------------------------------------

    def _build(self) -> None:
        for resource in self.template.resources.values():
            self._names(resource.id)
        for resource in self.template.functions.values():
            self._add_function(resource)
        for resource in self.template.resources.values():
            self._wire(resource)

    def _names(self, id_: str) -> dict[str, Any]:
        """What a resource's Ref and attributes are; it is made if need be."""
        if id_ in _IMPLICIT:
            return {"Ref": id_.lower()}
        if id_ not in self.template.resources:
            raise TemplateError(f"the template has no resource {id_!r}")
        if id_ not in self._made:
            if id_ in self._making:
                circle = " → ".join([*self._making, id_])
                raise TemplateError(f"resources need each other in a circle: {circle}")
            self._making.append(id_)
            self._made[id_] = self._make(self.template.resources[id_])
            self._making.pop()
        return self._made[id_]

    def _make(self, resource: Resource) -> dict[str, Any]:
        name = f"{self.name}-{resource.id}"
        if resource.type == FUNCTION:  # its names are known before it is there
            name = resource.properties.get("FunctionName", name)
            return {"Ref": name, "Arn": arn("lambda", f"function:{name}")}
        if resource.type == MACHINE:
            return self._make_machine(resource, name)
        said = resolve(dict(resource.properties), self._scope)
        return make(resource.type, resource.id, name, said)

    def _make_machine(self, resource: Resource, name: str) -> dict[str, Any]:
        check(resource.id, resource.properties, _MACHINE)
        values = resource.properties.get("DefinitionSubstitutions", {})
        text = json.dumps(resolve(self.template.definition(resource.id), self._scope))
        for key, value in resolve(dict(values), self._scope).items():
            text = text.replace("${" + key + "}", str(value))
        made = client("stepfunctions").create_state_machine(
            name=name,
            definition=text,
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            type=resource.properties.get("Type", "STANDARD"),
        )
        return {"Ref": made["stateMachineArn"], "Arn": made["stateMachineArn"],
                "Name": name}  # fmt: skip

    def _add_function(self, resource: Resource) -> None:
        said = resolve(dict(resource.properties), self._scope)
        name = self._names(resource.id)["Ref"]
        self.functions[resource.id] = function_of(resource.id, name, said)
        create(self.functions[resource.id])

    def _wire(self, resource: Resource) -> None:
        if resource.type == FUNCTION:
            said = resolve(dict(resource.properties), self._scope)
            function = self.functions[resource.id]
            self.sources += sources_of(resource.id, function, said)
        if resource.type == "AWS::Events::Rule":
            said = resolve(dict(resource.properties), self._scope)
            for target in said.get("Targets", ()):
                self._wire_target(resource.id, said, target)

    def _wire_target(self, rule: str, said: dict, target: dict) -> None:
        service = target["Arn"].split(":")[2]
        bus = said.get("EventBusName", "default")
        name = self._names(rule)["Ref"].split("|")[-1]
        if service == "lambda":
            wanted = target["Arn"].split(":")[-1]
            (function,) = [f for f in self.functions.values() if f.name == wanted]
        elif service == "states":
            function = _starter(target["Arn"])
        elif service == "sqs":
            return
        else:
            raise TemplateError(f"{rule}: a target of {service} is not driven here")
        self.sources.append(rule_source(function, name, bus, target))

    # --- names ------------------------------------------------------------------------

    def _ref(self, name: str) -> Any:
        if name in self.template.parameters:
            return self.parameters.get(name, self.template.parameters[name])
        if name.startswith("AWS::"):
            return _pseudo(name, self.name)
        return self._names(name)["Ref"]

    def _attribute(self, resource: str, name: str) -> Any:
        found = self._names(resource)
        if name not in found:
            known = ", ".join(key for key in found if key != "Ref")
            raise TemplateError(f"{resource} has no attribute {name}; it has: {known}")
        return found[name]


def deploy(
    path: str | Path,
    *,
    name: str = "shop",
    parameters: Mapping[str, Any] | None = None,
) -> Stack:
    """Build the template at `path` on the running mock cloud, as stack `name`.

    `parameters` go before the template's defaults. Raises `TemplateError` for what
    cannot be built here, and for a parameter that has no value. Build it once in a
    world: `local_cloud()` empties the world for another time.
    """
    template = read(path)
    given = dict(parameters or {})
    unknown = sorted(set(given) - set(template.parameters))
    known = template.parameters | given
    lacking = sorted(key for key, value in known.items() if value is None)
    if unknown or lacking:
        what = f"no parameter {unknown[0]}" if unknown else f"no value for {lacking[0]}"
        raise TemplateError(f"{template.path.name} has {what}")
    stack = Stack(name, template, given)
    stack._build()
    return stack


def _pseudo(name: str, stack: str) -> str:
    known = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": region(),
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com",
    }
    if name not in known:
        raise TemplateError(f"{name} is not known here; {', '.join(known)} are")
    return known[name]


def _starter(machine_arn: str) -> Function:
    """What EventBridge does for a rule whose target is a state machine."""

    def start(event: dict, context: Any) -> dict:
        ended = machines.run(machine_arn, event, name=event["id"])
        return {"status": ended["status"]}

    return Function(start, name=f"start-{machine_arn.split(':')[-1]}", timeout_s=900)
