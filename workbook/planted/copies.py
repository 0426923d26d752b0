"""A copy of the shop with a bug in it, that can be imported and deployed.

    with planted(bug("float")) as copy:
        copy.module("core").decide(...)
        deploy(copy.template)

The copy is a package of its own name, in a folder of its own that is gone afterwards,
so that many can be in one process and none can hurt the shop.
"""

import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from workbook import shop
from workbook.planted.bugs import Bug

__all__ = ["Copy", "planted"]

_SHOP = Path(shop.__file__).parent
_PACKAGE = "workbook.shop"
_KEPT = ("__init__.py", "core.py", "log.py", "stock.py", "till.py", "wire.py",
         "template.yaml", "handlers", "payments")  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """A copy of the shop: the package `name`, with `template` among its files."""

    name: str
    template: Path

    def module(self, name: str) -> ModuleType:
        """A module of the copy, such as "core" or "payments.aurora"."""
        return importlib.import_module(f"{self.name}.{name}")


@contextmanager
def planted(bug: Bug | None = None) -> Iterator[Copy]:
    """The shop with `bug` in it, or a faithful copy; for a `with` block.

    Raises ValueError if the shop has changed so that the bug does not fit any more.
    """
    name = f"shop_{bug.id.replace('-', '_')}" if bug else "shop_as_it_is"
    with tempfile.TemporaryDirectory(prefix="workbook-planted-") as folder:
        package = Path(folder) / name
        _copy(package)
        if bug:
            _change(package / bug.file, bug)
        _rename(package)
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield Copy(name, package / "template.yaml")
        finally:
            sys.path.remove(folder)
            for module in [m for m in sys.modules if m.partition(".")[0] == name]:
                del sys.modules[module]


def _copy(package: Path) -> None:
    package.mkdir()
    for name in _KEPT:
        source = _SHOP / name
        if source.is_dir():
            leave = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, package / name, ignore=leave)
        else:
            shutil.copy(source, package)


def _change(path: Path, bug: Bug) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in bug.edits:
        if text.count(old) != 1:
            raise ValueError(
                f"the bug {bug.id!r} wants to change {old!r} in {bug.file}, which is "
                f"there {text.count(old)} times"
            )
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _rename(package: Path) -> None:
    """Let the copy import itself, and let its template name the copy's handlers."""
    for path in [*package.rglob("*.py"), package / "template.yaml"]:
        text = path.read_text(encoding="utf-8").replace(_PACKAGE, package.name)
        if path.suffix == ".yaml":
            text = text.replace("CodeUri: ../..", "CodeUri: ..")
        path.write_text(text, encoding="utf-8")
