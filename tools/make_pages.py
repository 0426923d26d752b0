"""Write the chapters as slides, or for paper. Nothing in them comes from a network.

    python tools/make_pages.py slides     instructor/slides/NN-slug.html
    python tools/make_pages.py handout    instructor/handout/NN-slug.html, and .pdf

A PDF is printed by Chromium; where there is none, print the page from a browser.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.pages import exporting  # noqa: E402

__all__ = ["main", "print_pdf", "write"]

_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
_QUIET += ("--disable-background-networking", "--disable-component-update")
_QUIET += ("--disable-sync", "--no-pdf-header-footer")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write every chapter in the form asked for; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("form", choices=("slides", "handout"))
    parser.add_argument("--out", type=Path, help="the folder to write to")
    asked = parser.parse_args(arguments)
    folder = asked.out or ROOT / "instructor" / asked.form
    chapters = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    pages = [write(asked.form, chapter, folder) for chapter in chapters]
    print(f"{len(pages)} chapters as {asked.form} in {folder}")
    if asked.form == "handout":
        print(_paper(pages))
    return 0


def write(form: str, chapter: Path, folder: Path) -> Path:
    """Write one chapter's page into `folder`; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "slides":
        exporting.copy_reveal(folder)
    page = folder / f"{chapter.stem}.html"
    page.write_text(getattr(exporting, form)(chapter), encoding="utf-8")
    return page


def print_pdf(page: Path, chromium: str) -> Path:
    """Print a page to PDF beside it; the file.

    Raises subprocess.CalledProcessError when Chromium fails.
    """
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        command = [chromium, *_QUIET, f"--user-data-dir={profile}"]
        command += [f"--print-to-pdf={target}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


def _paper(pages: Sequence[Path]) -> str:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        return "No Chromium here: print the pages from a browser."
    for page in pages:
        print_pdf(page, chromium)
    return f"{len(pages)} PDFs beside them"


if __name__ == "__main__":
    sys.exit(main())
