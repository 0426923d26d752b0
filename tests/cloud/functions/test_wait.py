"""Waiting in virtual time for several sources at once."""

import time

from workbook.cloud import clock
from workbook.cloud.functions import Function, QueueSource, RuleSource, settle


def test_a_pipeline_of_a_rule_a_queue_and_a_destination_runs_to_its_end(
    events, sqs, make_queue
):
    url = make_queue()
    sink = Function(lambda event, context: event, name="sink")

    def forward(event, context):
        sqs.send_message(QueueUrl=url, MessageBody=event["id"])

    def fails_once(event, context):
        if event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1":
            raise ValueError

    forwarder = Function(forward)
    forwarder.configure_async(on_success=sink)
    worker = Function(fails_once)
    rule, queue = RuleSource(forwarder, "placed"), QueueSource(worker, url)
    entry = {"Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}"}
    events.put_events(Entries=[entry])
    summary = settle(rule, queue)
    assert summary.done
    assert [row.ok for row in worker.log] == [False, True]
    assert len(sink.log) == 1
    assert (summary.invocations, summary.errors) == (4, 1)
    assert summary.elapsed_s == 30.001  # one visibility timeout, as moto keeps it


def test_nothing_to_do_takes_no_time(make_queue):
    source = QueueSource(Function(lambda event, context: None), make_queue())
    summary = source.drain()
    assert repr(summary) == (
        "<0 invocations, 0 failed, in 0 s of virtual time; nothing left>"
    )


def test_somebody_elses_appointment_is_not_waited_for(make_queue):
    clock.call_later(3600, lambda: None)
    source = QueueSource(Function(lambda event, context: None), make_queue())
    assert source.drain().elapsed_s == 0


def test_the_bound_is_kept_and_what_is_left_is_told():
    def boom(event, context):
        raise ValueError

    function = Function(boom, name="pay")
    function.invoke_async({})
    summary = function.drain(within_s=100)
    assert summary.elapsed_s == 60
    assert repr(summary) == (
        "<2 invocations, 2 failed, in 60 s of virtual time; "
        "left: pay: 0 running, 1 events waiting>"
    )
    assert function.drain().elapsed_s == 120  # goes on where it stopped


def test_what_can_never_go_on_is_left_at_once():
    function = Function(lambda event, context: None)
    function.running = 1  # an invocation that nobody will end
    summary = function.drain()
    assert summary.waiting == ("handler: 1 running, 0 events waiting",)


def test_a_day_of_an_idle_started_source_is_quick(make_queue):
    source = QueueSource(Function(lambda event, context: None), make_queue())
    source.start(poll_every_s=10)
    began = time.perf_counter()
    clock.advance(24 * 3600)
    assert time.perf_counter() - began < 5
