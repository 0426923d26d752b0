"""The repository keeps the promises of its README, Makefile and requirement files."""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from itertools import chain

import pytest
from packaging.requirements import Requirement

from tools import check_binder, readme_pictures, run_benchmarks
from tools.run_notebooks import ROOT
from tools.stand_in import Refused

SETS = ("", "-dev", "-room")
LOCKS = tuple(f"requirements{name}.txt" for name in SETS)
HUMAN = tuple(f"requirements{name}.in" for name in SETS)
# Pins that no module imports, and why they are there all the same.
NOT_IMPORTED = {
    "aws-sam-translator": "ministack reads SAM templates with it",
    "aws-lambda-powertools": "chapter 09 runs its idempotency in the explorer",
    "axe-playwright-python": "make browser",
    "playwright": "make browser",
    "sphinx-revealjs": "make slides copies the reveal.js that it carries",
    "hypothesis": "lab checks and tests draw their cases with it",
    "ipykernel": "runs the notebooks",
    "jupyter-repo2docker": "make binder-check",
    "jupyterlab": "make lab",
    "ministack": "chapter 00 checks that it is installed",
    "notebook": "Binder's own would hold JupyterLab back",
    "pytest-xdist": "make test runs on two cores",
    "nbval": "make test compares outputs",
    "ruff": "make lint",
    "uv": "make lock",
}
# Put together here, so that this file names none.
REGISTRY = re.compile("|".join(["https?:", "file:", "pypi" + r"\.org", "index-url"]))
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1;; *) echo 3.11.2;; esac'
FAILING_VENV = 'case "$1" in -c) echo 3.12.3;; *) echo no disk; exit 1;; esac'
FAILING_PIP = 'case "$*" in -c*) echo 3.12.3;; *) exit 1;; esac'


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(name):
    """The requirements a file states itself, by name; a marker may give two."""
    lines = (line.partition(" #")[0].strip() for line in text(name).splitlines())
    stated = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {(r.name, str(r.marker or "")): r for r in stated}


def pins(name):
    return {(r.name, str(r.specifier)) for r in requirements(name).values()}


@pytest.mark.parametrize("name", HUMAN + LOCKS)
def test_every_pin_is_exact_and_names_no_registry(name):
    loose = [str(r) for r in requirements(name).values() if not _exact(r)]
    assert loose == []
    assert not REGISTRY.search(text(name))


def test_the_locks_hold_the_pins_people_chose():
    for human, lock in zip(HUMAN, LOCKS, strict=True):
        assert pins(human) <= pins(lock)


@pytest.mark.parametrize(("lower", "upper"), [(0, 1), (0, 2), (1, 2)])
def test_a_lock_agrees_with_those_it_is_added_to(lower, upper):
    lower, upper = pins(LOCKS[lower]), pins(LOCKS[upper])
    common = {name for name, _ in lower} & {name for name, _ in upper}
    assert {pin for pin in upper if pin[0] in common} <= lower


def test_the_locks_serve_every_python_we_promise():
    for python in ("3.11", "3.12", "3.13"):
        here = {"python_version": python, "python_full_version": f"{python}.9"}
        wanted = _applying(requirements(HUMAN[0]), here)
        assert wanted <= _applying(requirements(LOCKS[0]), here)
        assert {"numpy", "boto3"} <= {name for name, _ in wanted}


def test_nothing_is_required_that_nothing_uses():
    imported = _imported_distributions("workbook", "tools", "tests", "benchmarks")
    wanted = {r.name for name in HUMAN for r in requirements(name).values()}
    assert wanted - imported - set(NOT_IMPORTED) == set()
    assert set(NOT_IMPORTED) <= wanted


@pytest.mark.parametrize("name", readme_pictures.PICTURES)
def test_the_readme_shows_what_the_chapter_draws(name):
    there = (readme_pictures.FOLDER / name).read_bytes()
    assert there == readme_pictures.drawn(name)[1], "run make notebooks"
    shown = re.search(rf"!\[(.+?)\]\(pictures/{re.escape(name)}\)", text("README.md"))
    assert shown, f"the README does not show {name}, or says nothing about it"


def test_what_the_package_imports_is_required():
    locked = {name for name, _ in pins(LOCKS[0])}
    assert _imported_distributions("workbook") - locked == set()


def test_no_two_test_files_have_one_name():
    """pytest imports them by name alone, and would stop at the second."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_make_alone_names_every_target():
    shown = _make("help").stdout
    phony = re.search(r"^\.PHONY: (.*)$", text("Makefile"), re.MULTILINE)[1].split()
    missing = {n for n in phony if not re.search(rf"^  {n} +\w", shown, re.MULTILINE)}
    assert missing == {"learner", "maintainer", "room"}  # these only make .venv


def test_ci_is_executable_and_ends_with_the_tests():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert text(".ci/run").rstrip().endswith("make test")


@pytest.fixture
def clone(tmp_path):
    """A folder with what tools/venv.sh needs, and an empty bin/ as its PATH."""
    for name in ("tools", "binder", "bin"):
        (tmp_path / name).mkdir()
    for name in ("tools/venv.sh", "binder/overrides.json", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in HUMAN + LOCKS:
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("dirname", "cat", "cksum", "rm", "mkdir", "cp"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


@pytest.mark.parametrize(
    ("pythons", "asked", "said"),
    [
        ({}, "", "none was found"),
        ({"python3": "exit 127"}, "", "none was found"),
        ({"python3": "echo 3.9.2"}, "", "found only: python3 is 3.9.2"),
        ({"python3": "echo 3.15.0"}, "", "found only: python3 is 3.15.0"),
        ({}, "/no/python", "PYTHON=/no/python does not run"),
        (
            {"python3": WITHOUT_VENV},
            "",
            "apt-get install python3-venv",
        ),
        (
            {"python3.12": FAILING_VENV},
            "",
            "Python could not make .venv",
        ),
    ],
)
def test_what_is_missing_is_said_plainly(clone, pythons, asked, said):
    for name, body in pythons.items():
        _script(clone / "bin" / name, body)
    ran = _venv(clone, PYTHON=asked)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert not (clone / ".venv").exists()


def test_a_pip_that_fails_is_explained_and_tried_again(clone):
    makes_venv = f"""\
case "$1" in
-c) echo 3.12.3 ;;
-m) mkdir -p .venv/bin; cp {clone}/bin/pip-fails .venv/bin/python ;;
esac"""
    _script(clone / "bin" / "pip-fails", FAILING_PIP)
    _script(clone / "bin" / "python3.12", makes_venv)
    for _ in range(2):
        ran = _venv(clone)
        assert ran.returncode == 1
        assert "pip could not install" in ran.stderr and "proxy" in ran.stderr


def test_nothing_is_done_when_nothing_has_changed(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    _script(clone / ".venv" / "bin" / "python", "echo 3.12.3")
    first = _venv(clone)
    assert first.returncode == 0 and "up to date" in first.stdout
    assert _venv(clone).stdout == ""
    with (clone / "requirements.txt").open("a") as lock:
        lock.write("new==1\n")
    assert "up to date" in _venv(clone).stdout


def test_what_serves_a_maintainer_serves_a_learner(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    _script(clone / ".venv" / "bin" / "python", "echo 3.12.3")
    assert "up to date" in _venv(clone, role="maintainer").stdout
    assert _venv(clone, role="learner").stdout == ""
    assert _venv(clone, role="maintainer").stdout == ""


def test_what_serves_a_room_serves_everybody(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    _script(clone / ".venv" / "bin" / "python", "echo 3.12.3")
    assert "up to date" in _venv(clone, role="room").stdout
    for role in ("room", "maintainer", "learner"):
        assert _venv(clone, role=role).stdout == ""


def test_binders_files_and_dockerfile_are_as_meant():
    assert check_binder.check_files(ROOT)
    assert check_binder.check_dockerfile(ROOT)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("binder/runtime.txt", "python-3.10\n", "does not say python-3.12"),
        ("binder/environment.yml", "name: x\n", "changes what repo2docker does"),
        ("binder/requirements.txt", "boto3\n", "does not read ../requirements.txt"),
        (".binder/runtime.txt", "python-3.12\n", "would be read instead"),
    ],
)
def test_a_wrong_file_for_binder_is_refused(tmp_path, name, content, said):
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match=re.escape(said)):
        check_binder.check_files(tmp_path)


def test_a_dockerfile_with_another_python_is_refused(tmp_path):
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    (tmp_path / "binder" / "runtime.txt").write_text("python-3.11\n", encoding="utf-8")
    with pytest.raises(Refused, match="nothing like"):
        check_binder.check_dockerfile(tmp_path)


def test_binders_base_is_read_from_repo2dockers_lock():
    base = check_binder.base_packages("3.12")
    assert len(base) > 100
    names = {pin.partition("==")[0].replace("_", "-") for pin in base}
    assert {"jupyterlab", "notebook", "ipykernel", "jupyterhub", "pip"} <= names
    assert not {"python", "nodejs", "openssl", "cpython"} & names


def test_a_benchmark_writes_its_section_below_the_machine(tmp_path, capsys):
    bench = tmp_path / "bench_one.py"
    bench.write_text("print('## One\\n\\n1 s')", encoding="utf-8")
    assert run_benchmarks.main(tmp_path) == 0
    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "- Machine: " in written and "moto " in written
    assert written.endswith("## One\n\n1 s\n")
    bench.write_text("print('no section')", encoding="utf-8")
    assert run_benchmarks.main(tmp_path) == 1
    assert (tmp_path / "RESULTS.md").read_text(encoding="utf-8") == written
    assert "left as it was" in capsys.readouterr().out


def test_no_benchmarks_are_no_success(tmp_path, capsys):
    assert run_benchmarks.main(tmp_path) == 1
    assert "There are no benchmarks" in capsys.readouterr().out


def _exact(requirement):
    specifiers = list(requirement.specifier)
    return len(specifiers) == 1 and specifiers[0].operator == "=="


def _applying(stated, environment):
    found = stated.values()
    applying = [r for r in found if not r.marker or r.marker.evaluate(environment)]
    return {(r.name, str(r.specifier)) for r in applying}


def _imported_distributions(*folders):
    """The distributions whose modules the code in these folders imports."""
    known = packages_distributions()
    files = chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders)
    modules = {name for file in files for name in _imports(file)} - set(
        sys.stdlib_module_names
    )
    found = {d for name in modules for d in known.get(name, [])}
    return {d.lower().replace("_", "-") for d in found} - {"serverless-workbook"}


def _imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _make(target):
    command = ["make", "--no-print-directory", target]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def _script(path, body):
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def _venv(folder, role="learner", **environment):
    """Run tools/venv.sh where only the folder's own bin/ is on the PATH."""
    return subprocess.run(
        ["/bin/sh", str(folder / "tools" / "venv.sh"), role],
        env={"PATH": str(folder / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
