"""All tables as they are at one moment, and the way back through their history."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncEngine

from models import ALL_SUMMARIES, HISTORY_TABLES
from models.access_log import AccessEntry
from models.change import Change, ChangeKind
from models.history import model_table, table_models
from models.region import RegionAncestor
from models.row import FactStatus, Row
from tests.support.recount import State, Values

TABLES = model_table(Change).metadata.sorted_tables
# Most tables are empty most of the time.
FILLED = select(*(exists(select(table)).label(table.name) for table in TABLES))
STAMP = ("typed_by", "recorded_at")

# What the registry knew without deriving it, by model and id.
EnteredRows = dict[type[Row], dict[str, Values]]


@dataclass(frozen=True)
class TableSnapshot:
    live: State
    changes: list[Values]  # as numbered
    images: list[Values]
    pairs: set[tuple[str, str, int]]

    @property
    def known(self) -> EnteredRows:
        return {
            model: {id: without_derived(model, row) for id, row in rows.items()}
            for model, rows in self.live.items()
        }


def without_derived(model: type[Row], row: Values) -> Values:
    names = {column.key for column in model_table(model).c} - model.derived
    return {name: row[name] for name in names}


async def read_tables(engine: AsyncEngine) -> TableSnapshot:
    async with engine.connect() as connection:
        there = (await connection.execute(FILLED)).one()

        async def rows(table: Table) -> list[Values]:
            if not there._mapping[table.name]:
                return []
            found = (await connection.execute(select(table))).mappings()
            return [dict(row) for row in found]

        live = {
            model: {row["id"]: row for row in await rows(model_table(model))}
            for model in table_models()
        }
        images = [
            {"model": model, **row}
            for model, twin in HISTORY_TABLES.items()
            for row in await rows(twin)
        ]
        changes = sorted(await rows(model_table(Change)), key=lambda change: change["id"])
        ancestors = await rows(model_table(RegionAncestor))
    pairs = {(row["region_id"], row["ancestor_id"], row["distance"]) for row in ancestors}
    return TableSnapshot(live, changes, images, pairs)


async def clear_tables(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        there = (await connection.execute(FILLED)).one()._mapping
        for table in reversed(TABLES):
            # From accesses nothing can be taken away.
            if there[table.name] and table is not model_table(AccessEntry):
                await connection.execute(delete(table))
        for summary in ALL_SUMMARIES:  # last: what is deleted is taken away from them
            await connection.execute(delete(summary.table))


def is_retraction(row: Values, image: Values | None) -> bool:
    """Return a retracted fact, which stays on record."""
    withdrawn = FactStatus.RETRACTED
    return bool(image and row.get("status") == withdrawn != image["status"])


def rewind_history(tables: TableSnapshot) -> Iterator[tuple[int, EnteredRows]]:
    """Yield (number, what was known after that change), back to nothing, with checks."""
    models = {model.__name__: model for model in table_models()}
    images = {image["replaced_by"]: image for image in tables.images}
    assert len(images) == len(tables.images)
    known = tables.known
    for change in reversed(tables.changes):
        yield change["id"], known
        model, id = models[change["subject_type"]], change["subject_id"]
        row = known[model].pop(id, None)
        image = images.pop(change["id"], None)
        retracted = change["change_kind"] == ChangeKind.RETRACTED
        assert retracted if row is None else retracted is is_retraction(row, image)
        assert (image is None) is (change["change_kind"] == ChangeKind.CREATED)
        if row:
            assert [row[name] for name in STAMP] == [change[name] for name in STAMP]
            assert row["owner_id"] == change["asserted_by_id"]
        if image:
            assert (image["model"], image["id"]) == (model, id)
            assert image["known_until"] == change["recorded_at"]
            known[model][id] = without_derived(model, image)
    yield 0, known
    assert images == {}
