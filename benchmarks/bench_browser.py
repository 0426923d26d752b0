"""From a key on a slider to the new picture on the screen, in a real browser.

JupyterLab runs as `make lab` starts it, and Debian's Chromium shows it. It needs what
`make browser` installs; without, it says so in place of numbers.
"""

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import driving  # noqa: E402

GOAL_MS = 120
CHAPTERS = ("01-what-serverless-is", "09-exactly-once")
TIMES = 40


def measured() -> dict[str, list[float]]:
    """Milliseconds of each repaint, by chapter."""
    found = {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-browser-") as scratch,
        driving.browser() as chromium,
        driving.jupyterlab(Path(scratch)) as lab,
    ):
        for chapter in CHAPTERS:
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            driving.open_and_run(page, lab(f"notebooks/{chapter}.ipynb"))
            handle = driving.to_explorer(page)
            found[chapter] = driving.repaints_ms(page, handle, times=TIMES)
            page.close()
    return found


def main() -> None:
    """Print the section of the results."""
    print("## In a browser\n")
    if find_spec("playwright") is None:
        print("Not measured: `make room` installs what it takes.")
        return
    print(
        f"Key on a slider to the new picture painted, JupyterLab in Chromium, {TIMES} "
        f"times a chapter; the 95th percentile under {GOAL_MS} ms to reach.\n"
    )
    print("| chapter | median | 95th percentile | slowest |\n|---|--:|--:|--:|")
    for chapter, taken in measured().items():
        p95 = np.percentile(taken, 95)
        reached = "met" if p95 < GOAL_MS else "missed"
        row = f"{np.median(taken):.0f} ms | {p95:.0f} ms ({reached}) | {max(taken):.0f}"
        print(f"| {chapter} | {row} ms |")


if __name__ == "__main__":
    main()
