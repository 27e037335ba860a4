"""Columns derived from other rows and stored, so that reading them takes no further statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engine.sql.predicate import ViewerContext
from kit.db.engine import ROWS_PER_STATEMENT, in_keys, write_transaction
from models.alliance import Alliance
from models.competition import Result
from models.day import BegunDay
from models.history import model_table
from models.honour import Conferral
from models.organisation import Organisation
from models.outcome import Outcome
from models.region import Region, RegionAncestor, RegionSuccession
from models.row import Level, Row, Spell
from models.source import Source
from models.studio import Studio, StudioMembership
from models.subsidy import Grant
from models.training import Qualification
from models.worker import Employment, Worker
from resolvers.core.access import OPERATOR, PUBLIC
from resolvers.core.derived_values import (
    DeriveExpr,
    employer_of_worker,
    grade_of_worker,
    leader_of_studio,
    region_of_recipient,
)
from resolvers.writing.rules.succession import ancestor_lists, read_successor_graph
from resolvers.writing.summary_tables import delete_empty_cells
from resolvers.writing.unpublished_grades import refresh_statements, refresh_unpublished_grades

DIVISION_LEVELS = {
    "province_id": {Level.PROVINCIAL},
    "city_id": {Level.CITY},
    "district_id": {Level.DISTRICT, Level.COUNTY},
}


@dataclass(frozen=True, eq=False)
class MaintainedColumn:
    """A derived column and its expression; `Row.from_all` names its twin, derived from all rows.

    `facts` maps models to the column that names the row; `things` to the column in which the row
    names them.
    """

    model: type[Row]
    column: str
    follows: DeriveExpr
    facts: Mapping[type[Row], str] = field(default_factory=dict)
    things: Mapping[type[Row], str] = field(default_factory=dict)

    @property
    def depends_on_day(self) -> bool:
        return any(issubclass(model, Spell) for model in self.facts)

    @lru_cache(maxsize=32)  # noqa: B019  # the instances are the constants below
    def changed(self, today: date) -> Update:
        """Return the update of both columns: for the public, and from all rows."""
        table = model_table(self.model)
        values = {
            self.column: self.follows(ViewerContext(PUBLIC, today), table),
            self.model.from_all[self.column]: self.follows(ViewerContext(OPERATOR, today), table),
        }
        differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
        return update(table).where(differs).values(values)


RECIPIENT_COLUMNS: dict[type[Row], str] = {
    Worker: "worker_id",
    Organisation: "organisation_id",
    Studio: "studio_id",
}
WORKER_GRADE = MaintainedColumn(Worker, "grade", grade_of_worker, {Qualification: "worker_id"})
MAINTAINED_COLUMNS = [
    MaintainedColumn(Worker, "employer_id", employer_of_worker, {Employment: "worker_id"}),
    WORKER_GRADE,
    MaintainedColumn(Studio, "leader_id", leader_of_studio, {StudioMembership: "studio_id"}),
    MaintainedColumn(Result, "region_id", region_of_recipient, things=RECIPIENT_COLUMNS),
    MaintainedColumn(Conferral, "region_id", region_of_recipient, things=RECIPIENT_COLUMNS),
    MaintainedColumn(
        Grant,
        "region_id",
        region_of_recipient,
        things=RECIPIENT_COLUMNS | {Alliance: "alliance_id"},
    ),
    MaintainedColumn(Outcome, "region_id", region_of_recipient, things={Studio: "studio_id"}),
]

# Written rows by model, as they are and as they were.
WrittenRows = Mapping[type[Row], Sequence[Mapping[str, Any]]]


async def update_derived(connection: AsyncConnection, touched: WrittenRows, today: date) -> None:
    """Update the columns that depend on the rows written, and nothing else."""
    if touched.get(Region) or touched.get(RegionSuccession):
        await update_region_tree(connection)
    for maintained in MAINTAINED_COLUMNS:
        for column, keys in (await affected_keys(connection, maintained, touched)).items():
            if keys:
                await update_column(connection, maintained, today, column, sorted(keys))
                if maintained is WORKER_GRADE:  # higher grades, for viewers who see more
                    await refresh_unpublished_grades(connection, sorted(keys))


async def affected_keys(
    connection: AsyncConnection, maintained: MaintainedColumn, touched: WrittenRows
) -> dict[str, set[str]]:
    """Return the affected rows, as values by column."""
    ids = {row["id"] for row in touched.get(maintained.model, ())}
    for model, column in maintained.facts.items():
        ids |= {row[column] for row in touched.get(model, ())}
        if maintained.depends_on_day:  # a spell's order depends on the dates of sources as well
            ids |= await keys_by_source(connection, model, column, touched.get(Source, ()))
    named = {
        column: {row["id"] for row in touched.get(thing, ())}
        for thing, column in maintained.things.items()
    }
    return {"id": ids, **named}


async def keys_by_source(
    connection: AsyncConnection, model: type[Row], column: str, sources: Sequence[Mapping[str, Any]]
) -> set[str]:
    facts, values = model_table(model), set[str]()
    keys = sorted({row["id"] for row in sources})
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        cited = in_keys(
            facts.c.source_id, keys[start : start + ROWS_PER_STATEMENT], connection.dialect.name
        )
        values.update(await connection.scalars(select(facts.c[column]).where(cited).distinct()))
    return values


async def update_all_derived(
    connection: AsyncConnection, today: date, *, counted: bool = True
) -> None:
    """Update every row, whatever was written.

    Without `counted` the caller counts afterwards (resolvers/writing/summary_tables.py).
    """
    await update_region_tree(connection)
    for maintained in MAINTAINED_COLUMNS:
        await connection.execute(maintained.changed(today))
    if counted:
        for statement in refresh_statements(None, connection.dialect.name):
            await connection.execute(statement)


async def update_column(
    connection: AsyncConnection,
    maintained: MaintainedColumn,
    today: date,
    column: str,
    keys: Sequence[str],
) -> None:
    table, dialect = model_table(maintained.model), connection.dialect.name
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        affected = in_keys(table.c[column], keys[start : start + ROWS_PER_STATEMENT], dialect)
        await connection.execute(maintained.changed(today).where(affected))


PAIR_COLUMNS = ("region_id", "ancestor_id", "distance")
AncestorPairs = set[tuple[str, str, int]]


async def update_region_tree(connection: AsyncConnection) -> None:
    """Update the closure table and the divisions of each region, by its successors if any.

    Where a region is in another of its level, both belong to the outer one. So all regions in a
    city that is its own `city` have that city, and are counted with it
    (engine/aggregates/ancestor_cover.py).
    """
    region, pairs = model_table(Region), model_table(RegionAncestor)
    rows = (await connection.execute(select(region))).all()
    levels = {row.id: row.level for row in rows}
    successors = await read_successor_graph(connection, RegionSuccession)
    ancestors = ancestor_lists({row.id: row.parent_id for row in rows}, successors)
    right, stored = ancestor_pairs(ancestors), await read_ancestor_pairs(connection)
    # Summaries follow each pair by trigger, so only pairs that change are written.
    if lost := sorted(stored - right):
        these = and_(*(pairs.c[name] == bindparam(f"this_{name}") for name in PAIR_COLUMNS[:2]))
        keys = [{"this_region_id": id, "this_ancestor_id": other} for id, other, _ in lost]
        await connection.execute(delete(pairs).where(these), keys)
    if new := sorted(right - stored):
        # With RETURNING, many rows share one statement.
        into = insert(pairs).returning(pairs.c.distance)
        await connection.execute(into, [dict(zip(PAIR_COLUMNS, pair, strict=True)) for pair in new])
    moved = []
    for row in rows:
        outermost = ancestors[row.id][::-1]
        lies_in = {
            column: next(
                (ancestor for ancestor in outermost if levels[ancestor] in wanted_levels), None
            )
            for column, wanted_levels in DIVISION_LEVELS.items()
        }
        # A region divided among regions without a common one stays its own current region.
        current = (ancestor for ancestor in ancestors[row.id] if ancestor not in successors)
        lies_in["current_id"] = next(current, row.id)
        if any(getattr(row, column) != key for column, key in lies_in.items()):
            moved.append({**lies_in, "this_id": row.id})
    if moved:
        values: dict[str, Any] = {column: bindparam(column) for column in Region.derived}
        by_id = update(region).where(region.c.id == bindparam("this_id"))
        await connection.execute(by_id.values(values), moved)


async def read_ancestors(connection: AsyncConnection) -> Mapping[str, Sequence[str]]:
    """Return each region with its ancestors, from the inside."""
    region = model_table(Region)
    rows = await connection.execute(select(region.c.id, region.c.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    return ancestor_lists(parents, await read_successor_graph(connection, RegionSuccession))


def ancestor_pairs(ancestors: Mapping[str, Sequence[str]]) -> AncestorPairs:
    return {
        (id, ancestor, distance)
        for id, line in ancestors.items()
        for distance, ancestor in enumerate(line)
    }


async def read_ancestor_pairs(connection: AsyncConnection) -> AncestorPairs:
    pairs = model_table(RegionAncestor)
    rows = await connection.execute(select(*(pairs.c[name] for name in PAIR_COLUMNS)))
    return {(row.region_id, row.ancestor_id, row.distance) for row in rows}


async def verify_region_tree(connection: AsyncConnection) -> list[str]:
    """Return a message for the operator if the closure table is wrong."""
    right = ancestor_pairs(await read_ancestors(connection))
    wrong = sorted({id for id, *_ in right ^ await read_ancestor_pairs(connection)})
    if not wrong:
        return []
    return [f"region_ancestor: {len(wrong)} regions lie elsewhere, {wrong[0]} first."]


async def refresh_for_day(engine: AsyncEngine, today: date) -> None:
    """Update columns that depend on the day: to be run when a day begins.

    The first process does it, under the write lock; the others find it done.
    """
    days = model_table(BegunDay)
    begun = select(days.c.day)
    async with engine.connect() as connection:
        if await connection.scalar(begun) == today:
            return
    async with write_transaction(engine) as connection:
        last = await connection.scalar(begun)
        if last == today:
            return
        for maintained in MAINTAINED_COLUMNS:
            if maintained.depends_on_day:
                await update_for_day(connection, maintained, last, today)
        await delete_empty_cells(connection)
        await record_day(connection, today)


async def record_day(connection: AsyncConnection, today: date) -> None:
    """Record that all derived columns are up to date for this day."""
    days = model_table(BegunDay)
    await connection.execute(delete(days))
    await connection.execute(insert(days).values(day=today))


async def update_for_day(
    connection: AsyncConnection, maintained: MaintainedColumn, last: date | None, today: date
) -> None:
    """Update only rows with a spell that has begun or ended since the last recorded day."""
    if last is None or last > today:
        await connection.execute(maintained.changed(today))
        return
    ids: set[str] = set()
    for model, column in maintained.facts.items():
        facts = model_table(model)
        bounds = (facts.c.begins, facts.c.ends)
        since = or_(*(and_(bound > last, bound <= today) for bound in bounds))
        ids.update(await connection.scalars(select(facts.c[column]).where(since).distinct()))
    await update_column(connection, maintained, today, "id", sorted(ids))
