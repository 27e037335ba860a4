"""A table over the tree of regions: exact for those who may list what is in it, else rounded.

Which of the two follows from who asks and from nothing else: a table is exact as a whole or
rounded as a whole, so that no exact number stands beside a rounded one that it could be taken from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from engine.kind import Dimension, Kind
from kit.errors import BadInput, Forbidden, LimitExceeded, quoted
from kit.quantity import Quantity
from kit.rows import rows_of
from kit.texts import storable_code
from kit.words import Labelled
from models import Region, RegionAncestor
from models.history import stored
from models.partner import Scope
from resolvers.academy import ACADEMY
from resolvers.access import Viewer
from resolvers.alliance import ALLIANCE
from resolvers.competition import COMPETITION, RESULT
from resolvers.context import Info, place
from resolvers.honour import CONFERRAL
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.region import REGION
from resolvers.studio import STUDIO
from resolvers.training import ENROLMENT, MENTORSHIP, QUALIFICATION
from resolvers.worker import WORKER

DEEPEST = 4
MOST_CELLS = 5000


class RollupMeasure(Labelled):
    WORKERS = "WORKERS", "职工"
    ENROLMENTS = "ENROLMENTS", "学籍"
    QUALIFICATIONS = "QUALIFICATIONS", "技能等级证书"
    MENTORSHIPS = "MENTORSHIPS", "师徒"
    ORGANISATIONS = "ORGANISATIONS", "单位"
    STUDIOS = "STUDIOS", "工作室"
    ACADEMIES = "ACADEMIES", "工匠学院"
    ALLIANCES = "ALLIANCES", "联盟"
    COMPETITIONS = "COMPETITIONS", "竞赛"
    RESULTS = "RESULTS", "竞赛成绩"
    CONFERRALS = "CONFERRALS", "荣誉授予"
    OUTCOMES = "OUTCOMES", "创新成果"
    PATENTS = "PATENTS", "专利件数"
    VERIFIED_VALUE = "VERIFIED_VALUE", "已核实的成果价值"


class RollupDimension(Labelled):
    YEAR = "YEAR", "年份"
    GRADE = "GRADE", "技能等级"
    INDUSTRY = "INDUSTRY", "行业"
    KIND = "KIND", "类别"
    LEVEL = "LEVEL", "级别"


class Apportion(Labelled):
    EQUAL = "EQUAL", "各参与方均分"
    LEADER = "LEADER", "全归牵头工作室"


YEAR, GRADE, INDUSTRY, KIND, LEVEL = RollupDimension
Dimensions = dict[RollupDimension, Dimension]


@dataclass(frozen=True)
class Side:
    """What one measure counts: a path to what has the region, the dimensions, and in what unit."""

    kind: Kind
    region: tuple[str, ...]
    dimensions: Dimensions
    unit: str


def year(column: str) -> Dimension:
    return Dimension((), column, 4)


def as_declared(kind: Kind, unit: str, *words: RollupDimension) -> Side:
    """By the same keys as the kind's groups."""
    return Side(kind, (), {word: kind.dimensions[word.value] for word in words}, unit)


OF_OUTCOMES = (YEAR, KIND, INDUSTRY)
SIDES = {
    RollupMeasure.WORKERS: as_declared(WORKER, "person", GRADE, INDUSTRY),
    RollupMeasure.ENROLMENTS: Side(
        ENROLMENT,
        ("college",),
        {
            YEAR: Dimension((), "cohort"),
            GRADE: Dimension(("trainee",), "grade"),
            INDUSTRY: Dimension(("trainee", "employer", "industry")),
        },
        "person",
    ),
    RollupMeasure.QUALIFICATIONS: Side(
        QUALIFICATION,
        ("worker",),
        {
            YEAR: year("issued_on"),
            GRADE: Dimension((), "grade"),
            INDUSTRY: Dimension(("worker", "employer", "industry")),
        },
        "item",
    ),
    RollupMeasure.MENTORSHIPS: Side(
        MENTORSHIP,
        ("apprentice",),
        {
            YEAR: year("started"),
            GRADE: Dimension(("apprentice",), "grade"),
            INDUSTRY: Dimension(("apprentice", "employer", "industry")),
        },
        "item",
    ),
    RollupMeasure.ORGANISATIONS: as_declared(ORGANISATION, "unit", KIND, INDUSTRY),
    RollupMeasure.STUDIOS: as_declared(STUDIO, "studio", YEAR, KIND, LEVEL, INDUSTRY),
    RollupMeasure.ACADEMIES: as_declared(ACADEMY, "academy", YEAR, LEVEL, INDUSTRY),
    RollupMeasure.ALLIANCES: as_declared(ALLIANCE, "alliance", YEAR, KIND, LEVEL, INDUSTRY),
    RollupMeasure.COMPETITIONS: as_declared(COMPETITION, "contest", YEAR, KIND, LEVEL),
    RollupMeasure.RESULTS: as_declared(RESULT, "item", YEAR, LEVEL),
    RollupMeasure.CONFERRALS: as_declared(CONFERRAL, "item", YEAR, LEVEL),
    RollupMeasure.OUTCOMES: as_declared(OUTCOME, "item", *OF_OUTCOMES),
    RollupMeasure.PATENTS: as_declared(OUTCOME, "patent", *OF_OUTCOMES),
    RollupMeasure.VERIFIED_VALUE: as_declared(OUTCOME, "yuan", *OF_OUTCOMES),
}
# Those that may be counted, rounded, where they may not be listed.
ROUNDED = (
    RollupMeasure.WORKERS,
    RollupMeasure.ENROLMENTS,
    RollupMeasure.QUALIFICATIONS,
    RollupMeasure.MENTORSHIPS,
)


@dataclass(frozen=True, slots=True)
class Value:
    """Of one measure; `unapportioned` counts whole what is shared with other regions."""

    measure: RollupMeasure
    quantity: Quantity | None
    unapportioned: Quantity | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Cell:
    keys: list[tuple[Any, Any]]
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Line:
    """A region with all that lies in it; or `elsewhere`, what lies in none of the rows below it."""

    region: str  # its key
    depth: int
    elsewhere: bool
    values: list[Value]
    by: Sequence[str]
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    exact: bool
    lines: list[Line]

    @property
    def regions(self) -> list[str]:
        return [line.region for line in self.lines if not line.elsewhere]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as far as it may be."""

    root: str
    depth: int
    by: tuple[RollupDimension, ...]
    measures: tuple[RollupMeasure, ...]
    apportion: Apportion


def question(
    viewer: Viewer,
    root: str,
    depth: int,
    by: Sequence[RollupDimension],
    measures: Sequence[RollupMeasure],
    apportion: Apportion,
) -> Question:
    """Raises Forbidden, BadInput or LimitExceeded."""
    allow(viewer)
    if not measures:
        raise BadInput("Name at least one measure.", "请至少给出一个指标。")
    asked = Question(
        root, depth, tuple(dict.fromkeys(by)), tuple(dict.fromkeys(measures)), apportion
    )
    exact = lists_its_region(viewer)
    for measure in asked.measures:
        if not exact and measure not in ROUNDED:
            names = ", ".join(one.value for one in ROUNDED)
            raise Forbidden(
                f"Without the scope read:region only {names} are counted, rounded.",
                f"没有 read:region 权限时只能汇总 {names}，且数字取整。",
            )
        for name in asked.by:
            if name not in SIDES[measure].dimensions:
                raise BadInput(
                    f"{measure.value} have no {name.value}: leave it out.",
                    f"{measure.value} 没有 {name.value} 这一维度，请去掉。",
                )
    deepest = DEEPEST if exact else DEEPEST // 2
    if not 0 <= depth <= deepest:
        raise LimitExceeded(
            f"`depth` is from 0 to {deepest}; {depth} was asked for.",
            f"depth 取值 0 至 {deepest}，请求的是 {depth}。",
        )
    return asked


def allow(viewer: Viewer) -> None:
    if viewer.sees_all or (viewer.region and Scope.AGGREGATE_REGION in viewer.scopes):
        return
    raise Forbidden(
        "Counts of a region need the scope aggregate:region, which a union's key has.",
        "地区汇总需要 aggregate:region 权限，工会的密钥具有该权限。",
    )


def lists_its_region(viewer: Viewer) -> bool:
    """Whether all that lies in a region that it may ask about may be listed: by its rights alone.

    Were it asked of each cell, `exact` would tell whether something in it is hidden.
    """
    return viewer.sees_all or viewer.sees_region


def top(viewer: Viewer, code: str) -> Select[Any]:
    """The key of the region of that code, if it is one that the viewer may ask about."""
    region = rows_of(stored(Region))
    found = select(region.c.id).where(region.c.code == storable_code(code))
    if not viewer.sees_all:
        above = rows_of(stored(RegionAncestor))
        ours = select(above.c.region_id).where(above.c.ancestor_id == viewer.region)
        found = found.where(region.c.id.in_(ours))
    return found


def unknown(root: str) -> BadInput:
    return BadInput(
        f"There is no region {quoted(root)} whose counts are yours to ask for.",
        f"没有可供您汇总的地区 {quoted(root)}。",
    )


def too_many() -> LimitExceeded:
    return LimitExceeded(
        f"That would be more than {MOST_CELLS} cells: ask for fewer dimensions or measures, "
        "or less deep.",
        f"单元格将超过 {MOST_CELLS} 个：请减少维度、指标或层数。",
    )


async def region_of(line: Line, info: Info) -> Any:
    return await info.context.reader.record(place(info.path), REGION, "id", line.region)
