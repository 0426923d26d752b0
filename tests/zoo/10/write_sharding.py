"""Answers to 10.4-write-sharding."""

import hashlib
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


@wrong("the fullest gets 100%")
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


@wrong("share a key")
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


@wrong("Of 3 shards the fullest gets")
class ByTheFirstLetterIfThree(_Ours):
    """Sixteen letters, eight of them in the first shard of three."""

    def number(self, order_id):
        spread = zlib.crc32(order_id.encode()) % self.shards
        return spread if self.shards != 3 else int(order_id[0], 16) // 8
