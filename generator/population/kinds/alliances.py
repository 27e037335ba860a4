import models.alliance
from generator.population.chance import Draw
from generator.population.codes import code, word
from generator.population.drawn.alliances import Alliance, Stay
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from kit.values.quantity import Qualifier
from models.alliance import AllianceKind, AllianceMembership, AllianceSupport
from models.row import Level

ROLES = ("成员", "成员", "成员", "副理事长单位", None)
COUNTED = 0.6  # of alliances: how many members there are has been published
PARENTED = 0.1
UNDATED = 0.08
SUPPORT_ROLES = ("指导单位", "策划单位", "支持单位", None)
NATIONWIDE = len(AllianceKind)  # the first of each kind: parents of some of the others


@generates(models.alliance.Alliance, 0.001)
def alliances(population: Population) -> Rows:
    chance = population.chance("alliances")
    for index, alliance in enumerate(population.alliances):
        has_parent = index >= NATIONWIDE and chance.happens(PARENTED)
        yield {
            "code": code("alliance", index),
            "name": f"示例{word(index)}{alliance.kind.label}",
            "alliance_kind": alliance.kind,
            "level": None if chance.happens(UNDATED) else alliance.level,
            "region_id": population.places.code_at(alliance.level, alliance.place),
            "convenor_id": None
            if chance.happens(UNDATED)
            else population.unions.at(alliance.level, alliance.place),
            "parent_id": code("alliance", index % NATIONWIDE) if has_parent else None,
            "owner_id": population.unions.at(alliance.level, alliance.place),
            "founded": None if chance.happens(UNDATED) else chance.date(alliance.founded),
            **(counted(chance, alliance) if chance.happens(COUNTED) else {}),
        }


def counted(chance: Draw, alliance: Alliance) -> Values:
    """As published: not always as many as the registry knows."""
    now = sum(stay.left is None for stay in alliance.stays)
    return {
        "member_count_value": float(now + chance.between(0, 3)),
        "member_count_unit": "member",
        "member_count_qualifier": chance.one(tuple(Qualifier)),
    }


@generates(AllianceMembership, 0.015)
def alliance_memberships(population: Population) -> Rows:
    chance = population.chance("alliance memberships")
    number = 0
    for index, alliance in enumerate(population.alliances):
        for stay in alliance.stays:
            yield {
                "id": code("alliance_membership", number),
                "alliance_id": code("alliance", index),
                **member(stay),
                "role": chance.one(ROLES),
                "joined": None if chance.happens(UNDATED) else chance.date(stay.joined),
                "left": None if stay.left is None else chance.date(stay.left),
                "left_reason": stay.reason,
                **population.sources.at(alliance.level, alliance.place, stay.joined),
            }
            number += 1


def member(stay: Stay) -> Values:
    kind, index = stay.member
    column = f"{kind}_id" if kind in {"studio", "academy"} else "organisation_id"
    return {column: code(kind, index)}


@generates(AllianceSupport, 0.001)
def alliance_supports(population: Population) -> Rows:
    chance, places = population.chance("alliance supports"), population.places
    number = 0
    for index, alliance in enumerate(population.alliances):
        supports: set[tuple[int, str | None]] = set()
        for _ in range(chance.between(0, 2)):
            city = (
                alliance.place if alliance.level is Level.CITY else chance.index(len(places.cities))
            )
            role = chance.one(SUPPORT_ROLES)
            if (city, role) in supports:
                continue
            supports.add((city, role))
            yield {
                "id": code("alliance_support", number),
                "alliance_id": code("alliance", index),
                "organisation_id": code("government", city),
                "role": role,
                **population.sources.at(alliance.level, alliance.place, alliance.founded),
            }
            number += 1
