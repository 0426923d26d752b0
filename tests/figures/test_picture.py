"""Pictures: one message, the same bytes each time, words for those who cannot see."""

import base64
import io
from html.parser import HTMLParser

import matplotlib
import numpy as np
import pytest
from measuring import dots
from PIL import Image

from workbook.figures import FAULT, HEALTHY, Picture, new_figure
from workbook.figures.picture import DOTS_PER_INCH
from workbook.figures.style import INK, page, write


def drawn(message="Charged twice", **more):
    figure, axes = page(100)
    write(axes, 20, 50, "words", color=FAULT)
    return Picture(figure, message, **more)


class Parsed(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = {}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = dict(attributes)

    def handle_data(self, data):
        self.words.append(data)


def test_a_picture_is_its_message():
    assert repr(drawn()) == "Charged twice"
    assert repr(drawn(caption="Schedule 3f.")) == "Charged twice — Schedule 3f."
    assert drawn()._repr_mimebundle_()["text/plain"] == "Charged twice"


@pytest.mark.parametrize("message", ["", "  \n", None])
def test_a_picture_without_a_message_is_refused(message):
    with pytest.raises(ValueError, match="message"):
        Picture(new_figure(), message)


def test_what_is_no_figure_is_refused_with_a_way_on():
    figure = new_figure()
    axes = figure.add_subplot()
    with pytest.raises(ValueError, match="not Axes: for axes, pass axes.figure"):
        Picture(axes, "Charged twice")
    assert Picture(axes.figure, "Charged twice").figure is figure


def test_the_alt_text_and_caption_are_escaped_and_whole():
    message = 'x < 3 & "y" > 2'
    page = drawn(message, caption="<b>", text="1. a < b\n2. end")
    parsed = Parsed(page._repr_mimebundle_()["text/html"])
    assert parsed.tags["img"]["alt"] == f"{message} 1. a < b 2. end"
    assert "<b>" in parsed.words and "b" not in parsed.tags
    assert "1. a < b" in parsed.words and "2. end" in parsed.words


def test_a_long_text_is_cut_in_the_alt_text_only():
    lines = "\n".join(f"{n}. delivery 1 calls PutItem" for n in range(1, 60))
    picture = drawn(text=lines)
    assert len(picture.alt) <= 600 and picture.alt.endswith("…")
    assert "59. delivery 1 calls PutItem" in picture._repr_mimebundle_()["text/html"]


def test_two_equal_figures_are_the_same_bytes():
    assert drawn().png() == drawn().png()


def test_a_figure_that_differs_in_one_colour_is_other_bytes():
    figure, axes = page(100)
    write(axes, 20, 50, "words", color=HEALTHY)
    assert Picture(figure, "Charged twice").png() != drawn().png()


def test_the_bytes_do_not_depend_on_the_notebook_s_settings():
    before = drawn().png()
    with matplotlib.rc_context({"figure.dpi": 50, "font.size": 20, "axes.grid": True}):
        assert drawn().png() == before


def test_it_is_sharp_small_and_as_large_as_it_says(tmp_path):
    picture = drawn()
    picture.save(tmp_path / "it.png")
    image = Image.open(tmp_path / "it.png")
    assert image.width == int(6.4 * 144)
    assert len(picture.png()) < 20_000
    html = picture._repr_mimebundle_()["text/html"]
    assert Parsed(html).tags["img"]["width"] == str(round(6.4 * 96))


def test_drawing_it_leaves_the_figure_as_it_was():
    picture = drawn()
    before = picture.figure.dpi
    picture.png()
    assert picture.figure.dpi == before != DOTS_PER_INCH


def test_the_house_s_colours_come_out_as_they_are():
    seen = {tuple(dot) for dot in dots(drawn()).reshape(-1, 3)}
    assert (0xD5, 0x5E, 0x00) in seen and (255, 255, 255) in seen


def test_another_image_keeps_its_own_colours():
    figure = new_figure(2, 2)
    figure.add_axes((0, 0, 1, 1)).imshow([[0, 1], [2, 3]], cmap="viridis")
    seen = {
        tuple(dot)
        for dot in dots(Picture(figure, "A field")).astype(int).reshape(-1, 3)
    }
    assert any(abs(r - 253) < 6 and abs(g - 231) < 6 for r, g, _ in seen)  # yellow


def test_a_figure_is_known_to_no_window():
    import matplotlib.pyplot as plt

    new_figure()
    assert plt.get_fignums() == []


def test_a_new_figure_has_the_house_s_size():
    assert tuple(new_figure().get_size_inches()) == (6.4, 3.6)
    assert {INK, HEALTHY, FAULT} == {"#000000", "#0072B2", "#D55E00"}


def test_png_is_a_png():
    assert Image.open(io.BytesIO(drawn().png())).format == "PNG"


def test_the_live_view_shows_the_same_and_says_the_same():
    picture = drawn("a < b", caption="Schedule 3f.")
    kept = Parsed(picture._repr_mimebundle_()["text/html"])
    live = Parsed(picture.live_html())
    images = [
        Image.open(io.BytesIO(base64.b64decode(page.tags["img"].pop("src")[22:])))
        for page in (kept, live)
    ]
    assert (live.tags, live.words) == (kept.tags, kept.words)
    one, other = (np.asarray(i.convert("RGB"), dtype=int) for i in images)
    assert np.abs(one - other).max() <= 48  # the kept one has few colours
