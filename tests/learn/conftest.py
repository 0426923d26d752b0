"""Each test has an empty passport of its own."""

import pytest


@pytest.fixture(autouse=True)
def passport_file(tmp_path, monkeypatch):
    path = tmp_path / "passport.json"
    monkeypatch.setenv("WORKBOOK_PASSPORT", str(path))
    return path
