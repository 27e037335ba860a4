"""The pool of connections to PostgreSQL: whole whatever happens to a run, and no turn is lost."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from kit.db.postgres_pool import (
    BEGIN_SNAPSHOT,
    POSTGRES_CONNECTIONS,
    PostgresReadPool,
    open_read_pool,
)
from kit.errors import Unavailable
from kit.relay.global_id import to_global_id
from tests.engine import library
from tests.engine.library_queries import LibraryClient
from tests.faults.network import Proxy
from tests.kit.test_read_snapshots import (
    Asking,
    PlainStatement,
    pool_is_intact,
    statements_work,
    wait_for_recovery,
)
from tests.support.databases import Databases


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    with library.library_database(databases, "postgresql") as url:
        yield url


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[PostgresReadPool]:
    snapshots = PostgresReadPool(make_url(postgres_url))
    yield snapshots
    await snapshots.close()


async def until(holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not await found(holds()):  # noqa: ASYNC110 - nothing tells when it does
            await asyncio.sleep(0.001)


async def found(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@asynccontextmanager
async def driver_connection(address: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(address)
    yield connection
    await connection.close()


class SentStatements:
    """Return the messages of a connection meanwhile, as its driver reports them."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, record: Any) -> None:
        self.texts.append(record.query)

    async def now(self) -> list[str]:
        await asyncio.sleep(0)  # it is told a moment later
        told = self.texts.copy()
        self.texts.clear()
        return told


async def test_one_statement_needs_no_transaction_and_several_have_one(
    postgres: PostgresReadPool,
) -> None:
    sent = SentStatements()
    ask = LibraryClient(postgres, written=False)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    id = to_global_id("Book", "id-b1")
    await ask(node, id=id)  # for the first time: the driver asks for types
    [connection] = postgres.idle
    with connection.query_logger(sent):
        one = await ask('{ book(code: "b1") { code author { code } } }')
        assert await sent.now() == one.statements
        assert len(one.statements) == 1
        many = await ask("{ books { totalCount nodes { code } } }")
        assert await sent.now() == [BEGIN_SNAPSHOT, *many.statements, "COMMIT"]
        # How many kinds are named isn't known before.
        named = await ask(node, id=id)
        assert await sent.now() == [BEGIN_SNAPSHOT, *named.statements, "COMMIT"]
        await ask("{ __typename }")
        assert await sent.now() == []
    assert postgres.idle == [connection]


async def test_a_subtree_that_the_database_writes_needs_no_transaction(
    postgres: PostgresReadPool,
) -> None:
    query = """query ($first: Int, $last: Int) {
      author(code: "a1") {
        shelf { code }
        books(first: $first, last: $last) { totalCount nodes { code loans { totalCount } } }
      }
    }"""
    ask, sent = LibraryClient(postgres, written=True), SentStatements()
    await ask(query, last=2)  # for the first time: the driver asks for types
    [connection] = postgres.idle
    with connection.query_logger(sent):
        forward = await ask(query, first=2)
        assert await sent.now() == forward.statements
        assert len(forward.statements) == 1
        backward = await ask(query, last=2)
        assert await sent.now() == [BEGIN_SNAPSHOT, *backward.statements, "COMMIT"]
        assert len(backward.statements) == 4


SESSIONS = """
    SELECT pid, query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND backend_type = 'client backend'
"""


async def test_a_cancelled_run_stops_its_statement_and_leaves_the_pool_whole(
    postgres: PostgresReadPool,
) -> None:
    """Long before the statement would be over."""
    async with driver_connection(postgres.address) as other:

        async def sleeping() -> bool:
            return any("sleep" in query for _, query in await other.fetch(SESSIONS))

        async def over() -> bool:
            return not await other.fetch(SESSIONS)

        for alone in (False, True):
            work = statements_work("SELECT pg_sleep(60)", "SELECT 1")
            run = asyncio.create_task(postgres.run(work, alone=alone))
            await until(sleeping)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            assert inspect.getgeneratorstate(work) == inspect.GEN_CLOSED
            await wait_for_recovery(postgres)
            assert pool_is_intact(postgres, 1)
            assert not await sleeping()
            assert await postgres.run(statements_work("SELECT 1"), alone=alone) == [[(1,)]]
            assert pool_is_intact(postgres, 1)
            await postgres.close()
            assert pool_is_intact(postgres, 0)
            await until(over)


async def test_no_turn_is_lost_with_those_who_give_up_waiting(
    postgres: PostgresReadPool,
) -> None:
    taken = [await postgres.take() for _ in range(POSTGRES_CONNECTIONS)]
    waiting = [
        asyncio.create_task(postgres.run(statements_work(f"SELECT {n}"), alone=True))
        for n in range(4)
    ]
    await until(lambda: len(postgres.turns.queue) == len(waiting))
    waiting[0].cancel()  # before its turn
    await asyncio.sleep(0)
    postgres.give_back(taken.pop())
    waiting[1].cancel()  # when its turn has come, and before it has heard of it
    async with asyncio.timeout(10):
        assert await waiting[2] == [[(2,)]]
        assert await waiting[3] == [[(3,)]]
    for run in waiting[:2]:
        with pytest.raises(asyncio.CancelledError):
            await run
    for connection in taken:
        postgres.give_back(connection)
    assert pool_is_intact(postgres, POSTGRES_CONNECTIONS)


async def test_a_database_out_of_reach_is_said_to_be_so_to_all_who_wait() -> None:
    nowhere = open_read_pool("postgresql://127.0.0.1:1/nothing")
    assert isinstance(nowhere, PostgresReadPool)
    runs = (
        nowhere.run(statements_work("SELECT 1"), alone=True)
        for _ in range(2 * POSTGRES_CONNECTIONS)
    )
    for error in await asyncio.gather(*runs, return_exceptions=True):
        assert isinstance(error, Unavailable)
        assert "can't be reached: try again in a moment" in str(error)
    assert pool_is_intact(nowhere, 0)
    await nowhere.close()


async def test_a_database_that_has_gone_is_out_of_reach(postgres: PostgresReadPool) -> None:
    assert await postgres.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
    plain = make_url(postgres.address)
    async with driver_connection(
        plain.set(database="postgres").render_as_string(False)
    ) as connection:
        await connection.execute(f"DROP DATABASE {plain.database} WITH (FORCE)")
    for _ in range(2):
        with pytest.raises(Unavailable):
            await postgres.run(statements_work("SELECT 1"), alone=True)
        assert pool_is_intact(postgres, 0)


async def test_a_connection_that_was_lost_is_replaced(postgres: PostgresReadPool) -> None:
    def lost() -> Asking:
        [[number]] = yield PlainStatement("SELECT pg_backend_pid()"), []
        return number

    first = await postgres.run(lost(), alone=True)
    async with driver_connection(postgres.address) as connection:
        await connection.execute("SELECT pg_terminate_backend($1)", first)
    [idle] = postgres.idle
    await until(idle.is_closed)
    assert await postgres.run(lost(), alone=True) != first
    assert pool_is_intact(postgres, 1)


async def test_connections_that_were_lost_in_silence_are_replaced_before_they_are_used(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request is refused after a restart of the database behind a silent proxy."""
    monkeypatch.setattr("kit.db.postgres_pool.TRUSTED_SECONDS", 0.0)
    async with Proxy(postgres_url) as way:
        snapshots = PostgresReadPool(make_url(way.url))
        for alone in (True, False):
            taken = [await snapshots.take() for _ in range(3)]
            for connection in taken:
                snapshots.give_back(connection)
            assert pool_is_intact(snapshots, 3)
            way.lose()
            await asyncio.sleep(0.05)
            assert not any(one.is_closed() for one in taken)
            assert await snapshots.run(statements_work("SELECT 1"), alone=alone) == [[(1,)]]
            assert all(one.is_closed() for one in taken)
            assert not any(one.is_closed() for one in snapshots.idle)
        await snapshots.close()


@pytest.mark.parametrize("alone", [True, False])
async def test_what_was_asked_of_a_dead_connection_is_asked_of_another(
    postgres_url: str, alone: bool
) -> None:
    """A connection used just now isn't pinged; all others died with it."""
    async with Proxy(postgres_url) as way:
        snapshots = PostgresReadPool(make_url(way.url))
        taken = [await snapshots.take() for _ in range(3)]
        for again in range(2):
            for connection in taken:
                snapshots.give_back(connection)
            way.lose()
            await asyncio.sleep(0.01)
            assert not any(one.is_closed() for one in taken)
            assert await snapshots.run(statements_work("SELECT 1"), alone=alone) == [[(1,)]]
            assert all(one.is_closed() for one in taken), again
            taken = [await snapshots.take()]
        snapshots.give_back(taken[0])
        assert pool_is_intact(snapshots, 1)
        await snapshots.close()


async def test_a_snapshot_that_has_begun_is_not_begun_again(postgres: PostgresReadPool) -> None:
    """Nor a statement that ran when its connection was lost: it may be why."""
    await postgres.run(statements_work("SELECT 1"), alone=True)
    asked: list[str] = []
    postgres.listener = asked.append

    def half() -> Asking:
        [[number]] = yield PlainStatement("SELECT pg_backend_pid()"), []
        yield PlainStatement(f"SELECT pg_terminate_backend({number})"), []

    with pytest.raises(Unavailable):
        await postgres.run(half(), alone=False)
    assert [text.partition("(")[0] for text in asked] == [
        "SELECT pg_backend_pid", "SELECT pg_terminate_backend",
    ]  # fmt: skip
    assert pool_is_intact(postgres, 0)


async def test_a_statement_that_ran_when_its_connection_was_lost_is_not_asked_again(
    postgres: PostgresReadPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.db.postgres_pool.STALE_SECONDS", 0.0)
    await postgres.run(statements_work("SELECT 1"), alone=True)
    with pytest.raises(Unavailable):
        await postgres.run(
            statements_work("SELECT pg_terminate_backend(pg_backend_pid())"), alone=True
        )
    assert pool_is_intact(postgres, 0)


async def test_a_connection_that_was_used_just_now_is_not_asked_whether_it_lives(
    postgres: PostgresReadPool,
) -> None:
    assert await postgres.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
    [connection] = postgres.idle
    with connection.query_logger(sent := SentStatements()):
        connection.used = monotonic()
        assert await postgres.take() is connection
        assert await sent.now() == []
        postgres.give_back(connection)
        connection.used = 0.0
        assert await postgres.take() is connection
        assert await sent.now() == ["SELECT 1"]
    postgres.give_back(connection)


async def test_work_that_asks_nothing_needs_no_connection() -> None:
    nowhere = open_read_pool("postgresql://127.0.0.1:1/nothing")
    assert await nowhere.run(statements_work(), alone=False) == []
    await nowhere.close()
