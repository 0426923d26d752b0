"""Lab 10: capacity units, keys for eight questions, a sparse index, shards."""

from workbook.checks.modelling import counting, keys, sharding, sparse
from workbook.checks.modelling.sparse import ENDED
from workbook.learn import Exercise, Lab, Question
from workbook.shop.access import sales

__all__ = ["ENDED", "lab", "sales"]

_UNITS = Exercise(
    id="10.1-capacity-units",
    title="What does it take?",
    minutes=8,
    lines=5,
    hints=(
        "There are two questions: how large is a step, and what is rounded up, each "
        "item or their sum? The weight of a step comes last.",
        "A write has steps of 1,024 bytes and weight 1. A read has steps of 4,096 "
        "bytes and weight 1 if it is strong, else 0.5. Only a query adds up first.",
        '`step = 1024 if kind == "put" else 4096`, `weight = 1 if strong or kind == '
        '"put" else 0.5`, `if kind == "query": sizes = [sum(sizes)]`, and the result '
        "is `weight * sum(max(1, math.ceil(size / step)) for size in sizes)`.",
    ),
    why=Question(
        "A filter drops nine of ten items of a query. What does it save?",
        answer="No read units at all, since they are counted before it. It saves the "
        "bytes on the way to you, and the time to unpack them.",
    ),
    check=counting.check,
)

_KEYS = Exercise(
    id="10.2-eight-questions",
    title="Keys for eight questions",
    minutes=18,
    lines=11,
    hints=(
        "Go through the table's rows and ask: which of the three items does it want, "
        "and what do its partition key and its sort key have to be? No item needs all "
        "the keys.",
        "Order: `pk` its id, `sk` ORDER, `a` the buyer and `a_sort` the time, `b` the "
        "tour and `b_sort` the time. Payment: the same `pk`, and `a` its reference. "
        "Ticket: the same `pk`, and `a` the tour with `a_sort` the seat.",
        '`order = {**sale.order, "pk": sale.order_id, "sk": "ORDER", ...}`; '
        '`if not sale.ended: order |= {"open": "open", "open_sort": sale.placed_at}`; '
        'then `yield order`, and `if sale.payment:` `yield {**sale.payment, "pk": '
        'sale.order_id, "sk": "PAYMENT", "a": sale.payment_ref, "a_sort": "PAYMENT"}`, '
        "and the ticket alike.",
    ),
    why=Question(
        "A ninth question comes: all payments of a day. What does it take?",
        answer="A key for it: an index with the day as its partition key, and every "
        "payment that there is must be written once more to carry it. Or a scan at "
        "night, or the SQL copy of chapter 11, if nobody waits for the answer.",
    ),
    check=keys.check,
)

_SPARSE = Exercise(
    id="10.3-sparse-index",
    title="Only the work that is left",
    minutes=9,
    lines=9,
    hints=(
        "An item is in the index as long as it has the attribute `open`, whatever its "
        "value. So an order that ends must lose the attribute.",
        "One `update_item` with an `UpdateExpression` of two parts: `SET #status = "
        ":status`, and for a status in `ENDED` also `REMOVE #open`. Both names are "
        "reserved words: give them through `ExpressionAttributeNames`, and no name "
        "that the expression does not use.",
        '`change, names = "SET #s = :s", {"#s": "status"}`; `if status in ENDED:` '
        '`change += " REMOVE #o"` and `names["#o"] = "open"`; then '
        '`table.update_item(Key={"order_id": order_id}, UpdateExpression=change, '
        'ExpressionAttributeNames=names, ExpressionAttributeValues={":s": status})`.',
    ),
    why=Question(
        "Why not an index by `status`, and a query for each status that is open?",
        answer="It would hold every order for ever, at the price of a write for each "
        "change of status, and “ticketed” would be one huge partition key. The sparse "
        "index holds a few hundred items, and asks one question.",
    ),
    check=sparse.check,
)

_SHARDS = Exercise(
    id="10.4-write-sharding",
    title="A night in ten pieces",
    minutes=8,
    lines=3,
    hints=(
        "A shard's key is the tour and a number. The number must come from the order's "
        "id, so that whoever knows the id finds the order.",
        "`zlib.crc32(text.encode())` is a whole number that is the same everywhere; "
        "modulo the number of shards it is a shard.",
        "`shard = zlib.crc32(order_id.encode()) % self.shards` and `return "
        'f"{tour}#{shard}"`; and `keys_of` is `[f"{tour}#{shard}" for shard in '
        "range(self.shards)]`.",
    ),
    why=Question(
        "When would you rather take a random shard?",
        answer="Where nobody asks for a single item: counters, or logs that are read "
        "as a whole. And where one id is itself the hot key, since its checksum would "
        "always give the same shard.",
    ),
    check=sharding.check,
)

lab = Lab(
    "10-dynamodb-modeling",
    [_UNITS, _KEYS, _SPARSE, _SHARDS],
    title="DynamoDB modelling",
)
