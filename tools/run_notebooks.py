"""Run notebooks top to bottom and save their outputs: two runs give the same bytes.

    python tools/run_notebooks.py                      every chapter and solution
    python tools/run_notebooks.py notebooks/09-*.ipynb these only
    python tools/run_notebooks.py --check …            run, and write nothing

A notebook in which a cell raises outside the tag `raises-exception` is not written.
Labs are not run here: they are made from solutions, without outputs.
"""

import argparse
import os
import site
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent

__all__ = ["ROOT", "clean_environment", "execute", "main", "normalise", "text_of"]

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_METADATA = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
_TRANSIENT = (
    "ExecuteTime",
    "collapsed",
    "editable",
    "execution",
    "scrolled",
    "trusted",
)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_FAILURES = (CellExecutionError, CellTimeoutError, DeadKernelError)


def clean_environment(passport: Path) -> dict[str, str]:
    """This process's environment: empty passport, no AWS setting, no progress bar."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return kept | {"WORKBOOK_PASSPORT": str(passport), "WORKBOOK_PROGRESS": "off"}


def execute(path: Path, *, timeout_s: float = 300.0) -> NotebookNode:
    """The notebook at `path` after Run All in a fresh kernel, in its own folder.

    `timeout_s` holds for each cell. Raises one of nbclient's exceptions when a cell
    raises, takes too long or ends its kernel.
    """
    notebook = _without_outputs(nbformat.read(path, as_version=4))
    client = NotebookClient(
        notebook,
        timeout=timeout_s,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    with tempfile.TemporaryDirectory() as scratch:
        client.execute(env=clean_environment(Path(scratch) / "passport.json"))
    return normalise(notebook)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The notebook less what changes from run to run or from machine to machine."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        kept = {k: v for k, v in cell.metadata.items() if k not in _TRANSIENT}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            _normalise_output(output)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """The notebook as its file holds it."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks named on the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, help="default: all that keep")
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or list(_all_notebooks())
    if not paths:
        print("There are no notebooks in notebooks/ or solutions/.")
        return 1
    return 1 if [p for p in paths if not _run_one(p, chosen.check)] else 0


def _all_notebooks() -> Iterator[Path]:
    for folder in ("notebooks", "solutions"):
        yield from sorted((ROOT / folder).glob("*.ipynb"))


def _run_one(path: Path, check: bool) -> bool:
    """Run one notebook, write it unless `check`, and print what came of it."""
    started = time.perf_counter()
    try:
        text = text_of(execute(path))
    except (*_FAILURES, OSError, nbformat.reader.NotJSONError) as error:
        print(f"{path}: failed, not written\n{error}", flush=True)
        return False
    took_s = time.perf_counter() - started
    changed = text != path.read_text(encoding="utf-8")
    if changed and not check:
        path.write_text(text, encoding="utf-8", newline="\n")
    outcome = "unchanged" if not changed else "differs" if check else "written"
    print(f"{path}: {took_s:.1f} s, {outcome}", flush=True)
    return True


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _normalise_output(output: NotebookNode) -> None:
    """Drop a view of a widget that is gone with its kernel, and where files lie."""
    if "data" in output:
        output.data.pop(_WIDGET, None)
    if "traceback" in output:
        output.traceback = [_without_places(line) for line in output.traceback]


def _without_places(line: str) -> str:
    """A line of a traceback with files named from their package down."""
    for place in _places():
        line = line.replace(f"{place}{os.sep}", "")
    return line


def _places() -> list[str]:
    """Folders that differ from machine to machine, also as `~/…`, the longest first."""
    paths = {str(ROOT), sysconfig.get_path("stdlib"), *site.getsitepackages()}
    paths |= {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    home = str(Path.home())
    short = {f"~{p.removeprefix(home)}" for p in paths if p.startswith(home + os.sep)}
    return sorted(paths | short, key=len, reverse=True)


if __name__ == "__main__":
    sys.exit(main())
