"""An export loaded again is an equal registry, on the same database or on the other."""

import csv
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.csv_cells import read_cell, write_cell
from feeds.export import export_registry
from feeds.importing import import_folder
from kit.db.engine import open_engine, read_transaction, write_transaction
from kit.errors import ImportRejected
from kit.text.normalization import normalize_personal_name
from kit.values.fixed_point import MAX_THOUSANDTHS
from models import DERIVED_TABLES, HISTORY_TABLES
from models.change import Change
from models.figure import Figure
from models.history import model_table
from models.region import Region
from models.rollup import RoundingKey
from models.training import Qualification
from models.worker import Worker
from resolvers.database.export import read_records
from resolvers.database.schema_version import migrate
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.write import enter_proposals
from tests.support.commands import RunCli, execute_sql
from tests.support.databases import DIALECTS, Databases
from tests.support.graph import RowFactory, run_async

Contents = dict[str, list[tuple[Any, ...]]]


async def contents(engine: AsyncEngine) -> Contents:
    """Every live table, without who typed a row into this registry, and when.

    The key by which it rounds is each registry's own; summaries are each database's.
    """
    past = {
        model_table(Change),
        model_table(RoundingKey),
        *HISTORY_TABLES.values(),
        *DERIVED_TABLES,
    }
    found = {}
    async with engine.connect() as connection:
        for table in model_table(Worker).metadata.sorted_tables:
            if table not in past:
                told = [c for c in table.columns if c.key not in {"typed_by", "recorded_at"}]
                rows = await connection.execute(select(*told).order_by(*table.primary_key))
                found[table.name] = [tuple(row) for row in rows]
    return found


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def loaded_equal(engine: AsyncEngine, url: str, folder: Path) -> None:
    """Export, load into the empty registry at `url`, and export from there."""
    await export_registry(engine, folder / "first")
    other = open_engine(url)
    await import_folder(other, folder / "first")
    assert await contents(other) == await contents(engine)
    await export_registry(other, folder / "again")
    await other.dispose()
    assert written(folder / "again") == written(folder / "first")


Survives = Callable[[], Awaitable[None]]


@pytest.fixture
def survives(
    databases: Databases, dialect: str, engine: AsyncEngine, tmp_path: Path
) -> Iterator[Survives]:
    """Whether what the test has made is carried to the other dialect."""
    [other] = set(DIALECTS) - {dialect}
    with databases.lent(other, "places") as url:
        yield lambda: loaded_equal(engine, url, tmp_path)


@pytest.fixture
def onto_url(databases: Databases, onto: str) -> Iterator[str]:
    """Return an empty registry of the dialect that a test names."""
    with databases.lent(onto, "places") as url:
        yield url


@pytest.mark.parametrize("onto", DIALECTS)
async def test_the_examples_are_exported_and_loaded_equal(
    examples_engine: AsyncEngine, onto_url: str, tmp_path: Path
) -> None:
    await loaded_equal(examples_engine, onto_url, tmp_path)
    other = open_engine(onto_url)
    assert await import_folder(other, tmp_path / "again") == {}
    await other.dispose()


NASTY = [
    "逗,号", 'quo"te', '"', "'", "=1+1", "a;b", "一\n二", "一\r\n二", "一\r二", "a\tb", "\\", "\\N",
    "甲\u2028乙", "甲\x85乙", "甲\x0b乙", "甲\x1f乙", "𠮷野家𪚥", "👷🏽‍♀️", "e\u0301", "\ufeff甲",
    "a\u200b", "null", "None", "-", "0", "1e5", "true", "#", "甲  乙", "x" * 200,
]  # fmt: skip


async def test_text_survives_whatever_stands_in_it(
    survives: Survives, make: RowFactory, tmp_path: Path
) -> None:
    await make(workers=[
        {"code": f"w{n}", "name": text, "name_en": text, "note": f"{text}\n" * 2 + "."}
        for n, text in enumerate(NASTY)
    ])  # fmt: skip
    async with make.engine.connect() as connection:
        names = set(await connection.scalars(select(model_table(Worker).c.name)))
        assert names == set(map(normalize_personal_name, NASTY))
        kept = set(await connection.scalars(select(model_table(Worker).c.name_as_published)))
        assert names | kept - {None} >= set(NASTY)
    await survives()


async def test_space_around_text_and_empty_text_are_not_kept(
    survives: Survives, make: RowFactory, tmp_path: Path
) -> None:
    await make(
        workers=[{"code": " a ", "name": "\u3000甲 ", "name_en": "  ", "note": "\n乙\t"}],
        regions=[{"code": "370200", "name": "青岛市", "note": " 丙"}],
    )
    async with make.engine.connect() as connection:
        table = model_table(Worker)
        columns = (table.c.code, table.c.name, table.c.name_en, table.c.note)
        [row] = (await connection.execute(select(*columns))).all()
    assert tuple(row) == ("a", "甲", None, "乙")
    await survives()


async def test_numbers_dates_words_and_codes_survive(
    survives: Survives, make: RowFactory, tmp_path: Path
) -> None:
    numbers = ["0.1", "1000000000000000", "-2.5", "0", "0.001", "4503599627370495.999",
               "280381050.95", "-0.0"]  # fmt: skip
    figure = {"metric": "m", "label": "x", "quantity_unit": "person",
              "quantity_qualifier": "OVER", "sources": "s.1"}  # fmt: skip
    await make(
        sources=[{"key": "s.1", "title": "t", "published_on": "2022-08"}],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER", "parent": parent}
            for code, parent in (("a.b-c_D", ""), ("A.b-c_D", "a.b-c_D"), ("1", "A.b-c_D"))
        ],
        workers=[
            {"code": f"w{n}", "name": "甲", "frontline": frontline}
            for n, frontline in enumerate(("true", "false", "", ""))
        ],
        employments=[
            {"key": f"e{n}", "worker": f"w{n}", "organisation": "A.b-c_D", "sources": "s.1",
             "started": started, "ended": ended}
            for n, (started, ended) in enumerate(
                (("2020", "2021-02"), ("", "2021-02-03"), ("1900", "2100"), ("", "1900-01-01"))
            )
        ],
        figures=[
            {**figure, "key": f"f{n}", "quantity_value": number, "year": 1900 + n}
            for n, number in enumerate(numbers)
        ],
        selection_stages=[
            {"key": f"s{n}", "ladder": "l", "order": order, "name": "级"}
            for n, order in enumerate((2147483647, -2147483648, 0))
        ],
        ladders=[{"code": "l", "name": "梯"}],
    )  # fmt: skip
    async with make.engine.connect() as connection:
        values = model_table(Figure).c
        found = await connection.scalars(select(values.quantity_value).order_by(values.year))
        assert list(found) == [Decimal(number) for number in numbers]
    await survives()
    lines = (tmp_path / "first" / "figures.csv").read_text("utf-8").splitlines()
    assert [row["quantity_value"] for row in csv.DictReader(lines)] == [*numbers[:-1], "0"]


@given(st.integers(-MAX_THOUSANDTHS, MAX_THOUSANDTHS))
def test_every_number_is_written_as_it_is_read(thousandths: int) -> None:
    column = model_table(Figure).c.quantity_value
    number = Decimal(thousandths).scaleb(-3)
    read = read_cell(column, f"{number:.3f}")
    assert read == read_cell(column, write_cell(read)) == number


async def test_owners_audiences_states_and_sources_survive(
    survives: Survives, make: RowFactory, tmp_path: Path
) -> None:
    """A fact may belong to nobody though its source's organisation stands, and to another."""
    fact = {"worker": "w", "sources": "s"}
    await make(
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER", "owner": "b"}
            for code in ("a", "b")
        ],
        sources=[{"key": key, "title": key} for key in ("s", "t", "u")],
        workers=[{"code": "w", "name": "甲", "owner": "a", "audience": "SHARED"}],
        qualifications=[{**fact, "key": "nobodys"}],
    )
    await make(
        sources=[{"key": "s", "title": "s", "asserted_by": "a"}],
        qualifications=[
            {**fact, "key": "sources"},
            {**fact, "key": "anothers", "owner": "b", "audience": "OWNER"},
            {**fact, "key": "retracted", "status": "RETRACTED"},
            {**fact, "key": "cited", "sources": "u;s;t"},
            {**fact, "key": "released", "owner": "-"},
        ],
        enrolments=[
            {"key": "e", "trainee": "w", "sources": "s", "audience": "SHARED"},
            {"key": "f", "trainee": "w", "sources": "s", "status": "RETRACTED"},
        ],
    )
    async with make.engine.connect() as connection:
        table = model_table(Qualification)
        owners = await connection.execute(select(table.c.id, table.c.owner_id))
        assert {row.id: row.owner_id for row in owners} == {
            "nobodys": None, "sources": "a", "anothers": "b", "retracted": "a", "cited": None,
            "released": None,
        }  # fmt: skip
    await survives()


async def test_things_survive_under_another_code_than_their_first(
    survives: Survives, make: RowFactory, tmp_path: Path
) -> None:
    """Two have changed places, a third has the code that a fourth had, and a division another."""
    await make(
        workers=[{"code": code, "name": code, "region": "370202"} for code in "abc"],
        sources=[{"key": "s", "title": "t"}],
        qualifications=[{"key": code, "worker": code, "sources": "s"} for code in "abc"],
    )
    await make(
        workers=[
            {"code": code, "key": key, "name": key, "region": "nanqu"}
            for code, key in (("b", "a"), ("a", "b"), ("d", "c"), ("c", "d"))
        ],
        regions=[{"code": "nanqu", "key": "370202", "name": "市南区", "level": "DISTRICT"}],
        qualifications=[{"key": code, "worker": code, "sources": "s"} for code in "ab"],
    )
    async with make.engine.connect() as connection:
        rows = await connection.execute(
            select(model_table(Worker)).order_by(model_table(Worker).c.id)
        )
        assert [(row.id, row.code, row.name, row.region_id) for row in rows] == [
            ("a", "b", "a", "370202"),
            ("b", "a", "b", "370202"),
            ("c", "d", "c", "370202"),
            ("d", "c", "d", "370202"),
        ]
        holders = await connection.execute(select(model_table(Qualification)))
        assert {row.id: row.worker_id for row in holders} == {"a": "b", "b": "a", "c": "c"}
    await survives()
    lines = (tmp_path / "first" / "workers.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines] == [
        ["code", "key"], ["b", "a"], ["a", "b"], ["d", "c"], ["c", "d"],
    ]  # fmt: skip


async def test_text_that_a_file_could_not_hold_is_refused(make: RowFactory) -> None:
    for text in ("", " 甲", "甲\n"):
        values = {"name": "甲", "name_as_published": text}
        async with write_transaction(make.engine) as connection:
            with pytest.raises(ImportRejected) as refused:
                await enter_proposals(
                    connection, [Proposal(Worker, "w", values, Origin("x", 1))], "test"
                )
        assert [(one.column, one.reason) for one in refused.value.problems] == [
            ("name_as_published", "is empty, or begins or ends with white space.")
        ]


async def test_an_export_is_of_one_moment(
    make: RowFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.database.export.EXPORTED_PER_BATCH", 200)
    async with read_transaction(make.engine) as connection:
        batches = read_records(connection, Region)
        before = [row["id"] for row in await anext(batches)]
        await make(regions=[{"code": "zzz", "name": "后来的"}])
        before += [row["id"] async for batch in batches for row in batch]
    assert len(before) > 200  # so the row came between two batches
    assert "zzz" not in before


def test_the_command_says_what_it_wrote(run_cli: RunCli, url: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for name in ("new", "there"):
        code, said = run_cli(url, "export", str(tmp_path / name))
        assert code == 0
        assert [line.split()[:2] for line in said] == [
            ["Region", "724"], ["FormerName", "17"], ["RegionSuccession", "396"],
            ["Written:", "724"],
        ]  # fmt: skip
        assert said[-1] == "Written: 724 Region, 17 FormerName, 396 RegionSuccession."
        assert sorted(written(tmp_path / name)) == [
            "former_names.csv", "region_successions.csv", "regions.csv",
        ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "there"]


@pytest.mark.parametrize(("name", "sentence"), [
    ("full", "{} is there already: name a folder that isn't, or is empty."),
    ("full/file", "{} is there already: name a folder that isn't, or is empty."),
    ("no/such", "{} can't be written: No such file or directory."),
    ("full/file/x", "{} can't be written: Not a directory."),
])  # fmt: skip
def test_nothing_is_written_over_anything(
    run_cli: RunCli, url: str, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("kept")
    code, said = run_cli(url, "export", str(tmp_path / name))
    assert (code, said) == (1, [sentence.format(tmp_path / name)])
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "file"]
    assert (tmp_path / "full" / "file").read_text() == "kept"


def test_an_export_that_fails_leaves_nothing(run_cli: RunCli, url: str, tmp_path: Path) -> None:
    run_async(execute_sql(url, "ALTER TABLE former_name RENAME TO another_name"))
    code, said = run_cli(url, "export", str(tmp_path / "folder"))
    assert code == 1
    assert said[0].split()[:2] == ["Region", "724"]
    assert said[1].startswith("The database can't be reached, or refused the work: ")
    assert list(tmp_path.iterdir()) == []


def test_an_export_wants_a_migrated_database(
    run_cli: RunCli, unmigrated_url: str, tmp_path: Path
) -> None:
    code, said = run_cli(unmigrated_url, "export", str(tmp_path / "folder"))
    assert code == 1
    [sentence] = said
    assert sentence.startswith("The database has no tables yet;")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_registry_is_not_exported(
    run_cli: RunCli, unmigrated_url: str, tmp_path: Path
) -> None:
    async def make_tables() -> None:
        engine = open_engine(unmigrated_url)
        await migrate(engine)
        await engine.dispose()

    run_async(make_tables())
    code, said = run_cli(unmigrated_url, "export", str(tmp_path / "folder"))
    assert (code, said) == (1, ["The registry holds no records: there is nothing to export."])
    assert list(tmp_path.iterdir()) == []
