"""Exercise 4: a hot key in shards, which can be found again."""

import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from workbook.checks.exactly_once.environment import another_environment
from workbook.checks.modelling.memory import nothing_remembered
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.sim import partitions

__all__ = ["check"]

_RATE_PER_S = 6_000
_NUMBERS = (10, 3, 20)
_ORDERS = 6_000

# Ids as shops have them: one after the other, or drawn.
_IDS = {
    "in a sequence": [f"order-{n:05}" for n in range(_ORDERS)],
    "by chance": [f"{random.Random(n).getrandbits(64):016x}" for n in range(_ORDERS)],
}

# Two tours each that a key may mistake for one another.
_TOURS = ["night", "night-1", "night-11", "1night-1", "1", "11", "Night-1", "night#1"]
_TOURS += ["spring-7", "autumn-7", "matinee in the great hall", "matinee in the garden"]
_TOURS += ["the last night of the season, early", "the last night of the season, late"]
_TOURS += [f"2018-02-{day:02}/{n}" for day in range(1, 29) for n in range(12)]


def check(shards: Callable) -> Verdict:
    """Whether writes spread evenly, over keys that a reader knows."""
    for kind, ids in _IDS.items():
        for number in _NUMBERS:
            with nothing_remembered(shards):
                one = _made(shards, number)
                keys = _keys_for(one, "night-07", ids)
                verdict = _readers(one, number, keys) or _even(keys, number, kind)
            verdict = verdict or _again(shards, number, ids, keys)
            if verdict is not None:
                return verdict
    verdict = _other_tours(shards)
    return verdict or passed(
        f"tried: twice {_ORDERS:,} orders, in {', '.join(map(str, _NUMBERS))} shards; "
        f"of {_RATE_PER_S:,} writes a second {_throttled(shards):.1%} are throttled, "
        f"and {_alone():.1%} without shards"
    )


def _readers(one: Any, number: int, keys: list[str]) -> Verdict | None:
    asked = _keys(one, "night-07")
    hidden = set(keys) - set(asked)
    if hidden:
        return failed(
            f"Writes go to {sorted(hidden)[0]!r}, and a reader does not ask there.",
            look="`keys_of` must name every key that `key_for` can give.",
        )
    if len(asked) != number:
        return failed(
            f"For {number} shards a reader asks {len(asked)} keys.",
            look="One key a shard.",
        )
    return None


def _even(keys: list[str], number: int, kind: str) -> Verdict | None:
    """Five standard errors either way: chance does not go so far."""
    counts = Counter(keys)
    most = max(counts.values())
    least = min(counts.values()) if len(counts) == number else 0
    share = 1 / number
    off = 5 * math.sqrt(share * (1 - share) / len(keys))
    if share - off < least / len(keys) <= most / len(keys) < share + off:
        return None
    return failed(
        f"With ids {kind} one of {number} shards gets {most:,} of {len(keys):,} "
        f"orders, and one {least:,}.",
        look="Take a number from all of the order's id, such as a checksum, modulo "
        "the number of shards.",
    )


def _again(
    shards: Callable, number: int, ids: list[str], keys: list[str]
) -> Verdict | None:
    """Ask for some of them, in another order and process."""
    first = dict(zip(ids, keys, strict=True))
    some = random.Random(7).sample(ids, 50)
    with nothing_remembered(shards), another_environment(shards):
        later = _keys_for(_made(shards, number), "night-07", some)
    if later == [first[order_id] for order_id in some]:
        return None
    return failed(
        "Asked again in another process, the same order has another key: nobody "
        "finds it by its id.",
        look="No chance, no counting, nothing remembered, and no `hash()`, which each "
        "process salts: `zlib.crc32` of the id says the same everywhere.",
    )


def _other_tours(shards: Callable) -> Verdict | None:
    one, owner = _made(shards, 20), {}
    for tour in _TOURS:
        for key in _keys(one, tour):
            if owner.setdefault(key, tour) != tour:
                return failed(
                    f"“{owner[key]}” and “{tour}” share the key {key!r}.",
                    look="Take the tour as it is, all of it, and put a sign between it "
                    "and the number.",
                )
    return None


def _throttled(shards: Callable) -> float:
    ids = _IDS["in a sequence"]
    number = Counter(_keys_for(_made(shards, 10), "night-07", ids))
    rates = [_RATE_PER_S * count / len(ids) for count in number.values()]
    return partitions.throttled_share(rates)


def _alone() -> float:
    return partitions.throttled_share([_RATE_PER_S])


def _made(shards: Callable, number: int) -> Any:
    one = call(shards, number)
    for method in ("key_for", "keys_of"):
        if not callable(getattr(one, method, None)):
            raise Stopped(failed(f"The class has no method `{method}()`."))
    return one


def _keys_for(one: Any, tour: str, ids: list[str]) -> list[str]:
    call(one.key_for, tour, ids[0])  # says it if it cannot take these two
    keys = call(lambda: [one.key_for(tour, order_id) for order_id in ids])
    for key in keys:
        if not isinstance(key, str):
            raise Stopped(failed(f"`key_for` answers {key!r}, and a key is a text."))
    return keys


def _keys(one: Any, tour: str) -> list[str]:
    keys = call(one.keys_of, tour)
    if isinstance(keys, str) or not hasattr(keys, "__iter__"):
        raise Stopped(failed(f"`keys_of` answers {keys!r}, and not several keys."))
    return call(lambda: list(keys))
