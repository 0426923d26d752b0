"""CloudFormation's functions within a template: Ref, GetAtt, Sub, Join, Select, Split.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .reading import TemplateError

__all__ = ["Scope", "resolve"]


@dataclass(frozen=True)
class Scope:
    """What names mean: `ref(name)`, and `attribute(resource, name)` for GetAtt."""

    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]


def resolve(value: Any, scope: Scope) -> Any:
    """`value` with every intrinsic function in it replaced by what it means."""
    if isinstance(value, list):
        return [resolve(part, scope) for part in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](argument, scope)
        if isinstance(name, str) and name.startswith("Fn::"):
            known = ", ".join(sorted(_FUNCTIONS))
            raise TemplateError(f"{name} cannot be built here; there are: {known}")
    return {name: resolve(part, scope) for name, part in value.items()}


def _get_att(argument: list[str], scope: Scope) -> Any:
    return scope.attribute(argument[0], argument[1])


def _sub(argument: Any, scope: Scope) -> str:
    text, own = argument if isinstance(argument, list) else (argument, {})
    own = {name: resolve(value, scope) for name, value in own.items()}

    def meant(match: re.Match) -> str:
        name = match[1]
        if name.startswith("!"):  # "${!x}" stands for "${x}" itself
            return "${" + name[1:] + "}"
        if name in own:
            return str(own[name])
        resource, _, attribute = name.partition(".")
        return str(
            scope.attribute(resource, attribute) if attribute else scope.ref(name)
        )

    return re.sub(r"\$\{([^}]+)\}", meant, text)


def _join(argument: list, scope: Scope) -> str:
    between, parts = argument
    return between.join(str(part) for part in resolve(parts, scope))


def _select(argument: list, scope: Scope) -> Any:
    number, parts = argument
    return resolve(parts, scope)[int(number)]


def _split(argument: list, scope: Scope) -> list[str]:
    between, text = argument
    return resolve(text, scope).split(between)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": lambda argument, scope: scope.ref(argument),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
}
