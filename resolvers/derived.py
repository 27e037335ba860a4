"""Columns that follow from other rows, so that an answer needs no further statement for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.database import among, writing
from kit.rows import rows_of
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
    Result,
    Studio,
    StudioMembership,
    Worker,
)
from models.history import stored
from models.row import Audience, FactStatus, Level, Row, Spell
from models.studio import StudioRole
from models.worker import Grade
from resolvers.recording import AT_ONCE
from resolvers.summaries import sweep

Value = ColumnElement[Any]

HIGHEST_FIRST = {grade.value: place for place, grade in enumerate(reversed(Grade))}
PLACES = {
    "province_id": {Level.PROVINCIAL},
    "city_id": {Level.CITY},
    "district_id": {Level.DISTRICT, Level.COUNTY},
}


def current(facts: FromClause, today: date) -> list[ColumnElement[bool]]:
    return [
        facts.c.status != FactStatus.RETRACTED,
        or_(facts.c.begins.is_(None), facts.c.begins <= today),
        or_(facts.c.ends.is_(None), facts.c.ends > today),
    ]


def employer(worker: Table, today: date) -> Value:
    """The employment that began last among those that hold today."""
    facts = rows_of(stored(Employment))
    found = select(facts.c.organisation_id).where(facts.c.worker_id == worker.c.id)
    latest = (facts.c.begins.desc().nulls_last(), facts.c.id)
    return first(found.where(*current(facts, today)).order_by(*latest), of=worker)


def grade(worker: Table, today: date) -> Value:
    """Of certificates shown to no fewer people than the worker: a grade would tell of others."""
    facts = rows_of(stored(Qualification))
    found = select(facts.c.grade).where(
        facts.c.worker_id == worker.c.id, facts.c.grade.is_not(None)
    )
    highest = case(HIGHEST_FIRST, value=facts.c.grade)
    standing = found.where(facts.c.status != FactStatus.RETRACTED, as_wide(facts, worker))
    return first(standing.order_by(highest), of=worker)


def as_wide(facts: FromClause, of: Table) -> ColumnElement[bool]:
    reach = {audience.value: place for place, audience in enumerate(Audience)}
    fact, row = case(reach, value=facts.c.audience), case(reach, value=of.c.audience)
    return fact <= row


def first(found: Select[Any], of: Table) -> Value:
    return found.limit(1).correlate(of).scalar_subquery()


def leader(studio: Table, today: date) -> Value:
    facts = rows_of(stored(StudioMembership))
    found = select(facts.c.worker_id).where(
        facts.c.studio_id == studio.c.id,
        facts.c.studio_role == StudioRole.LEADER,
    )
    latest = (facts.c.begins.desc().nulls_last(), facts.c.id)
    return first(found.where(*current(facts, today)).order_by(*latest), of=studio)


def region_of_recipient(fact: Table, today: date) -> Value:
    places: list[Value] = [
        region_of(model, fact, column)
        for model, column in (
            (Worker, "worker_id"),
            (Organisation, "organisation_id"),
            (Studio, "studio_id"),
            (Alliance, "alliance_id"),
        )
        if column in fact.c
    ]
    if "recipient_region_id" in fact.c:
        places.append(fact.c.recipient_region_id)
    return func.coalesce(*places) if len(places) > 1 else places[0]


def region_of(model: type[Row], fact: Table, column: str) -> Value:
    rows = rows_of(stored(model))
    return first(select(rows.c.region_id).where(rows.c.id == fact.c[column]), of=fact)


@dataclass(frozen=True)
class Derived:
    """A column, and how it follows.

    `facts` name the row, in the column given; of `things` the row itself names one.
    """

    model: type[Row]
    column: str
    follows: Callable[[Table, date], Value]
    facts: Mapping[type[Row], str] = field(default_factory=dict)
    things: Mapping[type[Row], str] = field(default_factory=dict)

    @property
    def by_the_day(self) -> bool:
        return any(issubclass(model, Spell) for model in self.facts)


RECIPIENTS: dict[type[Row], str] = {
    Worker: "worker_id",
    Organisation: "organisation_id",
    Studio: "studio_id",
}
DERIVED = [
    Derived(Worker, "employer_id", employer, {Employment: "worker_id"}),
    Derived(Worker, "grade", grade, {Qualification: "worker_id"}),
    Derived(Studio, "leader_id", leader, {StudioMembership: "studio_id"}),
    Derived(Result, "region_id", region_of_recipient, things=RECIPIENTS),
    Derived(Conferral, "region_id", region_of_recipient, things=RECIPIENTS),
    Derived(Grant, "region_id", region_of_recipient, things=RECIPIENTS | {Alliance: "alliance_id"}),
    Derived(Outcome, "region_id", region_of_recipient, things={Studio: "studio_id"}),
]

# By model: rows that were written, as they are and as they were.
Touched = Mapping[type[Row], Sequence[Mapping[str, Any]]]


async def derive(connection: AsyncConnection, touched: Touched, today: date) -> None:
    """Bring up to date what follows from the rows that were written, and nothing else."""
    if touched.get(Region):
        await derive_tree(connection)
    for one in DERIVED:
        for column, keys in reached(one, touched):
            await write_derived(connection, one, today, column, keys)


def reached(one: Derived, touched: Touched) -> Iterator[tuple[str, list[str]]]:
    """(column, keys): the rows that a derived column of may have changed, by what they hold."""
    ids = {row["id"] for row in touched.get(one.model, ())}
    for model, column in one.facts.items():
        ids |= {row[column] for row in touched.get(model, ())} - {None}
    named = {
        column: {row["id"] for row in touched.get(of, ())} for of, column in one.things.items()
    }
    for column, keys in {"id": ids, **named}.items():
        if keys:
            yield column, sorted(keys)


async def derive_all(connection: AsyncConnection, today: date) -> None:
    """Whatever was written, by whomever: every row is asked."""
    await derive_tree(connection)
    for one in DERIVED:
        await connection.execute(changed(one, today))


async def write_derived(
    connection: AsyncConnection, one: Derived, today: date, column: str, keys: Sequence[str]
) -> None:
    table, dialect = stored(one.model), connection.dialect.name
    for start in range(0, len(keys), AT_ONCE):
        there = among(table.c[column], keys[start : start + AT_ONCE], dialect)
        await connection.execute(changed(one, today).where(there))


def changed(one: Derived, today: date) -> Update:
    table = stored(one.model)
    value = one.follows(table, today)
    differs = table.c[one.column].is_distinct_from(value)
    return update(table).where(differs).values({one.column: value})


async def derive_tree(connection: AsyncConnection) -> None:
    """The tree as pairs, and the divisions in which each region lies.

    Should one of a level lie in another of it, all belong to the outer one: so whatever lies in a
    city that is its own city has that city, and is counted with it (engine/cover.py).
    """
    region, pairs = stored(Region), stored(RegionAncestor)
    rows = (await connection.execute(select(region))).all()
    levels = {row.id: row.level for row in rows}
    parents = {row.id: row.parent_id for row in rows}
    ancestors = {row.id: list(upward(row.id, parents)) for row in rows}
    wanted_pairs = {
        (id, ancestor, distance)
        for id, line in ancestors.items()
        for distance, ancestor in enumerate(line)
    }
    names = ("region_id", "ancestor_id", "distance")
    held = {tuple(row) for row in await connection.execute(select(*(pairs.c[n] for n in names)))}
    # What is counted for each region above follows each pair: only those that change are written.
    for region_id, ancestor_id, _ in held - wanted_pairs:
        gone = and_(pairs.c.region_id == region_id, pairs.c.ancestor_id == ancestor_id)
        await connection.execute(delete(pairs).where(gone))
    if new := sorted(wanted_pairs - held):
        # Many in a statement: so they are written where something is returned.
        into = insert(pairs).returning(pairs.c.distance)
        await connection.execute(into, [dict(zip(names, one, strict=True)) for one in new])
    moved = []
    for row in rows:
        outermost = ancestors[row.id][::-1]
        lies_in = {
            column: next((one for one in outermost if levels[one] in wanted), None)
            for column, wanted in PLACES.items()
        }
        if any(getattr(row, column) != key for column, key in lies_in.items()):
            moved.append({**lies_in, "this_id": row.id})
    if moved:
        values: dict[str, Any] = {column: bindparam(column) for column in PLACES}
        by_id = update(region).where(region.c.id == bindparam("this_id"))
        await connection.execute(by_id.values(values), moved)


def upward(id: str, parents: dict[str, str | None]) -> Iterable[str]:
    step: str | None = id
    while step is not None:
        yield step
        step = parents[step]


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
        for one in DERIVED:
            if one.by_the_day:
                await turn(connection, one, last, today)
        await sweep(connection)
        await connection.execute(delete(days))
        await connection.execute(insert(days).values(day=today))


async def turn(connection: AsyncConnection, one: Derived, last: date | None, today: date) -> None:
    """Only those are asked of which a spell has begun or ended since the last day that began."""
    if last is None or last > today:
        await connection.execute(changed(one, today))
        return
    ids: set[str] = set()
    for model, column in one.facts.items():
        facts = stored(model)
        bounds = (facts.c.begins, facts.c.ends)
        since = or_(*(and_(bound > last, bound <= today) for bound in bounds))
        ids.update(await connection.scalars(select(facts.c[column]).where(since).distinct()))
    await write_derived(connection, one, today, "id", sorted(ids))
