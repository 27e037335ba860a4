"""Columns that follow from other rows, so that an answer needs no further statement for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Update, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engine.predicate import Asker
from kit.database import among, writing
from models import (
    Alliance,
    BegunDay,
    Conferral,
    Employment,
    Grant,
    Organisation,
    Outcome,
    Qualification,
    Region,
    RegionAncestor,
    RegionSuccession,
    Result,
    Source,
    Studio,
    StudioMembership,
    Worker,
)
from models.history import stored
from models.row import Level, Row, Spell
from resolvers.access import OPERATOR, PUBLIC
from resolvers.following import Follows, employer, grade, leader, region_of_recipient
from resolvers.recording import AT_ONCE
from resolvers.succession import lines, steps
from resolvers.summaries import sweep
from resolvers.unpublished import renew, renewing

PLACES = {
    "province_id": {Level.PROVINCIAL},
    "city_id": {Level.CITY},
    "district_id": {Level.DISTRICT, Level.COUNTY},
}


@dataclass(frozen=True)
class Kept:
    """A column, and how it follows; beside it stands what follows from all (`Row.from_all`).

    `facts` name the row, in the column given; of `things` the row itself names one.
    """

    model: type[Row]
    column: str
    follows: Follows
    facts: Mapping[type[Row], str] = field(default_factory=dict)
    things: Mapping[type[Row], str] = field(default_factory=dict)

    @property
    def by_the_day(self) -> bool:
        return any(issubclass(model, Spell) for model in self.facts)

    def changed(self, today: date) -> Update:
        """Of what everybody sees, and of all there is."""
        table = stored(self.model)
        values = {
            self.column: self.follows(Asker(PUBLIC, today), table),
            self.model.from_all[self.column]: self.follows(Asker(OPERATOR, today), table),
        }
        differs = or_(*(table.c[name].is_distinct_from(one) for name, one in values.items()))
        return update(table).where(differs).values(values)


RECIPIENTS: dict[type[Row], str] = {
    Worker: "worker_id",
    Organisation: "organisation_id",
    Studio: "studio_id",
}
GRADE = Kept(Worker, "grade", grade, {Qualification: "worker_id"})
KEPT = [
    Kept(Worker, "employer_id", employer, {Employment: "worker_id"}),
    GRADE,
    Kept(Studio, "leader_id", leader, {StudioMembership: "studio_id"}),
    Kept(Result, "region_id", region_of_recipient, things=RECIPIENTS),
    Kept(Conferral, "region_id", region_of_recipient, things=RECIPIENTS),
    Kept(Grant, "region_id", region_of_recipient, things=RECIPIENTS | {Alliance: "alliance_id"}),
    Kept(Outcome, "region_id", region_of_recipient, things={Studio: "studio_id"}),
]

# By model: rows that were written, as they are and as they were.
Touched = Mapping[type[Row], Sequence[Mapping[str, Any]]]


async def derive(connection: AsyncConnection, touched: Touched, today: date) -> None:
    """Bring up to date what follows from the rows that were written, and nothing else."""
    if touched.get(Region) or touched.get(RegionSuccession):
        await derive_tree(connection)
    for one in KEPT:
        for column, keys in (await reached(connection, one, touched)).items():
            if keys:
                await write_derived(connection, one, today, column, sorted(keys))
                if one is GRADE:  # what is above it, to those who see more
                    await renew(connection, sorted(keys))


async def reached(connection: AsyncConnection, one: Kept, touched: Touched) -> dict[str, set[str]]:
    """The rows of which a derived column may have changed, by what they hold in some columns."""
    ids = {row["id"] for row in touched.get(one.model, ())}
    for model, column in one.facts.items():
        ids |= {row[column] for row in touched.get(model, ())}
        if one.by_the_day:  # then it follows from the dates of sources as well
            ids |= await told_by(connection, model, column, touched.get(Source, ()))
    named = {
        column: {row["id"] for row in touched.get(of, ())} for of, column in one.things.items()
    }
    return {"id": ids, **named}


async def told_by(
    connection: AsyncConnection, model: type[Row], column: str, sources: Sequence[Mapping[str, Any]]
) -> set[str]:
    facts, found = stored(model), set[str]()
    keys = sorted({row["id"] for row in sources})
    for start in range(0, len(keys), AT_ONCE):
        cited = among(facts.c.source_id, keys[start : start + AT_ONCE], connection.dialect.name)
        found.update(await connection.scalars(select(facts.c[column]).where(cited).distinct()))
    return found


async def derive_all(connection: AsyncConnection, today: date, *, counted: bool = True) -> None:
    """Whatever was written, by whomever: every row is asked.

    Without `counted`, somebody counts afterwards (resolvers/summaries.py).
    """
    await derive_tree(connection)
    for one in KEPT:
        await connection.execute(one.changed(today))
    if counted:
        for statement in renewing(None, connection.dialect.name):
            await connection.execute(statement)


async def write_derived(
    connection: AsyncConnection, one: Kept, today: date, column: str, keys: Sequence[str]
) -> None:
    table, dialect = stored(one.model), connection.dialect.name
    for start in range(0, len(keys), AT_ONCE):
        there = among(table.c[column], keys[start : start + AT_ONCE], dialect)
        await connection.execute(one.changed(today).where(there))


NAMES = ("region_id", "ancestor_id", "distance")
Pairs = set[tuple[str, str, int]]


async def derive_tree(connection: AsyncConnection) -> None:
    """The tree as pairs, and the divisions in which each region lies, by its successors if any.

    Should one of a level lie in another of it, all belong to the outer one: so whatever lies in a
    city that is its own city has that city, and is counted with it (engine/cover.py).
    """
    region, pairs = stored(Region), stored(RegionAncestor)
    rows = (await connection.execute(select(region))).all()
    levels = {row.id: row.level for row in rows}
    successors = await steps(connection, RegionSuccession)
    ancestors = lines({row.id: row.parent_id for row in rows}, successors)
    wanted, held = pairs_of(ancestors), await held_pairs(connection)
    # What is counted for each region above follows each pair: only those that change are written.
    if lost := sorted(held - wanted):
        these = and_(*(pairs.c[name] == bindparam(f"this_{name}") for name in NAMES[:2]))
        keys = [{"this_region_id": one, "this_ancestor_id": other} for one, other, _ in lost]
        await connection.execute(delete(pairs).where(these), keys)
    if new := sorted(wanted - held):
        # Many in a statement: so they are written where something is returned.
        into = insert(pairs).returning(pairs.c.distance)
        await connection.execute(into, [dict(zip(NAMES, one, strict=True)) for one in new])
    moved = []
    for row in rows:
        outermost = ancestors[row.id][::-1]
        lies_in = {
            column: next((one for one in outermost if levels[one] in wanted_levels), None)
            for column, wanted_levels in PLACES.items()
        }
        # What was divided among regions that share nothing stays what it was.
        current = (one for one in ancestors[row.id] if one not in successors)
        lies_in["current_id"] = next(current, row.id)
        if any(getattr(row, column) != key for column, key in lies_in.items()):
            moved.append({**lies_in, "this_id": row.id})
    if moved:
        values: dict[str, Any] = {column: bindparam(column) for column in Region.derived}
        by_id = update(region).where(region.c.id == bindparam("this_id"))
        await connection.execute(by_id.values(values), moved)


async def ancestors_of(connection: AsyncConnection) -> Mapping[str, Sequence[str]]:
    """Of each region itself and all that it lies in, from the inside."""
    region = stored(Region)
    rows = await connection.execute(select(region.c.id, region.c.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    return lines(parents, await steps(connection, RegionSuccession))


def pairs_of(ancestors: Mapping[str, Sequence[str]]) -> Pairs:
    return {
        (id, ancestor, distance)
        for id, line in ancestors.items()
        for distance, ancestor in enumerate(line)
    }


async def held_pairs(connection: AsyncConnection) -> Pairs:
    pairs = stored(RegionAncestor)
    rows = await connection.execute(select(*(pairs.c[name] for name in NAMES)))
    return {(row.region_id, row.ancestor_id, row.distance) for row in rows}


async def wrong_tree(connection: AsyncConnection) -> list[str]:
    """A sentence for who runs the registry, if regions are said to lie where they don't."""
    wanted = pairs_of(await ancestors_of(connection))
    wrong = sorted({one for one, *_ in wanted ^ await held_pairs(connection)})
    if not wrong:
        return []
    return [f"region_ancestor: {len(wrong)} regions lie elsewhere, {wrong[0]} first."]


async def refresh(engine: AsyncEngine, today: date) -> None:
    """Spells begin and end without anybody writing: to be run when a day begins.

    By whichever process comes first: nobody else writes meanwhile.
    """
    days = stored(BegunDay)
    begun = select(days.c.day)
    async with engine.connect() as connection:
        if await connection.scalar(begun) == today:
            return
    async with writing(engine) as connection:
        last = await connection.scalar(begun)
        if last == today:
            return
        for one in KEPT:
            if one.by_the_day:
                await turn(connection, one, last, today)
        await sweep(connection)
        await begin(connection, today)


async def begin(connection: AsyncConnection, today: date) -> None:
    """All that follows from the day is worked out for this one."""
    days = stored(BegunDay)
    await connection.execute(delete(days))
    await connection.execute(insert(days).values(day=today))


async def turn(connection: AsyncConnection, one: Kept, last: date | None, today: date) -> None:
    """Only those are asked of which a spell has begun or ended since the last day that began."""
    if last is None or last > today:
        await connection.execute(one.changed(today))
        return
    ids: set[str] = set()
    for model, column in one.facts.items():
        facts = stored(model)
        bounds = (facts.c.begins, facts.c.ends)
        since = or_(*(and_(bound > last, bound <= today) for bound in bounds))
        ids.update(await connection.scalars(select(facts.c[column]).where(since).distinct()))
    await write_derived(connection, one, today, "id", sorted(ids))
