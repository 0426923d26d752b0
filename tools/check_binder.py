"""Try Binder's environment as far as one can without Docker.

    python tools/check_binder.py

In a copy of the repository: repo2docker reads binder/ and prints a Dockerfile, which
must say what we mean; a fresh environment gets the packages of Binder's base at the
versions of repo2docker's own lock, then ours on top, as the Dockerfile does; nothing
may conflict; postBuild runs; JupyterLab starts, every extension well; a chapter runs.

Each line of the report starts with `ok`, `FAILED` or `not checked`; the first failure
ends it with exit status 1. It never shows that mybinder.org builds the image.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import repo2docker

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that it runs whether the package is installed or not

from tools.by_rest import run_by_rest  # noqa: E402
from tools.stand_in import Place, Refused, jupyterlab  # noqa: E402

CHAPTER = "notebooks/00-start-here.ipynb"
PYTHON = "3.12"

__all__ = [
    "base_packages",
    "check_dockerfile",
    "check_files",
    "find_python",
    "main",
]

_NOT_CHECKED = (
    "conda's builds of the base packages (PyPI's are used), Ubuntu 24.04 and user 1000",
    "memory limits, and the build and push on mybinder.org",
)
_SHADOWING = ("environment.yml", "Pipfile", "setup.py", "apt.txt", "install.R")
_CONDA_NAMES = {  # what conda-forge calls otherwise than PyPI; "" is not a PyPI package
    "brotli-python": "brotli",
    "cpython": "",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
_BUILD = re.compile(r"/([^/]+)-([^-/]+)-(?:py[^-/]*)\.(?:conda|tar\.bz2)")
_DOCKERFILE = (
    r"environment\.py-3\.12|2epy-2d3-2e12",
    r'pip install --no-cache-dir -r "binder/requirements\.txt"',
    r"RUN \./binder/postBuild",
)


def main() -> int:
    """Make every check in order; the exit status."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="binder-") as scratch:
        place = Place(Path(scratch) / "repository", Path(scratch) / "environment")
        try:
            for line in _checks(place):
                print(line, flush=True)
        except Refused as refusal:
            print(f"FAILED       {refusal}", flush=True)
            return 1
    print(f"Binder's environment was checked in {time.perf_counter() - started:.0f} s.")
    return 0


def find_python(wanted: str = PYTHON) -> str:
    """A Python of that version that runs, also one of pyenv's; "" if there is none."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    names = [f"python{wanted}", "python3", sys.executable]
    names += [str(path) for path in versions.glob(f"{wanted}*/bin/python")]
    return next((name for name in names if _version(name) == wanted), "")


def base_packages(python: str, machine: str = "linux-64") -> list[str]:
    """The packages of Binder's base, as `name==version`, from repo2docker's lock.

    Raises Refused if repo2docker has no lock for that Python.
    """
    folder = Path(repo2docker.__file__).parent / "buildpacks" / "conda"
    lock = folder / f"environment.py-{python}-{machine}.lock"
    if not lock.is_file():
        raise Refused(f"repo2docker has no base for Python {python} on {machine}")
    found = _BUILD.findall(lock.read_text(encoding="utf-8"))
    named = [(_CONDA_NAMES.get(name, name), version) for name, version in found]
    return [f"{name}=={version}" for name, version in named if name]


def check_files(repository: Path) -> str:
    """What repo2docker will read, and nothing that it would read instead."""
    binder = repository / "binder"
    if (repository / ".binder").exists():
        raise Refused(".binder/ would be read instead of binder/")
    if found := [name for name in _SHADOWING if (binder / name).exists()]:
        raise Refused(f"binder/{found[0]} changes what repo2docker does")
    if (binder / "runtime.txt").read_text("utf-8").strip() != f"python-{PYTHON}":
        raise Refused(f"binder/runtime.txt does not say python-{PYTHON}")
    wanted = (binder / "requirements.txt").read_text("utf-8").split("\n")
    if "-r ../requirements.txt" not in wanted:
        raise Refused("binder/requirements.txt does not read ../requirements.txt")
    if not os.access(binder / "postBuild", os.X_OK):
        raise Refused("binder/postBuild is not executable")
    return "binder/ holds what repo2docker reads"


def check_dockerfile(repository: Path) -> str:
    """The Dockerfile that repo2docker makes says what we mean."""
    command = [sys.executable, "-m", "repo2docker"]
    command += ["--no-build", "--no-run", "--debug", "."]
    ran = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise Refused(f"repo2docker refuses the repository\n{ran.stderr[-3000:]}")
    if missing := [p for p in _DOCKERFILE if not re.search(p, ran.stdout)]:
        raise Refused(f"the Dockerfile has nothing like {missing[0]}")
    return f"repo2docker's Dockerfile: Python {PYTHON}, our packages, postBuild"


def _checks(place: Place) -> Iterator[str]:
    _copy_repository(place.repository)
    yield f"ok           {check_files(place.repository)}"
    yield f"ok           {check_dockerfile(place.repository)}"
    python, version = find_python(), PYTHON
    if not python:
        python, version = sys.executable, _version(sys.executable)
        yield f"not checked  Python {PYTHON}: it is not here, {version} stands for it"
    yield f"ok           {_install(place, python, version)}"
    place.run("pip check", place.python, "-m", "pip", "check")
    yield "ok           pip check: no package asks for what is not there"
    place.run("postBuild", "./binder/postBuild")
    yield "ok           postBuild"
    yield f"ok           {_size(place)}"
    if not (place.repository / CHAPTER).is_file():
        raise Refused(f"{CHAPTER} does not exist, so no chapter can be run")
    yield from (f"ok           {said}" for said in _serve(place))
    yield from (f"not checked  {what}" for what in _NOT_CHECKED)


def _copy_repository(target: Path) -> None:
    """Copy what git knows or would know, so that nothing here can help or be harmed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        raise Refused("this is not a git checkout: git ls-files fails")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _install(place: Place, python: str, version: str) -> str:
    """The base's packages, then ours as the Dockerfile installs them."""
    machine = "aarch64" if platform.machine() in ("arm64", "aarch64") else "64"
    base = base_packages(version, f"linux-{machine}")
    place.run("venv", python, "-m", "venv", str(place.environment))
    pip = (place.python, "-m", "pip", "install", "--quiet", "--no-compile")
    place.run("the base's packages", *pip, "--no-deps", *base)
    place.run("our packages", *pip, "-r", "binder/requirements.txt")
    return f"Python {version}: {len(base)} packages of the base, then ours on top"


def _size(place: Place) -> str:
    """How much there is to download, unpack and push before anybody can start."""
    packages = place.run("pip list", place.python, "-m", "pip", "list", "--format=json")
    files = (path for path in place.environment.rglob("*") if not path.is_symlink())
    size_mb = sum(path.stat().st_size for path in files if path.is_file()) / 1e6
    number = len(json.loads(packages[packages.index("[") :]))
    return f"the environment has {number} distributions and {size_mb:,.0f} MB"


def _serve(place: Place) -> Iterator[str]:
    """JupyterLab answers, its extensions are well, and a chapter runs through it."""
    with jupyterlab(place) as lab:
        lab.get("/api/status")
        lab.get("/lab")
        extensions = json.loads(lab.get("/lab/api/extensions"))
        notebook = place.repository / CHAPTER
        wrong = run_by_rest(lab.address, lab.token, CHAPTER, notebook)
    ill = [e["name"] for e in extensions if e["status"] != "ok"]
    if ill or not extensions:
        raise Refused(
            f"JupyterLab's extensions that are not well: {ill or 'no answer'}"
        )
    yield f"JupyterLab answers, and {len(extensions)} extensions are well"
    if wrong:
        raise Refused(f"{CHAPTER}, run through JupyterLab's REST API: {wrong[0]}")
    yield f"{CHAPTER} runs through JupyterLab's REST API"


def _version(python: str) -> str:
    """A Python's version as "3.12"; "" if it does not run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        ran = subprocess.run(
            [python, "-c", ask], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return ran.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
