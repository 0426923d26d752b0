"""The check-up: every row is in order here, and each can be out of order."""

import sys
from collections import namedtuple
from html import escape
from importlib import metadata
from io import BytesIO

import pytest
from botocore.awsrequest import AWSResponse
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


def another_emulator(monkeypatch, passport_file):
    real = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "1.0" if name == "ministack" else real(name)
    )


def a_broken_emulator(monkeypatch, passport_file):
    real = doctor.import_module

    def broken(name):
        if name == "ministack":
            raise AttributeError("half of it is gone")
        return real(name)

    monkeypatch.setattr(doctor, "import_module", broken)


def no_emulator(monkeypatch, passport_file):
    monkeypatch.setitem(sys.modules, "ministack", None)


def no_guard(monkeypatch, passport_file):
    def send(session, request):
        raise ConnectTimeoutError(endpoint_url=request.url)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)


def a_call_is_answered(monkeypatch, passport_file):
    def send(session, request):
        return AWSResponse(request.url, 200, {}, Raw(b"{}"))

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)


def a_call_is_denied(monkeypatch, passport_file):
    def send(session, request):
        return AWSResponse(request.url, 403, {}, Raw(b"{}"))

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)


class Raw(BytesIO):
    def stream(self, **_):
        yield self.read()


def full_disk(monkeypatch, passport_file):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: Usage(12_345_678))


def no_widgets(monkeypatch, passport_file):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)


def widgets_for_python_only(monkeypatch, passport_file):
    monkeypatch.setattr(doctor, "jupyter_path", lambda kind: [str(passport_file)])


def a_folder_for_a_passport(monkeypatch, passport_file):
    passport_file.mkdir()


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
        (another_moto, "packages", "moto is 4.0.1, not 5.2.5", "%pip install"),
        (no_matplotlib, "packages", "matplotlib is missing", "%pip install"),
        (no_emulator, "emulator", "ministack cannot be imported", "make clean"),
        (another_emulator, "emulator", "ministack is 1.0, not ", "%pip install"),
        (a_broken_emulator, "emulator", "half of it is gone", "make clean"),
        (no_guard, "real AWS", "not refused (ConnectTimeoutError)", "workbook.cloud"),
        (a_call_is_answered, "real AWS", "and was answered", "restart the kernel"),
        (a_call_is_denied, "real AWS", "not refused (ClientError)", "restart"),
        (full_disk, "disk", "12 MB free", "500 MB"),
        (no_widgets, "widgets", "ipywidgets cannot be imported", "make clean"),
        (widgets_for_python_only, "widgets", "JupyterLab's part", "make clean"),
        (a_folder_for_a_passport, "passport", "is a folder", "WORKBOOK_PASSPORT"),
        (no_folder_for_the_passport, "passport", "cannot be written", "WORKBOOK_"),
    ],
)
def test_each_row_can_be_out_of_order(
    trouble, name, found, advice, monkeypatch, passport_file
):
    trouble(monkeypatch, passport_file)
    result = checkup()
    (bad,) = [finding for finding in result.findings if not finding.ok]
    assert not result.ok and bad.name == name
    assert found in bad.text and advice in bad.advice
    assert f"✗ {name}: {bad.text}. To do: {bad.advice}" in repr(result)
    assert escape(bad.advice) in result._repr_html_()


def test_outside_the_workbooks_folder_no_pin_can_be_read(monkeypatch):
    monkeypatch.setattr(doctor, "repository", lambda: None)
    bad = [finding for finding in checkup().findings if not finding.ok]
    assert [finding.name for finding in bad] == ["packages", "emulator"]
    assert all("own folder" in finding.advice for finding in bad)


def test_a_profile_that_does_not_exist_is_no_trouble(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    assert row("real AWS").ok


def test_a_python_that_is_too_new_is_told(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    assert not row("Python").ok


def test_a_probe_that_breaks_is_a_finding(monkeypatch):
    def breaks(folder):
        raise OSError("no such device <sda>")

    monkeypatch.setattr(doctor.shutil, "disk_usage", breaks)
    assert "no such device" in row("disk").text and not row("disk").ok
    assert "restart the kernel" in row("disk").advice
    assert "&lt;sda&gt;" in checkup()._repr_html_()
