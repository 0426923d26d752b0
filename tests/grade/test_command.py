"""The command from end to end: a real lab, a rerun, an interrupt, checks that break."""

import json
import linecache
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.grade import tiny
from tests.grade.tiny import DOUBLE, RIGHT, ROOT, TOTAL, WRONG, put, submitted
from workbook.grade import Limits, NotReady
from workbook.grade.__main__ import main
from workbook.learn.markers import without_markers
from workbook.learn.record import source_of

_MANY = 6
SLOW = "import time\ndef double(x):\n    return 2 * x\nended = time.monotonic() + 0.4\n"
SLOW += "while time.monotonic() < ended:\n    pass"


@pytest.fixture
def tiny_class(tmp_path):
    """Submissions that take a while."""
    for number in range(_MANY):
        answers = {DOUBLE: f"{SLOW}\n# {number}", TOTAL: RIGHT[TOTAL]}
        put(tmp_path / "in" / f"s{number}" / "90.ipynb", submitted(answers))
    return tmp_path / "in"


def test_a_real_lab(tmp_path, capsys):
    solution = json.loads((ROOT / "solutions/01-what-serverless-is.ipynb").read_text())
    lab = (ROOT / "labs/01-what-serverless-is.ipynb").read_text()
    for cell in solution["cells"]:
        cell["source"] = without_markers("".join(cell["source"]))
    put(tmp_path / "in/aoi/01/lab.ipynb", solution)
    put(tmp_path / "in/ben/01/lab.ipynb", lab)
    put(tmp_path / "in/chie/01/lab.ipynb", lab.replace("raise NotImpl", "return 7 # "))
    put(tmp_path / "in/dan/01/lab.ipynb", "{")
    put(tmp_path / "roster.csv", "student,name\naoi,Aoi\neve,Eve\n")
    out = tmp_path / "report"
    asked = [tmp_path / "in", "--out", out, "--roster", tmp_path / "roster.csv"]
    assert main([str(word) for word in asked]) == 0
    said = capsys.readouterr().out
    assert re.search(r"aoi +✓  ✓  ✓  ✓  4 of 4", said)
    assert re.search(r"ben +○  ○  ○  ○  0 of 4", said)
    assert re.search(r"chie +[✗!]  [✗!]  [✗!]  [✗!]  0 of 4", said)
    assert re.search(r"dan +∅  ∅  ∅  ∅  0 of 4", said)
    assert "Nothing handed in: 'eve'" in said and "Fence: " in said
    names = {path.name for path in out.iterdir()}
    assert {"grades.csv", "moodle.csv", "canvas.csv", "index.html"} <= names
    # Again: all is kept, so that no worker starts, and the report is the same.
    before = (out / "grades.csv").read_bytes()
    assert main([str(word) for word in asked]) == 0
    assert "Fence: " not in capsys.readouterr().out
    assert (out / "grades.csv").read_bytes() == before


def test_an_interrupted_run_goes_on_where_it_was(
    tiny_class, tmp_path, home, graded_folder
):
    results = tmp_path / "report" / "results"
    first = subprocess.Popen(
        [
            *(sys.executable, "-m", "workbook.grade", tiny_class),
            *("--out", tmp_path / "report", "--home", home, "--jobs", "1"),
            *("--checks", "tests.grade.labs.lab{}"),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    _wait_for(lambda: len(list(results.glob("*.json"))) >= 2)
    first.send_signal(signal.SIGTERM)  # as Ctrl-C
    said, _ = first.communicate(timeout=30)
    assert first.returncode == 130 and "run it again to go on" in said
    kept = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert 2 <= len(kept) < _MANY
    graded = graded_folder(tiny_class, results, limits=Limits())
    assert all(r.passed for one in graded.values() for r in one.values())
    now = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert len(now) == _MANY and kept.items() <= now.items()


def test_nothing_is_graded_where_our_own_answers_do_not_pass(tmp_path, graded_folder):
    home = tiny.make_home(tmp_path / "home", right=RIGHT | {DOUBLE: WRONG[DOUBLE]})
    put(tmp_path / "in" / "aoi" / "90.ipynb", submitted(RIGHT))
    with pytest.raises(NotReady, match="our own solution of 90.1-double does not pass"):
        graded_folder(tmp_path / "in", tmp_path / "report", home=home)


def test_passports_and_equal_submissions(tmp_path, graded_folder):
    helped = "def double(x):\n    return times(2, x)"
    exercises = {DOUBLE: {"code": RIGHT[DOUBLE]}, TOTAL: {"code": WRONG[TOTAL]}}
    passport = {"format": 1, "exercises": exercises, "predictions": {}}
    put(tmp_path / "in" / "aoi" / "passport.json", passport)
    exercises = {DOUBLE: {"code": helped}}
    put(tmp_path / "in" / "ben" / "passport.json", passport | {"exercises": exercises})
    for name in ("chie", "dan"):
        put(tmp_path / "in" / name / "90.ipynb", submitted(WRONG))
    results = graded_folder(tmp_path / "in", tmp_path / "report")
    statuses = {name: [r.status for r in one.values()] for name, one in results.items()}
    assert statuses == {
        "aoi": ["passed", "failed"],
        "ben": ["inconclusive", "not attempted"],
        "chie": ["failed", "failed"],
        "dan": ["failed", "failed"],
    }
    assert "the answer's function alone. NameError" in results["ben"][DOUBLE].reason
    assert "stands outside it" in results["ben"][DOUBLE].look
    none = "The passport holds no answer to this exercise."
    assert results["ben"][TOTAL].reason == none
    assert len(list((tmp_path / "report").glob("*.json"))) == 3


def test_a_passport_keeps_no_helper_not_even_of_the_answers_cell(
    tmp_path, graded_folder, monkeypatch
):
    source = "TWO = 2\n\ndef double(x, by=TWO):\n    return by * x\n"
    lines = source.splitlines(keepends=True)
    monkeypatch.setitem(linecache.cache, "<a cell>", (1, None, lines, "<a cell>"))
    names = {}
    exec(compile(source, "<a cell>", "exec"), names)
    code = source_of(names["double"])
    assert code.startswith("def double(x, by=TWO)")
    passport = {"format": 1, "exercises": {DOUBLE: {"code": code}}, "predictions": {}}
    put(tmp_path / "in" / "aoi" / "passport.json", passport)
    result = graded_folder(tmp_path / "in", tmp_path / "report")["aoi"][DOUBLE]
    assert result.status == "inconclusive" and "TWO" in result.reason


@pytest.mark.parametrize(
    ("there", "out", "said"),
    [
        ("empty", "r", "holds no notebook and no passport"),
        ("in", "r", "holds no notebook and no passport\n  jo.zip: a zip: unpack it f"),
        ("in/kim", "r", "holds no notebook and no passport"),
        ("in/jo.zip", "r", "jo.zip is one file: unpack it, and give the folder"),
        ("one.ipynb", "r", "is one file: put it into a folder, and give the folder"),
        ("missing", "r", "There is no "),
        ("in", "in/r", "The report cannot be inside the submissions"),
    ],
)
def test_where_it_cannot_grade_it_says_why(tmp_path, capsys, there, out, said):
    (tmp_path / "empty").mkdir()
    for name in ("in/jo.zip", "in/kim/90-tiny.zip", "one.ipynb"):
        put(tmp_path / name, "x")
    assert main([str(tmp_path / there), "--out", str(tmp_path / out)]) == 2
    err = capsys.readouterr().err
    assert said in err and "submission/s" not in err  # no bar
    assert not (tmp_path / out).exists()


def test_what_was_not_recognised_is_said(tmp_path, home, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    put(tmp_path / "in/90-tiny.ipynb", submitted(RIGHT))
    for name in ("jo-90-tiny.zip", "fumi-passport.txt", "slides.pdf", "kim/90.zip"):
        put(tmp_path / "in" / name, "x")
    out = tmp_path / "report"
    asked = [tmp_path / "in", "--out", out, "--home", home, "--jobs", "1"]
    asked += ["--checks", "tests.grade.labs.lab{}"]
    assert main([str(word) for word in asked]) == 0
    said = capsys.readouterr().out
    page = (out / "index.html").read_text(encoding="utf-8")
    for file in ("jo-90-tiny.zip", "fumi-passport.txt", "slides.pdf", "kim"):
        assert f"  Not recognised: {file!r}: " in said and file in page
    assert "  jo, 90.1, 90.2: unreadable: jo-90-tiny.zip: a zip: unpack" in said
    assert "  90-tiny, 90.1, 90.2: note: bears nobody's name: 90-tiny.ipynb" in said
    book = (out / "grades.csv").read_text(encoding="utf-8")
    assert "jo-90-tiny.zip" in book and "fumi-passport.txt" in book
    assert "slides" not in book and (out / "students" / "jo.html").is_file()


def test_nothing_else_of_the_package_knows_the_grader():
    package = ROOT / "workbook"
    others = [p for p in package.rglob("*.py") if p.parts[-2] not in ("grade", "jail")]
    assert not [p for p in others if "workbook.grade" in p.read_text(encoding="utf-8")]


def _wait_for(ready, timeout_s=60):
    by = time.monotonic() + timeout_s
    while not ready():
        assert time.monotonic() < by
        time.sleep(0.05)
