"""Forty studios in the enterprises of three provinces, who leads them and who belongs to them."""

from dataclasses import dataclass

from generator.chance import Chance
from generator.craftsmen import Craftsman, at
from generator.mentors import Mentor
from generator.places import ENTERPRISES, Enterprise, industry_of, union_of
from generator.rows import Row, cited, rows
from generator.sources import OF_THE_PAPER, source_of
from models.row import FactStatus, Level
from models.studio import StudioKind, StudioRole

OURS = ("axle", "welding", "robotics")  # their people are the mentors of the college's trainees
MEMBERS = 3  # of each of these, besides its leader
CHANGED = "housing"  # whose leader handed over


@dataclass(frozen=True)
class Studio:
    slug: str
    name: str
    kind: StudioKind
    level: Level
    field: str
    host: Enterprise
    founded: str

    @property
    def code(self) -> str:
        return f"demo_studio_{self.slug}"

    @property
    def region(self) -> str:
        return self.host.region

    @property
    def trade(self) -> str:
        return self.host.trade

    def older_than(self, year: int) -> bool:
        return int(self.founded[:4]) < year


MODEL, CRAFT, MASTER, TEAM, OTHER = StudioKind
NATIONAL, PROVINCIAL, CITY = Level.NATIONAL, Level.PROVINCIAL, Level.CITY
DISTRICT, COUNTY, ZONE, ENTERPRISE = Level.DISTRICT, Level.COUNTY, Level.ZONE, Level.ENTERPRISE

# Slug, what it is named after, kind, level, field, number of the enterprise, founded.
LISTED = (
    ("axle", "车桥", MODEL, PROVINCIAL, "车桥总成精密加工", 1, "2016-04-28"),
    ("welding", "焊接", CRAFT, CITY, "桥壳与压力容器焊接", 8, "2018-09"),
    ("robotics", "机器人", MASTER, PROVINCIAL, "车桥产线自动化与机器人集成", 13, "2020"),
    ("gear", "齿轮精磨", MASTER, CITY, "弧齿锥齿轮精磨", 1, "2019-05"),
    ("spindle", "精密主轴", CRAFT, DISTRICT, "高速主轴加工与动平衡", 2, "2018"),
    ("housing", "桥壳加工", CRAFT, CITY, "车桥桥壳高效加工", 3, "2017-06"),
    ("mould", "模具", MASTER, PROVINCIAL, "型腔模具五轴加工", 4, "2015-05-01"),
    ("cutter", "刀具", TEAM, ENTERPRISE, "刀具寿命监测", 5, "2022-03"),
    ("vessel", "压力容器", MODEL, NATIONAL, "厚壁容器窄间隙焊接", 6, "2012-04"),
    ("seam", "焊缝检测", TEAM, ENTERPRISE, "相控阵焊缝检测", 6, "2021"),
    ("steel", "钢结构", CRAFT, CITY, "钢结构焊接变形控制", 7, "2019-10"),
    ("pipeline", "管道焊接", MODEL, CITY, "长输管道全位置焊接", 9, "2016"),
    ("rail", "轨道车体", MASTER, PROVINCIAL, "铝合金车体焊接", 10, "2017-04-26"),
    ("line", "柔性产线", CRAFT, CITY, "车桥柔性装配线改造", 11, "2021-06"),
    ("gripper", "末端执行器", TEAM, ENTERPRISE, "机器人快换抓手", 12, "2022"),
    ("vision", "视觉检测", CRAFT, CITY, "视觉引导与在线检测", 13, "2021-10"),
    ("digital", "数字产线", MODEL, CITY, "产线数字孪生调试", 14, "2020-09"),
    ("cabinet", "电气装配女职工创新工作站", OTHER, ENTERPRISE, "控制柜装配工艺", 15, "2023-03-08"),
    ("casting", "铸造", MODEL, PROVINCIAL, "大型铸件缺陷控制", 16, "2014-05"),
    ("sand", "砂型打印", CRAFT, DISTRICT, "桥壳砂型打印", 16, "2021"),
    ("forging", "锻造", CRAFT, CITY, "车轴锻造节材", 17, "2018-04"),
    ("smelting", "熔炼", TEAM, ENTERPRISE, "中频熔炼节能", 18, "2022-11"),
    ("transformer", "变压器", MODEL, PROVINCIAL, "变压器故障诊断", 19, "2013"),
    ("relay", "继电保护", MASTER, CITY, "继电保护调试", 19, "2019-07"),
    ("grid", "配电自动化", CRAFT, ZONE, "配电终端自动化", 20, "2020-05"),
    ("cable", "电缆附件", CRAFT, CITY, "电缆附件制作", 21, "2018"),
    ("livewire", "带电作业", MODEL, NATIONAL, "带电作业工具研制", 21, "2011-05"),
    ("hydraulic", "液压", CRAFT, COUNTY, "液压系统装配调试", 22, "2019"),
    ("pump", "泵阀", CRAFT, COUNTY, "泵阀密封与检修", 23, "2020-04"),
    ("reducer", "减速机", MASTER, PROVINCIAL, "减速机精密装配", 24, "2016-11"),
    ("loader", "工程机械", TEAM, ENTERPRISE, "整机下线检测", 24, "2021-03"),
    ("reactor", "反应釜", CRAFT, CITY, "反应釜安全联锁", 25, "2017"),
    ("catalyst", "催化剂", MODEL, CITY, "催化剂回收", 26, "2018-05"),
    ("assay", "分析检测职工创客空间", OTHER, DISTRICT, "在线分析检测", 26, "2023-06"),
    ("washing", "日化", CRAFT, COUNTY, "节水清洗工艺", 27, "2021"),
    ("spinning", "细纱", MODEL, PROVINCIAL, "细纱接头操作法", 28, "2010-03"),
    ("loom", "织机", MASTER, CITY, "织机节能改造", 29, "2018-12"),
    ("dyeing", "色织", CRAFT, DISTRICT, "小批量色织", 29, "2022-04"),
    ("seedling", "育苗", MODEL, CITY, "寒地苗木培育", 30, "2015"),
    ("garden", "设施园艺", CRAFT, COUNTY, "设施蔬菜育苗", 31, "2021-02"),
)


def named(stem: str, kind: StudioKind) -> str:
    return f"示例{stem}" + ("" if kind is StudioKind.OTHER else kind.label)


STUDIOS = tuple(
    Studio(slug, named(stem, kind), kind, level, field, ENTERPRISES[number - 1], founded)
    for slug, stem, kind, level, field, number, founded in LISTED
)
BY_SLUG = {one.slug: one for one in STUDIOS}


def studios() -> list[Row]:
    listed = (
        (
            one.code,
            one.name,
            one.kind,
            one.level,
            one.field,
            industry_of(one.trade),
            one.region,
            one.host.code,
            one.founded,
            union_of(one.region),
        )
        for one in STUDIOS
    )
    return rows("code name studio_kind level field industry region host founded owner", *listed)


def leaders(mentors: list[Mentor], craftsmen: list[Craftsman]) -> dict[str, str]:
    """Return the leader of each studio: the best of its host, or the next for its second."""
    found: dict[str, str] = {}
    for one in STUDIOS:
        if one.slug in OURS:
            of_host = [who.code for who in mentors if who.employer is one.host]
        else:
            of_host = [who.code for who in at(craftsmen, one.host.code)]
        found[one.code] = next(who for who in of_host if who not in found.values())
    return found


def studio_memberships(mentors: list[Mentor], craftsmen: list[Craftsman]) -> list[Row]:
    found: list[tuple[object, ...]] = []
    led = leaders(mentors, craftsmen)
    for one in STUDIOS:
        key, source = f"demo_member_{one.slug}", source_of(one.region)
        handed = one.slug == CHANGED
        leading = handed_over(one, craftsmen) if handed else begun_by(one, led[one.code])
        taken = {*led.values(), *(who for who, *_ in leading)}
        spells = ours(one, mentors) if one.slug in OURS else draw_members(one, craftsmen, taken)
        for number, (who, role, joined, left) in enumerate([*leading, *spells]):
            row = (f"{key}_{number}", one.code, who, role, joined, left)
            found.append((*row, FactStatus.ASSERTED, source))
        if one.slug == "gear":
            found.append((f"{key}_wrong", *mistaken(one, led[one.code]), OF_THE_PAPER))
    return cited(rows("key studio worker studio_role joined left status sources", *found))


Spell = tuple[str, StudioRole, str, str | None]


def begun_by(one: Studio, leader: str) -> list[Spell]:
    return [(leader, StudioRole.LEADER, one.founded, None)]


def ours(one: Studio, mentors: list[Mentor]) -> list[Spell]:
    """Return memberships; the last member has left."""
    leader = next(who for who in mentors if who.employer is one.host)
    others = [who for who in mentors if who.trade == one.trade and who is not leader]
    first = int(one.founded[:4])
    return [
        (
            who.code,
            StudioRole.MEMBER,
            f"{first + number}-03",
            f"{first + 5}-12" if number == MEMBERS else None,
        )
        for number, who in enumerate(others[:MEMBERS], start=1)
    ]


def draw_members(one: Studio, craftsmen: list[Craftsman], taken: set[str]) -> list[Spell]:
    """From the host, and from other enterprises of the trade; some have left."""
    chance = Chance(f"members of {one.code}")
    near = [who for who in at(craftsmen, one.host.code) if who.code not in taken]
    far = [
        who
        for who in craftsmen
        if who.trade == one.trade and who.employer is not one.host and not who.learning
    ]
    chosen = [*chance.shuffled(near)[: chance.between(1, 3)], *chance.shuffled(far)[:1]]
    spells: list[Spell] = []
    for who in chosen:
        joined = max(int(one.founded[:4]) + 1, who.since) + chance.between(0, 1)
        left = f"{chance.between(joined + 1, 2026)}-0{chance.between(1, 6)}"
        gone = joined < 2026 and not who.learning and chance.happens(0.25)
        spells.append((who.code, StudioRole.MEMBER, f"{joined}-09", left if gone else None))
    return spells


def handed_over(one: Studio, craftsmen: list[Craftsman]) -> list[Spell]:
    """Who leads it now was a member of it under the leader before."""
    leader, before, *_ = (who.code for who in at(craftsmen, one.host.code))
    return [
        (before, StudioRole.LEADER, one.founded, "2023-07-01"),
        (leader, StudioRole.MEMBER, "2018-03", "2023-07-01"),
        (leader, StudioRole.LEADER, "2023-07-01", None),
    ]


def mistaken(one: Studio, leader: str) -> tuple[object, ...]:
    """Told in error, and taken back: it stands in nobody's way."""
    return one.code, leader, StudioRole.MEMBER, "2020", None, FactStatus.RETRACTED
