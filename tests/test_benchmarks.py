"""The benchmarks still fit what they measure: none is run here for its numbers."""

import runpy

import pytest

from tools.run_benchmarks import FOLDER

BENCHMARKS = sorted(FOLDER.glob("bench_*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_finds_all_that_it_imports(path):
    assert callable(runpy.run_path(str(path))["main"])


def test_the_explorers_plain_peer_makes_every_call_and_finds_the_same():
    bench = runpy.run_path(str(FOLDER / "bench_explore.py"))
    quick = bench["explored"](bench["naive"], deliveries=1)
    with bench["without_memory"]():
        plain = bench["explored"](bench["naive"], deliveries=1)
    assert (plain.verdict, plain.schedules) == (quick.verdict, quick.schedules)
