"""Published numbers that the registry can count too, and of which it holds all there is."""

from dataclasses import dataclass

from generator.alliances import AXLE
from generator.honours import CITY, GREAT, PROVINCE
from generator.places import COUNTRY, EAST, NORTH, SOUTH, UNION_A, ZONE
from generator.rows import Row, cited, rows
from generator.sources import OF_THE_STEWARD
from kit.values.quantity import Qualifier
from models.figure import FigurePeriod

EXACT, OVER, UNDER, ABOUT, AT_LEAST, AT_MOST = Qualifier
POINT, CUMULATIVE, PER_YEAR, SINCE, ONE_YEAR, THREE_YEARS, TARGET = FigurePeriod
MILLION = 1_000_000
MOULD, AXLES = ("studio", "demo_studio_mould"), ("studio", "demo_studio_axle")
HELPERS = ("service_team", "demo_team_of_north")


@dataclass(frozen=True)
class Number:
    """`subject` is the column of what it is about, and its code."""

    key: str
    metric: str
    label: str
    value: float
    unit: str
    qualifier: Qualifier
    region: str
    year: int | None = None
    period: FigurePeriod = POINT
    subject: tuple[str, str] | None = None
    since: int | None = None
    organisation: str | None = None
    about: str | None = None


OF_REGIONS = (
    Number("east_provincial", "academies_provincial", "省级工匠学院数", 2, "academy", EXACT, EAST,
           2025),
    Number("south_provincial", "academies_provincial", "省级工匠学院数", 1, "academy", EXACT, SOUTH,
           2025),
    Number("north_provincial", "academies_provincial", "省级工匠学院数", 1, "academy", EXACT, NORTH,
           2025),
    Number("east_municipal", "academies_municipal", "市级工匠学院数", 3, "academy", EXACT, EAST,
           2025),
    Number("north_municipal", "academies_municipal", "市级工匠学院数", 3, "academy", OVER, NORTH,
           2025),
    Number("east_district", "academies_district", "区级工匠学院数", 1, "academy", EXACT, EAST,
    2025),
    Number("country_district", "academies_district", "区级工匠学院数", 4, "academy", AT_LEAST,
           COUNTRY, 2025),
    Number("alliances", "alliances_formed", "组建联盟", 6, "alliance", EXACT, COUNTRY, 2026),
    Number("alliance_goal", "alliance_target_2025", "工作室联盟总数目标", 12, "alliance", AT_LEAST,
           COUNTRY, 2026, TARGET),
    Number("needs", "key_technology_needs", "企业关键核心技术需求", 60, "challenge", OVER, COUNTRY,
           2026, CUMULATIVE),
    Number("claimed", "challenges_claimed", "成功揭榜", 12, "challenge", EXACT, COUNTRY, 2026,
           CUMULATIVE),
    Number("competitions", "competitions_held", "劳动和技能竞赛", 120, "contest", OVER, COUNTRY,
           2026, CUMULATIVE),
    Number("contests", "contests_held", "市级以上竞赛", 30, "contest", AT_LEAST, NORTH, 2026,
           CUMULATIVE),
    Number("contests_yearly", "contests_per_year", "每年举办竞赛", 60, "session", AT_LEAST, SOUTH,
           2025, PER_YEAR),
    Number("craftsmen", "craftsmen_all_levels", "各级工匠", 900, "person", ABOUT, COUNTRY, 2026),
    Number("north_craftsmen", "provincial_craftsmen", "省级工匠称号", 3, "person", EXACT, NORTH,
           2026, CUMULATIVE),
    Number("east_benefit", "economic_benefit", "三年创造效益", 90 * MILLION, "yuan", ABOUT, EAST,
           2025, THREE_YEARS),
    Number("unions", "grassroots_unions", "基层工会组织", 140, "union", EXACT, NORTH, 2025),
    Number("south_great", "great_country_craftsmen", "大国工匠人数", 1, "person", EXACT, SOUTH,
    2026),
    Number("north_great", "great_country_craftsmen_named", "大国工匠人数", 2, "person", ABOUT,
           NORTH, 2026),
    Number("skilled_goal", "high_skilled_share", "高技能人才占比目标", 55, "percent", AT_MOST,
           SOUTH, 2026, TARGET),
    Number("skilled_share", "high_skilled_share", "高技能人才占比", 48.5, "percent", EXACT, EAST,
           2025),
    Number("high_skilled", "high_skilled_staff", "高技能人才", 118_000, "person", EXACT, EAST,
    2025),
    Number("skilled", "skilled_staff", "技能人才总量", 243_000, "person", EXACT, EAST, 2025),
    Number("workers", "industrial_workers", "产业工人人数", 1_860_000, "person", OVER, NORTH, 2025),
    Number("converted", "innovation_conversion_value", "成果应用转化价值", 600_000, "yuan", EXACT,
           "demo_city_north_c", 2025, CUMULATIVE),
    Number("studios", "innovation_studios", "劳模和工匠创新工作室", 40, "studio", EXACT, COUNTRY,
    2026),
    Number("studios_above", "innovation_studios_city_and_above", "市级以上创新工作室", 27, "studio",
           EXACT, COUNTRY, 2026),
    Number("inventions", "national_invention_patents", "群众性创新活动获发明专利", 20, "patent",
           EXACT, COUNTRY, 2024, PER_YEAR),
    Number("assessing", "self_evaluating_enterprises", "开展自主评价企业", 12, "enterprise", EXACT,
           EAST, 2025),
    Number("assessed", "self_evaluation_workers_covered", "自主评价覆盖职工", 4_000, "person", OVER,
           EAST, 2025),
    Number("applied", "studio_innovations_applied_per_year", "年培育应用职工创新成果", 30, "item",
           AT_LEAST, COUNTRY, 2025, PER_YEAR),
    Number("innovations", "worker_innovations", "2021年以来职工创新成果", 1_240, "item", OVER,
           COUNTRY, 2026, SINCE, since=2021),
    Number("venues", "theme_education_venues", "主题教育场馆", 2, "venue", EXACT, COUNTRY, 2026),
    Number("subsidy", "training_subsidy_paid", "各类补助发放额", 278_000, "yuan", EXACT, NORTH,
           2026, CUMULATIVE),
    Number("bay_subsidy", "training_subsidy_paid", "补助发放额", 2_600_000, "yuan", UNDER, ZONE,
           2025, CUMULATIVE),
    Number("entrants", "workers_in_contests_per_year", "每年参赛职工", 3_000, "person", UNDER,
           COUNTRY, 2025, PER_YEAR),
)  # fmt: skip

OF_THINGS = (
    Number("axle_members", "member_studios", "成员工作室数", 8, "studio", EXACT, NORTH, 2026, POINT,
           ("alliance", AXLE)),
    Number("cross_members", "member_studios", "成员工作室数", 9, "studio", OVER, COUNTRY, 2026,
           POINT, ("alliance", "demo_alliance_cross")),
    Number("units", "member_units", "下级工会", 3, "unit", EXACT, NORTH, 2026, POINT,
           ("subject_organisation", UNION_A)),
    Number("detachments", "detachments", "分队", 2, "detachment", EXACT, NORTH, 2026, POINT,
    HELPERS),
    Number("helpers", "members", "劳模工匠代表", 5, "person", EXACT, NORTH, 2025, POINT, HELPERS),
    Number("province_holders", "holders", "省工匠人数", 6, "person", EXACT, COUNTRY, 2026, POINT,
           ("honour", PROVINCE)),
    Number("city_holders", "holders", "市工匠人数", 20, "person", AT_LEAST, COUNTRY, 2026,
           CUMULATIVE, ("honour", CITY)),
    Number("great_first", "first_batch_holders", "首批大国工匠人数", 3, "person", EXACT, COUNTRY,
           2025, POINT, ("honour", GREAT)),
    Number("front_line", "first_batch_front_line_share", "一线职工占比", 80, "percent", EXACT,
           COUNTRY, 2026, POINT, ("honour", CITY)),
    Number("with_national", "first_batch_with_national_honours", "获国家级荣誉人数", 3, "person",
           EXACT, COUNTRY, 2026, POINT, ("honour", PROVINCE)),
    Number("with_provincial", "first_batch_with_provincial_honours", "获省级荣誉人数", 6, "person",
           EXACT, COUNTRY, 2026, POINT, ("honour", CITY)),
    Number("named_yearly", "most_beautiful_people", "年度命名人数", 8, "person", EXACT, COUNTRY,
           2023, PER_YEAR, ("honour", CITY)),
    Number("mould_innovations", "innovations", "创新成果数", 6, "item", EXACT, EAST, 2026,
           CUMULATIVE, MOULD),
    Number("mould_inventions", "invention_patents", "发明专利数", 2, "patent", EXACT, EAST, 2026,
           CUMULATIVE, MOULD),
    Number("mould_models", "utility_model_patents", "实用新型专利数", 6, "patent", OVER, EAST, 2026,
           CUMULATIVE, MOULD),
    Number("mould_benefit", "economic_benefit", "创造经济效益", 1_500_000, "yuan", EXACT, EAST,
           2025, CUMULATIVE, MOULD),
    Number("axle_benefit", "economic_benefit", "创造经济效益", 8 * MILLION, "yuan", OVER, NORTH,
           2025, THREE_YEARS, AXLES),
)  # fmt: skip

# What the registry holds all of: key, metric, region.
COMPLETE = (
    ("east_provincial", "academies_provincial", EAST),
    ("north_provincial", "academies_provincial", NORTH),
    ("north_municipal", "academies_municipal", NORTH),
    ("east_district", "academies_district", EAST),
    ("country_alliances", "alliances_formed", COUNTRY),
    ("country_studios", "innovation_studios", COUNTRY),
    ("country_studios_above", "innovation_studios_city_and_above", COUNTRY),
    ("country_venues", "theme_education_venues", COUNTRY),
    ("north_craftsmen", "provincial_craftsmen", NORTH),
    ("north_subsidy", "training_subsidy_paid", NORTH),
    ("north_units", "member_units", NORTH),
    ("north_detachments", "detachments", NORTH),
    ("south_great", "great_country_craftsmen", SOUTH),
    ("north_great", "great_country_craftsmen_named", NORTH),
    ("north_members", "member_studios", NORTH),
    ("country_holders", "holders", COUNTRY),
    ("country_first", "first_batch_holders", COUNTRY),
    ("east_innovations", "innovations", EAST),
    ("east_inventions", "invention_patents", EAST),
    ("east_models", "utility_model_patents", EAST),
)


def completeness() -> list[Row]:
    listed = ((f"demo_complete_{key}", metric, region) for key, metric, region in COMPLETE)
    return cited(rows("key metric region", *listed), OF_THE_STEWARD)
