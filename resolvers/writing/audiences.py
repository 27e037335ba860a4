"""The audiences of people and facts: a fact is never wider than any person that it names.

Narrowing a person narrows all facts that name them, and the images of these. Nothing is widened
automatically: a person's facts have to be published again one by one. Facts of an erased person
name no one, so an award keeps its audience. A minor's record is visible to its owner only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from models import HISTORY_TABLES
from models.history import model_table, table_models
from models.row import Audience, Fact, Row
from models.worker import ERASED_NAME, Worker
from resolvers.writing.derived_columns import update_derived
from resolvers.writing.proposal import Origin, Problems, Proposal
from resolvers.writing.record import (
    ChangeRecorder,
    Entry,
    RowValues,
    fetch_rows,
)
from resolvers.writing.rules.minors import (
    OWNER_ONLY_AUDIENCES,
    find_unprotected_minors,
    protect_minors,
)
from resolvers.writing.rules.publication import RowsAfterWrite
from resolvers.writing.search_index import update_terms

Entries = dict[type[Row], dict[str, Entry]]
Entered = Mapping[type[Row], Mapping[str, Entry]]
PersonAudiences = Mapping[str, Audience]  # by the key of the person

WORKERS = model_table(Worker)
WIDER_THAN_PERSON = (
    "is {said}, but a person whom this names is {audience}: leave it empty, or make that person "
    "{said} in this load, if they may be."
)
PROTECTED_WITHOUT_PERSON = (
    "protects people, and facts that name one: here OWNER keeps it to its owner."
)
AUDIENCE_RANKS = {audience.value: rank for rank, audience in enumerate(Audience)}


def person_columns(model: type[Row]) -> tuple[str, ...]:
    """Return the columns in which a person may be entered."""
    return tuple(
        column.key
        for column in model_table(model).c
        if column.key not in model.derived
        and any(foreign.column.table is WORKERS for foreign in column.foreign_keys)
    )


PERSON_COLUMNS = {
    model: columns for model in table_models(Fact) if (columns := person_columns(model))
}


def merge_entries(entries: Entered, other: Entered) -> Entries:
    return {
        model: {**entries.get(model, {}), **other.get(model, {})}
        for model in dict.fromkeys((*entries, *other))
    }


def audience_entry(model: type[Row], live: RowValues, audience: Audience) -> Entry:
    proposal = Proposal(model, live["id"], {}, Origin("", 0))
    return Entry(proposal, {**live, "audience": audience}, live)


async def narrow_entries(
    connection: AsyncConnection, after: RowsAfterWrite, today: date, problems: Problems
) -> Entries:
    """Narrow entered rows that state no audience, or one for the owner only.

    Returns stored rows that have to follow, as entries of their own.
    """
    minors = await protect_minors(connection, after, today, problems)
    people = {id: audience_entry(Worker, row, Audience.PROTECTED) for id, row in minors.items()}
    narrowed: Entries = {Worker: people} if people else {}
    after = RowsAfterWrite(merge_entries(after.entries, narrowed), after.on_record)
    for entry, audience in await find_too_wide(after, outspoken=False):
        entry.row["audience"] = audience
    return merge_entries(narrowed, await narrow_facts_on_record(after))


async def check_audiences(after: RowsAfterWrite, problems: Problems) -> None:
    """Reject facts with a wider audience than their people, and PROTECTED where it can't be."""
    check_protected(after, problems)
    if Worker in problems.unread:
        return  # the person may be in an unreadable row
    for entry, audience in await find_too_wide(after, outspoken=True):
        reason = WIDER_THAN_PERSON.format(said=entry.row["audience"].value, audience=audience.value)
        problems.add(entry.proposal, "audience", reason)


def check_protected(after: RowsAfterWrite, problems: Problems) -> None:
    """Reject PROTECTED for a row that names no person.

    A union sees everything in its region except people protected by others, so its counts of
    anything else are complete.
    """
    for model in table_models():
        people = ("id",) if model is Worker else PERSON_COLUMNS.get(model, ())
        for entry in after.entered(model).values():
            protected = entry.row["audience"] is Audience.PROTECTED
            if protected and not any(entry.row[column] for column in people):
                problems.add(entry.proposal, "audience", PROTECTED_WITHOUT_PERSON)


async def find_too_wide(after: RowsAfterWrite, *, outspoken: bool) -> list[tuple[Entry, Audience]]:
    """Return entered facts that are wider than their people, with the audience allowed.

    `outspoken` selects those that state an audience wider than their owner; otherwise all others.
    """
    facts = [
        (entry, {entry.row[column] for column in columns} - {None})
        for model, columns in PERSON_COLUMNS.items()
        for entry in after.entered(model).values()
        if entry.row["audience"] in AUDIENCE_RANKS
        and outspoken
        is (
            "audience" in entry.proposal.values
            and entry.row["audience"] not in OWNER_ONLY_AUDIENCES
        )
    ]
    people = await after.by_id(Worker, {id for _, named in facts for id in named})
    too_wide = []
    for entry, named in facts:
        audience: Audience = entry.row["audience"]
        for id in named & people.keys():
            if people[id]["name"] != ERASED_NAME:
                audience = audience.narrowed(people[id]["audience"])
        if audience != entry.row["audience"]:
            too_wide.append((entry, audience))
    return too_wide


async def narrow_facts_on_record(after: RowsAfterWrite) -> Entries:
    """Return stored facts, not in this load, that are wider than a person narrowed by it."""
    people: PersonAudiences = {
        id: entry.row["audience"]
        for id, entry in after.entered(Worker).items()
        if entry.live
        and AUDIENCE_RANKS[entry.live["audience"]] < AUDIENCE_RANKS[entry.row["audience"]]
    }
    narrowed: Entries = defaultdict(dict)
    for model, columns in PERSON_COLUMNS.items():
        for column in columns:
            for row in await after.unentered_rows(model, column, set(people)):
                audience = row["audience"]
                for name in columns:
                    audience = audience.narrowed(people.get(row[name], audience))
                if audience != row["audience"]:
                    narrowed[model][row["id"]] = audience_entry(model, row, audience)
    return narrowed


async def narrow_images(connection: AsyncConnection, entries: Entries) -> None:
    """Narrow the images of facts about the people who were narrowed."""
    people: defaultdict[Audience, list[str]] = defaultdict(list)
    for id, entry in entries.get(Worker, {}).items():
        if (
            entry.live
            and AUDIENCE_RANKS[entry.live["audience"]] < AUDIENCE_RANKS[entry.row["audience"]]
        ):
            people[entry.row["audience"]].append(id)
    for audience, ids in people.items():
        for model, columns in PERSON_COLUMNS.items():
            twin = HISTORY_TABLES[model]
            for start in range(0, len(ids), ROWS_PER_STATEMENT):
                batch = ids[start : start + ROWS_PER_STATEMENT]
                named = [in_keys(twin.c[name], batch, connection.dialect.name) for name in columns]
                wider = audience_rank(twin) < AUDIENCE_RANKS[audience]
                images = update(twin).where(or_(*named), wider)
                await connection.execute(images.values(audience=audience))


def audience_rank(rows: FromClause) -> ColumnElement[int]:
    return case(AUDIENCE_RANKS, value=rows.c.audience)


async def narrow_on_record(
    connection: AsyncConnection, people: PersonAudiences, typed_by: str, at: datetime, today: date
) -> Counter[str]:
    """Narrow people, and facts that name them, to these audiences; return numbers by kind."""

    async def on_record(table: Any, column: str, keys: Iterable[str]) -> list[RowValues]:
        return await fetch_rows(connection, table, column, keys)

    nobody = RowsAfterWrite({}, on_record)
    workers = {
        id: audience_entry(Worker, row, row["audience"].narrowed(people[id]))
        for id, row in (await nobody.by_id(Worker, people)).items()
    }
    # As if all had been public: their facts may be, whatever their own audience.
    named = {
        id: audience_entry(
            Worker, {**entry.row, "audience": Audience.PUBLIC}, entry.row["audience"]
        )
        for id, entry in workers.items()
    }
    facts = await narrow_facts_on_record(RowsAfterWrite({Worker: named}, on_record))
    entries = merge_entries(
        {Worker: {id: entry for id, entry in workers.items() if entry.has_changes()}}, facts
    )
    recorder = await ChangeRecorder.begin(connection, typed_by, at)
    for model, changed in entries.items():
        await recorder.record(model, list(changed.values()))
    await narrow_images(connection, {Worker: named})
    written = +Counter({model.__name__: len(changed) for model, changed in entries.items()})
    if written:
        touched = {
            model: [entry.row for entry in changed.values()] for model, changed in entries.items()
        }
        await update_derived(connection, touched, today)
        await update_terms(connection, entries)
    return written


async def narrow_all_audiences(
    connection: AsyncConnection, typed_by: str, today: date
) -> Counter[str]:
    """Narrow everything that `verify_audiences` reports; return numbers by kind."""
    people = dict.fromkeys(await find_unprotected_minors(connection, today), Audience.PROTECTED)
    for model, columns in PERSON_COLUMNS.items():
        for name in columns:
            rows = await connection.execute(
                select_wider_than_person(model, name).with_only_columns(
                    WORKERS.c.id, WORKERS.c.audience
                )
            )
            people = {row.id: row.audience for row in rows} | people
    return await narrow_on_record(connection, people, typed_by, datetime.now(UTC), today)


async def verify_audiences(connection: AsyncConnection, today: date) -> list[str]:
    """Return messages for the operator, without names."""
    messages = []
    if number := len(await find_unprotected_minors(connection, today)):
        messages.append(f"worker: {number} who are, or may be, minors are shown to others.")
    for model, columns in PERSON_COLUMNS.items():
        for name in columns:
            counted = select_wider_than_person(model, name).with_only_columns(func.count())
            if number := await connection.scalar(counted):
                table = model_table(model).name
                messages.append(f"{table}: {number} are shown to more people than their {name}.")
    return messages


def select_wider_than_person(model: type[Row], column: str) -> Any:
    """Select rows that are wider than the person in that column, joined with the person."""
    table = model_table(model)
    return (
        select(table.c.id)
        .join(WORKERS, WORKERS.c.id == table.c[column])
        .where(audience_rank(table) < audience_rank(WORKERS), WORKERS.c.name != ERASED_NAME)
    )
