"""The Snow Festival ticket shop: the application that the chapters run and break.

`core` decides and touches nothing, `handlers` are the functions, one side effect each,
and `template.yaml` says which of them is called by what. In `orchestrated.yaml` a state
machine calls the same functions; `monolith` does it all in one, and in `tangled.yaml`
small functions call one another. In `traced.yaml` every event has an envelope.
`canary.yaml` is a stack beside the shop's, which watches it.
"""

from pathlib import Path

__all__ = ["CANARY", "ORCHESTRATED", "TANGLED", "TEMPLATE", "TRACED"]

TEMPLATE = Path(__file__).with_name("template.yaml")
ORCHESTRATED = Path(__file__).with_name("orchestrated.yaml")
TANGLED = Path(__file__).with_name("tangled.yaml")
TRACED = Path(__file__).with_name("traced.yaml")
CANARY = Path(__file__).with_name("canary.yaml")
