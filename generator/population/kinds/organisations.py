from stdnum.cn import uscc

from generator.population.codes import COUNTRY, code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.organisation import OrganisationKind as Kind

# A division that no list has, so that no real enterprise has the code.
NO_DIVISION = "999999"
UNCODED, UNLISTED = 5, 12  # every so many enterprises lack what can be lacking
RENAMED = 40  # every so many enterprises had another name before


@generates(Organisation, 0.007)
def organisations(population: Population) -> Rows:
    yield from unions(population)
    yield from of_provinces(population)
    yield from of_cities(population)
    yield from colleges(population)
    yield from enterprises(population)
    yield from base_unions(population)
    yield from teams(population)
    for place, name in enumerate(population.trades.industries):
        yield organisation("association", place, f"示例{name}行业协会", Kind.ASSOCIATION, COUNTRY)
    yield organisation("other", 0, "示例工人报社", Kind.OTHER, COUNTRY)


def organisation(kind: str, place: int, name: str, of: Kind, region: str | None) -> Values:
    return {
        "code": code(kind, place),
        "name": name,
        "organisation_kind": of,
        "region_id": region,
    }


@generates(OrganisationFormerName, 0.0002)
def organisation_former_names(population: Population) -> Rows:
    for number, place in enumerate(range(0, len(population.employers), RENAMED)):
        yield {
            "id": code("organisation_former_name", number),
            "organisation_id": code("enterprise", place),
            "name": f"示例旧{word(place)}厂",
            "started": "1956",
            "ended": "1998",
        }


@generates(OrganisationSuccession)
def organisation_successions(population: Population) -> Rows:
    """As many schools as there are provinces became parts of universities."""
    for place in range(len(population.places.provinces)):
        yield {
            "id": code("organisation_succession", place),
            "organisation_id": code("school", place),
            "successor_id": code("university", place),
            "since": "2015",
            "decree": "示政〔2015〕2号",
        }


def unions(population: Population) -> Rows:
    places, tree = population.places, population.unions
    whole = {"organisation_kind": Kind.UNION}
    yield {**whole, "code": tree.country, "name": "示例国总工会", "region_id": COUNTRY}
    for place, one in enumerate(places.provinces):
        above = {"parent_id": tree.country, "region_id": one.code}
        yield {**whole, **above, "code": tree.of_province(place), "name": f"{one.name}总工会"}
    for place, one in enumerate(places.cities):
        above = {
            "parent_id": tree.of_province(places.province_of[place]),
            "region_id": one.code,
        }
        yield {**whole, **above, "code": tree.of_city(place), "name": f"{one.name}总工会"}
    for place, one in enumerate(places.districts):
        above = {"parent_id": tree.of_city(places.city_of[place]), "region_id": one.code}
        yield {**whole, **above, "code": tree.of_district(place), "name": f"{one.name}总工会"}


def of_provinces(population: Population) -> Rows:
    for place, one in enumerate(population.places.provinces):
        name = f"{one.name}产业工人队伍建设联席会议"
        yield organisation("conference", place, name, Kind.COORDINATION_BODY, one.code)
        yield organisation("university", place, f"{one.name}理工大学", Kind.UNIVERSITY, one.code)


def of_cities(population: Population) -> Rows:
    for place, one in enumerate(population.places.cities):
        name = f"{one.name}人力资源和社会保障局"
        yield organisation("government", place, name, Kind.GOVERNMENT, one.code)
        name = f"{one.name}公共实训中心"
        yield organisation("training_body", place, name, Kind.TRAINING_BODY, one.code)
        yield organisation("school", place, f"{one.name}职工学校", Kind.SCHOOL, one.code)


def colleges(population: Population) -> Rows:
    regions = [one.code for one in population.places.districts]
    for place, district in enumerate(population.classes.district_of_college):
        # None is a school below a college: who is named as its student is taken for a minor.
        end = "职业技术学院" if place % 5 == 0 else "职业学院"
        name = f"示例{word(place)}{end}"
        yield organisation("college", place, name, Kind.VOCATIONAL_COLLEGE, regions[district])


def enterprises(population: Population) -> Rows:
    trades, employers = population.trades, population.employers
    for place in range(len(employers)):
        industry = employers.industry_of[place]
        name = trades.industries[industry]
        is_listed = place % UNLISTED != UNLISTED - 1
        region = population.region_of_enterprise(place)
        yield {
            **organisation(
                "enterprise", place, f"示例{word(place)}{name}有限公司", Kind.ENTERPRISE, region
            ),
            "credit_code": None if place % UNCODED == UNCODED - 1 else credit_code(place),
            "industry_id": code("industry", industry) if is_listed else None,
            "industry_as_published": None if is_listed else name,
        }


def credit_code(place: int) -> str:
    body = f"91{NO_DIVISION}{place:09d}"
    return body + str(uscc.calc_check_digit(body))


def base_unions(population: Population) -> Rows:
    employers, tree = population.employers, population.unions
    for place in range(len(employers)):
        name = population.trades.industries[employers.industry_of[place]]
        yield {
            "code": tree.of_enterprise(place),
            "name": f"示例{word(place)}{name}有限公司工会",
            "organisation_kind": Kind.UNION,
            "region_id": population.region_of_enterprise(place),
            "parent_id": tree.of_district(employers.district_of[place]),
        }


def teams(population: Population) -> Rows:
    for place, employer in enumerate(population.employers.teams):
        region = population.region_of_enterprise(employer)
        yield {
            **organisation("team", place, f"示例{word(place)}创新班组", Kind.TEAM, region),
            "parent_id": code("enterprise", employer),
        }
