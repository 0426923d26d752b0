"""Twelve bugs, each a small change of the shop's code, of its template or a setting.

All are mistakes that people make: a comparison, a name, a line left out. None is a
syntax error, and each leaves a shop that can be imported.
"""

from dataclasses import dataclass

__all__ = ["BUGS", "Bug", "bug"]


@dataclass(frozen=True)
class Bug:
    """A change of one file of `workbook/shop`: each (old, new) pair once.

    `says` tells what somebody did, as the line of a commit would.
    """

    id: str
    says: str
    file: str
    edits: tuple[tuple[str, str], ...]


BUGS: tuple[Bug, ...] = (
    Bug(
        "too-early",
        "drops what comes too early",
        "core.py",
        (
            (
                '        raise Impossible(f"{command.order_id} is {order.status}: '
                'nothing to tell yet")',
                "        return _NOTHING",
            ),
        ),
    ),
    Bug(
        "last-seat",
        "compares with the wrong number",
        "core.py",
        (("state.seats_free < 1", "state.seats_free < 0"),),
    ),
    Bug(
        "no-partial-batch",
        "leaves the batch response out",
        "template.yaml",
        (
            (
                "            FunctionResponseTypes: [ReportBatchItemFailures]\n"
                "            ScalingConfig",
                "            ScalingConfig",
            ),
        ),
    ),
    Bug(
        "visibility",
        "shortens a visibility timeout",
        "template.yaml",
        (
            (
                "  ToIssue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
                "      VisibilityTimeout: 60",
                "  ToIssue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
                "      VisibilityTimeout: 15",
            ),
        ),
    ),
    Bug(
        "cents",
        "takes a yen for a hundred cents",
        "payments/tanchou.py",
        (
            (
                '"minorUnits": payment.amount_yen',
                '"minorUnits": 100 * payment.amount_yen',
            ),
        ),
    ),
    Bug(
        "key-per-try",
        "draws a new key at each try",
        "handlers/capture_payment.py",
        (
            (
                "from workbook.shop import log",
                "import uuid\n\nfrom workbook.shop import log",
            ),
            ("key=order_id", "key=str(uuid.uuid4())"),
        ),
    ),
    Bug(
        "float",
        "stores a float in DynamoDB",
        "log.py",
        (('"at": str(event.at)', '"at": event.at'),),
    ),
    Bug(
        "reserved-word",
        "names a reserved word",
        "stock.py",
        (
            ("SET #free = #free + :by", "SET free = free + :by"),
            ("#free >= :least", "free >= :least"),
            ('        "ExpressionAttributeNames": {"#free": "free"},\n', ""),
        ),
    ),
    Bug(
        "detail-type",
        "waits for an event nobody sends",
        "template.yaml",
        (("{detail-type: [PaymentCaptured]}", "{detail-type: [PaymentSucceeded]}"),),
    ),
    Bug(
        "route",
        "moves the route of an API",
        "template.yaml",
        (("{Path: /orders, Method: post}", "{Path: /order, Method: post}"),),
    ),
    Bug(
        "memory",
        "keeps what it read in memory",
        "log.py",
        (
            (
                "def read(table: Any, order_id: str) -> list[Event]:\n",
                "_known: dict[str, list[Event]] = {}\n\n\n"
                "def read(table: Any, order_id: str) -> list[Event]:\n"
                "    if order_id not in _known:\n"
                "        _known[order_id] = _read(table, order_id)\n"
                "    return list(_known[order_id])\n\n\n"
                "def _read(table: Any, order_id: str) -> list[Event]:\n",
            ),
            (
                "                append(table, event, with_it(event))\n",
                "                append(table, event, with_it(event))\n"
                "                _known[command.order_id].append(event)\n",
            ),
        ),
    ),
    Bug(
        "permission",
        "forgets a permission",
        "template.yaml",
        (("Action: [dynamodb:PutItem, dynamodb:GetItem]", "Action: dynamodb:GetItem"),),
    ),
)


def bug(id_: str) -> Bug:
    """The bug with this id; raises KeyError with the ids that there are."""
    for one in BUGS:
        if one.id == id_:
            return one
    raise KeyError(
        f"there is no bug {id_!r}; there are: {', '.join(b.id for b in BUGS)}"
    )
