"""Answers to 07.5-stale-cache."""

from tests.zoo import right, wrong
from workbook.shop.payments import NotCharged, Unknown

ERRORS = (NotCharged, Unknown)


class Ours:
    """What the wrong ones below do right."""

    def __init__(self, ttl_s, stale_s, clock):
        self.ttl_s, self.stale_s, self.clock = ttl_s, stale_s, clock
        self.known = {}

    def age_s(self, key):
        return self.clock() - self.known[key][0] if key in self.known else 1e9

    def get(self, key, fetch):
        if self.age_s(key) < self.ttl_s:
            return self.known[key][1]
        begun_s = self.clock()
        try:
            answer = fetch(key)
        except ERRORS as error:
            return self.old(key, error)
        self.known[key] = (begun_s, answer)
        return answer

    def old(self, key, error):
        if self.age_s(key) < self.ttl_s + self.stale_s:
            return self.known[key][1]
        raise error


@wrong("that is 59 s old is fetched again")
class NeverKeeps(Ours):
    def get(self, key, fetch):
        return fetch(key)


@wrong("is given without asking, and it lives")
class NeverGrowsOld(Ours):
    def get(self, key, fetch):
        if key not in self.known:
            self.known[key] = (self.clock(), fetch(key))
        return self.known[key][1]


@wrong("is given without asking, and it lives", same_as="NeverGrowsOld")
class EachUseMakesItYoung(Ours):
    def get(self, key, fetch):
        answer = super().get(key, fetch)
        self.known[key] = (self.clock(), answer)
        return answer


@wrong("the first answer is given")
class KeepsTheFirstAnswer(Ours):
    def get(self, key, fetch):
        before = self.known.get(key)
        super().get(key, fetch)
        if before:
            self.known[key] = (self.known[key][0], before[1])
        return self.known[key][1]


@wrong("is at hand, and it is not given")
class WithoutStale(Ours):
    def old(self, key, error):
        raise error


@wrong("is at hand, and it is not given", same_as="WithoutStale")
class OnlyWhenSurelyNot(Ours):
    def get(self, key, fetch):
        if self.age_s(key) < self.ttl_s:
            return self.known[key][1]
        try:
            answer = fetch(key)
        except NotCharged as error:
            return self.old(key, error)
        self.known[key] = (self.clock(), answer)
        return answer


@wrong("An answer 661 s old is given")
class StaleMakesItYoung(Ours):
    def old(self, key, error):
        answer = super().old(key, error)
        self.known[key] = (self.clock(), answer)
        return answer

    def get(self, key, fetch):
        def asked(key):
            self.known.setdefault(key, (0, None))
            return fetch(key)

        return super().get(key, asked)


@wrong("An answer 661 s old is given", same_as="StaleMakesItYoung")
class StaleForEver(Ours):
    def old(self, key, error):
        if key in self.known:
            return self.known[key][1]
        raise error


@wrong("the stale answer is not given again")
class StaleOnlyOnce(Ours):
    def old(self, key, error):
        answer = super().old(key, error)
        del self.known[key]
        return answer


@wrong("gets the first key's answer")
class OneAnswerForAll(Ours):
    def get(self, key, fetch):
        return super().get("any", lambda _: fetch(key))


@wrong("None is an answer, and it is fetched again")
class NoneIsNoAnswer(Ours):
    def get(self, key, fetch):
        if self.known.get(key, (0, None))[1] is None:
            self.known.pop(key, None)
        return super().get(key, fetch)


@wrong("nothing is known of a key, and no error")
class SwallowsTheError(Ours):
    def old(self, key, error):
        return super().old(key, error) if key in self.known else None


@wrong("A new cache knows")
class OneForAll(Ours):
    everything = {}

    def __init__(self, ttl_s, stale_s, clock):
        super().__init__(ttl_s, stale_s, clock)
        self.known = self.everything
        if len(self.known) > 1 and "222222" not in self.known:
            return
        self.known.clear()


@right
class TwoMoments:
    def __init__(self, ttl_s, stale_s, clock):
        self.lives_s, self.clock = (ttl_s, ttl_s + stale_s), clock
        self.answers, self.until_s = {}, {}

    def get(self, key, fetch):
        now_s = self.clock()
        fresh_s, stale_s = self.until_s.get(key, (0, 0))
        if now_s >= fresh_s:
            try:
                self.answers[key] = fetch(key)
                self.until_s[key] = [now_s + life_s for life_s in self.lives_s]
            except ERRORS:
                if now_s >= stale_s:
                    raise
        return self.answers[key]


@right
class WithAList:
    def __init__(self, ttl_s, stale_s, clock):
        self.ttl_s, self.stale_s, self.clock, self.log = ttl_s, stale_s, clock, []

    def get(self, key, fetch):
        mine = [entry for entry in self.log if entry[0] == key][-1:]
        for _, then_s, answer in mine:
            if self.clock() - then_s < self.ttl_s:
                return answer
        try:
            self.log.append((key, self.clock(), fetch(key)))
        except ERRORS as error:
            for _, then_s, answer in mine:
                if self.clock() - then_s < self.ttl_s + self.stale_s:
                    return answer
            raise error
        return self.log[-1][2]


class _Model:
    """A right cache, for wrong ones to spoil."""

    forgiven = (NotCharged, Unknown)

    def __init__(self, ttl_s, stale_s, clock):
        self.ttl_s, self.stale_s, self.clock, self.known = ttl_s, stale_s, clock, {}

    def get(self, key, fetch):
        answer, then_s = self.known.get(key, (None, float("-inf")))
        age_s = self.clock() - then_s
        if age_s < self.ttl_s:
            return answer
        try:
            begun_s = self.clock()
            self.known[key] = fetch(key), begun_s
        except self.forgiven:
            if age_s >= self.ttl_s + self.stale_s or self.no_answer(answer):
                raise
            return answer
        return self.known[key][0]

    def no_answer(self, answer):
        return False


@right
class AsTheModel(_Model):
    pass


@wrong("is None, and it is not given")
class GivesNoStaleNone(_Model):
    def no_answer(self, answer):
        return answer is None


@wrong("a stale answer hides it")
class HidesMistakes(_Model):
    forgiven = (Exception,)


@wrong("its last answer is 661 s old")
class NoAnswerInsteadOfAnError(Ours):
    def old(self, key, error):
        if key not in self.known:
            raise error
        young = self.age_s(key) < self.ttl_s + self.stale_s
        return self.known[key][1] if young else None


@wrong("Two keys take turns")
class KnowsTheLastKeyAlone(Ours):
    def get(self, key, fetch):
        self.known = {key: self.known[key]} if key in self.known else {}
        return super().get(key, fetch)


@wrong("exactly 60 s old is given")
class FreshAMomentTooLong(Ours):
    def get(self, key, fetch):
        if self.age_s(key) == self.ttl_s:
            return self.known[key][1]
        return super().get(key, fetch)


@wrong("given that is exactly 660 s old")
class StaleAMomentTooLong(Ours):
    def old(self, key, error):
        if self.age_s(key) == self.ttl_s + self.stale_s:
            return self.known[key][1]
        return super().old(key, error)


@wrong("it does as with 60 and 600")
class KnowsItsNumbers(Ours):
    def __init__(self, ttl_s, stale_s, clock):
        super().__init__(60, 600, clock)


@wrong("The fetch began 61 s ago")
class CountsFromTheEnd(Ours):
    def get(self, key, fetch):
        before = self.known.get(key)
        answer = super().get(key, fetch)
        if self.known[key] is not before:
            self.known[key] = (self.clock(), answer)
        return answer


@wrong("a key that was never fetched is taken for known")
class FetchedWhenTheClockBegan(_Model):
    def get(self, key, fetch):
        self.known.setdefault(key, (None, 0))
        return super().get(key, fetch)
