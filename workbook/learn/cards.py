"""Verdicts as text and as HTML: the same words in both, never colour alone."""

from html import escape
from typing import TYPE_CHECKING, Any

from workbook.figures.style import CONTEXT, FAULT, HEALTHY

if TYPE_CHECKING:
    from workbook.learn.verdict import Verdict

__all__ = [
    "LEFT",
    "box",
    "paragraphs",
    "progress_html",
    "progress_text",
    "rich",
    "symbol",
    "verdict_html",
    "verdict_text",
]

# Per status: a symbol, a colour and a border, so that no cue stands alone.
_LOOKS = {
    "passed": ("✓", HEALTHY, "solid"),
    "failed": ("✗", FAULT, "double"),
    "your code raised": ("!", FAULT, "dashed"),
    "not attempted": ("○", CONTEXT, "dotted"),
    "inconclusive": ("?", CONTEXT, "dashed"),
}
_BAR_CELLS = 20

# JupyterLab sets tables flush right; words read better flush left.
LEFT = ' style="text-align:left"'


def symbol(status: str) -> str:
    """The sign beside a status, for example ✓; a status of a later version has none."""
    return _LOOKS.get(status, ("·", CONTEXT, "dotted"))[0]


def verdict_text(verdict: "Verdict", *, heading: str = "", after: str = "") -> str:
    """A verdict as lines of text: status, reason, what to look at, picture, prints."""
    first = f"{symbol(verdict.status)} {verdict.status}"
    lines = [first + (f" · {heading}" if heading else "")]
    lines += [line for line in (verdict.reason, verdict.look) if line]
    if verdict.picture is not None:
        lines.append(f"[{_safe(repr, verdict.picture)}]")
    if verdict.printed:
        lines += ["Your code printed:", *verdict.printed.split("\n")]
    if after:
        lines.append(after)
    return "\n  ".join(lines)


def verdict_html(verdict: "Verdict", *, heading: str = "", after: str = "") -> str:
    """A verdict as a card."""
    sign, _, _ = _LOOKS[verdict.status]
    title = f"<strong>{sign} {verdict.status}</strong>"
    if heading:
        title += f" · {escape(heading)}"
    body = paragraphs(verdict.reason, verdict.look)
    if verdict.picture is not None:
        body += rich(verdict.picture)
    if verdict.printed:
        body += f"<p>Your code printed:</p><pre>{escape(verdict.printed)}</pre>"
    return box(title, body + paragraphs(after), status=verdict.status)


def box(title: str, body: str, *, status: str = "") -> str:
    """A card: `title` and `body` are HTML; the text keeps the page's own colour."""
    _, colour, line = _LOOKS.get(status, ("", CONTEXT, "solid"))
    style = f"border-left:6px {line} {colour};padding:.2em 1em;margin:.4em 0"
    return f'<div role="group" style="{style}"><p>{title}</p>{body}</div>'


def paragraphs(*texts: str) -> str:
    """Each text that is not empty as a paragraph, its `code` set as code."""
    return "".join(f"<p>{_code(text)}</p>" for text in texts if text)


def progress_text(done: int, of: int) -> str:
    """A progress bar in text: "[########------------] 2 of 5 passed"."""
    filled = _BAR_CELLS * done // max(of, 1)
    return f"[{'#' * filled}{'-' * (_BAR_CELLS - filled)}] {done} of {of} passed"


def progress_html(done: int, of: int) -> str:
    """A progress bar in HTML, with its meaning in words beside it."""
    label = f"{done} of {of} passed"
    bar = f'<progress max="{of}" value="{done}" aria-label="{label}"></progress>'
    return f"<p>{bar} {label}</p>"


def rich(thing: Any) -> str:
    """Anything as HTML: its own if it has one, else its repr. Never raises."""
    bundle = _safe(lambda it: it._repr_mimebundle_(), thing, instead={})
    if isinstance(bundle, tuple):  # (data, metadata)
        bundle = bundle[0]
    html = bundle.get("text/html") if isinstance(bundle, dict) else None
    html = html or _safe(lambda it: it._repr_html_(), thing, instead="")
    return html or f"<pre>{escape(_safe(repr, thing))}</pre>"


def _safe(show, thing: Any, *, instead: Any = "the picture could not be drawn") -> Any:
    """Show `thing`, or `instead`: a picture that breaks must not hide its verdict."""
    try:
        return show(thing)
    except Exception:
        return instead


def _code(text: str) -> str:
    """Escape `text`, with what stands between backquotes as code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # an odd backquote: leave all as they are
        return escape(text)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
