"""The explorer of pages: what it must find, and what it must not."""

from contextlib import suppress

import pytest

from workbook.explore.pushes import explore_pushes, push_schedules, run_pushes

CLAIM = "Every event is shown once, in order"


class Page:
    """A right page, for wrong ones to spoil."""

    def __init__(self, read_after, show):
        self.read_after, self.show, self.seen = read_after, show, 0

    def take(self, event):
        if event.number == self.seen + 1:
            self.show(event)
            self.seen = event.number

    def catch_up(self):
        for event in self.read_after(self.seen):
            self.take(event)

    def pushed(self, event):
        if event.number > self.seen + 1:
            self.catch_up()
        self.take(event)

    def connected(self):
        self.catch_up()

    def quiet(self):
        self.catch_up()


class ShowsWhatComes(Page):
    def connected(self):
        pass

    quiet = connected

    def pushed(self, event):
        self.show(event)


class ReadsBeforeItSubscribes(Page):
    def connecting(self):
        self.catch_up()

    def connected(self):
        pass

    def pushed(self, event):
        self.take(event)

    quiet = connected


class NeverReadsInSilence(Page):
    def quiet(self):
        pass


class DoesNotLookForGaps(NeverReadsInSilence):
    def pushed(self, event):
        self.take(event)


class ReadsAtEachPush(Page):
    def pushed(self, event):
        self.catch_up()


def test_a_right_page_holds_and_says_what_was_explored():
    found = explore_pushes(Page, events=2)
    assert found.holds and found.broken == 0 and found.counterexample is None
    assert (
        str(found) == "“Every event is shown once, in order” holds in all 488 schedules"
    )
    assert repr(found).endswith(
        "Explored all of: 2 events, every order of arrival, at most 1 drop."
    )


@pytest.mark.parametrize(
    ("page", "faults", "kinds", "shortest"),
    [
        (ShowsWhatComes, {"repeats": 1}, {"lost", "order", "twice"}, "cwpC"),
        (ReadsBeforeItSubscribes, {}, {"lost"}, "cwpC"),
        (NeverReadsInSilence, {"losses": 1}, {"lost"}, "cCwx"),
        (DoesNotLookForGaps, {}, {"lost"}, "cCwpwp21"),
    ],
)
def test_a_wrong_page_is_broken_by_the_shortest_schedule(page, faults, kinds, shortest):
    events = 2 if page is DoesNotLookForGaps else 1
    found = explore_pushes(page, events=events, **faults)
    if page is ShowsWhatComes:
        kinds_seen = set(explore_pushes(page, events=2, **faults).wrongs)
    else:
        kinds_seen = set(found.wrongs)
    assert kinds_seen == kinds
    run = found.counterexample
    assert len(run.schedule) == len(shortest)
    assert run_pushes(page, shortest).broken
    assert run_pushes(page, run.schedule) == run


def test_a_broken_page_shows_its_schedule_as_a_picture():
    found = explore_pushes(ReadsBeforeItSubscribes, events=1, drops=0)
    shown = found._repr_mimebundle_()
    assert "Shortest counterexample" in shown["text/plain"]
    assert "<img" in shown["text/html"] and "✗" in shown["text/html"]
    assert "read after 0" in found.counterexample.picture.text


def test_needless_reads_and_late_news_are_counted():
    calm = "cCwp1wp2"
    assert run_pushes(Page, calm).needless == 0
    assert run_pushes(ReadsAtEachPush, calm).needless == 2
    late = run_pushes(ReadsBeforeItSubscribes, "cwpC")
    assert late.prompt == 0 and late.broken == "event 1 is never shown"
    assert run_pushes(Page, "cwpC").prompt == 1


def test_news_is_due_once_it_stands_in_a_read_or_a_push_told_of_it():
    assert run_pushes(Page, "cCwxwp2").due == run_pushes(Page, "cCwxwp2").prompt == 2
    assert run_pushes(Page, "cwwC").due == 2
    assert run_pushes(Page, "cCwx").due == 0


def test_quiet_comes_as_often_as_the_schedule_says():
    run = run_pushes(Page, "cCqqwx")
    assert (run.reads, run.shown) == (4, [1])
    assert run.prompt == 0


class SaysNothingOfIt(Page):
    def catch_up(self):
        with suppress(ConnectionError):
            super().catch_up()


def test_a_failed_read_that_the_page_keeps_to_itself_is_counted():
    assert run_pushes(SaysNothingOfIt, "cC", failing_read=1).swallowed == 1
    assert run_pushes(Page, "cC", failing_read=1).swallowed == 0
    assert run_pushes(SaysNothingOfIt, "cC").swallowed == 0


def test_a_read_that_fails_is_not_the_pages_end():
    run = run_pushes(Page, "cCwp1wp2", failing_read=1)
    assert run.shown == [1, 2] and not run.broken
    lost = run_pushes(NeverReadsInSilence, "cwpC", failing_read=1)
    assert lost.broken == "event 1 is never shown"


def test_every_schedule_ends_with_all_written_and_a_connection():
    for schedule in push_schedules(2, drops=1, losses=1, repeats=1):
        assert schedule.count("w") == 2 == schedule.count("p") + schedule.count("x")
        assert schedule.rfind("C") > schedule.rfind("D")
        assert schedule.count("D") <= 1 >= schedule.count("r")
    assert len(set(push_schedules(3))) == len(push_schedules(3)) == 9501


def test_only_a_few_events_can_be_explored():
    with pytest.raises(ValueError, match="events=10: 1 to 9"):
        push_schedules(10)
