"""Pictures in one style: sequence diagrams, time lines, crash maps, curves, trees."""

from workbook.figures.arcs import arcs
from workbook.figures.bars import bars
from workbook.figures.board import board
from workbook.figures.btree import btree
from workbook.figures.crashmap import crashmap, crashmaps
from workbook.figures.curves import curves
from workbook.figures.dots import dots
from workbook.figures.heatmap import heatmap
from workbook.figures.live import LiveCurves
from workbook.figures.picture import Picture
from workbook.figures.sequence import sequence
from workbook.figures.steps import Step, sequence_text
from workbook.figures.style import CONTEXT, FAULT, HEALTHY, INK, new_figure
from workbook.figures.timeline import Mark, Span, timeline
from workbook.figures.waterfall import Bar, waterfall

__all__ = [
    "CONTEXT",
    "FAULT",
    "HEALTHY",
    "INK",
    "Bar",
    "LiveCurves",
    "Mark",
    "Picture",
    "Span",
    "Step",
    "arcs",
    "bars",
    "board",
    "btree",
    "crashmap",
    "crashmaps",
    "curves",
    "dots",
    "heatmap",
    "new_figure",
    "sequence",
    "sequence_text",
    "timeline",
    "waterfall",
]
