"""A SAM template as data: YAML with CloudFormation's tags, and SAM's Globals.

Short forms such as `!Ref` become their long forms, which
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
gives. Settings in `Globals.Function` are merged into each function as
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
says: maps are merged, lists are appended, anything else is replaced. Read 2026-11-24.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

__all__ = [
    "FUNCTION",
    "MACHINE",
    "Resource",
    "Template",
    "TemplateError",
    "parse",
    "read",
]

FUNCTION = "AWS::Serverless::Function"
MACHINE = "AWS::Serverless::StateMachine"


class TemplateError(ValueError):
    """The template says something that cannot be built here; the message says what."""


@dataclass(frozen=True)
class Resource:
    """A resource by its logical id, with its properties as the template has them."""

    id: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """A template as it was read; `path` is where it stands."""

    path: Path
    body: Mapping[str, Any]

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Every resource, functions with the Globals merged into them."""
        common = self.body.get("Globals", {}).get("Function", {})
        found = {}
        for name, said in self.body.get("Resources", {}).items():
            properties = said.get("Properties", {})
            if said["Type"] == FUNCTION:
                properties = merged(common, properties)
            found[name] = Resource(name, said["Type"], properties)
        return found

    @property
    def functions(self) -> dict[str, Resource]:
        """The functions among the resources."""
        return self.of_type(FUNCTION)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters' default values."""
        return {
            name: said.get("Default")
            for name, said in self.body.get("Parameters", {}).items()
        }

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs' values, unresolved."""
        found = self.body.get("Outputs", {})
        return {name: said["Value"] for name, said in found.items()}

    def of_type(self, type_: str) -> dict[str, Resource]:
        """The resources of a type."""
        return {
            name: resource
            for name, resource in self.resources.items()
            if resource.type == type_
        }

    def definition(self, machine: str) -> dict[str, Any]:
        """A state machine's definition, without its substitutions."""
        properties = self.resources[machine].properties
        if "Definition" in properties:
            return properties["Definition"]
        path = self.path.parent / properties["DefinitionUri"]
        return json.loads(path.read_text(encoding="utf-8"))


def read(path: str | Path) -> Template:
    """Read the template at `path`; raises `TemplateError` if it is none."""
    path = Path(path)
    body = parse(path.read_text(encoding="utf-8"), path.name)
    unknown = set(body.get("Globals", {})) - {"Function"}
    if unknown or "Conditions" in body:
        what = "Conditions" if "Conditions" in body else f"Globals for {min(unknown)}"
        raise TemplateError(f"{path.name} has {what}, which cannot be built here")
    return Template(path, body)


def parse(text: str, name: str = "the template") -> dict[str, Any]:
    """A template's text as data, whatever is in it; raises `TemplateError` if none."""
    try:
        body = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise TemplateError(f"{name} is no YAML: {error}") from None
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), dict):
        raise TemplateError(f"{name} has no Resources: is it a template?")
    return body


def merged(common: Any, own: Any) -> Any:
    """SAM's merge of a global setting with a function's own."""
    if isinstance(common, dict) and isinstance(own, dict) and not _is_call(own):
        both = {**common, **own}
        return {
            name: merged(common[name], value) if name in common and name in own
            else value
            for name, value in both.items()
        }  # fmt: skip
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    return own


def _is_call(value: dict) -> bool:
    """Whether it is an intrinsic function, which is a value and not a map."""
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


class _Loader(yaml.SafeLoader):
    """YAML with `!Ref` and its like."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
# A date such as "2012-10-17" without quotes is text in a policy.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
