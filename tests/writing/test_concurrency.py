"""Writers take turns; readers are never in their way."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import QueuePool, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.db.engine import open_engine, write_transaction
from kit.errors import ImportRejected, Overloaded
from kit.timeouts import Timeouts
from models.change import Change
from models.history import model_table
from resolvers.core.access import OPERATOR
from resolvers.core.context import Context
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory


async def test_writers_take_turns_and_changes_are_numbered_without_gaps(make: RowFactory) -> None:
    rows = [[{"code": f"w{n}_{m}", "name": "甲"} for m in range(5)] for n in range(12)]
    await asyncio.gather(*(make(workers=some) for some in rows))
    change = model_table(Change)
    async with make.engine.connect() as connection:
        found = (await connection.execute(select(change.c.id).order_by(change.c.id))).scalars()
        numbers = list(found)
    assert numbers == list(range(1, len(numbers) + 1))


async def test_of_two_who_enter_the_same_spell_one_is_refused(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        workers=[{"code": "w", "name": "甲"}],
        organisations=[{"code": "o", "name": "单", "organisation_kind": "OTHER"}],
    )

    async def employ(key: str) -> bool:
        row = {"key": key, "worker": "w", "organisation": "o", "started": "2020", "sources": "s"}
        try:
            await make(employments=[row])
        except ImportRejected:
            return False
        return True

    assert sorted(await asyncio.gather(employ("a"), employ("b"))) == [False, True]


@pytest.fixture
def bare_sqlite(databases: Databases) -> Iterator[str]:
    url = databases.bare("sqlite")
    yield url
    databases.drop(url)


async def test_who_writes_on_sqlite_waits_as_long_as_others_write(
    bare_sqlite: str,
) -> None:
    """Not only as long as SQLite itself would wait; and the service waits for its own limit."""
    writer, service = open_engine(bare_sqlite), open_engine(bare_sqlite, Timeouts(lock=0.3))
    event.listen(
        writer.sync_engine,
        "connect",
        lambda connection, record: connection.execute("PRAGMA busy_timeout = 50").close(),
    )
    async with write_transaction(writer):
        waiting = asyncio.create_task(write_nothing(writer))
        with pytest.raises(OperationalError) as locked:
            await write_nothing(service)
        assert isinstance(Timeouts().told(locked.value.orig), Overloaded)
        assert not waiting.done()
    await waiting
    await write_nothing(service)
    for engine in (writer, service):
        await engine.dispose()


async def write_nothing(engine: AsyncEngine) -> None:
    async with write_transaction(engine):
        pass


async def test_readers_go_on_while_somebody_writes(make: RowFactory) -> None:
    query = "{ workers { totalCount nodes { code } } }"

    async def read() -> int:
        context = Context.of(make.engine, OPERATOR)
        async with context:
            result = await schema.ask(query, None, context)
        assert result.errors is None
        assert result.data
        found = result.data["workers"]
        assert found["totalCount"] == len(found["nodes"])
        total: int = found["totalCount"]
        return total

    async def write(number: int) -> None:
        await make(workers=[{"code": f"w{number}", "name": "甲"}])

    work = [read() if n % 2 else write(n) for n in range(16)]
    await asyncio.gather(*work)
    assert await read() == 8


async def test_an_answer_that_fails_early_keeps_no_connection(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    """The look-up is under way when the list, which may not be null, makes an end of all."""
    await make(workers=[{"code": "w", "name": "甲"}])
    answer = await ask('{ worker(code: "w") { id } workers(first: 0) { totalCount } }')
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.statements == []
    await asyncio.sleep(0.05)  # what was begun would come to its end meanwhile
    pool = make.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
