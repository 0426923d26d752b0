"""What happened between shop, table, channel and page, as a sequence diagram."""

from collections.abc import Callable, Sequence

from workbook.figures import Picture, Step, sequence

__all__ = ["draw"]


def draw(notes: Sequence[tuple], title: str, caption: str) -> Picture:
    """The diagram of `notes`, each a kind and what belongs to it."""
    return sequence(
        [_ROWS[kind](*what) for kind, *what in notes],
        title=title[0].upper() + title[1:],
        caption=caption,
        lanes=["shop", "page"],
        services=["channel", "table"],
    )


def _push(number: int, connected: bool, again: str) -> Step:
    label = f"push {number}{again}"
    if connected:
        return Step("call", "shop", "channel", label)
    return Step("request_lost", "shop", "channel", label, "nobody is connected")


def _read(number: int, found: list[int]) -> Step:
    numbers = ", ".join(map(str, found)) or "nothing new"
    return Step("call", "page", "table", f"read after {number}", numbers)


def _page(label: str) -> Step:
    return Step("note", "page", label=label)


_ROWS: dict[str, Callable[..., Step]] = {
    "write": lambda number: Step("call", "shop", "table", f"write {number}"),
    "push": _push,
    "lose": lambda number: Step("note", "shop", label=f"push {number} fails for good"),
    "connect": lambda: _page("begins to connect"),
    "stand": lambda: Step("call", "page", "channel", "subscribes", "it stands"),
    "drop": lambda: _page("the connection breaks"),
    "arrive": lambda number: Step(
        "call", "page", "channel", "takes a push", str(number)
    ),
    "read": _read,
    "no answer": lambda number: Step(
        "error", "page", "table", f"read after {number}", "no answer"
    ),
    "give up": lambda: _page("gives up for now: the read failed"),
    "show": lambda number: _page(f"shows {number}"),
    "quiet": lambda: Step("wait", "", label="quiet for a while"),
}
