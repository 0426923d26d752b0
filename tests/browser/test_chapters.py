"""Chapters in JupyterLab, as `make lab` opens it, in a real browser."""

import json

import pytest

from tests.browser.driving import drag, open_and_run, to_explorer
from tools.run_notebooks import ROOT

CHAPTERS = ("00-start-here", "01-what-serverless-is", "09-exactly-once")
WITH_EXPLORER = CHAPTERS[1:]
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}


def expected_errors(chapter):
    notebook = json.loads((ROOT / f"notebooks/{chapter}.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tagged = [c for c in code if "raises-exception" in c["metadata"].get("tags", ())]
    return len(tagged)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_run_all_by_the_menu(page, lab, chapter):
    ran = open_and_run(page, lab(f"notebooks/{chapter}.ipynb"))
    assert [count for count, _ in ran] == list(range(1, len(ran) + 1))
    outputs = [output for _, outputs in ran for output in outputs]
    errors = [o["ename"] for o in outputs if o["output_type"] == "error"]
    assert len(errors) == expected_errors(chapter), errors
    assert page.elsewhere == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chapter", WITH_EXPLORER)
def test_a_dragged_slider_changes_the_picture(page, lab, chapter, size, tmp_path):
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    open_and_run(page, lab(f"notebooks/{chapter}.ipynb"))
    handle = to_explorer(page)
    picture = page.locator(".jupyter-widgets img").first
    before = picture.get_attribute("src")
    drag(page, handle)
    page.wait_for_function(
        "before => document.querySelector('.jupyter-widgets img').src !== before",
        arg=before,
    )
    assert picture.get_attribute("alt")
    box = picture.bounding_box()
    assert 300 < box["width"] <= width and box["height"] <= height
