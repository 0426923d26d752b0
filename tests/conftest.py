"""Every module of tests leaves real time behind it; browser/ waits for its own make."""

import os

import pytest

from workbook.cloud import clock

collect_ignore = [] if os.environ.get("WORKBOOK_BROWSER") else ["browser"]


@pytest.fixture(autouse=True, scope="module")
def real_time():
    """A cloud left running would hand the next module's tests the year 2018."""
    yield
    left_running = clock.running()
    clock.stop()
    assert not left_running, "a test left the local cloud running: stop it"
