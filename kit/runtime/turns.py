"""Waiting for a turn, with a limit of time: a fair queue, and a semaphore that uses it."""

import asyncio
from collections.abc import Callable

MAX_WAITING = 10_000  # waiters of one queue; the limit of open HTTP connections is usually lower


class TurnQueue:
    """Waiters take turns by name; under one name, first come, first served."""

    def __init__(self, most: int = MAX_WAITING) -> None:
        self.most = most
        self.waiting: dict[str, dict[asyncio.Future[None], None]] = {}

    def __len__(self) -> int:
        return sum(map(len, self.waiting.values()))

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def add(self, name: str = "") -> asyncio.Future[None]:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(name, {})[turn] = None
        return turn

    def discard(self, turn: asyncio.Future[None], name: str) -> None:
        turns = self.waiting.get(name, {})
        turns.pop(turn, None)
        if not turns:
            self.waiting.pop(name, None)

    def grant_next(self) -> bool:
        """Grant a turn. Return False if there is no waiter."""
        while self.waiting:
            name = next(iter(self.waiting))
            turns = self.waiting.pop(name)
            turn = next(iter(turns))
            del turns[turn]
            if turns:
                self.waiting[name] = turns  # behind the other names
            if not turn.done():
                turn.set_result(None)
                return True
        return False

    async def wait(
        self,
        seconds: float,
        late: Callable[[], Exception],
        give_back: Callable[[], object],
        name: str = "",
    ) -> None:
        """Wait for a turn. Raises the error of `late` after `seconds`, or if the queue is full.

        A waiter can be cancelled between the grant and its next step: `give_back` takes the turn.
        """
        if len(self) >= self.most:
            raise late()
        turn = self.add(name)
        timer = turn.get_loop().call_later(seconds, refuse, turn, late)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                give_back()
            raise
        finally:
            timer.cancel()
            self.discard(turn, name)


def refuse(turn: asyncio.Future[None], late: Callable[[], Exception]) -> None:
    if not turn.done():
        turn.set_exception(late())


class FairSemaphore:
    """At most `number` holders at once. Waiters go before newcomers."""

    def __init__(self, number: int, seconds: float, late: Callable[[], Exception]) -> None:
        self.free, self.seconds, self.late = number, seconds, late
        self.queue = TurnQueue()

    async def acquire(self) -> None:
        """Raise the error of `late` after `seconds`."""
        if self.free:
            self.free -= 1
        else:
            await self.queue.wait(self.seconds, self.late, self.release)

    def release(self) -> None:
        if not self.queue.grant_next():
            self.free += 1
