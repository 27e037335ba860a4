"""Questions while they run: how many at once, how long, and for whom."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context
from typing import Any, TypeVar

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive

from kit.errors import Forbidden, Overrun, RateLimited, Told, Unauthenticated, Unavailable
from kit.language import Language
from kit.metered import Meter, Pace
from kit.patience import Patience
from kit.work import OUT_OF_REACH
from web.answers import refusal
from web.body import Gone
from web.places import Asker, Places

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
        self, patience: Patience, places: Places, reachable: Callable[[], Awaitable[bool]]
    ) -> None:
        self.patience, self.places, self.reachable = patience, places, reachable
        self.pace = Pace()
        self.watched: dict[Watch, None] = {}  # the one that began first comes first
        self.clock: asyncio.TimerHandle | None = None
        self.knocking: asyncio.Future[bool] | None = None

    def give_way(self, meter: Meter, asker: Asker) -> None:
        """Those without a key let those with one go first, from now on."""
        if asker.public:
            meter.pace = self.pace
        else:
            self.pace.others_ask()

    async def read(self, body: Coroutine[Any, Any, T]) -> T:
        """Raises TooSlow, and what the reading raises."""
        return await self.watch(body, self.expect_body)

    async def answer(self, work: Coroutine[Any, Any, T], receive: Receive, asker: Asker) -> T:
        """Raises Busy, Overrun, Unavailable, Gone, and what the work raises."""
        return await self.watch(
            self.in_turn(work, asker), lambda watch: self.expect_answer(watch, receive)
        )

    async def in_turn(self, work: Coroutine[Any, Any, T], asker: Asker) -> T:
        try:
            await self.places.take(asker)
        except BaseException:
            work.close()
            raise
        try:
            return await work
        finally:
            self.places.release(asker)

    async def watch(self, work: Coroutine[Any, Any, T], guard: Callable[[Watch], Any]) -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        watch = Watch(task, loop.time(), guard)
        self.watched[watch] = None
        if self.clock is None:
            self.clock = self.later(loop)
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
        self.clock = self.later(loop) if self.watched else None

    def later(self, loop: asyncio.AbstractEventLoop) -> asyncio.TimerHandle:
        """In a context of its own: no request is charged for the clock, or lets it wait."""
        return loop.call_later(QUIET, self.look, context=Context())

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
