"""A registry that is filled at once is the one that the write path would have made."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.bulk_fill import fill_registry
from generator.population import population
from kit.db.engine import open_engine, write_transaction
from kit.errors import BadInput
from models.change import Change
from models.history import model_table, table_models
from models.source import Source
from models.worker import Worker
from resolvers.core.context import today_in_china
from resolvers.database.bulk_fill import RowsByModel
from resolvers.database.schema_version import schema_drift
from resolvers.writing.derived_columns import update_all_derived
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.summary_tables import delete_empty_cells
from resolvers.writing.write import enter_proposals
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts, run_async

WORKERS, SEED = 300, 7
# When and by whom a row was typed, and the number of a change, differ from registry to registry.
OF_ITS_OWN = {"typed_by", "recorded_at"}


async def fill_some(engine: AsyncEngine) -> None:
    await fill_registry(engine, population(WORKERS, SEED), "test")


@pytest.fixture(scope="module")
def filled_url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "places")
    run_async(using(url, fill_some))
    yield url
    databases.drop(url)


async def using(url: str, work: Callable[[AsyncEngine], Awaitable[None]]) -> None:
    engine = open_engine(url)
    await work(engine)
    await engine.dispose()


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield a registry that was filled: to be read, not to be written."""
    engine = open_engine(filled_url)
    yield engine
    await engine.dispose()


async def content(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    async with engine.connect() as connection:
        for table in model_table(Worker).metadata.sorted_tables:
            own = OF_ITS_OWN | ({"id"} if table is model_table(Change) else set())
            rows = await connection.execute(
                select(*(column for column in table.columns if column.key not in own))
            )
            found[table.name] = sorted(map(tuple, rows), key=repr)
    return found


def proposals(rows: RowsByModel) -> Iterator[Proposal]:
    for model, some in rows:
        for line, row in enumerate(some):
            key = row.get("code") or row["id"]
            left_out = {"id", "code", *model.derived}
            values = {name: value for name, value in row.items() if name not in left_out}
            yield Proposal(model, str(key), values, Origin(model.__name__, line))


async def test_it_is_the_same_as_what_the_write_path_makes_of_the_same_rows(
    filled: AsyncEngine, engine: AsyncEngine
) -> None:
    async with write_transaction(engine) as connection:
        await enter_proposals(connection, list(proposals(population(WORKERS, SEED))), "test")
        await delete_empty_cells(connection)
    ours, theirs = await content(filled), await content(engine)
    # All that follows from the day was worked out: no process does it anew when it starts.
    assert ours.pop("begun_day") == [(today_in_china(),)]
    assert theirs.pop("begun_day") == []
    for table, rows in theirs.items():
        assert ours[table] == rows, table
    assert len(ours["worker"]) == WORKERS


async def test_nothing_is_left_to_derive(filled: AsyncEngine) -> None:
    before = await content(filled)
    async with write_transaction(filled) as connection:
        await update_all_derived(connection, today_in_china())
    assert await content(filled) == before


async def test_every_row_has_its_change_and_no_number_is_missing(filled: AsyncEngine) -> None:
    change = model_table(Change)
    async with filled.connect() as connection:
        ids = (await connection.execute(select(change.c.id).order_by(change.c.id))).scalars().all()
        told = (
            await connection.execute(
                select(change.c.subject_type, func.count(func.distinct(change.c.subject_id)))
                .where(change.c.change_kind == "CREATED")
                .group_by(change.c.subject_type)
            )
        ).all()
    assert list(ids) == list(range(1, len(ids) + 1))
    rows = await row_counts(filled)
    there = {model.__name__: rows[model_table(model).name] for model in table_models()}
    assert {kind: number for kind, number in there.items() if number} == dict(map(tuple, told))


async def test_indexes_and_references_are_there_afterwards(filled: AsyncEngine) -> None:
    async with filled.connect() as connection:
        assert await connection.run_sync(schema_drift) == []
        if filled.dialect.name == "postgresql":
            unchecked = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
            assert await connection.scalar(text(unchecked)) == 0
    with pytest.raises(DBAPIError):
        async with write_transaction(filled) as connection:
            await connection.execute(text("DELETE FROM organisation WHERE code LIKE 'demo_enter%'"))


async def test_what_was_filled_is_answered(filled: AsyncEngine) -> None:
    answer = await GraphQLTestClient(filled).data(
        """{ workers { totalCount groups(by: [PROVINCE]) { totalCount } }
          region(code: "demo_country") { workers { totalCount } results { totalCount } } }"""
    )
    assert answer["workers"]["totalCount"] == WORKERS
    assert answer["workers"]["groups"]["totalCount"] >= 3
    assert 0 < answer["region"]["workers"]["totalCount"] <= WORKERS
    assert answer["region"]["results"]["totalCount"] > 0


async def test_a_registry_into_which_something_was_entered_is_not_filled(
    engine: AsyncEngine, make: RowFactory
) -> None:
    await make(workers=[{"code": "w", "name": "甲"}])
    before = await row_counts(engine)
    with pytest.raises(BadInput, match=r"^This registry holds 1 records"):
        await fill_some(engine)
    assert await row_counts(engine) == before


SOURCE = {"id": "demo_source", "title": "t"}


WRONG: dict[str, list[dict[str, Any]]] = {
    "dangling": [{"code": "demo_w", "name": "甲", "region_id": "nowhere"}],
    "twice": [{"code": "demo_w", "name": "甲"}, {"code": "demo_w", "name": "乙"}],
    "no such column": [{"code": "demo_w", "name": "甲"}, {"code": "demo_v", "luck": 7}],
    "no such word": [{"code": "demo_w", "name": "甲", "grade": "SUPREME"}],
}


async def test_nothing_is_left_of_a_filling_that_fails(engine: AsyncEngine) -> None:
    before = await row_counts(engine)
    for reason, wrong in WRONG.items():
        rows: RowsByModel = [(Source, [SOURCE]), (Worker, wrong)]
        with pytest.raises((StatementError, KeyError, ValueError)):
            await fill_registry(engine, rows, "test")
        assert await row_counts(engine) == before, reason
    async with engine.connect() as connection:
        assert await connection.run_sync(schema_drift) == []
