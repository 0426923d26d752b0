"""The table of facts: well formed, sourced, written once, and as botocore has it."""

import ast
import inspect
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig
from botocore.loaders import Loader
from botocore.retries import quota, standard

import workbook
from workbook.facts import UnknownFact, cite, fact, facts, quote, table, usd

PACKAGE = Path(workbook.__file__).parent
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")

# Distinctive enough that the same number elsewhere in the package is the price again;
# 0.5, 1.25 or a millionth may well be something else.
DIGITS = 3
SMALL = 0.000001


# --- the rows ---------------------------------------------------------------------


def test_the_file_is_sorted_by_key():
    written = tomllib.loads((PACKAGE / "facts.toml").read_text("utf-8"))["facts"]
    assert list(written) == sorted(written)
    assert list(facts) == list(written)


@pytest.mark.parametrize("key", facts)
def test_a_row_is_well_formed(key):
    row = facts[key]
    assert KEY.fullmatch(key)
    assert row.key == key
    assert row.unit.strip()
    assert row.source.startswith("https://")
    assert date.fromisoformat(row.read) <= date(2100, 1, 1)
    assert len(row.read) == len("2026-11-23")


@pytest.mark.parametrize(
    "key", [k for k in facts if facts[k].unit.startswith("USD per")]
)
def test_a_price_has_a_date_or_says_that_it_has_none(key):
    row = facts[key]
    assert ".price." in key
    assert row.value >= 0
    if row.as_of:
        assert date.fromisoformat(row.as_of) <= date.fromisoformat(row.read)
    else:
        assert "Date not stated" in row.note


def test_no_row_names_a_machine_or_a_package_registry():
    text = (PACKAGE / "facts.toml").read_text("utf-8")
    assert not re.search(r"/work/|/root/|/tmp/|pypi\.org|npmjs", text)


# --- asking -----------------------------------------------------------------------


def test_a_fact_by_its_key():
    assert (
        facts["lambda.async.retries"].value == fact("lambda.async.retries").value == 2
    )


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(UnknownFact, match=r"lambda\.async\.retries"):
        fact("lambda.async.retry")
    with pytest.raises(KeyError):
        facts["nothing.like.it"]


def test_a_citation_is_markdown_with_source_and_date():
    where = (
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html"
    )
    assert cite("lambda.async.retries") == (
        f"2 retries ([AWS Lambda docs]({where}), read 2026-11-23)"
    )


def test_a_price_is_cited_with_the_day_of_the_list():
    text = cite("dynamodb.price.write")
    assert text.startswith("$0.625 per million write request units ([AWS Price List](")
    assert "of 2026-09-11, read 2026-11-23" in text


def test_words_are_shown_before_their_unit():
    assert fact("sqs.delivery").text == "at least once (guarantee)"


def test_a_table_holds_the_rows_of_its_topic_and_no_others():
    shown = table("dynamodb")
    assert [row.key for row in shown.rows] == [
        k for k in facts if k.startswith("dynamo")
    ]
    assert {row.key.split(".")[1] for row in facts.table("price").rows} == {"price"}


def test_a_table_is_the_same_every_time():
    first, second = table("sqs"), table("sqs")
    assert repr(first) == repr(second)
    assert first._repr_html_() == second._repr_html_()


def test_a_table_shows_value_source_date_and_note():
    page = table("sqs.visibility")._repr_html_()
    for words in ("43,200 seconds", "12 hours.", "Amazon SQS docs", "read 2026-11-23"):
        assert words in page
    assert "43,200 seconds (Amazon SQS docs, read 2026-11-23)" in repr(table("sqs"))


def test_facts_are_quoted_in_the_order_they_are_named():
    shown = quote("sqs.delivery", "dynamodb.ttl.delay")
    assert [row.key for row in shown.rows] == ["sqs.delivery", "dynamodb.ttl.delay"]
    assert "At least once" in shown._repr_html_() or "at least once" in repr(shown)
    with pytest.raises(UnknownFact, match=r"sqs\.delivery"):
        quote("sqs.deliverie")


def test_an_unknown_topic_names_the_nearest():
    with pytest.raises(UnknownFact, match="dynamodb"):
        table("dynamo")


@pytest.mark.parametrize(
    ("key", "one"),
    [
        ("dynamodb.price.write", "0.000000625"),
        ("dynamodb.price.stream_read", "0.0000002"),
        ("stepfunctions.price.transition", "0.000025"),
        ("lambda.price.gb_second.x86", "0.0000166667"),
        ("ec2.price.t4g_small", "0.0168"),
    ],
)
def test_usd_is_the_price_of_one(key, one):
    assert usd(key) == Decimal(one)


def test_usd_refuses_what_is_no_price():
    with pytest.raises(ValueError, match="is not a price"):
        usd("sqs.visibility.max")


# --- written once -----------------------------------------------------------------


def _distinctive(value: float) -> bool:
    digits = Decimal(repr(value)).normalize().as_tuple().digits
    return 0 < value < SMALL or (value < 1 and len(digits) >= DIGITS)


def _price_numbers() -> dict[float, str]:
    prices = [key for key in facts if facts[key].unit.startswith("USD per")]
    numbers = {float(facts[key].value): key for key in prices}
    numbers |= {float(usd(key)): key for key in prices}
    return {number: key for number, key in numbers.items() if _distinctive(number)}


def _numbers(path: Path) -> list[tuple[float, int]]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [
        (float(node.value), node.lineno)
        for node in nodes
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]


def test_no_module_repeats_a_price():
    prices = _price_numbers()
    repeated = [
        f"{path.relative_to(PACKAGE)}:{line} repeats {prices[number]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in _numbers(path)
        if number in prices
    ]
    assert not repeated


def test_the_search_for_repeated_prices_would_find_one(tmp_path):
    (tmp_path / "m.py").write_text("WRITE = 0.625\nEACH = 6.25e-07\n")
    found = [number for number, _ in _numbers(tmp_path / "m.py")]
    assert {_price_numbers()[number] for number in found} == {"dynamodb.price.write"}


# --- as botocore's service models have it -----------------------------------------

_MODELS: dict[str, dict] = {}


def _model(service: str) -> dict:
    if service not in _MODELS:
        _MODELS[service] = Loader().load_service_model(service, "service-2")
    return _MODELS[service]


BOUNDS = [
    ("lambda.async.event_age.max", "lambda", "MaximumEventAgeInSeconds", "max"),
    ("lambda.async.event_age.min", "lambda", "MaximumEventAgeInSeconds", "min"),
    ("lambda.async.retries.max", "lambda", "MaximumRetryAttempts", "max"),
    ("lambda.async.retries.min", "lambda", "MaximumRetryAttempts", "min"),
    ("lambda.memory.min", "lambda", "MemorySize", "min"),
    ("lambda.sqs.batch.max", "lambda", "BatchSize", "max"),
    (
        "lambda.sqs.batching_window.max",
        "lambda",
        "MaximumBatchingWindowInSeconds",
        "max",
    ),
    ("lambda.sqs.concurrency.max", "lambda", "MaximumConcurrency", "max"),
    ("lambda.sqs.concurrency.min", "lambda", "MaximumConcurrency", "min"),
    ("lambda.timeout.max.managed", "lambda", "Timeout", "max"),
    ("dynamodb.batch_get.max", "dynamodb", "KeyList", "max"),
    ("dynamodb.batch_write.max", "dynamodb", "WriteRequests", "max"),
    ("dynamodb.transaction.items.max", "dynamodb", "TransactWriteItemList", "max"),
    ("dynamodb.transaction.items.max", "dynamodb", "TransactGetItemList", "max"),
    ("eventbridge.put_events.max", "events", "PutEventsRequestEntryList", "max"),
    ("eventbridge.retry.attempts", "events", "MaximumRetryAttempts", "max"),
    ("eventbridge.retry.duration", "events", "MaximumEventAgeInSeconds", "max"),
]


@pytest.mark.parametrize(("key", "service", "shape", "end"), BOUNDS)
def test_a_bound_is_botocores(key, service, shape, end):
    assert fact(key).value == _model(service)["shapes"][shape][end]


def test_memory_and_timeout_stay_inside_what_the_api_accepts():
    # The model's maximum is that of managed instances; functions stop earlier.
    shapes = _model("lambda")["shapes"]
    assert fact("lambda.memory.max").value <= shapes["MemorySize"]["max"]
    assert fact("lambda.timeout.max").value <= shapes["Timeout"]["max"]


def test_a_durable_execution_may_last_a_year():
    most = _model("lambda")["shapes"]["ExecutionTimeout"]["max"]
    assert most // (365 * 24 * 3600) == fact("lambda.durable.execution.max").value


def test_a_websocket_message_fits_what_the_api_accepts():
    most = _model("apigatewaymanagementapi")["shapes"]["Data"]["max"]
    assert most == fact("apigateway.websocket.message.max").value * 1024


def test_the_partial_batch_response_is_the_models_word():
    words = _model("lambda")["shapes"]["FunctionResponseType"]["enum"]
    assert words == [fact("lambda.sqs.partial_batch").value]


def test_a_local_index_cannot_be_added_later():
    assert fact("dynamodb.lsi.created").value == "with the table"
    names = _model("dynamodb")["shapes"]["UpdateTableInput"]["members"]
    assert not [name for name in names if "LocalSecondaryIndex" in name]


QUEUE = "CreateQueueRequest.Attributes"
LOCAL = "CreateTableInput.LocalSecondaryIndexes"
GLOBAL = "CreateTableInput.GlobalSecondaryIndexes"
BATCH = "CreateEventSourceMappingRequest.BatchSize"
RECEIVED = "ReceiveMessageRequest.MaxNumberOfMessages"

SAID = [
    ("sqs.message.max", "sqs", QUEUE, "to {} bytes (1 MiB)"),
    ("sqs.retention.max", "sqs", QUEUE, "to {} seconds (14 days)"),
    ("sqs.retention.default", "sqs", QUEUE, "Default: {} (4 days)"),
    ("sqs.visibility.max", "sqs", QUEUE, "to {} (12 hours)"),
    ("sqs.visibility.default", "sqs", QUEUE, "Default: {}. For more"),
    ("sqs.receive.wait.max", "sqs", QUEUE, "from 0 to {} (seconds)"),
    ("sqs.receive.messages.max", "sqs", RECEIVED, "Valid values: 1 to {}."),
    ("dynamodb.lsi.max", "dynamodb", LOCAL, "(the maximum is {})"),
    ("dynamodb.lsi.collection.max", "dynamodb", LOCAL, "a {} GB size limit per"),
    ("dynamodb.gsi.max", "dynamodb", GLOBAL, "(the maximum is {})"),
    ("dynamodb.query.page.max", "dynamodb", "QueryInput.Limit", "exceeds {} MB"),
    ("lambda.sqs.batch.default", "lambda", BATCH, "Queue Service – Default {}."),
    ("lambda.sqs.batch.max.fifo", "lambda", BATCH, "For FIFO queues the max is {}."),
    ("lambda.stream.batch.default", "lambda", BATCH, "DB Streams – Default {}."),
    (
        "apigateway.rest.timeout.default",
        "apigateway",
        "Integration.timeoutInMillis",
        "or {} seconds",
    ),
]


@pytest.mark.parametrize(("key", "service", "member", "words"), SAID)
def test_a_bound_is_in_the_models_own_documentation(key, service, member, words):
    shape, name = member.split(".")
    said = _model(service)["shapes"][shape]["members"][name]["documentation"]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", said))
    value = fact(key).value
    assert words.format(f"{value:,}") in said


def test_the_retry_quota_is_the_installed_botocores():
    checker = standard.RetryQuotaChecker
    assert (
        fact("botocore.retry.quota.capacity").value == quota.RetryQuota.INITIAL_CAPACITY
    )
    assert fact("botocore.retry.quota.cost").value == checker._RETRY_COST
    assert (
        fact("botocore.retry.quota.cost.timeout").value
        == checker._TIMEOUT_RETRY_REQUEST
    )
    assert (
        fact("botocore.retry.attempts.standard").value == standard.DEFAULT_MAX_ATTEMPTS
    )


def test_powertools_defaults_are_the_installed_versions():
    parameters = inspect.signature(IdempotencyConfig).parameters
    defaults = {
        "powertools.idempotency.expires_after": "expires_after_seconds",
        "powertools.idempotency.hash": "hash_function",
        "powertools.idempotency.local_cache": "use_local_cache",
        "powertools.idempotency.local_cache.max": "local_cache_max_items",
    }
    for key, name in defaults.items():
        assert fact(key).value == parameters[name].default
