"""Alliances of studios, academies and organisations; who joined, left, and came back."""

from generator.organisations import ASSOCIATION, COUNCIL, UNIVERSITY, city_union
from generator.places import COUNTRY, EAST, HOME, NATION, NORTH, UNION_A, UNION_B, UNION_C, ZONE
from generator.rows import COLLEGE, Row, cited, rows
from generator.sources import OF_THE_PAPER, source_of
from kit.values.quantity import Qualifier
from models.alliance import AllianceKind as Kind
from models.alliance import LeftReason
from models.row import Level

AXLE = "demo_alliance_axle"
ROLE = "成员"
LEAD = "牵头单位"

# Code, name, kind, level, region, convenor, the alliance it is part of, founded, members published.
LISTED = (
    (AXLE, "示例跨省车桥工作室联盟", Kind.STUDIO, Level.PROVINCIAL, NORTH, UNION_A, None,
     "2022-08", 9, Qualifier.EXACT),
    ("demo_alliance_welding", "示例车桥焊接工艺分联盟", Kind.STUDIO, Level.CITY, HOME,
     city_union(HOME), AXLE, "2023-04", 4, Qualifier.EXACT),
    ("demo_alliance_academies", "示例三省工匠学院联盟", Kind.ACADEMY, Level.PROVINCIAL, EAST,
     UNION_B, None, "2023-11-20", 7, Qualifier.AT_LEAST),
    ("demo_alliance_bay", "示例东湾产教联盟", Kind.INDUSTRY_EDUCATION, Level.ZONE, ZONE, COLLEGE,
     None, "2021", 20, Qualifier.OVER),
    ("demo_alliance_cross", "示例跨界创新联盟", Kind.CROSS_SECTOR, Level.NATIONAL, COUNTRY, NATION,
     None, "2024-05-01", 11, Qualifier.EXACT),
    ("demo_alliance_textile", "示例纺织职工互助联盟", Kind.OTHER, Level.COUNTY,
     "demo_district_north_c1", "demo_enterprise_28", None, "2018", None, None),
)  # fmt: skip

WITHDRAWN, DELISTED, DISSOLVED = LeftReason

# Alliance, what the member is, its code without `demo_`, role, joined, left, why.
MEMBERS = (
    ("axle", "studio", "studio_axle", LEAD, "2022-08", None, None),
    ("axle", "studio", "studio_welding", ROLE, "2022-08", "2024-03-31", WITHDRAWN),
    ("axle", "studio", "studio_robotics", ROLE, "2022-11-15", None, None),
    ("axle", "academy", "academy_welding", ROLE, "2023", "2024-11-30", DELISTED),
    ("axle", "studio", "studio_welding", ROLE, "2025-02-10", None, None),
    ("axle", "studio", "studio_housing", ROLE, "2022-08", None, None),
    ("axle", "studio", "studio_gear", ROLE, "2023-05", None, None),
    ("axle", "studio", "studio_forging", ROLE, "2023-05", None, None),
    ("axle", "studio", "studio_reducer", ROLE, "2024-01-08", None, None),
    ("axle", "studio", "studio_line", ROLE, "2024-01-08", None, None),
    ("axle", "studio", "studio_cutter", ROLE, "2024", "2025-06", DELISTED),
    ("axle", "organisation", "enterprise_11", "技术支持单位", "2023-05", None, None),
    ("welding", "studio", "studio_welding", LEAD, "2023-04", None, None),
    ("welding", "studio", "studio_steel", ROLE, "2023-04", None, None),
    ("welding", "studio", "studio_pipeline", ROLE, "2023-09", None, None),
    ("welding", "organisation", "association_welding", ROLE, "2023-04", None, None),
    ("welding", "studio", "studio_seam", ROLE, "2023-09", "2025-12", WITHDRAWN),
    ("academies", "academy", "academy_axle", LEAD, "2023-11-20", None, None),
    ("academies", "academy", "academy_welding", ROLE, "2023-11-20", None, None),
    ("academies", "academy", "academy_robotics", ROLE, "2023-11-20", None, None),
    ("academies", "academy", "academy_foundry", ROLE, "2023-11-20", None, None),
    ("academies", "academy", "academy_power", ROLE, "2024-06", None, None),
    ("academies", "academy", "academy_textile", ROLE, "2024-06", "2025-06-30", WITHDRAWN),
    ("academies", "academy", "academy_textile", ROLE, "2026-03", None, None),
    ("academies", "organisation", "college_north", "教学支持单位", "2025", None, None),
    ("bay", "organisation", "college", LEAD, "2021", None, None),
    ("bay", "organisation", "enterprise_20", ROLE, "2021", None, None),
    ("bay", "organisation", "enterprise_03", ROLE, "2021", None, None),
    ("bay", "organisation", "enterprise_12", ROLE, "2022-03", "2024-02-29", WITHDRAWN),
    ("bay", "academy", "academy_axle", ROLE, "2022", None, None),
    ("bay", "studio", "studio_grid", ROLE, "2022-03", None, None),
    ("bay", "organisation", "university_south", ROLE, "2023-10-16", None, None),
    ("cross", "studio", "studio_livewire", LEAD, "2024-05-01", None, None),
    ("cross", "studio", "studio_vessel", ROLE, "2024-05-01", None, None),
    ("cross", "studio", "studio_spinning", ROLE, "2024-05-01", None, None),
    ("cross", "studio", "studio_seedling", ROLE, "2024-05-01", None, None),
    ("cross", "studio", "studio_catalyst", ROLE, "2024-09", None, None),
    ("cross", "studio", "studio_digital", ROLE, None, None, None),
    ("cross", "academy", "academy_machinery", ROLE, None, None, None),
    ("cross", "organisation", "enterprise_24", ROLE, "2024-09", None, None),
    ("cross", "studio", "studio_assay", ROLE, "2024-09", "2025-09", DELISTED),
    ("textile", "studio", "studio_spinning", LEAD, "2018", None, None),
    ("textile", "studio", "studio_loom", ROLE, "2019-04", None, None),
    ("textile", "organisation", "team_weaving", ROLE, "2018", "2024-10-31", DISSOLVED),
)  # fmt: skip

# Planners and patrons, who are no members.
SUPPORTERS = (
    (AXLE, UNION_C, "联合发起"),
    (AXLE, UNIVERSITY, "技术指导"),
    ("demo_alliance_academies", COUNCIL, "统筹"),
    ("demo_alliance_bay", "demo_government_east", "指导"),
    ("demo_alliance_cross", UNION_A, "联合发起"),
    ("demo_alliance_cross", UNION_B, "联合发起"),
    ("demo_alliance_welding", ASSOCIATION, "标准支持"),
)
REGIONS = {code: region for code, _, _, _, region, *_ in LISTED}


def alliances() -> list[Row]:
    listed = (
        (*alliance, number, None if number is None else "member", how, alliance[5])
        for *alliance, number, how in LISTED
    )
    return rows(
        "code name alliance_kind level region convenor parent founded member_count_value"
        " member_count_unit member_count_qualifier owner",
        *listed,
    )


def alliance_memberships() -> list[Row]:
    """Of two members nobody knows since when they belong to it."""
    found: list[tuple[object, ...]] = []
    for slug, column, member, role, joined, left, reason in MEMBERS:
        alliance = f"demo_alliance_{slug}"
        number = 1 + sum(one[1] == alliance for one in found)
        who = (f"demo_{member}" if column == name else None for name in COLUMNS)
        source = source_of(REGIONS[alliance]) if joined else OF_THE_PAPER
        key = f"{alliance}_member_{number}"
        found.append((key, alliance, *who, role, joined, left, reason, source))
    header = f"key alliance {' '.join(COLUMNS)} role joined left left_reason sources"
    return cited(rows(header, *found))


COLUMNS = ("organisation", "studio", "academy")


def alliance_supports() -> list[Row]:
    listed = (
        (f"demo_support_{number}", *support, source_of(REGIONS[support[0]]))
        for number, support in enumerate(SUPPORTERS, start=1)
    )
    return cited(rows("key alliance organisation role sources", *listed))
