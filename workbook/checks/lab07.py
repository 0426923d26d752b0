"""Lab 07: the pieces in front of somebody else's service, and one failover."""

from workbook.checks.wrapping import (
    breaking,
    caching,
    failing_over,
    limiting,
    retrying,
)
from workbook.learn import Exercise, Lab, Question
from workbook.patterns.backend import BreakerOpen
from workbook.shop.payments import NotCharged, Payment, Unknown

__all__ = ["BreakerOpen", "NotCharged", "Payment", "Unknown", "lab"]

_RETRY = Exercise(
    id="07.1-retry-budget",
    title="Retry what is safe",
    minutes=7,
    lines=8,
    hints=(
        "Count the attempts from 1 to 3. Return as soon as the call succeeds; catch "
        "one kind of error only.",
        "After the third attempt, or when `budget.take()` says False, `raise` without "
        "a name raises the caught error again.",
        "`for attempt in range(1, 4):`, `try: return call()`, `except NotCharged as "
        "error:`. In it `if attempt == 3 or not budget.take(): raise`, then `wait_s = "
        "random.uniform(0, 0.1 * 2 ** (attempt - 1))` and "
        "`sleep(max(wait_s, error.retry_after_s))`.",
    ),
    why=Question(
        "Why is the budget asked only after the attempts were counted?",
        answer="A token that is taken is a retry that others cannot make. After the "
        "last attempt no retry follows, so none may be paid for.",
    ),
    check=retrying.check,
)

_BREAKER = Exercise(
    id="07.2-circuit-breaker",
    title="A circuit breaker",
    minutes=9,
    lines=10,
    hints=(
        "Two things are enough to know: how many failures came in a row, and until "
        "when the breaker refuses.",
        "When that moment is over, just let the call through: it is the trial. Leave "
        "the count of failures as it is, so that a failed trial is one more.",
        "In `call`: before `refuses_until_s`, `raise BreakerOpen('…')`. Then `try` the "
        "function; on `Unknown` or `NotCharged` add 1 to `failures`, and if that makes "
        "the threshold or more, set `refuses_until_s = clock() + open_s`; `raise`. "
        "Else set `failures = 0` and return the answer.",
    ),
    why=Question(
        "Your breaker lives in one Lambda environment. A hundred of them run. How many "
        "failures does a dead provider see before all are open?",
        answer="Three from each environment, three hundred, and a hundred trials each "
        "time the pause is over. What they should learn from one another has to be "
        "kept outside of them, and asking for it is one more call that can fail.",
    ),
    check=breaking.check,
)

_FAILOVER = Exercise(
    id="07.3-failover",
    title="Fail over, and charge once",
    minutes=10,
    lines=13,
    hints=(
        "Two questions come before any charge: with whom is the payment, and what does "
        "that one know of it? Only *surely not* leads to the next provider.",
        "Begin with `name = notes.read(payment.order_id)`. The provider of that name "
        "is asked by `find(payment.order_id)`; if it knows the payment, that receipt "
        "is the result. `Unknown` is never caught.",
        "Then `for provider in (first, second):` write the note, `try: return "
        "provider.charge(payment)`, and `except NotCharged` go on. After the loop, "
        "raise `NotCharged`.",
    ),
    why=Question(
        "Your answer is right for one delivery at a time. What can two at once do?",
        answer="Both read an empty note, and one may go to each provider. A note must "
        "be claimed by a conditional write, so that one of the two has to come back "
        "later: that is the intent of the chapter.",
    ),
    check=failing_over.check,
)

_BUCKET = Exercise(
    id="07.4-token-bucket",
    title="No faster than agreed",
    minutes=7,
    lines=8,
    hints=(
        "No timer is needed: when somebody asks, work out how many tokens have come in "
        "since the last time anybody asked.",
        "`rate_per_s` times the seconds since then, added to what was left, and never "
        "more than `burst`. Note the moment even if you then say False.",
        "`now_s = self.clock()`; `self.tokens = min(self.burst, self.tokens + (now_s - "
        "self.then_s) * self.rate_per_s)`; `self.then_s = now_s`. With a whole token, "
        "take 1 and return True; else return False.",
    ),
    why=Question(
        "Why not simply count the calls of each second, and begin anew at the next?",
        answer="Five calls at the end of one second and five at the beginning of the "
        "next are ten within a moment. A bucket has no edges: any window obeys it.",
    ),
    check=limiting.check,
)

_CACHE = Exercise(
    id="07.5-stale-cache",
    title="Yesterday's answer",
    minutes=7,
    lines=10,
    hints=(
        "For each key keep two things: when its fetch began, and the answer.",
        "Young enough: give it. Else fetch; and only if that raises, look whether the "
        "old answer may still do.",
        "`then_s, answer = self.known.get(key, (float('-inf'), None))` makes an "
        "unknown key infinitely old. If the age is less than `ttl_s`, return `answer`. "
        "Then `try: self.known[key] = (self.clock(), fetch(key))`, `except "
        "(NotCharged, Unknown):` `raise` if the age is `ttl_s + stale_s` or more. "
        "Return `self.known[key][1]`.",
    ),
    why=Question(
        "Which answers of a payment provider would you never cache?",
        answer="What became of a payment, and anything that does something: a cached "
        "'not found' would charge again, a cached receipt would sell twice for one "
        "charge.",
    ),
    check=caching.check,
)

lab = Lab(
    "07-wrapping-baas",
    [_RETRY, _BREAKER, _FAILOVER, _BUCKET, _CACHE],
    title="Wrapping a BaaS",
)
