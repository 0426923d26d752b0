"""The fidelity sheet: every known agreement and difference, found anew by a run.

A test here that fails after an update means that moto or the emulator changed. The
sheet in the chapter changes with it; if a difference is gone, say so in the list below.
"""

import pytest

from workbook.cloud import clock
from workbook.cloud.differential import SCENARIOS, Comparison, Row, compare
from workbook.cloud.environment import environment

# What each does that AWS documents otherwise: everything else is as documented.
MOCK = {
    "fifo_order_after_visibility_timeout": "second",
    "largest_item": "399,600 bytes",
    "stream_of_a_put_that_changes_nothing": "INSERT, MODIFY, MODIFY",
    "consumed_capacity": "1.0 write units",
    "batch_of_writes_too_long": "accepted",
    "json_filter_pattern": "3 of 3 lines",
    "insights_of_json": "3 of 3 lines, without the kind",
}
ENVIRONMENT = {
    "delete_with_an_old_receipt_handle": "ReceiptHandleIsInvalid, the message stays",
    "json_filter_pattern": "3 of 3 lines",
    "insights_of_json": "3 of 3 lines, without the kind",
    "error_of_a_function": "Unhandled, Runtime.HandlerError: there is no seat",
    "partial_batch_that_names_nobody": "nothing",
}
# Where AWS leaves it open, the two may differ and both be right.
LEFT_OPEN = {"delete_with_an_old_receipt_handle"}


@pytest.fixture(scope="module")
def sheet(emulator):
    template = "Resources:\n  Orders: {Type: AWS::SQS::Queue}\n"
    with environment(template, emulator=emulator) as env:
        found = compare(env)
    assert not clock.running()
    return found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_what_is_observed_is_what_we_know(sheet, scenario):
    row, left_open = sheet[scenario.id], scenario.id in LEFT_OPEN
    mock = row.mock if left_open else scenario.documented
    assert row.mock == MOCK.get(scenario.id, mock)
    assert row.environment == ENVIRONMENT.get(scenario.id, scenario.documented)
    assert row.mock_right == (scenario.id not in MOCK)
    assert row.environment_right == (scenario.id not in ENVIRONMENT)


def test_the_sheet_counts_and_shows_every_row(sheet):
    right = len(SCENARIOS) - len(MOCK), len(SCENARIOS) - len(ENVIRONMENT)
    assert repr(sheet) == (
        f"{len(SCENARIOS)} behaviours: the mock does {right[0]} as AWS documents "
        f"them, the environment {right[1]}; the two agree in 22"
    )
    html = sheet._repr_html_()
    assert html.count("<tr>") == 1 + len(SCENARIOS)
    assert html.count("✗") == len(MOCK) + len(ENVIRONMENT)
    assert all(scenario.source in html for scenario in SCENARIOS)


def test_the_differences_are_those_rows_that_are_not_as_documented(sheet):
    ids = {row.scenario.id for row in sheet.differences.rows}
    assert ids == set(MOCK) | set(ENVIRONMENT)


def test_a_frame_has_a_row_a_scenario(sheet):
    frame = sheet.frame()
    assert list(frame.index) == list(range(len(SCENARIOS)))
    assert int((~frame["mock_right"]).sum()) == len(MOCK)
    assert set(frame["service"]) == {"sqs", "dynamodb", "logs", "functions"}


def test_ids_are_distinct_and_sources_are_awss():
    assert len({scenario.id for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert scenario.source.startswith("https://docs.aws.amazon.com/")
        assert scenario.read.startswith("2026-")


def test_html_is_escaped():
    row = Row(SCENARIOS[0], "<b>", "a & b")
    html = Comparison((row,))._repr_html_()
    assert "&lt;b&gt;" in html and "a &amp; b" in html and not row.agree
