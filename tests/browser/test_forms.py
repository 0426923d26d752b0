"""Slides and handouts in a real browser: whole, legible, with nothing from afar."""

import pytest

from tools.make_pages import write
from tools.run_notebooks import ROOT

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
SMALLEST = 0.65  # of the slides' own size: 27 px become 17 on 760


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The address of a chapter in a form, `made("slides", "09-exactly-once")`."""
    folder = tmp_path_factory.mktemp("pages")

    def address(form, chapter):
        notebook = ROOT / "notebooks" / f"{chapter}.ipynb"
        return write(form, notebook, folder / form).as_uri()

    return address


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_slides_are_whole_and_fetch_nothing(page, made, chapter):
    page.set_viewport_size({"width": 1280, "height": 760})
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(made("slides", chapter))
    page.wait_for_function("() => window.Reveal && Reveal.isReady()")
    small, bent = page.evaluate(_SMALL, SMALLEST), page.evaluate(_BENT)
    assert (failures, page.elsewhere, small, bent) == ([], [], [], [])


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapters_have_no_serious_accessibility_violation(page, made, chapter):
    from axe_playwright_python.sync_playwright import Axe

    page.goto(made("handout", chapter))
    found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], *[n["html"][:90] for n in v["nodes"][:3]]) for v in serious] == []
    assert page.elsewhere == []


# Walk through all slides as the presenter does; which became smaller than `least`?
_SMALL = """async (least) => {
  const small = [];
  for (const slide of document.querySelectorAll('.slides section')) {
    if (slide.querySelector('section')) continue;
    const at = Reveal.getIndices(slide);
    Reveal.slide(at.h, at.v);
    await new Promise(done => requestAnimationFrame(done));
    const size = Number(slide.style.zoom || 1);
    const heading = slide.innerText.slice(0, 60);
    if (size < least) small.push([heading, size]);
  }
  return small;
}"""

# Pictures that are shown wider or higher than they were drawn.
_BENT = """() => [...document.querySelectorAll('.slides img')].filter(image => {
  const shown = image.clientWidth / image.clientHeight;
  const drawn = image.naturalWidth / image.naturalHeight;
  return getComputedStyle(image).objectFit !== 'contain'
    && Math.abs(shown / drawn - 1) > 0.02;
}).map(image => image.alt.slice(0, 60))"""
