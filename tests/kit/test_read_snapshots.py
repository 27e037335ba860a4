"""Reading with the drivers: one snapshot, a pool that stays whole, and a database out of reach."""

import asyncio
import inspect
import sqlite3
import threading
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from kit.db.engine import open_engine
from kit.db.postgres_pool import POSTGRES_CONNECTIONS, PostgresReadPool, open_read_pool
from kit.db.read_pool import ReadPool
from kit.db.sqlite_pool import SQLITE_THREADS, SqliteReadPool
from kit.errors import Unavailable
from kit.relay.global_id import to_global_id
from tests.engine import library
from tests.engine.library import Book, book_cells, insert_rows
from tests.engine.library_queries import library_client
from tests.support.databases import Databases


@dataclass(frozen=True)
class PlainStatement:
    text: str


Asking = Generator[tuple[PlainStatement, list[Any]], Sequence[Any], Any]


def statements_work(*texts: str) -> Asking:
    """Work that asks one statement after another, and answers with all that they found."""
    found = []
    for text in texts:
        found.append([tuple(row) for row in (yield PlainStatement(text), [])])
    return found


@pytest.fixture
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


@pytest.fixture
async def snapshots(url: str) -> AsyncIterator[ReadPool]:
    snapshots = open_read_pool(url)
    yield snapshots
    await snapshots.close()


def elsewhere(work: Any) -> None:
    """Run in a thread with its own loop, as another process would; wait until it is done."""
    thread = threading.Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()


async def write(url: str) -> None:
    engine = open_engine(url)
    await insert_rows(engine, {Book: [book_cells("new", "新", year=2026, shelf_id="id-s1")]})
    await engine.dispose()


async def test_nodes_of_several_kinds_are_of_one_snapshot(url: str) -> None:
    ids = [to_global_id("Shelf", "id-s1"), to_global_id("Book", "id-new")]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { code } } }"
    async with library_client(url, written=False) as ask:
        statements: list[str] = []

        def listen(text: str) -> None:
            statements.append(text)
            if len(statements) == 2:
                elsewhere(write(url))

        ask.snapshots.listener = listen
        assert await ask.data(query, ids=ids) == {"nodes": [{"code": "s1"}, None]}
        assert await ask.data(query, ids=ids) == {"nodes": [{"code": "s1"}, {"code": "new"}]}
        assert len(statements) == 4


@pytest.mark.parametrize("written", [False, True])
async def test_what_is_written_between_two_statements_of_an_answer_is_not_seen(
    url: str, written: bool
) -> None:
    query = """{
      books { totalCount nodes { code } groups(by: ["YEAR"]) { totalCount } }
      some: books(filter: {year: 2001}) { totalCount }
      shelf(code: "s1") { kept { totalCount nodes { code loans { totalCount } } } }
    }"""

    def numbers(data: Any) -> list[int]:
        books, kept = data["books"], data["shelf"]["kept"]
        counted = [books["totalCount"], books["groups"]["totalCount"], kept["totalCount"]]
        return [*counted, len(books["nodes"]), len(kept["nodes"])]

    async with library_client(url, written=written) as ask:
        statements: list[str] = []

        def listen(text: str) -> None:
            statements.append(text)
            if len(statements) == 2:
                elsewhere(write(url))

        ask.snapshots.listener = listen
        early = await ask(query)
        assert len(statements) == len(early.statements) >= 4
        assert numbers(early.data) == [8, 4, 3, 8, 3]
        assert numbers(await ask.data(query)) == [9, 5, 4, 9, 4]


async def test_nothing_is_written_by_those_who_read(snapshots: ReadPool) -> None:
    with pytest.raises((asyncpg.ReadOnlySQLTransactionError, sqlite3.OperationalError)):
        await snapshots.run(statements_work("DELETE FROM loan"), alone=False)
    assert await snapshots.run(statements_work("SELECT count(*) FROM loan"), alone=False) == [
        [(10,)]
    ]


def pool_is_intact(snapshots: ReadPool, connections: int) -> bool:
    """Whether so many connections wait to be used, none of them in a transaction."""
    if isinstance(snapshots, PostgresReadPool):
        assert not snapshots.turns.queue
        assert snapshots.turns.free == POSTGRES_CONNECTIONS
        assert len(snapshots.idle) == connections
        assert not any(one.is_in_transaction() for one in snapshots.idle)
    else:
        assert isinstance(snapshots, SqliteReadPool)
        assert not any(one.in_transaction for one in snapshots.idle)
    return len(snapshots.idle) == connections


async def wait_for_recovery(snapshots: ReadPool) -> None:
    """Wait until the cancelled work has ended."""
    if isinstance(snapshots, PostgresReadPool) and snapshots.recovery_tasks:
        await asyncio.wait(snapshots.recovery_tasks)


FAULTS = (asyncpg.PostgresError, sqlite3.Error)


async def test_an_error_of_the_database_is_raised_and_leaves_the_pool_whole(
    snapshots: ReadPool,
) -> None:
    for alone in (False, True):
        for texts in (["SELECT nothing"], ["SELECT 1", "SELECT nothing", "SELECT 2"]):
            work = statements_work(*texts)
            with pytest.raises(FAULTS, match="nothing"):
                await snapshots.run(work, alone=alone)
            assert inspect.getgeneratorstate(work) == inspect.GEN_CLOSED
            await wait_for_recovery(snapshots)
            assert pool_is_intact(snapshots, 1)
            assert await snapshots.run(statements_work("SELECT 1", "SELECT 2"), alone=alone) == [
                [(1,)], [(2,)],
            ]  # fmt: skip
            assert pool_is_intact(snapshots, 1)


async def test_an_answer_whose_second_statement_fails_is_no_answer(url: str) -> None:
    async with library_client(url, written=False) as ask:
        assert await ask.data('{ shelf(code: "s1") { code loans { totalCount } } }')
        await drop_loans(url)
        with ask.told() as statements, pytest.raises(FAULTS, match="loan"):
            await ask('{ shelf(code: "s1") { code loans { totalCount } } }')
        assert len(statements) == 2
        await wait_for_recovery(ask.snapshots)
        assert await ask.data('{ shelf(code: "s1") { code } }') == {"shelf": {"code": "s1"}}
        assert pool_is_intact(ask.snapshots, 1)


async def drop_loans(url: str) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE loan")
    await engine.dispose()


async def test_an_error_of_the_work_itself_is_raised_and_leaves_the_pool_whole(
    snapshots: ReadPool,
) -> None:
    def failing(after: int) -> Asking:
        for _ in range(after):
            yield PlainStatement("SELECT 1"), []
        raise LookupError(after)

    for after in (0, 1, 2):
        with pytest.raises(LookupError, match=str(after)):
            await snapshots.run(failing(after), alone=False)
        await wait_for_recovery(snapshots)
        assert await snapshots.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
        assert pool_is_intact(snapshots, 1)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    with library.library_database(databases, "sqlite") as url:
        yield url


async def test_a_cancelled_run_on_sqlite_gives_its_connection_back(sqlite_url: str) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def slow() -> Asking:
        yield PlainStatement("SELECT 1"), []
        entered.set()
        go_on.wait(10)
        yield PlainStatement("SELECT 2"), []

    snapshots = open_read_pool(sqlite_url)
    run = asyncio.create_task(snapshots.run(slow(), alone=False))
    await asyncio.to_thread(entered.wait, 10)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    go_on.set()
    assert await snapshots.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
    await snapshots.close()
    assert pool_is_intact(snapshots, 0)


async def test_more_runs_than_connections_wait_for_their_turn(snapshots: ReadPool) -> None:
    most = POSTGRES_CONNECTIONS if isinstance(snapshots, PostgresReadPool) else SQLITE_THREADS
    begun = 0

    def one(number: int) -> Asking:
        nonlocal begun
        rows = yield PlainStatement(f"SELECT {number}"), []
        begun += 1
        yield PlainStatement("SELECT count(*) FROM book"), []
        return rows[0][0]

    runs = 3 * POSTGRES_CONNECTIONS + 1
    found = await asyncio.gather(*(snapshots.run(one(n), alone=False) for n in range(runs)))
    assert found == list(range(runs))
    assert begun == runs
    assert isinstance(snapshots, PostgresReadPool | SqliteReadPool)
    assert pool_is_intact(snapshots, len(snapshots.idle))
    assert 1 <= len(snapshots.idle) <= most


async def test_a_file_that_is_no_database_is_out_of_reach(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("a text" * 1000)
    for path in (tmp_path / "nothing.db", tmp_path, other):
        snapshots = open_read_pool(f"sqlite:///{path}")
        with pytest.raises(Unavailable):
            await snapshots.run(statements_work("SELECT 1"), alone=True)
        assert pool_is_intact(snapshots, 0)
        await snapshots.close()
    assert not (tmp_path / "nothing.db").exists()
