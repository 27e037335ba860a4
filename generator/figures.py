"""Published numbers, and numbers that are aimed at."""

from generator.counted import (
    AT_LEAST,
    CUMULATIVE,
    EXACT,
    ONE_YEAR,
    OVER,
    PER_YEAR,
    POINT,
    SINCE,
    Number,
)
from generator.counted import OF_REGIONS as COUNTED_OF_REGIONS
from generator.counted import OF_THINGS as COUNTED_OF_THINGS
from generator.honours import LADDER
from generator.places import COUNTRY, EAST, HOME, NORTH, SOUTH, UNION_A, UNION_B, UNION_C
from generator.rows import COLLEGE, Row, cited, rows
from generator.services import DAY
from generator.sources import OF_THE_PAPER, both, source_of
from kit.values.quantity import Qualifier
from models.figure import FIGURE_SUBJECTS

# Of what the registry keeps no records one by one.
TOLD_ONLY = (
    Number("training", "person_times_covered", "累计培训人次", 412_000, "person_time", EXACT, EAST,
           2025, CUMULATIVE),
    Number("signed", "signed_results", "2021年以来签约成果", 84, "item", EXACT, NORTH, 2025, SINCE,
           since=2021),
    Number("years", "years_on_front_line", "扎根一线年数", 28, "year", EXACT, NORTH, 2025, POINT,
           ("worker", "demo_craftsman_026")),
    Number("college_trainees", "trainees_per_year", "每年招生", 65, "person", OVER, HOME, None,
           PER_YEAR, ("subject_organisation", COLLEGE)),
    Number("order_places", "trainees_per_year", "每年订单培养人数", 20, "person", AT_LEAST, EAST,
           None, PER_YEAR, ("programme", "demo_programme_order")),
    Number("foundry_sessions", "activities_per_year", "每年研修活动", 36, "session", EXACT, NORTH,
           None, PER_YEAR, ("academy", "demo_academy_foundry")),
    Number("nation_entrants", "participants_per_year", "参赛人数", 860, "person", EXACT, COUNTRY,
           2025, ONE_YEAR, ("competition", "demo_contest_nation_2025")),
    Number("college_entrants", "entrants", "参赛人数", 25, "person", EXACT, HOME, 2026, POINT,
           ("competition", "demo_contest_college_2026")),
    Number("innovation_items", "winning_items", "历届获奖项目", 45, "item", EXACT, COUNTRY, 2025,
           CUMULATIVE, ("series", "demo_series_innovation")),
    Number("ladder_tiers", "tiers", "梯次层级", 4, "tier", EXACT, COUNTRY, 2026, POINT,
           ("ladder", LADDER)),
    Number("lectures", "lectures", "宣讲场次", 50, "session", OVER, NORTH, 2025, ONE_YEAR,
           ("service_team", "demo_team_of_north")),
    Number("day_people", "workers_benefiting", "惠及职工", 20_000, "person", OVER, COUNTRY, None,
           PER_YEAR, ("event", DAY)),
    Number("alliance_measures", "supporting_measures", "政策条款数", 18, "measure", EXACT, NORTH,
           2022, POINT, ("policy", "demo_policy_alliances")),
    Number("foundry_fund", "innovation_fund", "一线职工创新专项", 800_000, "yuan", EXACT, NORTH,
           None, PER_YEAR, organisation="demo_enterprise_16", about="一线职工技术创新"),
    Number("union_fund", "cultivation_investment", "工匠培育专项出资", 3_000_000, "yuan", OVER,
           SOUTH, None, PER_YEAR, organisation=UNION_C, about="工匠培育与工作室建设"),
)  # fmt: skip

# Key, metric, label, value, unit, qualifier, year, yearly, region, organisation, condition.
TARGETS = (
    ("alliances", "alliances_formed", "各级工作室联盟总数", 12, "alliance", AT_LEAST, 2026, None,
     COUNTRY, None, None),
    ("alliances_yearly", "yearly_quota", "每年新建联盟", 1, "alliance", AT_LEAST, None, "true",
     NORTH, UNION_A, "各市每年至少一家"),
    ("academies", "academies_municipal", "市级工匠学院数", 4, "academy", EXACT, 2026, None, EAST,
     UNION_B, None),
    ("craftsmen", "provincial_craftsmen", "新选树省工匠", 5, "person", AT_LEAST, None, "true",
     SOUTH, UNION_C, "以技师及以上为主"),
    ("college", "certified_share", "毕业生取证比例", 95, "percent", AT_LEAST, 2026, None, HOME,
     COLLEGE, None),
    ("studios", "innovation_studios", "创新工作室总数", 45, "studio", AT_LEAST, 2025, None,
     COUNTRY, None, None),
)  # fmt: skip


def figures() -> list[Row]:
    listed = (
        (
            f"demo_figure_{one.key}",
            one.metric,
            one.label,
            one.value,
            one.unit,
            one.qualifier,
            one.period,
            one.since,
            one.year,
            one.region,
            *(
                one.subject[1] if one.subject and one.subject[0] == name else None
                for name in FIGURE_SUBJECTS
            ),
            one.organisation,
            one.about,
            source(one),
        )
        for one in (*COUNTED_OF_REGIONS, *COUNTED_OF_THINGS, *TOLD_ONLY)
    )
    return cited(
        rows(
            "key metric label quantity_value quantity_unit quantity_qualifier period since_year"
            f" year region {' '.join(FIGURE_SUBJECTS)} organisation about sources",
            *listed,
        )
    )


def source(one: Number) -> str:
    """Bounds come from the paper, which nobody vouches for."""
    if one.qualifier in {OVER, Qualifier.UNDER, Qualifier.ABOUT}:
        return OF_THE_PAPER
    return both(one.region) if one.qualifier is AT_LEAST else source_of(one.region)


def targets() -> list[Row]:
    listed = ((f"demo_target_{key}", *told, source_of(str(told[7]))) for key, *told in TARGETS)
    return cited(
        rows(
            "key metric label quantity_value quantity_unit quantity_qualifier year yearly region"
            " organisation condition sources",
            *listed,
        )
    )
