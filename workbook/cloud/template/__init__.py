"""Read a SAM template, and build what it says on the mock cloud.

    stack = deploy("template.yaml")
    stack["PlaceOrder"].invoke({...})
    stack.settle()

The template is the only place where the wiring is written down: which function takes
from which queue, which rule sends what to whom. `deploy` creates the resources on moto
and drives the functions with `workbook.cloud.functions`.
"""

from .coupling import Coupling, Edge, coupling
from .lint import lint
from .policies import Grant, grants_of
from .reading import Resource, Template, TemplateError, read
from .stack import Stack, deploy

__all__ = [
    "Coupling",
    "Edge",
    "Grant",
    "Resource",
    "Stack",
    "Template",
    "TemplateError",
    "coupling",
    "deploy",
    "grants_of",
    "lint",
    "read",
]
