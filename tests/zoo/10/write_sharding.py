"""Answers to 10.4-write-sharding."""

import functools
import hashlib
import itertools
import random
import zlib

from tests.zoo import right, wrong


class _Ours:
    def __init__(self, shards):
        self.shards = shards

    def number(self, order_id):
        return zlib.crc32(order_id.encode()) % self.shards

    def key(self, tour, number):
        return f"{tour}#{number}"

    def key_for(self, tour, order_id):
        return self.key(tour, self.number(order_id))

    def keys_of(self, tour):
        return [self.key(tour, number) for number in range(self.shards)]


@right
class ByMd5(_Ours):
    def number(self, order_id):
        return int(hashlib.md5(order_id.encode()).hexdigest(), 16) % self.shards


@right
class NumbersFirst(_Ours):
    def key(self, tour, number):
        return f"{number:03}/{tour}"

    def keys_of(self, tour):
        return tuple(super().keys_of(tour))


@right
class ByTheTourToo(_Ours):
    def key_for(self, tour, order_id):
        return self.key(tour, self.number(tour + order_id))


@wrong("and a reader does not ask there")
class ReadersMissTheLast(_Ours):
    def keys_of(self, tour):
        return super().keys_of(tour)[:-1]


@wrong("a reader asks 11 keys")
class ReadersAskOneMore(_Ours):
    def keys_of(self, tour):
        return [*super().keys_of(tour), tour]


@wrong("one of 10 shards gets 6,000 of 6,000 orders, and one 0")
class OneShard(_Ours):
    def number(self, order_id):
        return 0


@wrong("has another key")
class ByChance(_Ours):
    def number(self, order_id):
        return random.randrange(self.shards)


@wrong("has another key", same_as="ByChance")
class BySaltedHash(_Ours):
    def number(self, order_id):
        return hash(order_id) % self.shards


@wrong("share the key 'night-110'")
class GluedTogether(_Ours):
    def key(self, tour, number):
        return f"{tour}{number}"


@wrong("and a key is a text")
class Tuples(_Ours):
    def key(self, tour, number):
        return tour, number


@wrong("and not several keys")
class OneKeyForReaders(_Ours):
    def keys_of(self, tour):
        return tour


@wrong("has no method `keys_of()`")
class WithoutReaders:
    def __init__(self, shards):
        self.shards = shards

    def key_for(self, tour, order_id):
        return f"{tour}#{zlib.crc32(order_id.encode()) % self.shards}"


@wrong("For 3 shards a reader asks 10 keys")
class AlwaysTen(_Ours):
    def __init__(self, shards):
        super().__init__(10 if shards == 3 else shards)


@wrong("With ids in a sequence one of 3 shards gets")
class ByTheLastLetter(_Ours):
    """Ten figures do not go evenly into three, nor into twenty."""

    def number(self, order_id):
        return ord(order_id[-1]) % self.shards


@wrong("one of 10 shards gets 6,000 of 6,000 orders, and one 0", same_as="OneShard")
class ByTheFirstLetter(_Ours):
    def number(self, order_id):
        return ord(order_id[0]) % self.shards


@wrong("With ids in a sequence one of 20 shards gets")
class ByTheSumOfTheLetters(_Ours):
    """Even for ten shards; a sum of figures is a bell for more."""

    def number(self, order_id):
        return sum(order_id.encode()) % self.shards


@wrong("With ids by chance one of 10 shards gets")
class ByTheNumberInTheId(_Ours):
    """Sixteen letters, ten shards."""

    def number(self, order_id):
        figures = order_id.removeprefix("order-")
        last = figures[-1] if len(figures) > 5 else figures
        return int(last, 16 if last is not figures else 10) % self.shards


@wrong("one of 10 shards gets 750 of 6,000 orders")
class FourBitsOfAChecksum(_Ours):
    def number(self, order_id):
        return (zlib.crc32(order_id.encode()) & 15) % self.shards


@wrong("invalid literal for int()", status="your code raised")
class EachIdEndsWithANumber(_Ours):
    def number(self, order_id):
        return int(order_id.rpartition("-")[2]) % self.shards


@wrong("has another key", same_as="ByChance")
class InTurn(_Ours):
    def __init__(self, shards):
        super().__init__(shards)
        self.turn = itertools.count()

    def number(self, order_id):
        return next(self.turn) % self.shards


_turn = itertools.count()


@wrong("has another key", same_as="ByChance")
class InTurnForAll(_Ours):
    def number(self, order_id):
        return next(_turn) % self.shards


_seen = {}


@wrong("has another key", same_as="ByChance")
class RemembersWhereItPutThem(_Ours):
    """As long as the process lives."""

    def number(self, order_id):
        return _seen.setdefault((self.shards, order_id), random.randrange(self.shards))


@functools.cache
def _drawn(shards, order_id):
    return random.randrange(shards)


@wrong("has another key", same_as="ByChance")
class CachesWhatItDraws(_Ours):
    def number(self, order_id):
        return _drawn(self.shards, order_id)


@wrong("share the key '11night-1'")
class NumberGluedBefore(_Ours):
    def key(self, tour, number):
        return f"{number}{tour}"


@wrong("“night-1” and “Night-1” share")
class InSmallLetters(_Ours):
    def key(self, tour, number):
        return f"{tour.lower()}#{number}"


@wrong("share the key 'the last night of th#0'")
class ShortKeys(_Ours):
    def key(self, tour, number):
        return f"{tour[:20]}#{number}"


@wrong("“night” and “night#1” share")
class CutsAtTheSign(_Ours):
    def key(self, tour, number):
        return f"{tour.split('#')[0]}#{number}"


@wrong("“2018-02-01/2” and “2018-02-01/10” share")
class AThousandTours(_Ours):
    """A checksum of three figures meets another one soon."""

    def key(self, tour, number):
        return f"{zlib.crc32(tour.encode()) % 1000}#{number}"


@right
class BySeededChance(_Ours):
    """A text as the seed gives the same number in every process."""

    def number(self, order_id):
        return random.Random(order_id).randrange(self.shards)


@right
class ByTheTopOfTheChecksum(_Ours):
    """Multiplied and shifted instead of divided; letters for numbers."""

    def number(self, order_id):
        return zlib.crc32(order_id.encode()) * self.shards >> 32

    def key(self, tour, number):
        return f"{tour}#{chr(ord('a') + number)}"

    def keys_of(self, tour):
        return iter(super().keys_of(tour))
