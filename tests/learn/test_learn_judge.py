"""Whatever an answer or a check does, one of the five verdicts comes out."""

import builtins
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

import workbook
from tests.learn.sample import double
from workbook.learn import Verdict, call, passed, try_call
from workbook.learn.judge import judge
from workbook.learn.running import Stopped


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no")


class NotEvenAnException(BaseException):
    pass


def raises(number):
    return number / 0


def deep(number):
    return int("seven")


def raises_inside(number):
    return deep(number)


def exits(number):
    sys.exit("bye")


def base_exception(number):
    raise NotEvenAnException("strange")


def interrupts_itself(number):
    raise KeyboardInterrupt


def unprintable(number):
    raise Unprintable


def for_ever(number):
    return for_ever(number)


def long_message(number):
    raise ValueError("x" * 10**6)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (raises, "ZeroDivisionError: division by zero"),
        (raises_inside, "ValueError: invalid literal for int()"),
        (exits, "SystemExit: bye"),
        (base_exception, "NotEvenAnException: strange"),
        (interrupts_itself, "KeyboardInterrupt"),
        (unprintable, "Unprintable"),
        (for_ever, "RecursionError: maximum recursion depth exceeded"),
        (long_message, "ValueError: xxx"),
    ],
)
def test_the_learners_exception_is_named_with_its_own_line(answer, reason):
    verdict = judge(double, answer)
    assert verdict.status == "your code raised"
    assert verdict.reason.startswith(reason)
    assert "(your line " in verdict.reason
    assert len(verdict.reason) < 600


def test_the_line_is_the_innermost_of_the_learners():
    assert 'return int("seven")' in judge(double, raises_inside).reason


def test_an_exception_below_a_library_is_blamed_on_the_learners_line():
    def sorts(number):
        return sorted([1, "a"], key=lambda item: item + 1)

    def parses(number):
        import json

        return json.loads("{")

    assert "json.loads" in judge(double, parses).reason
    assert judge(double, sorts).status == "your code raised"


def test_no_path_and_no_line_of_ours_is_shown():
    text = repr(judge(double, raises))
    assert "/" not in text.replace("number / 0", "")
    assert "running.py" not in text and "Traceback" not in text


def spins(number):
    while True:
        pass


def sleeps(number):
    time.sleep(3600)


def waits(number):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@pytest.mark.parametrize("answer", [spins, sleeps, waits])
def test_a_hang_fails_with_that_reason(answer):
    began = time.perf_counter()
    verdict = judge(double, answer)
    assert verdict.status == "failed"
    assert "did not come back within 1 s" in verdict.reason
    assert time.perf_counter() - began < 5


def test_a_loop_that_never_ends_is_stopped_and_frees_the_core():
    before = set(threading.enumerate())
    judge(double, spins)
    time.sleep(0.2)
    assert not set(threading.enumerate()) - before


def test_a_check_that_never_ends_is_cut_off_and_is_no_pass():
    def endless(answer):
        return answer(1)

    verdict = judge(endless, spins, limit_s=0.3)
    assert verdict.status == "inconclusive"
    assert "cut off after 0.3 s" in verdict.reason


@pytest.mark.parametrize(
    ("answer", "what"),
    [(None, "given None"), (6, "type int"), ("double", "type str"), ([], "type list")],
)
def test_what_is_no_function_fails_and_says_so(answer, what):
    verdict = judge(double, answer)
    assert verdict.status == "failed"
    assert what in verdict.reason


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (lambda: 1, "too many positional arguments"),
        (lambda a, b: 1, "missing a required argument: 'b'"),
    ],
)
def test_another_signature_fails_and_names_the_argument(answer, what):
    verdict = judge(double, answer)
    assert verdict.status == "failed"
    assert what in verdict.reason


def test_a_class_or_a_built_in_may_be_an_answer():
    assert judge(double, dict).status == "your code raised"
    assert judge(double, int).status == "failed"


@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_strange_answers_get_a_verdict():
    async def later(number):
        return number

    def generator(number):
        yield number

    class Strange:
        def __getattr__(self, name):
            raise RuntimeError("no attributes here")

        def __call__(self, number):
            return 2 * number

    assert judge(double, later).status == "failed"
    assert judge(double, generator).status == "failed"
    assert judge(double, Strange()).status == "your code raised"


def test_a_stub_is_not_attempted_even_behind_a_helper():
    def helper(number):
        raise NotImplementedError("your turn")

    def leans_on_a_stub(number):
        return 1 + stub_elsewhere(number)

    assert judge(double, leans_on_a_stub).status == "not attempted"
    assert judge(double, helper).status == "not attempted"


def stub_elsewhere(number):
    raise NotImplementedError("your turn")


def test_a_stub_is_not_attempted_even_if_the_check_never_calls_it():
    verdict = judge(lambda answer: passed(), stub_elsewhere)
    assert verdict.status == "not attempted"


def test_a_check_that_breaks_is_nobodys_pass_and_nobodys_fault():
    def broken(answer):
        return {}["missing"]

    verdict = judge(broken, raises)
    assert verdict.status == "inconclusive"
    assert "The check itself broke (KeyError: 'missing')" in verdict.reason
    assert "report" in verdict.look


SPOILT = """
def check(answer):
    def prepared(number):
        raise LookupError("no table")

    return call(prepared, 1)
"""


def check_in_the_package(source: str):
    """The function `check` of a source that lies where our own code lies."""
    at = Path(workbook.__file__).parent / "checks" / "lab42.py"
    scope = {"call": call}
    exec(compile(source, str(at), "exec"), scope)
    return scope["check"]


def test_an_error_in_our_own_setup_is_not_blamed_on_the_answer():
    """A check may call the answer through a function of its own."""
    verdict = judge(check_in_the_package(SPOILT), raises)
    assert verdict.status == "inconclusive"
    assert "The check itself broke (LookupError: no table)" in verdict.reason


@pytest.mark.parametrize("result", [None, True, "passed"])
def test_a_check_without_a_verdict_is_no_pass(result):
    verdict = judge(lambda answer: result, raises)
    assert verdict.status == "inconclusive"
    assert "gave no verdict" in verdict.reason


def test_prints_are_kept_up_to_a_limit(capsys):
    def noisy(number):
        for _ in range(1000):
            print("y" * 1000)
        sys.stderr.write("also here")
        return 2 * number

    verdict = judge(double, noisy)
    assert verdict.passed
    assert len(verdict.printed) < 3_000
    assert "dropped" in verdict.printed
    assert capsys.readouterr() == ("", "")


def test_of_many_short_lines_the_first_are_shown():
    def chatty(number):
        print("\n".join("line" for _ in range(100)))
        return 2 * number

    printed = judge(double, chatty).printed.split("\n")
    assert printed == 12 * ["line"] + ["… (the rest was dropped)"]


def test_what_the_check_writes_to_standard_error_is_seen(capsys):
    def with_progress(answer):
        print("bar", file=sys.stderr)
        return passed()

    judge(with_progress, raises)
    assert capsys.readouterr().err == "bar\n"


def test_an_answer_that_patches_the_world_cannot_break_the_frame(monkeypatch):
    monkeypatch.setattr(builtins, "print", print)
    monkeypatch.setattr(time, "monotonic", time.monotonic)
    out, recursion = sys.stdout, sys.getrecursionlimit()

    def vandal(number):
        sys.stdout = None
        sys.setrecursionlimit(10**6)
        builtins.print = None
        time.monotonic = lambda: 0.0
        return 2 * number

    assert judge(double, vandal).passed
    assert sys.stdout is out
    assert sys.getrecursionlimit() == recursion


@pytest.mark.parametrize("left", [0, 1])
def test_no_thread_left_is_told_and_does_not_break_the_check(monkeypatch, left):
    may_start, start = iter([True] * left), threading.Thread.start

    def scarce(thread):
        if not next(may_start, False):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", scarce)
    verdict = judge(lambda answer: passed(str(call(answer, 4))), double)
    assert verdict.status == "your code raised"
    assert "So many threads" in verdict.reason


def test_call_outside_a_check_says_the_reason():
    with pytest.raises(Stopped, match="ZeroDivisionError"):
        call(raises, 1)


def test_try_call_makes_the_exception_part_of_the_outcome():
    outcome = try_call(raises, 1)
    assert isinstance(outcome.error, ZeroDivisionError)
    assert not outcome.returned
    assert try_call(lambda: None).returned
    assert try_call(sleeps, 1, timeout_s=0.1).hung


def test_try_call_leaves_the_stub_to_the_frame():
    def check(answer) -> Verdict:
        try_call(lambda: stub_elsewhere(1))
        return passed()

    assert judge(check, lambda number: number).status == "not attempted"


@pytest.mark.filterwarnings("ignore:careful")
def test_warnings_of_the_learners_code_do_not_end_a_check():
    def warns(number):
        warnings.warn("careful", stacklevel=1)
        return 2 * number

    assert judge(double, warns).passed
