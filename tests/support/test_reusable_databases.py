"""A database that is lent again holds what it held at first, whatever was done to it."""

import pytest

from tests.support.commands import execute_sql, table_row_counts
from tests.support.databases import Databases
from tests.support.graph import RowFactory, row_counts, run_async
from tests.support.registries import disposing_engine
from tests.support.reusable_databases import ReusableDatabase

CHANGES = [
    "UPDATE region SET name = 'x' WHERE id = '370000'",
    "DELETE FROM region_succession",
    "DELETE FROM search_term",
    "UPDATE region_ancestor SET distance = distance + 100",
]
NEW_SCHEMAS = [
    "ALTER TABLE worker ADD COLUMN shoe_size INTEGER",
    "ALTER TABLE worker DROP CONSTRAINT fk_worker_region_id",
    "ALTER TABLE worker DISABLE ROW LEVEL SECURITY",
    "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "DROP INDEX ix_worker_occupation_id",
]


async def every_row(url: str) -> dict[str, list[str]]:
    async with disposing_engine(url) as engine, engine.connect() as connection:
        tables = {}
        for name in await row_counts(engine):
            rows = await connection.exec_driver_sql(f'SELECT t::text FROM "{name}" AS t')
            tables[name] = sorted(row[0] for row in rows)
        return tables


async def write(url: str) -> None:
    async with disposing_engine(url) as engine:
        await RowFactory(engine)(workers=[{"code": "w", "name": "甲", "region": "370202"}])


def test_rows_are_what_they_were(databases: Databases) -> None:
    with databases.copied("postgresql", "places") as url:
        database = ReusableDatabase.of(url)
        before = run_async(every_row(url))
        for change in (None, *CHANGES):
            run_async(execute_sql(url, change) if change else write(url))
            assert run_async(every_row(url)) != before, change
            assert database.restore()
            assert run_async(every_row(url)) == before, change
        assert database.restore()
        assert run_async(table_row_counts(url))["worker"] == 0
        database.close()


@pytest.mark.parametrize("statement", NEW_SCHEMAS)
def test_a_database_of_another_schema_is_not_lent_again(
    databases: Databases, statement: str
) -> None:
    with databases.copied("postgresql", "places") as url:
        database = ReusableDatabase.of(url)
        run_async(execute_sql(url, statement))
        assert not database.restore()
        database.close()
