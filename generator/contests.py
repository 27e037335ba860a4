"""Competitions: what is held again and again, and each time that it was."""

from dataclasses import dataclass
from datetime import date

from generator.organisations import HOST, government
from generator.places import (
    COUNTRY,
    EAST,
    HOME,
    NATION,
    NORTH,
    SOUTH,
    TRADES,
    UNION_A,
    UNION_B,
    UNION_C,
)
from generator.rows import COLLEGE, Row, rows
from models.competition import CompetitionKind as Kind
from models.row import Level

FIRST_CLASS, SECOND_CLASS = "一类", "二类"
WORKERS, STUDENTS = "职工组", "学生组"
Ranks = tuple[int, ...]


@dataclass(frozen=True)
class Series:
    slug: str
    name: str
    kind: Kind
    level: Level
    region: str
    competition_class: str | None = None

    @property
    def code(self) -> str:
        return f"demo_series_{self.slug}"


SERIES = {
    series.slug: series
    for series in (
        Series("milling", "示例东省数控技能大赛", Kind.SKILL, Level.PROVINCIAL, EAST, FIRST_CLASS),
        Series("welding", "示例东甲市焊接技能竞赛", Kind.SKILL, Level.CITY, HOME, SECOND_CLASS),
        Series("robotics", "示例三省机器人技能大赛", Kind.SKILL, Level.PROVINCIAL, SOUTH,
               FIRST_CLASS),
        Series("nation", "示例国职业技能大赛", Kind.SKILL, Level.NATIONAL, COUNTRY, FIRST_CLASS),
        Series("world", "示例国际技能邀请赛", Kind.SKILL, Level.INTERNATIONAL, COUNTRY,
               FIRST_CLASS),
        Series("casting", "示例北省铸造技能大赛", Kind.SKILL, Level.PROVINCIAL, NORTH,
               SECOND_CLASS),
        Series("textile", "示例北丙市纺织操作技能竞赛", Kind.SKILL, Level.CITY,
               "demo_city_north_c", SECOND_CLASS),
        Series("district", "示例北甲一区职工技能比武", Kind.SKILL, Level.DISTRICT,
               "demo_district_north_a1"),
        Series("enterprise", "示例北方车桥岗位练兵比武", Kind.SKILL, Level.ENTERPRISE,
               "demo_district_north_a1"),
        Series("college", "示例职业技术学院校内焊接技能比武", Kind.SKILL, Level.ENTERPRISE, HOME),
        Series("novices", "示例职业技术学院焊接新秀赛", Kind.SKILL, Level.ENTERPRISE, HOME),
        Series("labour", "示例北省重点工程劳动竞赛", Kind.LABOUR, Level.PROVINCIAL, NORTH),
        Series("innovation", "示例三省职工创新创效竞赛", Kind.INNOVATION, Level.PROVINCIAL,
               COUNTRY),
        Series("startup", "示例南省职工创业大赛", Kind.ENTREPRENEURSHIP, Level.PROVINCIAL, SOUTH),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Contest:
    """One edition, with the places that are on record by who holds them.

    Of trainees these are the college's only: others' places aren't on record.
    """

    of: str
    edition: int
    held_on: date
    host: str
    academy: str | None = None
    trade: str | None = None
    trainees: Ranks = ()
    workers: Ranks = ()
    organisations: Ranks = ()
    studios: Ranks = ()
    regions: Ranks = ()
    cohort: int | None = None  # of trainees, where it is for one alone

    @property
    def series(self) -> Series:
        return SERIES[self.of]

    @property
    def year(self) -> int:
        return self.held_on.year

    @property
    def slug(self) -> str:
        return f"{self.of}_{self.year}"

    @property
    def code(self) -> str:
        return f"demo_contest_{self.slug}"

    @property
    def name(self) -> str:
        """The country's contest has another trade each time."""
        changing = self.trade if self.of == "nation" else None
        event = f"{TRADES[changing].occupation}项目" if changing else ""
        return f"{self.year}年{self.series.name}{event}"


AXLE, WELDING, ROBOTICS, FOUNDRY = (
    f"demo_academy_{slug}" for slug in ("axle", "welding", "robotics", "foundry")
)

CONTESTS = (
    Contest("milling", 1, date(2023, 10, 21), UNION_B, None, "milling", (1, 2, 2, 4, 6, 9, 12)),
    Contest("welding", 3, date(2024, 5, 18), COLLEGE, WELDING, "welding",
            (1, 2, 3, 3, 5, 6, 8, 10, 11)),
    Contest("milling", 2, date(2024, 10, 19), UNION_B, AXLE, "milling", (1, 3, 4, 4, 7, 8, 13),
            workers=(1, 2, 2, 4)),
    Contest("robotics", 1, date(2025, 5, 17), UNION_C, ROBOTICS, "robotics", (2, 3, 5, 6, 9, 14),
            workers=(1, 2, 3, 3, 5)),
    Contest("milling", 3, date(2025, 10, 18), HOST, AXLE, "milling", (1, 2, 5, 5, 6, 8, 10),
            workers=(1, 2, 3, 5, 6)),
    Contest("welding", 5, date(2026, 5, 16), COLLEGE, WELDING, "welding",
            (1, 1, 3, 4, 6, 7, 9, 12)),
    Contest("nation", 6, date(2023, 11, 18), NATION, None, "welding", workers=(1, 2, 3, 5, 8)),
    Contest("nation", 7, date(2025, 11, 15), NATION, None, "power", workers=(1, 1, 3, 4, 9)),
    Contest("world", 2, date(2026, 6, 13), government("south"), ROBOTICS, "robotics",
            workers=(2, 7), regions=(1, 2, 4)),
    Contest("casting", 4, date(2024, 8, 24), "demo_enterprise_16", FOUNDRY, "casting",
            workers=(1, 2, 3)),
    Contest("casting", 5, date(2026, 10, 17), "demo_enterprise_16", FOUNDRY, "casting",
            workers=(1, 2, 3, 6)),
    Contest("textile", 1, date(2025, 3, 8), "demo_union_north_c", None, "textile",
            workers=(1, 2, 2, 4)),
    Contest("district", 7, date(2024, 6, 15), "demo_enterprise_01", None, "milling",
            workers=(1, 2, 3)),
    Contest("district", 8, date(2025, 6, 14), "demo_enterprise_16", None, "casting",
            workers=(1, 2, 4)),
    Contest("enterprise", 12, date(2025, 4, 12), "demo_enterprise_01", None, "milling",
            workers=(1, 2, 3, 4)),
    Contest("labour", 1, date(2024, 12, 20), UNION_A, organisations=(1, 2, 3, 3)),
    Contest("labour", 2, date(2025, 12, 19), UNION_A, organisations=(1, 1, 3, 4)),
    Contest("innovation", 1, date(2023, 9, 22), UNION_A, studios=(1, 2, 2, 4, 5, 6)),
    Contest("innovation", 2, date(2025, 9, 19), UNION_C, studios=(1, 2, 3, 3, 5, 6)),
    Contest("startup", 1, date(2024, 7, 6), UNION_C, workers=(2, 3), organisations=(1,),
            studios=(4,)),
    # Two share the last place that promotes: of 25 entrants the first 30 % are 7.
    Contest("college", 1, date(2026, 10, 24), COLLEGE, None, "welding",
            (1, 2, 3, 4, 5, 6, 7, 7, 9, 10, 11, 12)),
    Contest("novices", 1, date(2026, 4, 18), COLLEGE, None, "welding", (1, 2, 3), cohort=2024),
)  # fmt: skip


def series() -> list[Row]:
    listed = ((one.code, one.name, one.kind, one.level, one.region) for one in SERIES.values())
    return rows("code name competition_kind level region", *listed)


def competitions() -> list[Row]:
    listed = (
        (
            one.code,
            one.name,
            one.series.code,
            one.edition,
            one.series.kind,
            one.series.level,
            one.series.competition_class,
            one.year,
            one.held_on,
            f"demo_occupation_{one.trade}" if one.trade else None,
            None if one.trade else "不限工种",
            one.host,
            one.academy,
            one.series.region,
        )
        for one in CONTESTS
    )
    return rows(
        "code name series edition competition_kind level competition_class year held_on occupation"
        " occupation_as_published host academy region",
        *listed,
    )
