"""A dashboard that moves while a storm passes: numbers, and curves drawn in place."""

import html

import ipywidgets as widgets

from workbook.figures import LiveCurves, Picture, curves
from workbook.storm.result import Result, Sample

__all__ = ["Dashboard", "at_the_end"]

_EVERY_S = 10.0  # of virtual time: a redraw costs some hundredths of a second
_LOOKS = {
    "x_label": "time since the opening, s",
    "y_label": "orders",
    "kinds": {"waiting": "context", "failed attempts": "fault"},
}


class Dashboard(widgets.VBox):
    """Give its `watch` to `run`: it redraws every ten seconds of virtual time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers, self.view = widgets.HTML(), widgets.HTML()
        self.samples: list[Sample] = []
        self.redraws = 0
        self._curves = LiveCurves(**_LOOKS)
        super().__init__(children=[self.numbers, self.view])

    def watch(self, sample: Sample) -> None:
        """Take a sample, and show it if it is time to."""
        self.samples.append(sample)
        if len(self.samples) > 1 and sample.at_s % _EVERY_S == 0:
            self.redraw()

    def redraw(self) -> None:
        """Show what has come so far."""
        self.redraws += 1
        self.numbers.value = f"<p>{html.escape(in_words(self.samples[-1]))}</p>"
        title = f"{self.name}, as it happens"
        picture = self._curves.show(
            _times(self.samples), _lines(self.samples), title=title
        )
        self.view.value = picture.live_html()

    def __repr__(self) -> str:
        return f"Dashboard of {self.name!r} (live in a running notebook)"


def in_words(sample: Sample) -> str:
    """The numbers of a moment."""
    waiting = ", ".join(f"{n:,} in “{name}”" for name, n in sample.waiting.items())
    return (
        f"{sample.at_s:.0f} s: {waiting}; {sample.tickets:,} tickets, "
        f"{sample.charges:,} charges, {sample.ended:,} buyers told, "
        f"{sample.errors:,} failed attempts, {sample.dead:,} dead letters, "
        f"oldest order {sample.oldest_s:.0f} s"
    )


def at_the_end(result: Result, *, title: str, until_s: float = 120.0) -> Picture:
    """The dashboard's picture for paper."""
    samples = [sample for sample in result.samples if sample.at_s <= until_s]
    return curves(_times(samples), _lines(samples), title=title, **_LOOKS)


def _times(samples: list[Sample]) -> list[float]:
    return [sample.at_s for sample in samples]


def _lines(samples: list[Sample]) -> dict[str, list[int]]:
    return {
        "waiting": [sum(sample.waiting.values()) for sample in samples],
        "charges": [sample.charges for sample in samples],
        "tickets": [sample.tickets for sample in samples],
        "failed attempts": [sample.errors for sample in samples],
    }
