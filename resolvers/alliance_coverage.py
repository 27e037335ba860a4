"""What an alliance covers, what it lacks, who would bring that, and what a member's going costs.

What it might cover is what studios around it do cover: those that lie in the alliance's region, or
in the provinces of its members where it has none. An occupation that nobody there has is no gap
that a convenor could close.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from engine.kind import Kind
from engine.meaning import Led, Reckoned, Reckoning
from engine.page import Asked
from engine.ranking import Ranked, Ranking, Standing
from engine.statements import Statements
from engine.walk import Walk
from kit.texts import storable
from models import RegionAncestor
from models.history import stored
from resolvers import collaborator_facts as facts
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE, MEMBERSHIP
from resolvers.collaborator_facts import Covered, Named, Profile
from resolvers.collaborator_walk import Keys, Sight
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION

MOST_STUDIOS = 2000  # around an alliance, by code, that are looked at
MOST_CANDIDATES = 100
COVERED = (OCCUPATION, INDUSTRY)
MEMBERS = (STUDIO, ACADEMY, ORGANISATION)


@dataclass(frozen=True)
class Question:
    on: date | None
    member: str | None = None
    ranking: Ranking | None = None


@dataclass(slots=True)
class Member:
    """A studio, an academy or an organisation, with the studios by which it covers something."""

    record: Named
    code: str
    studios: list[str]
    industry: Covered | None

    def covers(self, known: Mapping[str, Profile]) -> dict[str, Covered]:
        found = {} if self.industry is None else {self.industry.key: self.industry}
        for key in self.studios:
            found |= {word: one for word, one in known[key].covers.items() if one.record}
        return found

    def outcomes(self, known: Mapping[str, Profile]) -> dict[str, Named]:
        return {
            key: deed.record
            for studio in self.studios
            for key, deed in known[studio].outcomes.items()
        }


@dataclass(slots=True)
class Around:
    """An alliance on a day: its members, and the studios around it that are none of theirs."""

    members: list[Member]
    outside: list[Profile]
    cut: bool
    known: Mapping[str, Profile]

    @property
    def covered(self) -> set[str]:
        return {word for one in self.members for word in one.covers(self.known)}

    @property
    def gaps(self) -> dict[str, tuple[Covered, int]]:
        """What studios outside cover and no member does, with how many cover it."""
        ours, found = self.covered, dict[str, tuple[Covered, int]]()
        for one in self.outside:
            for word, covered in one.covers.items():
                if word not in ours and covered.record:
                    found[word] = covered, found.get(word, (covered, 0))[1] + 1
        return found


def members(sight: Sight, keys: Keys) -> Select[Any]:
    """(alliance, then id, code, industry and its name of the studio, academy, organisation)."""
    rows, holds = sight.facts(MEMBERSHIP)
    walk = Walk(MEMBERSHIP, rows, sight.write.asker.viewer)
    ends = dict(walk.to(("member",)))
    columns: list[Any] = []
    for kind in MEMBERS:
        end = ends[kind]
        industry = walk.join(INDUSTRY, [end.c.industry_id])
        columns += [end.c.id, end.c.code, industry.c.id, industry.c.name]
    found = walk.joined(select(rows.c.alliance_id, *columns).select_from(rows))
    return found.where(holds, sight.among(rows.c.alliance_id, keys)).order_by(rows.c.id)


def places(sight: Sight, keys: Keys) -> Select[Any]:
    """(alliance, the region that it lies in)."""
    alliance, seen = sight.things(ALLIANCE)
    walk = Walk(ALLIANCE, alliance, sight.write.asker.viewer)
    [(_, region)] = walk.to(("region",))
    found = walk.joined(select(alliance.c.id, region.c.id).select_from(alliance))
    return found.where(seen, sight.among(alliance.c.id, keys))


def hosted(sight: Sight, hosts: Keys, own: Keys) -> Select[Any]:
    """(studio, host, province) of the studios of member organisations, and of member studios."""
    rows, seen = sight.things(STUDIO)
    walk = Walk(STUDIO, rows, sight.write.asker.viewer)
    [(_, province)] = walk.to(("region", "province"))
    whole = walk.joined(select(rows.c.id, rows.c.host_id, province.c.id).select_from(rows))
    ours = sight.among(rows.c.host_id, hosts) | sight.among(rows.c.id, own)
    return whole.where(seen, ours).order_by(rows.c.id)


def around(sight: Sight, regions: Keys) -> Select[Any]:
    """(region, studio) of the studios in these subtrees: so many by code, and one."""
    rows, seen = sight.things(STUDIO)
    tree = stored(RegionAncestor).alias()
    place = func.row_number().over(partition_by=tree.c.ancestor_id, order_by=rows.c.code)
    found = (
        select(tree.c.ancestor_id.label("region"), rows.c.id, place.label("place"))
        .select_from(rows.join(tree, tree.c.region_id == rows.c.region_id))
        .where(and_(seen, sight.among(tree.c.ancestor_id, regions)))
        .subquery()
    )
    kept = select(found.c.region, found.c.id).where(found.c.place <= MOST_STUDIOS + 1)
    return kept.order_by(found.c.region, found.c.place)


def surroundings(sight: Sight, keys: Sequence[str]) -> Any:
    """Seven statements. Returns what is around each alliance."""
    held: dict[str, dict[Named, Member]] = {key: {} for key in keys}
    for alliance, *ends in (yield members(sight, keys)):
        for kind, at in zip(MEMBERS, range(0, 12, 4), strict=True):
            id, code, industry, name = ends[at : at + 4]
            if id is not None:
                held[alliance][kind, id] = member(kind, id, code, industry, name)
    region = dict(map(tuple, (yield places(sight, keys))))
    every = [one for found in held.values() for one in found.values()]
    hosts = sorted({key for one in every for kind, key in [one.record] if kind is ORGANISATION})
    own = sorted({key for one in every for kind, key in [one.record] if kind is STUDIO})
    lying: dict[str, str | None] = {}
    by_host = defaultdict(list)
    for studio, host, province in (yield hosted(sight, hosts, own)):
        lying[studio] = province
        by_host[host].append(studio)
    for one in every:
        kind, key = one.record
        one.studios = [key] if kind is STUDIO else by_host[key] if kind is ORGANISATION else []
    where = {key: regions_of(region.get(key), held[key].values(), lying) for key in keys}
    near = defaultdict(list)
    for place, studio in (
        yield around(sight, sorted({one for of in where.values() for one in of}))
    ):
        near[place].append(studio)
    first = {place: found[:MOST_STUDIOS] for place, found in near.items()}
    everyone = sorted({*lying, *(one for found in first.values() for one in found)})
    known = facts.profiles((yield facts.studios(sight, everyone, ())))
    facts.employ(known, (yield facts.people(sight, everyone)))
    facts.credit(known, (yield facts.outcomes(sight, sorted(lying))))
    return {key: beside(list(held[key].values()), where[key], first, near, known) for key in keys}


def member(kind: Kind, id: str, code: str, industry: str | None, name: str | None) -> Member:
    covered = None
    if industry is not None and name is not None:
        covered = Covered(f"{INDUSTRY.name}:{industry}", name, (INDUSTRY, industry))
    return Member((kind, id), code, [], covered)


def regions_of(region: str | None, members: Any, lying: Mapping[str, str | None]) -> list[str]:
    if region is not None:
        return [region]
    provinces = {lying.get(studio) for one in members for studio in one.studios}
    return sorted(one for one in provinces if one is not None)


def beside(
    members: list[Member],
    where: Sequence[str],
    first: Mapping[str, list[str]],
    near: Mapping[str, list[str]],
    known: Mapping[str, Profile],
) -> Around:
    inside = {studio for one in members for studio in one.studios}
    near_it = sorted({one for place in where for one in first.get(place, ())} - inside)
    cut = any(len(near.get(place, ())) > MOST_STUDIOS for place in where)
    return Around(members, [known[one] for one in near_it if one in known], cut, known)


@dataclass(frozen=True, slots=True)
class Gap:
    cursor: str
    studios: int
    node: Named


@dataclass(frozen=True, slots=True)
class Candidate:
    cursor: str
    adds: list[Named]
    node: Named


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of gaps or of candidates; `cut`: there are more studios around than were looked at."""

    total_count: int
    page_info: Standing
    edges: list[Any]
    cut: bool


@dataclass(frozen=True, slots=True)
class Loss:
    occupations: list[Named]
    industries: list[Named]
    outcome_count: int
    outcomes: list[Named]


MOST_OUTCOMES = 100


def asked_of(name: str) -> Any:
    def asked(on: date | None = None, **page: Any) -> Question:
        return Question(on, None, Ranking.of(f"Alliance.{name}", Asked(**page), on))

    return asked


def gaps(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: gaps_of(one, question) for key, one in found.items()}


def gaps_of(around: Around, question: Question) -> Listed:
    assert question.ranking is not None
    every = list(around.gaps.values())
    page: Ranked[tuple[Covered, int]] = question.ranking.page(
        every, lambda one: (one[1], one[0].key)
    )
    edges = [
        Gap(cursor, number, one.record)
        for (one, number), cursor in zip(page.items, page.cursors, strict=True)
        if one.record
    ]
    return Listed(len(every), page.standing, edges, around.cut)


def candidates(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: candidates_of(one, question) for key, one in found.items()}


def candidates_of(around: Around, question: Question) -> Listed:
    assert question.ranking is not None
    chosen = greedily(around)
    numbered = [(len(chosen) - place, *one) for place, one in enumerate(chosen)]
    page: Ranked[tuple[int, Profile, list[Covered]]] = question.ranking.page(
        numbered, lambda one: (one[0] - len(chosen), one[1].code)
    )
    edges = [
        Candidate(cursor, [one.record for one in adds if one.record], (STUDIO, profile.id))
        for (_, profile, adds), cursor in zip(page.items, page.cursors, strict=True)
    ]
    return Listed(len(chosen), page.standing, edges, around.cut)


def greedily(around: Around) -> list[tuple[Profile, list[Covered]]]:
    """Each time whoever closes most of what is still open, by code among equals; till none does."""
    open_ = set(around.gaps)
    left = sorted(around.outside, key=lambda one: one.code)
    chosen: list[tuple[Profile, list[Covered]]] = []
    while open_ and left and len(chosen) < MOST_CANDIDATES:
        best = max(left, key=lambda one: len(open_ & one.covers.keys()))
        adds = sorted(open_ & best.covers.keys())
        if not adds:
            break
        chosen.append((best, [best.covers[word] for word in adds]))
        open_ -= set(adds)
        left.remove(best)
    return chosen


def asked_without(member: str, on: date | None = None) -> Question:
    return Question(on, storable(member))


def without(write: Statements, keys: Sequence[str], question: Question) -> Reckoning:
    """Null for an alliance that has no member of that code to be seen."""
    found = yield from surroundings(Sight(write, question.on), keys)
    return {key: loss(one, question.member) for key, one in found.items()}


def loss(around: Around, code: str | None) -> Loss | None:
    going = [one for one in around.members if one.code == code]
    if not going:
        return None
    staying = [one for one in around.members if one.code != code]
    kept = {word for one in staying for word in one.covers(around.known)}
    lost = {
        word: covered
        for one in going
        for word, covered in one.covers(around.known).items()
        if word not in kept
    }
    remain = {key for one in staying for key in one.outcomes(around.known)}
    outcomes = {
        key: record
        for one in going
        for key, record in one.outcomes(around.known).items()
        if key not in remain
    }
    records = [one.record for _, one in sorted(lost.items()) if one.record]
    return Loss(
        [one for one in records if one[0] is OCCUPATION],
        [one for one in records if one[0] is INDUSTRY],
        len(outcomes),
        [outcomes[key] for key in sorted(outcomes)][:MOST_OUTCOMES],
    )


GAPS = Reckoned(asked_of("gaps"), gaps)
CANDIDATES = Reckoned(asked_of("candidates"), candidates)
WITHOUT = Reckoned(asked_without, without)
GAP = Led(lambda gap: gap.node, COVERED)
ADDED = Led(lambda candidate: candidate.adds, COVERED)
CANDIDATE = Led(lambda candidate: candidate.node, (STUDIO,))
OCCUPATIONS = Led(lambda lost: lost.occupations, (OCCUPATION,))
INDUSTRIES = Led(lambda lost: lost.industries, (INDUSTRY,))
OUTCOMES = Led(lambda lost: lost.outcomes, (OUTCOME,))
