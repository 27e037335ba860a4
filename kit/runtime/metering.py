"""Measures what a request uses: CPU of its tasks and threads, and time of its statements.

One thread runs many requests in turn. So each task of a request is driven step by step, from one
wait to the next, and the clock of the thread is read around each step: twice, because that read
takes half a microsecond.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar
from time import monotonic, perf_counter, thread_time
from typing import Any, ParamSpec, TypeVar

from kit.runtime.turns import TurnQueue

P = ParamSpec("P")
T = TypeVar("T")

SLOW_LANE_SHARE = 0.1  # of the process, for the slow lane, while others ask
ACTIVE_SECONDS = 1.0  # seconds for which a client counts as active after a request
# Seconds of work that the slow lane may do at once when it has done none lately.
SLOW_LANE_BURST = 0.02


class CpuThrottle:
    """While others ask, all in the slow lane together take a tenth of the process.

    `free` is when the lane has paid for what it took so far (the generic cell rate algorithm).
    """

    def __init__(self) -> None:
        self.until = 0.0  # when others count as asking no longer
        self.free = 0.0
        self.waiting = TurnQueue()
        self.timer: asyncio.TimerHandle | None = None

    def mark_active(self) -> None:
        self.until = monotonic() + ACTIVE_SECONDS

    def take(self, seconds: float) -> None:
        if self.until:
            self.free = (
                max(self.free, monotonic() - SLOW_LANE_BURST / SLOW_LANE_SHARE)
                + seconds / SLOW_LANE_SHARE
            )
            self.schedule_wake()

    def turn(self) -> asyncio.Future[None] | None:
        """To be waited for before the next step; None: it may be done now."""
        if not self.until:
            return None
        now = monotonic()
        if now >= self.until:
            self.until = 0.0
            self.release_all()
            return None
        if not self.waiting and self.free <= now:
            return None
        turn = self.waiting.add()
        self.schedule_wake()
        return turn

    def schedule_wake(self) -> None:
        if self.waiting and self.timer is None:
            seconds = max(0.0, min(self.free, self.until) - monotonic())
            self.timer = asyncio.get_running_loop().call_later(seconds, self.wake)

    def wake(self) -> None:
        """Wake the next one, which takes its step and reports its cost before another is woken."""
        self.timer = None
        if monotonic() >= self.until:
            self.release_all()
            return
        if self.free > monotonic():
            self.schedule_wake()
            return
        self.waiting.grant_next()

    def release_all(self) -> None:
        while self.waiting.grant_next():
            pass


class Meter:
    """Seconds that one request has taken so far, of CPU and of waiting for statements."""

    __slots__ = ("asking", "began", "cpu", "pace", "settled", "statements")

    def __init__(self) -> None:
        self.cpu = self.statements = 0.0
        self.began = 0.0  # on the thread's clock, the step that is under way
        self.asking = False  # whether the task that runs waits for a statement when it waits next
        self.settled = False
        self.pace: CpuThrottle | None = None  # of whom lets others go first

    def settle(self) -> float:
        """Return the milliseconds so far, inside a step; the rest of the step is not charged."""
        self.count(thread_time())
        self.settled = True
        return (self.cpu + self.statements) * 1000

    def count(self, now: float) -> None:
        took = now - self.began
        self.cpu += took
        self.began = now
        if self.pace is not None:
            self.pace.take(took)


UNMETERED = Meter()  # of work outside requests: it is never read
CURRENT_METER: ContextVar[Meter] = ContextVar("METER", default=UNMETERED)


class MeteredAwaitable:
    """Awaits a coroutine, and has its steps counted."""

    __slots__ = ("coroutine", "meter")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], meter: Meter) -> None:
        self.coroutine, self.meter = coroutine, meter

    def __await__(self) -> Generator[Any, Any, Any]:
        meter, step, value = self.meter, self.coroutine.send, None
        asking, resumed = False, 0.0
        while True:
            if meter.pace is not None and (turn := meter.pace.turn()) is not None:
                try:
                    yield from turn
                except GeneratorExit:
                    self.coroutine.close()
                    raise
                except BaseException as error:  # it goes to whom it is meant for
                    step, value = self.coroutine.throw, error
                resumed = 0.0
            meter.asking, meter.began = asking, resumed or thread_time()
            try:
                waited = step(value)
            except BaseException as error:
                if not meter.settled:
                    meter.count(thread_time())
                if isinstance(error, StopIteration):
                    return error.value
                raise
            left = thread_time()
            meter.count(left)
            asking, meter.asking = meter.asking, False
            began = perf_counter() if asking else 0.0
            try:
                value = yield waited
                step = self.coroutine.send
            except GeneratorExit:
                # The coroutine may be collected and closed by now: then it can't be resumed, not
                # even with this exception.
                self.coroutine.close()
                raise
            except BaseException as error:  # so does this one
                step, value = self.coroutine.throw, error
            if asking:
                # Meanwhile this thread worked for other requests: it isn't charged here.
                resumed = thread_time()
                meter.statements += max(0.0, perf_counter() - began - (resumed - left))
            else:
                resumed = 0.0


async def run_metered(coroutine: Coroutine[Any, Any, T], meter: Meter) -> T:
    """Run and meter a coroutine, with its tasks if `metering_tasks` is on."""
    token = CURRENT_METER.set(meter)
    try:
        result: T = await MeteredAwaitable(coroutine, meter)
        return result
    finally:
        CURRENT_METER.reset(token)


class StatementTimer:
    """Around a wait for a statement of the database: the time counts for the request."""

    def __enter__(self) -> None:
        CURRENT_METER.get().asking = True

    def __exit__(self, *error: object) -> None:
        CURRENT_METER.get().asking = False


STATEMENT_TIMER = StatementTimer()


def meter_in_thread(work: Callable[P, T]) -> Callable[P, T]:
    """Wrap work for another thread: its CPU time there counts for this request."""
    meter = CURRENT_METER.get()

    def counted(*arguments: P.args, **named: P.kwargs) -> T:
        began = thread_time()
        try:
            return work(*arguments, **named)
        finally:
            meter.cpu += thread_time() - began

    return counted


@asynccontextmanager
async def metering_tasks() -> AsyncIterator[None]:
    """Meanwhile, in this loop, what a request's tasks take counts for the request."""
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    loop.set_task_factory(metered_task)
    try:
        yield
    finally:
        loop.set_task_factory(before)


def metered_task(
    loop: asyncio.AbstractEventLoop, coroutine: Any, *, context: Context | None = None
) -> asyncio.Task[Any]:
    meter = CURRENT_METER.get() if context is None else context.get(CURRENT_METER, UNMETERED)
    if meter is not UNMETERED:
        coroutine = MeteredCoroutine(coroutine, meter)
    return asyncio.Task(coroutine, loop=loop, context=context)


class MeteredCoroutine(Coroutine[Any, Any, T]):
    """A task's coroutine, counted; one that is broken off before it begins is never begun."""

    __slots__ = ("coroutine", "meter", "steps")

    def __init__(self, coroutine: Coroutine[Any, Any, T], meter: Meter) -> None:
        self.coroutine, self.meter = coroutine, meter
        self.steps: Generator[Any, Any, T] | None = None

    def send(self, value: Any) -> Any:
        if self.steps is None:
            self.steps = MeteredAwaitable(self.coroutine, self.meter).__await__()
        return self.steps.send(value)

    def throw(self, *error: Any) -> Any:
        return (self.steps or self.coroutine).throw(*error)

    def close(self) -> None:
        (self.steps or self.coroutine).close()

    def __await__(self) -> Generator[Any, Any, T]:
        return MeteredAwaitable(self.coroutine, self.meter).__await__()
