"""The check-up: every row is in order here, and each can be out of order."""

import sys
from collections import namedtuple
from importlib import metadata

import pytest
from botocore.exceptions import ConnectTimeoutError

from workbook.cloud import local_cloud
from workbook.learn import checkup, doctor

ROWS = ["Python", "packages", "emulator", "real AWS", "disk", "widgets", "passport"]
Usage = namedtuple("Usage", "free")


def row(name):
    (found,) = [f for f in checkup().findings if f.name == name]
    return found


def test_all_is_well_here_with_the_cloud_and_without():
    for result in (checkup(), in_the_cloud()):
        assert result.ok, repr(result)
        assert [finding.name for finding in result.findings] == ROWS
        assert repr(result).count("✓") == result._repr_html_().count("✓") == len(ROWS)


def in_the_cloud():
    with local_cloud():
        return checkup()


def test_it_leaves_nothing_behind(passport_file):
    checkup()
    assert list(passport_file.parent.iterdir()) == []


def python_3_10(monkeypatch, passport_file):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))


def another_moto(monkeypatch, passport_file):
    real = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "4.0.1" if name == "moto" else real(name)
    )


def no_matplotlib(monkeypatch, passport_file):
    def version(name):
        if name == "matplotlib":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    real = metadata.version
    monkeypatch.setattr(metadata, "version", version)


def no_workbook_folder(monkeypatch, passport_file):
    monkeypatch.setattr(doctor, "repository", lambda: None)


def no_emulator(monkeypatch, passport_file):
    monkeypatch.setitem(sys.modules, "ministack", None)


def no_guard(monkeypatch, passport_file):
    def send(session, request):
        raise ConnectTimeoutError(endpoint_url=request.url)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)


def full_disk(monkeypatch, passport_file):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: Usage(12_345_678))


def no_widgets(monkeypatch, passport_file):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)


def no_folder_for_the_passport(monkeypatch, passport_file):
    file = passport_file.parent / "a file"
    file.touch()
    monkeypatch.setenv("WORKBOOK_PASSPORT", str(file / "passport.json"))


def test_a_folder_that_will_be_made_is_no_trouble(monkeypatch, passport_file):
    folder = passport_file.parent / "new" / "folder"
    monkeypatch.setenv("WORKBOOK_PASSPORT", str(folder / "passport.json"))
    assert row("passport").ok and not folder.exists()


@pytest.mark.parametrize(
    ("trouble", "name", "found", "advice"),
    [
        (python_3_10, "Python", "this is Python 3.", "make lab PYTHON="),
        (another_moto, "packages", "moto is 4.0.1", "make lab"),
        (no_matplotlib, "packages", "matplotlib is missing", "make lab"),
        (no_workbook_folder, "packages", "cannot be found", "own folder"),
        (no_emulator, "emulator", "ministack cannot be imported", "make lab"),
        (no_guard, "real AWS", "a call left this machine", "restart the kernel"),
        (full_disk, "disk", "12 MB free", "500 MB"),
        (no_widgets, "widgets", "ipywidgets cannot be imported", "make lab"),
        (no_folder_for_the_passport, "passport", "cannot be written", "WORKBOOK_"),
    ],
)
def test_each_row_can_be_out_of_order(
    trouble, name, found, advice, monkeypatch, passport_file
):
    trouble(monkeypatch, passport_file)
    bad = row(name)
    assert not bad.ok and found in bad.text and advice in bad.advice
    assert not checkup().ok
    assert [f.name for f in checkup().findings if not f.ok] == [name]
    assert f"✗ {name}" in repr(checkup()) and "To do: " in checkup()._repr_html_()


def test_a_probe_that_breaks_is_a_finding(monkeypatch):
    def breaks(folder):
        raise OSError("no such device <sda>")

    monkeypatch.setattr(doctor.shutil, "disk_usage", breaks)
    assert "no such device" in row("disk").text and not row("disk").ok
    assert "&lt;sda&gt;" in checkup()._repr_html_()
