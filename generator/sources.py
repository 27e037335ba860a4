"""Who vouches for what: the college, a union for each province, and a paper for nobody."""

from generator.places import COUNTRY, PROVINCES, UNIONS, province_of
from generator.rows import COLLEGE, SOURCE, Row, rows

STEWARD = "demo_steward"
COLLEGE_NORTH = "demo_college_north"

OF_THE_STEWARD = "demo_source_steward"
OF_THE_NORTHERN_COLLEGE = "demo_source_college_north"
OF_THE_PAPER = "demo_source_paper"

MADE_BY = "Invented for demonstration; made by generator/"


def source_of(region: str) -> str:
    """Return the source of the province's union; the registry's own for the whole country."""
    return OF_THE_STEWARD if region == COUNTRY else f"demo_source_{province_of(region)}"


def both(region: str) -> str:
    """Return the union's source, and that of a paper without an asserting organisation."""
    return f"{source_of(region)};{OF_THE_PAPER}"


def sources() -> list[Row]:
    college = "示例职业技术学院"
    unions = (
        (f"demo_source_{slug}", f"示范数据：示例{name}省总工会台账，全部虚构", "2026-09-30",
         f"示例{name}省总工会", UNIONS[slug], MADE_BY)
        for slug, (name, _) in PROVINCES.items()
    )  # fmt: skip
    return rows(
        "key title published_on publisher asserted_by note",
        (SOURCE, "示范数据：本资料为虚构，所有地区、单位、人员、赛事与数字均不存在",
         None, college, COLLEGE, MADE_BY),
        *unions,
        (OF_THE_STEWARD, "示范数据：登记中心自行登记的虚构资料", "2026-10",
         "示例匠谱登记中心", STEWARD, MADE_BY),
        (OF_THE_NORTHERN_COLLEGE, "示范数据：示例北省装备职业学院学籍台账，全部虚构",
         "2026-09", "示例北省装备职业学院", COLLEGE_NORTH, MADE_BY),
        (OF_THE_PAPER, "示范数据：示例工人报的虚构报道", "2026-08-15", "示例工人报", None, MADE_BY),
    )  # fmt: skip
