"""A country that doesn't exist, with three provinces; what stands in them; lists of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.rows import COLLEGE, Row, rows
from models.organisation import OrganisationKind
from models.row import Level

COUNTRY = "demo_country"
# How many cities lie in each.
PROVINCES = {"north": ("北", 3), "east": ("东", 2), "south": ("南", 2)}
HOME = "demo_city_east_a"  # the college's city

SCHEME = "DEMONSTRATION"  # never the codes of a national list


@dataclass(frozen=True)
class Trade:
    """What is taught, practised and competed in; `slug` is the last part of its codes."""

    slug: str
    occupation: str
    major: str
    industry: str
    posts: tuple[str, ...]


TRADES = {
    trade.slug: trade
    for trade in (
        Trade("milling", "数控铣工", "数控技术", "axle",
              ("数控铣床操作工", "加工中心操作工", "车桥装调工", "质量检验员")),
        Trade("welding", "焊工", "智能焊接技术", "vessel",
              ("手工电弧焊工", "焊接机器人操作工", "焊缝检测员")),
        Trade("robotics", "工业机器人系统操作员", "工业机器人技术", "robot",
              ("机器人系统操作员", "自动化产线维护员", "电气装配工")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Enterprise:
    code: str
    name: str
    region: str
    trade: str


ENTERPRISES = [
    Enterprise(f"demo_enterprise_{number:02d}", f"示例{name}有限公司", f"demo_{region}", trade)
    for number, (name, region, trade) in enumerate(
        (
            ("北方车桥制造", "district_north_a1", "milling"),
            ("北岭精密机械", "district_north_b1", "milling"),
            ("东湾车桥部件", "district_east_a1", "milling"),
            ("东原模具", "district_east_b1", "milling"),
            ("南溪数控装备", "district_south_a1", "milling"),
            ("北方压力容器", "district_north_a2", "welding"),
            ("北山钢结构", "district_north_c1", "welding"),
            ("东湾船舶焊接", "district_east_a2", "welding"),
            ("东原管道工程", "district_east_b2", "welding"),
            ("南溪轨道装备", "district_south_b1", "welding"),
            ("北岭自动化", "district_north_b2", "robotics"),
            ("东湾智能装备", "district_east_a1", "robotics"),
            ("南溪机器人", "district_south_a1", "robotics"),
            ("南岸智能产线", "district_south_a2", "robotics"),
            ("南屏电气", "district_south_b2", "robotics"),
        ),
        start=1,
    )
]


def enterprises_of(trade: str) -> list[Enterprise]:
    return [one for one in ENTERPRISES if one.trade == trade]


def regions() -> list[Row]:
    country = (COUNTRY, "示例国", Level.NATIONAL, None)
    return rows("code name level parent", country, *divisions())


def divisions() -> Iterator[tuple[object, ...]]:
    for slug, (name, cities) in PROVINCES.items():
        province = f"demo_province_{slug}"
        yield province, f"示例{name}省", Level.PROVINCIAL, COUNTRY
        for letter, ordinal in tuple(zip("abc", "甲乙丙", strict=True))[:cities]:
            city, stem = f"demo_city_{slug}_{letter}", f"示例{name}{ordinal}"
            district = f"demo_district_{slug}_{letter}"
            yield city, f"{stem}市", Level.CITY, province
            yield f"{district}1", f"{stem}一区", Level.DISTRICT, city
            yield f"{district}2", f"{stem}二县", Level.COUNTY, city


def districts() -> list[str]:
    found = [str(row["code"]) for row in regions()]
    return [code for code in found if code.startswith("demo_district_")]


def organisations() -> list[Row]:
    kind = OrganisationKind
    unions = (
        (f"demo_union_{letter}", f"示例{name}省总工会", kind.UNION, f"demo_province_{slug}", None)
        for letter, (slug, (name, _)) in zip("abc", PROVINCES.items(), strict=True)
    )
    host = ("demo_academy_host", "示例车桥实训中心", kind.TRAINING_BODY, HOME, "demo_industry_axle")
    enterprises = (
        (one.code, one.name, kind.ENTERPRISE, one.region, industry_of(one.trade))
        for one in ENTERPRISES
    )
    return rows(
        "code name organisation_kind region industry",
        (COLLEGE, "示例职业技术学院", kind.VOCATIONAL_COLLEGE, HOME, None),
        *unions,
        host,
        *enterprises,
    )


def industry_of(trade: str) -> str:
    return f"demo_industry_{TRADES[trade].industry}"


def industries() -> list[Row]:
    whole = "demo_industry_manufacturing"
    return rows(
        "code name scheme parent",
        (whole, "装备制造（示例）", SCHEME, None),
        ("demo_industry_axle", "车桥制造（示例）", SCHEME, whole),
        ("demo_industry_vessel", "焊接装备制造（示例）", SCHEME, whole),
        ("demo_industry_robot", "工业机器人制造（示例）", SCHEME, whole),
    )


def occupations() -> list[Row]:
    listed = ((f"demo_occupation_{one.slug}", one.occupation, SCHEME) for one in TRADES.values())
    return rows("code name scheme", *listed)


def majors() -> list[Row]:
    listed = ((f"demo_major_{one.slug}", one.major, SCHEME) for one in TRADES.values())
    return rows("code name scheme", *listed)
