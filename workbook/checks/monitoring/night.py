"""The shop in the small hours: nobody buys, and the canary sings once a minute.

    night = Night()
    night.minutes(10)
    night.findings, night.watch.changes, night.notices()

Shop and canary are two stacks on the mock, from their own templates. There is no
network there, so the front door is a function call, which counts its answers as API
Gateway does. The unit alarms are what one would set up first: one on each function's
errors and on its duration, one on each queue's age and on the front door's 5xx answers.
The dead-letter queue has its alarm in the shop's template.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3

from workbook.cloud import clock, faults
from workbook.cloud.template import Stack, deploy
from workbook.cloud.watch import Watch
from workbook.shop import CANARY, TEMPLATE, canary, log, stock

__all__ = ["KINDS", "Night"]

WARM_UP = 3  # minutes: then the canary's alarm has its three datapoints
OLD_S, SLOW_MS = 120, 5_000
CALL_S = (0.01, 0.05)  # that a call to AWS takes

# Each alarm by its kind: what the alarm's name ends in.
KINDS = {
    "errors": "Errors",
    "duration": "Duration",
    "5xx": "5xx",
    "queue age": "Age",
    "dead letters": "SomethingDied",
    "canary fails": "CanaryFails",
    "canary slow": "CanarySlow",
}


class Night:
    """Two stacks and a watch over them, on the running mock cloud.

    `shop` and `canary` are the stacks, `findings` what each run of the canary found,
    by its minute: {"hop": ..., "why": ...}. With `canary=False` there is none, and
    nobody is told of alarms.
    """

    def __init__(self, *, canary: bool = True) -> None:
        self.shop = deploy(TEMPLATE)
        seats = boto3.resource("dynamodb").Table(self.shop.name_of("Stock"))
        for tour in (stock.TOUR, stock.REHEARSAL):
            stock.open_sale(seats, seats=1_000, tour=tour)
        self.canary = self._deploy_canary() if canary else None
        self._add_unit_alarms()
        stacks = (self.shop, self.canary) if self.canary else (self.shop,)
        self.watch = Watch(*stacks, warm_up=WARM_UP)
        self.findings: dict[int, dict[str, str]] = {}
        self.singing = canary
        self.door: Callable[[dict], int] = self.open_door

    def minutes(self, number: int) -> None:
        """Let so many minutes pass, each with a run of the canary at its beginning."""
        with faults.latency(lambda rng: rng.uniform(*CALL_S)):
            for _ in range(number):
                if self.singing:
                    self.findings[self.watch.minutes + 1] = self._sing()
                self.watch.minute()

    def order(self, order_id: str, buyer: str = "Aya") -> int:
        """A buyer's order through the front door; the status of the answer."""
        return self.door({"order_id": order_id, "buyer": buyer, "card": "4242"})

    def open_door(self, order: dict[str, str]) -> int:
        """What API Gateway does: call the function, and count the answer."""
        ran = self.shop["PlaceOrder"].invoke({"body": json.dumps(order)})
        status = ran.payload["statusCode"] if ran.ok else 500
        if status >= 500:  # noqa: PLR2004 - the class of answers that is so called
            self.watch.count("AWS/ApiGateway", "5xx", ApiId="shop")
        return status

    def alarms(self, since: int = 0) -> dict[str, int]:
        """Each kind of alarm that went off after minute `since`, and how much later."""
        found: dict[str, int] = {}
        for moved in self.watch.changes:
            if moved.state == "ALARM" and moved.minute > since:
                found.setdefault(_kind(moved.alarm), moved.minute - since)
        return found

    def notices(self) -> list[str]:
        """What a person has been told so far, in order."""
        while messages := self._inbox.receive_messages(MaxNumberOfMessages=10):
            for message in messages:
                self._told.append(json.loads(message.body)["text"])
                message.delete()
        return self._told

    def events(self) -> list[Any]:
        """Every event in the shop's log, of buyers and of the canary."""
        table = boto3.resource("dynamodb").Table(self.shop.name_of("Events"))
        items = table.scan(ConsistentRead=True)["Items"]
        return [log.from_item(item) for item in items]

    @property
    def seats_free(self) -> dict[str, int]:
        """The free seats of each tour."""
        table = boto3.resource("dynamodb").Table(self.shop.name_of("Stock"))
        return {tour: stock.free(table, tour) for tour in (stock.TOUR, stock.REHEARSAL)}

    # --- how it is made ---------------------------------------------------------------

    def _deploy_canary(self) -> Stack:
        shop = {
            "ShopUrl": "https://shop.example",
            "Events": self.shop.name_of("Events"),
        }
        made = deploy(CANARY, name="canary", parameters=shop)
        self._inbox = boto3.resource("sqs").create_queue(QueueName="inbox")
        self._told: list[str] = []
        boto3.client("sns").subscribe(
            TopicArn=made.name_of("People"),
            Protocol="sqs",
            Endpoint=self._inbox.attributes["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        return made

    def _sing(self) -> dict[str, str]:
        moment = datetime.fromtimestamp(clock.seconds(), UTC)
        canary.front_door = self.door
        ran = self.canary["Canary"].invoke({"time": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})
        return ran.payload

    def _add_unit_alarms(self) -> None:
        self._cloudwatch = boto3.client("cloudwatch")
        for name, function in self.shop.functions.items():
            where = {"Name": "FunctionName", "Value": function.name}
            self._alarm(f"{name}Errors", "AWS/Lambda", "Errors", where, "Sum", 0)
            self._alarm(
                f"{name}Duration", "AWS/Lambda", "Duration", where, "Maximum", SLOW_MS
            )
        for name in self.shop.template.of_type("AWS::SQS::Queue"):
            queue = self.shop.name_of(name).split("/")[-1]
            if name not in ("Dead", "Unpaid"):  # messages are meant to wait there
                where = {"Name": "QueueName", "Value": queue}
                metric = "ApproximateAgeOfOldestMessage"
                self._alarm(f"{name}Age", "AWS/SQS", metric, where, "Maximum", OLD_S)
        where = {"Name": "ApiId", "Value": "shop"}
        self._alarm("Front5xx", "AWS/ApiGateway", "5xx", where, "Sum", 0)

    def _alarm(self, name, namespace, metric, where, statistic, threshold) -> None:
        """An alarm on 2 of 3 minutes above `threshold`."""
        told = [self.canary.name_of("Alarms")] if self.canary else []
        self._cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[where],
            Statistic=statistic,
            Period=60,
            EvaluationPeriods=3,
            DatapointsToAlarm=2,
            Threshold=threshold,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=told,
            OKActions=told,
        )


def _kind(alarm: str) -> str:
    found = (kind for kind, end in KINDS.items() if alarm.endswith(end))
    return next(found, alarm)
