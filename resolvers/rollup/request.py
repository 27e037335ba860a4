"""A table over the tree of regions: exact for viewers who may list its records, else rounded.

Only the viewer decides which of the two. A whole table is exact or rounded: an exact number beside
a rounded one that includes it could be subtracted from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from engine.catalog.kind import Dimension, Kind
from kit.db.table_aliases import alias_of
from kit.errors import BadInput, Forbidden, LimitExceeded, quote_input
from kit.text.storable import storable_code
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import QualifiedQuantity
from models.history import model_table
from models.partner import Scope
from models.region import Region, RegionAncestor
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE
from resolvers.competition import COMPETITION, RESULT
from resolvers.core.access import Viewer
from resolvers.core.context import Info, field_path
from resolvers.honour import CONFERRAL
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.region import REGION
from resolvers.studio import STUDIO
from resolvers.training import ENROLMENT, MENTORSHIP, QUALIFICATION
from resolvers.worker import WORKER

MAX_ROLLUP_DEPTH = 4
MAX_CELLS = 5000


class RollupMeasure(
    LabelledEnum,
    description="Quantity that a roll-up counts in a region: records, patents, or the value in "
    "yuan of verified outcomes. 汇总指标",
):
    WORKERS = "WORKERS", "职工"
    ENROLMENTS = "ENROLMENTS", "学籍"
    QUALIFICATIONS = "QUALIFICATIONS", "技能等级证书", "Skill certificates"
    MENTORSHIPS = "MENTORSHIPS", "师徒", "Mentor and apprentice pairs"
    ORGANISATIONS = "ORGANISATIONS", "单位"
    STUDIOS = "STUDIOS", "工作室"
    ACADEMIES = "ACADEMIES", "工匠学院"
    ALLIANCES = "ALLIANCES", "联盟"
    COMPETITIONS = "COMPETITIONS", "竞赛"
    RESULTS = "RESULTS", "竞赛成绩"
    CONFERRALS = "CONFERRALS", "荣誉授予", "Honours awarded"
    OUTCOMES = "OUTCOMES", "创新成果"
    PATENTS = "PATENTS", "专利件数", "Number of patents"
    VERIFIED_VALUE = "VERIFIED_VALUE", "已核实的成果价值", "Value of verified outcomes, in yuan"


class RollupDimension(
    LabelledEnum,
    description="Dimensions by which the rows of a roll-up can be divided. 汇总维度",
):
    YEAR = "YEAR", "年份"
    GRADE = "GRADE", "技能等级", "Skill grade"
    INDUSTRY = "INDUSTRY", "行业"
    KIND = "KIND", "类别", "Type of the record"
    LEVEL = "LEVEL", "级别"


class Apportion(
    LabelledEnum,
    description="How a shared outcome is divided among the regions of its studios. EQUAL: "
    "equal parts. LEADER: all to the region of the leading studio. 分摊方式",
):
    EQUAL = "EQUAL", "各参与方均分", "Equal parts for all parties"
    LEADER = "LEADER", "全归牵头工作室", "All to the region of the leading studio"


YEAR, GRADE, INDUSTRY, KIND, LEVEL = RollupDimension
MeasureDimensions = dict[RollupDimension, Dimension]


@dataclass(frozen=True)
class MeasureDefinition:
    """The definition of a measure: the path to the record with the region, dimensions and unit."""

    kind: Kind
    region: tuple[str, ...]
    dimensions: MeasureDimensions
    unit: str


def year_dimension(column: str) -> Dimension:
    return Dimension((), column, 4)


def declared_measure(kind: Kind, unit: str, *words: RollupDimension) -> MeasureDefinition:
    """Return a measure with the same keys as the groups of the kind."""
    return MeasureDefinition(
        kind, (), {dimension: kind.dimensions[dimension.value] for dimension in words}, unit
    )


OUTCOME_DIMENSIONS = (YEAR, KIND, INDUSTRY)
MEASURE_DEFINITIONS = {
    RollupMeasure.WORKERS: declared_measure(WORKER, "person", GRADE, INDUSTRY),
    RollupMeasure.ENROLMENTS: MeasureDefinition(
        ENROLMENT,
        ("college",),
        {
            YEAR: Dimension((), "cohort"),
            GRADE: Dimension(("trainee",), "grade"),
            INDUSTRY: Dimension(("trainee", "employer", "industry")),
        },
        "person",
    ),
    RollupMeasure.QUALIFICATIONS: MeasureDefinition(
        QUALIFICATION,
        ("worker",),
        {
            YEAR: year_dimension("issued_on"),
            GRADE: Dimension((), "grade"),
            INDUSTRY: Dimension(("worker", "employer", "industry")),
        },
        "item",
    ),
    RollupMeasure.MENTORSHIPS: MeasureDefinition(
        MENTORSHIP,
        ("apprentice",),
        {
            YEAR: year_dimension("started"),
            GRADE: Dimension(("apprentice",), "grade"),
            INDUSTRY: Dimension(("apprentice", "employer", "industry")),
        },
        "item",
    ),
    RollupMeasure.ORGANISATIONS: declared_measure(ORGANISATION, "unit", KIND, INDUSTRY),
    RollupMeasure.STUDIOS: declared_measure(STUDIO, "studio", YEAR, KIND, LEVEL, INDUSTRY),
    RollupMeasure.ACADEMIES: declared_measure(ACADEMY, "academy", YEAR, LEVEL, INDUSTRY),
    RollupMeasure.ALLIANCES: declared_measure(ALLIANCE, "alliance", YEAR, KIND, LEVEL, INDUSTRY),
    RollupMeasure.COMPETITIONS: declared_measure(COMPETITION, "contest", YEAR, KIND, LEVEL),
    RollupMeasure.RESULTS: declared_measure(RESULT, "item", YEAR, LEVEL),
    RollupMeasure.CONFERRALS: declared_measure(CONFERRAL, "item", YEAR, LEVEL),
    RollupMeasure.OUTCOMES: declared_measure(OUTCOME, "item", *OUTCOME_DIMENSIONS),
    RollupMeasure.PATENTS: declared_measure(OUTCOME, "patent", *OUTCOME_DIMENSIONS),
    RollupMeasure.VERIFIED_VALUE: declared_measure(OUTCOME, "yuan", *OUTCOME_DIMENSIONS),
}
# Measures that are counted, rounded, for viewers who can't list the records.
ROUNDED_MEASURES = (
    RollupMeasure.WORKERS,
    RollupMeasure.ENROLMENTS,
    RollupMeasure.QUALIFICATIONS,
    RollupMeasure.MENTORSHIPS,
)


@dataclass(frozen=True, slots=True)
class RollupQuantity:
    """The value of one measure; `unapportioned` counts shared records whole."""

    measure: RollupMeasure
    quantity: QualifiedQuantity | None
    unapportioned: QualifiedQuantity | None
    exact: bool


@dataclass(frozen=True, slots=True)
class TableCell:
    keys: list[tuple[Any, Any]]
    values: list[RollupQuantity]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A region with its subtree; or `elsewhere`, the part that is in none of the rows below it."""

    region: str  # a key
    depth: int
    elsewhere: bool
    values: list[RollupQuantity]
    by: Sequence[str]
    cells: list[TableCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RollupTable:
    exact: bool
    lines: list[TableRow]

    @property
    def regions(self) -> list[str]:
        return [line.region for line in self.lines if not line.elsewhere]


@dataclass(frozen=True, slots=True)
class RollupArguments:
    """Valid arguments of a roll-up."""

    root: str
    depth: int
    by: tuple[RollupDimension, ...]
    measures: tuple[RollupMeasure, ...]
    apportion: Apportion


def parse_rollup_arguments(
    viewer: Viewer,
    root: str,
    depth: int,
    by: Sequence[RollupDimension],
    measures: Sequence[RollupMeasure],
    apportion: Apportion,
) -> RollupArguments:
    """Return valid arguments. Raises Forbidden, BadInput or LimitExceeded."""
    require_rollup_scope(viewer)
    if not measures:
        raise BadInput("Name at least one measure.", "请至少给出一个指标。")
    arguments = RollupArguments(
        root, depth, tuple(dict.fromkeys(by)), tuple(dict.fromkeys(measures)), apportion
    )
    exact = may_list_region(viewer)
    for measure in arguments.measures:
        if not exact and measure not in ROUNDED_MEASURES:
            names = ", ".join(rounded.value for rounded in ROUNDED_MEASURES)
            raise Forbidden(
                f"Without the scope read:region only {names} are counted, rounded.",
                f"没有 read:region 权限时只能汇总 {names}，且数字取整。",
            )
        for name in arguments.by:
            if name not in MEASURE_DEFINITIONS[measure].dimensions:
                raise BadInput(
                    f"{measure.value} have no {name.value}: leave it out.",
                    f"{measure.value} 没有 {name.value} 这一维度，请去掉。",
                )
    deepest = MAX_ROLLUP_DEPTH if exact else MAX_ROLLUP_DEPTH // 2
    if not 0 <= depth <= deepest:
        raise LimitExceeded(
            f"`depth` must be from 0 to {deepest}, not {depth}.",
            f"depth 取值 0 至 {deepest}，请求的是 {depth}。",
        )
    return arguments


def require_rollup_scope(viewer: Viewer) -> None:
    if viewer.sees_all or (viewer.region and Scope.AGGREGATE_REGION in viewer.scopes):
        return
    raise Forbidden(
        "Counts of a region need the scope aggregate:region, which a union's key has.",
        "地区汇总需要 aggregate:region 权限，工会的密钥具有该权限。",
    )


def may_list_region(viewer: Viewer) -> bool:
    """Return whether the viewer's scopes allow listing the whole region; independent of the rows.

    If each cell decided, `exact` would reveal whether something in it is hidden.
    """
    return viewer.sees_all or viewer.sees_region


def root_region_query(viewer: Viewer, code: str) -> Select[Any]:
    """Return a query of the region's key by its code, limited to regions open to the viewer."""
    region = alias_of(model_table(Region))
    statement = select(region.c.id).where(region.c.code == storable_code(code))
    if not viewer.sees_all:
        above = alias_of(model_table(RegionAncestor))
        ours = select(above.c.region_id).where(above.c.ancestor_id == viewer.region)
        statement = statement.where(region.c.id.in_(ours))
    return statement


def unknown_region(root: str) -> BadInput:
    return BadInput(
        f"There is no region {quote_input(root)} whose counts you may see.",
        f"没有可供您汇总的地区 {quote_input(root)}。",
    )


def too_many_cells() -> LimitExceeded:
    return LimitExceeded(
        f"The result would exceed {MAX_CELLS} cells: use fewer dimensions or measures, or a "
        f"smaller `depth`.",
        f"单元格将超过 {MAX_CELLS} 个：请减少维度、指标或层数。",
    )


async def resolve_row_region(line: TableRow, info: Info) -> Any:
    return await info.context.reader.record(field_path(info.path), REGION, "id", line.region)
