"""Exercise 5: a cache that is fresh while it can be, and stale while it must."""

from collections.abc import Callable

from workbook.checks.wrapping.desk import STALE_S, TTL_S, Desk
from workbook.learn import Verdict, call_or_error, failed, passed
from workbook.shop.payments import NotCharged, Unknown

__all__ = ["check"]


def check(cache: Callable) -> Verdict:
    """Whether each age of an answer is treated as the task says."""
    return (
        _while_fresh(cache)
        or _when_it_is_old(cache)
        or _while_the_bank_is_down(cache)
        or _keys(cache)
        or _stale_none(cache)
        or _mistakes(cache)
        or _at_the_edges(cache)
        or _other_settings(cache)
        or _after_a_slow_fetch(cache)
        or _with_a_young_clock(cache)
        or passed("tried: fresh, old and stale answers, errors, None, and two keys")
    )


def _while_fresh(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    first = desk.get()
    if first != "411111 at 1000":
        return failed(
            "The first answer is not what `fetch(key)` gave.",
            look="Nothing is known yet: return what `fetch(key)` returns.",
        )
    again = desk.later(59)
    if len(desk.bank.asked) > 1 or again != first:
        return failed(
            "An answer that is 59 s old is fetched again, and it lives for 60.",
            look="Give a known answer while it is younger than `ttl_s`.",
        )
    return None


def _when_it_is_old(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.get()
    for _ in range(3):
        desk.later(25)
    if len(desk.bank.asked) == 1:
        return failed(
            "An answer that is 75 s old is given without asking, and it lives for 60.",
            look="Its age counts from the fetch, not from when it was last given.",
        )
    if desk.later(30) != "411111 at 1075":
        return failed(
            "After the second fetch the first answer is given.",
            look="Keep the new answer with its moment.",
        )
    return None


def _while_the_bank_is_down(cache: Callable) -> Verdict | None:
    for error in (NotCharged("503"), Unknown("silence")):
        desk = Desk(cache)
        first = desk.get()
        desk.bank.error = error
        if desk.later(61) != first:
            return failed(
                "The bank is down, an answer 61 s old is at hand, and it is not given.",
                look="Where `fetch` raises `NotCharged` or `Unknown`, an answer is "
                "good for `ttl_s + stale_s`.",
            )
        if len(desk.bank.asked) < 2:
            return failed("A stale answer is given without asking the bank first.")
        if desk.later(590) != first:
            return failed(
                "The bank is still down, and the stale answer is not given again.",
                look="It is good for `ttl_s + stale_s` from its fetch, 660 s here: do "
                "not renew it, and do not drop it sooner.",
            )
        came = desk.later(10)
        if came == first:
            return failed(
                "An answer 661 s old is given, and it has to be younger than 660 s.",
                look="From `ttl_s + stale_s` seconds on, raise the error.",
            )
        if not isinstance(came, type(error)):
            return failed(
                "The bank is down, its last answer is 661 s old, too old to be given, "
                "and the bank's error does not come out.",
                look="`raise` what `fetch` raised.",
            )
        desk.bank.error = None
        if desk.get() != "411111 at 1661":
            return failed(
                "The bank is back, and its answer does not come through.",
                look="An error is not an answer: do not keep it.",
            )
    return None


def _stale_none(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.get("000000")
    desk.bank.error = Unknown("silence")
    desk.clock.advance(61)
    if desk.get("000000") is None:
        return None
    return failed(
        "The bank is down, the answer that is 61 s old is None, and it is not given.",
        look="None is an answer as well: ask whether the key is known.",
    )


def _mistakes(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.get()
    desk.bank.error = KeyError("a mistake in the shop")
    desk.clock.advance(61)
    came = call_or_error((KeyError,), desk.cache.get, "411111", desk.bank)
    if isinstance(came, KeyError):
        return None
    return failed(
        "`fetch` raises a KeyError, a mistake of our own, and a stale answer hides it.",
        look="Catch `NotCharged` and `Unknown`, and nothing else.",
    )


def _keys(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.get()
    if desk.get("555555") != "555555 at 1000":
        return failed(
            "Another key gets the first key's answer.",
            look="Keep one answer for each key.",
        )
    if desk.get() != "411111 at 1000" or len(desk.bank.asked) > 2:
        return failed(
            "Two keys take turns, and an answer that is young enough is fetched again.",
            look="Keep an answer for each key, not only the last one.",
        )
    if desk.get("000000") is not None or desk.get("000000") is not None:
        return failed("The bank's answer is None, and something else comes out.")
    if desk.bank.asked.count("000000") > 1:
        return failed(
            "None is an answer, and it is fetched again.",
            look="Ask whether the key is known, not whether its answer is true.",
        )
    desk.bank.error = Unknown("silence")
    if not isinstance(desk.get("222222"), Unknown):
        return failed(
            "The bank is down, nothing is known of a key, and no error comes out.",
            look="Without any answer, raise the error.",
        )
    other = Desk(cache)
    if other.get() != "411111 at 1000" or not other.bank.asked:
        return failed(
            "A new cache knows what an old one was told.",
            look="Keep the answers in `self`, not in the class or a global.",
        )
    return None


def _at_the_edges(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.get()
    if desk.later(TTL_S) != "411111 at 1060":
        return failed(
            "An answer that is exactly 60 s old is given, and not asked for anew.",
            look="It is not younger than `ttl_s`: it needs a call.",
        )
    desk.bank.error = Unknown("silence")
    if isinstance(desk.later(TTL_S + STALE_S), Unknown):
        return None
    return failed(
        "The bank is down, and an answer is given that is exactly 660 s old, which is "
        "not younger than 660.",
        look="At `ttl_s + stale_s` seconds the error comes out.",
    )


def _other_settings(cache: Callable) -> Verdict | None:
    desk = Desk(cache, ttl_s=7.0, stale_s=20.0)
    desk.get()
    renewed = desk.later(8)
    desk.bank.error = Unknown("silence")
    stale, too_old = desk.later(26), desk.later(2)
    if renewed == stale == "411111 at 1008" and isinstance(too_old, Unknown):
        return None
    return failed(
        "With `ttl_s` 7 and `stale_s` 20 it does as with 60 and 600.",
        look="Use the arguments, not their values in the example.",
    )


def _after_a_slow_fetch(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.bank.takes_s = 9
    desk.get()
    desk.later(52)
    if len(desk.bank.asked) > 1:
        return None
    return failed(
        "The fetch began 61 s ago and took 9, and its answer is given without a call.",
        look="Ask the clock before `fetch(key)`: the answer may be as old as that.",
    )


def _with_a_young_clock(cache: Callable) -> Verdict | None:
    desk = Desk(cache)
    desk.clock.now_s = 5.0
    if desk.get() == "411111 at 5":
        return None
    return failed(
        "The clock stands at 5 s, and a key that was never fetched is taken for known.",
        look="What was never fetched is infinitely old, not as old as the clock.",
    )
