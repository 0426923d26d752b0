"""Chapters as web pages that fetch nothing: slides, and one page for paper."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter, SlidesExporter
from traitlets.config import Config

from tools.pages.cutting import cut

__all__ = ["REVEAL", "copy_reveal", "handout", "slides"]

HERE = Path(__file__).parent
#: The folder beside the slides that holds reveal.js.
REVEAL = "reveal.js"
_CONFIG = Config({"TagRemovePreprocessor": {"remove_input_tags": ("remove_input",)}})
_CONFIG.TagRemovePreprocessor.enabled = True


def slides(chapter: Path) -> str:
    """The HTML of a chapter's slides; REVEAL must lie beside it."""
    exporter = SlidesExporter(
        config=_CONFIG,
        template_file=str(HERE / "slides.html.j2"),
        reveal_url_prefix=REVEAL,
        reveal_theme="white",
    )
    return _page(exporter, cut(nbformat.read(chapter, as_version=4)), chapter, "slides")


def handout(chapter: Path) -> str:
    """The HTML of a chapter for paper: one page, whole in one file."""
    exporter = HTMLExporter(config=_CONFIG, template_file=str(HERE / "handout.html.j2"))
    return _page(exporter, nbformat.read(chapter, as_version=4), chapter, "handout")


def copy_reveal(folder: Path) -> None:
    """Put reveal.js into `folder`, from the package that carries it.

    Raises ModuleNotFoundError when the packages of requirements-room.txt are missing.
    """
    carried = files("sphinx_revealjs") / "_static" / "revealjs"
    with as_file(carried) as source:
        shutil.copytree(source, folder / REVEAL, dirs_exist_ok=True)


def _page(exporter, notebook, chapter: Path, kind: str) -> str:
    styles = (HERE / "page.css", HERE / f"{kind}.css")
    script = HERE / f"{kind}.js"
    resources = {
        "metadata": {"name": chapter.stem},
        "page_css": "\n".join(css.read_text(encoding="utf-8") for css in styles),
        "page_js": script.read_text(encoding="utf-8") if script.exists() else "",
    }
    page, _ = exporter.from_notebook_node(notebook, resources)
    return page
