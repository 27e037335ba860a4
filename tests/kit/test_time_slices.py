"""Long requests give way to others: what is done between two turns of the loop is bounded."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query

import kit.runtime.time_slices
import server
from benchmarks.hold import broad
from execution import schema
from execution.introspection_cache import COMMON_QUERIES, IntrospectionCache, introspection_key
from kit.db.postgres_pool import open_read_pool
from kit.runtime.memory import GC_THRESHOLDS
from kit.runtime.time_slices import OneAtATime, SingleFlight, run_in_slices, yield_to_loop
from resolvers.core.access import OPERATOR
from resolvers.core.context import Context, Executor
from tests.support.contract_queries import contract_query, contract_variables
from tests.support.graph import TODAY, GraphQLTestClient

UNASKED = count()  # numbers of texts that nobody has asked, on the other database neither


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pause lets others go first, however fast the machine is."""
    monkeypatch.setattr(kit.runtime.time_slices, "SLICE_SECONDS", 0)


async def answer(
    ask: GraphQLTestClient, text: str, way: Executor = Executor.PLAN, **given: Any
) -> Any:

    snapshots = open_read_pool(ask.engine.url)
    context = Context.of(ask.engine, OPERATOR, TODAY, snapshots, way)
    try:
        async with context:
            result = await schema.answer(text, given, context)
    finally:
        await snapshots.close()
    assert result.errors is None, result.errors
    return orjson.loads(orjson.dumps(result.data))


async def between_turns(work: Any) -> list[int]:
    """How many functions were called between two turns of the loop, of each pair."""
    found, number = [], 0

    def called(frame: Any, event: str, argument: Any) -> None:
        nonlocal number
        number += event == "call"

    async def turn() -> None:
        nonlocal number
        while True:
            await asyncio.sleep(0)
            found.append(number)
            number = 0

    turning = asyncio.create_task(turn())
    await asyncio.sleep(0)
    before = sys.getprofile()
    sys.setprofile(called)
    try:
        await work
    finally:
        sys.setprofile(before)
        turning.cancel()
    return found


LONG = {
    "01": (contract_query("01"), contract_variables("01")),
    "05": (contract_query("05"), contract_variables("05")),
    "broad": (broad(1), {}),
    "introspection": ("{ __schema { types { name fields { name } } } }", {}),
    "mixed": ("{ studios { totalCount } __schema { types { fields { name } } } }", {}),
    "filter": ("query($f: WorkerFilter) { workers(filter: $f) { totalCount nodes { code } } }",
               {"f": {"or": [{"not": {"code": "a"}}] * 160}}),
}  # fmt: skip


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("name", LONG)
async def test_no_piece_of_a_long_request_is_large(
    ask_examples: GraphQLTestClient, name: str
) -> None:
    text, given = LONG[name]
    given = {word: value for word, value in given.items() if not word.isdigit()}
    text = f"{text} # {next(UNASKED)}"
    pieces = await between_turns(answer(ask_examples, text, **given))
    assert sum(pieces) > 10_000
    assert max(pieces) < MOST_CALLS, sorted(pieces)[-5:]


MOST_CALLS = 45_000  # some 10 ms; the largest is the parsing of the broad query


@pytest.mark.usefixtures("short")
async def test_two_that_ask_the_same_new_text_share_the_work(
    ask_examples: GraphQLTestClient,
) -> None:
    text = f"{contract_query('01')} # {next(UNASKED)}"
    made: list[str] = []

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_qualname in {
            "OperationPlan.__init__",
            "validate_document",
        }:
            made.append(frame.f_code.co_qualname)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        one, other = await asyncio.gather(
            answer(ask_examples, text, **contract_variables("01")),
            answer(ask_examples, text, **contract_variables("01")),
        )
    finally:
        sys.setprofile(before)
    assert one == other
    assert sorted(made) == ["OperationPlan.__init__", "validate_document"]


async def test_who_leaves_leaves_the_work_to_those_who_wait(short: None) -> None:
    shared, begun = SingleFlight(), 0

    def work() -> str:
        for _ in range(5):
            yield_to_loop()
        return "done"

    async def counted() -> str:
        nonlocal begun
        begun += 1
        return await run_in_slices(work)

    first, second, third = [asyncio.create_task(shared.done("key", counted)) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    assert [await second, await third] == ["done", "done"]
    assert (begun, shared.under_way, first.cancelled()) == (2, {}, True)


async def test_what_goes_wrong_goes_wrong_for_all_who_wait() -> None:
    shared = SingleFlight()

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("once")

    found = await asyncio.gather(shared.done(1, fail), shared.done(1, fail), return_exceptions=True)
    assert [str(one) for one in found] == ["once", "once"]
    assert found[0] is found[1]


async def test_one_after_another_works_and_who_leaves_keeps_nobody_waiting() -> None:
    turns, said = OneAtATime(), []

    async def work(name: str) -> None:
        async with turns.turn():
            said.append(f"{name} begins")
            await asyncio.sleep(0.01)
            said.append(f"{name} ends")

    first, second, third = [asyncio.create_task(work(name)) for name in "abc"]
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first, second, third])
    assert said == ["a begins", "c begins", "c ends"]


async def test_introspection_is_executed_by_one_request_at_a_time(
    ask_examples: GraphQLTestClient, short: None
) -> None:
    """Also where it stands beside records: each holds fifteen megabytes until it is answered."""
    usual = get_introspection_query()
    running, most = 0, 0

    class Counting(OneAtATime):
        @asynccontextmanager
        async def turn(self) -> AsyncIterator[None]:
            nonlocal running, most
            async with super().turn():
                running += 1
                most = max(most, running)
                yield
                running -= 1

    texts = [usual.replace("IntrospectionQuery", f"One{next(UNASKED)}") for _ in range(2)]
    texts += [one.replace("__schema", "workers { totalCount } __schema", 1) for one in texts]
    before = schema.introspection_turns
    schema.introspection_turns = {public: Counting() for public in (True, False)}
    try:
        await asyncio.gather(*(answer(ask_examples, text) for text in texts))
    finally:
        schema.introspection_turns = before
    assert most == 1


async def test_work_pauses_only_in_pieces(short: None) -> None:
    yield_to_loop()  # nobody waits
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())

    def work() -> str:
        for _ in range(50):
            yield_to_loop()
        return "done"

    assert await run_in_slices(work) == "done"
    assert turns >= 50
    task.cancel()
    with pytest.raises(ZeroDivisionError):
        await run_in_slices(lambda: 1 // 0)


async def test_introspection_is_answered_again_without_being_executed(
    ask_examples: GraphQLTestClient,
) -> None:
    number = next(UNASKED)
    usual = get_introspection_query(type_depth=3)
    text = usual.replace("IntrospectionQuery", f"Introspection{number}")
    first = await answer(ask_examples, text)
    asked: list[Any] = []
    again = ExecutionRecorder("graphql.execution", asked)
    with again:
        assert await answer(ask_examples, f"  {text}\n") == first
        assert await answer(ask_examples, text, Executor.DEFAULT) == first
    assert asked == []
    with again:
        named = f"query Named{number}($n: String!) {{ __type(name: $n) {{ name }} }}"
        for name in ("Worker", "Studio", "Worker"):
            assert await answer(ask_examples, named, n=name) == {"__type": {"name": name}}
    assert len(asked) == 2


class ExecutionRecorder:
    """Notes the calls of an executor's `execute` meanwhile."""

    def __init__(self, module: str, into: list[Any]) -> None:
        self.module, self.into = module, into

    def __enter__(self) -> None:
        def note(frame: Any, event: str, argument: Any) -> None:
            name = frame.f_globals.get("__name__", "")
            executes = frame.f_code.co_name == "execute" and name.startswith(self.module)
            if event == "call" and executes:
                self.into.append(name)

        sys.setprofile(note)

    def __exit__(self, *error: Any) -> None:
        sys.setprofile(None)


def test_kept_introspection_is_bounded_and_told_apart() -> None:
    kept = IntrospectionCache(limit=100)
    keys = [introspection_key(f"{{ __type(name: {n}) {{ name }} }}", None, None) for n in range(9)]
    for key in keys:
        kept.keep(key, {"name": "a" * 30})
    assert len(kept.entries) == 2
    assert kept.entries.currsize == sum(map(len, kept.entries.values())) <= 100
    assert kept.known(keys[0]) is None
    assert kept.known(keys[-1]) is not None
    assert introspection_key("{ __schema  { a } }", None, {}) == introspection_key(
        "{ __schema { a } }", None, None
    )
    assert introspection_key('{ a(b: "x  y") }', None, {}) != introspection_key(
        '{ a(b: "x y") }', None, {}
    )
    assert introspection_key("{ a } # b\n c", None, {}) != introspection_key(
        "{ a } # b c", None, {}
    )
    assert introspection_key("{ a }", "A", {}) != introspection_key("{ a }", "B", {})
    assert introspection_key("{ a }", None, {"x": 1}) != introspection_key("{ a }", None, {"x": 2})


async def test_what_a_process_is_made_of_is_set_aside_before_anybody_asks() -> None:
    """Introspection of tools is cached, and the collector skips objects from before."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    try:
        server.warm_up()
        assert gc.get_threshold() == GC_THRESHOLDS
        assert gc.get_freeze_count() > 300_000 > len(gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)
    await schema.prepare_introspection()
    for text in COMMON_QUERIES:
        assert (
            schema.introspection_cache.known(introspection_key(text, "IntrospectionQuery", {}))
            is not None
        )
