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
    for index, name in enumerate(population.trades.industries):
        yield organisation("association", index, f"示例{name}行业协会", Kind.ASSOCIATION, COUNTRY)
    yield organisation("other", 0, "示例工人报社", Kind.OTHER, COUNTRY)


def organisation(
    kind: str, index: int, name: str, organisation_kind: Kind, region: str | None
) -> Values:
    return {
        "code": code(kind, index),
        "name": name,
        "organisation_kind": organisation_kind,
        "region_id": region,
    }


@generates(OrganisationFormerName, 0.0002)
def organisation_former_names(population: Population) -> Rows:
    for number, index in enumerate(range(0, len(population.employers), RENAMED)):
        yield {
            "id": code("organisation_former_name", number),
            "organisation_id": code("enterprise", index),
            "name": f"示例旧{word(index)}厂",
            "started": "1956",
            "ended": "1998",
        }


@generates(OrganisationSuccession)
def organisation_successions(population: Population) -> Rows:
    """As many schools as there are provinces became parts of universities."""
    for index in range(len(population.places.provinces)):
        yield {
            "id": code("organisation_succession", index),
            "organisation_id": code("school", index),
            "successor_id": code("university", index),
            "since": "2015",
            "decree": "示政〔2015〕2号",
        }


def unions(population: Population) -> Rows:
    places, tree = population.places, population.unions
    common = {"organisation_kind": Kind.UNION}
    yield {**common, "code": tree.country, "name": "示例国总工会", "region_id": COUNTRY}
    for place, region in enumerate(places.provinces):
        above = {"parent_id": tree.country, "region_id": region.code}
        yield {**common, **above, "code": tree.of_province(place), "name": f"{region.name}总工会"}
    for place, region in enumerate(places.cities):
        above = {
            "parent_id": tree.of_province(places.province_of[place]),
            "region_id": region.code,
        }
        yield {**common, **above, "code": tree.of_city(place), "name": f"{region.name}总工会"}
    for place, region in enumerate(places.districts):
        above = {"parent_id": tree.of_city(places.city_of[place]), "region_id": region.code}
        yield {**common, **above, "code": tree.of_district(place), "name": f"{region.name}总工会"}


def of_provinces(population: Population) -> Rows:
    for place, province in enumerate(population.places.provinces):
        name = f"{province.name}产业工人队伍建设联席会议"
        yield organisation("conference", place, name, Kind.COORDINATION_BODY, province.code)
        yield organisation(
            "university", place, f"{province.name}理工大学", Kind.UNIVERSITY, province.code
        )


def of_cities(population: Population) -> Rows:
    for place, city in enumerate(population.places.cities):
        name = f"{city.name}人力资源和社会保障局"
        yield organisation("government", place, name, Kind.GOVERNMENT, city.code)
        name = f"{city.name}公共实训中心"
        yield organisation("training_body", place, name, Kind.TRAINING_BODY, city.code)
        yield organisation("school", place, f"{city.name}职工学校", Kind.SCHOOL, city.code)


def colleges(population: Population) -> Rows:
    regions = [region.code for region in population.places.districts]
    for index, district in enumerate(population.classes.district_of_college):
        # None is a school below a college: who is named as its student is taken for a minor.
        end = "职业技术学院" if index % 5 == 0 else "职业学院"
        name = f"示例{word(index)}{end}"
        yield organisation("college", index, name, Kind.VOCATIONAL_COLLEGE, regions[district])


def enterprises(population: Population) -> Rows:
    trades, employers = population.trades, population.employers
    for index in range(len(employers)):
        industry = employers.industry_of[index]
        name = trades.industries[industry]
        is_listed = index % UNLISTED != UNLISTED - 1
        region = population.region_of_enterprise(index)
        yield {
            **organisation(
                "enterprise", index, f"示例{word(index)}{name}有限公司", Kind.ENTERPRISE, region
            ),
            "credit_code": None if index % UNCODED == UNCODED - 1 else credit_code(index),
            "industry_id": code("industry", industry) if is_listed else None,
            "industry_as_published": None if is_listed else name,
        }


def credit_code(index: int) -> str:
    body = f"91{NO_DIVISION}{index:09d}"
    return body + str(uscc.calc_check_digit(body))


def base_unions(population: Population) -> Rows:
    employers, tree = population.employers, population.unions
    for index in range(len(employers)):
        name = population.trades.industries[employers.industry_of[index]]
        yield {
            "code": tree.of_enterprise(index),
            "name": f"示例{word(index)}{name}有限公司工会",
            "organisation_kind": Kind.UNION,
            "region_id": population.region_of_enterprise(index),
            "parent_id": tree.of_district(employers.district_of[index]),
        }


def teams(population: Population) -> Rows:
    for index, employer in enumerate(population.employers.teams):
        region = population.region_of_enterprise(employer)
        yield {
            **organisation("team", index, f"示例{word(index)}创新班组", Kind.TEAM, region),
            "parent_id": code("enterprise", employer),
        }
