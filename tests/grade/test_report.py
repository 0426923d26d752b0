"""The report: grade books, pages, the heat map and the table, from results by hand."""

import base64
import csv
import html.parser

import pytest

from tests.grade.tiny import DOUBLE, TOTAL
from workbook.figures import new_figure
from workbook.figures.picture import Picture
from workbook.grade.books import Person, missing, read_roster, write_books
from workbook.grade.grading import Graded
from workbook.grade.outcome import STATUSES, Result, result_of, sign
from workbook.grade.pages import file_of, write_pages
from workbook.grade.sheet import sheets
from workbook.grade.submissions import Submission
from workbook.grade.summary import commonest, summaries, worth_a_look
from workbook.grade.table import shown

PNG = base64.b64encode(Picture(new_figure(), "A picture").png()).decode()
EVIL = '<script>alert("x")</script>'
WHY = "Two deliveries both won."


def one(student, double, total, **submission):
    made = Submission(student, "90", f"{student}/90-tiny.ipynb", **submission)
    return Graded(made, {DOUBLE: double, TOTAL: total})


CLASS = [
    one("aoi", Result("passed", "tried"), Result("passed", "tried")),
    one("ben", Result("failed", WHY, "Look.", picture=PNG, alt="A <b> picture"), None),
    one("=cmd()", Result("your code raised", EVIL, printed=EVIL), None),
    one("Chie Abe", Result("failed", WHY), None, notes=("also handed in",)),
    one("dan", Result("tampered", "It changed json."), None),
    one("Dan", Result("failed", "Another reason.", notes=("refused: os.fork",)), None),
]
for _one in CLASS[1:]:
    _one.results[TOTAL] = Result("not attempted", "The stub is as it was.")
LOST = Graded(Submission("ed", "", "ed/x.ipynb", problem="no lab " + EVIL), {})
ROSTER = {
    "aoi": Person("aoi", "Aoi Ito", "17", "S17", "aito", "aoi@example.org", "A"),
    "eve": Person("eve", "Eve"),
}


@pytest.fixture(scope="module")
def known(home):
    return sheets(home)


@pytest.fixture(scope="module")
def labs(known):
    return summaries([*CLASS, LOST], known)


@pytest.fixture(scope="module")
def report(tmp_path_factory, labs, known):
    to = tmp_path_factory.mktemp("report")
    write_books(to, labs, ROSTER)
    write_pages(to, labs, [*CLASS, LOST], known)
    return to


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# --- numbers --------------------------------------------------------------------------


def test_a_lab_is_summed_up(labs):
    (lab,) = labs
    assert lab.passed == {DOUBLE: 1, TOTAL: 1}
    assert [g.points for g in lab.graded] == [2, 0, 0, 0, 0, 0]


def test_the_commonest_reason_leads(labs):
    (found,) = commonest(labs[0])
    assert (found.task.id, found.reason, found.times, found.wrong) == (
        DOUBLE,
        WHY,
        2,
        4,
    )


def test_what_is_odd_is_worth_a_look():
    assert worth_a_look(CLASS) == [
        ("dan", "90.1", "tampered", "It changed json."),
        ("Dan", "90.1", "note", "refused: os.fork"),
    ]


def test_the_heat_map_claims_what_it_shows(labs):
    picture = labs[0].picture()
    assert picture.message == "Each exercise is passed by 1 of 6"
    row = "passed: 1; failed: 3; your code raised: 1; tampered: 1."
    assert picture.text.splitlines()[0] == f"1 · Double — {row}"


def test_the_heat_map_names_the_hardest(known):
    alone = CLASS[0].results | {TOTAL: Result("failed", WHY)}
    (lab,) = summaries([CLASS[0], Graded(CLASS[1].submission, alone)], known)
    assert lab.picture().message == "“Total” is passed by the fewest: 1 of 2"


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"status": "excellent"}, {"status": "passed", "seconds": "x"}],
)
def test_what_is_no_result_is_refused(data):
    with pytest.raises(ValueError):
        result_of(data)


def test_a_picture_that_is_none_is_dropped():
    data = {"status": "failed", "picture": base64.b64encode(b"<svg>").decode()}
    assert result_of(data).picture == ""
    assert result_of({"status": "failed", "picture": PNG}).picture == PNG


def test_every_status_has_a_sign_of_its_own():
    assert len({sign(status) for status in STATUSES}) == len(STATUSES)


# --- grade books ----------------------------------------------------------------------


def test_the_book_for_people(report):
    head, *lines = rows(report / "grades.csv")
    assert head[:6] == ["student", "name", DOUBLE, TOTAL, "90 passed", "90 of"]
    by_name = {line[0]: line for line in lines}
    assert by_name["aoi"][1:6] == ["Aoi Ito", "passed", "passed", "2", "2"]
    assert by_name["eve"][2:6] == ["not handed in", "not handed in", "", "2"]
    assert by_name["Dan"][-1] == "refused: os.fork"
    assert "'=cmd()" in by_name  # no spreadsheet takes it for a formula


def test_moodles_book(report):
    head, *lines = rows(report / "moodle.csv")
    assert head == ["username", "email", "idnumber", "90-tiny", "90-tiny (feedback)"]
    by_name = {line[0]: line for line in lines}
    assert by_name["aito"][1:4] == ["aoi@example.org", "S17", "2"]
    assert by_name["ben"][4] == "1 · Double: failed; 2 · Total: not attempted"
    assert by_name["eve"][3:] == ["", ""]


def test_canvas_book_begins_as_canvas_wants_it(report):
    head, possible, *lines = rows(report / "canvas.csv")
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert head[5:] == ["Lab 90: A tiny lab"]
    assert "Points Possible" in possible[0] and possible[1:] == ["", "", "", "", "2"]
    by_login = {line[3]: line for line in lines}
    assert by_login["aito"] == ["Aoi Ito", "17", "S17", "aito", "A", "2"]
    assert by_login["eve"][5] == ""  # left as it is


def test_a_roster_is_read_and_whoever_is_missing_named(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("student,name,seat\naoi,Aoi Ito,4\neve,,\n", encoding="utf-8-sig")
    roster = read_roster(path)
    assert roster["aoi"] == Person("aoi", "Aoi Ito")
    assert missing(roster, CLASS) == ["eve"]
    path.write_text("name\nAoi Ito\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column called student"):
        read_roster(path)


# --- pages ----------------------------------------------------------------------------


class Reader(html.parser.HTMLParser):
    """Notes the elements and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs for tag, attrs in self.found if tag == name]


def test_the_class_page_has_everything_and_every_link_leads_somewhere(report):
    text = (report / "index.html").read_text(encoding="utf-8")
    page = Reader(text)
    links = [a["href"] for a in page.all("a")]
    assert len(links) == len(CLASS) and all((report / link).is_file() for link in links)
    assert page.all("html") == [{"lang": "en"}]
    assert all(image["alt"] for image in page.all("img"))
    assert WHY in text and "refused: os.fork" in text and "no lab" in text
    assert (report / "heatmap-90-tiny.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_that_was_handed_in_becomes_part_of_a_page(report):
    for path in [report / "index.html", *(report / "students").iterdir()]:
        page = Reader(path.read_text(encoding="utf-8"))
        assert not page.all("script") and not page.all("b")
        assert all(i["src"].startswith("data:image/png") for i in page.all("img"))


def test_a_students_page_has_verdict_reason_and_picture(report):
    text = (report / "students" / file_of("ben")).read_text(encoding="utf-8")
    assert "0 of 2 passed" in text and WHY in text and "Look." in text
    (image,) = Reader(text).all("img")
    assert image["alt"] == "A <b> picture" and PNG in image["src"]


def test_students_never_share_a_page_and_none_leaves_the_folder():
    names = ["dan", "Dan", "DAN", "d/an", "../dan", "", "..", "鈴木", "鈴", "a" * 300]
    files = {file_of(name).casefold() for name in names}
    assert len(files) == len(names)
    assert all("/" not in f and not f.startswith(".") and len(f) < 90 for f in files)


def test_the_table_says_it_all_on_a_terminal(labs):
    text = shown(labs[0])
    assert "aoi       ✓  ✓  2 of 2" in text and "dan       ⚑  ○  0 of 2" in text
    assert f"1 · {WHY} (2 of 4)" in text and "dan, 90.1: tampered" in text
    assert "\x1b" not in shown(summaries([one("\x1b[2J", *_TWO)], sheets_of(labs))[0])


_TWO = (Result("passed"), Result("passed"))


def sheets_of(labs):
    return {lab.sheet.number: lab.sheet for lab in labs}
