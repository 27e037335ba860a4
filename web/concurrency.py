"""The number of requests that run at once, and the order of those that wait.

The number is small, so that no running request waits long for a connection. Requests without a key
have a share of it, which leaves the rest to partners. Waiting requesters take turns, one request
each, so that no requester waits behind all requests of another one.
"""

from functools import partial
from typing import Protocol

from kit.errors import Overloaded
from kit.i18n import Message
from kit.runtime.turns import TurnQueue

ALL_QUERIES = Message("queries", "查询")
PUBLIC_QUERIES = Message("queries without a key", "未附密钥的查询")


class Requester(Protocol):
    """A client whose requests are counted together. `public`: it has no key or token."""

    @property
    def name(self) -> str: ...
    @property
    def public(self) -> bool: ...


class ConcurrencyLimit:
    """At most `most` requests at once, of which at most `public` have no key."""

    def __init__(self, most: int, public: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.public_limit = max(1, min(public, most))
        self.taken = self.public = 0
        self.keyed_queue, self.public_queue = TurnQueue(), TurnQueue()

    def free(self, public: bool) -> bool:
        if self.taken >= self.most:
            return False
        return not public or self.public < self.public_limit

    def take_at_once(self, asker: Requester) -> bool:
        """Take a place if one is free and no request waits for it."""
        queue = self.public_queue if asker.public else self.keyed_queue
        if queue or not self.free(asker.public):
            return False
        self.hold(asker.public)
        return True

    async def take(self, asker: Requester) -> None:
        """Wait for a turn. Raises Overloaded after `seconds`."""
        if self.take_at_once(asker):
            return
        queue = self.public_queue if asker.public else self.keyed_queue
        late, give_back = partial(self.too_late, asker), partial(self.release, asker)
        await queue.wait(self.seconds, late, give_back, asker.name)

    def too_late(self, asker: Requester) -> Overloaded:
        if asker.public and self.taken < self.most:
            most, whose = self.public_limit, PUBLIC_QUERIES
        else:
            most, whose = self.most, ALL_QUERIES
        return Overloaded(
            f"This process answers at most {most} {whose.english} at once, and no place became "
            f"free within {self.seconds:g} s: try again in a moment.",
            f"本进程最多同时回答 {most} 个{whose.chinese}，目前已满，"
            f"{self.seconds:g} 秒内没有空位：请稍后再试。",
        )

    def hold(self, public: bool) -> None:
        self.taken += 1
        self.public += public

    def release(self, asker: Requester) -> None:
        self.taken -= 1
        self.public -= asker.public
        self.admit_waiting()

    def admit_waiting(self) -> None:
        for public, queue in ((False, self.keyed_queue), (True, self.public_queue)):
            while self.free(public) and queue.grant_next():
                self.hold(public)
