"""What took the place of what: the order of successions, and where a region lies by them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quoted
from models import OrganisationSuccession, Region, RegionSuccession
from models.history import stored
from models.row import Row
from resolvers.proposal import Problems
from resolvers.publication import Standing

Graph = Mapping[str, Collection[str]]

# (the successions of a kind, the column of the one whose place is taken)
OF: dict[type[Row], str] = {
    RegionSuccession: "region_id",
    OrganisationSuccession: "organisation_id",
}
AFTER_ITSELF = "{} would come after itself."
IN_USE = "{} has not ended: a region whose code is in use has no successor. Give it its `ended`."
STILL_SUCCEEDED = "may not be empty: {} has a successor."


async def steps(connection: AsyncConnection, model: type[Row]) -> dict[str, list[str]]:
    """By id: the successors that are on record."""
    table, column = stored(model), OF[model]
    found: dict[str, list[str]] = {}
    query = select(table.c[column], table.c.successor_id).order_by(table.c.id)
    for one, successor in await connection.execute(query):
        found.setdefault(one, []).append(successor)
    return found


def lines(parents: Mapping[str, str | None], successors: Graph) -> dict[str, list[str]]:
    """Of each region itself and all that it lies in, from the inside.

    Instead of in its parent it lies in what all its successors lie in, or are.
    """
    found: dict[str, list[str]] = {}

    def line(id: str) -> list[str]:
        if id not in found:
            heirs = [line(one) for one in successors.get(id, ()) if one in parents]
            above = common(heirs)
            if not above and (parent := parents[id]) is not None:
                above = line(parent)
            found[id] = [id, *above]
        return found[id]

    for id in parents:
        line(id)
    return found


def common(lines: Sequence[list[str]]) -> list[str]:
    """From the innermost on that all have."""
    first, *rest = lines or [[]]
    return next((first[n:] for n, id in enumerate(first) if all(id in other for other in rest)), [])


async def check_successions(
    connection: AsyncConnection, after: Standing, problems: Problems
) -> None:
    """Nothing comes after itself, and what is in use has no successor."""
    for model in (RegionSuccession, OrganisationSuccession):
        entered = after.entered(model)
        regions = after.entered(Region) if model is RegionSuccession else {}
        if not entered and not regions:
            continue
        graph: Graph = await successors_after(connection, after, model)
        if model is RegionSuccession:
            check_ended(await ended(connection, after), graph, after, problems)
            graph = await with_parents(connection, after, graph)
        ring = going_round(graph)
        for entry in entered.values():
            before, successor = entry.row.get(OF[model]), entry.row.get("successor_id")
            if before in ring and successor in ring:
                problems.add(entry.proposal, "successor_id", AFTER_ITSELF.format(quoted(before)))
        for id, entry in regions.items():
            if id in ring and entry.row.get("parent_id") in graph.get(id, ()):
                reason = f"{quoted(entry.proposal.key)} would lie within itself."
                problems.add(entry.proposal, "parent_id", reason)


async def successors_after(
    connection: AsyncConnection, after: Standing, model: type[Row]
) -> dict[str, list[str]]:
    table, column = stored(model), OF[model]
    query = select(table.c.id, table.c[column], table.c.successor_id).order_by(table.c.id)
    rows = {id: (one, other) for id, one, other in await connection.execute(query)}
    rows |= {
        id: (entry.row.get(column), entry.row.get("successor_id"))
        for id, entry in after.entered(model).items()
    }
    found: dict[str, list[str]] = {}
    for one, other in rows.values():
        if one is not None and other is not None and one != other:
            found.setdefault(one, []).append(other)
    return found


async def ended(connection: AsyncConnection, after: Standing) -> dict[str, bool]:
    """By region, whether its code has ended."""
    table = stored(Region)
    rows = await connection.execute(select(table.c.id, table.c.ended))
    found = {row.id: row.ended is not None for row in rows}
    entered = after.entered(Region).items()
    return found | {id: entry.row.get("ended") is not None for id, entry in entered}


def check_ended(
    ended: Mapping[str, bool], successors: Graph, after: Standing, problems: Problems
) -> None:
    for entry in after.entered(RegionSuccession).values():
        if not ended.get(str(entry.row.get("region_id")), True):
            code = quoted(str(entry.row["region_id"]))
            problems.add(entry.proposal, "region_id", IN_USE.format(code))
    for id, entry in after.entered(Region).items():
        if id in successors and not ended[id]:
            code = quoted(entry.proposal.key)
            problems.add(entry.proposal, "ended", STILL_SUCCEEDED.format(code))


async def with_parents(connection: AsyncConnection, after: Standing, successors: Graph) -> Graph:
    """By region: its successors, or else what it lies in."""
    table = stored(Region)
    rows = await connection.execute(select(table.c.id, table.c.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    parents |= {id: entry.row.get("parent_id") for id, entry in after.entered(Region).items()}
    above = {id: [parent] for id, parent in parents.items() if parent is not None}
    return {**above, **successors}


def going_round(graph: Graph) -> set[str]:
    """The members of rings, and what lies between two of them."""
    forth = {(one, other) for one, others in graph.items() for other in others}
    back = {(other, one) for one, other in forth}
    return leading_on(forth) & leading_on(back)


def leading_on(steps: Iterable[tuple[str, str]]) -> set[str]:
    """What is left when all that leads nowhere is taken away, again and again."""
    onward: defaultdict[str, set[str]] = defaultdict(set)
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in steps:
        onward[one].add(other)
        behind[other].add(one)
    ends = [one for one in behind if one not in onward]
    while ends:
        end = ends.pop()
        for one in behind[end]:
            onward[one].discard(end)
            if not onward[one]:
                del onward[one]
                ends.append(one)
    return set(onward)
