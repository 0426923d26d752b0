"""What holds for a picture of every kind."""

import pytest
from measuring import problems
from samples import KINDS, LOOKS
from seeing import pale_words


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def test_words_have_room_of_their_own(kind):
    assert problems(kind()) == []


def test_words_stand_out_from_what_is_behind_them(kind):
    assert pale_words(kind()) == []


def test_two_builds_are_the_same_to_the_byte(kind):
    one, other = kind(), kind()
    assert one.png() == other.png()
    assert one._repr_mimebundle_() == other._repr_mimebundle_()


def test_measuring_a_picture_does_not_change_it(kind):
    picture = kind()
    before = picture.png()
    problems(picture)
    assert picture.png() == before


def test_it_is_small(kind):
    assert len(kind().png()) < 25_000


def test_its_message_caption_and_words_are_all_there(kind):
    picture = kind()
    html = picture._repr_mimebundle_()["text/html"]
    assert repr(picture) == f"{LOOKS['title']} — {LOOKS['caption']}"
    assert f'<img alt="{LOOKS["title"]} ' in html
    assert f"<figcaption>{LOOKS['caption']}</figcaption>" in html
    assert picture.text.strip() and len(picture.text.splitlines()) > 1


def test_it_stands_on_a_page_of_the_house_s_width(kind):
    assert kind().figure.get_figwidth() == pytest.approx(6.4)
