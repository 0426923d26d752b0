"""Answers to 08.1-four-hops."""

import uuid
from contextlib import ExitStack
from dataclasses import replace

from tests.zoo import right, wrong
from workbook.patterns.events import caused_by, envelopes, first
from workbook.patterns.tracing import here


def _follows(cause, kind, data, **more):
    more = {"at": 5.0, "traceparent": here(), **more}
    return caused_by(cause, kind, data, **more)


@right
def one_by_one_from_a_stack(event, name, telemetry, work, send):
    waiting = envelopes(event)[::-1]
    while waiting:
        cause = waiting.pop()
        with ExitStack() as open_spans:
            open_spans.enter_context(telemetry.span(name, cause))
            send(_follows(cause, *work(cause)))


@right
def by_a_helper_that_sends_after_the_span(event, name, telemetry, work, send):
    """Sent outside of its span, but made inside of it."""

    def made(cause):
        with telemetry.span(name, cause):
            kind, data = work(cause)
            return _follows(cause, kind, data)

    for cause in envelopes(event):
        send(made(cause))


@wrong("and `work` never saw")
def takes_the_first_record(event, name, telemetry, work, send):
    cause = envelopes(event)[0]
    with telemetry.span(name, cause):
        send(_follows(cause, *work(cause)))


@wrong("calls `work` more than once")
def asks_for_type_and_data_apart(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(_follows(cause, work(cause)[0], work(cause)[1]))


@wrong("12 events and sends 0")
def sends_nothing(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            work(cause)


@wrong("and no Envelope")
def sends_the_data_alone(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(work(cause)[1])


@wrong("is not what `work` answered")
def sends_the_event_on(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            work(cause)
            send(replace(cause, traceparent=here()))


@wrong("and its cause to the order")
def begins_a_story_at_each_hop(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            kind, data = work(cause)
            id_ = f"{cause.id}/{kind}"
            send(first(kind, data, id=id_, at=5.0, traceparent=here()))


@wrong("says that '' caused it")
def keeps_the_order_and_forgets_the_cause(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(replace(_follows(cause, *work(cause)), causation_id=""))


@wrong("has the id of its cause")
def one_id_for_the_whole_way(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(replace(_follows(cause, *work(cause)), id=cause.id))


@wrong("makes other event ids the second time")
def a_random_id(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(replace(_follows(cause, *work(cause)), id=str(uuid.uuid4())))


@wrong("spans “place”, and should have one")
def no_span(event, name, telemetry, work, send):
    for cause in envelopes(event):
        send(_follows(cause, *work(cause), traceparent=cause.traceparent))


@wrong("has 0 spans “reserve”")
def a_span_for_the_batch(event, name, telemetry, work, send):
    all_of_it = envelopes(event)
    with telemetry.span(name, all_of_it[0]):
        for cause in all_of_it:
            send(_follows(cause, *work(cause)))


@wrong("`work` runs outside of the span")
def works_before_the_span(event, name, telemetry, work, send):
    for cause in envelopes(event):
        kind, data = work(cause)
        with telemetry.span(name, cause):
            send(_follows(cause, kind, data))


@wrong("A new trace begins at “reserve”")
def asks_after_the_span(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            kind, data = work(cause)
        send(_follows(cause, kind, data))


@wrong("A new trace begins at “reserve”", same_as="asks_after_the_span")
def carries_no_traceparent(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(_follows(cause, *work(cause), traceparent=""))


@wrong("of order-1 is “ask”, not “place”")
def sends_on_what_it_was_sent(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            send(_follows(cause, *work(cause), traceparent=cause.traceparent))


@wrong("of order-2 is no span of this order")
def one_sender_for_the_batch(event, name, telemetry, work, send):
    all_of_it = envelopes(event)
    for cause in all_of_it:
        sender = replace(cause, traceparent=all_of_it[0].traceparent)
        with telemetry.span(name, sender):
            send(_follows(cause, *work(cause)))


@wrong("ValueError", status="your code raised")
def insists_on_a_good_traceparent(event, name, telemetry, work, send):
    for cause in envelopes(event):
        if len(cause.traceparent) != 55:
            raise ValueError(cause.traceparent)
        with telemetry.span(name, cause):
            send(_follows(cause, *work(cause)))


@wrong("broken `traceparent` is not sent on")
def drops_strangers(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            kind, data = work(cause)
            if len(cause.traceparent) == 55:
                send(_follows(cause, kind, data))


@wrong("is called “hop”")
def a_name_of_its_own(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span("hop", cause):
            send(_follows(cause, *work(cause)))


@wrong("belongs to no event")
def a_span_without_its_cause(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name):
            send(_follows(cause, *work(cause)))


@wrong("sends in another order")
def from_the_end_of_the_batch(event, name, telemetry, work, send):
    for cause in reversed(envelopes(event)):
        with telemetry.span(name, cause):
            send(_follows(cause, *work(cause)))


@wrong("is not what `work` answered", same_as="sends_the_event_on")
def adds_to_what_it_was_sent(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            kind, data = work(cause)
            send(_follows(cause, kind, {**cause.data, **data}))


@wrong("is still open when")
def spans_that_end_with_the_batch(event, name, telemetry, work, send):
    with ExitStack() as open_spans:
        for cause in envelopes(event):
            open_spans.enter_context(telemetry.span(name, cause))
            send(_follows(cause, *work(cause)))


@wrong("of one order in one batch, one is lost")
def one_event_for_each_order(event, name, telemetry, work, send):
    by_order = {cause.correlation_id: cause for cause in envelopes(event)}
    for cause in by_order.values():
        with telemetry.span(name, cause):
            send(_follows(cause, *work(cause)))


_DONE = set()


@wrong("the first time, and 0 the second")
def remembers_what_it_did(event, name, telemetry, work, send):
    """In the memory of a process, which the next instance does not share."""
    if name == "place":
        _DONE.clear()  # another check
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            follows = _follows(cause, *work(cause))
            if cause.id not in _DONE:
                _DONE.add(cause.id)
                send(follows)


@wrong("ends as if all were well")
def swallows_what_work_raises(event, name, telemetry, work, send):
    for cause in envelopes(event):
        try:
            with telemetry.span(name, cause):
                send(_follows(cause, *work(cause)))
        except Exception:
            continue


@wrong("and the hop sends something")
def tells_of_the_failure_itself(event, name, telemetry, work, send):
    for cause in envelopes(event):
        with telemetry.span(name, cause):
            try:
                kind, data = work(cause)
            except Exception as error:
                kind, data = "Failed", {"error": str(error)}
            send(_follows(cause, kind, data))
