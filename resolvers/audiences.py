"""No fact is wider than the narrowest person whom it names, and a minor's record is its owner's.

Whoever is narrowed takes along all facts that name them, and what these said before. Nothing is
widened by itself: whoever publishes a person again says so of each fact. What stays of somebody who
was erased names nobody: an award stands in its list as it did.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from models import TWINS, Worker
from models.history import models_of, stored
from models.row import Audience, Fact, Row
from models.worker import ERASED
from resolvers.derived import derive
from resolvers.minors import ALIKE, protect, unprotected
from resolvers.proposal import Origin, Problems, Proposal
from resolvers.publication import Standing
from resolvers.recording import AT_ONCE, Entry, Recorder, Values, rows_on_record
from resolvers.searching import write_terms

Entries = dict[type[Row], dict[str, Entry]]
Entered = Mapping[type[Row], Mapping[str, Entry]]
Audiences = Mapping[str, Audience]  # of people, by key

WORKERS = stored(Worker)
WIDER = (
    "is {said}, but a person whom this names is {audience}: leave it empty, or make that person "
    "{said} in this load, if they may be."
)
OF_PEOPLE = "protects people, and facts that name one: here OWNER keeps it to its owner."
REACH = {audience.value: place for place, audience in enumerate(Audience)}


def naming(model: type[Row]) -> tuple[str, ...]:
    """The columns in which somebody enters a person."""
    return tuple(
        column.key
        for column in stored(model).c
        if column.key not in model.derived
        and any(foreign.column.table is WORKERS for foreign in column.foreign_keys)
    )


PEOPLE = {model: columns for model in models_of(Fact) if (columns := naming(model))}


def joined(one: Entered, other: Entered) -> Entries:
    return {
        model: {**one.get(model, {}), **other.get(model, {})}
        for model in dict.fromkeys((*one, *other))
    }


def corrected(model: type[Row], live: Values, audience: Audience) -> Entry:
    proposal = Proposal(model, live["id"], {}, Origin("", 0))
    return Entry(proposal, {**live, "audience": audience}, live)


async def narrow(
    connection: AsyncConnection, after: Standing, today: date, problems: Problems
) -> Entries:
    """Narrows what is entered and says nothing of its audience, or what it says comes to the same.

    What must follow on record comes back, as entries of its own.
    """
    minors = await protect(connection, after, today, problems)
    people = {id: corrected(Worker, row, Audience.PROTECTED) for id, row in minors.items()}
    narrowed: Entries = {Worker: people} if people else {}
    after = Standing(joined(after.entries, narrowed), after.on_record)
    for entry, audience in await wide(after, outspoken=False):
        entry.row["audience"] = audience
    return joined(narrowed, await following(after))


async def check_audiences(after: Standing, problems: Problems) -> None:
    """Refuses facts that state a wider audience than their people have, and what
    `check_protected` refuses.
    """
    check_protected(after, problems)
    if Worker in problems.unread:
        return  # what a person's audience is may stand in a row that could not be read
    for entry, audience in await wide(after, outspoken=True):
        reason = WIDER.format(said=entry.row["audience"].value, audience=audience.value)
        problems.add(entry.proposal, "audience", reason)


def check_protected(after: Standing, problems: Problems) -> None:
    """Refuses PROTECTED for a row that names no person.

    A union sees everything in its region but the people whom others protect, so what it counts of
    anything else is complete.
    """
    for model in models_of():
        people = ("id",) if model is Worker else PEOPLE.get(model, ())
        for entry in after.entered(model).values():
            protected = entry.row["audience"] is Audience.PROTECTED
            if protected and not any(entry.row[column] for column in people):
                problems.add(entry.proposal, "audience", OF_PEOPLE)


async def wide(after: Standing, *, outspoken: bool) -> list[tuple[Entry, Audience]]:
    """The facts entered that are wider than the people whom they name, with what they may be.

    Outspoken are those that say that others than their owner may see them.
    """
    facts = [
        (entry, {entry.row[column] for column in columns} - {None})
        for model, columns in PEOPLE.items()
        for entry in after.entered(model).values()
        if entry.row["audience"] in REACH
        and outspoken
        is ("audience" in entry.proposal.values and entry.row["audience"] not in ALIKE)
    ]
    people = await after.by_id(Worker, {id for _, named in facts for id in named})
    found = []
    for entry, named in facts:
        audience: Audience = entry.row["audience"]
        for id in named & people.keys():
            if people[id]["name"] != ERASED:
                audience = audience.narrowed(people[id]["audience"])
        if audience != entry.row["audience"]:
            found.append((entry, audience))
    return found


async def following(after: Standing) -> Entries:
    """The facts on record, none of them entered, that are wider than who is narrowed now."""
    people: Audiences = {
        id: entry.row["audience"]
        for id, entry in after.entered(Worker).items()
        if entry.live and REACH[entry.live["audience"]] < REACH[entry.row["audience"]]
    }
    found: Entries = defaultdict(dict)
    for model, columns in PEOPLE.items():
        for column in columns:
            for row in await after.untouched(model, column, set(people)):
                audience = row["audience"]
                for name in columns:
                    audience = audience.narrowed(people.get(row[name], audience))
                if audience != row["audience"]:
                    found[model][row["id"]] = corrected(model, row, audience)
    return found


async def narrow_images(connection: AsyncConnection, entries: Entries) -> None:
    """What was known before of those who are narrowed is shown to no more people either."""
    people: defaultdict[Audience, list[str]] = defaultdict(list)
    for id, entry in entries.get(Worker, {}).items():
        if entry.live and REACH[entry.live["audience"]] < REACH[entry.row["audience"]]:
            people[entry.row["audience"]].append(id)
    for audience, ids in people.items():
        for model, columns in PEOPLE.items():
            twin = TWINS[model]
            for start in range(0, len(ids), AT_ONCE):
                some = ids[start : start + AT_ONCE]
                named = [among(twin.c[name], some, connection.dialect.name) for name in columns]
                wider = reach(twin) < REACH[audience]
                images = update(twin).where(or_(*named), wider)
                await connection.execute(images.values(audience=audience))


def reach(rows: FromClause) -> ColumnElement[int]:
    return case(REACH, value=rows.c.audience)


async def narrow_on_record(
    connection: AsyncConnection, people: Audiences, typed_by: str, at: datetime, today: date
) -> Counter[str]:
    """People, and the facts that name them, to these audiences at most: by kind, how many."""

    async def on_record(table: Any, column: str, keys: Iterable[str]) -> list[Values]:
        return await rows_on_record(connection, table, column, keys)

    nobody = Standing({}, on_record)
    workers = {
        id: corrected(Worker, row, row["audience"].narrowed(people[id]))
        for id, row in (await nobody.by_id(Worker, people)).items()
    }
    # As if all were public until now: their facts may be, whatever they are themselves.
    named = {
        id: corrected(Worker, {**one.row, "audience": Audience.PUBLIC}, one.row["audience"])
        for id, one in workers.items()
    }
    facts = await following(Standing({Worker: named}, on_record))
    entries = joined({Worker: {id: one for id, one in workers.items() if one.differs()}}, facts)
    recorder = await Recorder.begin(connection, typed_by, at)
    for model, some in entries.items():
        await recorder.record(model, list(some.values()))
    await narrow_images(connection, {Worker: named})
    written = +Counter({model.__name__: len(some) for model, some in entries.items()})
    if written:
        touched = {model: [one.row for one in some.values()] for model, some in entries.items()}
        await derive(connection, touched, today)
        await write_terms(connection, entries)
    return written


async def narrow_all(connection: AsyncConnection, typed_by: str, today: date) -> Counter[str]:
    """Whatever is wider than it may be, by kind: what `wrong` tells is no more."""
    people = dict.fromkeys(await unprotected(connection, today), Audience.PROTECTED)
    for model, columns in PEOPLE.items():
        for name in columns:
            rows = await connection.execute(
                wider_than(model, name).with_only_columns(WORKERS.c.id, WORKERS.c.audience)
            )
            people = {row.id: row.audience for row in rows} | people
    return await narrow_on_record(connection, people, typed_by, datetime.now(UTC), today)


async def too_wide(connection: AsyncConnection, today: date) -> list[str]:
    """Sentences for who runs the registry: they name nobody."""
    found = []
    if number := len(await unprotected(connection, today)):
        found.append(f"worker: {number} who are, or may be, minors are shown to others.")
    for model, columns in PEOPLE.items():
        for name in columns:
            counted = wider_than(model, name).with_only_columns(func.count())
            if number := await connection.scalar(counted):
                table = stored(model).name
                found.append(f"{table}: {number} are shown to more people than their {name}.")
    return found


def wider_than(model: type[Row], column: str) -> Any:
    """The rows of a kind that are wider than the person in that column, with these."""
    table = stored(model)
    return (
        select(table.c.id)
        .join(WORKERS, WORKERS.c.id == table.c[column])
        .where(reach(table) < reach(WORKERS), WORKERS.c.name != ERASED)
    )
