"""The second wall on all that names a person: which tables have it, and what it withholds."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.engine import open_engine
from kit.relay.global_id import to_global_id
from models import SUMMARY_BY_MODEL
from models.history import model_table
from models.summary import with_ancestor_summaries
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.context import today_in_china
from resolvers.core.declare import REGISTRY
from resolvers.writing.derived_columns import update_all_derived
from tests.support.databases import Databases
from tests.support.hidden_examples import copy_rows_to_history, hidden_examples_url
from tests.support.visible_records import VIEWERS, VisibilityOracle
from tests.support.walled_tables import OTHER_PERSON_TABLES, PERSON_MODELS, person_table_names

NAMES = {viewer: f"{viewer.role or viewer.name}-{viewer.region}" for viewer in VIEWERS}


@pytest.fixture(scope="module")
def hiding_url(databases: Databases) -> Iterator[str]:
    url = hidden_examples_url(databases, "postgresql")
    asyncio.run(keep_all_images(url))
    yield url
    databases.drop(url)


async def keep_all_images(url: str) -> None:
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            # No certificate is wider than its worker (decision 25): what is condensed goes by that.
            narrowed = "UPDATE qualification SET audience = 'PROTECTED' WHERE worker_id IN ({})"
            minors = "SELECT id FROM worker WHERE audience = 'PROTECTED'"
            await connection.execute(text(narrowed.format(minors)))
            await copy_rows_to_history(connection)
            await update_all_derived(connection, today_in_china())
    finally:
        await engine.dispose()


@pytest.fixture
async def engine(hiding_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(hiding_url)
    yield engine
    await engine.dispose()


async def behind(connection: AsyncConnection, viewer: Viewer, statement: str) -> set[str]:
    await connection.exec_driver_sql(viewer.wall.transaction_statement)
    return set((await connection.execute(text(statement))).scalars())


async def test_everything_that_names_a_person_has_the_wall(engine: AsyncEngine) -> None:
    """Worked out from the models: a new kind without policies fails here."""
    secured = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    async with engine.connect() as connection:
        found = set((await connection.execute(text(secured))).scalars())
    assert person_table_names() - found == set()
    assert OTHER_PERSON_TABLES - found == set()


def test_kinds_that_name_a_person_are_recognised() -> None:
    """So that the test above can fail: each of these was forgotten once, or could be."""
    names = {model.__name__ for model in PERSON_MODELS}
    assert {"Enrolment", "Employment", "Mentorship", "Nomination", "Figure", "Worker"} <= names
    assert {"Studio", "Organisation", "Region", "Rung"}.isdisjoint(names)
    assert {"result_summary_above", "nomination_history"} <= person_table_names()


@pytest.mark.parametrize("viewer", VIEWERS, ids=NAMES.get)
async def test_the_wall_withholds_rows_and_their_images_from_whom_the_rule_does(
    engine: AsyncEngine, viewer: Viewer
) -> None:
    """No statement of ours is asked: a table is read whole, as after any mistake."""
    truth = await VisibilityOracle.of(engine)
    seen = truth.ids(viewer)
    for model in PERSON_MODELS:
        table, kind = model_table(model).name, REGISTRY[model].name
        every = {id for id in truth.rows[table] if to_global_id(kind, id) in seen}
        assert viewer is OPERATOR or len(every) < len(truth.rows[table]), table
        for name in (table, f"{table}_history"):
            async with engine.connect() as connection:
                found = await behind(connection, viewer, f'SELECT id FROM "{name}"')
            assert found == every, name


async def test_what_changed_is_read_by_no_role(engine: AsyncEngine) -> None:
    """It tells the keys of records, and how often they were written."""
    for viewer in VIEWERS:
        async with engine.connect() as connection:
            with pytest.raises(Exception, match="permission denied"):
                await behind(connection, viewer, "SELECT id FROM change")


async def test_the_cells_of_what_names_a_person_tell_no_more_than_its_rows(
    engine: AsyncEngine,
) -> None:
    """Those that count all there is have no audience: they are the steward's (test_walls.py)."""
    for summary in with_ancestor_summaries(SUMMARY_BY_MODEL.values()):
        if summary.name not in person_table_names():
            continue
        async with engine.connect() as connection:
            read = f"SELECT DISTINCT audience FROM {summary.name}"
            assert await behind(connection, PUBLIC, read) <= {"PUBLIC"}
            await connection.rollback()
            assert await behind(connection, OPERATOR, read) - {"PUBLIC"}


@pytest.mark.parametrize("viewer", VIEWERS, ids=NAMES.get)
async def test_grades_that_are_not_public_are_withheld_as_their_certificates_are(
    engine: AsyncEngine, viewer: Viewer
) -> None:
    """Who has a set is shown to whoever sees the worker and a grade of it; a person sees none."""
    tables = ("unpublished_grade", "worker_unpublished", "worker_summary_unpublished")
    if viewer is PUBLIC:
        for table in tables:
            async with engine.connect() as connection:
                with pytest.raises(Exception, match="permission denied"):
                    await behind(connection, viewer, f"SELECT set_id FROM {table}")
        return
    truth = await VisibilityOracle.of(engine)
    workers = {row["id"] for row in truth.seen_by(viewer, "worker")}
    seen = [] if viewer.worker else truth.standing(viewer, "qualification")
    held = {(row["worker_id"], row["owner_id"], row["audience"].value) for row in seen}
    async with engine.connect() as connection:
        every = await connection.execute(
            text(
                "SELECT who.worker_id, one.owner_id, one.audience, set_id, number"
                " FROM worker_unpublished AS who JOIN unpublished_grade AS one USING (set_id)"
            )
        )
        rows = [row for row in every if (row[0], row[1], row[2]) in held]
    assert rows or viewer.worker
    async with engine.connect() as connection:
        read = "SELECT set_id || number FROM unpublished_grade"
        assert await behind(connection, viewer, read) == {f"{row[3]}{row[4]}" for row in rows}
        there = [row for row in rows if row[0] in workers]
        read = "SELECT worker_id FROM worker_unpublished"
        assert await behind(connection, viewer, read) == {row[0] for row in there}
        read = "SELECT set_id FROM worker_summary_unpublished WHERE number <> 0"
        assert await behind(connection, viewer, read) == {row[3] for row in there}
