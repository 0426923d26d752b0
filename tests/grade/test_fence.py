"""The fence stands wherever the workbook lies."""

import tempfile

import pytest

from workbook.grade.jail import fence, namespaces


def test_a_clone_below_tmp_is_fenced_in_as_well(monkeypatch):
    best = fence.best_fence()
    if not best.namespaces:
        pytest.skip(f"no namespaces here: {best.why_not}")
    with tempfile.TemporaryDirectory(dir="/tmp") as clone:
        paths = [*namespaces.readable(), clone]
        monkeypatch.setattr(namespaces, "readable", lambda: paths)
        assert fence._trouble(best) == ""
