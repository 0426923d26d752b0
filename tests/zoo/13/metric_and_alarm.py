"""Answers to 13.2-metric-and-alarm."""

import json

from tests.zoo import right, wrong
from workbook.checks.lab13 import emf


class Ours:
    """What the wrong ones below do right."""

    where = {"canary": "order"}
    rule = {}

    def good(self, hop, latency_ms):
        return not hop and latency_ms <= 5_000

    def line(self, hop, latency_ms, at_s):
        metrics = {"Succeeded": (int(self.good(hop, latency_ms)), "Count")}
        return emf("Shop", metrics, dimensions=self.where, at_s=at_s, hop=hop)

    def alarm(self):
        return {
            "Namespace": "Shop",
            "MetricName": "Succeeded",
            "Dimensions": [{"Name": "canary", "Value": "order"}],
            "Statistic": "Minimum",
            "Period": 60,
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 2,
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            **self.rule,
        }


@wrong("In a clean hour")
class OneOfOne(Ours):
    rule = {"EvaluationPeriods": 1, "DatapointsToAlarm": 1}


@wrong("every second order is stuck")
class TwoInARow(Ours):
    rule = {"EvaluationPeriods": 2, "DatapointsToAlarm": 2}


@wrong("every second order is stuck", same_as="TwoInARow")
class ThreeInARow(Ours):
    rule = {"EvaluationPeriods": 3, "DatapointsToAlarm": 3}


@wrong("each order is stuck, and 5 minutes")
class SixOfTen(Ours):
    rule = {"EvaluationPeriods": 10, "DatapointsToAlarm": 6}


@wrong("the canary is silent")
class TrustsTheCanary(Ours):
    def alarm(self):
        said = super().alarm()
        del said["TreatMissingData"]
        return said


@wrong("the canary is silent", same_as="TrustsTheCanary")
class NoNewsIsGoodNews(Ours):
    rule = {"TreatMissingData": "notBreaching"}


@wrong("each order takes 9 s")
class SlowIsGood(Ours):
    def good(self, hop, latency_ms):
        return not hop


@wrong("(no dimension)")
class ForgetsTheDimension(Ours):
    rule = {"Dimensions": []}


@wrong("AWS/Lambda Succeeded")
class AnotherNamespace(Ours):
    rule = {"Namespace": "AWS/Lambda"}


@wrong("each of which is paid for")
class AMetricForEachHop(Ours):
    def line(self, hop, latency_ms, at_s):
        good = int(self.good(hop, latency_ms))
        one = json.loads(super().line(hop, latency_ms, at_s))
        directive = one["_aws"]["CloudWatchMetrics"][0]
        directive["Dimensions"].append(["canary", "at"])
        return json.dumps({**one, "at": f"{hop} at {at_s}", "Succeeded": good})


@wrong("does not say the hop")
class KeepsTheHopToItself(Ours):
    def line(self, hop, latency_ms, at_s):
        return super().line("" if hop else hop, latency_ms or 9e9, at_s)


@wrong("finds no metric")
class PlainJson(Ours):
    def line(self, hop, latency_ms, at_s):
        return json.dumps({"Succeeded": int(not hop), "hop": hop, "at": at_s})


@wrong("gives nothing, not a text")
class PrintsIt(Ours):
    def line(self, hop, latency_ms, at_s):
        print(super().line(hop, latency_ms, at_s))


@wrong("moment is not the run's")
class Milliseconds(Ours):
    def line(self, hop, latency_ms, at_s):
        return super().line(hop, latency_ms, at_s * 1000)


@wrong("PutMetricAlarm would refuse")
class NoThreshold(Ours):
    def alarm(self):
        said = super().alarm()
        del said["Threshold"]
        return said


@wrong("period is 300 s")
class FiveMinutes(Ours):
    rule = {"Period": 300}


@wrong("There is no statistic")
class Median(Ours):
    rule = {"Statistic": "Median"}


@wrong("'>'", status="your code raised")
class ComparesWithNothing(Ours):
    def good(self, hop, latency_ms):
        return not latency_ms > 5_000


@wrong("Each order takes 5,000 ms, and the alarm")
class SlowAtTheLimit(Ours):
    def good(self, hop, latency_ms):
        return not hop and latency_ms < 5_000


@wrong("In a clean hour", same_as="OneOfOne")
class TwoOfSix(Ours):
    rule = {"EvaluationPeriods": 6, "DatapointsToAlarm": 2}


@wrong("The threshold is '1'")
class AThresholdInWords(Ours):
    rule = {"Threshold": "1"}


@wrong("no method `alarm()`")
class OnlyALine:
    line = Ours.line


@wrong("After five failed runs")
class CountsInTheRun(Ours):
    """The run keeps the last three results itself, for an alarm on 1 of 1."""

    rule = {
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 2,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    last = []

    def line(self, hop, latency_ms, at_s):
        self.last = (self.last + [int(not self.good(hop, latency_ms))])[-3:]
        metrics = {"Succeeded": (sum(self.last), "Count")}
        return emf("Shop", metrics, dimensions=self.where, at_s=at_s, hop=hop)


seen = {"failed": False}


@wrong("After five failed runs", same_as="CountsInTheRun")
class KnowsTheRunBefore(Ours):
    """Bad only after a bad one, by a global."""

    rule = {"EvaluationPeriods": 1, "DatapointsToAlarm": 1}

    def line(self, hop, latency_ms, at_s):
        failed, before = not self.good(hop, latency_ms), seen["failed"]
        seen["failed"] = failed
        metrics = {"Succeeded": (int(not (failed and before)), "Count")}
        return emf("Shop", metrics, dimensions=self.where, at_s=at_s, hop=hop)


@wrong("period is 180 s")
class AnAlarmInThreeMinutes(Ours):
    rule = {
        "Period": 180,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Statistic": "Average",
    }


@right
class CountsFailures:
    """Another metric, other bounds, without a dimension."""

    def line(self, hop, latency_ms, at_s):
        failed = bool(hop) or latency_ms > 5_000
        metrics = {"Failed": (float(failed), "None"), "Runs": (1, "Count")}
        return emf("Canary", metrics, dimensions={}, at_s=at_s, at_hop=hop)

    def alarm(self):
        return {
            "Namespace": "Canary",
            "MetricName": "Failed",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 5,
            "DatapointsToAlarm": 3,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "breaching",
        }


@right
class OnlyALatency:
    """What never ends takes very long; silence is long as well."""

    def line(self, hop, latency_ms, at_s):
        latency_ms = 60_000.0 if hop else latency_ms
        metrics = {"LatencyMs": (latency_ms, "Milliseconds")}
        where = {"stage": "prod", "canary": "order"}
        return emf("Shop", metrics, dimensions=where, at_s=at_s, stuck_at=hop)

    def alarm(self):
        return {
            "Namespace": "Shop",
            "MetricName": "LatencyMs",
            "Dimensions": [
                {"Name": "canary", "Value": "order"},
                {"Name": "stage", "Value": "prod"},
            ],
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 4,
            "DatapointsToAlarm": 2,
            "Threshold": 5_000,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "breaching",
        }
