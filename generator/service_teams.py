"""劳模工匠服务队: forces of craftsmen with their branches, and who serves or served in them."""

from generator.chance import Chance
from generator.craftsmen import Craftsman
from generator.organisations import ASSOCIATION, city_union
from generator.places import UNION_A, UNION_B, UNION_C, lies_in
from generator.rows import Row, cited, rows
from generator.sources import source_of

# Slug, name, the force that it is a branch of, region, organiser, field, activity, founded.
LISTED = (
    ("north", "示例北省劳模工匠助企服务队", None, "demo_province_north", UNION_A, None,
     "为中小企业解决现场技术难题", "2021-05-01"),
    ("north_casting", "示例北省服务队铸造分队", "north", "demo_city_north_a", UNION_A, "铸造",
     "进厂诊断", "2021-06"),
    ("north_power", "示例北省服务队电力分队", "north", "demo_city_north_b",
     city_union("demo_city_north_b"), "电力", "用电安全巡检", "2022"),
    ("north_power_school", "示例北乙市电力进校园小队", "north_power", "demo_district_north_b1",
     city_union("demo_city_north_b"), "电力", "进学校讲授", "2023-09"),
    ("east", "示例东省工匠技术服务总队", None, "demo_province_east", UNION_B, None,
     "技术服务与宣讲", "2020-04-30"),
    ("east_welding", "示例东省总队焊接分队", "east", "demo_city_east_a", ASSOCIATION, "焊接",
     "焊工现场带教", "2020-09"),
    ("south", "示例南省劳模工匠志愿服务队", None, "demo_province_south", UNION_C, None,
     "进企业、进社区、进学校", "2022-05"),
    ("south_machinery", "示例南省服务队机械分队", "south", "demo_city_south_a", UNION_C, "工程机械",
     "设备检修义诊", "2022-10"),
)  # fmt: skip
TRADES = {"铸造": "casting", "电力": "power", "焊接": "welding", "工程机械": "fitting"}
ROLES = ("队长", "副队长", "队员", "队员", "队员")
GONE = 0.25  # of those who are no more than members


def service_teams() -> list[Row]:
    listed = (
        (f"demo_team_of_{slug}", name, f"demo_team_of_{parent}" if parent else None, *rest, rest[1])
        for slug, name, parent, *rest in LISTED
    )
    header = "code name parent region organiser field activity founded owner"
    return rows(header, *listed)


def service_team_memberships(craftsmen: list[Craftsman]) -> list[Row]:
    """Choose members: a branch those of its trade, a whole force those of its province."""
    found: list[tuple[object, ...]] = []
    for slug, _, _, region, _, field, _, founded in LISTED:
        chance = Chance(f"members of the service team {slug}")
        province = f"demo_province_{slug.split('_')[0]}"
        able = [
            one
            for one in craftsmen
            if lies_in(one.region, province)
            and not one.learning
            and (field is None or one.trade == TRADES[field])
        ]
        for number, (role, one) in enumerate(zip(ROLES, chance.shuffled(able), strict=False)):
            joined = f"{int(founded[:4]) + chance.between(0, 1)}-11"
            gone = role == ROLES[-1] and chance.happens(GONE)
            left = f"{chance.between(2025, 2026)}-06" if gone or number == 4 else None
            key = f"demo_serving_{slug}_{number + 1}"
            team = f"demo_team_of_{slug}"
            found.append((key, team, one.code, role, joined, left, source_of(region)))
    header = "key service_team worker role joined left sources"
    return cited(rows(header, *found))
