"""Submissions that do not play by the rules, and what each must come to.

Exercise 2 is answered rightly by all: so it can be seen who harms more than itself.
"""

from dataclasses import dataclass

from tests.grade.tiny import DOUBLE, RIGHT, TOTAL, WRONG, submitted

__all__ = ["ATTACKS", "Attack"]


@dataclass(frozen=True)
class Attack:
    """A submission; the statuses of its two exercises; a fragment of what is said.

    `alone` ones would hurt whoever runs them where there are no namespaces.
    """

    notebook: dict
    double: str
    total: str = "passed"
    said: str = ""
    alone: bool = False


def at_load(source, answer=WRONG[DOUBLE], **expected):
    answers = {DOUBLE: answer, TOTAL: RIGHT[TOTAL]}
    return Attack(submitted(answers, first=[source]), **expected)


def in_answer(body, **expected):
    """The answer is wrong, unless `body` makes it pass."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    answer = f"def double(x):\n{lines}\n    return x"
    answers = {DOUBLE: answer, TOTAL: RIGHT[TOTAL]}
    return Attack(submitted(answers), **expected)


def harmless(source, **expected):
    """The answer is right, and what else is done must not matter."""
    return at_load(source, answer=RIGHT[DOUBLE], double="passed", **expected)


_PATCH = "import tests.grade.labs.lab90 as l, workbook.learn as w\n"

ATTACKS = {
    # --- instead of an answer ---
    "edits the check cells": Attack(
        submitted(
            {DOUBLE: WRONG[DOUBLE], TOTAL: RIGHT[TOTAL]},
            check="lab.check = lambda *a: 'passed'\nlab.check(1, lambda x: 2 * x)",
        ),
        double="failed",
        said="Not twice of 1.",
    ),
    "hands another lab in": at_load(
        "class lab:\n    check = finish = lambda *a: 'passed'", double="failed"
    ),
    # --- patches while loading ---
    "patches the judge": at_load(
        "import workbook.learn.judge as j, workbook.learn.verdict as v\n"
        "j.judge = lambda *a, **k: v.passed('mine')\nv.failed = v.passed",
        double="failed",
        said="put back: workbook.learn.judge.judge",
    ),
    "patches the check": at_load(
        _PATCH + "l.check_double = lambda a: w.passed('mine')\n"
        "object.__setattr__(l.lab.exercises[0], 'check', l.check_double)",
        double="failed",
        said="put back: tests.grade",
    ),
    "patches a function's insides": at_load(
        _PATCH + "l.failed.__code__ = (lambda r, p=None, *, look='': 0).__code__",
        double="failed",
        said="put back: workbook.learn",
    ),
    "patches a verdict's class": at_load(
        "import workbook.learn as w\nw.Verdict.status = property(lambda s: 'passed')",
        double="failed",
        said="put back: workbook.learn.verdict.Verdict.status",
    ),
    "patches Python": at_load(
        "import builtins\nbuiltins.len = lambda x: 0\nbuiltins.repr = lambda x: 'ok'\n"
        "builtins.isinstance = lambda a, b: True\nbuiltins.all = lambda x: True",
        double="failed",
        said="put back: builtins.len",
    ),
    "replaces modules": at_load(
        "import sys, types\n"
        "for name in ('workbook.learn.judge', 'workbook.learn.verdict', 'json'):\n"
        "    sys.modules[name] = types.ModuleType(name)",
        double="failed",
        said="put back: sys.modules",
    ),
    "patches what carries results": at_load(
        "import hashlib, hmac, json, os, pickle, struct\n"
        'json.dumps = lambda *a, **k: \'{"status": "passed"}\'\n'
        "pickle.dumps = lambda *a, **k: b'passed'\n"
        "hmac.compare_digest = lambda a, b: True\n"
        "hashlib.blake2b = None\nos.write = lambda fd, data: len(data)",
        double="failed",
    ),
    "traces the check": at_load(
        "import sys, threading\n"
        "def trace(frame, event, arg):\n"
        "    if frame.f_code.co_name == 'check_double':\n"
        "        frame.f_globals['TWICE'] = ()\n"
        "    return trace\n"
        "threading.settrace(trace)\nsys.settrace(trace)",
        double="failed",
    ),
    # --- patches while it is checked ---
    "patches when called": in_answer(
        _PATCH + "l.failed = lambda *a, **k: w.passed('mine')",
        double="tampered",
        said="the answer changed",
    ),
    "empties the cases when called": in_answer(
        _PATCH + "l.TWICE = ()", double="tampered", said="lab90.TWICE"
    ),
    "bends the cases": at_load(
        _PATCH + "for case in l.TWICE:\n    case['is'] = case['of']",
        double="tampered",
        said="a wrong answer of ours passed",
    ),
    "sabotages the cases": at_load(
        _PATCH + "l.TWICE[1]['is'] = 0",
        double="tampered",
        said="our own solution failed",
    ),
    "blinds who looks": at_load(
        "import workbook.learn.verdict as v\n"
        "class Blind(type):\n    __module__ = property(lambda c: 1 / 0)\n"
        "class Nothing:\n"
        "    @property\n    def __class__(self):\n        raise SystemExit\n"
        "import json\njson.dumps = Nothing()\njson.loads = Blind('b', (), {})",
        double="tampered",
        total="tampered",
        said="cannot be found out",
    ),
    # --- forges a result ---
    "writes to every file": at_load(
        "import os\nfor fd in range(64):\n    try:\n"
        '        os.write(fd, b\'{"status": "passed"}\' * 9)\n'
        "    except OSError:\n        pass",
        double="tampered",
        total="tampered",
        said="the grader's own channel",
    ),
    "writes to every file when called": in_answer(
        "import os\nfor fd in range(64):\n    try:\n"
        "        os.write(fd, b'\\0\\0\\0\\1' + b'passed' * 9)\n"
        "    except OSError:\n        pass",
        double="tampered",
        total="tampered",
    ),
    "looks for the key in frames": in_answer(
        "import sys\nframe = sys._getframe()\n"
        "while frame is not None:\n"
        "    for thing in list(frame.f_locals.values()):\n"
        "        if hasattr(thing, 'send') and hasattr(thing, '_seal'):\n"
        "            got = {'status': 'passed', 'notes': []}\n"
        "            thing.send({'at': 'result', 'id': '90.1-double', 'result': got})\n"
        "    frame = frame.f_back",
        double="failed",
    ),
    "looks for the key in memory": at_load(
        "import gc\nkeys = [o for o in gc.get_objects() if type(o) is bytes]",
        double="failed",
        said="refused: gc.get_objects",
    ),
    "looks for the key in other threads": at_load(
        "import sys\nsys._current_frames()",
        double="failed",
        said="refused: sys._current_frames",
    ),
    "looks for the key by ctypes": at_load(
        "import ctypes\nctypes.string_at(id(b'x'), 64)",
        double="failed",
        said="refused: ctypes",
    ),
    "speaks at exit": at_load(
        "import atexit, os\natexit.register(lambda: os.write(3, b'passed' * 99))",
        double="failed",
    ),
    # --- ends the process ---
    "exits in a cell": harmless("import sys\nsys.exit(0)"),
    "exits for good in a cell": harmless(
        "import os\nos._exit(0)", said="left out: cell 2. It ended Python itself"
    ),
    "exits when called": in_answer(
        "import os\nos._exit(0)", double="your code raised", said="exit code 0"
    ),
    "raises SystemExit when called": in_answer(
        "raise SystemExit", double="your code raised", said="SystemExit"
    ),
    "kills itself": in_answer(
        "import signal\nsignal.raise_signal(9)",
        double="your code raised",
        said="SIGKILL",
    ),
    "kills its parent": in_answer(
        "import os\nos.kill(os.getppid(), 9)",
        double="your code raised",
        said="os.kill is refused",
    ),
    "kills everybody": harmless(
        "import os\nos.kill(-1, 9)", said="refused: os.kill", alone=True
    ),
    "recurses into the ground": in_answer(
        "import sys\nsys.setrecursionlimit(10**9)\nnest = []\n"
        "for _ in range(10**5):\n    nest = [nest]\nrepr(nest)",
        double="your code raised",
    ),
    "closes every file": in_answer(
        "import os\nos.closerange(0, 64)", double="your code raised"
    ),
    # --- takes all there is ---
    "loops in a cell": harmless("while True:\n    pass", said="left out: cell 2"),
    "loops when called": in_answer(
        "while True:\n    pass", double="failed", said="did not come back"
    ),
    "loops in C": in_answer(
        "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')",
        double="timed out",
        said="did not come back within 2.5 s",
    ),
    "prints a gigabyte": harmless(
        "for _ in range(1000):\n    print('x' * 1_000_000)\n"
        "import os\nfor _ in range(1000):\n    os.write(1, b'x' * 1_000_000)"
    ),
    "takes all memory": in_answer(
        "return len(bytearray(20 << 30))", double="out of memory", said="MemoryError"
    ),
    "starts a thousand threads": at_load(
        "import threading, time\nfor _ in range(1000):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        double="your code raised",
        total="your code raised",
        said="so many threads",
    ),
    "leaves room for one thread": at_load(
        "import threading, time\ngates = []\ntry:\n    while True:\n"
        "        gate = threading.Event()\n"
        "        threading.Thread(target=gate.wait, daemon=True).start()\n"
        "        gates.append(gate)\n"
        "except RuntimeError:\n    gates[-1].set()\n    time.sleep(0.5)",
        double="your code raised",
        total="your code raised",
        said="so many threads",
    ),
    "forks": harmless("import os\nwhile True:\n    os.fork()", said="refused: os.fork"),
    "runs a shell": harmless(
        "import subprocess\nsubprocess.run('yes', shell=True)",
        said="refused: subprocess.Popen",
    ),
    "fills the disk": harmless(
        "with open('big', 'wb') as file:\n    while True:\n"
        "        file.write(b'x' * 1_000_000)"
    ),
    # --- reaches outside ---
    "writes elsewhere": harmless(
        "import os, pathlib\n"
        "for place in (os.path.expanduser('~/..'), '/tmp/..', '{outside}'):\n"
        "    try:\n        pathlib.Path(place, 'evil').write_text('x')\n"
        "    except OSError:\n        pass\n"
        "os.rename('{outside}/kept', '{outside}/gone')",
        said="refused: ",
    ),
    "asks the network": harmless(
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)",
        said="refused: socket",
    ),
}
