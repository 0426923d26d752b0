"""Files that stand where a submission could, and cannot be graded: what to do of each.

What editors, systems and nbgrader leave, and the instructor's own files, are passed
over.
"""

from pathlib import Path

__all__ = ["advice", "is_gradable", "is_left_behind", "plain"]

_ARCHIVES = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz")
_LEFT = ("__macosx", "desktop.ini", "thumbs.db", "timestamp.txt")
_INSTRUCTORS = "readme"
_TEXT = ".txt passports are for the class board; ask for passport.json or the lab"
_OTHERS = (
    (".zip", "a zip: unpack it first"),
    (".txt", _TEXT),
    (".json", "not called passport: if it is one, rename it to NAME-passport.json"),
)
_OTHER_NOTEBOOK = "a notebook under another name: rename it so that it ends in .ipynb"


def is_gradable(name: str) -> bool:
    """Whether a file's name is that of a notebook or a passport."""
    notebook = name.endswith(".ipynb") and name[0] != "."
    return notebook or (name.endswith(".json") and "passport" in name)


def is_left_behind(name: str) -> bool:
    """Whether a file or folder is nobody's submission: a roster, or a system's own."""
    low = name.casefold()
    if low[0] in ".~" or low.endswith(("~", ".csv")):
        return True
    return low in _LEFT or low.startswith(_INSTRUCTORS)


def advice(path: Path) -> str:
    """Why a file cannot be graded, and what to do."""
    name = path.name.casefold()
    if name.endswith(_ARCHIVES):
        return "an archive: unpack it first"
    if ".ipynb" in name:
        return _OTHER_NOTEBOOK
    for end, what in _OTHERS:
        if name.endswith(end):
            return what
    return "neither a notebook nor a passport: ask for the lab"


def plain(path: Path) -> str:
    """A file's name, such that any terminal and any page can show it."""
    return "".join(c if c.isprintable() else "?" for c in path.as_posix())
