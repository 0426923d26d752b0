"""Controls over a pure model."""

import ipywidgets as widgets

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


def test_its_text_is_short_and_always_the_same():
    assert repr(controls()) == repr(controls())
    assert repr(controls()).startswith("Controls for: clients")
