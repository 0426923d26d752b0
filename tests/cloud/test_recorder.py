"""The recorder: units by the documentation's own examples, items as they are stored.

The examples are those of the developer guide: "DynamoDB read and write operations"
(read-write-operations), GSI.html, read 2026-11-24; LSI.html, transaction-apis and
CapacityUnitCalculations, read 2026-11-29.
"""

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from workbook.cloud import create_table, faults, local_cloud
from workbook.cloud.bulk import load_items
from workbook.cloud.recorder import (
    item_size,
    read_units,
    record,
    recorder,
    write_units,
)
from workbook.shop.access.tables import create

KB = 1024


@pytest.fixture(autouse=True)
def cloud():
    with local_cloud() as cloud:
        cloud.reset()
        yield cloud


@pytest.fixture
def table():
    """Orders by buyer, and three indexes that project more and less."""
    keys = {"by_tour": "tour", "brief": "tour", "open": "open"}
    kept = {"by_tour": {"ProjectionType": "ALL"}}
    kept["brief"] = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["status"]}
    kept["open"] = {"ProjectionType": "KEYS_ONLY"}
    boto3.client("dynamodb").create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "buyer", "KeyType": "HASH"},
            {"AttributeName": "number", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (
                ("buyer", "S"), ("number", "N"), ("tour", "S"), ("open", "S")
            )
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": kept[index],
            }
            for index, key in keys.items()
        ],
    )  # fmt: skip
    return boto3.resource("dynamodb").Table("orders")


def padded(size: int, **attributes) -> dict:
    """An item of so many bytes in all."""
    item = {**attributes, "filler": ""}
    return {**attributes, "filler": "x" * (size - item_size(item))}


def units(seen) -> tuple[float, float]:
    return float(seen.read_units), float(seen.write_units)


# --- the documentation's examples -----------------------------------------------------


@pytest.mark.parametrize(
    ("size", "strong", "eventual", "transactional"),
    [
        (3_500, 1, 0.5, 2),  # "the same throughput as reading a 4 KB item"
        (8 * KB, 2, 1, 4),  # "if your item size is 8 KB, you require 2 read units"
        (int(3.5 * KB), 1, 0.5, 2),  # rounded to 4 KB
        (10 * KB, 3, 1.5, 6),  # rounded to 12 KB
        (3 * KB, 1, 0.5, 2),  # 3 KB / 4 KB = 0.75, or 1
        (80 * KB, 20, 10, 40),  # "the operation consumes only 10 capacity units"
        (0, 1, 0.5, 2),  # an item that is not there
    ],
)
def test_one_item(size, strong, eventual, transactional):
    table = create_table("things", "id")
    if size:
        table.put_item(Item=padded(size, id="a"))
    client, key = table.meta.client, {"id": "a"}
    with recorder() as seen:
        table.get_item(Key=key, ConsistentRead=True)
        table.get_item(Key=key)
        get = {"Get": {"TableName": "things", "Key": key}}
        client.transact_get_items(TransactItems=[get])
    found = [float(access.read_units) for access in seen.accesses]
    assert found == [strong, eventual, transactional]
    assert seen.accesses[0].bytes_read == size
    assert seen.read == seen.returned == (3 if size else 0)


def test_a_batch_rounds_each_item():
    """1.5 KB and 6.5 KB count as 12 KB, and not as 8."""
    table = create_table("things", "id")
    for id_, size in (("a", 1.5 * KB), ("b", 6.5 * KB)):
        table.put_item(Item=padded(int(size), id=id_))
    asked = {"Keys": [{"id": "a"}, {"id": "b"}], "ConsistentRead": True}
    with recorder() as seen:
        table.meta.client.batch_get_item(RequestItems={"things": asked})
    assert seen.read_units == 3 and seen.read == 2 and len(seen) == 1


@pytest.mark.parametrize(
    ("number", "size", "strong"),
    [(1500, 64, 24), (10, int(4.08 * KB), 11)],  # 96 KB, and 40.8 KB that become 44
)
def test_a_search_rounds_the_sum(number, size, strong):
    table = create_table("things", "id", sort_key="n")
    items = (padded(size, id="a", n=f"{n:04}") for n in range(number))
    load_items("things", items, region="ap-northeast-1")
    with recorder() as seen:
        table.query(KeyConditionExpression=Key("id").eq("a"), ConsistentRead=True)
        table.query(KeyConditionExpression=Key("id").eq("a"))
        table.scan(ConsistentRead=True)
        table.scan(Select="COUNT")
    found = [float(access.read_units) for access in seen.accesses]
    assert found == [strong, strong / 2, strong, strong / 2]
    assert seen.read == 4 * number


@pytest.mark.parametrize(
    ("size", "standard"),
    [(500, 1), (512, 1), (KB, 1), (1.5 * KB, 2), (1.6 * KB, 2), (2 * KB, 2)]
    + [(3.5 * KB, 4)],
)
def test_one_write(size, standard):
    table = create_table("things", "id")
    item = padded(int(size), id="a")
    with recorder() as seen:
        table.put_item(Item=item)
        put = {"Put": {"TableName": "things", "Item": item}}
        table.meta.client.transact_write_items(TransactItems=[put])
        table.delete_item(Key={"id": "a"})
        table.delete_item(Key={"id": "a"})  # nothing there any more
    found = [float(access.write_units) for access in seen.accesses]
    assert found == [standard, 2 * standard, standard, 1]


def test_a_batch_of_writes_rounds_each():
    """500 bytes and 3.5 KB count as 5 KB."""
    table = create_table("things", "id")
    sizes = {"a": 500, "b": int(3.5 * KB)}
    with recorder() as seen, table.batch_writer() as batch:
        for id_, size in sizes.items():
            batch.put_item(Item=padded(size, id=id_))
    assert seen.write_units == 5 and len(seen) == 1


def test_an_update_is_as_large_as_the_larger_of_before_and_after():
    table = create_table("things", "id")
    table.put_item(Item=padded(3 * KB, id="a"))
    with recorder() as seen:
        table.update_item(Key={"id": "a"}, UpdateExpression="REMOVE filler")
        table.put_item(Item=padded(2 * KB, id="a"))
    assert [float(a.write_units) for a in seen.accesses] == [3, 2]


def test_a_transaction_of_three_items_of_500_bytes_takes_six():
    """Two each, "one to prepare the transaction and one to commit" it."""
    table = create_table("things", "id")
    items = [padded(500, id=id_) for id_ in "abc"]
    puts = [{"Put": {"TableName": "things", "Item": item}} for item in items]
    with recorder() as seen:
        table.meta.client.transact_write_items(TransactItems=puts)
    assert units(seen) == (0, 6) and len(seen) == 1


def test_a_failed_condition_is_billed_by_what_stood_in_the_way():
    """Of 300 KB that stand and 310 KB that come, it is the 300.

    "The amount consumed is dependent on the size of the existing item (or a minimum of
    1)": WorkingWithItems, as it is today. It once took the 310 for its example.
    """
    table = create_table("things", "id")
    table.put_item(Item=padded(int(2.5 * KB), id="a"))
    with recorder() as seen:
        for id_, condition in (("a", "attribute_not_exists(id)"), ("b", "n = :n")):
            more = {"ExpressionAttributeValues": {":n": 1}} if id_ == "b" else {}
            with pytest.raises(ClientError):
                table.put_item(Item={"id": id_}, ConditionExpression=condition, **more)
        large = padded(300 * KB, id="c")
        table.put_item(Item=large)
        with pytest.raises(ClientError):
            table.put_item(
                Item=padded(310 * KB, id="c"),
                ConditionExpression="attribute_not_exists(id)",
            )
    assert [float(a.write_units) for a in seen.accesses] == [3, 1, 300, 300]


# --- searches -------------------------------------------------------------------------


def test_a_filter_drops_what_was_read(table):
    rows = [padded(KB, buyer="a", number=n, tour="x", status="paid") for n in range(40)]
    load_items("orders", rows, region="ap-northeast-1")
    with recorder() as seen:
        answer = table.query(
            KeyConditionExpression=Key("buyer").eq("a") & Key("number").between(10, 29),
            FilterExpression=Attr("number").gt(25) & Attr("status").eq("paid"),
            ProjectionExpression="tour",
        )
    assert [row["tour"] for row in answer["Items"]] == ["x"] * 4
    assert set(answer["Items"][0]) == {"tour"}
    (access,) = seen.accesses
    assert (access.read, access.returned, access.bytes_read) == (20, 4, 20 * KB)
    assert access.path == (
        "buyer = a AND number BETWEEN 10 AND 29, then filter "
        "number > 25 AND status = paid"
    )
    assert units(seen) == (2.5, 0)


def test_each_page_is_a_call(table):
    rows = (padded(20 * KB, buyer="a", number=n) for n in range(120))
    load_items("orders", rows, region="ap-northeast-1")
    request = {"KeyConditionExpression": Key("buyer").eq("a")}
    with recorder() as seen:
        while "LastEvaluatedKey" in (page := table.query(**request)):
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert seen.read == seen.returned == 120
    assert len(seen) == 3 and seen.read_units == 300


def test_a_limit_is_what_is_read(table):
    rows = (padded(KB, buyer="a", number=n, status="paid") for n in range(40))
    load_items("orders", rows, region="ap-northeast-1")
    with recorder() as seen:
        answer = table.query(
            KeyConditionExpression=Key("buyer").eq("a"),
            FilterExpression=Attr("status").eq("lost"),
            Limit=10,
        )
    assert answer["Items"] == [] and "LastEvaluatedKey" in answer
    assert seen.read == 10 and seen.returned == 0


def test_an_index_is_read_as_large_as_what_it_projects(table):
    rows = [padded(3 * KB, buyer=f"b{n}", number=n, tour="x") for n in range(8)]
    load_items("orders", rows, region="ap-northeast-1")
    with recorder() as seen:
        for index in ("by_tour", "brief"):
            table.query(IndexName=index, KeyConditionExpression=Key("tour").eq("x"))
        table.scan(IndexName="open")
    whole, brief, nobody = seen.accesses
    assert (whole.index, whole.read, float(whole.read_units)) == ("by_tour", 8, 3)
    assert brief.bytes_read < 200 and float(brief.read_units) == 0.5
    assert (nobody.read, float(nobody.read_units)) == (0, 0.5)


def test_eight_entries_of_2000_bytes_take_two_units():
    """ "0.5 × (16 KB / 4 KB), or 2 read capacity units": GSI.html."""
    create("things", ("id", ""), {"by_k": ("k", "")})
    rows = [padded(2000, id=f"{n}", k="x") for n in range(8)]
    load_items("things", rows, region="ap-northeast-1")
    table = boto3.resource("dynamodb").Table("things")
    with recorder() as seen:
        table.query(IndexName="by_k", KeyConditionExpression=Key("k").eq("x"))
    assert seen.read_units == 2 and seen.accesses[0].bytes_read == 16_000


# --- local indexes --------------------------------------------------------------------


@pytest.fixture
def threads():
    """Threads of a forum; the index `by_day` holds the keys and the day's attribute."""
    names = (("forum", "HASH"), ("subject", "RANGE"), ("day", "RANGE"))
    key = [{"AttributeName": name, "KeyType": kind} for name, kind in names]
    boto3.client("dynamodb").create_table(
        TableName="threads",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=key[:2],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name, _ in names
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "by_day",
                "KeySchema": [key[0], key[2]],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["filler"],
                },
            }
        ],
    )
    return boto3.resource("dynamodb").Table("threads")


def test_a_local_index_fetches_what_it_does_not_project(threads):
    """Items of 300 bytes, 200 of them in the index: four take 4 KB + 4 × 4 KB."""
    for n in range(4):
        small = padded(200, forum="S3", subject=f"{n}", day=f"{n}")
        threads.put_item(Item={**small, "more": "x" * 96})
    wanted = {"IndexName": "by_day", "ConsistentRead": True}
    wanted["KeyConditionExpression"] = Key("forum").eq("S3")
    with recorder() as seen:
        threads.query(**wanted)
        threads.query(**wanted, ProjectionExpression="subject, filler")
        threads.query(**wanted, ProjectionExpression="subject, more")
        threads.query(**wanted, Select="ALL_ATTRIBUTES")
        del wanted["ConsistentRead"]
        threads.query(
            **wanted,
            ProjectionExpression="#m",
            ExpressionAttributeNames={"#m": "more"},
        )
    found = [float(access.read_units) for access in seen.accesses]
    assert found == [1, 1, 5, 5, 2.5]
    sizes = [access.bytes_read for access in seen.accesses]
    assert sizes == [800, 800, 2000, 2000, 2000]
    assert {access.read for access in seen.accesses} == {4}


def test_a_local_index_takes_writes_as_a_global_one_does(threads):
    """The five rules of LSI.html and GSI.html."""

    def change(expression: str, **values) -> float:
        more = {"ExpressionAttributeValues": values} if values else {}
        key = {"forum": "S3", "subject": "a"}
        names = {"#day": "day"} if "#day" in expression else {}
        more |= {"ExpressionAttributeNames": names} if names else {}
        with recorder() as seen:
            threads.update_item(Key=key, UpdateExpression=expression, **more)
        (access,) = seen.accesses
        assert access.write_units - access.index_units == 1
        return float(access.index_units)

    assert change("SET more = :v", **{":v": "x"}) == 0  # in the index neither way
    assert change("SET #day = :v", **{":v": "1"}) == 1  # defined for the first time
    assert change("SET filler = :v", **{":v": "x"}) == 1  # projected, and no key
    assert change("SET more = :v", **{":v": "y"}) == 0  # not projected
    assert change("SET #day = :v", **{":v": "2"}) == 2  # from A to B
    assert change("REMOVE #day") == 1  # taken out


# --- writes of indexes ----------------------------------------------------------------


def test_an_index_takes_a_write_for_what_changes_in_it(table):
    def change(expression: str, **values) -> float:
        with recorder() as seen:
            table.update_item(
                Key={"buyer": "a", "number": 1},
                UpdateExpression=expression,
                **({"ExpressionAttributeValues": values} if values else {}),
                **({"ExpressionAttributeNames": {"#o": "open"}}
                   if "#o" in expression else {}),
            )  # fmt: skip
        (access,) = seen.accesses
        assert access.write_units - access.index_units == 1
        return float(access.index_units)

    put = {"buyer": "a", "number": 1, "tour": "x", "open": "yes"}
    with recorder() as seen:
        table.put_item(Item=put)
    assert units(seen) == (0, 4)  # the table and three entries
    assert change("SET price = :p", **{":p": 3}) == 1  # by_tour has all attributes
    assert change("SET price = :p", **{":p": 3}) == 0  # nothing has changed
    assert change("SET tour = :t", **{":t": "y"}) == 4  # away and there, twice
    assert change("SET #o = :o", **{":o": "soon"}) == 3  # moved in open; by_tour
    assert change("REMOVE #o") == 2  # gone from open; one attribute less in by_tour
    with recorder() as seen:
        table.delete_item(Key={"buyer": "a", "number": 1})
    assert units(seen) == (0, 3)


def test_a_transaction_takes_twice_and_its_indexes_once(table):
    put = {
        "Put": {"TableName": "orders", "Item": {"buyer": "a", "number": 1, "tour": "x"}}
    }
    with recorder() as seen:
        table.meta.client.transact_write_items(TransactItems=[put])
    assert units(seen) == (0, 2 + 2)


# --- what it watches ------------------------------------------------------------------


def test_it_sees_no_more_than_its_block():
    table = create_table("things", "id")
    table.put_item(Item={"id": "a"})
    with recorder() as outer:
        table.get_item(Key={"id": "a"})
        with recorder() as inner:
            table.get_item(Key={"id": "b"})
    table.get_item(Key={"id": "c"})
    assert [access.path for access in outer.accesses] == ["id = a", "id = b"]
    assert [access.path for access in inner.accesses] == ["id = b"]


def test_refused_and_throttled_calls_take_nothing():
    table = create_table("things", "id")
    with recorder() as seen:
        with pytest.raises(ClientError):
            table.put_item(Item={"no": "key"})
        with faults.throttle("dynamodb"), pytest.raises(ClientError):
            table.get_item(Key={"id": "a"})
    assert len(seen) == 0


def test_every_call_that_consumes_capacity_is_known():
    """By botocore's shapes: what may tell ConsumedCapacity is counted, or refused."""
    model = boto3.client("dynamodb").meta.service_model
    shapes = {n: model.operation_model(n).output_shape for n in model.operation_names}
    telling = {n for n, s in shapes.items() if s and "ConsumedCapacity" in s.members}
    assert telling == set(record._MEASURES) | set(record._NOT_COUNTED)
    of_one = shapes["PutItem"].members["ConsumedCapacity"].members
    assert {"ReadCapacityUnits", "WriteCapacityUnits", "Table"} < set(of_one)
    for name in record._SEARCHES:
        assert {"Count", "ScannedCount"} < set(shapes[name].members)


def test_it_agrees_with_the_numbers_of_items_in_the_answers(table):
    rows = [padded(KB, buyer="a", number=n, status="paid") for n in range(30)]
    load_items("orders", rows, region="ap-northeast-1")
    few = {"FilterExpression": Attr("number").lt(7)}
    with recorder() as seen:
        answers = [
            table.query(KeyConditionExpression=Key("buyer").eq("a"), **few),
            table.scan(**few),
            table.scan(Select="COUNT", Limit=12, **few),
        ]
    for access, answer in zip(seen.accesses, answers, strict=True):
        assert access.read == answer["ScannedCount"]
        assert access.returned == answer["Count"]


def test_partiql_is_refused_and_not_counted_as_free():
    create_table("things", "id")
    client = boto3.client("dynamodb")
    with (
        recorder(),
        pytest.raises(NotImplementedError, match="does not count ExecuteSt"),
    ):
        client.execute_statement(Statement="SELECT * FROM things")


def test_it_ends_with_an_exception():
    table = create_table("things", "id")
    with pytest.raises(ZeroDivisionError), recorder() as seen:
        raise ZeroDivisionError
    table.get_item(Key={"id": "a"})
    assert len(seen) == 0


def test_what_it_says():
    table = create_table("things", "id")
    with recorder() as seen:
        table.put_item(Item={"id": "a"})
        table.get_item(Key={"id": "a"}, ConsistentRead=True)
    assert repr(seen) == (
        "2 calls: 1 items read, 1 returned; 1 read units, 1 write units"
    )
    assert float(seen.usd) == pytest.approx((0.125 + 0.625) / 1e6)
    rows = seen.table().to_dict("records")
    assert rows[1] == {
        "call": "GetItem", "table": "things", "index": "", "access path": "id = a",
        "items read": 1, "returned": 1, "read units": 1.0, "write units": 0.0,
    }  # fmt: skip


def test_sizes_in_both_notations_are_the_same():
    typed = {"a": {"B": "AAEC"}, "b": {"BS": ["AAEC", "AA=="]}, "c": {"SS": ["xy"]}}
    plain = {"a": b"\0\1\2", "b": {b"\0\1\2", b"\0"}, "c": {"xy"}}
    assert item_size(typed) == item_size(plain) == 3 + 3 + 4 + 2
    nested = {"l": ["ab", {"k": 12}], "m": {}}
    wired = {"l": {"L": [{"S": "ab"}, {"M": {"k": {"N": "12"}}}]}, "m": {"M": {}}}
    inner = 3 + 1 + len("k") + 2  # the map, its one element, its name, its number
    assert item_size(nested) == item_size(wired)
    assert item_size(nested) == 1 + (3 + 2 + len("ab") + inner) + 1 + 3
    assert read_units(4 * KB + 1, kind="strong") == 2
    assert write_units(KB + 1) == 2


def test_items_for_no_table_are_refused():
    with pytest.raises(LookupError, match="no table 'nowhere': create it first"):
        load_items("nowhere", [{"id": "a"}], region="ap-northeast-1")
