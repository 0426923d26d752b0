"""Controls over a pure model."""

import asyncio

import ipywidgets as widgets
import pandas as pd

from workbook.learn import turn


class Answer:
    def __init__(self, text):
        self.text = text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text, "text/html": f"<b>{self.text}</b>"}


def controls():
    number = widgets.IntSlider(min=1, max=5, value=2, description="clients")
    return turn(lambda clients: [Answer(f"n={clients}"), "a < b"], clients=number)


def test_the_model_is_asked_at_once_and_after_every_change():
    explorer = controls()
    assert "<b>n=2</b>" in explorer.view.value
    explorer.controls["clients"].value = 5
    assert "<b>n=5</b>" in explorer.view.value and explorer.values == {"clients": 5}


def test_a_sentence_is_escaped():
    assert "<p>a &lt; b</p>" in controls().view.value


def test_a_table_is_shown_as_a_table():
    table = pd.DataFrame({"step": ["<pay>"]})
    shown = turn(lambda n: ["read", table], n=widgets.IntSlider()).view.value
    assert "<p>read</p>" in shown and "<td>&lt;pay&gt;</td>" in shown


def test_its_text_is_short_and_always_the_same():
    assert repr(controls()) == repr(controls())
    assert repr(controls()).startswith("Controls for: clients")


def test_a_slider_dragged_fast_is_drawn_once_at_its_end():
    async def drag():
        explorer = controls()
        for place in (3, 4, 5, 1):
            explorer.controls["clients"].value = place
        assert explorer.redraws == 1  # nothing but notes so far
        await asyncio.sleep(0.1)
        first = (explorer.redraws, explorer.view.value)
        explorer.controls["clients"].value = 3
        await asyncio.sleep(0.1)
        return first, (explorer.redraws, explorer.view.value)

    (redraws, shown), (later, last) = asyncio.run(drag())
    assert redraws == 2 and "<b>n=1</b>" in shown
    assert later == 3 and "<b>n=3</b>" in last


def test_what_has_a_view_for_a_changing_screen_shows_that():
    class Picture(Answer):
        def live_html(self):
            return f"<i>{self.text}</i>"

    shown = turn(lambda n: Picture("quick"), n=widgets.IntSlider()).view.value
    assert shown == "<i>quick</i>"


def test_a_redraw_asked_for_comes_at_once_and_only_once():
    async def ask():
        explorer = controls()
        explorer.controls["clients"].value = 4
        explorer.redraw()
        shown = explorer.view.value
        await asyncio.sleep(0.1)
        return explorer.redraws, shown

    redraws, shown = asyncio.run(ask())
    assert redraws == 2 and "<b>n=4</b>" in shown


def test_a_model_that_refuses_says_why_and_goes_on():
    def model(servers):
        if servers < 2:
            raise ValueError("servers=1: it must be <more>")
        return f"{servers} servers"

    explorer = turn(model, servers=widgets.IntSlider(min=1, max=3, value=2))
    explorer.controls["servers"].value = 1
    assert "servers=1: it must be &lt;more&gt;" in explorer.view.value
    explorer.controls["servers"].value = 3
    assert explorer.view.value == "<p>3 servers</p>"
