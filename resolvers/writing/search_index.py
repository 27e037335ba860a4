"""Search terms: written with each row or for all rows, and deleted with a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.bulk_load import bulk_insert, deferred_indexes
from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.text.pinyin import pinyin_sort_key
from models import HISTORY_TABLES
from models.history import model_table, table_models
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.region import FormerName, Region
from models.row import Audience, Row, Thing
from models.search import SearchTerm
from models.worker import ERASED_NAME, Worker
from resolvers.core.organisation_names import (
    NO_ALTERNATIVE_NAMES,
    AlternativeNames,
    read_alternative_names,
    read_successors,
)
from resolvers.core.subjects import subject_columns
from resolvers.writing.record import Entry, RowValues, fetch_rows
from resolvers.writing.search_prominence import Prominences, read_prominence, records_counted_by
from resolvers.writing.search_terms import record_terms

SEARCH_TERMS = model_table(SearchTerm)
TERM_COLUMNS = tuple(SEARCH_TERMS.columns.keys())
SEARCHABLE_MODELS: tuple[type[Row], ...] = tuple(table_models(Thing))  # all kinds that have a name
RECORDS_PER_BATCH = 20_000  # records read and turned into terms at once

AlternativeNamesByKey = Mapping[str, AlternativeNames]  # by the key of the record
EntryMap = Mapping[type[Row], Mapping[str, Entry]]


async def update_terms(connection: AsyncConnection, written: EntryMap) -> None:
    """Update the terms of changed rows, and the prominence of other rows, after a write."""
    changed = {
        model: changed_record_keys(written.get(model, {}).values()) for model in SEARCHABLE_MODELS
    }
    for fact_model, (model, column) in NAMING_MODELS.items():
        changed[model] |= {entry.row[column] for entry in written.get(fact_model, {}).values()}
    changed[Organisation] |= await read_successors(connection, changed[Organisation])
    for model in SEARCHABLE_MODELS:
        changed[model] |= await keys_located_by(connection, model, changed)
    for model, keys in changed.items():
        await replace_terms(connection, model, sorted(keys))
    for model, keys in prominence_keys(written).items():
        await update_prominence(connection, model, keys - changed[model])


# Rows that add names to other records, and the column with the key of the record.
NAMING_MODELS: dict[type[Row], tuple[type[Row], str]] = {
    FormerName: (Region, "region_id"),
    OrganisationFormerName: (Organisation, "organisation_id"),
    OrganisationSuccession: (Organisation, "successor_id"),
}


def changed_record_keys(entries: Iterable[Entry]) -> set[str]:
    return {entry.row["id"] for entry in entries if not entry.live or entry.has_changes()}


def prominence_keys(written: EntryMap) -> dict[type[Row], set[str]]:
    targets: dict[type[Row], set[str]] = {}
    for model, entries in written.items():
        rows = [row for entry in entries.values() for row in (entry.row, entry.live) if row]
        for target, keys in records_counted_by(model, rows).items():
            targets.setdefault(target, set()).update(keys)
    return targets


async def replace_terms(connection: AsyncConnection, model: type[Row], keys: list[str]) -> None:
    table, dialect = model_table(model), connection.dialect.name
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        batch = keys[start : start + ROWS_PER_STATEMENT]
        gone = in_keys(SEARCH_TERMS.c.record_id, batch, dialect)
        await connection.execute(delete(SEARCH_TERMS).where(is_term_of(model), gone))
        rows = await connection.execute(select(table).where(in_keys(table.c.id, batch, dialect)))
        named = await add_regions(connection, model, [dict(row) for row in rows.mappings()])
        await add_former_codes(connection, model, named)
        alternatives = await read_names_for_search(connection, model, batch)
        stood = await read_prominence(connection, model, batch)
        terms = [
            dict(zip(TERM_COLUMNS, term, strict=True))
            for term in term_rows(model, named, alternatives, stood)
        ]
        for at in range(0, len(terms), ROWS_PER_STATEMENT):
            await connection.execute(insert(SEARCH_TERMS), terms[at : at + ROWS_PER_STATEMENT])


def location_columns(model: type[Row]) -> list[tuple[str, Any]]:
    """Return columns and tables of the subjects that give a region to a row without its own."""
    return [] if "region_id" in model_table(model).c else subject_columns(model)


async def add_regions(
    connection: AsyncConnection, model: type[Row], rows: list[RowValues]
) -> list[RowValues]:
    """Return the rows with their region: of several subjects, that of the first."""
    for column, holder in location_columns(model):
        keys = sorted({row[column] for row in rows if row[column] is not None})
        located = in_keys(holder.c.id, keys, connection.dialect.name)
        pairs = await connection.execute(select(holder.c.id, holder.c.region_id).where(located))
        regions = dict(map(tuple, pairs))
        for row in rows:
            row["region_id"] = row.get("region_id") or regions.get(row[column])
    return rows


async def keys_located_by(
    connection: AsyncConnection, model: type[Row], changed: Mapping[type[Row], set[str]]
) -> set[str]:
    """Return the keys of rows whose region is that of a changed row."""
    table, ids = model_table(model), set[str]()
    for column, holder in location_columns(model):
        keys = next(
            values
            for holder_model, values in changed.items()
            if model_table(holder_model) is holder
        )
        for start in range(0, len(keys), ROWS_PER_STATEMENT):
            some = sorted(keys)[start : start + ROWS_PER_STATEMENT]
            theirs = in_keys(table.c[column], some, connection.dialect.name)
            ids.update(await connection.scalars(select(table.c.id).where(theirs)))
    return ids


async def update_prominence(
    connection: AsyncConnection, model: type[Row], keys: Collection[str]
) -> None:
    """Update the prominence of records that the written rows refer to."""
    ordered, dialect = sorted(keys), connection.dialect.name
    for start in range(0, len(ordered), ROWS_PER_STATEMENT):
        batch = ordered[start : start + ROWS_PER_STATEMENT]
        stood = await read_prominence(connection, model, batch)
        ours = in_keys(SEARCH_TERMS.c.record_id, batch, dialect)
        terms = await connection.execute(
            select(SEARCH_TERMS.c.record_id, SEARCH_TERMS.c.standing)
            .where(is_term_of(model), ours)
            .distinct()
        )
        moved = [
            {"this_id": id, "standing": stood.get(id, 0)}
            for id, standing in terms
            if standing != stood.get(id, 0)
        ]
        if moved:
            theirs = and_(is_term_of(model), SEARCH_TERMS.c.record_id == bindparam("this_id"))
            moving = update(SEARCH_TERMS).where(theirs).values(standing=bindparam("standing"))
            await connection.execute(moving, moved)


async def read_names_for_search(
    connection: AsyncConnection, model: type[Row], keys: Collection[str] | None = None
) -> AlternativeNamesByKey:
    """Return further names by key: alternative names of organisations, public ones of regions."""
    if model is Organisation:
        return await read_alternative_names(connection, keys)
    if model is not Region:
        return {}
    table = model_table(FormerName)
    rows = await connection.execute(
        select(table.c.region_id, table.c.name)
        .where(table.c.audience == Audience.PUBLIC)
        .order_by(table.c.id)
    )
    names: dict[str, AlternativeNames] = {}
    for region, name in rows:
        names[region] = names.get(region, NO_ALTERNATIVE_NAMES).merged_with(
            AlternativeNames((name,))
        )
    return names


async def add_former_codes(
    connection: AsyncConnection, model: type[Row], rows: Collection[RowValues]
) -> None:
    """Add former codes from the versions that are visible to all who find the record."""
    live = {row["id"]: row for row in rows}
    images = await fetch_rows(connection, HISTORY_TABLES[model], "id", live)
    for image in sorted(images, key=itemgetter("replaced_by")):
        row = live[image["id"]]
        shown = image["audience"] == Audience.PUBLIC or all(
            image.get(name) == row.get(name) for name in ("audience", "owner_id", "region_id")
        )
        if shown and image["code"] != row["code"]:
            row.setdefault("former_codes", []).append(image["code"])


def term_rows(
    model: type[Row],
    rows: Iterable[RowValues],
    alternatives: AlternativeNamesByKey,
    stood: Prominences,
) -> Iterator[tuple[Any, ...]]:
    """Yield terms in the order of the table's columns; none for an erased person."""
    kind = model.__name__
    for row in rows:
        if model is Worker and row["name"] == ERASED_NAME:
            continue
        id = row["id"]
        rest = (
            stood.get(id, 0), row["code"], row["audience"], row["owner_id"], row.get("region_id"),
        )  # fmt: skip
        for term in record_terms(model, row, alternatives.get(id, NO_ALTERNATIVE_NAMES)):
            yield (kind, id, *term, *rest)


def is_term_of(model: type[Row]) -> Any:
    return SEARCH_TERMS.c.record_type == model.__name__


async def delete_person_terms(connection: AsyncConnection, worker: str) -> None:
    """Delete all terms of an erased person."""
    await connection.execute(
        delete(SEARCH_TERMS).where(is_term_of(Worker), SEARCH_TERMS.c.record_id == worker)
    )


async def bulk_insert_terms(
    connection: AsyncConnection, models: Iterable[type[Row]] = SEARCHABLE_MODELS
) -> int:
    """Insert terms for records that have none; return how many terms."""
    number = 0
    for model in models:
        alternatives = await read_names_for_search(connection, model)
        stood = await read_prominence(connection, model)
        async for rows in read_named_records(connection, model):
            named = await add_regions(connection, model, rows)
            await add_former_codes(connection, model, named)
            terms = list(term_rows(model, named, alternatives, stood))
            await bulk_insert(connection, SEARCH_TERMS, TERM_COLUMNS, terms)
            number += len(terms)
    return number


async def read_named_records(connection: AsyncConnection, model: type[Row]) -> Any:
    """Yield all rows by key, in batches: COPY needs the connection to itself in between."""
    table = model_table(model)
    names = ("id", "code", "name", "name_en", "name_key", "audience", "owner_id")
    locations = [column for column, _ in location_columns(model)]
    optional = [name for name in ("region_id", "credit_code", *locations) if name in table.c]
    query = select(*(table.c[name] for name in (*names, *optional))).order_by(table.c.id)
    last = ""
    while True:
        page = query.where(table.c.id > last).limit(RECORDS_PER_BATCH)
        rows = [dict(row) for row in (await connection.execute(page)).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


async def rebuild_terms(connection: AsyncConnection) -> int:
    """Rebuild all terms, and the sort keys of names; return how many terms."""
    await connection.execute(delete(SEARCH_TERMS))
    async with deferred_indexes(connection, [SEARCH_TERMS], lambda: None):
        number = await bulk_insert_terms(connection)
    await rebuild_name_keys(connection)
    return number


async def rebuild_name_keys(connection: AsyncConnection) -> None:
    """Update sort keys of people's names whose reading has changed, such as a surname's."""
    table = model_table(Worker)
    by_id = update(table).where(table.c.id == bindparam("this_id"))
    async for rows in read_named_records(connection, Worker):
        keys = [(row, pinyin_sort_key(row["name"], person=True)) for row in rows]
        moved = [
            {"this_id": row["id"], "name_key": key} for row, key in keys if row["name_key"] != key
        ]
        if moved:
            await connection.execute(by_id.values(name_key=bindparam("name_key")), moved)


async def insert_missing_terms(connection: AsyncConnection) -> None:
    """Insert missing terms: a registry from before search has none, or none of some kinds."""
    missing = [
        model
        for model in SEARCHABLE_MODELS
        if await connection.scalar(select(model_table(model).c.id).limit(1))
        and await connection.scalar(select(SEARCH_TERMS.c.term).where(is_term_of(model)).limit(1))
        is None
    ]
    if Region in missing:
        await rebuild_terms(connection)
    else:
        await bulk_insert_terms(connection, missing)
