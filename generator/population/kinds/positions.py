from generator.population.chance import Draw, Weighted, first_each
from generator.population.codes import code
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import number
from models.position import Position
from models.position import PositionKind as Kind
from models.row import Level

OTHERS = Weighted({Kind.UNION_OFFICE: 40, Kind.PART_TIME: 18, Kind.CONGRESS_DEPUTY: 14,
                   Kind.CONFERENCE_MEMBER: 8, Kind.SECONDMENT: 8, Kind.ASSOCIATION_OFFICE: 8,
                   Kind.OTHER: 4})  # fmt: skip
POSTS = {Kind.UNION_OFFICE: "工会常务委员", Kind.PART_TIME: "兼职副主席",
         Kind.ASSOCIATION_OFFICE: "会长", Kind.SECONDMENT: "挂职副部长"}  # fmt: skip
FIRST, LAST = 2016, 2025
ENDED, UNDATED = 0.3, 0.1
TERMS = ("第一届", "第二届", None)


@generates(Position, 0.001)
def positions(population: Population) -> Rows:
    """Yield one position of each leader of a studio, with the leader's audience."""
    chance, workers = population.chance("positions"), len(population.people)
    delegates = number("party_delegates", workers)
    leaders = dict.fromkeys(leader for leader in population.studios.leader_of if leader != NONE)
    limit = max(len(Kind), delegates + number("positions", workers))
    for index, worker in enumerate(list(leaders)[:limit]):
        drawn = Kind.PARTY_DELEGATE if index <= delegates else chance.among(OTHERS)
        kind = first_each(tuple(Kind), index, drawn)
        yield position(population, chance, worker, index, kind)


def position(population: Population, chance: Draw, worker: int, index: int, kind: Kind) -> Values:
    begin = chance.between(FIRST, LAST)
    ended = begin < LAST and chance.happens(ENDED)
    return {
        "id": code("position", index),
        "worker_id": code("worker", worker),
        "organisation_id": at(population, worker, kind),
        "position_kind": kind,
        "post": POSTS.get(kind),
        "term": TERMS[index % len(TERMS)],
        "started": None if chance.happens(UNDATED) else chance.date(begin),
        "ended": chance.date(chance.between(begin + 1, LAST)) if ended else None,
        **population.sources.of_district(population.people.district[worker], begin),
    }


def at(population: Population, worker: int, kind: Kind) -> str | None:
    district = max(0, population.people.district[worker])
    city = population.places.city_of[district]
    match kind:
        case Kind.UNION_OFFICE | Kind.PART_TIME:
            return population.unions.at(Level.CITY, city)
        case Kind.ASSOCIATION_OFFICE:
            return code("association", worker % len(population.trades.industries))
        case Kind.SECONDMENT:
            return code("government", city)
    return None
