"""One picture of every kind, made anew at each call."""

import numpy as np

from workbook.figures import (
    Bar,
    Mark,
    Span,
    Step,
    bars,
    board,
    btree,
    crashmap,
    crashmaps,
    curves,
    dots,
    heatmap,
    timeline,
    waterfall,
)
from workbook.figures import sequence as draw_sequence
from workbook.figures.steps import CALLS, STEP_KINDS

LOOKS = {"title": "Order 7 is charged 2 times", "caption": "Schedule 3f, by hand."}
MAP = (
    ["no fault", "crash after PutItem charges"],
    ["after call 1", "after its end"],
    {
        ("no fault", "after call 1"): "holds",
        ("no fault", "after its end"): "charged 2 times",
        ("crash after PutItem charges", "after its end"): "charged 0 times",
    },
)
MAP_LOOKS = {
    "row_label": "what goes wrong",
    "column_label": "second delivery begins",
    "healthy": {"holds"},
    **LOOKS,
}


def sequence():
    steps = [
        Step(kind, f"delivery {n % 2 + 1}", "charges" * (kind in CALLS), "so", "ok")
        for n, kind in enumerate(STEP_KINDS)
    ]
    return draw_sequence(steps, **LOOKS)


def time_line():
    kinds = ("healthy", "fault", "context")
    spans = [Span(f"a {kind} lane", 0, 30, "held", kind) for kind in kinds]
    marks = [Mark(f"a {kind} lane", 20, "here", kind) for kind in kinds]
    marks.append(Mark("", 25, "for all"))
    return timeline(spans, marks=marks, **LOOKS)


def one_map():
    return crashmap(*MAP, **MAP_LOOKS)


def two_maps():
    return crashmaps({"look first": MAP, "claim first": MAP}, **MAP_LOOKS)


def lines():
    x = np.linspace(1, 100, 50)
    kinds = {"measured": "fault", "without": "context"}
    ys = {"theory": x, "measured": x / 2, "without": x / 4}
    points = {"measured": (x[::10], x[::10] / 2)}
    labels = {"x_label": "load, 1/s", "y_label": "wait, s"}
    return curves(x, ys, kinds=kinds, points=points, **labels, **LOOKS)


def heat():
    words = {"x_label": "partition", "y_label": "writes a second"}
    return bars([1700, 900, 800, 20], names="abcd", limit=1000, **words, **LOOKS)


def tree():
    keys = [f"2018-02-01T{hour:02}:00" for hour in range(0, 24, 2)]
    return btree(keys, read=keys[3:8], returned=keys[4:6], **LOOKS)


def rows_of_dots():
    series = {"scans": (25, 18.6, 0.06), "indexes": (0.06, 0.2, 0.06)}
    series["one table"] = (0.06, 0.06, 0.06)
    kinds = {"scans": "fault", "one table": "context"}
    rows = ("a buyer's orders", "an order, all of it", "one order")
    return dots(rows, series, x_label="µUSD (log scale)", kinds=kinds, **LOOKS)


def falls():
    bars = [Bar("place-order", 0, 0.2, critical=True)]
    bars += [Bar("charge", 0.5, 0.5, 1, 0.2, kind="fault"), Bar("mail", 0.6, None, 1)]
    bars += [Bar("a charge with a very long name " * 2, 1, 2.5, 1, 0.2, critical=True)]
    return waterfall(bars, **LOOKS)


def progress():
    states = ("done", "failed", "begun", "")
    orders = {f"order-{n}": {"pay": "done", "mail": states[n % 4]} for n in range(120)}
    return board(("pay", "mail"), orders, x_label="orders", **LOOKS)


def field():
    columns = {"passed": "healthy", "your code raised": "fault", "none": "context"}
    rows = ["One winner", "A lease that survives a crash"]
    counts = {(rows[0], "passed"): 12, (rows[1], "your code raised"): 1_200}
    counts[rows[1], "passed"] = 3
    named = {"row_label": "exercise", "column_label": "verdict", **LOOKS}
    return heatmap(rows, columns, counts, **named)


KINDS = {
    "heat map": field,
    "bars": heat,
    "board": progress,
    "waterfall": falls,
    "B-tree": tree,
    "dots": rows_of_dots,
    "sequence": sequence,
    "timeline": time_line,
    "crash map": one_map,
    "crash maps": two_maps,
    "curves": lines,
}
