"""Offices that craftsmen hold beside their work."""

from generator.organisations import ASSOCIATION, COUNCIL, city_union
from generator.places import UNION_A, UNION_B, UNION_C
from generator.rows import Row, cited, rows
from generator.sources import source_of
from generator.studios import STUDIOS
from models.position import PositionKind as Kind

# The studio whose leader holds it, the body, kind, post, term, started, ended.
LISTED = (
    ("vessel", None, Kind.PARTY_DELEGATE, "示例北省党代表", "第十二届", "2022-05", None),
    ("mould", None, Kind.PARTY_DELEGATE, "示例东乙市党代表", "第八届", "2021-12", None),
    ("livewire", None, Kind.CONGRESS_DEPUTY, "示例国人大代表", "第十四届", "2023-03", None),
    ("casting", None, Kind.CONGRESS_DEPUTY, "示例北省人大代表", "第十三届", "2018-01",
     "2023-01-10"),
    ("casting", None, Kind.CONGRESS_DEPUTY, "示例北省人大代表", "第十四届", "2023-01-10", None),
    ("reducer", None, Kind.CONFERENCE_MEMBER, "示例南省政协委员", "第十三届", "2023-01", None),
    ("spinning", UNION_A, Kind.UNION_OFFICE, "常务委员", "第十二届", "2022-11", None),
    ("steel", city_union("demo_city_north_c"), Kind.UNION_OFFICE, "委员", "第九届", "2019-06",
     "2024-06"),
    ("mould", UNION_B, Kind.PART_TIME, "兼职副主席", "第十一届", "2023-08-18", None),
    ("rail", UNION_C, Kind.PART_TIME, "兼职副主席", "第十届", "2022-07", None),
    ("transformer", UNION_A, Kind.SECONDMENT, "经济技术部挂职副部长", None, "2024-03-01",
     "2025-03-01"),
    ("digital", "demo_government_south", Kind.SECONDMENT, "职业能力建设处挂职副处长", None,
     "2026-03", None),
    ("pipeline", ASSOCIATION, Kind.ASSOCIATION_OFFICE, "副会长", "第三届", "2021", None),
    ("line", "demo_school_south", Kind.OTHER, "产业导师", None, "2024-09", None),
    ("seedling", COUNCIL, Kind.OTHER, "职工代表", None, "2023", None),
)  # fmt: skip
REGIONS = {one.slug: one.region for one in STUDIOS}


def positions(leaders: dict[str, str]) -> list[Row]:
    listed = (
        (
            f"demo_position_{number:02d}",
            leaders[f"demo_studio_{slug}"],
            *office,
            source_of(REGIONS[slug]),
        )
        for number, (slug, *office) in enumerate(LISTED, start=1)
    )
    header = "key worker organisation position_kind post term started ended sources"
    return cited(rows(header, *listed))
