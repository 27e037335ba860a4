"""Writing the terms of search: with each row, for all rows at once, and away with a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import indexed_afterwards, pour
from kit.database import among
from kit.pinyin import pinyin_key
from models import (
    TWINS,
    FormerName,
    Organisation,
    OrganisationFormerName,
    OrganisationSuccession,
    Region,
    SearchTerm,
    Worker,
)
from models.history import models_of, stored
from models.row import Audience, Row, Thing
from models.worker import ERASED
from resolvers.access import holders
from resolvers.known_as import NOTHING, Known, heirs_of, known_organisations
from resolvers.recording import AT_ONCE, Entry, Values, rows_on_record
from resolvers.standing import Standings, counted_for, standings
from resolvers.terms import terms_of

TERMS = stored(SearchTerm)
COLUMNS = tuple(TERMS.columns.keys())
FOUND: tuple[type[Row], ...] = tuple(models_of(Thing))  # every kind that has a name
ROWS_AT_ONCE = 20_000  # that are read and put into terms

KnownAs = Mapping[str, Known]  # by key: what else they are found by
Written = Mapping[type[Row], Mapping[str, Entry]]


async def write_terms(connection: AsyncConnection, written: Written) -> None:
    """After rows were written: the terms of those that changed, and where others now stand."""
    changed = {model: changes(written.get(model, {}).values()) for model in FOUND}
    for of, (model, column) in NAMED.items():
        changed[model] |= {entry.row[column] for entry in written.get(of, {}).values()}
    changed[Organisation] |= await heirs_of(connection, changed[Organisation])
    for model in FOUND:
        changed[model] |= await lying_with(connection, model, changed)
    for model, keys in changed.items():
        await renew(connection, model, sorted(keys))
    for model, keys in others_counted(written).items():
        await stand(connection, model, keys - changed[model])


# Rows by which others are found, and the column that names these.
NAMED: dict[type[Row], tuple[type[Row], str]] = {
    FormerName: (Region, "region_id"),
    OrganisationFormerName: (Organisation, "organisation_id"),
    OrganisationSuccession: (Organisation, "successor_id"),
}


def changes(entries: Iterable[Entry]) -> set[str]:
    return {entry.row["id"] for entry in entries if not entry.live or entry.differs()}


def others_counted(written: Written) -> dict[type[Row], set[str]]:
    found: dict[type[Row], set[str]] = {}
    for model, entries in written.items():
        rows = [row for one in entries.values() for row in (one.row, one.live) if row]
        for of, keys in counted_for(model, rows).items():
            found.setdefault(of, set()).update(keys)
    return found


async def renew(connection: AsyncConnection, model: type[Row], keys: list[str]) -> None:
    table, dialect = stored(model), connection.dialect.name
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        gone = among(TERMS.c.record_id, some, dialect)
        await connection.execute(delete(TERMS).where(of_kind(model), gone))
        rows = await connection.execute(select(table).where(among(table.c.id, some, dialect)))
        named = await placed(connection, model, [dict(row) for row in rows.mappings()])
        await tell_former_codes(connection, model, named)
        known = await known_as(connection, model, some)
        stood = await standings(connection, model, some)
        made = [dict(zip(COLUMNS, one, strict=True)) for one in lines(model, named, known, stood)]
        for at in range(0, len(made), AT_ONCE):
            await connection.execute(insert(TERMS), made[at : at + AT_ONCE])


def lies_with(model: type[Row]) -> list[tuple[str, Any]]:
    """The columns of who has it, and their tables, of what has no region of its own."""
    return [] if "region_id" in stored(model).c else holders(model)


async def placed(connection: AsyncConnection, model: type[Row], rows: list[Values]) -> list[Values]:
    """With the region in which each lies: of several who have it that of the first."""
    for column, holder in lies_with(model):
        keys = sorted({row[column] for row in rows if row[column] is not None})
        there = among(holder.c.id, keys, connection.dialect.name)
        found = await connection.execute(select(holder.c.id, holder.c.region_id).where(there))
        regions = dict(map(tuple, found))
        for row in rows:
            row["region_id"] = row.get("region_id") or regions.get(row[column])
    return rows


async def lying_with(
    connection: AsyncConnection, model: type[Row], changed: Mapping[type[Row], set[str]]
) -> set[str]:
    """What lies where one of those lies that have changed."""
    table, found = stored(model), set[str]()
    for column, holder in lies_with(model):
        keys = next(some for of, some in changed.items() if stored(of) is holder)
        for start in range(0, len(keys), AT_ONCE):
            some = sorted(keys)[start : start + AT_ONCE]
            theirs = among(table.c[column], some, connection.dialect.name)
            found.update(await connection.scalars(select(table.c.id).where(theirs)))
    return found


async def stand(connection: AsyncConnection, model: type[Row], keys: Collection[str]) -> None:
    """Where records stand that are named by what was written."""
    wanted, dialect = sorted(keys), connection.dialect.name
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        stood = await standings(connection, model, some)
        ours = among(TERMS.c.record_id, some, dialect)
        known = await connection.execute(
            select(TERMS.c.record_id, TERMS.c.standing).where(of_kind(model), ours).distinct()
        )
        moved = [
            {"this_id": id, "standing": stood.get(id, 0)}
            for id, standing in known
            if standing != stood.get(id, 0)
        ]
        if moved:
            theirs = and_(of_kind(model), TERMS.c.record_id == bindparam("this_id"))
            moving = update(TERMS).where(theirs).values(standing=bindparam("standing"))
            await connection.execute(moving, moved)


async def known_as(
    connection: AsyncConnection, model: type[Row], keys: Collection[str] | None = None
) -> KnownAs:
    """Of regions the former names that everybody may see."""
    if model is Organisation:
        return await known_organisations(connection, keys)
    if model is not Region:
        return {}
    table = stored(FormerName)
    rows = await connection.execute(
        select(table.c.region_id, table.c.name)
        .where(table.c.audience == Audience.PUBLIC)
        .order_by(table.c.id)
    )
    found: dict[str, Known] = {}
    for region, name in rows:
        found[region] = found.get(region, NOTHING).with_(Known((name,)))
    return found


async def tell_former_codes(
    connection: AsyncConnection, model: type[Row], rows: Collection[Values]
) -> None:
    """Those of versions that whoever finds the record may see."""
    live = {row["id"]: row for row in rows}
    images = await rows_on_record(connection, TWINS[model], "id", live)
    for image in sorted(images, key=itemgetter("replaced_by")):
        row = live[image["id"]]
        shown = image["audience"] == Audience.PUBLIC or all(
            image.get(name) == row.get(name) for name in ("audience", "owner_id", "region_id")
        )
        if shown and image["code"] != row["code"]:
            row.setdefault("former_codes", []).append(image["code"])


def lines(
    model: type[Row], rows: Iterable[Values], known: KnownAs, stood: Standings
) -> Iterator[tuple[Any, ...]]:
    """Terms in the order of the table's columns; of a person who was erased there are none."""
    kind = model.__name__
    for row in rows:
        if model is Worker and row["name"] == ERASED:
            continue
        id = row["id"]
        rest = (
            stood.get(id, 0), row["code"], row["audience"], row["owner_id"], row.get("region_id"),
        )  # fmt: skip
        for term in terms_of(model, row, known.get(id, NOTHING)):
            yield (kind, id, *term, *rest)


def of_kind(model: type[Row]) -> Any:
    return TERMS.c.record_type == model.__name__


async def forget(connection: AsyncConnection, worker: str) -> None:
    """Nobody finds an erased person, by whatever name."""
    await connection.execute(delete(TERMS).where(of_kind(Worker), TERMS.c.record_id == worker))


async def pour_terms(connection: AsyncConnection, models: Iterable[type[Row]] = FOUND) -> int:
    """Of all records of some kinds that have none yet. How many there are."""
    number = 0
    for model in models:
        known = await known_as(connection, model)
        stood = await standings(connection, model)
        async for rows in in_batches(connection, model):
            named = await placed(connection, model, rows)
            await tell_former_codes(connection, model, named)
            made = list(lines(model, named, known, stood))
            await pour(connection, TERMS, COLUMNS, made)
            number += len(made)
    return number


async def in_batches(connection: AsyncConnection, model: type[Row]) -> Any:
    """All rows by their keys: COPY has the connection to itself between two batches."""
    table = stored(model)
    names = ("id", "code", "name", "name_en", "name_key", "audience", "owner_id")
    held = [column for column, _ in lies_with(model)]
    more = [name for name in ("region_id", "credit_code", *held) if name in table.c]
    query = select(*(table.c[name] for name in (*names, *more))).order_by(table.c.id)
    last = ""
    while True:
        page = query.where(table.c.id > last).limit(ROWS_AT_ONCE)
        rows = [dict(row) for row in (await connection.execute(page)).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


async def fill_terms(connection: AsyncConnection) -> int:
    """All terms anew, and names sorted as they are read today. Raises nothing that isn't told."""
    await connection.execute(delete(TERMS))
    async with indexed_afterwards(connection, [TERMS], lambda: None):
        number = await pour_terms(connection)
    await sort_anew(connection)
    return number


async def sort_anew(connection: AsyncConnection) -> None:
    """A surname that is read rightly now stood elsewhere among names before."""
    table = stored(Worker)
    by_id = update(table).where(table.c.id == bindparam("this_id"))
    async for rows in in_batches(connection, Worker):
        keys = [(row, pinyin_key(row["name"], person=True)) for row in rows]
        moved = [
            {"this_id": row["id"], "name_key": key} for row, key in keys if row["name_key"] != key
        ]
        if moved:
            await connection.execute(by_id.values(name_key=bindparam("name_key")), moved)


async def fill_missing_terms(connection: AsyncConnection) -> None:
    """A registry from before there was search has records and no terms, or none of some kinds."""
    missing = [
        model
        for model in FOUND
        if await connection.scalar(select(stored(model).c.id).limit(1))
        and await connection.scalar(select(TERMS.c.term).where(of_kind(model)).limit(1)) is None
    ]
    if Region in missing:
        await fill_terms(connection)
    else:
        await pour_terms(connection, missing)
