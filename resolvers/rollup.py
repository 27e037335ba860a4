"""Counting what may not be listed: a fixed cube, rounded, and no filter.

Everything that stands is counted, whoever may see it. Dimensions may be chosen, but conditions may
not: two questions that differ in a condition would place a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.groups import Group
from engine.kind import Dimension
from engine.statements import group_key
from engine.walk import Walk
from kit.database import reading
from kit.errors import BadInput, Forbidden, LimitExceeded, quoted
from kit.rounding import rounded
from kit.words import Labelled
from models import Enrolment, Mentorship, Qualification, Region, RegionAncestor, Worker
from models.history import stored
from models.partner import Scope
from models.rollup import RoundingKey
from models.row import FactStatus, Row
from resolvers.access import OPERATOR, Viewer
from resolvers.context import Context, Info, place
from resolvers.declare import REGISTRY
from resolvers.region import REGION

DEEPEST = 2
MOST_CELLS = 5000


class CountedKind(Labelled):
    WORKERS = "WORKERS", "职工"
    ENROLMENTS = "ENROLMENTS", "学籍"
    QUALIFICATIONS = "QUALIFICATIONS", "技能等级证书"
    MENTORSHIPS = "MENTORSHIPS", "师徒"


class CubeDimension(Labelled):
    YEAR = "YEAR", "年份"
    GRADE = "GRADE", "技能等级"
    INDUSTRY = "INDUSTRY", "行业"


YEAR, GRADE, INDUSTRY = CubeDimension


@dataclass(frozen=True)
class Side:
    """How one kind lies in the cube: a path to what has the region, and the other dimensions."""

    model: type[Row]
    region: tuple[str, ...]
    dimensions: dict[CubeDimension, Dimension]


def year(column: str) -> Dimension:
    return Dimension((), column, 4)


SIDES = {
    CountedKind.WORKERS: Side(
        Worker, (), {GRADE: Dimension((), "grade"), INDUSTRY: Dimension(("employer", "industry"))}
    ),
    CountedKind.ENROLMENTS: Side(
        Enrolment,
        ("college",),
        {
            YEAR: Dimension((), "cohort"),
            GRADE: Dimension(("trainee",), "grade"),
            INDUSTRY: Dimension(("trainee", "employer", "industry")),
        },
    ),
    CountedKind.QUALIFICATIONS: Side(
        Qualification,
        ("worker",),
        {
            YEAR: year("issued_on"),
            GRADE: Dimension((), "grade"),
            INDUSTRY: Dimension(("worker", "employer", "industry")),
        },
    ),
    CountedKind.MENTORSHIPS: Side(
        Mentorship,
        ("apprentice",),
        {
            YEAR: year("started"),
            GRADE: Dimension(("apprentice",), "grade"),
            INDUSTRY: Dimension(("apprentice", "employer", "industry")),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One region with all that lies in it. Its cells don't add up to it: each is rounded."""

    region: str  # its key
    count: int
    by: Sequence[str]
    cells: list[Group]


async def rollup(
    info: Info, region: str, depth: int, kind: CountedKind, by: Sequence[CubeDimension]
) -> list[Line]:
    """Raises Forbidden, BadInput or LimitExceeded."""
    viewer, context = info.context.asker.viewer, info.context
    allow(viewer)
    side, dimensions = SIDES[kind], list(dict.fromkeys(by))
    for name in dimensions:
        if name not in side.dimensions:
            raise BadInput(
                f"{kind.value} have no {name.value}: leave it out.",
                f"{kind.value} 没有 {name.value} 维度，请去掉。",
            )
    if not 0 <= depth <= DEEPEST:
        raise LimitExceeded(
            f"`depth` is from 0 to {DEEPEST}; {depth} was asked for.",
            f"`depth` 应在 0 到 {DEEPEST} 之间，请求的是 {depth}。",
        )
    # In a session of its own: behind the viewer's wall there would be less to count.
    async with reading(context.engine) as connection:
        regions = await regions_below(connection, context, viewer, region, depth)
        key = bytes.fromhex(await one(connection, context, select(stored(RoundingKey).c.key)))
        totals = await counted(connection, context, side, [], regions)
        parts = await counted(connection, context, side, dimensions, regions) if dimensions else []
    return lines(kind, regions, dimensions, totals, parts, key)


def allow(viewer: Viewer) -> None:
    if viewer.sees_all or (viewer.region and Scope.AGGREGATE_REGION in viewer.scopes):
        return
    raise Forbidden(
        "Counts of a region need the scope aggregate:region, which a union's key has.",
        "按地区计数需要 aggregate:region 权限，工会的密钥具有该权限。",
    )


async def one(connection: AsyncConnection, context: Context, statement: Select[Any]) -> Any:
    context.tally.statements += 1
    return (await connection.execute(statement)).scalar_one_or_none()


async def regions_below(
    connection: AsyncConnection, context: Context, viewer: Viewer, root: str, depth: int
) -> list[str]:
    """The keys of the region of that code and of those in it, from the top, by their codes.

    A region that a union isn't responsible for is answered as one that doesn't exist.
    """
    region, tree = stored(Region).alias(), stored(RegionAncestor).alias()
    top = select(region.c.id).where(region.c.code == root)
    if not viewer.sees_all:
        above = stored(RegionAncestor).alias()
        ours = select(above.c.region_id).where(above.c.ancestor_id == viewer.region)
        top = top.where(region.c.id.in_(ours))
    found = await one(connection, context, top)
    if found is None:
        raise BadInput(
            f"There is no region {quoted(root)} whose counts are yours to ask for.",
            f"没有可供您查询计数的地区 {quoted(root)}。",
        )
    below = (
        select(region.c.id)
        .join(tree, tree.c.region_id == region.c.id)
        .where(tree.c.ancestor_id == found, tree.c.distance <= depth)
        .order_by(tree.c.distance, region.c.code)
    )
    context.tally.statements += 1
    return list((await connection.execute(below)).scalars())


async def counted(
    connection: AsyncConnection,
    context: Context,
    side: Side,
    by: Sequence[CubeDimension],
    regions: Sequence[str],
) -> Sequence[Any]:
    """(region, how many, then a code and a label for each dimension)."""
    kind = REGISTRY[side.model]
    rows, tree = kind.table.alias(), stored(RegionAncestor).alias()
    walk = Walk(kind, rows, OPERATOR)
    [(_, placed)] = walk.to(side.region)
    keys = [column for name in by for column in group_key(walk, rows, side.dimensions[name])]
    columns = [column.label(f"key{n}") for n, column in enumerate(keys)]
    statement = walk.joined(
        select(tree.c.ancestor_id, func.count().label("number"), *columns).select_from(rows)
    )
    statement = statement.join(tree, tree.c.region_id == placed.c.region_id)
    statement = statement.where(tree.c.ancestor_id.in_(regions))
    if "status" in rows.c:
        statement = statement.where(rows.c.status != FactStatus.RETRACTED)
    grouped = statement.group_by(tree.c.ancestor_id, *dict.fromkeys(keys)).limit(MOST_CELLS + 1)
    context.tally.statements += 1
    found: Sequence[Any] = (await connection.execute(grouped)).all()
    context.tally.rows += len(found)
    if len(found) > MOST_CELLS:
        raise LimitExceeded(
            f"That would be more than {MOST_CELLS} cells: ask for fewer dimensions, or less deep.",
            f"结果将超过 {MOST_CELLS} 个单元格，请减少维度或层数。",
        )
    return found


def lines(
    kind: CountedKind,
    regions: Sequence[str],
    by: Sequence[CubeDimension],
    totals: Sequence[Any],
    parts: Sequence[Any],
    key: bytes,
) -> list[Line]:
    """What rounds to nothing is left out: that it is there would tell that somebody is in it."""
    number: dict[str, int] = dict(map(tuple, totals))
    cells: dict[str, list[Group]] = {region: [] for region in regions}
    for region, count, *rest in parts:
        pairs = list(zip(rest[::2], rest[1::2], strict=True))
        codes = {name: code for name, (code, _) in zip(by, pairs, strict=True)}
        if shown := rounded(count, cell(kind, region, codes), key):
            cells[region].append(Group(pairs, shown, {}))
    for found in cells.values():
        found.sort(key=lambda one: [(code is None, str(code)) for code, _ in one.keys])
    return [
        Line(
            region,
            rounded(number.get(region, 0), cell(kind, region, {}), key),
            [name.value for name in by],
            cells[region],
        )
        for region in regions
    ]


def cell(kind: CountedKind, region: str, codes: Mapping[CubeDimension, Any]) -> list[str | None]:
    """What a cell is called when it is rounded: the same, in whichever order it is asked for."""
    named = [f"{codes[name]}" if name in codes else None for name in CubeDimension]
    return [kind.value, region, *named]


async def region_of(line: Line, info: Info) -> Any:
    return await info.context.reader.record(place(info.path), REGION, "id", line.region)
