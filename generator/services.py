"""Places and occasions that serve workers, and what holders of honours are entitled to."""

from generator.honours import CITY, GREAT, PROVINCE, TEAM
from generator.organisations import HOST, city_union, government
from generator.places import (
    COUNTRY,
    EAST,
    HOME,
    NATION,
    NORTH,
    SOUTH,
    UNION_A,
    UNION_B,
    UNION_C,
    ZONE,
)
from generator.rows import COLLEGE, Row, rows
from models.benefit import BenefitKind
from models.event import EventKind
from models.facility import FacilityKind

DAY = "demo_event_craftsmen_day"


def facilities() -> list[Row]:
    kind = FacilityKind
    return rows(
        "code name facility_kind operator region opened",
        ("demo_facility_axle", "示例车桥公共实训基地", kind.TRAINING, HOST, HOME, "2019-09"),
        ("demo_facility_power", "示例电力技能实训场", kind.TRAINING, "demo_enterprise_19",
         "demo_city_north_b", "2021"),
        ("demo_facility_palace", "示例南甲市工人文化宫", kind.CULTURE,
         city_union("demo_city_south_a"), "demo_city_south_a", "2016-05-01"),
        ("demo_facility_hall", "示例北省劳模工匠展馆", kind.CULTURE, UNION_A, "demo_city_north_a",
         "2023"),
        ("demo_facility_station", "示例东湾户外劳动者驿站", kind.SERVICE, UNION_B, ZONE, "2022-11"),
        ("demo_facility_exchange", "示例职工创新成果转化中心", kind.OTHER, UNION_C,
         "demo_city_south_b", "2024-06-18"),
    )  # fmt: skip


def events() -> list[Row]:
    """One comes back every year."""
    kind = EventKind
    listed = (
        ("demo_event_ceremony", "示例省工匠颁奖典礼", kind.CEREMONY, "2024-04-28", None, "false",
         UNION_A, NORTH),
        ("demo_event_congress", "示例东省工会第十一次代表大会", kind.CONGRESS, "2023-08-18", None,
         "false", UNION_B, EAST),
        ("demo_event_exhibition", "示例职工创新成果展", kind.EXHIBITION, "2025-09", None, "false",
         UNION_C, SOUTH),
        ("demo_event_exchange", "示例三省工作室联盟交流会", kind.EXCHANGE, "2025-05-20", None,
         "false", UNION_A, "demo_city_north_a"),
        ("demo_event_meeting", "示例工匠学院联盟年会", kind.MEETING, "2025-11", None, None, UNION_B,
         HOME),
        (DAY, "示例工匠日", kind.OBSERVANCE, None, "每年9月16日", "true", NATION, COUNTRY),
        ("demo_event_open_day", "示例职业技术学院开放日", kind.OTHER, None, "日前", None, COLLEGE,
         HOME),
    )  # fmt: skip
    header = "code name event_kind held_on held_as_published yearly organiser region"
    return rows(header, *listed)


def benefits() -> list[Row]:
    kind = BenefitKind
    return rows(
        "code name benefit_kind provider region honour beneficiaries content",
        ("demo_benefit_card", "示例工匠礼遇卡", kind.CARD, NATION, COUNTRY, PROVINCE, None,
         "公共交通、景区与文体场馆免费"),
        ("demo_benefit_service", "示例大国工匠服务专员", kind.SERVICE, NATION, COUNTRY, GREAT, None,
         "就医、子女入学与住房由专人联系"),
        ("demo_benefit_insurance", "示例工匠互助保障", kind.INSURANCE, UNION_B, EAST, CITY, None,
         "重大疾病与意外伤害互助"),
        ("demo_benefit_rest", "示例工匠疗休养", kind.OTHER, UNION_C, SOUTH, TEAM, None, "每年一次"),
        ("demo_benefit_newcomers", "示例新就业群体互助保障", kind.INSURANCE, government("north"),
         NORTH, None, "新就业形态会员", "入会即享"),
    )  # fmt: skip
