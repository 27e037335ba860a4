"""Eight craftsman academies, and who teaches in them."""

from generator.chance import Chance
from generator.craftsmen import Craftsman
from generator.organisations import HOST, UNIVERSITY
from generator.places import HOME, industry_of, union_of
from generator.rows import COLLEGE, SOURCE, Row, cited, rows
from generator.sources import source_of
from models.row import Level

PROVINCIAL, CITY = Level.PROVINCIAL, Level.CITY

# Slug, name, level, trade, host, region, opened.
LISTED = (
    ("axle", "示例车桥工匠学院", PROVINCIAL, "milling", HOST, HOME, "2021-05"),
    ("welding", "示例焊接工匠学院", CITY, "welding", "demo_enterprise_09", "demo_city_east_b",
     "2021-10-18"),
    ("robotics", "示例机器人工匠学院", PROVINCIAL, "robotics", "demo_enterprise_13",
     "demo_city_south_a", "2022"),
    ("foundry", "示例铸造工匠学院", PROVINCIAL, "casting", "demo_enterprise_16",
     "demo_city_north_a", "2020-09"),
    ("power", "示例电力工匠学院", CITY, "power", "demo_enterprise_19", "demo_city_north_b",
     "2023-05-16"),
    ("textile", "示例纺织工匠学院", CITY, "textile", "demo_enterprise_29", "demo_city_south_b",
     "2022-10"),
    ("chemistry", "示例新材料工匠学院", Level.DISTRICT, "chemistry", "demo_enterprise_26",
     "demo_district_east_a2", "2024-04"),
    ("machinery", "示例工程机械企业工匠学院", Level.ENTERPRISE, "fitting", "demo_enterprise_24",
     "demo_district_south_a1", "2019"),
)  # fmt: skip

# Organisations that send teachers; which academy the last one sends them to is unknown.
SENDING = (
    ("axle", COLLEGE, "理论教学", "2021-05", None),
    ("robotics", UNIVERSITY, "课程开发", "2022-09", None),
    ("textile", UNIVERSITY, "课程开发", "2022-10", "2024-07"),
    (None, "demo_enterprise_22", "实训指导", "2025-03", None),
)
CHIEF, ROLES = "首席导师", ("兼职教师", "实训指导")
ENDED = 0.2  # of all teachings but the second of each academy, which has ended


def academies() -> list[Row]:
    listed = (
        (f"demo_academy_{slug}", name, level, industry_of(trade), host, region, opened)
        for slug, name, level, trade, host, region, opened in LISTED
    )
    owned = ((*one, union_of(one[5])) for one in listed)
    return rows("code name level industry host region opened owner", *owned)


def teachings(craftsmen: list[Craftsman], public: set[str]) -> list[Row]:
    """Those teach of whom something is known: `public` are their codes."""
    found: list[tuple[object, ...]] = []
    for slug, _, _, trade, _, region, opened in LISTED:
        chance = Chance(f"teachings at {slug}")
        known = [one for one in craftsmen if one.trade == trade and one.code in public]
        for number, one in enumerate(chance.shuffled(known)[:5], start=1):
            latest = 2024 if number == 2 else 2026
            begun = max(min(int(opened[:4]) + chance.between(0, 3), latest), one.since + 1)
            gone = number == 2 or chance.happens(ENDED)
            spell = (f"{begun}-09", "2025-06-30" if gone and begun < 2025 else None)
            role = CHIEF if number == 1 else chance.one(ROLES)
            key = f"demo_teaching_{slug}_{number}"
            who = (f"demo_academy_{slug}", one.code, None)
            found.append((key, *who, role, *spell, source_of(region)))
    for number, (to, sender, role, *lasting) in enumerate(SENDING, start=1):
        sent = (f"demo_academy_{to}" if to else None, None, sender)
        found.append((f"demo_teaching_sent_{number}", *sent, role, *lasting, SOURCE))
    return cited(rows("key academy worker organisation role started ended sources", *found))
