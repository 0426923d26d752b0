"""Answers to 02.2-behind-a-queue."""

import ast
import contextlib
import json
import time
import uuid

from tests.zoo import right, wrong
from workbook.checks.lab02 import MailDown


class Shop:
    """What the wrong ones below do right."""

    def __init__(self, queue, send_mail):
        self.queue, self.send_mail = queue, send_mail

    def place_order(self, order):
        self.put(order, order["buyer"], order["order_id"])

    def put(self, order, group, unique):
        self.queue.send_message(
            MessageBody=json.dumps(order),
            MessageGroupId=group,
            MessageDeduplicationId=unique,
        )

    def worker(self, event, context):
        for record in event["Records"]:
            self.send_mail(json.loads(record["body"]))


@wrong("While mail is down, order-3 is refused")
class MailsAtOnce(Shop):
    def place_order(self, order):
        self.send_mail(order)


@wrong("While mail is down, order-3 is refused", same_as="MailsAtOnce")
class TellsTheBuyerInOtherWords(Shop):
    def place_order(self, order):
        try:
            self.send_mail(order)
        except MailDown as error:
            raise RuntimeError("please come back later") from error


CALLS_MAIL = "`place_order` calls the mail service itself (order-0)"


@wrong(CALLS_MAIL)
class QueuesOnlyWhenMailIsDown(Shop):
    """Overtakes the buyer's earlier mails when the service is back."""

    def place_order(self, order):
        try:
            self.send_mail(order)
        except MailDown:
            super().place_order(order)


@wrong(CALLS_MAIL, same_as="QueuesOnlyWhenMailIsDown")
class MailsAtOnceAndShrugs(Shop):
    def place_order(self, order):
        with contextlib.suppress(MailDown):
            self.send_mail(order)


@wrong(CALLS_MAIL, same_as="QueuesOnlyWhenMailIsDown")
class KeepsOrdersInAListUntilMailIsBack(Shop):
    waiting = []

    def place_order(self, order):
        self.waiting.append(order)
        with contextlib.suppress(MailDown):
            while self.waiting:
                self.send_mail(self.waiting[0])
                self.waiting.pop(0)


@wrong("`place_order` does not come back (order-3): the buyer waits")
class WaitsUntilMailIsBack(Shop):
    def place_order(self, order):
        while True:
            with contextlib.suppress(MailDown):
                return self.send_mail(order)
            time.sleep(10)


@wrong("Nothing came out of the queue")
class PlacesNothing(Shop):
    def place_order(self, order):
        return "accepted"


NEVER_MAILED = "orders that were never mailed (through the outage)"


@wrong(NEVER_MAILED)
class WorkerShrugs(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            with contextlib.suppress(MailDown):
                self.send_mail(json.loads(record["body"]))


@wrong(NEVER_MAILED, same_as="WorkerShrugs")
class ReportsBatchItemFailures(Shop):
    """Right only where the source is told to read the report."""

    def worker(self, event, context):
        failures = []
        for record in event["Records"]:
            try:
                self.send_mail(json.loads(record["body"]))
            except MailDown:
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}


@wrong(NEVER_MAILED, same_as="WorkerShrugs")
class WorkerKeepsOrdersForTheNextCall(Shop):
    def __init__(self, queue, send_mail):
        super().__init__(queue, send_mail)
        self.later = []

    def worker(self, event, context):
        self.later += [json.loads(record["body"]) for record in event["Records"]]
        with contextlib.suppress(MailDown):
            while self.later:
                self.send_mail(self.later[0])
                self.later.pop(0)


@wrong("before its mail was sent: only memory knows of it")
class WorkerKeepsOrdersInAGlobal(Shop):
    later = []

    def worker(self, event, context):
        self.later += [json.loads(record["body"]) for record in event["Records"]]
        with contextlib.suppress(MailDown):
            while self.later:
                self.send_mail(self.later[0])
                self.later.pop(0)


@wrong("`worker` was given several messages at once")
class TakesTheFirstRecordOnly(Shop):
    def worker(self, event, context):
        self.send_mail(json.loads(event["Records"][0]["body"]))


@wrong("`worker` was called more than 600 times")
class PutsTheOrderBackIntoTheQueue(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            order = json.loads(record["body"])
            try:
                self.send_mail(order)
            except MailDown:
                self.put(order, order["buyer"], str(uuid.uuid4()))


@wrong("`worker` did not come back within 5 s")
class WorkerTriesUntilItWorks(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            sent = False
            while not sent:
                with contextlib.suppress(MailDown):
                    self.send_mail(json.loads(record["body"]))
                    sent = True


@wrong("never reached `worker`")
class TheBuyerAsDeduplicationId(Shop):
    def place_order(self, order):
        self.put(order, order["buyer"], order["buyer"])


@wrong("was sent twice by its buyer's browser, and mailed 2 times")
class ANewDeduplicationIdEachTime(Shop):
    def place_order(self, order):
        self.put(order, order["buyer"], str(uuid.uuid4()))


@wrong("'s mails came in another order than the orders")
class AGroupForEachOrder(Shop):
    def place_order(self, order):
        self.put(order, order["order_id"], order["order_id"])


@wrong("was mailed 2 times (on a good day)")
class MailsAtOnceAndLater(Shop):
    def place_order(self, order):
        super().place_order(order)
        with contextlib.suppress(MailDown):
            self.send_mail(order)


@wrong("`worker` fails on a good day as well (JSONDecodeError")
class SendsTheIdAlone(Shop):
    def place_order(self, order):
        self.queue.send_message(
            MessageBody=order["order_id"],
            MessageGroupId=order["buyer"],
            MessageDeduplicationId=order["order_id"],
        )


@wrong("`worker` fails on a good day as well (KeyError: 'order-0')")
class LooksTheOrderUpInMemory(SendsTheIdAlone):
    def __init__(self, queue, send_mail):
        super().__init__(queue, send_mail)
        self.orders = {}

    def place_order(self, order):
        self.orders[order["order_id"]] = order
        super().place_order(order)

    def worker(self, event, context):
        for record in event["Records"]:
            self.send_mail(self.orders[record["body"]])


@wrong("takes 2 positional arguments but 3 were given")
class WorkerWithoutAContext(Shop):
    def worker(self, event):
        super().worker(event, None)


@wrong("A mail speaks of 'kaori', which is no order")
class MixesUpTheFields(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            order = json.loads(record["body"])
            self.send_mail({"order_id": order["buyer"], "buyer": order["order_id"]})


@wrong("The mail of order-1 went to 'kaori', not to kenji")
class MailsOneBuyerOnly(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            self.send_mail({**json.loads(record["body"]), "buyer": "kaori"})


@wrong("has no method `worker()`")
class WithoutAWorker:
    def __init__(self, queue, send_mail):
        pass

    def place_order(self, order):
        pass


@wrong("MissingParameter", status="your code raised")
class WithoutAGroup(Shop):
    def place_order(self, order):
        self.queue.send_message(MessageBody=json.dumps(order))


@right
class GroupedByBuyer(Shop):
    pass


@right
class OneGroupForAll(Shop):
    def place_order(self, order):
        self.put(order, "all", order["order_id"])


@right
class ReportsWhatFailed(Shop):
    def worker(self, event, context):
        orders = [json.loads(record["body"]) for record in event["Records"]]
        for order in orders:
            try:
                self.send_mail(order)
            except MailDown as error:
                raise RuntimeError(order["order_id"]) from error


@right
class InWordsOfItsOwn(Shop):
    """No JSON, the client and not the resource, and a worker that exits."""

    def place_order(self, order):
        client = self.queue.meta.client
        client.send_message(
            QueueUrl=self.queue.url,
            MessageBody=repr(list(order.items())),
            MessageGroupId=f"buyer-{order['buyer']}",
            MessageDeduplicationId=f"{order['buyer']}-{order['order_id']}",
        )
        return "accepted"

    def worker(self, event, context):
        try:
            for record in event["Records"]:
                self.send_mail(dict(ast.literal_eval(record["body"])))
        except MailDown:
            raise SystemExit(1) from None


@right
class DeletesWhatIsDone(Shop):
    """Tidier than it need be: each message is deleted as soon as it is mailed."""

    def worker(self, event, context):
        for record in event["Records"]:
            self.send_mail(json.loads(record["body"]))
            message = self.queue.meta.client.delete_message
            message(QueueUrl=self.queue.url, ReceiptHandle=record["receiptHandle"])
