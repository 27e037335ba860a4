"""Successions: what replaced what, and the ancestors of regions that follow from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from models.history import model_table
from models.organisation import OrganisationSuccession
from models.region import Region, RegionSuccession
from models.row import Row
from resolvers.writing.proposal import Problems
from resolvers.writing.rules.publication import RowsAfterWrite

SuccessorGraph = Mapping[str, Collection[str]]

# (successions of a kind, column of the predecessor)
PREDECESSOR_COLUMNS: dict[type[Row], str] = {
    RegionSuccession: "region_id",
    OrganisationSuccession: "organisation_id",
}
SUCCEEDS_ITSELF = "{} would come after itself."
CODE_IN_USE = (
    "{} has not ended: a region whose code is in use has no successor. Give it its `ended`."
)
HAS_SUCCESSOR = "may not be empty: {} has a successor."


async def read_successor_graph(
    connection: AsyncConnection, model: type[Row]
) -> dict[str, list[str]]:
    """Return the stored successors by id."""
    table, column = model_table(model), PREDECESSOR_COLUMNS[model]
    graph: dict[str, list[str]] = {}
    query = select(table.c[column], table.c.successor_id).order_by(table.c.id)
    for predecessor, successor in await connection.execute(query):
        graph.setdefault(predecessor, []).append(successor)
    return graph


def ancestor_lists(
    parents: Mapping[str, str | None], successors: SuccessorGraph
) -> dict[str, list[str]]:
    """Return each region with its ancestors, from the inside.

    A region with successors has the ancestors that all of them share, which may be one of them,
    instead of its parent's.
    """
    lists: dict[str, list[str]] = {}

    def line(id: str) -> list[str]:
        if id not in lists:
            heirs = [
                line(successor) for successor in successors.get(id, ()) if successor in parents
            ]
            above = common_ancestors(heirs)
            if not above and (parent := parents[id]) is not None:
                above = line(parent)
            lists[id] = [id, *above]
        return lists[id]

    for id in parents:
        line(id)
    return lists


def common_ancestors(lines: Sequence[list[str]]) -> list[str]:
    """Return the common part of the lists, from the innermost common ancestor on."""
    first, *rest = lines or [[]]
    return next((first[n:] for n, id in enumerate(first) if all(id in other for other in rest)), [])


async def check_successions(
    connection: AsyncConnection, after: RowsAfterWrite, problems: Problems
) -> None:
    """Reject successions that form a cycle, and successors of a region whose code is in use."""
    for model in (RegionSuccession, OrganisationSuccession):
        entered = after.entered(model)
        regions = after.entered(Region) if model is RegionSuccession else {}
        if not entered and not regions:
            continue
        graph: SuccessorGraph = await successors_after_write(connection, after, model)
        if model is RegionSuccession:
            check_ended_regions(await read_ended_regions(connection, after), graph, after, problems)
            graph = await add_parents(connection, after, graph)
        ring = nodes_in_cycles(graph)
        for entry in entered.values():
            before, successor = (
                entry.row.get(PREDECESSOR_COLUMNS[model]),
                entry.row.get("successor_id"),
            )
            if before in ring and successor in ring:
                problems.add(
                    entry.proposal, "successor_id", SUCCEEDS_ITSELF.format(quote_input(before))
                )
        for id, entry in regions.items():
            if id in ring and entry.row.get("parent_id") in graph.get(id, ()):
                reason = f"{quote_input(entry.proposal.key)} would be inside itself."
                problems.add(entry.proposal, "parent_id", reason)


async def successors_after_write(
    connection: AsyncConnection, after: RowsAfterWrite, model: type[Row]
) -> dict[str, list[str]]:
    table, column = model_table(model), PREDECESSOR_COLUMNS[model]
    query = select(table.c.id, table.c[column], table.c.successor_id).order_by(table.c.id)
    rows = {
        id: (predecessor, successor)
        for id, predecessor, successor in await connection.execute(query)
    }
    rows |= {
        id: (entry.row.get(column), entry.row.get("successor_id"))
        for id, entry in after.entered(model).items()
    }
    graph: dict[str, list[str]] = {}
    for predecessor, successor in rows.values():
        if predecessor is not None and successor is not None and predecessor != successor:
            graph.setdefault(predecessor, []).append(successor)
    return graph


async def read_ended_regions(connection: AsyncConnection, after: RowsAfterWrite) -> dict[str, bool]:
    """Return whether each region's code has ended."""
    table = model_table(Region)
    rows = await connection.execute(select(table.c.id, table.c.ended))
    stored = {row.id: row.ended is not None for row in rows}
    entered = after.entered(Region).items()
    return stored | {id: entry.row.get("ended") is not None for id, entry in entered}


def check_ended_regions(
    ended: Mapping[str, bool], successors: SuccessorGraph, after: RowsAfterWrite, problems: Problems
) -> None:
    for entry in after.entered(RegionSuccession).values():
        if not ended.get(str(entry.row.get("region_id")), True):
            code = quote_input(str(entry.row["region_id"]))
            problems.add(entry.proposal, "region_id", CODE_IN_USE.format(code))
    for id, entry in after.entered(Region).items():
        if id in successors and not ended[id]:
            code = quote_input(entry.proposal.key)
            problems.add(entry.proposal, "ended", HAS_SUCCESSOR.format(code))


async def add_parents(
    connection: AsyncConnection, after: RowsAfterWrite, successors: SuccessorGraph
) -> SuccessorGraph:
    """Return the successors of each region, or else its parent."""
    table = model_table(Region)
    rows = await connection.execute(select(table.c.id, table.c.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    parents |= {id: entry.row.get("parent_id") for id, entry in after.entered(Region).items()}
    above = {id: [parent] for id, parent in parents.items() if parent is not None}
    return {**above, **successors}


def nodes_in_cycles(graph: SuccessorGraph) -> set[str]:
    """Return nodes in cycles, and those on paths between two cycles."""
    forth = {(node, target) for node, targets in graph.items() for target in targets}
    back = {(target, node) for node, target in forth}
    return prune_dead_ends(forth) & prune_dead_ends(back)


def prune_dead_ends(steps: Iterable[tuple[str, str]]) -> set[str]:
    """Return the nodes that are left after removing dead ends repeatedly."""
    onward: defaultdict[str, set[str]] = defaultdict(set)
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for node, target in steps:
        onward[node].add(target)
        behind[target].add(node)
    ends = [node for node in behind if node not in onward]
    while ends:
        end = ends.pop()
        for node in behind[end]:
            onward[node].discard(end)
            if not onward[node]:
                del onward[node]
                ends.append(node)
    return set(onward)
