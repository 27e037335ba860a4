from generator.population.codes import code
from generator.population.drawn.entrants import Who
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates, lying_in
from generator.population.kinds.policies import policy_of, scopes
from generator.population.kinds.prizes import PAID, rules
from generator.population.proportions import number
from kit.values.quantity import Qualifier
from models.row import Level
from models.subsidy import Grant, SubsidyKind, SubsidyRule

STUDY = 2_815.0  # yuan each, as published: 28,150,000 for 10,000 (Qingdao)
OF_AN_ALLIANCE = 50_000.0  # yuan once, as published (Heilongjiang)
PAID_RANKS = 3
FIRST, LAST = 2018, 2026
BENEFICIARIES = ("省级工作室联盟", "一线职工", "高技能人才", None)


@generates(SubsidyRule)
def subsidy_rules(population: Population) -> Rows:
    """One of every kind in each province, one of some kind in each city."""
    places, kinds = population.places, tuple(SubsidyKind)
    listed = [(level, seat, kind) for level, seat in scopes(population)[: len(places.provinces)]
              for kind in kinds]  # fmt: skip
    listed += [(Level.CITY, seat, kinds[seat % len(kinds)]) for seat in range(len(places.cities))]
    for index, (level, seat, kind) in enumerate(listed):
        year = FIRST + index % (LAST - FIRST)
        amount: Values = {}
        if index % 3 != 1:
            amount = {"amount_value": OF_AN_ALLIANCE if index % 2 else STUDY, "amount_unit": "yuan",
                      "amount_qualifier": tuple(Qualifier)[index % len(Qualifier)]}  # fmt: skip
        yield {
            "id": code("subsidy_rule", index),
            "subsidy_kind": kind,
            "label": f"示例{kind.label}",
            "per": "每人，一次性" if amount else None,
            "beneficiaries": BENEFICIARIES[index % len(BENEFICIARIES)],
            "payer_id": population.unions.at(level, seat),
            "region_id": places.code_at(level, seat),
            "policy_id": policy_of(population, level, seat),
            "clause": None if index % 2 else "第八条",
            "started": str(year),
            "ended": f"{year + 2}" if index % 4 == 3 and year + 2 < LAST else None,
            **amount,
            **population.sources.at(level, seat, year),
        }


def subsidy_rule(province: int, kind: SubsidyKind) -> str:
    return code("subsidy_rule", province * len(SubsidyKind) + list(SubsidyKind).index(kind))


@generates(Grant, 0.006)
def grants(population: Population) -> Rows:
    paid = (row for rows in (study, prizes, to_alliances) for row in rows(population))
    for index, row in enumerate(paid):
        yield {"id": code("grant", index), "amount_unit": "yuan", **row}


def study(population: Population) -> Rows:
    """To workers on the front line for going to school; known to their union, like themselves."""
    chance, people = population.chance("study grants"), population.people
    for _ in range(number("study_grants", len(people))):
        worker, year = chance.index(len(people)), chance.between(FIRST, LAST)
        district = people.district[worker]
        province = 0 if district < 0 else population.places.province_of_district(district)
        yield {
            "worker_id": code("worker", worker),
            "amount_value": STUDY,
            "year": year,
            "purpose": "求学圆梦",
            "payer_id": population.unions.of_province(province),
            "subsidy_rule_id": subsidy_rule(province, SubsidyKind.SUBSIDY),
            "region_id": population.region_of_worker(worker),
            "audience": people.audience(worker),
            **population.sources.of_district(district, year),
        }


def prizes(population: Population) -> Rows:
    """Pay the first three places by the rule; a region is paid nothing."""
    drawn = population.contests
    rule_of = {row["series_id"]: n for n, row in enumerate(rules(population)) if "series_id" in row}
    columns = {Who.WORKER: "worker", Who.ORGANISATION: "organisation", Who.STUDIO: "studio"}
    for index, contest in enumerate(drawn.contests):
        series = drawn.series[contest.series]
        if series.level not in PAID:
            continue
        first, last = drawn.spans[index], drawn.spans[index + 1]
        for result in range(first, min(first + PAID_RANKS, last)):
            who, to = Who(drawn.who[result]), drawn.recipient[result]
            if who in columns:
                kind = "enterprise" if who is Who.ORGANISATION else columns[who]
                yield {
                    f"{columns[who]}_id": code(kind, to),
                    "amount_value": float(PAID[series.level] // (result - first + 1)),
                    "year": contest.year if result % 10 else None,
                    "purpose": None,
                    "payer_id": population.unions.at(series.level, series.place),
                    "prize_rule_id": code("prize_rule", rule_of[code("series", contest.series)]),
                    "based_on_id": code("result", result),
                    **lying_in(region_of(population, who, to)),
                    **population.sources.at(series.level, series.place, contest.year),
                }


def region_of(population: Population, who: Who, to: int) -> str | None:
    if who is Who.WORKER:
        return population.region_of_worker(to)
    if who is Who.STUDIO:
        return population.region_of_studio(to)
    return population.region_of_enterprise(to)


def to_alliances(population: Population) -> Rows:
    for index, alliance in enumerate(population.alliances):
        if alliance.level is Level.PROVINCIAL:
            yield {
                "alliance_id": code("alliance", index),
                "amount_value": OF_AN_ALLIANCE,
                "year": alliance.founded + 1,
                "purpose": "省级联盟一次性补助",
                "payer_id": population.unions.of_province(alliance.place),
                "subsidy_rule_id": subsidy_rule(alliance.place, SubsidyKind.FUND),
                "region_id": population.places.code_at(alliance.level, alliance.place),
                **population.sources.at(alliance.level, alliance.place, alliance.founded + 1),
            }
