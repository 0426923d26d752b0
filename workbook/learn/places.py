"""Where the repository's files are, wherever a notebook runs."""

from pathlib import Path

__all__ = ["repository"]


def repository(start: Path | None = None) -> Path | None:
    """The folder that holds `solutions/`; None if there is none to be found.

    Looks round the package first, then upwards from `start`, by default the working
    directory (a notebook's own folder).
    """
    here = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parents[2]
    candidates = [here, *here.parents] if start else [package, here, *here.parents]
    return next((at for at in candidates if (at / "solutions").is_dir()), None)
