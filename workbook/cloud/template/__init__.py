"""Read a SAM template, and build what it says on the mock cloud.

    stack = deploy("template.yaml")
    stack["PlaceOrder"].invoke({...})
    stack.settle()

The template is the only place where the wiring is written down: which function takes
from which queue, which rule sends what to whom. `deploy` creates the resources on moto
and drives the functions with `workbook.cloud.functions`.
"""

from .reading import Resource, Template, TemplateError, read
from .stack import Stack, deploy

__all__ = ["Resource", "Stack", "Template", "TemplateError", "deploy", "read"]
