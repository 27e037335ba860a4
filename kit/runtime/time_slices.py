"""Runs long work of the event loop in slices, so that other requests run between them.

The work calls `yield_to_loop` wherever it may be interrupted, at any depth. Outside of
`run_in_slices` that call does nothing, so the same functions serve scripts, tests and threads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from math import inf
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy.util import await_only, greenlet_spawn

T = TypeVar("T")

SLICE_SECONDS = 0.005  # of a piece; then the next `yield_to_loop` lets other requests go first

slice_end: ContextVar[float] = ContextVar("ends", default=inf)  # of the piece that runs


async def run_in_slices(work: Callable[..., T], *arguments: Any) -> T:
    """Run the work in slices; return or raise its result."""
    before = slice_end.set(perf_counter() + SLICE_SECONDS)
    try:
        result: T = await greenlet_spawn(work, *arguments)
    finally:
        slice_end.reset(before)
    return result


def yield_to_loop() -> None:
    if perf_counter() > slice_end.get():
        await_only(asyncio.sleep(0))
        slice_end.set(perf_counter() + SLICE_SECONDS)


class OneAtATime:
    """Work that takes much memory is done by one after another."""

    def __init__(self) -> None:
        self.under_way: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        while self.under_way is not None:
            await asyncio.wait([self.under_way])
        mine = self.under_way = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            self.under_way = None
            mine.set_result(None)


class SingleFlight:
    """Work that several need at the same time is done once: by the first, and others wait."""

    def __init__(self) -> None:
        self.under_way: dict[Any, asyncio.Future[Any]] = {}

    async def done(self, key: Any, work: Callable[[], Awaitable[T]]) -> T:
        """Return or raise the result of the key's work; it goes on if one waiter is cancelled."""
        while (others := self.under_way.get(key)) is not None:
            await asyncio.wait([others])
            if not others.cancelled():
                theirs: T = others.result()
                return theirs
        mine = self.under_way[key] = asyncio.get_running_loop().create_future()
        try:
            result = await work()
        except Exception as error:
            mine.set_exception(error)
            mine.exception()  # marks it as retrieved: there may be no other waiter
            raise
        except BaseException:
            mine.cancel()
            raise
        else:
            mine.set_result(result)
            return result
        finally:
            del self.under_way[key]
