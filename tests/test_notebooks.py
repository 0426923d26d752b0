"""Every chapter runs anywhere, twice, offline; the tools that run them keep faith.

Labs and solutions run so in test_labs.py, where their verdicts are read as well.
"""

import re
import subprocess
import sys

import pytest

from tests.pages import code, page, prose
from tests.reading import Page
from tests.rerun import cut_off, rerun, run_twice
from tools.run_notebooks import ROOT, execute, main, normalise, text_of

CHAPTERS = [
    pytest.param(path, id=path.stem)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
]
OFFLINE = pytest.mark.skipif(
    not cut_off(),
    reason="this system lets nobody make a network namespace (unshare -n)",
)
# 192.0.2.0/24 is kept for documentation: nobody answers there.
CALL_OUT = "import socket\nsocket.create_connection(('192.0.2.1', 443), timeout=2)"
CALL_IN = """\
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=2).close()"""
FIND_KEYS = """\
import os, pathlib
keys = pathlib.Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).read_text()
assert os.environ["AWS_ACCESS_KEY_ID"] in keys"""
EXPLORER = """\
import ipywidgets
from workbook.figures import bars
from workbook.learn import turn

def model(n, idle):
    return bars([1, 2], title=str({answer}), x_label="n", y_label="n")

explorer = turn(model, n=ipywidgets.IntSlider(0, 0, 9), idle=ipywidgets.IntSlider())"""
IN_A_LIBRARY = "import json\njson.loads('{')"


@pytest.fixture
def save(tmp_path):
    """Write a notebook of these cells; its path."""

    def write(*cells):
        folder = tmp_path / "written"
        folder.mkdir(exist_ok=True)
        path = folder / f"{len(list(folder.iterdir()))}.ipynb"
        path.write_text(page(*cells).text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def elsewhere(tmp_path):
    """An empty folder to work in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("path", CHAPTERS)
def test_runs_twice_elsewhere_offline_with_real_keys_and_turns(path, elsewhere):
    ran = rerun(path, elsewhere)
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stdout + ran.stderr


def test_the_rerun_finds_a_second_run_that_fails(save, elsewhere):
    once = "assert 'ran' not in globals(), 'ran before'\nran = True"
    [wrong] = run_twice(save(code("1"), code(once)), elsewhere)
    assert wrong.startswith("second run, cell 2") and "ran before" in wrong


def test_the_rerun_is_elsewhere_and_shows_keys_that_look_real(save, elsewhere):
    where = f"import os\nassert os.getcwd() == {str(elsewhere.resolve())!r}"
    assert run_twice(save(code(where), code(FIND_KEYS)), elsewhere) == []


def test_the_rerun_turns_every_control(save, elsewhere):
    [wrong] = run_twice(save(code(EXPLORER.format(answer="n"))), elsewhere)
    assert wrong.startswith("explorer: ") and "idle changes nothing" in wrong
    [wrong] = run_twice(save(code(EXPLORER.format(answer="100 / n"))), elsewhere)
    assert "No answer for these values: division by zero" in wrong


@OFFLINE
def test_the_rerun_has_a_loopback_and_no_network(save, elsewhere):
    ran = rerun(save(code(CALL_IN), code(CALL_OUT)), elsewhere)
    assert ran.returncode == 1
    assert "first run, cell 2" in ran.stdout
    assert "Network is unreachable" in ran.stdout


def test_two_runs_give_the_same_bytes(save):
    path = save(
        prose("# Test"),
        code("for n in range(3):\n    print(n, flush=True)"),
        code("import ipywidgets\nipywidgets.IntSlider()"),
        code("from workbook.learn import outcomes\noutcomes({})"),
        code(IN_A_LIBRARY, tags=["raises-exception"]),
    )
    assert main([str(path)]) == 0
    first = path.read_bytes()
    assert main([str(path)]) == 0
    assert path.read_bytes() == first
    assert b'"execution_count": 4' in first and b"model_id" not in first


def test_a_traceback_names_no_place_of_this_machine(save):
    ran = execute(save(code(IN_A_LIBRARY, tags=["raises-exception"])))
    traceback = "\n".join(ran.cells[0].outputs[0].traceback)
    assert "decoder.py" in traceback
    assert sys.prefix not in traceback and sys.base_prefix not in traceback


def test_a_notebook_that_raises_is_not_written(save, capsys):
    path = save(code("print(1)"), code("1 / 0"))
    before = path.read_bytes()
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_check_writes_nothing(save, capsys):
    path = save(code("print(1)"))
    before = path.read_bytes()
    assert main(["--check", str(path)]) == 0
    assert path.read_bytes() == before
    assert "differs" in capsys.readouterr().out


def test_a_run_sees_no_aws_setting_and_an_empty_passport(save, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    look = """\
import os, pathlib
assert not [name for name in os.environ if name.startswith("AWS_")]
assert not pathlib.Path(os.environ["WORKBOOK_PASSPORT"]).exists()"""
    assert main([str(save(code(look)))]) == 0


def test_saving_keeps_tags_and_ids_and_drops_what_passes(save):
    cell = code("1", tags=["listing:a.b"])
    cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
    kept = normalise(page(cell, raw=True).notebook)
    assert kept.cells[0].metadata == {"tags": ["listing:a.b"]}
    assert kept.cells[0].id == cell.id
    assert text_of(normalise(Page("x", text_of(kept)).notebook)) == text_of(kept)


def test_nbval_finds_a_changed_number_and_not_a_changed_pixel(save):
    figure = """\
from IPython.display import HTML
HTML('<img alt="A claim" src="data:image/png;base64,{}">')"""
    path = save(code(figure.format("AAAA")), code("print(640 * 480)"))
    assert main([str(path)]) == 0
    saved = path.read_text(encoding="utf-8")
    changes = {
        "pixel": ("base64,AAAA\\", "base64,BBBB\\"),
        "claim": ('A claim\\" src', 'Another\\" src'),
        "number": ("307200", "307201"),
    }
    for name, (old, new) in changes.items():
        assert old in saved
        changed = _outputs_changed(saved, old, new)
        path.with_stem(name).write_text(changed, encoding="utf-8")
    failed = set(re.findall(r"^FAILED \S*?(\w+)\.ipynb::", _nbval(path.parent), re.M))
    assert failed == {"claim", "number"}


def _outputs_changed(text, old, new):
    """The file's text with the last occurrence, the output's, replaced."""
    before, _, after = text.rpartition(old)
    return before + new + after


def _nbval(folder):
    """What nbval says of the notebooks in a folder, with this repository's settings."""
    run = [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "--nbval"]
    asked = [*run, "--rootdir", str(ROOT), str(folder)]
    return subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
