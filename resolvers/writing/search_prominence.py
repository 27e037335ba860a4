"""The prominence of a record, from 0 to 7: the order of search results that match equally.

It counts public facts only, so all viewers get the same order: of a worker or studio honours,
results and outcomes; of an organisation what it hosts and convenes; of an alliance its members.
Each doubling adds 1: 1 fact gives 1, 2 or 3 give 2, 64 and more give 7. A region's follows from its
level. Kinds without counted facts have 0.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import in_keys
from models.academy import Academy, Teaching
from models.alliance import Alliance, AllianceMembership, AllianceSupport
from models.competition import Competition, Result
from models.history import model_table
from models.honour import Conferral, Honour
from models.organisation import Organisation
from models.outcome import Contribution, Outcome
from models.region import Region
from models.row import Audience, FactStatus, Level, Row
from models.search import MAX_PROMINENCE
from models.studio import Studio, StudioMembership
from models.worker import Worker

Prominences = Mapping[str, int]  # by key; 0 for keys that are missing

# (rows that count, column of the record)
COUNTED_FACTS: dict[type[Row], list[tuple[type[Row], str]]] = {
    Worker: [
        (Conferral, "worker_id"),
        (Result, "worker_id"),
        (Contribution, "worker_id"),
        (StudioMembership, "worker_id"),
        (Teaching, "worker_id"),
    ],
    Studio: [
        (Outcome, "studio_id"),
        (Conferral, "studio_id"),
        (Result, "studio_id"),
        (Contribution, "studio_id"),
        (AllianceMembership, "studio_id"),
    ],
    Alliance: [(AllianceMembership, "alliance_id"), (AllianceSupport, "alliance_id")],
    Academy: [
        (Teaching, "academy_id"),
        (AllianceMembership, "academy_id"),
        (Competition, "academy_id"),
    ],
    Organisation: [
        (Studio, "host_id"),
        (Academy, "host_id"),
        (Competition, "host_id"),
        (Alliance, "convenor_id"),
        (Conferral, "organisation_id"),
        (Result, "organisation_id"),
    ],
    Competition: [(Result, "competition_id")],
    Honour: [(Conferral, "honour_id")],
}
REGION_PROMINENCE = {
    Level.NATIONAL: 7,
    Level.PROVINCIAL: 6,
    Level.CITY: 5,
    Level.DISTRICT: 4,
    Level.COUNTY: 4,
    Level.ZONE: 4,
}


def prominence_of(facts: int) -> int:
    return min(facts.bit_length(), MAX_PROMINENCE)


async def read_prominence(
    connection: AsyncConnection, model: type[Row], keys: Collection[str] | None = None
) -> Prominences:
    """Return the prominence of these keys, or of all records of the kind."""
    if keys is not None and not keys:
        return {}
    if model is Region:
        return await read_region_prominence(connection, keys)
    numbers: Counter[str] = Counter()
    for counted, name in COUNTED_FACTS.get(model, ()):
        table = model_table(counted)
        column = table.c[name]
        query = select(column, func.count()).where(
            column.is_not(None), table.c.audience == Audience.PUBLIC
        )
        if "status" in table.c:
            query = query.where(table.c.status != FactStatus.RETRACTED)
        if keys is not None:
            query = query.where(in_keys(column, list(keys), connection.dialect.name))
        for key, number in await connection.execute(query.group_by(column)):
            numbers[key] += number
    return {key: prominence_of(number) for key, number in numbers.items()}


async def read_region_prominence(
    connection: AsyncConnection, keys: Collection[str] | None
) -> Prominences:
    """Return the prominence of regions; 0 for a code that has ended."""
    region = model_table(Region)
    query = select(region.c.id, region.c.level).where(region.c.ended.is_(None))
    if keys is not None:
        query = query.where(in_keys(region.c.id, list(keys), connection.dialect.name))
    rows = await connection.execute(query)
    return {id: REGION_PROMINENCE.get(level, 0) for id, level in rows}


def records_counted_by(
    model: type[Row], rows: Iterable[Mapping[str, Any]]
) -> dict[type[Row], set[str]]:
    """Return the records, by kind, whose prominence may depend on these rows."""
    columns = [
        (kind, name)
        for kind, counted in COUNTED_FACTS.items()
        for fact, name in counted
        if fact is model
    ]
    records: dict[type[Row], set[str]] = {kind: set() for kind, _ in columns}
    for row in rows:
        for kind, name in columns:
            if (key := row.get(name)) is not None:
                records[kind].add(key)
    return records
