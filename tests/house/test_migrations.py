"""Migrations: up, down, up is clean, the tables are those of the models, versions are checked."""

from collections.abc import AsyncIterator, Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.column_types import EnumText, PartialDateText, Text, UtcDateTime
from kit.db.engine import ddl_transaction, write_transaction
from kit.errors import BadInput, Unavailable
from kit.i18n import Message
from models import HISTORY_TABLES
from models.history import model_table, table_models, unnormalized_type
from resolvers.database.schema_version import (
    alembic_config,
    head_revision,
    is_schema_current,
    migrate,
    require_current_schema,
    schema_drift,
)
from resolvers.writing.summary_tables import drop_triggers, verify_summaries
from tests.support.databases import Databases
from tests.support.graph import RowFactory
from tests.support.registries import disposing_engine


@pytest.fixture
def migrated_url(databases: Databases, dialect: str) -> Iterator[str]:
    with databases.copied(dialect, "tables") as url:
        yield url


@pytest.fixture
async def migrated(migrated_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield a database of a test's own: tables, and not a row in them."""
    async with disposing_engine(migrated_url) as engine:
        yield engine


def version_before(version: str) -> object:
    return ScriptDirectory.from_config(alembic_config()).get_revision(version).down_revision


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


RECORDED = {
    "sources": [{"key": "s", "title": "t"}],
    "organisations": [{"code": "o", "name": "中学", "organisation_kind": "SCHOOL"}],
    "workers": [{"code": "w", "name": "甲"}],
    "employments": [{"key": "e", "worker": "w", "organisation": "o", "sources": "s"}],
    "enrolments": [{"key": "n", "trainee": "w", "college": "o", "sources": "s"}],
}


async def test_up_down_up_is_clean(migrated: AsyncEngine) -> None:
    """With records, on a database that was migrated from nothing, as all of these are."""
    made = await tables(migrated)
    assert {table.name for table in model_table(table_models()[0]).metadata.sorted_tables} < made
    make = RowFactory(migrated)
    await make(**RECORDED)
    await make(workers=[{"code": "w", "name": "乙"}])
    assert await migrate(migrated, "base") is True
    assert await tables(migrated) == {"alembic_version"}
    assert await migrate(migrated) is True
    assert await tables(migrated) == made
    assert await migrate(migrated) is False
    async with migrated.connect() as connection:
        assert await connection.run_sync(schema_drift) == []
        assert await is_schema_current(connection)


async def test_every_check_of_the_models_stands_in_the_database(migrated: AsyncEngine) -> None:
    """What looks for drift doesn't compare them, and SQLite loses them when it remakes a table."""

    def found(connection: Connection) -> dict[str, list[str]]:
        inspector = inspect(connection)
        return {
            name: sorted(str(check["name"]) for check in inspector.get_check_constraints(name))
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }

    async with migrated.connect() as connection:
        there = await connection.run_sync(found)
    wanted = {
        table.name: sorted(
            str(one.name)
            for one in table.constraints
            if isinstance(one, CheckConstraint)
            and one.info.get("dialect", migrated.dialect.name) == migrated.dialect.name
        )
        for table in model_table(table_models()[0]).metadata.sorted_tables
    }
    assert there == wanted


async def test_every_reference_has_the_name_that_the_models_give_it(migrated: AsyncEngine) -> None:
    """SQLite has no names for those that came with a column: there it is the columns that count."""

    def found(connection: Connection) -> dict[str, list[tuple[str, str, str]]]:
        inspector = inspect(connection)
        return {
            name: sorted(
                (key["name"] or "", key["constrained_columns"][0], key["referred_table"])
                for key in inspector.get_foreign_keys(name)
            )
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }

    async with migrated.connect() as connection:
        there = await connection.run_sync(found)
    for table in model_table(table_models()[0]).metadata.sorted_tables:
        wanted = sorted(
            (f"fk_{table.name}_{column.key}", column.key, key.column.table.name)
            for column in table.columns
            for key in column.foreign_keys
        )
        if migrated.dialect.name == "postgresql":
            assert there[table.name] == wanted
        assert {key[1:] for key in there[table.name]} == {key[1:] for key in wanted}


async def test_drift_is_found(migrated: AsyncEngine) -> None:
    """So that the test above can fail."""
    async with migrated.begin() as connection:
        await connection.execute(text("ALTER TABLE worker ADD COLUMN shoe_size INTEGER"))
    async with migrated.connect() as connection:
        assert len(await connection.run_sync(schema_drift)) == 1


async def test_another_schema_version_is_refused_with_the_command(
    unmigrated_engine: AsyncEngine,
) -> None:
    with pytest.raises(Unavailable) as refused:
        await require_current_schema(unmigrated_engine)
    assert str(refused.value) == (
        f"The database has no tables yet; this version of the service needs {head_revision()}. "
        "Run 'python cli.py migrate' with the same DATABASE_URL, then start again."
    )


async def test_a_version_that_is_not_known_is_refused(migrated: AsyncEngine) -> None:
    await require_current_schema(migrated)
    async with migrated.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Unavailable, match="is at schema version 0000"):
        await require_current_schema(migrated)
    with pytest.raises(Unavailable, match="which a newer version of the service made"):
        await migrate(migrated)


async def test_sqlite_keeps_declared_types_and_foreign_keys(migrated: AsyncEngine) -> None:
    if migrated.dialect.name != "sqlite":
        return
    async with migrated.connect() as connection:
        rows = await connection.execute(text("SELECT name, type FROM pragma_table_info('figure')"))
        types = {row.name: row.type for row in rows}
        assert "" not in types.values()
        assert types["quantity_value"] == "BIGINT"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"


def test_every_table_of_rows_has_a_twin_with_its_columns() -> None:
    for model in table_models():
        live, twin = model_table(model), HISTORY_TABLES[model]
        assert isinstance(twin, Table)
        assert {column.key for column in live.columns} | {"replaced_by", "known_until"} == {
            column.key for column in twin.columns
        }
        for column in live.columns:
            assert type(twin.c[column.key].type) is type(unnormalized_type(column.type))


def test_text_sorts_alike_on_both_databases() -> None:
    """No text column has the database's own collation."""
    ours = (UtcDateTime, PartialDateText, Text, EnumText)
    for model in table_models():
        for column in model_table(model).columns:
            if column.type.python_type is str:
                assert isinstance(column.type, ours), column


@pytest.mark.parametrize("version", ["0015"])
async def test_what_lies_where_is_worked_out_anew_for_a_newer_version(
    old_schema_engine: AsyncEngine, version: str
) -> None:
    """Until 0015 a region's city was the innermost one."""
    columns = "id, code, name, name_key, audience, typed_by, recorded_at, level, parent_id, city_id"
    rows = ", ".join(
        f"('{code}', '{code}', '市', 'a', 'PUBLIC', 't', '2026-01-01', 'CITY', {parent}, '{code}')"
        for code, parent in (("outer", "NULL"), ("inner", "'outer'"))
    )
    async with old_schema_engine.begin() as connection:
        if old_schema_engine.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL jiangpu.writing = 'on'"))
        await connection.execute(text(f"INSERT INTO region ({columns}) VALUES {rows}"))
    assert await migrate(old_schema_engine) is True
    async with old_schema_engine.connect() as connection:
        cities = await connection.execute(text("SELECT id, city_id FROM region"))
        assert dict(map(tuple, cities)) == {"outer": "outer", "inner": "outer"}


@pytest.mark.parametrize("version", ["0020"])
async def test_reports_keep_the_versions_by_which_they_were_told(
    old_schema_engine: AsyncEngine, version: str
) -> None:
    """Until 0021 a version began with the number of the registry's last change."""
    assert version == version_before("0021")
    told, fresh = "1234.20260131", "20260201.0123456789abcdef"
    await execute(old_schema_engine, report_row("told", change_number=1234, day="'2026-01-31'"))
    await migrate(old_schema_engine, "0021")
    await execute(old_schema_engine, report_row("fresh", version=f"'{fresh}'"))
    read = "SELECT id, version FROM report ORDER BY id"
    assert await read_all(old_schema_engine, read) == [("fresh", fresh), ("told", told)]
    async with ddl_transaction(old_schema_engine) as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), version))
    kept = await read_all(
        old_schema_engine, "SELECT id, change_number, CAST(day AS text) FROM report"
    )
    assert kept == [("told", 1234, "2026-01-31")]
    await migrate(old_schema_engine, "0021")
    assert await read_all(old_schema_engine, read) == [("told", told)]


FITTING = {
    "cents": ("280381050.95", 280381050950),
    "sixteen": ("7000000000000001", 7000000000000001000),
    "less": ("1234567890123456", 1234567890123456000),
    "fine": ("4503599627370.497", 4503599627370497),
    "below": ("-0.1", -100),
}
MISFITTING = {"too_fine": "35.1234", "too_large": "9007199254740994", "far": "1e300"}


async def enter_before_0024(engine: AsyncEngine, numbers: dict[str, str]) -> None:
    """Each number is an outcome's value, there a binary fraction."""
    stamp = "'PUBLIC', 't', '2026-01-01'"
    stamped = "audience, typed_by, recorded_at"
    await execute(engine, f"INSERT INTO source (id, title, {stamped}) VALUES ('s', '报', {stamp})")
    await execute(
        engine,
        f"INSERT INTO region (id, code, name, name_key, level, {stamped})"
        f" VALUES ('r', 'r', '市', 'a', 'CITY', {stamp})",
    )
    await execute(engine, "INSERT INTO region_ancestor VALUES ('r', 'r', 0)")
    await execute(
        engine,
        f"INSERT INTO studio (id, code, name, name_key, studio_kind, region_id, {stamped})"
        f" VALUES ('st', 'st', '室', 'a', 'OTHER', 'r', {stamp})",
    )
    for place, (id, number) in enumerate(numbers.items()):
        names = f"id, source_id, studio_id, outcome_kind, status, region_id, {stamped}"
        row = f"'{id}', 's', 'st', 'BENEFIT', 'ASSERTED', 'r', {stamp}"
        value = f"{number}, 'yuan', 'EXACT'"
        measured = "value_value, value_unit, value_qualifier"
        await execute(engine, f"INSERT INTO outcome ({names}, {measured}) VALUES ({row}, {value})")
        await execute(
            engine,
            f"INSERT INTO outcome_history (replaced_by, known_until, {names}, {measured})"
            f" VALUES ({place}, '2026-02-01', {row}, {value})",
        )


READ_VALUES = "SELECT id, value_value FROM {} ORDER BY id"


@pytest.mark.parametrize("version", ["0023"])
async def test_numbers_of_before_are_exact_afterwards_and_misfits_are_told_before(
    old_schema_engine: AsyncEngine,
    version: str,
) -> None:
    """Until 0024 they were binary fractions. On SQLite a column comes to 2^53 at most."""
    numbers = {id: text for id, (text, _) in FITTING.items()}
    opposite = {"opposite": "-8007199254740992"}
    assert version == version_before("0024")
    await enter_before_0024(old_schema_engine, numbers | MISFITTING | opposite)
    there = await read_all(old_schema_engine, READ_VALUES.format("outcome"))

    async def refused() -> Message:
        with pytest.raises(BadInput) as told:
            await migrate(old_schema_engine, "0024")
        assert await read_all(old_schema_engine, "SELECT version_num FROM alembic_version") == [
            (version,)
        ]
        assert await read_all(old_schema_engine, READ_VALUES.format("outcome")) == there
        return told.value.sentence

    for said in await refused():
        named = [id for id, _ in there if f"outcome {id}, value_value: " in said]
        assert named == sorted(MISFITTING)
    misfits = ", ".join(f"'{id}'" for id in MISFITTING)
    await execute(old_schema_engine, f"DELETE FROM outcome WHERE id IN ({misfits})")
    if old_schema_engine.dialect.name == "sqlite":
        there = await read_all(old_schema_engine, READ_VALUES.format("outcome"))
        assert all("outcome.value_value" in said for said in await refused())
    await execute(old_schema_engine, "DELETE FROM outcome WHERE id = 'opposite'")
    await migrate(old_schema_engine, "0024")

    wanted = sorted((id, number) for id, (_, number) in FITTING.items())
    assert await read_all(old_schema_engine, READ_VALUES.format("outcome")) == wanted
    async with old_schema_engine.connect() as connection:
        assert await connection.run_sync(verify_summaries) == []
    total = sum(number for _, number in wanted)
    for cells in ("outcome_summary", "outcome_summary_above", "outcome_summary_whole"):
        assert await read_all(old_schema_engine, f"SELECT value_value FROM {cells}") == [(total,)]
    # What was replaced can't be corrected any more: its note says what it was.
    kept = dict(wanted) | {"opposite": -8007199254740992000}
    images = await read_all(
        old_schema_engine, "SELECT id, value_value, note FROM outcome_history ORDER BY id"
    )
    assert [id for id, *_ in images] == sorted({*kept, *MISFITTING})
    for id, value, note in images:
        assert value == kept.get(str(id))
        said = str(note).removeprefix("原值 as entered: value_value ")
        assert note is None if id in kept else float(said) == float(MISFITTING[str(id)])

    async with ddl_transaction(old_schema_engine) as connection:
        await connection.run_sync(drop_triggers)
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), version))
    floats = await read_all(old_schema_engine, READ_VALUES.format("outcome"))
    assert floats == sorted((id, float(text)) for id, text in numbers.items())


def report_row(id: str, **version: object) -> str:
    values = {
        "id": f"'{id}'",
        **dict.fromkeys(("name", "form", "question", "wall", "digest", "content"), "''"),
        "made_at": "'2026-02-01'",
        **version,
    }
    return (
        f"INSERT INTO report ({', '.join(values)}) VALUES ({', '.join(map(str, values.values()))})"
    )


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with write_transaction(engine) as connection:
        await connection.execute(text(statement))


async def read_all(engine: AsyncEngine, statement: str) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


@pytest.mark.parametrize("version", ["0025"])
async def test_names_are_spelt_anew_and_keep_what_was_published(
    old_schema_engine: AsyncEngine, version: str
) -> None:
    assert version == version_before("0026")
    columns = "id, code, name, name_key, audience, typed_by, recorded_at"
    rows = ", ".join(
        f"('{code}', '{code}', '{name}', 'x', 'OWNER', 't', '2026-01-01')"
        for code, name in (("a", "李　四"), ("b", "王五"), ("c", "乐一嘉"))
    )
    await execute(old_schema_engine, f"INSERT INTO worker ({columns}) VALUES {rows}")
    region = "('1', '1', '国', 'x', 'PUBLIC', 't', '2026-01-01', 'NATIONAL')"
    await execute(old_schema_engine, f"INSERT INTO region ({columns}, level) VALUES {region}")
    await migrate(old_schema_engine)
    read = "SELECT id, name, name_as_published, typed_by FROM worker ORDER BY id"
    assert await read_all(old_schema_engine, read) == [
        ("a", "李四", "李　四", "migrate"), ("b", "王五", None, "t"), ("c", "乐一嘉", None, "t"),
    ]  # fmt: skip
    assert await read_all(old_schema_engine, "SELECT id, name FROM worker_history") == [
        ("a", "李　四")
    ]
    terms = "SELECT record_id, term FROM search_term WHERE term IN ('lisi', 'leyijia') ORDER BY 1"
    assert await read_all(old_schema_engine, terms) == [("a", "lisi"), ("c", "leyijia")]
