"""The B-tree of a partition: where its items stand, and which of them a query touches.

DynamoDB keeps the items of a partition in a B-tree by key (Elhemali and others, "Amazon
DynamoDB: A Scalable, Predictably Performant, and Fully Managed NoSQL Database Service",
USENIX ATC 2022). How many keys a node has there is not published; here, `per_node`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from matplotlib.patches import Rectangle

from workbook.figures.picture import Picture
from workbook.figures.style import (
    CONTEXT,
    CONTEXT_TINT,
    FAULT,
    FAULT_INK,
    FAULT_TINT,
    HATCHES,
    HEALTHY,
    INK,
    MARGIN,
    POINTS,
    RULE,
    WIDTH_IN,
    draw_title,
    house_style,
    page,
    title_lines,
    write,
)
from workbook.figures.text import LINE, SIZE, shorten, width

__all__ = ["btree"]

_ROW = SIZE * LINE + 1
_GAP = 5.0  # between two leaves
_PAD = 6.0
_WIDEST = 150.0  # points for a key
_KEY = 34.0  # points below, for what the signs mean

_SIGNS = {"returned": "✓", "dropped": "×", "": ""}
_SAID = {
    "returned": "✓ read and returned",
    "dropped": "× read, then dropped by the filter",
    "": "grey: not looked at",
}
_INKS = {"returned": HEALTHY, "dropped": FAULT_INK, "": CONTEXT}
_STRIPS = {
    "returned": (HEALTHY, HEALTHY, ""),
    "dropped": (FAULT, FAULT_TINT, HATCHES["fault"]),
}
_STRIP = 10.0  # points beside a key that was read


@dataclass(frozen=True)
class _Node:
    """A node: the rows of keys below it, and its children, none if it is a leaf."""

    first: int
    last: int
    children: tuple["_Node", ...] = field(default=())

    @property
    def depth(self) -> int:
        return 1 + self.children[0].depth if self.children else 1


def btree(
    keys: Sequence[str],
    *,
    read: Collection[str] = (),
    returned: Collection[str] | None = None,
    title: str,
    caption: str = "",
    per_node: int = 5,
) -> Picture:
    """The items of one partition by their sort keys, those of a query marked.

    `keys` are in sort order. The query looked at those in `read`, and `returned` are
    those that came back (all of them, if nothing is said). Raises ValueError for keys
    out of order, for a key in `read` or `returned` that is not there, and for one that
    was returned without being read.
    """
    returned = read if returned is None else returned
    _check(keys, read, returned)
    states = {key: "dropped" for key in read} | dict.fromkeys(returned, "returned")
    tree = _grown(len(keys), per_node)
    with house_style():
        figure = _draw(keys, states, tree, title)
    return Picture(figure, title, caption=caption, text=_in_words(keys, states, tree))


def _check(keys: Sequence[str], read: Collection, returned: Collection) -> None:
    if not keys:
        raise ValueError("a partition without items has no tree to draw")
    if sorted(keys) != list(keys):
        raise ValueError("the keys are out of order: a B-tree keeps them sorted")
    for what, some in (("read", read), ("returned", returned)):
        unknown = sorted(set(some) - set(keys))
        if unknown:
            raise ValueError(f"{what} names {unknown}, which is not in the partition")
    unread = sorted(set(returned) - set(read))
    if unread:
        raise ValueError(f"{unread} came back without being read")


def _grown(number: int, per_node: int) -> _Node:
    """The tree over rows 0 to `number` - 1, as flat as nodes of that size allow."""
    nodes = [
        _Node(first, min(first + per_node, number) - 1)
        for first in range(0, number, per_node)
    ]
    while len(nodes) > 1:
        groups = [nodes[at : at + per_node] for at in range(0, len(nodes), per_node)]
        nodes = [_Node(g[0].first, g[-1].last, tuple(g)) for g in groups]
    return nodes[0]


def _draw(keys, states, tree: _Node, title: str):
    shown = [shorten(key, _WIDEST) for key in keys]
    wide = max(width(key, bold=True) for key in shown) + 3 * _PAD + width("✓") + 4
    lines = title_lines(title, WIDTH_IN * POINTS - 2 * MARGIN)
    top = MARGIN + len(lines) * SIZE * LINE * 1.2 + 10
    ys, bottom = _rows(tree, top)
    figure, axes = page(bottom + _KEY)
    draw_title(axes, lines, MARGIN, MARGIN)
    left = MARGIN + 4
    step = (WIDTH_IN * POINTS - 2 * MARGIN - wide - 66) / max(1, tree.depth - 1)
    look = _Look(shown, keys, states, ys, left, step, wide, tree.depth)
    _draw_node(axes, tree, look, level=0, on_path=bool(states))
    _draw_walk(axes, look)
    _draw_key(axes, states, bottom + 12)
    return figure


@dataclass(frozen=True)
class _Look:
    shown: list[str]
    keys: Sequence[str]
    states: dict[str, str]
    ys: list[float]
    left: float
    step: float
    wide: float
    depth: int

    def x(self, level: int) -> float:
        """The left side of the nodes of a level, 0 for the root."""
        return self.left + level * self.step

    def middle(self, node: _Node) -> float:
        return (self.ys[node.first] + self.ys[node.last]) / 2


def _rows(tree: _Node, top: float) -> tuple[list[float], float]:
    """The middle of each key's row, and the bottom of the last."""
    ys, y = [], top
    for leaf in _leaves(tree):
        for _ in range(leaf.first, leaf.last + 1):
            ys.append(y + _ROW / 2)
            y += _ROW
        y += _GAP
    return ys, y


def _leaves(node: _Node) -> list[_Node]:
    if not node.children:
        return [node]
    return [leaf for child in node.children for leaf in _leaves(child)]


def _draw_node(axes, node: _Node, look: _Look, *, level: int, on_path: bool) -> None:
    if not node.children:
        _draw_leaf(axes, node, look)
        return
    words = [look.shown[child.first] for child in node.children[1:] or node.children]
    room = max(width(word) for word in words) + 2 * _PAD
    high = len(words) * _ROW
    x, y = look.x(level), look.middle(node)
    for child in node.children:
        led = on_path and _first_read(look) in range(child.first, child.last + 1)
        _draw_edge(axes, (x + room, y), (look.x(level + 1), look.middle(child)), led)
    _draw_box(axes, x, y - high / 2, room, high, INK if on_path else RULE)
    for place, word in enumerate(words):
        write(axes, x + _PAD, y - high / 2 + (place + 0.5) * _ROW, word)
    for child in node.children:
        led = on_path and _first_read(look) in range(child.first, child.last + 1)
        _draw_node(axes, child, look, level=level + 1, on_path=led)


def _first_read(look: _Look) -> int:
    rows = [row for row, key in enumerate(look.keys) if key in look.states]
    return rows[0] if rows else -1


def _draw_edge(axes, start, end, led: bool) -> None:
    ink, wide = (INK, 1.8) if led else (RULE, 1.0)
    axes.plot(*zip(start, end, strict=True), color=ink, linewidth=wide, zorder=1)


def _draw_box(axes, x, y, wide, high, edge, fill=CONTEXT_TINT, hatch="", zorder=1):
    look = {"facecolor": fill, "edgecolor": edge, "hatch": hatch, "zorder": zorder}
    axes.add_patch(Rectangle((x, y), wide, high, **look))


def _draw_leaf(axes, leaf: _Node, look: _Look) -> None:
    x = look.x(look.depth - 1)
    for row in range(leaf.first, leaf.last + 1):
        state = look.states.get(look.keys[row], "")
        top = look.ys[row] - _ROW / 2
        if state:
            strip = (x + look.wide, top, _STRIP, _ROW)
            _draw_box(axes, *strip, *_STRIPS[state], zorder=2)
        ink, bold = _INKS[state], state == "returned"
        sign = x + _PAD + width("✓") / 2
        write(axes, sign, look.ys[row], _SIGNS[state], color=ink, ha="center")
        at = x + _PAD + width("✓") + 4
        write(axes, at, look.ys[row], look.shown[row], color=ink, bold=bold)
    top, bottom = look.ys[leaf.first] - _ROW / 2, look.ys[leaf.last] + _ROW / 2
    _draw_box(axes, x, top, look.wide, bottom - top, CONTEXT, "none", zorder=3)


def _draw_walk(axes, look: _Look) -> None:
    """An arrow down the leaves, from the first item that was read to the last."""
    rows = [row for row, key in enumerate(look.keys) if key in look.states]
    if len(rows) < 2:  # noqa: PLR2004 - one item takes no walk
        return
    x = look.x(look.depth - 1) + look.wide + 18
    axes.annotate(
        "",
        (x, look.ys[rows[-1]] + _ROW / 2),
        (x, look.ys[rows[0]] - _ROW / 2),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.8},
    )
    write(axes, x + 6, look.ys[rows[0]], "in", ha="left")
    write(axes, x + 6, look.ys[rows[0]] + _ROW, "order", ha="left")


def _draw_key(axes, states: dict[str, str], y: float) -> None:
    x = MARGIN + 4
    for state in dict.fromkeys([*states.values(), ""]):
        write(axes, x, y, _SAID[state], color=_INKS[state])
        x += width(_SAID[state]) + 14


def _in_words(keys: Sequence[str], states: dict[str, str], tree: _Node) -> str:
    said = {
        "returned": "read and returned",
        "dropped": "read, dropped by the filter",
    }
    lines = [f"A B-tree of {tree.depth} levels over {len(keys)} items in sort order."]
    lines += [f"{key}: {said.get(states.get(key, ''), 'not read')}." for key in keys]
    return "\n".join(lines)
