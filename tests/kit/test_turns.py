"""Turns: who comes first, who leaves while waiting, who waits too long, and how many may wait."""

import asyncio

import pytest

from kit.errors import Overloaded
from kit.runtime.turns import FairSemaphore, TurnQueue


def too_late() -> Overloaded:
    return Overloaded("Too late.", "已超时。")


async def entering(turns: FairSemaphore, *names: str) -> tuple[list[str], list[asyncio.Task[None]]]:
    """Start tasks that acquire a turn, in this order; return the list of those that have one."""
    entered: list[str] = []

    async def enter(name: str) -> None:
        await turns.acquire()
        entered.append(name)

    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(enter(name)))
        await asyncio.sleep(0)
    return entered, tasks


async def test_a_released_turn_goes_to_the_first_waiter_and_not_to_a_newcomer() -> None:
    turns = FairSemaphore(2, 60, too_late)
    entered, tasks = await entering(turns, "a", "b", "c", "d")
    assert entered == ["a", "b"]
    turns.release()
    newcomer = asyncio.create_task(turns.acquire())  # asks before the waiter has run
    await asyncio.sleep(0)
    assert entered == ["a", "b", "c"]
    turns.release()
    await asyncio.gather(*tasks)
    assert entered == ["a", "b", "c", "d"]
    assert not newcomer.done()
    turns.release()
    await newcomer
    assert (turns.free, len(turns.queue)) == (0, 0)
    turns.release()
    turns.release()
    assert turns.free == 2


async def test_names_take_turns_and_each_name_is_served_in_order() -> None:
    queue, served = TurnQueue(), list[str]()

    async def wait(name: str, number: int) -> None:
        await queue.wait(60, too_late, queue.grant_next, name)
        served.append(f"{name}{number}")

    order = [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("c", 1), ("b", 2)]
    tasks = []
    for name, number in order:
        tasks.append(asyncio.create_task(wait(name, number)))
        await asyncio.sleep(0)
    assert len(queue) == 6
    for _ in order:
        assert queue.grant_next()
    await asyncio.gather(*tasks)
    assert served == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert (len(queue), bool(queue)) == (0, False)


async def test_a_waiter_who_is_cancelled_leaves_no_trace() -> None:
    turns = FairSemaphore(1, 60, too_late)
    entered, [_, early, late, last] = await entering(turns, "first", "early", "late", "last")
    early.cancel()  # while it waits
    await asyncio.gather(early, return_exceptions=True)
    assert len(turns.queue) == 2
    turns.release()
    late.cancel()  # it has its turn, and hasn't run since
    await last
    assert (early.cancelled(), late.cancelled()) == (True, True)
    assert entered == ["first", "last"]
    turns.release()
    assert (turns.free, len(turns.queue)) == (1, 0)


async def test_all_waiters_may_be_cancelled_at_once() -> None:
    turns = FairSemaphore(1, 60, too_late)
    _, [_, *waiters] = await entering(turns, *"abcdef")
    turns.release()
    for waiter in waiters:
        waiter.cancel()
    await asyncio.gather(*waiters, return_exceptions=True)
    assert (turns.free, len(turns.queue)) == (1, 0)


async def test_who_waits_too_long_is_refused_and_loses_nobody_a_turn() -> None:
    turns = FairSemaphore(1, 0.02, too_late)
    entered, [_, late] = await entering(turns, "first", "late")
    with pytest.raises(Overloaded, match=r"Too late\."):
        await late
    assert len(turns.queue) == 0
    turns.release()
    assert turns.free == 1
    await turns.acquire()
    assert entered == ["first"]


async def test_a_turn_that_comes_in_time_ends_the_timer() -> None:
    turns = FairSemaphore(1, 0.02, too_late)
    _, [_, waiter] = await entering(turns, "first", "second")
    turns.release()
    await asyncio.sleep(0.04)
    assert waiter.exception() is None


async def test_no_more_may_wait_than_the_queue_holds() -> None:
    queue = TurnQueue(most=2)
    waiters = [asyncio.create_task(queue.wait(60, too_late, queue.grant_next)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await queue.wait(60, too_late, queue.grant_next, "another name")
    waiters[0].cancel()
    await asyncio.gather(waiters[0], return_exceptions=True)
    third = asyncio.create_task(queue.wait(60, too_late, queue.grant_next))
    await asyncio.sleep(0)
    assert queue.grant_next()
    assert queue.grant_next()
    await asyncio.gather(waiters[1], third)
    assert not queue.grant_next()
