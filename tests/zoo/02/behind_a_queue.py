"""Answers to 02.2-behind-a-queue."""

import contextlib
import json

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


@wrong("Nothing came out of the queue")
class MailsAtOnceAndShrugs(Shop):
    def place_order(self, order):
        with contextlib.suppress(MailDown):
            pass


@wrong("orders that were never mailed (through the outage)")
class WorkerShrugs(Shop):
    def worker(self, event, context):
        for record in event["Records"]:
            with contextlib.suppress(MailDown):
                self.send_mail(json.loads(record["body"]))


@wrong("never reached `worker`")
class TheBuyerAsDeduplicationId(Shop):
    def place_order(self, order):
        self.put(order, order["buyer"], order["buyer"])


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


@wrong("`worker` fails on a good day as well")
class SendsTheIdAlone(Shop):
    def place_order(self, order):
        self.queue.send_message(
            MessageBody=order["order_id"],
            MessageGroupId=order["buyer"],
            MessageDeduplicationId=order["order_id"],
        )


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
