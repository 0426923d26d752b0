"""Answers to 04.5-redrive."""

from tests.zoo import right, wrong


@wrong("A crash in the middle loses an order")
def deletes_before_it_sends(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if mended(message.body):
                message.delete()
                orders.send_message(MessageBody=message.body)


@wrong("mended orders still lie in the dead-letter queue")
def takes_one_batch(dead, orders, mended):
    for message in dead.receive_messages(MaxNumberOfMessages=10):
        if mended(message.body):
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("mended orders still lie in the dead-letter queue", same_as="takes_one_batch")
def takes_one_message(dead, orders, mended):
    for message in dead.receive_messages():
        if mended(message.body):
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("mended orders still lie in the dead-letter queue", same_as="takes_one_batch")
def stops_at_a_batch_that_is_not_full(dead, orders, mended):
    full = True
    while full:
        messages = dead.receive_messages(MaxNumberOfMessages=10)
        full = len(messages) == 10
        for message in filter(lambda message: mended(message.body), messages):
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("the same messages come again and again")
def gives_back_at_once(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if mended(message.body):
                orders.send_message(MessageBody=message.body)
                message.delete()
            else:
                message.change_visibility(VisibilityTimeout=0)


@wrong("the same messages come again and again", same_as="gives_back_at_once")
def sends_back_what_is_not_mended(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            target = orders if mended(message.body) else dead
            target.send_message(MessageBody=message.body)
            message.delete()


@wrong("which is no order's id")
def sends_the_id_of_the_message(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            orders.send_message(MessageBody=message.message_id)
            message.delete()


@wrong("is gone from both queues", same_as="throws_away_what_is_not_mended")
def empties_the_queue_at_the_end(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            orders.send_message(MessageBody=message.body)
    dead.purge()


@wrong("A crash in the middle loses an order", same_as="deletes_before_it_sends")
def sends_at_last_whatever_happens(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            try:
                message.delete()
            finally:
                orders.send_message(MessageBody=message.body)


@wrong("No order moved", same_as="only_looks")
def takes_the_one_queue_for_the_other(orders, dead, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("is in both queues")
def never_deletes(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if mended(message.body):
                orders.send_message(MessageBody=message.body)


@wrong("went back to fail again")
def sends_everything_back(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("is gone from both queues")
def throws_away_what_is_not_mended(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if mended(message.body):
                orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("No order moved")
def only_looks(dead, orders, mended):
    for message in dead.receive_messages(MaxNumberOfMessages=10):
        mended(message.body)


@wrong("No order moved", same_as="only_looks")
def sends_to_where_they_came_from(dead, orders, mended):
    for message in dead.receive_messages(MaxNumberOfMessages=10):
        if mended(message.body):
            dead.send_message(MessageBody=message.body)
            message.delete()


@wrong("mended orders are gone")
def only_deletes(dead, orders, mended):
    first = True
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            if first:
                orders.send_message(MessageBody=message.body)
            message.delete()
            first = False


@wrong("An order went back twice")
def sends_twice_to_be_sure(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in filter(lambda message: mended(message.body), messages):
            orders.send_message(MessageBody=message.body)
            orders.send_message(MessageBody=message.body)
            message.delete()


@wrong("TypeError", status="your code raised")
def asks_about_the_message(dead, orders, mended):
    for message in dead.receive_messages(MaxNumberOfMessages=10):
        if mended(message["body"]):
            orders.send_message(MessageBody=message.body)


@right
def sends_then_deletes(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if mended(message.body):
                orders.send_message(MessageBody=message.body)
                message.delete()


@right
def in_batches(dead, orders, mended):
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        well = [m for m in messages if mended(m.body)]
        if well:
            orders.send_messages(
                Entries=[
                    {"Id": str(n), "MessageBody": m.body} for n, m in enumerate(well)
                ]
            )
            dead.delete_messages(
                Entries=[
                    {"Id": str(n), "ReceiptHandle": m.receipt_handle}
                    for n, m in enumerate(well)
                ]
            )


@right
def with_the_plain_client(dead, orders, mended):
    client = dead.meta.client
    asked = {"QueueUrl": dead.url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 5}
    while messages := client.receive_message(**asked).get("Messages"):
        for message in messages:
            if mended(message["Body"]):
                client.send_message(QueueUrl=orders.url, MessageBody=message["Body"])
                handle = message["ReceiptHandle"]
                client.delete_message(QueueUrl=dead.url, ReceiptHandle=handle)


@right
def one_by_one_as_many_as_there_are(dead, orders, mended):
    dead.load()
    for _ in range(int(dead.attributes["ApproximateNumberOfMessages"])):
        for message in dead.receive_messages():
            if mended(message.body):
                orders.send_message(MessageBody=message.body)
                message.delete()


@right
def sends_all_then_deletes_all(dead, orders, mended):
    well = []
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        well += [message for message in messages if mended(message.body)]
    for message in well:
        orders.send_message(MessageBody=message.body)
    for message in well:
        message.delete()


@right
def gives_back_what_stays(dead, orders, mended):
    stay = []
    while messages := dead.receive_messages(MaxNumberOfMessages=10):
        for message in messages:
            if not mended(message.body):
                stay.append(message)
                continue
            orders.send_message(MessageBody=message.body)
            message.delete()
    for message in stay:
        message.change_visibility(VisibilityTimeout=0)
