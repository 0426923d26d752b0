"""The Snow Festival ticket shop: the application that the chapters run and break.

`core` decides and touches nothing, `handlers` are the functions, one side effect each,
and `template.yaml` says which of them is called by what.
"""

from pathlib import Path

__all__ = ["TEMPLATE"]

TEMPLATE = Path(__file__).with_name("template.yaml")
