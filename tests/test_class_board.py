"""The class board reads what a class hands in, and survives what it does not expect."""

import base64
import hashlib
import json
import zlib

import pytest

from tools.class_board import board, main, passports

AYA = {
    "format": 1,
    "exercises": {
        "04.1-full-jitter": {"verdict": "passed"},
        "09.1-one-winner": {"verdict": "passed"},
    },
    "predictions": {"09.p1": {"question": "Look, then charge", "answer": "1 charge"}},
}
BEN = AYA | {
    "exercises": {"09.1-one-winner": {"verdict": "failed"}},
    "predictions": {"09.p1": {"question": "Look, then charge", "answer": "0 or 1"}},
}


def exported(data):
    """What `passport.export()` gives for it."""
    packed = zlib.compress(json.dumps(data).encode())
    body = base64.urlsafe_b64encode(packed).decode()
    return f"WB1.{hashlib.sha256(body.encode()).hexdigest()[:10]}.{body}"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "aya.json").write_text(json.dumps(AYA), encoding="utf-8")
    (tmp_path / "ben-passport.txt").write_text(exported(BEN), encoding="utf-8")
    return tmp_path


def test_both_forms_of_a_passport_are_read(folder):
    known, unread = passports(folder)
    assert known == {"aya": AYA, "ben": BEN}
    assert unread == {}


def test_a_class_that_has_not_begun_gets_a_sentence(tmp_path, capsys):
    nothing = AYA | {"exercises": {}, "predictions": {}}
    (tmp_path / "aya.json").write_text(json.dumps(nothing), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Nobody has tried an exercise")


def test_a_folder_of_ones_own_names_the_owner(folder):
    (folder / "chie").mkdir()
    (folder / "chie" / "passport.json").write_text(json.dumps(AYA), encoding="utf-8")
    known, _ = passports(folder)
    assert list(known) == ["aya", "ben", "chie"]


def test_the_board_has_a_line_a_person_and_a_bar_a_vote(folder):
    known, _ = passports(folder)
    assert board(known).splitlines() == [
        "        04.1  09.1",
        "aya     ✓     ✓",
        "ben           ✗",
        "passed  1     1",
        "✓ passed  ✗ failed  ! raised  ○ not attempted  ? inconclusive",
        "",
        "09.p1  Look, then charge",
        "    1  █  1 charge",
        "    1  █  0 or 1",
    ]
    assert "04.1" not in board(known, "09")


def test_a_lab_is_found_by_its_number_with_and_without_a_nought(folder, capsys):
    assert main([str(folder), "--lab", "9"]) == 0
    short = capsys.readouterr().out
    assert main([str(folder), "--lab", "09"]) == 0
    assert short == capsys.readouterr().out
    assert "09.1" in short and "04.1" not in short


def test_a_lab_that_nobody_has_tried_says_so_and_names_those_tried(folder, capsys):
    assert main([str(folder), "--lab", "07"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Nobody has tried an exercise of lab 07 or predicted")
    assert said.endswith("Somebody has in: 04, 09.\n")


@pytest.mark.parametrize("lab", ["77", "jitter"])
def test_a_lab_that_there_is_not_says_which_there_are(folder, capsys, lab):
    assert main([str(folder), "--lab", lab]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"There is no lab {lab}. There are: 00, 01, 02, ")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("cut.txt", exported(AYA)[:-3], "part of the passport is missing"),
        ("word.txt", "see attachment", "this is not a passport"),
        ("list.json", "[1, 2]", "it is no passport"),
        ("half.json", '{"format": 1', "Expecting"),
        ("deep.json", "[" * 100_000, "recursion"),
    ],
)
def test_what_is_no_passport_is_named_and_passed_over(folder, capsys, name, text, why):
    (folder / name).write_text(text, encoding="utf-8")
    assert main([str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"Not read: {name}: " in said
    assert why in said
    assert "aya" in said


def test_an_empty_folder_says_what_it_wants(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "*.json or *.txt" in capsys.readouterr().err
