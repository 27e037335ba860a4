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

    def covers(self, profiles: Mapping[str, StudioProfile]) -> dict[str, Capability]:
        capabilities = {} if self.industry is None else {self.industry.key: self.industry}
        for key in self.studios:
            capabilities |= {
                capability_key: capability
                for capability_key, capability in profiles[key].covers.items()
                if capability.record
            }
        return capabilities

    def outcomes(self, profiles: Mapping[str, StudioProfile]) -> dict[str, RecordRef]:
        return {
            key: deed.record
            for studio in self.studios
            for key, deed in profiles[studio].outcomes.items()
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
        return {key for member in self.members for key in member.covers(self.known)}

    @property
    def gaps(self) -> dict[str, tuple[Capability, int]]:
        """Capabilities that studios outside cover and no member does, and how many cover each."""
        ours, gaps = self.covered, dict[str, tuple[Capability, int]]()
        for profile in self.outside:
            for key, covered in profile.covers.items():
                if key not in ours and covered.record:
                    gaps[key] = covered, gaps.get(key, (covered, 0))[1] + 1
        return gaps


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
    statement = walk.joined(select(rows.c.alliance_id, *columns).select_from(rows))
    return statement.where(holds, sight.among(rows.c.alliance_id, keys)).order_by(rows.c.id)


def alliance_regions_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (alliance, its region)."""
    alliance, is_visible = sight.things(ALLIANCE)
    walk = PathJoins(ALLIANCE, alliance, sight.write.asker)
    [(_, region)] = walk.to(("region",))
    statement = walk.joined(select(alliance.c.id, region.c.id).select_from(alliance))
    return statement.where(is_visible, sight.among(alliance.c.id, keys))


def hosted_studios_query(sight: DayView, hosts: KeyParameter, own: KeyParameter) -> Select[Any]:
    """Select (studio, host, province) of studios of member organisations and of member studios."""
    rows, is_visible = sight.things(STUDIO)
    walk = PathJoins(STUDIO, rows, sight.write.asker)
    [(_, province)] = walk.to(("region", "province"))
    statement = walk.joined(select(rows.c.id, rows.c.host_id, province.c.id).select_from(rows))
    ours = sight.among(rows.c.host_id, hosts) | sight.among(rows.c.id, own)
    return statement.where(is_visible, ours).order_by(rows.c.id)


def nearby_studios_query(sight: DayView, regions: KeyParameter) -> Select[Any]:
    """Select (region, studio) in these subtrees, by code: one above the limit."""
    rows, is_visible = sight.things(STUDIO)
    tree = alias_of(model_table(RegionAncestor))
    position = func.row_number().over(partition_by=tree.c.ancestor_id, order_by=rows.c.code)
    numbered = (
        select(tree.c.ancestor_id.label("region"), rows.c.id, position.label("place"))
        .select_from(rows.join(tree, tree.c.region_id == rows.c.region_id))
        .where(and_(is_visible, sight.among(tree.c.ancestor_id, regions)))
        .subquery()
    )
    nearest = select(numbered.c.region, numbered.c.id).where(
        numbered.c.place <= MAX_NEARBY_STUDIOS + 1
    )
    return nearest.order_by(numbered.c.region, numbered.c.place)


def read_neighbourhoods(sight: DayView, keys: Sequence[str]) -> Any:
    """Return the surroundings of each alliance, by seven statements."""
    members_by_alliance: dict[str, dict[RecordRef, AllianceMember]] = {key: {} for key in keys}
    for alliance, *ends in (yield sight.prepare(alliance_members_query, {"keys": keys})):
        for kind, at in zip(MEMBER_KINDS, range(0, 12, 4), strict=True):
            id, code, industry, name = ends[at : at + 4]
            if id is not None:
                members_by_alliance[alliance][kind, id] = make_member(
                    kind, id, code, industry, name
                )
    region = dict(map(tuple, (yield sight.prepare(alliance_regions_query, {"keys": keys}))))
    every = [member for members in members_by_alliance.values() for member in members.values()]
    hosts = sorted(
        {key for member in every for kind, key in [member.record] if kind is ORGANISATION}
    )
    own = sorted({key for member in every for kind, key in [member.record] if kind is STUDIO})
    lying: dict[str, str | None] = {}
    by_host = defaultdict(list)
    for studio, host, province in (
        yield sight.prepare(hosted_studios_query, {"hosts": hosts, "own": own})
    ):
        lying[studio] = province
        by_host[host].append(studio)
    for member in every:
        kind, key = member.record
        member.studios = [key] if kind is STUDIO else by_host[key] if kind is ORGANISATION else []
    where = {
        key: neighbour_regions(region.get(key), members_by_alliance[key].values(), lying)
        for key in keys
    }
    near = defaultdict(list)
    regions = sorted({record_key for region_keys in where.values() for record_key in region_keys})
    for region_key, studio in (yield sight.prepare(nearby_studios_query, {"regions": regions})):
        near[region_key].append(studio)
    first = {
        region_key: studio_keys[:MAX_NEARBY_STUDIOS] for region_key, studio_keys in near.items()
    }
    everyone = sorted(
        {*lying, *(studio_key for studio_keys in first.values() for studio_key in studio_keys)}
    )
    profiles = facts.read_profiles(
        (yield sight.prepare(facts.studios_query, {"keys": everyone}, wanted=()))
    )
    facts.add_staff(profiles, (yield sight.prepare(facts.staff_query, {"keys": everyone})))
    facts.add_outcomes(
        profiles, (yield sight.prepare(facts.outcomes_query, {"keys": sorted(lying)}))
    )
    return {
        key: make_neighbourhood(
            list(members_by_alliance[key].values()), where[key], first, near, profiles
        )
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
    provinces = {lying.get(studio) for member in members for studio in member.studios}
    return sorted(province for province in provinces if province is not None)


def make_neighbourhood(
    members: list[AllianceMember],
    where: Sequence[str],
    first: Mapping[str, list[str]],
    near: Mapping[str, list[str]],
    profiles: Mapping[str, StudioProfile],
) -> AllianceNeighbourhood:
    inside = {studio for member in members for studio in member.studios}
    near_it = sorted(
        {studio_key for region in where for studio_key in first.get(region, ())} - inside
    )
    cut = any(len(near.get(region, ())) > MAX_NEARBY_STUDIOS for region in where)
    return AllianceNeighbourhood(
        members, [profiles[key] for key in near_it if key in profiles], cut, profiles
    )
