"""Who needs whom: functions in a column, what they share beside it, arcs for calls."""

from collections.abc import Collection, Iterable, Sequence

from matplotlib.patches import FancyArrowPatch

from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    DASHES,
    FAULT,
    FAULT_INK,
    INK,
    MARGIN,
    POINTS,
    TITLE_SIZE,
    WIDTH_IN,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, width

__all__ = ["arcs"]

_PITCH = 21.0  # points from one name to the next
_BULGE = 0.42  # how far an arc leaves the column, as a share of its length
_FUNCTIONS = 120.0  # x where the functions' names begin
_SHARED = 385.0  # x where the names of what they share begin

Pair = tuple[str, str]


def arcs(
    functions: Sequence[str],
    shared: Sequence[str],
    calls: Iterable[Pair],
    uses: Iterable[Pair],
    *,
    title: str,
    sends: Iterable[Pair] = (),
    struck: str = "",
    hit: Collection[str] = (),
    caption: str = "",
) -> Picture:
    """Draw `calls` as arcs between functions, `uses` as lines to what they share.

    `sends` are arcs, too: messages to another function that nobody waits for. A pair
    is (who needs, what it needs); an arrow points to what is needed. With `struck`, the
    name of what fails, those in `hit` are marked as failing with it. Raises ValueError
    for a pair, or a name, that is in neither column.
    """
    pairs = [sorted(set(some)) for some in (calls, sends, uses)]
    _check(functions, shared, pairs, struck, hit)
    with house_style():
        figure = _draw(functions, shared, pairs, title, struck, set(hit))
    text = _text(functions, shared, pairs, struck, hit)
    return Picture(figure, title, caption=caption, text=text)


def _check(functions, shared, pairs, struck, hit) -> None:
    known = {*functions, *shared}
    if not functions:
        raise ValueError("there is nothing to draw: name at least one function")
    if len(known) < len(functions) + len(shared):
        raise ValueError("a name stands twice: name each function and resource once")
    named = {name for some in pairs for pair in some for name in pair} | set(hit)
    for name in sorted(named | ({struck} if struck else set())):
        if name not in known:
            raise ValueError(f"{name!r} is in neither column: {sorted(known)}")


def _draw(functions, shared, pairs, title, struck, hit):
    calls, sends, uses = pairs
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(lines) * TITLE_SIZE * LINE + 10
    rows = max(len(functions), len(shared))
    foot = top + rows * _PITCH
    figure, axes = page(foot + 12 + 15 * _key_lines(pairs))
    draw_title(axes, lines, MARGIN, MARGIN)
    places = _spread(functions, rows, top) | _spread(shared, rows, top)
    ill = hit | {struck}
    for one, other in uses:
        bad = bool(struck) and {one, other} <= ill
        start = _FUNCTIONS + width(one) + 14, places[one]
        _arrow(axes, start, (_SHARED - 4, places[other]), 0, bad=bad)
    for one, other in (*sends, *calls):
        waits = (one, other) in calls
        bad = waits and (not struck or {one, other} <= ill)
        bulge = _BULGE if places[other] > places[one] else -_BULGE
        start, end = (_FUNCTIONS - 3, places[one]), (_FUNCTIONS - 3, places[other])
        _arrow(axes, start, end, bulge, bad=bad)
    for x, names in ((_FUNCTIONS, functions), (_SHARED, shared)):
        for name in names:
            _name(axes, name, x, places[name], struck, hit)
    _draw_key(axes, foot + 12, pairs)
    return figure


def _spread(names, rows: int, top: float) -> dict[str, float]:
    """The y of each name, when they share the height of so many rows."""
    pitch = _PITCH * rows / max(len(names), 1)
    return {name: top + (number + 0.5) * pitch for number, name in enumerate(names)}


def _name(axes, name: str, x: float, y: float, struck: str, hit: set[str]) -> None:
    mark = " ✗" if name == struck else " !" if name in hit else ""
    color = FAULT_INK if mark else INK
    write(axes, x, y, name + mark, color=color, bold=name == struck)


def _arrow(axes, start, end, bulge: float, *, bad: bool) -> None:
    arrow = FancyArrowPatch(
        start,
        end,
        connectionstyle=f"arc3,rad={bulge}",
        arrowstyle="-|>,head_length=4,head_width=2",
        color=FAULT if bad else CONTEXT,
        linewidth=1.3 if bad else 0.8,
        linestyle=DASHES["fault"] if bad else "-",
        shrinkA=0,
        shrinkB=0,
    )
    axes.add_patch(arrow)


_KEY = (
    "dashed arc: calls the other function, and waits for its answer",
    "plain arc: sends to the other function's queue, and does not wait",
    "line to the right: writes, reads, or hears from",
)


def _key_lines(pairs) -> int:
    return sum(bool(some) for some in pairs)


def _draw_key(axes, y: float, pairs) -> None:
    said = [words for some, words in zip(pairs, _KEY, strict=True) if some]
    for number, words in enumerate(said):
        write(axes, MARGIN, y + 15 * number, words, color=CONTEXT)


def _text(functions, shared, pairs, struck, hit) -> str:
    verbs = ("calls", "sends to", "uses")
    said = []
    for name in (*functions, *shared):
        words = [
            f"{verb} {', '.join(other for one, other in some if one == name)}"
            for verb, some in zip(verbs, pairs, strict=True)
            if any(one == name for one, _ in some)
        ]
        if words or name in functions:
            said.append(f"{name}: {'; '.join(words) or 'needs nothing'}.")
    if struck:
        others = ", ".join(name for name in (*functions, *shared) if name in hit)
        said.append(f"When {struck} fails, so do: {others or 'no others'}.")
    return "\n".join(said)
