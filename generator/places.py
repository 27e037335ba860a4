"""A country that doesn't exist, its provinces and enterprises, and code lists of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.rows import Row, rows
from models.row import Level

COUNTRY = "demo_country"
# How many cities lie in each.
PROVINCES = {"north": ("北", 3), "east": ("东", 2), "south": ("南", 2)}
UNIONS = {"north": "demo_union_a", "east": "demo_union_b", "south": "demo_union_c"}
UNION_A, UNION_B, UNION_C = UNIONS.values()
NATION = "demo_union_nation"
NORTH, EAST, SOUTH = (f"demo_province_{slug}" for slug in PROVINCES)
HOME = "demo_city_east_a"  # the college's city
ALWAYS = (None, None, None)  # no dates and no note
ZONE = "demo_zone_east_bay"
# The code of a county that ended on the day on which the other's began.
OLD, NEW, FOUNDED = "demo_county_south_old", "demo_district_south_b2", "2020-01-01"

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
        Trade("casting", "铸造工", "材料成型及控制技术", "foundry",
              ("造型工", "熔炼浇注工", "铸件清理工")),
        Trade("power", "变配电运行值班员", "供用电技术", "power",
              ("变电检修工", "继电保护员", "配电线路工")),
        Trade("fitting", "装配钳工", "机械装备制造技术", "machinery",
              ("装配钳工", "液压装调工", "整机检验员")),
        Trade("chemistry", "化工总控工", "应用化工技术", "chemical",
              ("化工总控工", "分析检验员", "安全联锁维护工")),
        Trade("textile", "纺织工", "现代纺织技术", "textile",
              ("细纱挡车工", "织布挡车工", "纺织设备保全工")),
        Trade("growing", "园艺工", "设施农业与装备", "growing",
              ("苗木培育工", "设施蔬菜栽培工", "植保员")),
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
            ("北原铸造", "district_north_a1", "casting"),
            ("东陵铸锻", "district_east_b1", "casting"),
            ("南江铸业", "district_south_b1", "casting"),
            ("北塔电力装备", "district_north_b1", "power"),
            ("东湾电网装备", "zone_east_bay", "power"),
            ("南屏输变电", "district_south_a2", "power"),
            ("北岭通用机械", "district_north_c2", "fitting"),
            ("东原泵阀", "district_east_b2", "fitting"),
            ("南溪工程机械", "district_south_a1", "fitting"),
            ("北湖精细化工", "district_north_a2", "chemistry"),
            ("东湾新材料", "district_east_a2", "chemistry"),
            ("南岸日化", "district_south_b2", "chemistry"),
            ("北川纺织", "district_north_c1", "textile"),
            ("南溪纺织", "district_south_b1", "textile"),
            ("北林苗木", "district_north_c2", "growing"),
            ("东陵园艺", "district_east_b2", "growing"),
        ),
        start=1,
    )
]


def enterprises_of(trade: str) -> list[Enterprise]:
    return [one for one in ENTERPRISES if one.trade == trade]


def regions() -> list[Row]:
    country = (COUNTRY, "示例国", Level.NATIONAL, None, None, None, None)
    return rows("code name level parent started ended note", country, *divisions(), *reformed())


def divisions() -> Iterator[tuple[object, ...]]:
    for slug, (name, cities) in PROVINCES.items():
        province = f"demo_province_{slug}"
        yield province, f"示例{name}省", Level.PROVINCIAL, COUNTRY, *ALWAYS
        for letter, ordinal in tuple(zip("abc", "甲乙丙", strict=True))[:cities]:
            city, stem = f"demo_city_{slug}_{letter}", f"示例{name}{ordinal}"
            district = f"demo_district_{slug}_{letter}"
            yield city, f"{stem}市", Level.CITY, province, *ALWAYS
            yield f"{district}1", f"{stem}一区", Level.DISTRICT, city, *ALWAYS
            begun = (FOUNDED, None, None) if f"{district}2" == NEW else ALWAYS
            yield f"{district}2", f"{stem}二县", Level.COUNTY, city, *begun


def reformed() -> Iterator[tuple[object, ...]]:
    """Return an overlay zone, and a county whose code was replaced."""
    yield (ZONE, "示例东湾新区", Level.ZONE, "demo_district_east_a1", "2014-06", None, None)
    note = f"Its code ended; {NEW} took its place."
    yield (OLD, "示例南乙旧县", Level.COUNTY, "demo_city_south_b", None, FOUNDED, note)


def former_names() -> list[Row]:
    renamed = ("demo_renamed_north_a1", "demo_district_north_a1", "示例北甲旧区", None, "2016")
    return rows("key region name started ended", renamed)


def successions() -> list[Row]:
    became = (f"{OLD}.{NEW}", OLD, NEW, FOUNDED[:4], "示政〔2019〕12号")
    return rows("key region successor since decree", became)


def districts() -> list[str]:
    found = [str(row["code"]) for row in regions()]
    return [code for code in found if code.startswith("demo_district_")]


def province_of(region: str) -> str:
    """Its slug, the third word of the code of every region in it."""
    return region.split("_")[2]


def union_of(region: str) -> str:
    return NATION if region == COUNTRY else UNIONS[province_of(region)]


def lies_in(region: str, within: str) -> bool:
    parents = {str(row["code"]): row["parent"] for row in regions()}
    step: object = region
    while step not in {None, within}:
        step = parents[str(step)]
    return step == within


def industry_of(trade: str) -> str:
    return f"demo_industry_{TRADES[trade].industry}"


def industries() -> list[Row]:
    making, growing = "demo_industry_manufacturing", "demo_industry_agriculture"
    listed = (
        (making, "装备制造（示例）", SCHEME, None),
        ("demo_industry_axle", "车桥制造（示例）", SCHEME, making),
        ("demo_industry_vessel", "焊接装备制造（示例）", SCHEME, making),
        ("demo_industry_robot", "工业机器人制造（示例）", SCHEME, making),
        ("demo_industry_foundry", "铸造锻造（示例）", SCHEME, making),
        ("demo_industry_power", "输配电设备制造（示例）", SCHEME, making),
        ("demo_industry_machinery", "通用机械制造（示例）", SCHEME, making),
        ("demo_industry_chemical", "精细化工（示例）", SCHEME, making),
        ("demo_industry_textile", "纺织（示例）", SCHEME, making),
        (growing, "农林（示例）", SCHEME, None),
        ("demo_industry_growing", "苗木与设施园艺（示例）", SCHEME, growing),
    )
    return rows("code name scheme parent", *listed)


def occupations() -> list[Row]:
    listed = ((f"demo_occupation_{one.slug}", one.occupation, SCHEME) for one in TRADES.values())
    return rows("code name scheme", *listed)


def majors() -> list[Row]:
    listed = ((f"demo_major_{one.slug}", one.major, SCHEME) for one in TRADES.values())
    return rows("code name scheme", *listed)
