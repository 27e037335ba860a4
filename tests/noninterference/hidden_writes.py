"""Rows that a viewer may not see, written by chance through the write path.

Whether the viewer sees them is judged by plain Python (tests/support/visible_records.py), in the
transaction that wrote them: what would show it anything is undone, and entered again without what
showed.
"""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feeds.csv_folder import csv_name_of
from kit.db.engine import write_transaction
from kit.errors import ImportRejected
from kit.relay.global_id import to_global_id
from models import HISTORY_TABLES
from models.change import Change
from models.history import model_table
from models.row import Row
from models.worker import Worker
from resolvers.core.access import Viewer
from tests.noninterference.random_hidden_writes import HiddenInterval, HiddenWriteGenerator
from tests.support.graph import enter_files
from tests.support.random_rows import MODELS, Batch, Cells, without_refused
from tests.support.recount import Values
from tests.support.visible_records import Stored, VisibilityOracle

ATTEMPTS = 8  # to enter a batch without what shows
DERIVED = {model_table(model).name: model.derived for model in MODELS}
DAYS = 10  # after the other records, when the viewer sees again what was hidden meanwhile


class VisibleChange(Exception):
    """The viewer sees a change of the hidden writes: these ids, if they are the cause."""

    def __init__(self, ids: set[str]) -> None:
        super().__init__(ids)
        self.ids = ids


def visible_differences(one: VisibilityOracle, other: VisibilityOracle, viewer: Viewer) -> set[str]:
    """Return the ids of what the viewer sees of but one of the two, or with other values in each.

    What has been worked out and who typed a row is no value of it. What was read once for both is
    the same.
    """
    ids, others = one.ids(viewer), other.ids(viewer)
    both, found = ids & others, ids ^ others
    for table, rows in one.rows.items():
        left_out, there = DERIVED[table] | {"typed_by"}, other.rows[table]
        if rows is there:
            continue
        for key, row in rows.items():
            if (again := there.get(key)) is None or row == again:
                continue
            if (id := one.id(table, row)) in both and entered_values(
                row, left_out
            ) != entered_values(again, left_out):
                found.add(id)
    return found


def entered_values(row: Stored, left_out: Set[str]) -> Values:
    return {name: row[name] for name in row if name not in left_out}


class HiddenWriter:
    """One registry that gets what the viewer may not see."""

    def __init__(self, engine: AsyncEngine, viewer: Viewer, chance: Random, name: str) -> None:
        self.engine, self.viewer, self.chance = engine, viewer, chance
        self.clerk = HiddenWriteGenerator(chance, viewer, name)
        self.began = datetime.now(UTC)

    def begin(self, truth: VisibilityOracle) -> None:
        """`truth` is what the registry holds."""
        self.clerk.read(truth)
        rows = [row for rows in truth.rows.values() for row in rows.values()]
        self.began = max(row["recorded_at"] for row in rows)

    async def write(self, batches: int) -> int:
        """How many rows were written."""
        number = 0
        for _ in range(batches):
            number += sum(map(len, (await self.enter(self.clerk.batch())).values()))
        # Somebody by name, should chance have entered none: searches count these as well.
        name = self.clerk.name
        person = {"code": f"{name}_hidden", "name": name, "owner": self.clerk.elsewhere()}
        number += sum(map(len, (await self.enter({Worker: [person]})).values()))
        return number

    async def enter(self, batch: Batch) -> Batch:
        """Return what of it isn't refused and shows nothing."""
        before = self.clerk.truth
        for _ in range(ATTEMPTS):
            if not any(batch.values()):
                break
            try:
                async with write_transaction(self.engine) as connection:
                    number = await last_change_number(connection)
                    await enter_batch(connection, batch)
                    after = await self.after(connection, number)
                    changed = visible_differences(before, after, self.viewer)
                    if changed:
                        raise VisibleChange(changed)
            except ImportRejected as refused:
                batch = without_refused(batch, refused)
            except VisibleChange as shows:
                batch = self.less(batch, shows.ids)
            else:
                self.clerk.read(after)
                return batch
        return {}

    def less(self, batch: Batch, shown: set[str]) -> Batch:
        """Without what is shown; else, for it may follow from any of them, without half."""
        left = {
            model: [row for row in rows if cells_global_id(model, row) not in shown]
            for model, rows in batch.items()
        }
        if sum(map(len, left.values())) == sum(map(len, batch.values())):
            left = {
                model: [row for row in rows if self.chance.randrange(2)]
                for model, rows in batch.items()
            }
        return {model: rows for model, rows in left.items() if rows}

    async def retell(self, retold: HiddenInterval) -> bool:
        """Through versions that the viewer doesn't see; False where it can't be, and wasn't."""
        try:
            async with write_transaction(self.engine) as connection:
                number = await last_change_number(connection)
                await enter_batch(connection, {retold.model: [retold.first or retold.hiding]})
                await self.check_hidden(connection, retold)
                for _ in range(self.chance.randrange(1, 4)):
                    await enter_if_valid(connection, retold.model, self.clerk.between(retold))
                    await self.check_hidden(connection, retold)
                await enter_batch(connection, {retold.model: [retold.shown]})
                await self.date(connection, retold, number)
                after = await self.after(connection, number)
                self.check(retold, after)
        except (ImportRejected, VisibleChange):
            return False
        self.clerk.read(after)
        return True

    async def check_hidden(self, connection: AsyncConnection, retold: HiddenInterval) -> None:
        """Raise VisibleChange."""
        table = model_table(retold.model)
        now = await self.clerk.truth.read(connection, [table])
        if now.shows(self.viewer, now.rows[table.name][retold.key]):
            raise VisibleChange({retold.id})

    async def after(self, connection: AsyncConnection, number: int) -> VisibilityOracle:
        """Return what there is after the changes that follow on that number."""
        change = model_table(Change)
        names = await connection.scalars(
            select(change.c.subject_type).where(change.c.id > number).distinct()
        )
        touched = {*names}
        tables = [model_table(one) for one in MODELS if one.__name__ in touched or one.derived]
        return await self.clerk.truth.read(connection, tables)

    def check(self, retold: HiddenInterval, after: VisibilityOracle) -> None:
        """Nothing else changed, and of this only when it was entered. Raises VisibleChange."""
        before, id = self.clerk.truth, retold.id
        was, now = (
            one.rows[model_table(retold.model).name].get(retold.key)
            if id in one.ids(self.viewer)
            else None
            for one in (before, after)
        )
        left_out = DERIVED[model_table(retold.model).name] | {"typed_by", "recorded_at"}
        again = was is None or (
            now and entered_values(was, left_out) == entered_values(now, left_out)
        )
        if now is None or not again or visible_differences(before, after, self.viewer) != {id}:
            raise VisibleChange({id})

    async def date(self, connection: AsyncConnection, retold: HiddenInterval, number: int) -> None:
        """As if it had been shown again on the same day, wherever, and hidden on any day before.

        `number` is the last change before.
        """
        live, twin, change = (
            model_table(retold.model),
            HISTORY_TABLES[retold.model],
            model_table(Change),
        )
        shown_at = self.began + timedelta(days=DAYS)
        hidden_at = self.began + timedelta(days=self.chance.randrange(1, DAYS))
        ours = (change.c.subject_type == retold.model.__name__, change.c.subject_id == retold.key)
        of_us = select(func.min(change.c.id)).where(*ours, change.c.id > number)
        first, last = (
            await connection.scalar(of_us),
            await connection.scalar(select(func.max(change.c.id)).where(*ours)),
        )
        for statement in (
            update(live).where(live.c.id == retold.key).values(recorded_at=shown_at),
            update(change).where(change.c.id == last).values(recorded_at=shown_at),
            update(twin)
            .where(twin.c.id == retold.key, twin.c.replaced_by == first)
            .values(known_until=hidden_at),
        ):
            await connection.execute(statement)


def cells_global_id(model: type[Row], cells: Cells) -> str:
    return to_global_id(model.__name__, cells.get("key", cells.get("code", "")))


async def last_change_number(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.max(model_table(Change).c.id))) or 0


async def enter_batch(connection: AsyncConnection, batch: Batch) -> None:
    await enter_files(connection, {csv_name_of(model)[:-4]: rows for model, rows in batch.items()})


async def enter_if_valid(connection: AsyncConnection, model: type[Row], cells: Cells) -> None:
    """Enter rows if they are valid; a refusal writes nothing."""
    try:
        await enter_batch(connection, {model: [cells]})
    except ImportRejected:
        return
