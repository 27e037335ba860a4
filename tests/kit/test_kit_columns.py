"""Column types mean the same on both databases."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.column_types import EnumText, PartialDateText, Text, UtcDateTime
from kit.db.engine import in_keys, open_engine
from kit.values.labelled_enum import LabelledEnum
from tests.support.databases import Databases


class UnsortedMeal(LabelledEnum):
    """Declared in another order than that of the words."""

    SUPPER = "SUPPER", "晚饭"
    BREAKFAST = "BREAKFAST", "早饭"
    LUNCH = "LUNCH", "午饭"


MEALS = Table(
    "meal",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("meal", EnumText(UnsortedMeal)),
    Column("name", Text()),
    Column("short", Text(40)),
    Column("day", PartialDateText()),
    Column("eaten", UtcDateTime()),
)
ROWS = MEALS.c

# What both databases take as text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28), timezones=ZONES)  # noqa: DTZ001 - bounds are given without a zone


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.bare(dialect)
    yield url
    databases.drop(url)


@pytest.fixture
async def connection(url: str) -> AsyncIterator[AsyncConnection]:
    """One transaction on an empty table; it is never committed."""
    engine = open_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(MEALS.create)
        yield connection
        await connection.rollback()
    await engine.dispose()


def some(strategy: st.SearchStrategy[Any], *always: Any) -> list[Any]:
    """Return a hundred examples, different ones, to be written at once."""
    found: dict[Any, None] = dict.fromkeys(always)

    @settings(deadline=None, derandomize=True)
    @given(strategy)
    def collect(value: Any) -> None:
        found[value] = None

    collect()
    assert len(found) > 50
    return list(found)


async def enter(connection: AsyncConnection, column: str, values: list[Any]) -> None:
    rows = [{"id": n, column: value} for n, value in enumerate(values)]
    await connection.execute(insert(MEALS), rows)


async def read(connection: AsyncConnection, statement: Any) -> list[Any]:
    return list((await connection.scalars(statement)).all())


async def test_a_moment_comes_back_equal_and_in_utc(connection: AsyncConnection) -> None:
    moments = some(MOMENTS, datetime(2026, 1, 1, 7, 59, 59, 999_999, timezone(timedelta(hours=8))))
    await enter(connection, "eaten", moments)
    found = await read(connection, select(ROWS.eaten).order_by(ROWS.id))
    assert found == moments
    assert {moment.utcoffset() for moment in found} == {timedelta(0)}
    assert {moment.tzinfo for moment in found} == {UTC}
    in_order = await read(connection, select(ROWS.eaten).order_by(ROWS.eaten))
    assert in_order == sorted(moments)
    for moment in moments[:20]:
        earlier = await read(connection, select(ROWS.eaten).where(ROWS.eaten < moment))
        assert sorted(earlier) == [other for other in in_order if other < moment]
        assert moment in await read(connection, select(ROWS.eaten).where(ROWS.eaten == moment))


async def test_words_come_back_as_members_and_sort_as_text(connection: AsyncConnection) -> None:
    await enter(connection, "meal", [UnsortedMeal.LUNCH, "SUPPER", None, UnsortedMeal.BREAKFAST])
    found = await read(connection, select(ROWS.meal).order_by(ROWS.id))
    assert found == [UnsortedMeal.LUNCH, UnsortedMeal.SUPPER, None, UnsortedMeal.BREAKFAST]
    assert [type(word) for word in found] == [UnsortedMeal, UnsortedMeal, type(None), UnsortedMeal]
    in_order = select(ROWS.meal).where(ROWS.meal.is_not(None)).order_by(ROWS.meal)
    assert await read(connection, in_order) == [
        UnsortedMeal.BREAKFAST,
        UnsortedMeal.LUNCH,
        UnsortedMeal.SUPPER,
    ]
    for word in (UnsortedMeal.LUNCH, "LUNCH"):
        assert await read(connection, select(ROWS.id).where(ROWS.meal == word)) == [0]


@pytest.mark.parametrize("word", ["DINNER", "lunch", "午饭", ""])
async def test_an_unknown_word_is_refused_on_every_way(
    connection: AsyncConnection, word: str
) -> None:
    with pytest.raises(StatementError, match="is not a valid UnsortedMeal"):
        await enter(connection, "meal", [word])
    with pytest.raises(StatementError, match="is not a valid UnsortedMeal"):
        await read(connection, select(ROWS.id).where(ROWS.meal == word))
    assert await read(connection, select(ROWS.id)) == []
    await connection.execute(text("INSERT INTO meal (id, meal) VALUES (1, :word)"), {"word": word})
    with pytest.raises(ValueError, match="is not a valid UnsortedMeal"):
        await read(connection, select(ROWS.meal))


@pytest.mark.parametrize("column", ["name", "short", "day"])
async def test_text_sorts_in_binary_order(connection: AsyncConnection, column: str) -> None:
    always = [
        "B",
        "a",
        "中",
        "b",
        "A",
        "é",
        "e",
        "z",
        "_",
        " ",
        "-",
        "10",
        "9",
        "ß",
        "上",
        "𠀀",
        "",
    ]
    texts = always if column == "day" else some(TEXTS, *always)
    await enter(connection, column, texts)
    rows = ROWS[column]
    assert await read(connection, select(rows).order_by(rows)) == sorted(texts)
    assert sorted(always)[-5:] == ["ß", "é", "上", "中", "𠀀"]
    for one in always:
        below = await read(connection, select(rows).where(rows < one).order_by(rows))
        assert below == sorted(other for other in texts if other < one)
    least = await connection.scalar(select(rows).where(rows >= "B").order_by(rows).limit(1))
    assert least == "B"


# SQLite knows no other order than the binary one.
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_text_keeps_its_order_whatever_that_of_the_database(
    connection: AsyncConnection,
) -> None:
    asked = text(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = 'meal' AND collation_name = 'C' ORDER BY ordinal_position"
    )
    assert await read(connection, asked) == ["meal", "name", "short", "day"]


async def test_keys_bound_as_one_value_find_what_they_equal(
    connection: AsyncConnection, dialect: str
) -> None:
    texts = some(TEXTS, "", "'", '"', "\\", "{a,b}", "NULL", "null", "1", "𠀀", "a b", "%")
    await enter(connection, "name", texts)
    half = texts[::2]
    for keys in ([], half[:1], half, [*half, *half], [json.dumps(key) + "?" for key in texts]):
        found = await read(connection, select(ROWS.name).where(in_keys(ROWS.name, keys, dialect)))
        assert sorted(found) == sorted(set(texts) & set(keys))
