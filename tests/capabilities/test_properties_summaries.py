"""After any writes summaries equal the rows, for every viewer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engine.aggregates.groups import groups_by_source
from engine.catalog.kind import Kind, Spells
from engine.catalog.link import ToMany, link_to_all
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext
from feeds.csv_folder import csv_name_of
from kit.db.engine import write_transaction
from kit.errors import ImportRejected
from models import SUMMARY_BY_MODEL
from models.organisation import Organisation
from models.partner import Role
from models.region import Region
from models.row import FactStatus
from models.training import Enrolment
from models.worker import Worker
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.declare import REGISTRY
from resolvers.personal.erasure import erase_person
from resolvers.writing.summary_tables import delete_empty_cells, verify_summaries
from tests.support.graph import RowFactory
from tests.support.random_rows import (
    TIMES,
    Batch,
    max_examples,
    shrinkable_randoms,
    without_refused,
)
from tests.support.random_writes import WriteGenerator
from tests.support.table_states import TableSnapshot, clear_tables, read_tables
from tests.support.visible_records import VisibilityOracle

TODAY = date(2026, 11, 21)
DAYS = [date(2019, 6, 15), date(2020, 6, 15), TODAY, date(2036, 7, 1)]
KINDS = [REGISTRY[model] for model in SUMMARY_BY_MODEL]
FIRST = 100
# Of each kind at each check, others each time: to write a statement takes longer than to answer it.
QUESTIONS = 2 if TIMES == 1 else 6


def viewers(tables: TableSnapshot, chance: Random) -> list[Viewer]:
    """Enter a record of every kind, each of an existing person."""
    organisations = sorted(tables.live[Organisation]) or ["nobody"]
    regions = sorted(tables.live[Region]) or ["nowhere"]
    one = chance.choice(organisations)
    return [
        PUBLIC,
        partner_viewer(Role.COLLEGE, one),
        partner_viewer(Role.ALLIANCE, one),
        partner_viewer(Role.UNION, one, chance.choice(regions)),
        Viewer("a worker", worker=chance.choice(sorted(tables.live[Worker]) or ["nobody"])),
        OPERATOR,
    ]


def questions(kind: Kind) -> list[ConnectionArguments]:
    if kind.spell is None:
        return [ConnectionArguments()]
    days = [ConnectionArguments(on=day) for day in DAYS]
    return [
        ConnectionArguments(spells=Spells.ALL),
        ConnectionArguments(spells=Spells.CURRENT),
        *days,
    ]


def lists_of(kind: Kind) -> Iterator[ToMany]:
    """Yield the list of all of a kind, and those on other kinds that hang on one column."""
    yield link_to_all(kind)
    for other in REGISTRY.kinds.values():
        yield from (
            link for link in other.links.values() if isinstance(link, ToMany) and link.to is kind
        )


def dimensions(kind: Kind, chance: Random) -> list[tuple[str, ...]]:
    words = sorted(kind.dimensions)
    return [(chance.choice(words),), tuple(chance.sample(words, min(2, len(words))))]


async def rows_of(connection: AsyncConnection, statement: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await connection.execute(statement)]


async def told(
    connection: AsyncConnection,
    link: ToMany,
    asked: ConnectionArguments,
    asker: ViewerContext,
    by: tuple[str, ...],
) -> Any:
    """Totals, groups and undated, as an answer would have them."""
    write = QueryBuilder(asker, connection.dialect.name)
    keys = await sources(connection, link)
    totals = await rows_of(connection, write.count(link, asked, keys))
    groups = await rows_of(connection, write.groups(link, asked, by, FIRST, keys))
    undated = await rows_of(connection, write.undated(link, asked, keys)) if link.to.spell else []
    return (
        +Counter(dict(totals)),
        groups_by_source(link.to, by, groups),
        +Counter(dict(undated)),
    )


async def sources(connection: AsyncConnection, link: ToMany) -> list[str]:
    if link.name == "all":
        return [""]
    table = link.source.table
    return list(await connection.scalars(table.select().with_only_columns(table.c.id))) or [""]


def counted(truth: VisibilityOracle, kind: Kind, viewer: Viewer, asked: ConnectionArguments) -> int:
    """Return the total of all of a kind, in plain Python."""
    shared = truth.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()
    return sum(
        truth.sees(viewer, shared, row) and stands(kind, row, asked)
        for row in truth.rows[kind.table.name].values()
    )


def stands(kind: Kind, row: Any, asked: ConnectionArguments) -> bool:
    if row.get("status") == FactStatus.RETRACTED:
        return False
    if kind.spell is None or asked.spells is Spells.ALL:
        return True
    day = asked.on or TODAY
    if row["begins"] is None:
        return day >= TODAY and (row["ends"] is None or row["ends"] > day)
    return bool(row["begins"] <= day and (row["ends"] is None or row["ends"] > day))


async def check(engine: AsyncEngine, tables: TableSnapshot, chance: Random) -> None:
    truth = await VisibilityOracle.of(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(verify_summaries) == []
        askers = [ViewerContext(viewer, TODAY) for viewer in viewers(tables, chance)]
        for kind in KINDS * QUESTIONS:
            asker, asked = chance.choice(askers), chance.choice(questions(kind))
            link = chance.choice([link_to_all(kind), *lists_of(kind)])
            by = chance.choice(dimensions(kind, chance))
            found = await told(connection, link, asked, asker, by)
            with patch("engine.queries.match_summary", return_value=None):
                live = await told(connection, link, asked, asker, by)
            assert found == live, (asker.viewer, kind.name, link.name, asked, by)
            if link.name == "all":
                assert found[0][""] == counted(truth, kind, asker.viewer, asked)


async def enter(make: RowFactory, batch: Batch) -> None:
    while batch:
        note(f"enters {batch}")
        try:
            await make(**{csv_name_of(model)[:-4]: rows for model, rows in batch.items()})
        except ImportRejected as refused:
            batch = without_refused(batch, refused)
        else:
            return


async def erase_somebody(engine: AsyncEngine, workers: Sequence[str]) -> None:
    async with write_transaction(engine) as connection:
        await erase_person(connection, workers[0], "请求删除", "test")


@max_examples(3)
@given(data=st.data())
async def test_summaries_and_rows_agree_after_any_writes_on_any_day_for_every_viewer(
    empty_registry: AsyncEngine, data: st.DataObject
) -> None:
    chance = data.draw(shrinkable_randoms("summaries"))
    await clear_tables(empty_registry)
    make, clerk = RowFactory(empty_registry), WriteGenerator(chance)
    await enter(make, clerk.first())
    at = await read_tables(empty_registry)
    clerk.learn(at.live)
    await check(empty_registry, at, chance)
    for _ in range(data.draw(st.integers(3, 6))):
        if at.live[Worker] and not chance.randrange(5):
            codes = sorted(row["code"] for row in at.live[Worker].values())
            await erase_somebody(empty_registry, chance.sample(codes, 1))
        elif not chance.randrange(5):
            async with write_transaction(empty_registry) as connection:
                await delete_empty_cells(connection)
        else:
            await enter(make, clerk.batch())
        at = await read_tables(empty_registry)
        clerk.learn(at.live)
        await check(empty_registry, at, chance)


def test_enrolments_have_days_and_every_summary_is_some_question_of_a_partner() -> None:
    """Checks that some lists use summaries; otherwise the property would test nothing."""
    for kind in KINDS:
        write = QueryBuilder(ViewerContext(OPERATOR, TODAY), "sqlite")
        assert kind.summary is not None
        said = str(write.count(link_to_all(kind), ConnectionArguments(), [""]))
        assert kind.summary.name in said
    assert [model for model, one in SUMMARY_BY_MODEL.items() if one.dated] == [Enrolment]
