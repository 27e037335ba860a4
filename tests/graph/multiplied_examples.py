"""The examples many times over: large enough that a table read from end to end is no good plan.

Each copy is a world of its own, with its own workers, studios and facts: only regions, sources and
lists of words are shared. So a link leads to as many records as before, and a region holds many
times more. Changes and terms of search are as many as before, which are thousands.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Table,
    cast,
    insert,
    literal,
    null,
    select,
    true,
)

from kit.db.column_types import Text
from kit.db.engine import open_engine
from models.figure import Completeness
from models.history import model_table, table_models
from models.region import FormerName, Region, RegionSuccession
from models.source import Source
from models.vocabulary import Industry, Major, Occupation
from resolvers.writing.summary_tables import triggers_suspended

COPIES = 20
SHARED = (Completeness, FormerName, Industry, Major, Occupation, Region, RegionSuccession, Source)
COPIED = {model_table(model) for model in table_models() if model not in SHARED}
NAMING = {"id", "code", "fact_id"}  # a row, without a reference that the database knows


async def multiply_examples(url: str) -> None:
    """Past the write path, which would take minutes.

    PostgreSQL gathers statistics by itself sooner or later; a registry on SQLite has none.
    """
    engine = open_engine(url)
    ordered = [table for table in model_table(Region).metadata.sorted_tables if table in COPIED]
    async with engine.begin() as connection, triggers_suspended(connection):
        for table in ordered:
            await connection.execute(copy_statement(table))
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql("ANALYZE")
    await engine.dispose()


def copy_statement(table: Table) -> Insert:
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.n + 1).where(first.c.n < COPIES))
    values = [copy_value(one, numbers.c.n) for one in table.columns]
    rows = select(*values).select_from(table.join(numbers, true()))
    return insert(table).from_select(table.columns.keys(), rows)


def copy_value(one: Column[Any], number: ColumnElement[int]) -> Any:
    """Return a row with the keys of the copies."""
    if one.key == "credit_code":  # no two organisations have the same
        return null()
    refers = any(key.column.table in COPIED for key in one.foreign_keys)
    if one.key in NAMING or refers:
        return one.concat("_").concat(cast(number, Text()))
    return one
