"""Run every benchmarks/bench_*.py, and write what they print to benchmarks/RESULTS.md.

Each prints a section of Markdown, starting with `## `. The results start with the
machine and the versions, for a number without them says nothing.
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "benchmarks"

__all__ = ["FOLDER", "ROOT", "header", "main", "section"]

_PACKAGES = ("boto3", "moto", "numpy", "matplotlib")


def header() -> str:
    """The top of the results: the machine and the versions."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return "\n".join(
        [
            "# Measurements",
            "",
            "Written by `make bench`. One run on one machine: orders of magnitude.",
            "",
            f"- Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}",
            f"- Python {platform.python_version()}, {versions}",
        ]
    )


def section(path: Path) -> str:
    """What the benchmark at `path` prints.

    Raises CalledProcessError if it fails and ValueError if it prints no section.
    """
    command = [sys.executable, str(path)]
    ran = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    if not ran.stdout.startswith("## "):
        raise ValueError(f"{path.name} does not print a section that starts with '## '")
    return ran.stdout.rstrip()


def main(folder: Path = FOLDER) -> int:
    """Run the benchmarks in `folder` and write its RESULTS.md; the exit status."""
    found = sorted(folder.glob("bench_*.py"))
    if not found:
        print("There are no benchmarks: benchmarks/bench_*.py matches nothing.")
        return 1
    sections = [header()]
    for path in found:
        print(f"Running {path.name} ...", flush=True)
        try:
            sections.append(section(path))
        except (subprocess.CalledProcessError, ValueError) as error:
            print(f"{error}. RESULTS.md is left as it was.")
            return 1
    text = "\n\n".join(sections) + "\n"
    (folder / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _processor() -> str:
    """The processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if "model name" in line)
    return next(names, platform.processor() or platform.machine())


if __name__ == "__main__":
    sys.exit(main())
