"""Answers to 04.4-retry-budget."""

import random

from tests.zoo import right, wrong

SHARE, MOST = 0.1, 10


class Bucket:
    """What the wrong ones below do right."""

    def __init__(self):
        self.tokens = MOST

    def new_request(self):
        self.tokens = min(MOST, self.tokens + SHARE)

    def may_retry(self):
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@wrong("it still allows one more")
class AlwaysYes(Bucket):
    def may_retry(self):
        return True


@wrong("it still allows one more", same_as="AlwaysYes")
class NeverTakesAToken(Bucket):
    def may_retry(self):
        return self.tokens >= 1


@wrong("does not give the 10 retries")
class AlwaysNo(Bucket):
    def may_retry(self):
        return False


@wrong("does not give the 10 retries", same_as="AlwaysNo")
class BeginsEmpty(Bucket):
    def __init__(self):
        self.tokens = 0


@wrong("saved up more than 10 tokens")
class WithoutACap(Bucket):
    def new_request(self):
        self.tokens += SHARE


@wrong("Nine new requests bring less than one token")
class AWholeTokenForEachRequest(Bucket):
    def new_request(self):
        self.tokens = min(MOST, self.tokens + 1)


@wrong(
    "Nine new requests bring less than one token", same_as="AWholeTokenForEachRequest"
)
class SpendsTheLastCrumb(Bucket):
    def may_retry(self):
        if self.tokens <= 0:
            return False
        self.tokens -= 1
        return True


@wrong("Each time it refuses a retry it takes a token as well")
class TakesEvenWhenItRefuses(Bucket):
    def may_retry(self):
        self.tokens -= 1
        return self.tokens >= 0


@wrong("does not give the 10 retries", same_as="AlwaysNo")
class KeepsTheLastToken(Bucket):
    def may_retry(self):
        if self.tokens <= 1:
            return False
        self.tokens -= 1
        return True


@wrong("does not give the 10 retries", same_as="AlwaysNo")
class OneInTenByChance(Bucket):
    def may_retry(self):
        return random.Random(3).random() < SHARE


@wrong("saved up more than 10 tokens", same_as="WithoutACap")
class CapsAtAHundred(Bucket):
    def new_request(self):
        self.tokens = min(100, self.tokens + SHARE)


@wrong("lets 114 try again, where 110 is right")
class GivesALittleMore(Bucket):
    def new_request(self):
        self.tokens = min(MOST, self.tokens + 1.05 * SHARE)


@wrong("answers an int, not True or False")
class AnswersInNumbers(Bucket):
    def may_retry(self):
        return int(super().may_retry())


@wrong("cannot be called as the exercise asks")
class AsksForItsSize(Bucket):
    def __init__(self, most):
        self.tokens = most


@wrong("there is a token, and it allows no retry")
class ForgetsNewRequests(Bucket):
    def new_request(self):
        pass


@wrong("there is a token, and it allows no retry", same_as="ForgetsNewRequests")
class WholeTokensOnly(Bucket):
    def new_request(self):
        self.tokens = min(MOST, int(self.tokens + SHARE))


@wrong("One client's retries empty another client's budget")
class OneBucketForAll(Bucket):
    tokens = MOST

    def __init__(self):
        pass

    def new_request(self):
        OneBucketForAll.tokens = min(MOST, OneBucketForAll.tokens + SHARE)

    def may_retry(self):
        if OneBucketForAll.tokens < 1:
            return False
        OneBucketForAll.tokens -= 1
        return True


@wrong("has no method `may_retry()`")
class NamedOtherwise:
    def new_request(self):
        pass

    def can_retry(self):
        return True


@wrong("answers nothing, not True or False")
class TakesAndSaysNothing(Bucket):
    def may_retry(self):
        self.tokens -= 1


@wrong("AttributeError", status="your code raised")
class ForgetsToBegin(Bucket):
    def __init__(self):
        pass


@right
class Tenths:
    def __init__(self):
        self.tenths = 100

    def new_request(self):
        self.tenths = min(100, self.tenths + 1)

    def may_retry(self):
        allowed = self.tenths >= 10
        self.tenths -= 10 if allowed else 0
        return allowed


@right
class AListOfCrumbs:
    def __init__(self):
        self.crumbs = [None] * 100

    def new_request(self):
        if len(self.crumbs) < 100:
            self.crumbs.append(None)

    def may_retry(self):
        if len(self.crumbs) < 10:
            return False
        del self.crumbs[:10]
        return True


@right
class CapsWhenItIsAsked(Bucket):
    def new_request(self):
        self.tokens += SHARE

    def may_retry(self):
        self.tokens = min(self.tokens, MOST)
        return super().may_retry()


@right
def made_by_a_function():
    return Bucket()
