"""What studios brought about, alone and together."""

from generator.chance import Chance
from generator.organisations import UNIVERSITY
from generator.rows import Row, cited, rows
from generator.sources import both, source_of
from generator.studios import BY_SLUG, STUDIOS, Studio
from kit.values.quantity import Qualifier
from models.outcome import OutcomeKind as Kind
from models.row import Audience, FactStatus

EXACT, OVER, UNDER, ABOUT, AT_LEAST, AT_MOST = Qualifier
MILLION = 1_000_000
Number = tuple[float, Qualifier] | None

# Key, leading studio, kind, title, how many of it, worth in yuan, period, year.
LISTED: tuple[tuple[str, str, Kind, str, Number, Number, str | None, int], ...] = (
    ("axle_1", "axle", Kind.INVENTION_PATENT, "车桥总成加工发明专利", (4, EXACT), None, None, 2024),
    ("axle_2", "axle", Kind.UTILITY_MODEL, "车桥夹具实用新型专利", (12, OVER), None, None, 2025),
    ("axle_3", "axle", Kind.BENEFIT, "三年累计增加效益", None, (8 * MILLION, OVER), "三年累计",
     2025),
    ("welding_1", "welding", Kind.FIVE_SMALLS, "焊接“五小”成果", (9, EXACT), (600_000, ABOUT),
     None, 2024),
    ("welding_2", "welding", Kind.BENEFIT, "当年节约成本", None, (1_500_000, AT_LEAST), "当年",
     2025),
    ("robotics_1", "robotics", Kind.INNOVATION, "机器人换手装置", (1, EXACT), (250_000, EXACT),
     None, 2025),
    ("robotics_2", "robotics", Kind.UTILITY_MODEL, "产线快换机构实用新型专利", (5, EXACT), None,
     None, 2026),
    ("robotics_3", "robotics", Kind.BENEFIT, "三年累计增加效益", None, (3 * MILLION, UNDER),
     "三年累计", 2026),
    # Every number of this studio is exact, so that they can be added up.
    ("mould_1", "mould", Kind.INVENTION_PATENT, "型腔五轴加工方法", (2, EXACT), None, None, 2023),
    ("mould_2", "mould", Kind.UTILITY_MODEL, "模具快换定位装置", (6, EXACT), None, None, 2024),
    ("mould_3", "mould", Kind.INNOVATION, "电极自动编程", (3, EXACT), None, None, 2024),
    ("mould_4", "mould", Kind.BENEFIT, "当年节约成本", None, (1_200_000, EXACT), "当年", 2025),
    ("mould_5", "mould", Kind.INNOVATION, "深腔清根刀路", (2, EXACT), None, None, 2026),
    ("transformer_1", "transformer", Kind.INNOVATION, "变压器异响诊断仪", (1, EXACT),
     (2 * MILLION, EXACT), None, 2025),
    ("pump_1", "pump", Kind.BENEFIT, "当年节约成本", None, (700_000, ABOUT), "当年", 2025),
    ("garden_1", "garden", Kind.OTHER, "设施蔬菜育苗技术规程", (1, EXACT), (80_000, AT_MOST), None,
     2024),
    # Brought about together: their parts stand in PARTS.
    ("shared_1", "axle", Kind.INVENTION_PATENT, "桥壳低变形焊装成套工艺", (3, EXACT),
     (2_400_000, EXACT), None, 2024),
    ("shared_2", "housing", Kind.INNOVATION, "桥壳铸造加工一体化工艺", (1, EXACT),
     (1_800_000, EXACT), None, 2024),
    ("shared_3", "reducer", Kind.UTILITY_MODEL, "减速机箱体防渗结构", (4, EXACT), None, None, 2024),
    ("shared_4", "livewire", Kind.INNOVATION, "绝缘斗臂换线机器人", (1, EXACT),
     (3_600_000, EXACT), None, 2025),
    ("shared_5", "spinning", Kind.FIVE_SMALLS, "细纱断头快速接头器", (6, EXACT), (420_000, EXACT),
     None, 2025),
    ("shared_6", "robotics", Kind.BENEFIT, "抓手快换改造节约成本", None, (960_000, EXACT), "当年",
     2025),
    ("shared_7", "vessel", Kind.INVENTION_PATENT, "厚壁容器窄间隙焊接方法", (2, EXACT), None, None,
     2026),
)  # fmt: skip

# Who had a part in what, with the shares where these are known.
PARTS = {
    "shared_1": (("studio", "demo_studio_axle", 50), ("studio", "demo_studio_welding", 30),
                 ("studio", "demo_studio_robotics", 20)),
    "shared_2": (("studio", "demo_studio_housing", 60), ("studio", "demo_studio_casting", 40)),
    "shared_3": (("studio", "demo_studio_reducer", None), ("studio", "demo_studio_axle", None)),
    "shared_4": (("studio", "demo_studio_livewire", 45), ("studio", "demo_studio_transformer", 25),
                 ("worker", "demo_craftsman_102", 10), ("organisation", UNIVERSITY, 20)),
    "shared_5": (("studio", "demo_studio_spinning", 70), ("studio", "demo_studio_loom", None)),
    "shared_6": (("studio", "demo_studio_robotics", 40), ("studio", "demo_studio_line", 30),
                 ("studio", "demo_studio_gripper", 30)),
    "shared_7": (("studio", "demo_studio_vessel", None),
                 ("organisation", "demo_enterprise_09", None)),
}  # fmt: skip
AMONG_PARTNERS = {"shared_7"}  # shown to them, but not published
CHECKED, DISPUTED = {"transformer_1", "shared_1"}, {"pump_1"}  # known from two sources

KINDS = (Kind.INVENTION_PATENT, Kind.UTILITY_MODEL, Kind.INNOVATION, Kind.FIVE_SMALLS)


def outcomes() -> list[Row]:
    told = {slug for _, slug, *_ in LISTED}
    lines = [line(*one) for one in LISTED]
    lines += [draw_line(one) for one in STUDIOS if one.slug not in told]
    return cited(
        rows(
            "key studio outcome_kind title quantity_value quantity_unit quantity_qualifier"
            " value_value value_unit value_qualifier period_as_published year audience status"
            " sources",
            *lines,
        )
    )


def line(
    key: str,
    slug: str,
    kind: Kind,
    title: str,
    number: Number,
    worth: Number,
    period: str | None,
    year: int,
) -> tuple[object, ...]:
    one = BY_SLUG[slug]
    unit = "patent" if kind in {Kind.INVENTION_PATENT, Kind.UTILITY_MODEL} else "item"
    status = FactStatus.DISPUTED if key in DISPUTED else FactStatus.ASSERTED
    return (
        f"demo_outcome_{key}",
        one.code,
        kind,
        title,
        *quantity(number, unit),
        *quantity(worth, "yuan"),
        period,
        year,
        Audience.SHARED if key in AMONG_PARTNERS else Audience.PUBLIC,
        FactStatus.VERIFIED if key in CHECKED else status,
        both(one.region) if key in CHECKED | DISPUTED else source_of(one.region),
    )


def quantity(number: Number, unit: str) -> tuple[object, ...]:
    return (None, None, None) if number is None else (number[0], unit, number[1])


def draw_line(one: Studio) -> tuple[object, ...]:
    chance = Chance(f"outcomes of {one.code}")
    kind, year = chance.one(KINDS), chance.between(max(2022, int(one.founded[:4]) + 1), 2026)
    worth = (chance.between(4, 60) * 20_000, chance.one((EXACT, EXACT, ABOUT, OVER)))
    valued = worth if kind not in {Kind.INVENTION_PATENT, Kind.UTILITY_MODEL} else None
    number = (chance.between(1, 8), EXACT)
    title = f"{one.field}{kind.label}"
    return line(f"{one.slug}_1", one.slug, kind, title, number, valued, None, year)


def contributions() -> list[Row]:
    """Include the leading studio's own part."""
    regions = {key: BY_SLUG[slug].region for key, slug, *_ in LISTED}
    listed = (
        (
            f"demo_part_{key}_{number}",
            f"demo_outcome_{key}",
            *(code if column == name else None for name in ("worker", "organisation", "studio")),
            share,
            source_of(regions[key]),
        )
        for key, parts in PARTS.items()
        for number, (column, code, share) in enumerate(parts, start=1)
    )
    return cited(rows("key outcome worker organisation studio share sources", *listed))
