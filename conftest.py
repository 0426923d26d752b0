"""For every test run, nbval's too: no real account and no learner's own passport."""

import os
import tempfile
from pathlib import Path

import pytest

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]

os.environ["WORKBOOK_PROGRESS"] = (
    "off"  # outputs must not depend on the machine's speed
)

_scratch = tempfile.TemporaryDirectory(prefix="workbook-tests-")
_seen: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each file an empty passport before its kernel, if it has one, starts."""
    file = item.nodeid.partition("::")[0]
    if file not in _seen[-1:]:
        _seen.append(file)
        passport = Path(_scratch.name) / str(len(_seen)) / "passport.json"
        os.environ["WORKBOOK_PASSPORT"] = str(passport)
