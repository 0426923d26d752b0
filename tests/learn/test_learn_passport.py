"""The passport: nothing is lost, nothing gets worse, nothing private is in it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.learn import passport, record, store
from workbook.learn.merge import empty, merged

ROOT = Path(__file__).resolve().parents[2]
ONE = "42.1-double"

WRITER = """
import sys
from workbook.learn import record
for turn in range(40):
    record.attempt("42.1-double", "failed", "")
    record.prediction(f"42.{sys.argv[1]}{turn}", "?", "yes")
"""


def written(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_an_attempt_is_noted_with_its_code_and_the_versions(passport_file):
    record.attempt(ONE, "failed", "def double(n): ...")
    data = written(passport_file)
    assert data["exercises"][ONE] == {
        "verdict": "failed",
        "last": "failed",
        "attempts": 1,
        "code": "def double(n): ...",
    }
    assert set(data["versions"]) >= {"python", "workbook", "boto3", "moto"}


def test_the_best_verdict_stays_with_the_code_that_earned_it():
    record.attempt(ONE, "failed", "first")
    record.attempt(ONE, "passed", "second")
    record.attempt(ONE, "your code raised", "third")
    known = record.of(ONE)
    assert (known["verdict"], known["code"]) == ("passed", "second")
    assert (known["last"], known["attempts"]) == ("your code raised", 3)


def test_the_latest_code_stays_while_nothing_is_better():
    record.attempt(ONE, "failed", "first")
    record.attempt(ONE, "failed", "second")
    assert record.of(ONE)["code"] == "second"


def test_two_kernels_writing_at_once_lose_nothing(passport_file):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=ROOT)
        for name in "ab"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    data = written(passport_file)
    assert data["exercises"][ONE]["attempts"] == 80
    assert len(data["predictions"]) == 80


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "",
        "[]",
        "null",
        '{"format": 1}',
        '{"format": 1, "exercises": []}',
        "[" * 9999,
    ],
)
def test_a_broken_file_is_kept_aside_and_said(passport_file, capsys, text):
    passport_file.write_text(text)
    record.attempt(ONE, "failed", "")
    assert passport_file.with_name("passport.broken-1.json").read_text() == text
    assert record.of(ONE)["attempts"] == 1
    told = capsys.readouterr().out
    assert "kept as passport.broken-1.json" in told
    assert str(passport_file.parent) not in told


def test_a_file_that_is_no_text_is_kept_aside_too(passport_file):
    passport_file.write_bytes(b"\xff\xfe\x00")
    assert store.read() == empty()
    assert passport_file.with_name("passport.broken-1.json").exists()


def test_a_folder_in_the_passport_s_place_stays_where_it_is(passport_file, capsys):
    passport_file.mkdir()
    (passport_file / "mine.txt").write_text("mine")
    record.attempt(ONE, "failed", "")
    assert (passport_file / "mine.txt").read_text() == "mine"
    assert "cannot be written" in capsys.readouterr().out
    assert record.of(ONE)["attempts"] == 1


def test_a_second_broken_file_does_not_overwrite_the_first(passport_file):
    for text in ("one", "two"):
        passport_file.write_text(text)
        store.read()
    kept = [passport_file.with_name(f"passport.broken-{n}.json") for n in (1, 2)]
    assert [path.read_text() for path in kept] == ["one", "two"]


def test_fields_of_a_newer_version_are_kept(passport_file):
    newer = empty() | {"format": 2, "badges": ["x"]}
    newer["exercises"] = {ONE: {"verdict": "failed", "colour": "blue"}}
    passport_file.write_text(json.dumps(newer))
    record.attempt(ONE, "passed", "")
    data = written(passport_file)
    assert (data["format"], data["badges"]) == (2, ["x"])
    assert data["exercises"][ONE]["colour"] == "blue"


def test_records_with_nonsense_in_them_are_lived_with(passport_file):
    odd = empty()
    odd["exercises"] = {ONE: {"verdict": 7, "attempts": "many", "hints": None}}
    passport_file.write_text(json.dumps(odd))
    record.attempt(ONE, "failed", "")
    assert record.of(ONE)["attempts"] == 1


def test_nothing_is_left_behind_by_a_write(passport_file):
    record.attempt(ONE, "failed", "")
    names = {path.name for path in passport_file.parent.iterdir()}
    assert names == {"passport.json", ".passport.json.lock"}


def test_a_write_that_breaks_leaves_the_old_file_whole(passport_file, monkeypatch):
    record.attempt(ONE, "failed", "")
    before = passport_file.read_bytes()
    with pytest.raises(TypeError):
        store.update(lambda data: data.update(bad=object()))
    assert passport_file.read_bytes() == before
    assert not list(passport_file.parent.glob(".passport.json.?*[!k]"))


def test_where_nothing_can_be_written_results_last_as_long_as_the_kernel(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBOOK_PASSPORT", str(tmp_path / "file" / "passport.json"))
    record.attempt(ONE, "failed", "")
    record.attempt(ONE, "passed", "")
    assert record.of(ONE)["attempts"] == 2
    told = capsys.readouterr().out
    assert told.count("cannot be written") == 1
    assert str(tmp_path) not in told


def test_without_a_variable_it_lies_in_the_repository(monkeypatch):
    monkeypatch.delenv("WORKBOOK_PASSPORT")
    assert store.place().name == "passport.json"


def test_keys_and_home_folders_do_not_travel():
    record.attempt(ONE, "failed", 'k = "AKIAIOSFODNN7EXAMPLE"; open("/home/ann/x")')
    record.why(ONE, r"see C:\Users\Ann\x and /Users/ann/y")
    line = json.dumps(record.of(ONE))
    assert "AKIA" not in line and "<access key>" in line
    assert "ann" not in line.lower()


def test_export_and_import_give_the_same_passport(tmp_path, monkeypatch):
    record.attempt(ONE, "passed", "def double(n): ...")
    record.prediction("42.p1", "How many?", "2")
    line, before = passport.export(), store.read()
    monkeypatch.setenv("WORKBOOK_PASSPORT", str(tmp_path / "elsewhere.json"))
    assert repr(passport.import_(line)) == (
        "Your passport: exercises begun 1, passed 1; predictions made 1."
    )
    assert store.read()["exercises"] == before["exercises"]
    assert store.read()["predictions"] == before["predictions"]


def test_an_import_is_idempotent():
    record.attempt(ONE, "failed", "")
    line = passport.export()
    passport.import_(line)
    once = store.read()
    passport.import_(line)
    assert store.read() == once
    assert once["exercises"][ONE]["attempts"] == 1


def test_a_line_broken_by_a_mail_program_still_imports():
    record.attempt(ONE, "passed", "x" * 500)
    line = passport.export()
    broken = "\n  ".join(line[at : at + 40] for at in range(0, len(line), 40))
    assert "passed 1;" in repr(passport.import_(broken))


@pytest.mark.parametrize("end", [-1, -20, 30])
def test_a_line_that_lost_its_end_is_refused(end):
    record.attempt(ONE, "passed", "")
    with pytest.raises(ValueError, match="missing or altered"):
        passport.import_(passport.export()[:end])


@pytest.mark.parametrize("text", ["", "hello", "WB9.abc.def", None, "{}"])
def test_what_is_no_passport_is_refused(text):
    with pytest.raises(ValueError, match="not a passport"):
        passport.import_(text)


def sealed(plain: bytes) -> str:
    """A line with a right checksum and any contents."""
    import base64
    import zlib

    body = base64.urlsafe_b64encode(zlib.compress(plain)).decode()
    return f"WB1.{passport._checksum(body)}.{body}"


@pytest.mark.parametrize(
    "plain", [b"nothing", b"[]", b'{"format": 1, "exercises": 3}', b" " * 6_000_000]
)
def test_a_sealed_line_with_other_contents_is_refused(plain, passport_file):
    with pytest.raises(ValueError, match="holds no passport"):
        passport.import_(sealed(plain))
    assert not passport_file.exists()


def one(**fields) -> dict:
    return empty() | {"exercises": {ONE: fields}}


def test_merging_never_makes_a_verdict_worse():
    good = one(verdict="passed", code="good", attempts=2)
    bad = one(verdict="failed", code="bad", attempts=5, why="Because.")
    for both in (merged(good, bad), merged(bad, good)):
        record_ = both["exercises"][ONE]
        assert (record_["verdict"], record_["code"]) == ("passed", "good")
        assert (record_["attempts"], record_["why"]) == (5, "Because.")


def test_merging_keeps_mine_where_neither_is_better():
    mine, theirs = one(verdict="failed", code="mine"), one(verdict="failed", code="x")
    assert merged(mine, theirs)["exercises"][ONE]["code"] == "mine"


def test_merging_keeps_what_only_one_side_has():
    mine = empty() | {"predictions": {"a": {"answer": "1"}, "b": {"answer": "2"}}}
    theirs = empty() | {"predictions": {"b": {"answer": "3"}, "c": {}}, "extra": 1}
    both = merged(mine, theirs)
    assert both["predictions"] == {"a": {"answer": "1"}, "b": {"answer": "2"}, "c": {}}
    assert both["extra"] == 1


def test_the_download_is_a_link_that_holds_the_passport():
    record.attempt(ONE, "passed", "")
    shown = passport.download()._repr_mimebundle_()
    assert f"utf-8,{passport.export()}" in shown["text/html"]
    assert 'download="passport.txt"' in shown["text/html"]
    assert "ten idle minutes" in shown["text/html"]
    assert passport.export() not in shown["text/plain"]
