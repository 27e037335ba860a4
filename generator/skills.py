"""The grades of craftsmen, and who passed their skill on to whom."""

from datetime import date

from generator.chance import Chance
from generator.craftsmen import Craftsman, at
from generator.organisations import ASSOCIATION, government
from generator.places import ENTERPRISES, Enterprise, enterprises_of, province_of
from generator.placings import Placing, by_recipient
from generator.promotions import promoted_to
from generator.rows import Row, cited, rows
from generator.sources import source_of
from models.row import Audience
from models.training import QualificationBasis as Basis
from models.worker import Grade

HEIGHT = list(Grade)
BASES = (Basis.EXAM, Basis.EXAM, Basis.SELF_ASSESSMENT, Basis.OTHER)
LAST = date(2026, 9, 1)


def qualifications(craftsmen: list[Craftsman], placings: list[Placing]) -> list[Row]:
    """Two grades one after the other, and a third where a place promoted its holder."""
    chance, placed = Chance("certificates of craftsmen"), by_recipient(placings)
    found: list[tuple[object, ...]] = []
    for one in craftsmen:
        key = f"demo_qualification_craftsman_{one.number}"
        source = source_of(one.region)
        for number, (grade, day, basis) in enumerate(draw_steps(chance, one), start=1):
            given = (one.code, grade, *one.occupation, day, basis, issuer(one, basis), None)
            found.append((f"{key}_{number}", *given, Audience.SHARED, source))
        for placing in best(placed[one.code], one.grade):
            held, day = placing.contest, chance.later(placing.contest.held_on, 25, 60)
            won = (promoted_to(placing), *one.occupation, day, Basis.COMPETITION, held.host)
            found.append((f"{key}_3", one.code, *won, placing.key, Audience.PUBLIC, source))
    header = (
        "key worker grade occupation occupation_as_published issued_on basis issuer based_on"
        " audience sources"
    )
    return cited(rows(header, *found))


def best(placings: list[Placing], held: Grade) -> list[Placing]:
    """Return the first place that promoted to a higher grade, if there was one."""
    for one in sorted(placings, key=lambda each: (each.contest.held_on, each.key)):
        grade = promoted_to(one)
        if grade is not None and HEIGHT.index(grade) > HEIGHT.index(held):
            return [one]
    return []


def draw_steps(chance: Chance, one: Craftsman) -> list[tuple[Grade, date, Basis]]:
    """Return the grade below, then the worker's own; an apprentice has only their own."""
    day = date(one.since + 1, chance.between(3, 11), chance.between(1, 28))
    if one.learning:
        return [(one.grade, day, Basis.SELF_ASSESSMENT)] if day < LAST else []
    below = HEIGHT[HEIGHT.index(one.grade) - 1]
    steps = [(below, day, Basis.EXAM)]
    return [*steps, (one.grade, date(2012 + one.since % 10, 6, 20), chance.one(BASES))]


def issuer(one: Craftsman, basis: Basis) -> str:
    if basis is Basis.EXAM:
        return government(province_of(one.region))
    return one.employer.code if basis is Basis.SELF_ASSESSMENT else ASSOCIATION


def mentorships(craftsmen: list[Craftsman]) -> list[Row]:
    """名师带徒: an apprentice has two masters at work, others one in another enterprise."""
    chance = Chance("mentorships of craftsmen")
    found: list[tuple[object, ...]] = []
    for employer in ENTERPRISES:
        first, second, third, _, apprentice = at(craftsmen, employer.code)
        key, began = f"demo_pair_{apprentice.number}", apprentice.since
        change, source = date(began + 1, chance.between(1, 6), 1), source_of(employer.region)
        found.append((f"{key}_1", first.code, apprentice.code, f"{began}-09", change, source))
        found.append((f"{key}_2", second.code, apprentice.code, change, None, source))
        master = at(craftsmen, next_to(employer).code)[0]
        begun = f"{chance.between(2019, 2023)}-05"
        ended = "2025-04" if chance.happens(0.4) else None
        pair = (f"demo_pair_{third.number}", master.code, third.code, begun, ended)
        found.append((*pair, source_of(master.region)))
    return cited(rows("key mentor apprentice started ended sources", *found))


def next_to(employer: Enterprise) -> Enterprise:
    """Return the next enterprise of the trade, mostly in another province."""
    listed = enterprises_of(employer.trade)
    return listed[(listed.index(employer) + 1) % len(listed)]
