"""Supervision of running requests: concurrency, time limits, disconnected clients."""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextvars import Context
from typing import Any, TypeVar

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive

from kit.db.read_pool import DATABASE_UNREACHABLE
from kit.errors import (
    ClientError,
    Forbidden,
    RateLimited,
    TimeLimitExceeded,
    Unauthenticated,
    Unavailable,
)
from kit.i18n import Language
from kit.runtime.metering import CpuThrottle, Meter
from kit.timeouts import Timeouts
from web.concurrency import ConcurrencyLimit, Requester
from web.request_body import ClientDisconnected
from web.responses import error_response

T = TypeVar("T")

# Seconds after which a request is watched for a disconnect: most responses are sent by then.
WATCH_DELAY = 0.05
RETRY_AFTER = "2"  # seconds, with each 503
PING_DELAY = 2.5  # seconds of a request after which the database is pinged


class BodyTimeout(TimeLimitExceeded):
    """The body did not arrive within its time limit."""


class WatchedRequest:
    """A request with the guard that starts if it takes longer than WATCH_DELAY."""

    __slots__ = ("begun", "guard", "guarding", "over", "reason", "task")

    def __init__(self, task: Any, begun: float, guard: Callable[["WatchedRequest"], Any]) -> None:
        self.task, self.begun, self.guard = task, begun, guard
        self.guarding: asyncio.Task[None] | None = None
        self.reason: Exception | None = None
        self.over = False

    def stop(self, reason: Exception) -> None:
        if self.reason is None and not self.over:
            self.reason = reason
            self.task.cancel()


class RequestSupervisor:
    """The supervisor of all requests, with one timer: one for each would cost microseconds."""

    def __init__(
        self, patience: Timeouts, places: ConcurrencyLimit, reachable: Callable[[], Awaitable[bool]]
    ) -> None:
        self.patience, self.places, self.reachable = patience, places, reachable
        self.pace = CpuThrottle()
        self.watched: dict[WatchedRequest, None] = {}  # in the order in which they began
        self.begun = 0  # requests
        self.clock: asyncio.TimerHandle | None = None
        self.ping_task: asyncio.Future[bool] | None = None

    def begun_if_idle(self) -> int | None:
        """Return how many requests have begun, or None while any has a place."""
        return None if self.places.taken else self.begun

    def set_priority(self, meter: Meter, asker: Requester) -> None:
        """Let requests with a key run before those without, from now on."""
        if asker.public:
            meter.pace = self.pace
        else:
            self.pace.mark_active()

    async def read(self, body: Coroutine[Any, Any, T]) -> T:
        """Read a body within its time limit. Raises BodyTimeout, and the errors of `body`.

        Most bodies have arrived: nothing is watched for them.
        """
        try:
            waited = body.send(None)
        except StopIteration as over:
            arrived: T = over.value
            return arrived
        return await self.watch(resume(body, waited), self.expect_body)

    async def answer(self, work: Coroutine[Any, Any, T], receive: Receive, asker: Requester) -> T:
        """Run a request within the limits.

        Raises Overloaded, TimeLimitExceeded, Unavailable, ClientDisconnected, and its own errors.
        """
        return await self.watch(
            self.in_turn(work, asker), lambda watch: self.expect_answer(watch, receive)
        )

    async def in_turn(self, work: Coroutine[Any, Any, T], asker: Requester) -> T:
        if not self.places.take_at_once(asker):
            try:
                await self.places.take(asker)
            except BaseException:
                work.close()
                raise
        try:
            return await work
        finally:
            self.places.release(asker)

    async def watch(
        self, work: Coroutine[Any, Any, T], guard: Callable[[WatchedRequest], Any]
    ) -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        self.begun += 1
        watch = WatchedRequest(task, loop.time(), guard)
        self.watched[watch] = None
        if self.clock is None:
            self.clock = self.later(loop)
        try:
            return await work
        except asyncio.CancelledError:
            if watch.reason is None:  # not cancelled by `stop`: the service shuts down
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
        quiet = loop.time() - WATCH_DELAY / 2
        for watch in list(self.watched):
            if watch.begun > quiet:
                break
            del self.watched[watch]
            watch.guarding = loop.create_task(watch.guard(watch))
        self.clock = self.later(loop) if self.watched else None

    def later(self, loop: asyncio.AbstractEventLoop) -> asyncio.TimerHandle:
        """Schedule `look` in an empty context, so that no request's meter or pace applies to it."""
        return loop.call_later(WATCH_DELAY, self.look, context=Context())

    async def expect_body(self, watch: WatchedRequest) -> None:
        await self.until(watch, self.patience.body)
        watch.stop(
            BodyTimeout(
                f"The body didn't arrive within the limit of {self.patience.body:g} s.",
                f"请求体未能在 {self.patience.body:g} 秒的上限内到达。",
            )
        )

    async def expect_answer(self, watch: WatchedRequest, receive: Receive) -> None:
        left = asyncio.ensure_future(wait_for_disconnect(receive))
        left.add_done_callback(
            lambda done: None if done.cancelled() else watch.stop(ClientDisconnected())
        )
        try:
            await self.until(watch, min(PING_DELAY, self.patience.request))
            if not await self.ping_database():
                watch.stop(Unavailable(*DATABASE_UNREACHABLE))
            await self.until(watch, self.patience.request)
            watch.stop(self.patience.request_timeout_error())
        finally:
            left.cancel()

    async def until(self, watch: WatchedRequest, seconds: float) -> None:
        await asyncio.sleep(watch.begun + seconds - asyncio.get_running_loop().time())

    async def ping_database(self) -> bool:
        """Ping the database. Concurrent callers share one ping."""
        if self.ping_task is None or self.ping_task.done():
            self.ping_task = asyncio.ensure_future(self.reachable())
        return await asyncio.shield(self.ping_task)


async def resume(begun: Coroutine[Any, Any, T], waited: Any) -> T:
    """Await a coroutine that has begun, from what it waits for."""
    result: T = await resumed(begun, waited)
    return result


@types.coroutine
def resumed(begun: Coroutine[Any, Any, T], waited: Any) -> Generator[Any, Any, T]:
    step: Callable[[Any], Any]
    while True:
        try:
            value = yield waited
            step = begun.send
        except BaseException as error:  # it goes to whom it is meant for
            step, value = begun.throw, error
        try:
            waited = step(value)
        except StopIteration as over:
            result: T = over.value
            return result


async def wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def is_unavailable(errors: Sequence[GraphQLError] | None) -> bool:
    """Return whether any error says that the service was unavailable or too slow."""
    return any(
        isinstance(error.original_error, Unavailable | TimeLimitExceeded) for error in errors or ()
    )


def client_error_response(error: ClientError, language: Language, media_type: str) -> Response:
    match error:
        case Unauthenticated():
            status, headers = 401, {"WWW-Authenticate": "Bearer"}
        case Forbidden():
            status, headers = 403, {}
        case RateLimited():
            status, headers = 429, {"Retry-After": str(error.after)}
        case BodyTimeout():  # the rest of the body must not be read as the next request
            status, headers = 408, {"Connection": "close"}
        case _:
            status, headers = 503, {"Retry-After": RETRY_AFTER}
    return error_response(status, error.code, error.sentence, language, media_type, **headers)
