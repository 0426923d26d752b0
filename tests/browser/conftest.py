"""A browser and JupyterLab for the tests that `make browser` runs."""

import pytest

from tests.browser import driving

HERE = ("file:", "data:", "blob:", "http://127.0.0.1", "ws://127.0.0.1")


@pytest.fixture(scope="session")
def chromium():
    with driving.browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    with driving.jupyterlab(tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture
def page(chromium):
    """A page at a laptop's size; `page.elsewhere`: what it asked of others."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.elsewhere = []
    page.on("request", lambda request: _note(page, request.url))
    yield page
    context.close()


def _note(page, url):
    if not url.startswith(HERE):
        page.elsewhere.append(url)
