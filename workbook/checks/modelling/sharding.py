"""Exercise 4: a hot key in shards, which can be found again."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from workbook.checks.exactly_once.environment import another_environment
from workbook.learn import Verdict, call, failed, passed
from workbook.learn.running import Stopped
from workbook.sim import partitions

__all__ = ["check"]

_RATE_PER_S = 6_000
_ORDERS = 600


def check(shards: Callable) -> Verdict:
    """Whether writes spread evenly, over keys that a reader knows."""
    ids = [f"{random.Random(n).getrandbits(64):016x}" for n in range(_ORDERS)]
    for number in (10, 3):
        one = _made(shards, number)
        keys = [_key(one, "night-07", order_id) for order_id in ids]
        verdict = (
            _readers(one, number, keys)
            or _even(keys, number)
            or _again(shards, number, ids, keys)
        )
        if verdict is not None:
            return verdict
    verdict = _other_tours(shards)
    return verdict or passed(
        f"tried: {_ORDERS:,} orders in 10 and in 3 shards; of {_RATE_PER_S:,} writes a "
        f"second {_throttled(ids, shards):.1%} are throttled, and {_alone():.1%} "
        "without shards"
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


def _even(keys: list[str], number: int) -> Verdict | None:
    most = max(Counter(keys).values()) / len(keys)
    if most < 1.5 / number:
        return None
    return failed(
        f"Of {number} shards the fullest gets {most:.0%} of the orders.",
        look="Take a number from all of the order's id, such as a checksum, modulo "
        "the number of shards.",
    )


def _again(
    shards: Callable, number: int, ids: list[str], keys: list[str]
) -> Verdict | None:
    with another_environment(shards):
        other = _made(shards, number)
        later = [_key(other, "night-07", order_id) for order_id in ids[:50]]
    if later == keys[:50]:
        return None
    return failed(
        "Asked again in another process, the same order has another key: nobody "
        "finds it by its id.",
        look="No chance, and no `hash()`, which each process salts: `zlib.crc32`.",
    )


def _other_tours(shards: Callable) -> Verdict | None:
    one = _made(shards, 12)
    if set(_keys(one, "night-1")) & set(_keys(one, "night-11")):
        return failed(
            "“night-1” and “night-11” share a key.",
            look="Put a sign between the tour and the number that no tour ends with.",
        )
    return None


def _throttled(ids: list[str], shards: Callable) -> float:
    one = _made(shards, 10)
    number = Counter(_key(one, "night-07", order_id) for order_id in ids)
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


def _key(one: Any, tour: str, order_id: str) -> str:
    key = call(one.key_for, tour, order_id)
    if not isinstance(key, str):
        raise Stopped(failed(f"`key_for` answers {key!r}, and a key is a text."))
    return key


def _keys(one: Any, tour: str) -> list[str]:
    keys = call(one.keys_of, tour)
    if isinstance(keys, str) or not hasattr(keys, "__iter__"):
        raise Stopped(failed(f"`keys_of` answers {keys!r}, and not several keys."))
    return list(keys)
