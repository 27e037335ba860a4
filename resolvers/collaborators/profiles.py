"""Profiles of studios: staff, outcomes, honours, results and alliances."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import FromClause, Select, and_, case, or_, select, union

from engine.sql.arguments import FilterExpr
from engine.sql.path import PathJoins
from engine.sql.predicate import filter_predicate
from kit.db.engine import KeyParameter
from kit.values.partial_date import first_day
from kit.values.quantity import Qualifier
from models.outcome import OutcomeKind
from models.row import FactStatus, Level
from models.studio import StudioRole
from resolvers.alliance import ALLIANCE, ALLIANCE_MEMBERSHIP
from resolvers.collaborators.hubs import DayView
from resolvers.competition import COMPETITION, RESULT
from resolvers.honour import CONFERRAL, HONOUR
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from resolvers.worker import WORKER

YUAN = "yuan"
UPPER_BOUNDS = {Qualifier.UNDER, Qualifier.AT_MOST}  # an upper bound proves no value
RecordRef = tuple[Any, str]  # kind and key


@dataclass(frozen=True, slots=True)
class Capability:
    """An occupation, industry or kind of outcome; `record` is None for a kind of outcome."""

    key: str
    name: str
    record: RecordRef | None


@dataclass(frozen=True, slots=True)
class DatedRecord:
    record: RecordRef
    happened_on: date | int | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    key: str
    name: str
    leads: bool


@dataclass(slots=True)
class StudioProfile:
    """A studio's profile, as the viewer sees it on the day."""

    id: str
    code: str
    name: str
    province: str | None
    matched: bool
    covers: dict[str, Capability] = field(default_factory=dict)
    people: dict[str, StaffMember] = field(default_factory=dict)
    outcomes: dict[str, DatedRecord] = field(default_factory=dict)
    value: int = 0
    honours: dict[str, tuple[DatedRecord, Level | None]] = field(default_factory=dict)
    has_honour: bool = False  # whether the leader has the honour of the filter
    results: dict[str, DatedRecord] = field(default_factory=dict)
    alliances: dict[str, DatedRecord] = field(default_factory=dict)

    def cover(self, kind: Any, key: str | None, name: str | None) -> None:
        """Add a capability; a record that the viewer can't see has no name, and isn't added."""
        if key is not None and name is not None:
            code = f"{kind.name}:{key}"
            self.covers.setdefault(code, Capability(code, name, (kind, key)))

    @property
    def dated_records(self) -> list[DatedRecord]:
        honours = [deed for deed, _ in self.honours.values()]
        parts = (self.outcomes, self.results, self.alliances)
        return [*honours, *(deed for part in parts for deed in part.values())]


def studios_query(sight: DayView, keys: KeyParameter, wanted: FilterExpr) -> Select[Any]:
    """Select (id, code, name, province, industry and name, host's industry and name, matched)."""
    rows, is_visible = sight.things(STUDIO)
    walk = PathJoins(STUDIO, rows, sight.write.asker)
    [(_, province)], [(_, own)], [(_, of_host)] = (
        walk.to(path) for path in (("region", "province"), ("industry",), ("host", "industry"))
    )
    matched = case((filter_predicate(STUDIO, rows, wanted, sight.write.asker), 1), else_=0)
    statement = select(
        rows.c.id, rows.c.code, rows.c.name, province.c.id, own.c.id, own.c.name,
        of_host.c.id, of_host.c.name, matched,
    ).select_from(rows)  # fmt: skip
    return (
        walk.joined(statement).where(is_visible, sight.among(rows.c.id, keys)).order_by(rows.c.code)
    )


def read_profiles(rows: Sequence[Any]) -> dict[str, StudioProfile]:
    profiles = {}
    for id, code, name, province, own, own_name, of_host, of_host_name, matched in rows:
        profiles[id] = profile = StudioProfile(id, code, name, province, bool(matched))
        profile.cover(INDUSTRY, own, own_name)
        profile.cover(INDUSTRY, of_host, of_host_name)
    return profiles


def staff_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (studio, worker, name, role, occupation and name)."""
    works, is_at = sight.facts(STUDIO_MEMBERSHIP)
    worker, is_known = sight.things(WORKER)
    occupation, is_visible = sight.things(OCCUPATION)
    joined = works.join(worker, and_(worker.c.id == works.c.worker_id, is_known)).outerjoin(
        occupation, and_(occupation.c.id == worker.c.occupation_id, is_visible)
    )
    return (
        select(works.c.studio_id, worker.c.id, worker.c.name, works.c.studio_role,
               occupation.c.id, occupation.c.name)
        .select_from(joined)
        .where(is_at, sight.among(works.c.studio_id, keys))
        .order_by(works.c.studio_id, works.c.id)
    )  # fmt: skip


def add_staff(profiles: dict[str, StudioProfile], rows: Sequence[Any]) -> None:
    for studio, worker, name, role, occupation, occupation_name in rows:
        profile = profiles[studio]
        before = profile.people.get(worker)
        leads = role == StudioRole.LEADER or (before is not None and before.leads)
        profile.people[worker] = StaffMember(worker, name, leads)
        profile.cover(OCCUPATION, occupation, occupation_name)


def outcomes_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (studio, outcome, kind, year, status, value, unit, qualifier), shared ones too."""

    def columns(studio: Any, rows: FromClause) -> list[Any]:
        names = ("id", "outcome_kind", "year", "status", "value_value", "value_unit",
                 "value_qualifier")  # fmt: skip
        return [studio.label("studio"), *(rows.c[name] for name in names)]

    led, stands = sight.facts(OUTCOME)
    shared, stands_too = sight.facts(OUTCOME)
    part, has_part = sight.facts(CONTRIBUTION)
    both = union(
        select(*columns(led.c.studio_id, led)).where(
            stands, sight.happened_by(led.c.year), sight.among(led.c.studio_id, keys)
        ),
        select(*columns(part.c.studio_id, shared))
        .select_from(part.join(shared, shared.c.id == part.c.outcome_id))
        .where(has_part, stands_too, sight.happened_by(shared.c.year))
        .where(sight.among(part.c.studio_id, keys)),
    ).subquery()
    return select(*both.c).order_by(both.c.studio, both.c.id)


def add_outcomes(profiles: dict[str, StudioProfile], rows: Sequence[Any]) -> None:
    """Add outcomes to profiles; a shared outcome counts whole for each studio."""
    for studio, outcome, kind, year, status, value, unit, qualifier in rows:
        profile = profiles[studio]
        profile.outcomes[outcome] = DatedRecord((OUTCOME, outcome), year)
        code = f"{OutcomeKind.__name__}:{kind.value}"
        profile.covers.setdefault(code, Capability(code, kind.name, None))
        proven = status == FactStatus.VERIFIED and unit == YUAN and qualifier not in UPPER_BOUNDS
        if proven and value > 0:
            profile.value += int(value)


def honours_query(
    sight: DayView, keys: KeyParameter, leaders: KeyParameter, wanted: FilterExpr
) -> Select[Any]:
    """Select (studio, leader, conferral, year, level, whether the honour matches the filter)."""
    conferral, stands = sight.facts(CONFERRAL)
    honour, is_visible = sight.things(HONOUR)
    matched = case((filter_predicate(HONOUR, honour, wanted, sight.write.asker), 1), else_=0)
    ours = or_(
        sight.among(conferral.c.studio_id, keys),
        sight.among(conferral.c.worker_id, leaders),
    )
    return (
        select(conferral.c.studio_id, conferral.c.worker_id, conferral.c.id, conferral.c.year,
               honour.c.level, matched)
        .select_from(conferral.join(honour, honour.c.id == conferral.c.honour_id))
        .where(stands, is_visible, sight.happened_by(conferral.c.year), ours)
        .order_by(conferral.c.id)
    )  # fmt: skip


def add_honours(profiles: dict[str, StudioProfile], rows: Sequence[Any]) -> None:
    led = profiles_by_leader(profiles)
    for studio, leader, conferral, year, level, matched in rows:
        deed = DatedRecord((CONFERRAL, conferral), year)
        if studio is not None:
            profiles[studio].honours[conferral] = deed, level
        for profile in led.get(leader, ()):
            profile.honours[conferral] = deed, level
            profile.has_honour = profile.has_honour or bool(matched)


def profiles_by_leader(profiles: dict[str, StudioProfile]) -> dict[str, list[StudioProfile]]:
    led: dict[str, list[StudioProfile]] = {}
    for profile in profiles.values():
        for person in profile.people.values():
            if person.leads:
                led.setdefault(person.key, []).append(profile)
    return led


def results_query(sight: DayView, keys: KeyParameter, workers: KeyParameter) -> Select[Any]:
    """Select (studio, worker, result, year, day)."""
    result, stands = sight.facts(RESULT)
    contest, is_visible = sight.things(COMPETITION)
    ours = or_(
        sight.among(result.c.studio_id, keys),
        sight.among(result.c.worker_id, workers),
    )
    return (
        select(result.c.studio_id, result.c.worker_id, result.c.id,
               contest.c.year, contest.c.held_on)
        .select_from(result.join(contest, contest.c.id == result.c.competition_id))
        .where(stands, is_visible, ours, sight.happened_by(contest.c.year, contest.c.held_on))
        .order_by(result.c.id)
    )  # fmt: skip


def add_results(profiles: dict[str, StudioProfile], rows: Sequence[Any]) -> None:
    by_worker: dict[str, list[StudioProfile]] = {}
    for profile in profiles.values():
        for key in profile.people:
            by_worker.setdefault(key, []).append(profile)
    for studio, worker, fact, year, day in rows:
        deed = DatedRecord((RESULT, fact), first_day(day) if day and len(day) > 4 else year)
        if studio is not None:
            profiles[studio].results[fact] = deed
        for profile in by_worker.get(worker, ()):
            profile.results[fact] = deed


def memberships_query(sight: DayView, keys: KeyParameter) -> Select[Any]:
    """Select (studio, alliance, membership, its first day)."""
    member, holds = sight.facts(ALLIANCE_MEMBERSHIP)
    alliance, is_visible = sight.things(ALLIANCE)
    return (
        select(member.c.studio_id, alliance.c.id, member.c.id, member.c.begins)
        .select_from(member.join(alliance, alliance.c.id == member.c.alliance_id))
        .where(holds, is_visible, sight.among(member.c.studio_id, keys))
        .order_by(member.c.id)
    )


def add_alliances(profiles: dict[str, StudioProfile], rows: Sequence[Any]) -> None:
    for studio, alliance, fact, begins in rows:
        profiles[studio].alliances[alliance] = DatedRecord((ALLIANCE_MEMBERSHIP, fact), begins)
