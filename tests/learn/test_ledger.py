"""The cost ledger: AWS's worked examples, what is counted, and how it shows."""

import threading
from decimal import Decimal

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from workbook.cloud import local_cloud
from workbook.cloud.recorder.units import item_size, read_units, write_units
from workbook.explore.interception import Interception
from workbook.facts import facts, usd
from workbook.learn.ledger import Ledger
from workbook.learn.metering import PRICES, meter

KB = 1024


def sized(size: float, name: str = "a") -> dict:
    """An item of exactly `size` bytes in the client's notation."""
    return {name: {"S": "x" * (int(size) - len(name))}}


@pytest.fixture(scope="module")
def cloud():
    with local_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def client(cloud):
    return boto3.client("dynamodb")


@pytest.fixture
def dynamodb(cloud, client):
    """A client of an empty cloud with one table, orders."""
    cloud.reset()
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


# --- the developer guide's and the pricing page's worked examples -------------------


@pytest.mark.parametrize(
    ("size", "kind", "units"),
    [
        (3.5 * KB, "strong", 1),
        (3_500, "strong", 1),
        (10 * KB, "strong", 3),  # "rounds the item size to 12 KB"
        (8 * KB, "strong", 2),
        (8 * KB, "eventual", 1),
        (8 * KB, "transactional", 4),
        (80 * KB, "eventual", 10),
        (4 * KB, "eventual", "0.5"),
        (4 * KB + 1, "eventual", 1),
        (0, "strong", 1),  # an item that does not exist
        (0, "eventual", "0.5"),
    ],
)
def test_read_units(size, kind, units):
    assert read_units(int(size), kind=kind) == Decimal(units)


@pytest.mark.parametrize(
    ("size", "transactional", "units"),
    [
        (500, False, 1),
        (1 * KB, False, 1),
        (1.6 * KB, False, 2),
        (3 * KB, False, 3),
        (3 * KB, True, 6),
        (0, False, 1),
    ],
)
def test_write_units(size, transactional, units):
    assert write_units(int(size), transactional=transactional) == units


def test_a_batch_get_rounds_each_item_by_itself():
    asked = {"Keys": [{"a": {"S": "1"}}, {"a": {"S": "2"}}], "ConsistentRead": True}
    found = {"Responses": {"t": [sized(1.5 * KB), sized(6.5 * KB)]}}
    charge = meter("dynamodb", "BatchGetItem", {"RequestItems": {"t": asked}}, found)
    assert charge.units == 3  # 12 KB, not 8 KB


def test_a_batch_get_pays_for_the_keys_it_does_not_find():
    asked = {"Keys": [{"a": {"S": "1"}}, {"a": {"S": "2"}}]}
    params = {"RequestItems": {"t": asked}}
    assert (
        meter("dynamodb", "BatchGetItem", params, {"Responses": {"t": []}}).units == 1
    )


def test_a_query_rounds_the_sum():
    items = [sized(40.8 * KB / 10) for _ in range(10)]
    answer = {"Items": items, "ScannedCount": 10}
    charge = meter("dynamodb", "Query", {"ConsistentRead": True}, answer)
    assert charge.units == 11  # 44 KB


def test_a_query_of_many_small_items():
    answer = {"Items": [sized(64) for _ in range(1_500)], "ScannedCount": 1_500}
    charge = meter("dynamodb", "Query", {"ConsistentRead": True}, answer)
    assert charge.units == 24  # 96 KB


def test_a_scan_pays_for_what_its_filter_drops():
    answer = {"Items": [sized(4 * KB)], "ScannedCount": 10, "Count": 1}
    assert meter("dynamodb", "Scan", {"ConsistentRead": True}, answer).units == 10


def test_a_query_that_finds_nothing_pays_the_least():
    assert meter("dynamodb", "Query", {}, {"Items": []}).units == Decimal("0.5")


def test_a_batch_write_rounds_each_item_by_itself():
    puts = [{"PutRequest": {"Item": sized(size)}} for size in (500, 3.5 * KB)]
    charge = meter("dynamodb", "BatchWriteItem", {"RequestItems": {"t": puts}}, {})
    assert charge.units == 5  # 1 KB + 4 KB, not 4 KB


def test_a_put_is_as_large_as_the_larger_of_the_old_item_and_the_new():
    answer = {"Attributes": sized(2.5 * KB)}
    assert meter("dynamodb", "PutItem", {"Item": sized(900)}, answer).units == 3


def test_a_delete_is_as_large_as_what_it_removes():
    answer = {"Attributes": sized(1.6 * KB)}
    assert meter("dynamodb", "DeleteItem", {"Key": sized(10)}, answer).units == 2


def test_an_update_counts_its_new_values_and_not_its_conditions_alone():
    params = {
        "Key": sized(10),
        "UpdateExpression": "SET b = :b",
        "ExpressionAttributeValues": sized(2 * KB, ":b"),
    }
    assert meter("dynamodb", "UpdateItem", params, {}).units == 3
    checked = {"Key": sized(10), "ExpressionAttributeValues": sized(2 * KB, ":b")}
    assert meter("dynamodb", "DeleteItem", checked, {}).units == 1


def test_a_transaction_pays_twice_for_every_kind_of_action():
    actions = [
        {"Put": {"Item": sized(3 * KB)}},
        {"Update": {"Key": sized(9), "UpdateExpression": "SET b = :b"}},
        {"Delete": {"Key": sized(9)}},
        {"ConditionCheck": {"Key": sized(9)}},
    ]
    charge = meter("dynamodb", "TransactWriteItems", {"TransactItems": actions}, {})
    assert charge.units == 6 + 2 + 2 + 2


def test_a_transactional_read_pays_twice():
    answer = {"Responses": [{"Item": sized(4 * KB)}, {}]}
    assert meter("dynamodb", "TransactGetItems", {}, answer).units == 4


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"name": {"S": "é"}}, 4 + 2),
        ({"n": {"N": "1200"}}, 1 + 1 + 1),  # trailing zeroes are trimmed
        ({"n": {"N": "-123.45"}}, 1 + 3 + 1),
        ({"b": {"B": b"1234"}}, 1 + 4),
        ({"t": {"BOOL": True}, "z": {"NULL": True}}, 2 + 2),
        ({"l": {"L": []}}, 1 + 3),
        ({"m": {"M": {"k": {"S": "vv"}}}}, 1 + 3 + 3 + 1),  # an element takes a byte
        ({"s": {"SS": ["aa", "b"]}, "n": {"NS": ["12", "3"]}}, 1 + 3 + 1 + 4),
        ({}, 0),
    ],
)
def test_item_size_in_the_clients_notation(item, size):
    assert item_size(item) == size


def test_item_size_is_the_same_in_the_resources_notation():
    plain = {"id": "a1", "n": Decimal("12.5"), "l": [1, None, True], "m": {"k": {"x"}}}
    typed = {
        "id": {"S": "a1"},
        "n": {"N": "12.5"},
        "l": {"L": [{"N": "1"}, {"NULL": True}, {"BOOL": True}]},
        "m": {"M": {"k": {"SS": ["x"]}}},
    }
    assert item_size(plain) == item_size(typed)


# --- queues, topics, buses, functions -----------------------------------------------


@pytest.mark.parametrize(
    ("body", "requests"), [(1, 1), (64 * KB, 1), (64 * KB + 1, 2), (256 * KB, 4)]
)
def test_sqs_bills_steps_of_64_kb(body, requests):
    params = {"QueueUrl": "https://q/orders", "MessageBody": "x" * body}
    charge = meter("sqs", "SendMessage", params, {})
    assert (charge.price, charge.units) == ("sqs.price.standard", requests)


def test_sqs_bills_a_batch_as_one_request_and_a_receive_by_what_comes_back():
    entries = [{"Id": str(n), "MessageBody": "x"} for n in range(10)]
    params = {"QueueUrl": "https://q/orders", "Entries": entries}
    assert meter("sqs", "SendMessageBatch", params, {}).units == 1
    answer = {"Messages": [{"Body": "x" * 60 * KB}] * 3}
    assert meter("sqs", "ReceiveMessage", {}, answer).units == 3
    assert meter("sqs", "ReceiveMessage", {}, {}).units == 1  # an empty receive


def test_a_line_tells_fifo_requests_from_others(dynamodb):
    sqs = boto3.client("sqs")
    with Ledger() as ledger:
        sqs.create_queue(QueueName="inbox")
        sqs.create_queue(QueueName="inbox.fifo", Attributes={"FifoQueue": "true"})
    (line,) = ledger.lines
    assert line.cells[3] == "1 FIFO request, 1 request"
    assert line.usd == usd("sqs.price.fifo") + usd("sqs.price.standard")


def test_a_fifo_queue_has_its_own_price():
    params = {"QueueUrl": "https://q/orders.fifo", "MessageBody": "x"}
    assert meter("sqs", "SendMessage", params, {}).price == "sqs.price.fifo"


def test_sns_and_eventbridge_and_lambda():
    topic = meter("sns", "Publish", {"Message": "x" * 65 * KB}, {})
    assert (topic.price, topic.units) == ("sns.price.request", 2)
    entries = [{"Detail": "{}"}, {"Detail": "x" * 65 * KB}]
    bus = meter("events", "PutEvents", {"Entries": entries}, {})
    assert (bus.price, bus.units) == ("eventbridge.price.custom_event", 3)
    run = meter("lambda", "Invoke", {"FunctionName": "f"}, {})
    assert (run.price, run.units) == ("lambda.price.request", 1)


def test_what_has_no_price_here():
    assert meter("dynamodb", "CreateTable", {}, {}) is None
    assert meter("s3", "PutObject", {}, {}) is None


def test_every_price_is_a_dated_price_for_one():
    assert all(facts[key].as_of and usd(key) > 0 for key in PRICES)


# --- counting -----------------------------------------------------------------------


def put(client, order_id="a", **more):
    return client.put_item(TableName="orders", Item={"id": {"S": order_id}}, **more)


def test_a_ledger_counts_a_client_made_before_it(dynamodb):
    with Ledger() as ledger:
        put(dynamodb)
        put(dynamodb)
    (line,) = ledger.lines
    assert (line.service, line.operation, line.calls) == ("dynamodb", "PutItem", 2)
    assert ledger.usd == 2 * usd("dynamodb.price.write")


def test_a_ledger_counts_a_client_and_a_resource_made_after_it(dynamodb):
    with Ledger() as ledger:
        put(boto3.client("dynamodb"))
        orders = boto3.resource("dynamodb").Table("orders")
        orders.get_item(Key={"id": "a"}, ConsistentRead=True)
    assert ledger.calls == 2
    expected = usd("dynamodb.price.write") + usd("dynamodb.price.read")
    assert ledger.usd == expected


def test_the_resource_and_the_client_cost_the_same(dynamodb):
    row = {"id": "a", "note": "x" * 5_000, "n": Decimal(7), "tags": {"u", "v"}}
    typed = {
        "id": {"S": "a"},
        "note": {"S": "x" * 5_000},
        "n": {"N": "7"},
        "tags": {"SS": ["u", "v"]},
    }
    with Ledger() as first:
        dynamodb.put_item(TableName="orders", Item=typed)
        dynamodb.scan(TableName="orders")
    with Ledger() as second:
        table = boto3.resource("dynamodb").Table("orders")
        table.put_item(Item=row)
        table.scan()
    assert (
        first.usd
        == second.usd
        == usd("dynamodb.price.write") * 5 + usd("dynamodb.price.read")
    )


def test_nothing_is_counted_outside(dynamodb):
    ledger = Ledger()
    put(dynamodb)
    with ledger:
        put(dynamodb)
    put(dynamodb)
    assert ledger.calls == 1


def test_start_and_stop_may_be_said_twice_and_go_on(dynamodb):
    ledger = Ledger().start().start()
    put(dynamodb)
    ledger.stop().stop()
    put(dynamodb)
    ledger.start()
    put(dynamodb)
    ledger.stop()
    assert ledger.calls == 2


def test_the_method_is_given_back(dynamodb):
    before = BaseClient._make_api_call
    with Ledger():
        assert BaseClient._make_api_call is not before
    assert BaseClient._make_api_call is before


def test_the_method_is_given_back_after_an_error(dynamodb):
    before = BaseClient._make_api_call
    with pytest.raises(ZeroDivisionError), Ledger():
        raise ZeroDivisionError
    assert BaseClient._make_api_call is before


def test_two_ledgers_count_side_by_side_whatever_order_they_stop_in(dynamodb):
    before = BaseClient._make_api_call
    outer, inner = Ledger().start(), Ledger().start()
    put(dynamodb)
    outer.stop()
    put(dynamodb)
    outer.start()
    put(dynamodb)
    outer.stop()
    inner.stop()
    put(dynamodb)
    assert (outer.calls, inner.calls) == (2, 3)
    BaseClient._make_api_call = before


def test_calls_from_other_threads_are_counted(dynamodb):
    def work():
        for _ in range(20):
            put(dynamodb)

    with Ledger() as ledger:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert ledger.calls == 80
    assert ledger.lines[0].charges[0].units == 80


def test_a_failed_condition_is_billed_as_a_write(dynamodb):
    put(dynamodb)
    with Ledger() as ledger, pytest.raises(ClientError):
        put(dynamodb, ConditionExpression="attribute_not_exists(id)")
    assert ledger.usd == usd("dynamodb.price.write")
    assert ledger.lines[0].refused == 0


def test_a_failed_condition_pays_for_the_item_in_the_way(dynamodb):
    big = {"id": {"S": "a"}, "note": {"S": "x" * 1_500}}
    dynamodb.put_item(TableName="orders", Item=big)
    with Ledger() as ledger, pytest.raises(ClientError):
        put(
            dynamodb,
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert ledger.usd == 2 * usd("dynamodb.price.write")


def test_a_cancelled_transaction_is_billed(dynamodb):
    check = {
        "TableName": "orders",
        "Key": {"id": {"S": "nobody"}},
        "ConditionExpression": "attribute_exists(id)",
    }
    with Ledger() as ledger, pytest.raises(ClientError):
        dynamodb.transact_write_items(TransactItems=[{"ConditionCheck": check}])
    assert ledger.usd == 2 * usd("dynamodb.price.write")


def test_a_refused_call_is_counted_and_not_billed(dynamodb):
    with Ledger() as ledger, pytest.raises(ClientError):
        dynamodb.get_item(TableName="nowhere", Key={"id": {"S": "a"}})
    (line,) = ledger.lines
    assert (line.calls, line.refused, line.usd) == (1, 1, 0)
    assert "1 refused, not billed" in repr(ledger)


def test_a_call_that_cannot_be_metered_still_goes_through(dynamodb, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("workbook.learn.ledger.meter", broken)
    with Ledger() as ledger:
        put(dynamodb)
    assert dynamodb.get_item(TableName="orders", Key={"id": {"S": "a"}})["Item"]
    assert ledger.lines[0].usd is None


def test_the_explorers_calls_are_not_the_learners(dynamodb):
    with Ledger() as ledger:
        put(dynamodb)
        with Interception().installed():
            put(dynamodb)
            put(boto3.client("dynamodb"))
        put(dynamodb)
    assert ledger.calls == 2


def test_an_exploration_counts_nothing_and_works_under_a_ledger(dynamodb):
    from workbook.explore import explore

    def handler(event, context):
        put(boto3.client("dynamodb"), event["id"])

    with Ledger() as ledger:
        result = explore(
            handler, {"id": "a"}, setup=lambda: None, invariant=lambda: True
        )
        put(dynamodb, "b")
    assert result.schedules > 1
    assert ledger.calls == 1


def test_others_may_take_the_method_over_while_a_ledger_runs(dynamodb):
    ledger = Ledger().start()
    counting, seen = BaseClient._make_api_call, []

    def also(client, operation, params):
        seen.append(operation)
        return counting(client, operation, params)

    BaseClient._make_api_call = also
    put(dynamodb)
    ledger.stop()
    assert BaseClient._make_api_call is also  # not ours to take away
    put(dynamodb)
    BaseClient._make_api_call = counting
    put(dynamodb)  # what is left of the ledger is silent
    BaseClient._make_api_call = ledger._before
    assert (ledger.calls, seen) == (1, ["PutItem", "PutItem"])


# --- showing ------------------------------------------------------------------------


def worked(client) -> Ledger:
    with Ledger() as ledger:
        for number in range(19):
            put(client, str(number))
        client.get_item(TableName="orders", Key={"id": {"S": "a"}}, ConsistentRead=True)
        client.list_tables()
        queue = boto3.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    return ledger


def test_the_text_says_what_why_and_when(dynamodb):
    assert repr(worked(dynamodb)) == (
        "What these calls would have cost on AWS "
        "(us-east-1 prices of 2026-09-11 to 2026-10-08, without the free tier)\n"
        "service   operation    calls  billed                  USD\n"
        "dynamodb  GetItem      1      1 read request unit     0.000000125\n"
        "dynamodb  ListTables   1      -                       not priced\n"
        "dynamodb  PutItem      19     19 write request units  0.000011875\n"
        "sqs       CreateQueue  1      1 request               0.0000004\n"
        "sqs       SendMessage  1      1 request               0.0000004\n"
        "Total: $0.0000128 (78,125 such runs for a dollar)\n"
        "The free tier is ignored. Sizes are those of what was sent and returned; "
        "index writes, storage, run time and data transfer are not counted."
    )


def test_two_runs_show_the_same(dynamodb):
    first, second = worked(dynamodb), worked(dynamodb)
    assert first._repr_mimebundle_() == second._repr_mimebundle_()


def test_the_page_holds_the_lines_and_the_total(dynamodb):
    page = worked(dynamodb)._repr_mimebundle_()["text/html"]
    for words in (
        "19 write request units",
        "not priced",
        "78,125 such runs",
        "<caption>",
    ):
        assert words in page


def test_twenty_writes_are_eighty_thousand_runs_for_a_dollar(dynamodb):
    with Ledger() as ledger:
        for number in range(20):
            put(dynamodb, str(number))
    assert ledger.total == "$0.0000125 (80,000 such runs for a dollar)"


def test_an_empty_ledger_costs_nothing():
    ledger = Ledger()
    assert (ledger.calls, ledger.usd, ledger.total) == (0, 0, "$0")
    assert "Total: $0" in repr(ledger)
