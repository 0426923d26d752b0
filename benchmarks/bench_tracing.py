"""A thousand orders' traces from fifty thousand log lines, beside a table of pandas."""

import json
import random
from statistics import median
from time import process_time

import pandas as pd

from workbook.patterns.events import iso
from workbook.patterns.tracing import critical_path, progress, rebuild

ORDERS, LINES, TARGET_S = 1_000, 50_000, 3
STEPS = ("place", "relay", "reserve", "charge", "ticket", "mail")


def order_lines(number: int, rng: random.Random) -> list[str]:
    """Two lines a span, and what was said in between: fifty for an order."""
    at, parent, lines = 1_520_730_000.0 + number, "", []
    for step in STEPS:
        span_id = f"{rng.getrandbits(64):016x}"
        same = {
            "service": step,
            "level": "INFO",
            "trace_id": f"{number:032x}",
            "span_id": span_id,
            "correlation_id": f"order-{number}",
        }
        about = {"name": step, "parent_id": parent}
        said = 7 if step in ("place", "mail") else 6
        moments = ["begin", *[""] * said, "end"] if step != "mail" else ["begin", "end"]
        for moment in moments:
            at += rng.expovariate(50)
            line = {"time": iso(at), **same, "message": "a line as functions write it"}
            lines.append({**line, **about, "span": moment} if moment else line)
        parent = span_id
    lines += [line] * (LINES // ORDERS - len(lines))
    return [json.dumps(line) for line in lines]


def rebuilt(lines: list[str]) -> float:
    """CPU seconds to rebuild all traces, and to tell how each stands."""
    began = process_time()
    traces = rebuild(lines, by="correlation_id")
    took_s = process_time() - began
    whole = [trace for trace in traces.values() if len(trace.spans) == len(STEPS)]
    if len(whole) != ORDERS or any(trace.orphans for trace in whole):
        raise RuntimeError(f"{len(whole)} of {ORDERS} traces are whole")
    return took_s


def told(lines: list[str]) -> float:
    """CPU seconds for the progress and the critical path of all of them."""
    traces = rebuild(lines, by="correlation_id")
    began = process_time()
    for trace in traces.values():
        progress(trace, STEPS)
        critical_path(trace)
    return process_time() - began


def in_pandas(lines: list[str]) -> float:
    """CPU seconds for the same spans by two tables that are joined."""
    began = process_time()
    table = pd.DataFrame([json.loads(line) for line in lines])
    table["time"] = pd.to_datetime(table["time"])
    table = table.dropna(subset="span").drop_duplicates(["span_id", "span"])
    begins = table[table["span"] == "begin"].set_index("span_id")
    ends = table[table["span"] == "end"].set_index("span_id")["time"].rename("end")
    spans = begins.join(ends).reset_index()
    joined = spans.merge(
        spans[["span_id", "name"]],
        left_on="parent_id",
        right_on="span_id",
        how="left",
        suffixes=("", "_parent"),
    )
    groups = {order: group for order, group in joined.groupby("correlation_id")}
    took_s = process_time() - began
    if len(groups) != ORDERS or len(joined) != ORDERS * len(STEPS):
        raise RuntimeError(f"{len(joined)} spans of {len(groups)} orders")
    return took_s


def main() -> None:
    """Print the section of Markdown."""
    rng = random.Random(8)
    lines = [line for n in range(ORDERS) for line in order_lines(n, rng)]
    rng.shuffle(lines)
    if len(lines) != LINES:
        raise RuntimeError(f"{len(lines)} lines, not {LINES}")
    runs = [(rebuilt(lines), in_pandas(lines), told(lines)) for _ in range(3)]
    ours, peer, telling = (median(times) for times in zip(*runs, strict=True))
    met = "met" if ours < TARGET_S else "missed"
    report = [
        "## Traces from log lines",
        "",
        f"{ORDERS:,} orders of {len(STEPS)} spans in {LINES:,} lines of JSON, "
        "shuffled; CPU time, medians of 3 runs in turns.",
        "",
        f"- Rebuilt in {ours:.2f} s, {LINES / ours:,.0f} lines a second; the target is "
        f"under {TARGET_S} s ({met}).",
        f"- Progress and critical path of all of them: {telling:.2f} s more.",
        f"- The same spans joined in pandas, without trees: {peer:.2f} s, "
        f"{peer / ours:.1f} times as long.",
    ]
    print("\n".join(report))


if __name__ == "__main__":
    main()
