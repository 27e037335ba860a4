"""Who asks, and which rows they may see.

The predicate here is the first wall. The second is PostgreSQL's: policies for the roles that `wall`
names, written by hand in migrations/, so that no mistake is in both.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlmodel import SQLModel

from engine.kind import Basis, Visible
from engine.plan import Template
from engine.shape import Slot, bound
from kit.columns import Text
from kit.rows import rows_of
from kit.walls import Wall
from models import Academy, Alliance, AllianceMembership, RegionAncestor, Studio, Worker
from models.history import stored
from models.partner import ALLOWED, NOT_YET, Role, Scope
from models.row import Audience, FactStatus

# Who or what a row without a region of its own is about: it lies where they lie.
HOLDERS = (
    "worker_id",
    "trainee_id",
    "mentor_id",
    "apprentice_id",
    "organisation_id",
    "college_id",
    "studio_id",
    "academy_id",
    "alliance_id",
    "service_team_id",
    "challenge_id",
    "outcome_id",
)
# Words of ours, written out: for a value that it isn't told PostgreSQL plans a statement anew each
# time that row-level security asks for the same one.
PUBLICLY, SHARED, PROTECTED = (
    literal_column(f"'{audience.value}'", Text())
    for audience in (Audience.PUBLIC, Audience.SHARED, Audience.PROTECTED)
)
PUBLIC_ONLY = frozenset({Scope.READ_PUBLIC})
WRITING = frozenset({Scope.WRITE_OWN, Scope.ADMIN})
# Those on which it depends which rows are seen.
SEEING = frozenset({Scope.READ_OWN, Scope.READ_REGION, Scope.ADMIN})


@dataclass(frozen=True)
class Viewer:
    """The public; a partner, with what its key or token allows; or the operator, who sees all.

    `organisation` and `region` are keys. `rated` names whose rate is counted: a key, not a partner.
    """

    name: str
    organisation: str | None = None
    role: Role | None = None
    region: str | None = None
    scopes: frozenset[Scope] = PUBLIC_ONLY
    rated: str | None = None
    worker: str | None = None  # the key of the person that it is

    @property
    def sees_all(self) -> bool:
        return Scope.ADMIN in self.scopes

    @property
    def may_write(self) -> bool:
        return bool(self.scopes & WRITING)

    @property
    def reads_own(self) -> bool:
        """Whether it is shown more than the public because of whom it asks for."""
        return self.organisation is not None and Scope.READ_OWN in self.scopes

    @property
    def sees_own(self) -> bool:
        """What its organisation owns. An alliance's key acts for the alliance, not its convenor."""
        return self.reads_own and self.role is not Role.ALLIANCE

    @property
    def sees_shared(self) -> bool:
        return self.reads_own and self.role is Role.ALLIANCE

    @property
    def sees_region(self) -> bool:
        return self.region is not None and Scope.READ_REGION in self.scopes

    @property
    def basis(self) -> Basis:
        """What derived values follow from, to this viewer: as much as its wall lets it see."""
        role = self.wall.role
        if role == "jiangpu_steward":
            return Basis.WHOLE
        return Basis.COMMON if role == "jiangpu_public" else Basis.SEEN

    @cached_property
    def wall(self) -> Wall:
        """The role that sees no less than the viewer, and what its policies go by."""
        if self.sees_all:
            return Wall("jiangpu_steward", told())
        own = self.organisation if self.reads_own else None
        region = self.region if self.sees_region else None
        if region:
            role = "union"
        elif self.sees_shared:
            role = "convenor"
        else:
            role = "partner" if own or self.worker else "public"
        return Wall(f"jiangpu_{role}", told(own, region, self.worker))

    @cached_property
    def template(self) -> Template:
        """Viewers who differ in nothing but organisation and region share their plans."""
        if self.sees_all:
            return Template(OPERATOR, {})
        ours = self.reads_own
        values = {ITS_OWN.name: self.organisation} if ours else {}
        values |= {ITS_REGION.name: self.region} if self.sees_region else {}
        values |= {ITS_SELF.name: self.worker} if self.worker else {}
        if not values:
            return Template(PUBLIC, values)
        alike = Viewer(
            "partner",
            ITS_OWN if ours else None,
            self.role if self.sees_shared else None,
            ITS_REGION if self.sees_region else None,
            self.scopes & SEEING,
            worker=ITS_SELF if self.worker else None,
        )
        return Template(alike, values)


ITS_OWN: Any = Slot("organisation")
ITS_REGION: Any = Slot("region")
ITS_SELF: Any = Slot("worker")


def told(*keys: str | None) -> tuple[tuple[str, str], ...]:
    """What the policies of a session go by: organisation, region, worker."""
    names = ("jiangpu.organisation", "jiangpu.region", "jiangpu.worker")
    return tuple((name, key or "") for name, key in zip_longest(names, keys))


PUBLIC = Viewer("public")
OPERATOR = Viewer("operator", scopes=frozenset(Scope) - NOT_YET)


def partner(role: Role, organisation: str, region: str | None = None) -> Viewer:
    """A partner with all that its role allows."""
    return Viewer(organisation, organisation, role, region, ALLOWED[role], organisation)


def template(viewer: Viewer) -> Template:
    return viewer.template


def basis(viewer: Viewer) -> Basis:
    return viewer.basis


def visible(model: type[SQLModel]) -> Visible:
    """The one predicate of lists, look-ups, totals, groups and filters, so that they agree.

    Rows may be those of the table or of its twin: only columns are read.
    """

    def seen(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
        if viewer.sees_all:
            return true()
        return or_(rows.c.audience == PUBLICLY, *further_ways(model, viewer, rows))

    return seen


def further_ways(
    model: type[SQLModel], viewer: Viewer, rows: FromClause
) -> list[ColumnElement[bool]]:
    """In which a row that isn't public is seen; one suffices."""
    if viewer.sees_all:
        return [true()]
    ways: list[ColumnElement[bool]] = []
    if viewer.sees_own:
        ways.append(rows.c.owner_id == as_key(viewer.organisation))
    if viewer.sees_shared:
        theirs = rows.c.owner_id.in_(sharing_with(as_key(viewer.organisation)))
        ways.append(and_(rows.c.audience == SHARED, theirs))
        ways += of_its_alliances(model, rows, viewer)
    if viewer.sees_region:
        ways += within(model, rows, viewer)
    if viewer.worker is not None:
        ways += about(model, rows, as_key(viewer.worker))
    return ways


def owned(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
    """What isn't for all who see a row is for its owner and the steward: see `owns`."""
    if viewer.sees_all:
        return true()
    return rows.c.owner_id == as_key(viewer.organisation) if viewer.sees_own else false()


def owns(viewer: Viewer, row: Any) -> bool:
    """As `owned`, of a row that has been read."""
    return viewer.sees_all or (viewer.sees_own and row.owner_id == viewer.organisation)


def as_key(value: Any) -> Any:
    return bound(value, stored(RegionAncestor).c.ancestor_id.type)


def of_its_alliances(
    model: type[SQLModel], rows: FromClause, viewer: Viewer
) -> list[ColumnElement[bool]]:
    """What an alliance's convenor asserts of the alliance itself is the alliance's own."""
    column = "id" if model is Alliance else "alliance_id"
    if column not in rows.c:
        return []
    return [asserted_of_alliances(rows, rows.c[column], viewer)]


def asserted_of_alliances(
    rows: FromClause, alliance: ColumnElement[Any], viewer: Viewer
) -> ColumnElement[bool]:
    convenor, alliances = as_key(viewer.organisation), rows_of(stored(Alliance))
    convened = select(alliances.c.id).where(alliances.c.convenor_id == convenor)
    return and_(rows.c.owner_id == convenor, alliance.in_(convened))


def within(model: type[SQLModel], rows: FromClause, viewer: Viewer) -> list[ColumnElement[bool]]:
    """Whether a row that isn't protected lies in the viewer's region or below: one way suffices."""
    region = as_key(viewer.region)
    # What a fact shows as its region follows from who asks; where it lies doesn't.
    place = next((name for name in ("lies_in_id", "region_id") if name in rows.c), None)
    if place is not None:
        pairs = rows_of(stored(RegionAncestor))
        subtree = select(pairs.c.region_id).where(pairs.c.ancestor_id == region)
        ways: list[ColumnElement[bool]] = [rows.c[place].in_(subtree)]
    else:
        ways = [lies_within(rows.c[column], holder, viewer) for column, holder in holders(model)]
    return [and_(rows.c.audience != PROTECTED, or_(*ways))] if ways else []


def about(model: type[SQLModel], rows: FromClause, worker: Any) -> list[ColumnElement[bool]]:
    """A person is shown their own record, and the facts that are about them."""
    if model is Worker:
        return [rows.c.id == worker]
    of_workers = [name for name, holder in holders(model) if holder is stored(Worker)]
    return [rows.c[name] == worker for name in of_workers]


def holders(model: type[SQLModel]) -> list[tuple[str, Table]]:
    columns = stored(model).c
    return [
        (name, next(iter(columns[name].foreign_keys)).column.table)
        for name in HOLDERS
        if name in columns
    ]


def lies_within(key: ColumnElement[Any], holder: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Asked for one row at a time: most rows are public, and then it isn't asked at all.

    Where a protected person lies is told to their owner alone: for others nothing lies there.
    """
    rows, pairs = rows_of(holder), rows_of(stored(RegionAncestor))
    # Joined in so many words: in a lateral, SQLAlchemy warns of two tables that `where` joins.
    joined = rows.join(pairs, pairs.c.region_id == rows.c.region_id)
    # Of a column, for not every role may read them all.
    found = exists(rows.c.id).select_from(joined)
    found = found.where(rows.c.id == key, pairs.c.ancestor_id == as_key(viewer.region))
    if holder is not stored(Worker):
        return found
    return found.where(or_(rows.c.audience != PROTECTED, owned(viewer, rows)))


def sharing_with(convenor: Any) -> Select[Any]:
    """The organisations that share with a convenor: those in its alliances, with no end on record.

    A studio or academy that is a member shares what its host owns.
    """
    alliance, membership = rows_of(stored(Alliance)), rows_of(stored(AllianceMembership))
    studio, academy = rows_of(stored(Studio)), rows_of(stored(Academy))
    member = func.coalesce(membership.c.organisation_id, studio.c.host_id, academy.c.host_id)
    return (
        select(member)
        .select_from(alliance)
        .join(membership, membership.c.alliance_id == alliance.c.id)
        .outerjoin(studio, studio.c.id == membership.c.studio_id)
        .outerjoin(academy, academy.c.id == membership.c.academy_id)
        .where(
            alliance.c.convenor_id == convenor,
            membership.c.ends.is_(None),
            membership.c.status != FactStatus.RETRACTED,
            member.is_not(None),
        )
    )
