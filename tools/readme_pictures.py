"""Copy the README's pictures from the chapters that draw them: `make notebooks` does.

    python tools/readme_pictures.py

A picture is found by its chapter and by what its alt text begins with, so that it is
never older than the chapter.
"""

import base64
import html
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "pictures"

__all__ = ["FOLDER", "PICTURES", "drawn", "main"]

#: File name -> the chapter, and the beginning of the picture's alt text.
PICTURES = {
    "charged-twice.png": ("09-exactly-once", "order 7 is charged 2 times"),
    "crash-map.png": ("09-exactly-once", "Only the last two versions charge once"),
}
_IMAGE = re.compile(
    r'<img(?=[^>]*\salt="([^"]*)")(?=[^>]*\ssrc="data:image/png;base64,([^"]*)")'
)


def drawn(name: str) -> tuple[str, bytes]:
    """The alt text and the PNG of a picture of the README.

    Raises LookupError when its chapter no longer draws it.
    """
    chapter, begins = PICTURES[name]
    page = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4)
    outputs = [o for cell in page.cells for o in cell.get("outputs", ())]
    shown = "".join(o.get("data", {}).get("text/html", "") for o in outputs)
    for alt, png in _IMAGE.findall(shown):
        if html.unescape(alt).startswith(begins):
            return html.unescape(alt), base64.b64decode(png)
    raise LookupError(f"{chapter} draws no picture that begins with {begins!r}")


def main(folder: Path = FOLDER) -> int:
    """Write every picture; the exit status."""
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        (folder / name).write_bytes(drawn(name)[1])
    print(f"{len(PICTURES)} pictures for the README in {folder.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
