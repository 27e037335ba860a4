"""Questions while they run: how many at once, how long, and for whom."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive

from kit.errors import Busy, Forbidden, Overrun, RateLimited, Told, Unauthenticated, Unavailable
from kit.language import Language
from kit.patience import Patience
from kit.work import OUT_OF_REACH
from web.answers import refusal
from web.body import Gone

T = TypeVar("T")

QUIET = 0.05  # seconds before anybody looks whether the client is still there: most answers are out
RETRY_AFTER = "2"  # seconds, with each 503
SILENCE = 2.5  # seconds before anybody asks whether the database is still there


class TooSlow(Overrun):
    """The client took its time."""


class Watch:
    """A request, and what is done when it isn't over after QUIET seconds."""

    __slots__ = ("begun", "guard", "guarding", "over", "reason", "task")

    def __init__(self, task: Any, begun: float, guard: Callable[["Watch"], Any]) -> None:
        self.task, self.begun, self.guard = task, begun, guard
        self.guarding: asyncio.Task[None] | None = None
        self.reason: Exception | None = None
        self.over = False

    def stop(self, reason: Exception) -> None:
        if self.reason is None and not self.over:
            self.reason = reason
            self.task.cancel()


class Running:
    """One clock for all requests: a timer of its own for each would cost several microseconds."""

    def __init__(
        self, patience: Patience, most: int, reachable: Callable[[], Awaitable[bool]]
    ) -> None:
        self.patience, self.most, self.reachable = patience, most, reachable
        self.places = asyncio.Semaphore(most)
        self.watched: dict[Watch, None] = {}  # the one that began first comes first
        self.clock: asyncio.TimerHandle | None = None
        self.knocking: asyncio.Future[bool] | None = None

    async def read(self, body: Coroutine[Any, Any, T]) -> T:
        """Raises TooSlow, and what the reading raises."""
        return await self.watch(body, self.expect_body)

    async def answer(self, work: Coroutine[Any, Any, T], receive: Receive) -> T:
        """Raises Busy, Overrun, Unavailable, Gone, and what the work raises."""
        return await self.watch(
            self.in_turn(work), lambda watch: self.expect_answer(watch, receive)
        )

    async def in_turn(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            await self.take_place()
        except BaseException:
            work.close()
            raise
        try:
            return await work
        finally:
            self.places.release()

    async def take_place(self) -> None:
        """Those before may have left already, which is seen a moment later: so there is a queue."""
        if not self.places.locked():
            await self.places.acquire()
            return
        try:
            async with asyncio.timeout(self.patience.pool):
                await self.places.acquire()
        except TimeoutError as error:
            raise Busy(
                f"{self.most} queries are being answered, which is as many as this process takes "
                f"at once, and nobody waits longer than {self.patience.pool:g} s: try again in a "
                "moment.",
                f"本进程最多同时回答 {self.most} 个查询，目前已满，"
                f"最多等待 {self.patience.pool:g} 秒：请稍后再试。",
            ) from error

    async def watch(self, work: Coroutine[Any, Any, T], guard: Callable[[Watch], Any]) -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        watch = Watch(task, loop.time(), guard)
        self.watched[watch] = None
        if self.clock is None:
            self.clock = loop.call_later(QUIET, self.look)
        try:
            return await work
        except asyncio.CancelledError:
            if watch.reason is None:  # somebody else's doing: the service ends
                raise
            task.uncancel()
            raise watch.reason from None
        finally:
            watch.over = True
            self.watched.pop(watch, None)
            if watch.guarding is not None:
                watch.guarding.cancel()

    def look(self) -> None:
        loop = asyncio.get_running_loop()
        quiet = loop.time() - QUIET / 2
        for watch in list(self.watched):
            if watch.begun > quiet:
                break
            del self.watched[watch]
            watch.guarding = loop.create_task(watch.guard(watch))
        self.clock = loop.call_later(QUIET, self.look) if self.watched else None

    async def expect_body(self, watch: Watch) -> None:
        await self.until(watch, self.patience.body)
        watch.stop(
            TooSlow(
                f"The body took longer than {self.patience.body:g} s to arrive, which is the "
                "limit.",
                f"请求体未能在 {self.patience.body:g} 秒的上限内到达。",
            )
        )

    async def expect_answer(self, watch: Watch, receive: Receive) -> None:
        left = asyncio.ensure_future(client_left(receive))
        left.add_done_callback(lambda done: None if done.cancelled() else watch.stop(Gone()))
        try:
            await self.until(watch, min(SILENCE, self.patience.request))
            if not await self.knock():
                watch.stop(Unavailable(*OUT_OF_REACH))
            await self.until(watch, self.patience.request)
            watch.stop(self.patience.no_answer())
        finally:
            left.cancel()

    async def until(self, watch: Watch, seconds: float) -> None:
        await asyncio.sleep(watch.begun + seconds - asyncio.get_running_loop().time())

    async def knock(self) -> bool:
        """All who wait at the same time knock together."""
        if self.knocking is None or self.knocking.done():
            self.knocking = asyncio.ensure_future(self.reachable())
        return await asyncio.shield(self.knocking)


async def client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def unanswered(errors: Sequence[GraphQLError] | None) -> bool:
    """Whether one of them is that nothing could be answered now, or in time."""
    return any(isinstance(error.original_error, Unavailable | Overrun) for error in errors or ())


def refused(error: Told, language: Language, media_type: str) -> Response:
    match error:
        case Unauthenticated():
            status, headers = 401, {"WWW-Authenticate": "Bearer"}
        case Forbidden():
            status, headers = 403, {}
        case RateLimited():
            status, headers = 429, {"Retry-After": str(error.after)}
        case TooSlow():  # what may still arrive of the body is not the next request
            status, headers = 408, {"Connection": "close"}
        case _:
            status, headers = 503, {"Retry-After": RETRY_AFTER}
    return refusal(status, error.code, error.sentence, language, media_type, **headers)
