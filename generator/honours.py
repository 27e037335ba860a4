"""Titles, the ladder on which some of them stand, and those who came first in a contest."""

from generator.contests import STUDENTS
from generator.organisations import COUNCIL
from generator.places import COUNTRY, HOME, NATION, UNION_A, UNION_B, UNION_C
from generator.placings import Placing
from generator.rows import SOURCE, Row, cited, rows
from generator.sources import OF_THE_PAPER, OF_THE_STEWARD, source_of
from generator.studios import OURS
from kit.values.quantity import Qualifier
from models.honour import RecipientKind as For
from models.row import FactStatus, Level

EXPERT, STAR = "demo_honour_expert", "demo_honour_star"
NATION_EXPERT, WORLD = "demo_honour_nation_expert", "demo_honour_world_craftsman"
SEED, CITY = "demo_honour_seed", "demo_honour_city_craftsman"
PROVINCE, PROVINCE_STAR = "demo_honour_province_craftsman", "demo_honour_province_star"
GREAT, STUDIO = "demo_honour_great_craftsman", "demo_honour_model_studio"
TEAM, ENTERPRISE = "demo_honour_pioneer_team", "demo_honour_innovating_enterprise"
REGION, PRACTICE = "demo_honour_craftsman_city", "demo_honour_good_practice"
LADDER = "demo_ladder_craftsman"

# Whoever comes first gets a title: by what they are, and the contest's level.
TITLES = {
    ("worker", Level.PROVINCIAL): EXPERT,
    ("worker", Level.NATIONAL): NATION_EXPERT,
    ("worker", Level.INTERNATIONAL): WORLD,
    ("worker", Level.CITY): STAR,
    ("organisation", Level.PROVINCIAL): ENTERPRISE,
    ("studio", Level.PROVINCIAL): STUDIO,
}
TITLED = {Level.INTERNATIONAL: 3}  # the last rank that gets it; 1 elsewhere


def honours() -> list[Row]:
    listed = (
        (EXPERT, "示例三省技术能手", Level.PROVINCIAL, For.WORKER, UNION_A, COUNTRY, 10_000, None),
        (STAR, "示例市级技能新星", Level.CITY, For.STUDENT, UNION_B, HOME, 2_000, None),
        (NATION_EXPERT, "示例国技术能手", Level.NATIONAL, For.WORKER, NATION, COUNTRY, 20_000,
         None),
        (WORLD, "示例国际工匠", Level.INTERNATIONAL, For.WORKER, NATION, COUNTRY, 50_000, None),
        (SEED, "示例种子工匠", Level.ENTERPRISE, For.WORKER, None, COUNTRY, None, "一线职工"),
        (CITY, "示例市工匠", Level.CITY, For.WORKER, None, COUNTRY, 5_000, "高级工及以上"),
        (PROVINCE, "示例省工匠", Level.PROVINCIAL, For.WORKER, UNION_A, COUNTRY, 30_000,
         "技师及以上"),
        (PROVINCE_STAR, "示例省杰出青年工匠", Level.PROVINCIAL, For.WORKER, UNION_A, COUNTRY, None,
         "35周岁以下"),
        (GREAT, "示例大国工匠", Level.NATIONAL, For.WORKER, NATION, COUNTRY, 100_000, None),
        (STUDIO, "示例模范创新工作室", Level.PROVINCIAL, For.TEAM, UNION_B, COUNTRY, 30_000, None),
        (TEAM, "示例工人先锋班组", Level.CITY, For.TEAM, UNION_C, COUNTRY, None, None),
        (ENTERPRISE, "示例全员创新企业", Level.PROVINCIAL, For.ORGANISATION, UNION_A, COUNTRY,
         200_000, None),
        (REGION, "示例工匠之城", Level.NATIONAL, For.REGION, NATION, COUNTRY, None, None),
        (PRACTICE, "示例产业工人队伍建设典型做法", Level.NATIONAL, For.PRACTICE, NATION, COUNTRY,
         None, None),
    )  # fmt: skip
    with_prize = (
        (*told, COUNCIL if told[0] in ON_LADDER else None, *prize(yuan), eligibility)
        for *told, yuan, eligibility in listed
    )
    return rows(
        "code name level recipient_kind grantor region operator prize_value prize_unit"
        " prize_qualifier eligibility",
        *with_prize,
    )


def prize(yuan: object) -> tuple[object, ...]:
    return (None, None, None) if yuan is None else (yuan, "yuan", Qualifier.EXACT)


# Two titles share a rung.
ON_LADDER = {SEED: 1, CITY: 2, PROVINCE: 3, PROVINCE_STAR: 3, GREAT: 4}
RUNGS = {1: "种子工匠", 2: "市工匠", 3: "省工匠", 4: "大国工匠"}
STAGES = ("资格初审", "专家评审", "联席会议审定", "媒体公示")
CRITERIA = ("思想品德", "技能水平", "创新成果", "传帮带")


def ladders() -> list[Row]:
    return rows("code name region operator", (LADDER, "示例工匠梯次", COUNTRY, COUNCIL))


def rungs() -> list[Row]:
    listed = (
        (f"demo_rung_{number}", LADDER, rank, RUNGS[rank], honour)
        for number, (honour, rank) in enumerate(ON_LADDER.items(), start=1)
    )
    return rows("key ladder rank name honour", *listed)


def stage(order: int) -> str:
    return f"demo_stage_{order}"


def selection_stages() -> list[Row]:
    listed = ((stage(order), LADDER, order, name) for order, name in enumerate(STAGES, start=1))
    return rows("key ladder order name", *listed)


def criteria() -> list[Row]:
    listed = (
        (f"demo_criterion_{order}", LADDER, order, name)
        for order, name in enumerate(CRITERIA, start=1)
    )
    return rows("key ladder order name", *listed)


COLUMNS = ("worker", "organisation", "studio", "recipient_region", "recipient_as_published")
HEADER = f"key honour {' '.join(COLUMNS)} year selection_round based_on status sources"


def conferral(
    key: str,
    honour: str,
    column: str,
    recipient: str,
    year: int,
    based_on: str | None = None,
    source: str = SOURCE,
    status: FactStatus = FactStatus.ASSERTED,
    selection_round: str | None = None,
) -> tuple[object, ...]:
    who = (recipient if column == name else None for name in COLUMNS)
    return (key, honour, *who, year, selection_round, based_on, status, source)


def conferrals(placings: list[Placing], leaders: dict[str, str]) -> list[Row]:
    """To whoever came first, once each; leaders of our studios have theirs from before."""
    ours = [leaders[f"demo_studio_{slug}"] for slug in OURS]
    found: dict[tuple[str, str], tuple[str, str, int, str | None, str]] = {
        (EXPERT, who): ("worker", who, 2015 + 2 * number, None, SOURCE)
        for number, who in enumerate(ours)
    }
    for one in placings:
        title = TITLES.get((one.column, one.contest.series.level))
        if title and one.rank <= TITLED.get(one.contest.series.level, 1):
            vouched = SOURCE if one.division == STUDENTS else source_of(one.contest.series.region)
            row = (one.column, one.recipient, one.contest.year, one.key, vouched)
            if title != STAR or one.division == STUDENTS:
                found.setdefault((title, one.recipient), row)
    listed = (
        conferral(f"demo_conferral_{n:02d}", honour, *row)
        for n, ((honour, _), row) in enumerate(found.items(), start=1)
    )
    return cited(rows(HEADER, *listed, *otherwise()))


def otherwise() -> list[tuple[object, ...]]:
    """Titles that no contest and no round led to; one was told in error."""
    steward, paper, region = OF_THE_STEWARD, OF_THE_PAPER, "recipient_region"
    key = "demo_conferral_other"
    return [
        conferral(f"{key}_1", TEAM, "organisation", "demo_team_axle", 2024, source=steward),
        conferral(f"{key}_2", TEAM, "organisation", "demo_team_grid", 2025, source=steward),
        conferral(f"{key}_3", REGION, region, "demo_city_north_a", 2024, source=steward),
        conferral(f"{key}_4", PRACTICE, "recipient_as_published", "“一室一课”技能传承做法", 2025,
                  source=paper),
        conferral(f"{key}_5", PROVINCE_STAR, "worker", "demo_craftsman_044", 2025, source=steward),
        conferral(f"{key}_6", REGION, region, "demo_city_east_b", 2024, None, paper,
                  FactStatus.RETRACTED),
    ]  # fmt: skip
