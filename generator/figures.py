"""Published numbers beside what the registry counts, in part where it holds all there is."""

from generator.alliances import AXLE
from generator.honours import CITY, GREAT, LADDER, PROVINCE
from generator.places import COUNTRY, EAST, HOME, NORTH, SOUTH, UNION_A, UNION_B, UNION_C, ZONE
from generator.rows import COLLEGE, Row, cited, rows
from generator.services import DAY
from generator.sources import OF_THE_PAPER, OF_THE_STEWARD, both, source_of
from kit.quantity import Qualifier
from models.figure import SUBJECTS, FigurePeriod

EXACT, OVER, UNDER, ABOUT, AT_LEAST, AT_MOST = Qualifier
POINT, CUMULATIVE, PER_YEAR, SINCE, ONE_YEAR, THREE_YEARS, TARGET = FigurePeriod

# Key, metric, label, value, unit, qualifier, period, since, year, region.
OF_REGIONS = (
    ("east_provincial", "academies_provincial", "省级工匠学院数", 2, "academy", EXACT, POINT, None,
     2025, EAST),
    ("east_municipal", "academies_municipal", "市级工匠学院数", 3, "academy", EXACT, POINT, None,
     2025, EAST),
    ("south_provincial", "academies_provincial", "省级工匠学院数", 1, "academy", EXACT, POINT, None,
     2025, SOUTH),
    ("north_provincial", "academies_provincial", "省级工匠学院数", 1, "academy", EXACT, POINT, None,
     2025, NORTH),
    ("north_municipal", "academies_municipal", "市级工匠学院数", 3, "academy", OVER, POINT, None,
     2025, NORTH),
    ("east_district", "academies_district", "区级工匠学院数", 1, "academy", EXACT, POINT, None,
     2025, EAST),
    ("country_district", "academies_district", "区级工匠学院数", 4, "academy", AT_LEAST, POINT,
     None, 2025, COUNTRY),
    ("south_great", "great_country_craftsmen", "大国工匠人数", 1, "person", EXACT, POINT, None,
     2026, SOUTH),
    ("north_great", "great_country_craftsmen_named", "大国工匠人数", 2, "person", ABOUT, POINT,
     None, 2026, NORTH),
    ("north_workers", "industrial_workers", "产业工人人数", 1_860_000, "person", OVER, POINT, None,
     2025, NORTH),
    ("east_training", "training_sessions", "累计培训人次", 412_000, "person_time", EXACT,
     CUMULATIVE, None, 2025, EAST),
    ("south_contests", "contests_held", "每年举办竞赛", 60, "contest", AT_LEAST, PER_YEAR, None,
     None, SOUTH),
    ("north_outcomes", "outcomes_since", "2021年以来转化成果", 1_240, "item", EXACT, SINCE, 2021,
     2025, NORTH),
    ("bay_subsidy", "training_subsidy", "培训补贴发放额", 2_600_000, "yuan", UNDER, ONE_YEAR, None,
     2025, ZONE),
    ("east_benefit", "economic_benefit_total", "三年创造效益", 90_000_000, "yuan", ABOUT,
     THREE_YEARS, None, 2025, EAST),
    ("south_goal", "high_skilled_share", "高技能人才占比目标", 35, "percent", AT_MOST, TARGET, None,
     2026, SOUTH),
)  # fmt: skip

# Key, metric, label, value, unit, qualifier, period, year, region, column and code of the subject.
OF_THINGS = (
    ("axle_members", "member_studios", "成员工作室数", 8, "studio", EXACT, POINT, 2026, NORTH,
     "alliance", AXLE),
    ("cross_members", "member_studios", "成员工作室数", 9, "studio", OVER, POINT, 2026, COUNTRY,
     "alliance", "demo_alliance_cross"),
    ("province_holders", "holders", "省工匠人数", 6, "person", EXACT, POINT, 2026, COUNTRY,
     "honour", PROVINCE),
    ("city_holders", "holders", "市工匠人数", 20, "person", AT_LEAST, CUMULATIVE, 2026, COUNTRY,
     "honour", CITY),
    ("great_first", "first_batch_holders", "首批大国工匠人数", 3, "person", EXACT, POINT, 2025,
     COUNTRY, "honour", GREAT),
    ("mould_innovations", "innovations", "创新成果数", 6, "item", EXACT, CUMULATIVE, 2026, EAST,
     "studio", "demo_studio_mould"),
    ("mould_inventions", "invention_patents", "发明专利数", 2, "patent", EXACT, CUMULATIVE, 2026,
     EAST, "studio", "demo_studio_mould"),
    ("mould_models", "utility_model_patents", "实用新型专利数", 6, "patent", OVER, CUMULATIVE, 2026,
     EAST, "studio", "demo_studio_mould"),
    ("mould_benefit", "economic_benefit", "创造经济效益", 1_500_000, "yuan", EXACT, ONE_YEAR, 2025,
     EAST, "studio", "demo_studio_mould"),
    ("axle_benefit", "economic_benefit", "创造经济效益", 8_000_000, "yuan", OVER, THREE_YEARS, 2025,
     NORTH, "studio", "demo_studio_axle"),
    ("leader_apprentices", "apprentices", "带徒人数", 12, "person", EXACT, CUMULATIVE, 2025, NORTH,
     "worker", "demo_craftsman_026"),
    ("college_graduates", "graduates", "毕业生人数", 120, "person", OVER, CUMULATIVE, 2026, HOME,
     "subject_organisation", COLLEGE),
    ("foundry_sessions", "sessions", "开办班次", 36, "session", EXACT, CUMULATIVE, 2025, NORTH,
     "academy", "demo_academy_foundry"),
    ("nation_entrants", "entrants", "参赛人数", 860, "person", EXACT, POINT, 2025, COUNTRY,
     "competition", "demo_contest_nation_2025"),
    ("innovation_entries", "entries", "历届申报项目", 2_300, "project", OVER, CUMULATIVE, 2025,
     COUNTRY, "series", "demo_series_innovation"),
    ("ladder_people", "people_on_ladder", "各级工匠人数", 900, "person", ABOUT, POINT, 2026,
     COUNTRY, "ladder", LADDER),
    ("order_places", "places_a_year", "每年订单培养人数", 60, "person", AT_LEAST, PER_YEAR, None,
     EAST, "programme", "demo_programme_order"),
    ("north_helped", "enterprises_helped", "服务企业数", 140, "enterprise", EXACT, ONE_YEAR, 2025,
     NORTH, "service_team", "demo_team_of_north"),
    ("day_visitors", "visitors", "参与职工人次", 20_000, "person_time", OVER, PER_YEAR, None,
     COUNTRY, "event", DAY),
    ("alliance_measures", "measures", "政策条款数", 18, "measure", EXACT, POINT, 2022, NORTH,
     "policy", "demo_policy_alliances"),
)  # fmt: skip

# Of what a body does or pays itself: as of things, with the body and what it is about at the end.
OF_BODIES = (
    ("foundry_fund", "innovation_fund", "一线职工创新专项", 800_000, "yuan", EXACT, PER_YEAR, None,
     NORTH, "demo_enterprise_16", "一线职工技术创新"),
    ("union_fund", "cultivation_fund", "工匠培育专项出资", 3_000_000, "yuan", OVER, PER_YEAR, None,
     SOUTH, UNION_C, "工匠培育与工作室建设"),
)  # fmt: skip

# What the registry holds all of: metric and region.
COMPLETE = (
    ("east_provincial", "academies_provincial", EAST),
    ("north_provincial", "academies_provincial", NORTH),
    ("north_municipal", "academies_municipal", NORTH),
    ("east_district", "academies_district", EAST),
    ("south_great", "great_country_craftsmen", SOUTH),
    ("north_great", "great_country_craftsmen_named", NORTH),
    ("north_members", "member_studios", NORTH),
    ("country_holders", "holders", COUNTRY),
    ("country_first", "first_batch_holders", COUNTRY),
    ("east_innovations", "innovations", EAST),
    ("east_inventions", "invention_patents", EAST),
    ("east_models", "utility_model_patents", EAST),
)

# Key, metric, label, value, unit, qualifier, year, yearly, region, organisation, condition.
TARGETS = (
    ("alliances", "alliances", "各级工作室联盟总数", 12, "alliance", AT_LEAST, 2026, None, COUNTRY,
     None, None),
    ("alliances_yearly", "new_alliances", "每年新建联盟", 1, "alliance", AT_LEAST, None, "true",
     NORTH, UNION_A, "各市每年至少一家"),
    ("academies", "academies_municipal", "市级工匠学院数", 4, "academy", EXACT, 2026, None, EAST,
     UNION_B, None),
    ("craftsmen", "holders", "新选树省工匠", 5, "person", AT_LEAST, None, "true", SOUTH, UNION_C,
     "以技师及以上为主"),
    ("college", "certified_share", "毕业生取证比例", 95, "percent", AT_LEAST, 2026, None, HOME,
     COLLEGE, None),
)  # fmt: skip


def figures() -> list[Row]:
    """Bounds come from the paper."""
    nothing = (None, None)
    of_regions = [(*told, *nothing, *nothing) for told in OF_REGIONS]
    of_things = [(*told[:7], None, *told[7:], *nothing) for told in OF_THINGS]
    of_bodies = [(*told[:7], None, *told[7:9], *nothing, *told[9:]) for told in OF_BODIES]
    listed = (
        (
            f"demo_figure_{key}",
            *number,
            region,
            *(code if column == subject else None for subject in SUBJECTS),
            *body,
            source(region, number[4]),
        )
        for key, *number, region, column, code, body in (
            (*told[:-2], told[-2:]) for told in [*of_regions, *of_things, *of_bodies]
        )
    )
    return cited(
        rows(
            "key metric label quantity_value quantity_unit quantity_qualifier period since_year"
            f" year region {' '.join(SUBJECTS)} organisation about sources",
            *listed,
        )
    )


def source(region: object, qualifier: object) -> str:
    if qualifier in {OVER, UNDER, ABOUT}:
        return OF_THE_PAPER
    return both(str(region)) if qualifier is AT_LEAST else source_of(str(region))


def completeness() -> list[Row]:
    listed = ((f"demo_complete_{key}", metric, region) for key, metric, region in COMPLETE)
    return cited(rows("key metric region", *listed), OF_THE_STEWARD)


def targets() -> list[Row]:
    listed = ((f"demo_target_{key}", *told, source_of(str(told[7]))) for key, *told in TARGETS)
    return cited(
        rows(
            "key metric label quantity_value quantity_unit quantity_qualifier year yearly region"
            " organisation condition sources",
            *listed,
        )
    )
