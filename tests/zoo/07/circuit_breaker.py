"""Answers to 07.2-circuit-breaker."""

from tests.zoo import right, wrong
from workbook.patterns.backend import BreakerOpen
from workbook.shop.payments import NotCharged, Unknown

FAILURES = (NotCharged, Unknown)


class Ours:
    """What the wrong ones below do right."""

    def __init__(self, threshold, open_s, clock):
        self.threshold, self.open_s, self.clock = threshold, open_s, clock
        self.failures, self.opened_s = 0, None

    def refuses(self):
        opened = self.failures >= self.threshold
        return opened and self.clock() - self.opened_s < self.open_s

    def failed(self):
        self.failures += 1
        if self.failures >= self.threshold:
            self.opened_s = self.clock()

    def succeeded(self):
        self.failures = 0

    def call(self, function):
        if self.refuses():
            raise BreakerOpen("open")
        try:
            answer = function()
        except FAILURES:
            self.failed()
            raise
        self.succeeded()
        return answer


@wrong("it goes on asking")
class NeverOpens(Ours):
    def refuses(self):
        return False


@wrong("Two failures in a row are not three")
class OpensTooEarly(Ours):
    def __init__(self, threshold, open_s, clock):
        super().__init__(threshold - 1, open_s, clock)


@wrong("failures that are not in a row")
class CountsAllFailures(Ours):
    def succeeded(self):
        if self.failures >= self.threshold:
            self.failures = 0


@wrong("before it has been open for")
class ImpatientByHalf(Ours):
    def __init__(self, threshold, open_s, clock):
        super().__init__(threshold, open_s / 2, clock)


@wrong("and it still refuses")
class EachRefusalProlongsIt(Ours):
    def refuses(self):
        refuses = super().refuses()
        if refuses:
            self.opened_s = self.clock()
        return refuses


@wrong("and it still refuses", same_as="EachRefusalProlongsIt")
class NeverTriesAgain(Ours):
    def refuses(self):
        return self.failures >= self.threshold


@wrong("two failures after it already open it")
class RemembersThroughTheTrial(Ours):
    def succeeded(self):
        self.failures = min(self.failures, 1)

    def call(self, function):
        if self.failures < self.threshold:
            try:
                answer = function()
            except FAILURES:
                self.failed()
                raise
            if not self.opened_s:
                self.failures = 0
            return answer
        return super().call(function)


@wrong("and it asks again at once")
class CountsAnewAfterThePause(Ours):
    def call(self, function):
        if self.failures >= self.threshold and not self.refuses():
            self.failures = 0
        return super().call(function)


@wrong("there is no new one")
class AFailedTrialLastsTwiceAsLong(Ours):
    def failed(self):
        super().failed()
        if self.failures > self.threshold:
            self.opened_s += self.open_s


@wrong("does not give the call's answer")
class ForgetsTheAnswer(Ours):
    def call(self, function):
        super().call(function)


@wrong("its error does not come out")
class SwallowsTheError(Ours):
    def call(self, function):
        try:
            return super().call(function)
        except FAILURES:
            return None


ALL = {"failures": 0, "opened_s": None}


@wrong("another provider's breaker")
class OneForAll:
    def __init__(self, threshold, open_s, clock):
        self.threshold, self.open_s, self.clock = threshold, open_s, clock
        if ALL.get("clock") is not clock:
            ALL.update(failures=0, opened_s=None, clock=clock)

    def call(self, function):
        opened = ALL["failures"] >= self.threshold
        if opened and self.clock() - ALL["opened_s"] < self.open_s:
            raise BreakerOpen("open")
        try:
            answer = function()
        except FAILURES:
            ALL["failures"] += 1
            ALL["opened_s"] = self.clock()
            raise
        ALL["failures"] = 0
        return answer


@wrong("no method `call()`")
class WithAnotherName:
    def __init__(self, threshold, open_s, clock):
        self.threshold = threshold

    def run(self, function):
        return function()


@right
class WithStates:
    def __init__(self, threshold, open_s, clock):
        self.threshold, self.open_s, self.clock = threshold, open_s, clock
        self.state, self.row = "closed", 0

    def call(self, function):
        if self.state == "open":
            if self.clock() < self.until_s:
                raise BreakerOpen("open")
            self.state = "half-open"
        try:
            answer = function()
        except FAILURES:
            self.row += 1
            if self.state == "half-open" or self.row == self.threshold:
                self.state, self.until_s = "open", self.clock() + self.open_s
            raise
        self.state, self.row = "closed", 0
        return answer


@right
class WithAListOfFailures:
    def __init__(self, threshold, open_s, clock):
        self.least, self.open_s, self.clock, self.moments = threshold, open_s, clock, []

    def call(self, function):
        if len(self.moments) >= self.least:
            left_s = self.moments[-1] + self.open_s - self.clock()
            if left_s > 0:
                raise BreakerOpen(f"{left_s} s more")
        try:
            answer = function()
        except FAILURES:
            self.moments.append(self.clock())
            raise
        self.moments.clear()
        return answer


class _Model:
    """A right breaker, for wrong ones to spoil."""

    counted = (NotCharged, Unknown)

    def __init__(self, threshold, open_s, clock):
        self.threshold, self.open_s, self.clock = threshold, open_s, clock
        self.failures, self.refuses_until_s = 0, clock()

    def call(self, function):
        begun_s = self.clock()
        if begun_s < self.refuses_until_s:
            raise BreakerOpen("not now")
        try:
            answer = function()
        except (NotCharged, Unknown) as error:
            self.failures += isinstance(error, self.counted)
            if self.failures >= self.threshold:
                self.refuses_until_s = self.opens_from(begun_s) + self.open_s
                self.told(error)
            raise
        self.failures = 0
        return answer

    def opens_from(self, begun_s):
        return self.clock()

    def told(self, error):
        pass


@right
class AsTheModel(_Model):
    pass


@wrong("in a row do not open it")
class CountsSilencesOnly(_Model):
    counted = (Unknown,)


@wrong("another error comes out than the call raised")
class OpensWithItsOwnError(_Model):
    def told(self, error):
        raise BreakerOpen("that was the third") from error


@wrong("it does as with 3 and 5")
class KnowsItsNumbers(_Model):
    def __init__(self, threshold, open_s, clock):
        super().__init__(3, 5.0, clock)


@wrong("it opens for less than `open_s` seconds")
class OpensFromTheStart(_Model):
    def opens_from(self, begun_s):
        return begun_s


@wrong("exactly `open_s` seconds after it opened")
class OpenALittleTooLong(Ours):
    def refuses(self):
        opened = self.failures >= self.threshold
        return opened and self.clock() - self.opened_s <= self.open_s


@wrong("and three of them open it")
class CountsMistakesOfOurOwn(Ours):
    def call(self, function):
        try:
            return super().call(function)
        except (BreakerOpen, *FAILURES):
            raise
        except Exception:
            self.failed()
            raise


@wrong("a KeyError, and something else comes out")
class PutsAllInItsOwnWords(Ours):
    def call(self, function):
        try:
            return super().call(function)
        except KeyError as error:
            raise Unknown("failed") from error
