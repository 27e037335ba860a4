"""Whose turn it is: partners have places of their own, and askers come in by turns."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import thread_time
from typing import Any

import pytest

from kit.db.postgres_pool import POSTGRES_CONNECTIONS
from kit.errors import Overloaded
from kit.runtime.metering import (
    CURRENT_METER,
    SLOW_LANE_BURST,
    SLOW_LANE_SHARE,
    STATEMENT_TIMER,
    CpuThrottle,
    Meter,
    meter_in_thread,
    metering_tasks,
    run_metered,
)
from server import PUBLIC_SHARE
from tests.limits.test_running import lock_workers
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.over_http import SAMPLE_QUERY, post_graphql, refusal_message, serve
from tests.support.partners import issue_partner_keys, post_with_credential
from web.concurrency import ConcurrencyLimit

PUBLIC_PLACES = round(POSTGRES_CONNECTIONS * PUBLIC_SHARE)


@dataclass(frozen=True)
class StubViewer:
    name: str
    public: bool = True


@pytest.fixture
def postgres(databases: Databases) -> Iterator[tuple[str, str]]:
    """Yield the examples, and the key of a partner."""
    url = databases.copy("postgresql", "examples")
    yield url, run_async(issue_partner_keys(url))["demo_college"]
    databases.drop(url)


async def test_partners_are_answered_while_the_public_has_all_of_its_places(
    postgres: tuple[str, str],
) -> None:
    """Each of its questions waits for a lock; one more waits for a place, and not for ever."""
    url, key = postgres
    settings: dict[str, Any] = {"lock_seconds": 60, "pool_seconds": 0.5}
    async with serve(url, None, **settings) as client:
        assert (await post_with_credential(client, key)).status_code == 200
        async with lock_workers(url):
            waiting = [
                asyncio.create_task(post_graphql(client, SAMPLE_QUERY))
                for _ in range(PUBLIC_PLACES)
            ]
            await asyncio.sleep(1)
            sentence = refusal_message(await post_graphql(client, SAMPLE_QUERY), 503, "UNAVAILABLE")
            assert sentence.startswith(
                f"This process answers at most {PUBLIC_PLACES} queries without a key at once, "
            )
            own = await post_with_credential(client, key, {"query": "{ regions { totalCount } }"})
            assert own.json()["data"]["regions"]["totalCount"] > 0
            assert not any(one.done() for one in waiting)
        for one in waiting:
            assert (await one).json()["data"]["worker"]


async def entering(
    places: ConcurrencyLimit, *askers: StubViewer
) -> tuple[list[str], list[asyncio.Task[None]]]:
    """Return the names of those who were let in, in that order, and their waiting."""
    entered: list[str] = []

    async def enter(asker: StubViewer) -> None:
        await places.take(asker)
        entered.append(asker.name)

    tasks = []
    for asker in askers:
        tasks.append(asyncio.create_task(enter(asker)))
        await asyncio.sleep(0)
    return entered, tasks


async def test_those_who_wait_come_in_by_turns_and_those_with_a_key_first() -> None:
    a, b, key = StubViewer("a"), StubViewer("b"), StubViewer("key", public=False)
    places = ConcurrencyLimit(most=1, public=1, seconds=60)
    await places.take(a)
    entered, tasks = await entering(places, a, a, a, b, key)
    assert entered == []
    leaving = a
    for asker in (key, a, b, a, a):
        places.release(leaving)
        await asyncio.sleep(0)
        leaving = asker
    places.release(leaving)
    await asyncio.gather(*tasks)
    assert entered == ["key", "a", "b", "a", "a"]
    assert (places.taken, places.public) == (0, 0)


async def test_no_place_is_lost_with_those_who_give_up_waiting() -> None:
    a = StubViewer("a")
    places = ConcurrencyLimit(most=2, public=1, seconds=0.05)
    await places.take(a)
    _, [early, late, third] = await entering(places, a, a, a)
    early.cancel()  # before its turn
    await asyncio.sleep(0)
    places.release(a)
    late.cancel()  # when its turn has come, and before it has heard of it
    await third
    places.release(a)
    assert (places.taken, places.public) == (0, 0)
    await places.take(a)
    with pytest.raises(Overloaded, match="at most 1 queries without a key at once"):
        await places.take(a)
    places.release(a)
    assert (places.taken, places.public) == (0, 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def at(seconds: float) -> None:
        monkeypatch.setattr("kit.runtime.metering.monotonic", lambda: seconds)

    return at


async def test_while_others_ask_the_public_takes_a_tenth(clock: Callable[[float], None]) -> None:
    clock(100.0)
    pace = CpuThrottle()
    pace.take(5.0)
    assert pace.turn() is None  # nobody else asks: all of it is theirs
    pace.mark_active()
    assert pace.turn() is None
    pace.take(0.03)
    assert pace.free == pytest.approx(100 + (0.03 - SLOW_LANE_BURST) / SLOW_LANE_SHARE)
    first, second = pace.turn(), pace.turn()
    assert first is not None
    assert second is not None
    pace.wake()
    assert not first.done()  # too early
    clock(pace.free)
    pace.wake()
    assert (first.done(), second.done()) == (True, False)
    pace.take(0.01)
    assert pace.free == pytest.approx(100 + (0.04 - SLOW_LANE_BURST) / SLOW_LANE_SHARE)
    clock(101.5)  # the others have gone
    pace.wake()
    assert second.done()
    assert pace.turn() is None
    if pace.timer is not None:
        pace.timer.cancel()


def burn(seconds: float) -> None:
    until = thread_time() + seconds
    while thread_time() < until:
        pass


async def test_each_request_is_charged_its_own_steps_tasks_and_threads() -> None:
    async def working() -> None:
        for _ in range(4):
            burn(0.005)
            await asyncio.sleep(0)
        await asyncio.gather(in_a_task(), in_a_task())
        await asyncio.get_running_loop().run_in_executor(None, meter_in_thread(burn), 0.02)

    async def in_a_task() -> None:
        burn(0.01)

    async def idling() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    busy, idle = Meter(), Meter()
    async with metering_tasks():
        await asyncio.gather(run_metered(working(), busy), run_metered(idling(), idle))
    assert busy.cpu >= 0.06
    assert idle.cpu < 0.01
    assert busy.statements == idle.statements == 0


async def test_the_time_of_a_statement_is_charged_and_no_other_waiting() -> None:
    async def asking() -> None:
        await asyncio.sleep(0.02)
        with STATEMENT_TIMER:
            await asyncio.sleep(0.02)
        assert CURRENT_METER.get() is meter

    meter, waiting = Meter(), Meter()
    await run_metered(asking(), meter)
    await run_metered(asyncio.sleep(0.05), waiting)
    assert meter.statements > 0.01
    assert waiting.statements == 0


async def test_a_task_that_is_broken_off_before_it_begins_is_never_begun() -> None:
    begun = []

    async def child() -> None:
        begun.append(1)

    async def parent() -> None:
        task = asyncio.create_task(child())
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    async with metering_tasks():
        await run_metered(parent(), Meter())
    assert begun == []
