"""An alliance on a day: its members, what they cover, and the studios around it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from engine.catalog.kind import Kind
from engine.sql.path import PathJoins
from kit.db.engine import KeyParameter
from kit.db.table_aliases import alias_of
from models.history import model_table
from models.region import RegionAncestor
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE, ALLIANCE_MEMBERSHIP
from resolvers.collaborators import profiles as facts
from resolvers.collaborators.hubs import DayView
from resolvers.collaborators.profiles import Capability, RecordRef, StudioProfile
from resolvers.organisation import ORGANISATION
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY

MAX_NEARBY_STUDIOS = 2000  # around one alliance, by code
MEMBER_KINDS = (STUDIO, ACADEMY, ORGANISATION)


@dataclass(slots=True)
class AllianceMember:
    """A studio, academy or organisation, with the studios through which it covers something."""

    record: RecordRef
    code: str
    studios: list[str]
    industry: Capability | None

    def covers(self, known: Mapping[str, StudioProfile]) -> dict[str, Capability]:
        found = {} if self.industry is None else {self.industry.key: self.industry}
        for key in self.studios:
            found |= {word: one for word, one in known[key].covers.items() if one.record}
        return found

    def outcomes(self, known: Mapping[str, StudioProfile]) -> dict[str, RecordRef]:
        return {
            key: deed.record
            for studio in self.studios
            for key, deed in known[studio].outcomes.items()
        }


@dataclass(slots=True)
class AllianceNeighbourhood:
    """An alliance on a day: its members, and the studios around it that belong to none of them."""

    members: list[AllianceMember]
    outside: list[StudioProfile]
    cut: bool
    known: Mapping[str, StudioProfile]

    @property
    def covered(self) -> set[str]:
        return {word for one in self.members for word in one.covers(self.known)}

    @property
    def gaps(self) -> dict[str, tuple[Capability, int]]:
        """Capabilities that studios outside cover and no member does, and how many cover each."""
        ours, found = self.covered, dict[str, tuple[Capability, int]]()
        for one in self.outside:
            for word, covered in one.covers.items():
                if word not in ours and covered.record:
                    found[word] = covered, found.get(word, (covered, 0))[1] + 1
        return found


def alliance_members_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (alliance, then id, code, industry and its name for each kind of member)."""
    rows, holds = sight.facts(ALLIANCE_MEMBERSHIP)
    walk = PathJoins(ALLIANCE_MEMBERSHIP, rows, sight.write.asker)
    ends = dict(walk.to(("member",)))
    columns: list[Any] = []
    for kind in MEMBER_KINDS:
        end = ends[kind]
        industry = walk.join(INDUSTRY, [end.c.industry_id])
        columns += [end.c.id, end.c.code, industry.c.id, industry.c.name]
    found = walk.joined(select(rows.c.alliance_id, *columns).select_from(rows))
    return found.where(holds, sight.among(rows.c.alliance_id, keys)).order_by(rows.c.id)


def alliance_regions_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (alliance, its region)."""
    alliance, seen = sight.things(ALLIANCE)
    walk = PathJoins(ALLIANCE, alliance, sight.write.asker)
    [(_, region)] = walk.to(("region",))
    found = walk.joined(select(alliance.c.id, region.c.id).select_from(alliance))
    return found.where(seen, sight.among(alliance.c.id, keys))


def hosted_studios_query(sight: DayView, hosts: KeyParameter, own: KeyParameter) -> Select[Any]:
    """Select (studio, host, province) of studios of member organisations and of member studios."""
    rows, seen = sight.things(STUDIO)
    walk = PathJoins(STUDIO, rows, sight.write.asker)
    [(_, province)] = walk.to(("region", "province"))
    whole = walk.joined(select(rows.c.id, rows.c.host_id, province.c.id).select_from(rows))
    ours = sight.among(rows.c.host_id, hosts) | sight.among(rows.c.id, own)
    return whole.where(seen, ours).order_by(rows.c.id)


def nearby_studios_query(sight: DayView, regions: KeyParameter) -> Select[Any]:
    """Select (region, studio) in these subtrees, by code: one above the limit."""
    rows, seen = sight.things(STUDIO)
    tree = alias_of(model_table(RegionAncestor))
    place = func.row_number().over(partition_by=tree.c.ancestor_id, order_by=rows.c.code)
    found = (
        select(tree.c.ancestor_id.label("region"), rows.c.id, place.label("place"))
        .select_from(rows.join(tree, tree.c.region_id == rows.c.region_id))
        .where(and_(seen, sight.among(tree.c.ancestor_id, regions)))
        .subquery()
    )
    kept = select(found.c.region, found.c.id).where(found.c.place <= MAX_NEARBY_STUDIOS + 1)
    return kept.order_by(found.c.region, found.c.place)


def read_neighbourhoods(sight: DayView, keys: Sequence[str]) -> Any:
    """Return the surroundings of each alliance, by seven statements."""
    held: dict[str, dict[RecordRef, AllianceMember]] = {key: {} for key in keys}
    for alliance, *ends in (yield sight.prepare(alliance_members_query, {"keys": keys})):
        for kind, at in zip(MEMBER_KINDS, range(0, 12, 4), strict=True):
            id, code, industry, name = ends[at : at + 4]
            if id is not None:
                held[alliance][kind, id] = make_member(kind, id, code, industry, name)
    region = dict(map(tuple, (yield sight.prepare(alliance_regions_query, {"keys": keys}))))
    every = [one for found in held.values() for one in found.values()]
    hosts = sorted({key for one in every for kind, key in [one.record] if kind is ORGANISATION})
    own = sorted({key for one in every for kind, key in [one.record] if kind is STUDIO})
    lying: dict[str, str | None] = {}
    by_host = defaultdict(list)
    for studio, host, province in (
        yield sight.prepare(hosted_studios_query, {"hosts": hosts, "own": own})
    ):
        lying[studio] = province
        by_host[host].append(studio)
    for one in every:
        kind, key = one.record
        one.studios = [key] if kind is STUDIO else by_host[key] if kind is ORGANISATION else []
    where = {key: neighbour_regions(region.get(key), held[key].values(), lying) for key in keys}
    near = defaultdict(list)
    regions = sorted({one for of in where.values() for one in of})
    for place, studio in (yield sight.prepare(nearby_studios_query, {"regions": regions})):
        near[place].append(studio)
    first = {place: found[:MAX_NEARBY_STUDIOS] for place, found in near.items()}
    everyone = sorted({*lying, *(one for found in first.values() for one in found)})
    known = facts.read_profiles(
        (yield sight.prepare(facts.studios_query, {"keys": everyone}, wanted=()))
    )
    facts.add_staff(known, (yield sight.prepare(facts.staff_query, {"keys": everyone})))
    facts.add_outcomes(known, (yield sight.prepare(facts.outcomes_query, {"keys": sorted(lying)})))
    return {
        key: make_neighbourhood(list(held[key].values()), where[key], first, near, known)
        for key in keys
    }


def make_member(
    kind: Kind, id: str, code: str, industry: str | None, name: str | None
) -> AllianceMember:
    covered = None
    if industry is not None and name is not None:
        covered = Capability(f"{INDUSTRY.name}:{industry}", name, (INDUSTRY, industry))
    return AllianceMember((kind, id), code, [], covered)


def neighbour_regions(
    region: str | None, members: Any, lying: Mapping[str, str | None]
) -> list[str]:
    if region is not None:
        return [region]
    provinces = {lying.get(studio) for one in members for studio in one.studios}
    return sorted(one for one in provinces if one is not None)


def make_neighbourhood(
    members: list[AllianceMember],
    where: Sequence[str],
    first: Mapping[str, list[str]],
    near: Mapping[str, list[str]],
    known: Mapping[str, StudioProfile],
) -> AllianceNeighbourhood:
    inside = {studio for one in members for studio in one.studios}
    near_it = sorted({one for place in where for one in first.get(place, ())} - inside)
    cut = any(len(near.get(place, ())) > MAX_NEARBY_STUDIOS for place in where)
    return AllianceNeighbourhood(
        members, [known[one] for one in near_it if one in known], cut, known
    )
