"""Answers to 10.3-sparse-index."""

from tests.zoo import right, wrong

ENDED = ("ticketed", "rejected", "released")


def _update(table, order_id, change, names, **values):
    table.update_item(
        Key={"order_id": order_id},
        UpdateExpression=change,
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{name}": v for name, v in values.items()},
    )


NAMES = {"#status": "status", "#open": "open"}


@right
def two_expressions(table, order_id, status):
    if status in ENDED:
        change = "REMOVE #open SET #status = :status"
        _update(table, order_id, change, NAMES, status=status)
    else:
        names = {"#status": "status"}
        _update(table, order_id, "SET #status = :status", names, status=status)


@right
def says_open_each_time(table, order_id, status):
    if status in ENDED:
        two_expressions(table, order_id, status)
    else:
        change = "SET #status = :status, #open = :open"
        _update(table, order_id, change, NAMES, status=status, open="yes")


@wrong("the order says 'placed'")
def does_nothing(table, order_id, status):
    pass


@wrong("Another order has changed")
def writes_a_log_beside(table, order_id, status):
    two_expressions(table, order_id, status)
    table.put_item(Item={"order_id": f"{order_id}/{status}"})


@wrong("It takes 2 calls")
def in_two_updates(table, order_id, status):
    names = {"#status": "status"}
    _update(table, order_id, "SET #status = :status", names, status=status)
    if status in ENDED:
        table.update_item(
            Key={"order_id": order_id},
            UpdateExpression="REMOVE #open",
            ExpressionAttributeNames={"#open": "open"},
        )
    else:
        table.get_item(Key={"order_id": order_id})


@wrong("It takes 2 calls", same_as="in_two_updates")
def reads_and_writes(table, order_id, status):
    order = table.get_item(Key={"order_id": order_id})["Item"]
    order["status"] = status
    if status in ENDED:
        order.pop("open")
    table.put_item(Item=order)


@wrong("has lost attributes")
def puts_a_new_one(table, order_id, status):
    mark = {} if status in ENDED else {"open": "yes"}
    table.put_item(Item={"order_id": order_id, "status": status, **mark})


@wrong("it has an attribute `open` still")
def says_no(table, order_id, status):
    mark = "no" if status in ENDED else "yes"
    change = "SET #status = :status, #open = :open"
    _update(table, order_id, change, NAMES, status=status, open=mark)


@wrong("so there is work to do, and the index lacks it")
def takes_all_out(table, order_id, status):
    change = "SET #status = :status REMOVE #open"
    _update(table, order_id, change, NAMES, status=status)


@wrong("it has an attribute `open` still", same_as="says_no")
def knows_one_end(table, order_id, status):
    if status == "ticketed":
        two_expressions(table, order_id, status)
    else:
        names = {"#status": "status"}
        _update(table, order_id, "SET #status = :status", names, status=status)


@wrong("reserved keyword", status="your code raised")
def by_plain_names(table, order_id, status):
    table.update_item(
        Key={"order_id": order_id},
        UpdateExpression="SET status = :status",
        ExpressionAttributeValues={":status": status},
    )


@wrong("does not find the order: it stands there under 'reserved'")
def marks_with_the_status(table, order_id, status):
    """In the index, and under a key that nobody asks for."""
    if status in ENDED:
        two_expressions(table, order_id, status)
    else:
        change = "SET #status = :status, #open = :status"
        _update(table, order_id, change, NAMES, status=status)


@wrong("cannot be None")
def says_null(table, order_id, status):
    mark = None if status in ENDED else "yes"
    change = "SET #status = :status, #open = :open"
    _update(table, order_id, change, NAMES, status=status, open=mark)


@wrong("cannot be False")
def says_false(table, order_id, status):
    mark = False if status in ENDED else "yes"
    change = "SET #status = :status, #open = :open"
    _update(table, order_id, change, NAMES, status=status, open=mark)


@wrong("is gone from the table")
def deletes_what_has_ended(table, order_id, status):
    if status in ENDED:
        table.delete_item(Key={"order_id": order_id})
    else:
        two_expressions(table, order_id, status)


@wrong("the order says nothing")
def takes_the_status_out_as_well(table, order_id, status):
    if status in ENDED:
        table.update_item(
            Key={"order_id": order_id},
            UpdateExpression="REMOVE #status, #open",
            ExpressionAttributeNames=NAMES,
        )
    else:
        two_expressions(table, order_id, status)


@wrong("unused in expressions", status="your code raised")
def names_both_each_time(table, order_id, status):
    change = "SET #status = :status" + (" REMOVE #open" if status in ENDED else "")
    _update(table, order_id, change, NAMES, status=status)


@wrong("the recorder does not count ExecuteStatement", status="your code raised")
def in_sql(table, order_id, status):
    """As good, and not counted here."""
    out = ' REMOVE "open"' if status in ENDED else ""
    table.meta.client.execute_statement(
        Statement=f'UPDATE "{table.name}" SET "status"=?{out} WHERE order_id=?',
        Parameters=[status, order_id],
    )


@right
def by_the_client_and_on_condition(table, order_id, status):
    names = dict(NAMES)
    change = "SET #status = :status" + (" REMOVE #open" if status in ENDED else "")
    table.meta.client.update_item(
        TableName=table.name,
        Key={"order_id": order_id},
        UpdateExpression=change,
        ConditionExpression="attribute_exists(#open)",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":status": status},
    )


@right
def in_the_old_notation(table, order_id, status):
    out = {"open": {"Action": "DELETE"}} if status in ENDED else {}
    new = {"status": {"Value": status, "Action": "PUT"}}
    table.update_item(Key={"order_id": order_id}, AttributeUpdates=new | out)
