"""Names of a template's resources or outputs."""

from collections.abc import Mapping

__all__ = ["Names"]


class Names(dict):
    """Names that say which there are when one is not."""

    def __init__(self, names: Mapping[str, str], what: str) -> None:
        super().__init__(names)
        self._what = what

    def __missing__(self, name: str) -> str:
        known = ", ".join(sorted(self)) or "none"
        raise KeyError(f"there is no {self._what} {name!r}; there are: {known}")
