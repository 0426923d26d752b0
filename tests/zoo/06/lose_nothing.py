"""Answers to 06.2-lose-nothing."""

from contextlib import suppress

from tests.zoo import right, wrong
from workbook.patterns.catchup import Follower


class Ours:
    """What the wrong ones below do right."""

    def __init__(self, read_after, show):
        self.read_after, self.show, self.seen = read_after, show, 0

    def take(self, event):
        self.show(event)
        self.seen = event.number

    def catch_up(self):
        for event in self.read_after(self.seen):
            self.take(event)

    def pushed(self, event):
        if event.number == self.seen + 1:
            self.take(event)
        elif event.number > self.seen:
            self.catch_up()

    def connected(self):
        self.catch_up()

    def quiet(self):
        self.catch_up()


@wrong("Event 1 is never shown.")
class ShowsWhatItHears:
    def __init__(self, read_after, show):
        self.show, self.known = show, set()

    def pushed(self, event):
        if event.number not in self.known:
            self.known.add(event.number)
            self.show(event)

    def connected(self):
        pass

    quiet = connected


@wrong("is shown twice.")
class ForgetsWhatItHasShown(Ours):
    def pushed(self, event):
        if event.number > self.seen + 1:
            self.catch_up()
        else:
            self.take(event)


@wrong("is shown twice.", same_as="ForgetsWhatItHasShown")
class ReadsFromTheBeginning(Ours):
    def catch_up(self):
        for event in self.read_after(0):
            self.take(event)


@wrong("is shown before event")
class KeepsASetButNoOrder(Ours):
    def __init__(self, read_after, show):
        super().__init__(read_after, show)
        self.known = set()

    def take(self, event):
        if event.number not in self.known:
            self.known.add(event.number)
            self.show(event)
            self.seen = max(self.known)

    def pushed(self, event):
        self.take(event)


@wrong("is shown only when all has been quiet")
class WaitsForTheMissingOne(Ours):
    def pushed(self, event):
        if event.number == self.seen + 1:
            self.take(event)


@wrong("is shown only when all has been quiet", same_as="WaitsForTheMissingOne")
class ReadsInSilenceOnly(Ours):
    def connected(self):
        pass


@wrong("It reads the table for a push that it knows")
class TakesEachPushForAGap(Ours):
    def pushed(self, event):
        self.catch_up()


@wrong("its push was never sent")
class TrustsTheLastPush(Ours):
    def quiet(self):
        pass


@wrong("the connection was down when it was pushed")
class ReadsAtTheFirstConnectionOnly(Ours):
    first = True

    def connected(self):
        if self.first:
            self.catch_up()
        self.first = False

    def quiet(self):
        pass


@wrong("where a read has failed")
class MovesOnBeforeItReads(Ours):
    def pushed(self, event):
        if event.number == self.seen + 1:
            self.take(event)
        elif event.number > self.seen:
            seen, self.seen = self.seen, event.number
            for missed in self.read_after(seen):
                self.take(missed)


@wrong("A second page")
class SharesItsNumber(Ours):
    seen = 0

    def __init__(self, read_after, show):
        self.read_after, self.show = read_after, show

    def take(self, event):
        self.show(event)
        type(self).seen = event.number


@wrong("has no method `quiet()`")
class KnowsNoSilence:
    def __init__(self, read_after, show):
        self.connected = self.pushed = show


@wrong("keeps the `ConnectionError` to itself")
class SaysNothingOfAFailedRead(Ours):
    def catch_up(self):
        with suppress(ConnectionError):
            super().catch_up()


@wrong("keeps the `ConnectionError` to itself", same_as="SaysNothingOfAFailedRead")
class InsistsOnItsRead(Ours):
    def catch_up(self):
        while True:
            try:
                return super().catch_up()
            except ConnectionError:
                continue


@wrong("keeps the `ConnectionError` to itself", same_as="SaysNothingOfAFailedRead")
class SaysNothingOfAFailedReadInSilence(Ours):
    def quiet(self):
        with suppress(ConnectionError):
            self.catch_up()


@wrong("for all had been quiet before")
class ReadsInTheFirstSilenceOnly(Ours):
    silent = False

    def quiet(self):
        if not self.silent:
            self.catch_up()
        self.silent = True


@wrong("for all had been quiet before", same_as="ReadsInTheFirstSilenceOnly")
class GivesUpAfterTwoSilences(Ours):
    silences = 0

    def pushed(self, event):
        self.silences = 0
        super().pushed(event)

    def quiet(self):
        self.silences += 1
        if self.silences <= 2:
            self.catch_up()


@wrong("is shown only when all has been quiet", same_as="WaitsForTheMissingOne")
class PutsEarlyOnesAsideAndWaits(Ours):
    def __init__(self, read_after, show):
        super().__init__(read_after, show)
        self.early = {}

    def pushed(self, event):
        self.early[event.number] = event
        while self.seen + 1 in self.early:
            self.take(self.early[self.seen + 1])


@wrong("`page.quiet()` cannot be called")
class ForgetsSelf(Ours):
    def quiet():
        pass


@wrong("cannot be called as the exercise asks")
class TakesNothing:
    pass


@wrong("IndexError", status="your code raised")
class CountsFromNought(Ours):
    def catch_up(self):
        self.take(self.read_after(self.seen)[0])


@right
class OfThePackage(Follower):
    pass


@right
class ReadsAllAndLeavesOut(Ours):
    def catch_up(self):
        for event in self.read_after(0):
            if event.number > self.seen:
                self.take(event)


@right
class CountsWhatIsShown:
    def __init__(self, read_after, show):
        self.shown, self.read_after, self.show = [], read_after, show

    def catch_up(self):
        self.add(self.read_after(len(self.shown)))

    def add(self, events):
        for event in events:
            self.shown.append(event)
            self.show(event)

    def pushed(self, event):
        ahead = event.number - len(self.shown)
        if ahead == 1:
            self.add([event])
        if ahead > 1:
            self.catch_up()

    connected = quiet = catch_up


@right
class KeepsWhatCameEarly:
    """It puts early pushes aside, and reads all the same."""

    def __init__(self, read_after, show):
        self.read_after, self.show = read_after, show
        self.waiting, self.next = {}, 1

    def drain(self):
        while self.next in self.waiting:
            self.show(self.waiting.pop(self.next))
            self.next += 1

    def pushed(self, event):
        if event.number >= self.next:
            self.waiting[event.number] = event
        self.drain()
        if self.waiting:
            self.connected()

    def connected(self):
        found = self.read_after(self.next - 1)
        self.waiting.update({event.number: event for event in found})
        self.drain()

    def quiet(self):
        self.connected()
