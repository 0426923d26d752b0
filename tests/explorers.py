"""The widget contract: every control of a chapter's explorer, driven to its ends.

An explorer is a variable `explorer` made by `turn`. Each control is set to its first,
its last and its middle value, and the model must answer with a picture every time, not
always the same.
"""

import json

__all__ = ["DRIVE", "MADE", "complaints"]

#: What the source of a chapter with an explorer holds.
MADE = "explorer = turn("

#: The cell that drives, in the notebook's own kernel; it prints what was seen.
DRIVE = """
import json, re

def _drive(explorer):
    seen = {}
    for name, control in explorer.controls.items():
        if hasattr(control, "options"):
            options = list(control.options)
            ends = [options[0], options[-1], options[len(options) // 2]]
        else:
            ends = [control.min, control.max, (control.min + control.max) / 2]
        begun = control.value
        seen[name] = []
        for end in ends:
            control.value = end
            explorer.redraw()
            shown = explorer.view.value
            assert "No answer for these values" not in shown, (name, end, shown)
            said = re.sub(r"base64,[^\\"]*", "", shown)
            seen[name].append([str(end), said.count("<img"), hash(said)])
        control.value = begun
    return seen

print(json.dumps(_drive(explorer)))
"""


def complaints(printed: str) -> list[str]:
    """What is wrong with what DRIVE printed."""
    found = []
    for name, seen in json.loads(printed).items():
        if blank := [end for end, images, _ in seen if not images]:
            found.append(f"explorer: no picture for {name} = {', '.join(blank)}")
        if len({said for _, _, said in seen}) == 1:
            found.append(f"explorer: {name} changes nothing")
    return found
