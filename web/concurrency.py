"""The number of requests that run at once, and the order of those that wait.

The number is small, so that no running request waits long for a connection. Requests without a key
have a share of it, which leaves the rest to partners. Waiting requesters take turns, one request
each, so that no requester waits behind all requests of another one.
"""

import asyncio
from collections import deque
from typing import Protocol

from kit.errors import Overloaded
from kit.i18n import Message

ALL_QUERIES = Message("queries are being answered", "查询")
PUBLIC_QUERIES = Message("queries are being answered for those without a key", "未附密钥的查询")


class Requester(Protocol):
    """A client whose requests are counted together. `public`: it has no key or token."""

    @property
    def name(self) -> str: ...
    @property
    def public(self) -> bool: ...


class FairQueue:
    """Waiting requests, served round-robin by requester."""

    def __init__(self) -> None:
        self.waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def add(self, name: str) -> asyncio.Future[None]:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(name, deque()).append(turn)
        return turn

    def next(self) -> asyncio.Future[None] | None:
        while self.waiting:
            name = next(iter(self.waiting))
            turns = self.waiting.pop(name)
            turn = turns.popleft()
            if turns:
                self.waiting[name] = turns
            if not turn.done():
                return turn
        return None


class ConcurrencyLimit:
    """At most `most` requests at once, of which at most `public` have no key."""

    def __init__(self, most: int, public: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.public_limit = max(1, min(public, most))
        self.taken = self.public = 0
        self.keyed_queue, self.public_queue = FairQueue(), FairQueue()

    def free(self, public: bool) -> bool:
        if self.taken >= self.most:
            return False
        return not public or self.public < self.public_limit

    async def take(self, asker: Requester) -> None:
        """Wait for a turn. Raises Overloaded after `seconds`.

        Cancelled requests stay in a queue until `next` skips them.
        """
        turns = self.public_queue if asker.public else self.keyed_queue
        if not turns.waiting and self.free(asker.public):
            self.hold(asker.public)
            return
        turn = turns.add(asker.name)
        late = asyncio.get_running_loop().call_later(self.seconds, self.too_late, turn, asker)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release(asker)  # the turn was granted just before the cancellation
            raise
        finally:
            late.cancel()

    def too_late(self, turn: asyncio.Future[None], asker: Requester) -> None:
        if turn.done():
            return
        if asker.public and self.taken < self.most:
            most, whose = self.public_limit, PUBLIC_QUERIES
        else:
            most, whose = self.most, ALL_QUERIES
        turn.set_exception(
            Overloaded(
                f"{most} {whose.english}, which is as many as this process takes at once, and "
                f"nobody waits longer than {self.seconds:g} s: try again in a moment.",
                f"本进程最多同时回答 {most} 个{whose.chinese}，目前已满，"
                f"最多等待 {self.seconds:g} 秒：请稍后再试。",
            )
        )

    def hold(self, public: bool) -> None:
        self.taken += 1
        self.public += public

    def release(self, asker: Requester) -> None:
        self.taken -= 1
        self.public -= asker.public
        self.admit_waiting()

    def admit_waiting(self) -> None:
        for public, turns in ((False, self.keyed_queue), (True, self.public_queue)):
            while turns.waiting and self.free(public) and (turn := turns.next()):
                self.hold(public)
                turn.set_result(None)
