"""Answers to 07.4-token-bucket."""

from tests.zoo import right, wrong


class Ours:
    """What the wrong ones below do right."""

    def __init__(self, rate_per_s, burst, clock):
        self.rate_per_s, self.burst, self.clock = rate_per_s, burst, clock
        self.tokens, self.then_s = burst, clock()

    def fill(self):
        now_s = self.clock()
        new = (now_s - self.then_s) * self.rate_per_s
        self.tokens = min(self.burst, self.tokens + new)
        self.then_s = now_s

    def take(self):
        self.fill()
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@wrong("tokens at one moment")
class TakesNone(Ours):
    def take(self):
        self.fill()
        return self.tokens >= 1


@wrong("It is full at first")
class BeginsEmpty(Ours):
    def __init__(self, rate_per_s, burst, clock):
        super().__init__(rate_per_s, burst, clock)
        self.tokens = 0


@wrong("After a quiet hour")
class WithoutACap(Ours):
    def fill(self):
        now_s = self.clock()
        self.tokens += (now_s - self.then_s) * self.rate_per_s
        self.then_s = now_s


@wrong("There is a window")
class FixedWindows:
    def __init__(self, rate_per_s, burst, clock):
        self.burst, self.clock, self.length_s = burst, clock, burst / rate_per_s
        self.window, self.made = None, 0

    def take(self):
        window = self.clock() // self.length_s
        if window != self.window:
            self.window, self.made = window, 0
        self.made += 1
        return self.made <= self.burst


@wrong("After a quiet hour", same_as="WithoutACap")
class ForgetsTheMoment(Ours):
    def fill(self):
        new = (self.clock() - self.then_s) * self.rate_per_s
        self.tokens = min(self.burst, self.tokens + new)


@wrong("for which there are tokens")
class ARefusalTakesOneToo(Ours):
    def take(self):
        self.fill()
        self.tokens -= 1
        return self.tokens >= 0


@wrong("for ten seconds it gives")
class OnlyAfterATenth(Ours):
    """Right for pauses of 0.05 s and more; shorter ones are rounded away."""

    def fill(self):
        now_s = self.clock()
        if now_s - self.then_s < 0.02:
            self.then_s = now_s
        super().fill()


@wrong("empty another bucket")
class OneForAll(Ours):
    shared = {}

    def __init__(self, rate_per_s, burst, clock):
        super().__init__(rate_per_s, burst, clock)
        if self.shared.get("clock") is not clock:
            self.shared.update(clock=clock, tokens=burst)

    def take(self):
        self.tokens = self.shared["tokens"]
        answer = super().take()
        self.shared["tokens"] = self.tokens
        return answer


@wrong("neither True nor False")
class AnswersTokens(Ours):
    def take(self):
        self.fill()
        if self.tokens < 1:
            return 0
        self.tokens -= 1
        return self.tokens


@right
class FullAgainAt:
    def __init__(self, rate_per_s, burst, clock):
        self.each_s, self.clock = 1 / rate_per_s, clock
        self.depth_s, self.full_s = burst / rate_per_s, clock()

    def take(self):
        full_s = max(self.full_s, self.clock()) + self.each_s
        if full_s - self.clock() > self.depth_s + 1e-9:
            return False
        self.full_s = full_s
        return True


@right
class WithFractions:
    def __init__(self, rate_per_s, burst, clock):
        from fractions import Fraction

        self.exact = Fraction
        self.rate, self.burst, self.clock = Fraction(rate_per_s), burst, clock
        self.tokens, self.then_s = Fraction(burst), Fraction(clock())

    def take(self):
        now_s = self.exact(self.clock())
        self.tokens += (now_s - self.then_s) * self.rate
        self.tokens, self.then_s = min(self.tokens, self.exact(self.burst)), now_s
        has_one = self.tokens >= 1
        if has_one:
            self.tokens -= 1
        return has_one


@wrong("With 4 a second and a burst of 3")
class KnowsItsNumbers:
    def __init__(self, rate_per_s, burst, clock):
        self.clock, self.tokens, self.then_s = clock, 5, clock()

    def take(self):
        now_s = self.clock()
        self.tokens = min(5, self.tokens + (now_s - self.then_s) * 2)
        self.then_s = now_s
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
