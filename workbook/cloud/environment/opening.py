"""How an environment comes about: an emulator, and a stack in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import clients, shared
from .emulator import Emulator
from .environments import Environment
from .progress import steps
from .stack import deploy, load

__all__ = ["environment"]

_SHOP = Path(__file__).parents[2] / "shop" / "template.yaml"


def environment(
    template: str | Path | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    name: str | None = None,
    emulator: Emulator | None = None,
    progress: bool = True,
) -> Environment:
    """Deploy a SAM template, the shop's unless told, and return its environment.

    `template` is a path or a text, `parameters` the template's parameters, `name` the
    beginning of the stack's unique name, `emulator` one that you started yourself.
    Raises `EnvironmentUnavailable` if the emulator is missing or does not run, and
    `TemplateError` if the template cannot be deployed; nothing is left then.
    """
    read = load(template if template is not None else _SHOP)
    name = name or ("shop" if template is None else "workbook")
    with steps(2, shown=progress) as bar:
        bar.begin("starting the emulator")
        used = shared.borrow() if emulator is None else emulator
        try:
            used.demand_alive()
            bar.begin("deploying the stack")
            deployed = deploy(
                lambda service: clients.client(used, service),
                read,
                name=name,
                parameters=dict(parameters or {}),
            )
        except BaseException:
            if emulator is None:
                shared.give_back(used)
            raise
    return Environment(used, name, deployed, owns=emulator is None)
