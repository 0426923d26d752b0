"""For all tests: which begin first, and that each module leaves real time behind it."""

import os

import pytest
from hypothesis import settings

from workbook.cloud import clock

# The same examples each time: what fails after a change fails because of it. To look
# for new ones: pytest --hypothesis-profile=default.
settings.register_profile("the same each time", derandomize=True)
settings.load_profile("the same each time")

# The browser's tests wait for their own make.
collect_ignore = [] if os.environ.get("WORKBOOK_BROWSER") else ["browser"]

# They take half of all the time: begun last, one worker would end long after the other.
_SLOWEST = ("test_notebooks", "test_zoo", "test_labs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest modules first, and leave all else in its order."""
    items.sort(key=lambda item: item.path.stem not in _SLOWEST)


@pytest.fixture(autouse=True, scope="module")
def real_time():
    """A cloud left running would hand the next module's tests the year 2018."""
    yield
    left_running = clock.running()
    clock.stop()
    assert not left_running, "a test left the local cloud running: stop it"
