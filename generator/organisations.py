from collections.abc import Iterator

from stdnum.cn import uscc

from generator.places import (
    COUNTRY,
    ENTERPRISES,
    HOME,
    NATION,
    PROVINCES,
    UNIONS,
    industry_of,
    union_of,
)
from generator.rows import COLLEGE, Row, rows
from generator.sources import COLLEGE_NORTH, STEWARD
from models.organisation import OrganisationKind as Kind

COUNCIL = "demo_council_north"
ASSOCIATION = "demo_association_welding"
HOST = "demo_academy_host"
UNIVERSITY = "demo_university_south"
SCHOOL = "demo_school_south"
# Shifts of enterprises, by the number of the enterprise.
TEAMS = {
    "demo_team_axle": ("示例北方车桥装配一班", 1),
    "demo_team_casting": ("示例北原铸造造型二班", 16),
    "demo_team_weaving": ("示例北川纺织细纱丙班", 28),
    "demo_team_grid": ("示例东湾电网检修三班", 20),
}


def government(slug: str) -> str:
    return f"demo_government_{slug}"


def organisations() -> list[Row]:
    """Return a college and a university besides unions, authorities and enterprises."""
    listed = (
        *colleges(),
        *unions(),
        (HOST, "示例车桥实训中心", Kind.TRAINING_BODY, HOME, "demo_industry_axle", None, None),
        *enterprises(),
        *bodies(),
        *teams(),
    )
    credit = {one.code: credit_code(n) for n, one in enumerate(ENTERPRISES, start=1)}
    coded = ((*one, credit.get(str(one[0]))) for one in listed)
    header = "code name organisation_kind region industry industry_as_published parent credit_code"
    return rows(header, *coded)


def former_names() -> list[Row]:
    renamed = ("demo_renamed_college_north", COLLEGE_NORTH, "示例北省装备技工学校", "1958", "2012")
    older = ("demo_renamed_university_south", UNIVERSITY, "示例南省工学院", None, "2005")
    return rows("key organisation name started ended", renamed, older)


def successions() -> list[Row]:
    """Divide a school between a university and a college; its facts stay its own."""
    when = ("2026-09", "示政〔2026〕9号")
    to_the_college = ("demo_divided_school_south_1", SCHOOL, COLLEGE_NORTH, *when)
    to_the_university = ("demo_divided_school_south_2", SCHOOL, UNIVERSITY, *when)
    return rows("key organisation successor since decree", to_the_college, to_the_university)


def credit_code(number: int) -> str:
    """Right in its form, and nobody's: there is no region 990000."""
    stem = f"91990000DEM{number:06}"
    return stem + uscc.calc_check_digit(stem)


def colleges() -> Iterator[tuple[object, ...]]:
    nothing = (None, None, None)
    yield COLLEGE, "示例职业技术学院", Kind.VOCATIONAL_COLLEGE, HOME, *nothing
    north = ("示例北省装备职业学院", Kind.VOCATIONAL_COLLEGE, "demo_city_north_a")
    yield COLLEGE_NORTH, *north, *nothing
    yield UNIVERSITY, "示例南省理工大学", Kind.UNIVERSITY, "demo_city_south_a", *nothing
    yield SCHOOL, "示例南乙技工学校", Kind.SCHOOL, "demo_city_south_b", *nothing


def unions() -> Iterator[tuple[object, ...]]:
    """Each belongs to the one above it: the cities' to the province's, those to the country's."""
    nothing = (None, None)
    yield NATION, "示例国总工会", Kind.UNION, COUNTRY, *nothing, None
    for slug, (name, cities) in PROVINCES.items():
        province = UNIONS[slug]
        yield province, f"示例{name}省总工会", Kind.UNION, f"demo_province_{slug}", *nothing, NATION
        for letter, ordinal in tuple(zip("abc", "甲乙丙", strict=True))[:cities]:
            city = f"demo_city_{slug}_{letter}"
            name_of_city = f"示例{name}{ordinal}市总工会"
            yield city_union(city), name_of_city, Kind.UNION, city, *nothing, province


def city_union(city: str) -> str:
    return city.replace("city", "union")


def enterprises() -> Iterator[tuple[object, ...]]:
    for one in ENTERPRISES:
        yield one.code, one.name, Kind.ENTERPRISE, one.region, industry_of(one.trade), None, None


def bodies() -> Iterator[tuple[object, ...]]:
    nothing = (None, None, None)
    yield STEWARD, "示例匠谱登记中心", Kind.OTHER, COUNTRY, *nothing
    for slug, (name, _) in PROVINCES.items():
        province = f"demo_province_{slug}"
        yield government(slug), f"示例{name}省人力资源厅", Kind.GOVERNMENT, province, *nothing
    council = "示例北省产业工人队伍建设联席会议"
    yield COUNCIL, council, Kind.COORDINATION_BODY, "demo_province_north", *nothing
    welders = ("示例焊接行业协会", Kind.ASSOCIATION, "demo_province_east", None, "焊接与切割")
    yield ASSOCIATION, *welders, union_of("demo_province_east")


def teams() -> Iterator[tuple[object, ...]]:
    for code, (name, number) in TEAMS.items():
        one = ENTERPRISES[number - 1]
        yield code, name, Kind.TEAM, one.region, industry_of(one.trade), None, one.code
