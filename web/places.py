"""How many questions are answered at once, and whose turn is next.

Places are few, so that none waits for a connection for long. Those without a key have a share of
them, which leaves some for partners whatever the public asks; and those who wait are let in by
turns, one question of each, so that nobody waits behind all the questions of somebody else.
"""

import asyncio
from collections import deque
from typing import Protocol

from kit.errors import Overloaded
from kit.language import Message

ALL_QUERIES = Message("queries are being answered", "查询")
PUBLIC_QUERIES = Message("queries are being answered for those without a key", "未附密钥的查询")


class Requester(Protocol):
    """Whose questions are counted together; `public`: without a key or token."""

    @property
    def name(self) -> str: ...
    @property
    def public(self) -> bool: ...


class FairQueue:
    """Those who wait: the asker that was let in longest ago comes first."""

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
    """`most` questions at once, of which `public` are for those without a key at most."""

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
        """Raises Overloaded. Those before may have left already, which is seen a moment later."""
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
                self.release(asker)  # its turn had come
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
