"""What a lab's commands return: a verdict's card, or a page of text."""

from workbook.learn.cards import verdict_html, verdict_text
from workbook.learn.verdict import Verdict

__all__ = ["Card", "Page"]


class Card:
    """A verdict with its exercise's heading and what to do next."""

    def __init__(self, verdict: Verdict, heading: str, after: str = "") -> None:
        self.verdict = verdict
        self.heading = heading
        self.after = after.strip()

    def __repr__(self) -> str:
        return verdict_text(self.verdict, heading=self.heading, after=self.after)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        html = verdict_html(self.verdict, heading=self.heading, after=self.after)
        return {"text/plain": repr(self), "text/html": html}


class Page:
    """A title and Markdown under it: hints, our solution, a why answer."""

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text

    def __repr__(self) -> str:
        return f"{self.title}\n\n{self.text}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        markdown = f"**{self.title}**\n\n{self.text}"
        return {"text/plain": repr(self), "text/markdown": markdown}
