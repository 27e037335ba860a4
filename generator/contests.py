"""Competitions, the places of trainees in them, and the titles that followed."""

from dataclasses import dataclass
from datetime import date, timedelta

from generator.chance import Chance
from generator.mentors import Mentor
from generator.places import COUNTRY, HOME
from generator.rows import COLLEGE, Row, cited, rows
from generator.trainees import Trainee
from kit.quantity import Qualifier
from models.competition import CompetitionKind
from models.honour import RecipientKind
from models.row import Level
from models.training import EnrolmentStatus

FIRST, SECOND, THIRD, FOURTH = "一等奖", "二等奖", "三等奖", "优秀奖"
NOVICE = timedelta(days=180)
HONOURS = {Level.PROVINCIAL: "demo_honour_expert", Level.CITY: "demo_honour_star"}


@dataclass(frozen=True)
class Series:
    slug: str
    name: str
    level: Level
    region: str

    @property
    def code(self) -> str:
        return f"demo_series_{self.slug}"


SERIES = {
    series.slug: series
    for series in (
        Series("milling", "示例东省数控技能大赛", Level.PROVINCIAL, "demo_province_east"),
        Series("welding", "示例东甲市焊接技能竞赛", Level.CITY, HOME),
        Series("robotics", "示例三省机器人技能大赛", Level.PROVINCIAL, "demo_province_south"),
    )
}


@dataclass(frozen=True)
class Contest:
    """`ranks` are the places of the college's trainees: others' places aren't on record."""

    trade: str
    edition: int
    held_on: date
    host: str
    academy: str | None
    ranks: tuple[int, ...]

    @property
    def series(self) -> Series:
        return SERIES[self.trade]

    @property
    def year(self) -> int:
        return self.held_on.year

    @property
    def slug(self) -> str:
        return f"{self.trade}_{self.year}"

    @property
    def code(self) -> str:
        return f"demo_contest_{self.slug}"


AXLE, WELDING, ROBOTICS = (f"demo_academy_{slug}" for slug in ("axle", "welding", "robotics"))
UNION = "demo_union_b"

CONTESTS = (
    Contest("milling", 1, date(2023, 10, 21), UNION, None, (1, 2, 2, 4, 6, 9, 12)),
    Contest("welding", 3, date(2024, 5, 18), COLLEGE, WELDING, (1, 2, 3, 3, 5, 6, 8, 10, 11)),
    Contest("milling", 2, date(2024, 10, 19), UNION, AXLE, (1, 3, 4, 4, 7, 8, 13)),
    Contest("robotics", 1, date(2025, 5, 17), "demo_union_c", ROBOTICS, (2, 3, 5, 6, 9, 14)),
    Contest("milling", 3, date(2025, 10, 18), "demo_academy_host", AXLE, (1, 2, 5, 5, 6, 8, 10)),
    Contest("welding", 5, date(2026, 5, 16), COLLEGE, WELDING, (1, 1, 3, 4, 6, 7, 9, 12)),
)


@dataclass(frozen=True)
class Placing:
    key: str
    contest: Contest
    trainee: Trainee
    rank: int

    @property
    def award(self) -> str:
        if self.rank == 1:
            return FIRST
        return SECOND if self.rank <= 3 else THIRD if self.rank <= 6 else FOURTH


def draw_placings(trainees: list[Trainee]) -> list[Placing]:
    chance = Chance("placings")
    found = []
    for contest in CONTESTS:
        rivals = [one for one in trainees if may_enter(one, contest)]
        # The better they learn, the better they do, but for a day's luck.
        form = {one.code: one.score + chance.between(0, 150) / 10 for one in rivals}
        best = sorted(rivals, key=lambda one: (-form[one.code], one.code))
        for number, (rank, one) in enumerate(zip(contest.ranks, best, strict=False), start=1):
            key = f"demo_result_{contest.slug}_{number:02d}"
            found.append(Placing(key, contest, one, rank))
    return found


def may_enter(one: Trainee, contest: Contest) -> bool:
    """Nobody competes in the first months of learning."""
    learnt = contest.held_on - one.started >= NOVICE
    there = one.enrolled_on(contest.held_on) and one.status is not EnrolmentStatus.SUSPENDED
    return learnt and there and one.trade == contest.trade


def series() -> list[Row]:
    listed = (
        (one.code, one.name, CompetitionKind.SKILL, one.level, one.region)
        for one in SERIES.values()
    )
    return rows("code name competition_kind level region", *listed)


def competitions() -> list[Row]:
    listed = (
        (
            one.code,
            f"{one.year}年{one.series.name}",
            one.series.code,
            one.edition,
            CompetitionKind.SKILL,
            one.series.level,
            one.year,
            one.held_on,
            f"demo_occupation_{one.trade}",
            one.host,
            one.academy,
            one.series.region,
        )
        for one in CONTESTS
    )
    return rows(
        "code name series edition competition_kind level year held_on occupation host academy"
        " region",
        *listed,
    )


def results(placings: list[Placing]) -> list[Row]:
    chance = Chance("scores of contests")
    best = {one.code: chance.between(930, 980) for one in CONTESTS}
    listed = (
        (
            one.key,
            one.contest.code,
            one.trainee.code,
            one.rank,
            one.award,
            "学生组",
            (best[one.contest.code] - 14 * (one.rank - 1)) / 10,  # a rank shared is a score shared
        )
        for one in placings
    )
    return cited(rows("key competition worker rank award division score", *listed))


def honours() -> list[Row]:
    return rows(
        "code name level recipient_kind grantor region prize_value prize_unit prize_qualifier",
        (HONOURS[Level.PROVINCIAL], "示例三省技术能手", Level.PROVINCIAL, RecipientKind.WORKER,
         "demo_union_a", COUNTRY, 10_000, "yuan", Qualifier.EXACT),
        (HONOURS[Level.CITY], "示例市级技能新星", Level.CITY, RecipientKind.STUDENT,
         UNION, HOME, 2_000, "yuan", Qualifier.EXACT),
    )  # fmt: skip


def conferrals(placings: list[Placing], leaders: list[Mentor]) -> list[Row]:
    """To whoever came first, once each; leaders of studios have theirs from before."""
    provincial = HONOURS[Level.PROVINCIAL]
    found: dict[tuple[str, str], tuple[object, ...]] = {
        (provincial, one.code): (provincial, one.code, 2015 + 2 * number, None)
        for number, one in enumerate(leaders)
    }
    for one in placings:
        if one.rank == 1:
            honour, worker = HONOURS[one.contest.series.level], one.trainee.code
            row = (honour, worker, one.contest.year, one.key)
            found.setdefault((honour, worker), row)
    listed = ((f"demo_conferral_{n:02d}", *row) for n, row in enumerate(found.values(), start=1))
    return cited(rows("key honour worker year based_on", *listed))
