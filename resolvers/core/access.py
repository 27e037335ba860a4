"""Viewers, and the predicate that selects the rows that they may see.

It is the first line of defence. PostgreSQL's policies in migrations/ are the second: they are
written separately, for the roles that `SessionRole` names, so that no mistake is in both.
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

from engine.catalog.kind import DerivationBasis, VisibilityPredicate
from engine.operation import ViewerClass
from engine.sql.parameters import Parameter, bind_value
from kit.db.column_types import Text
from kit.db.session_role import SessionRole
from kit.db.table_aliases import alias_of
from models.academy import Academy
from models.alliance import Alliance, AllianceMembership
from models.history import model_table
from models.partner import SCOPES_BY_ROLE, UNAVAILABLE_SCOPES, Role, Scope
from models.region import RegionAncestor
from models.row import Audience, FactStatus
from models.studio import Studio
from models.worker import Worker
from resolvers.core.subjects import subject_columns

# Inlined as literals: with bind parameters PostgreSQL plans a statement again each time that
# row-level security applies the same condition.
PUBLIC_LITERAL, SHARED_LITERAL, PROTECTED_LITERAL = (
    literal_column(f"'{audience.value}'", Text())
    for audience in (Audience.PUBLIC, Audience.SHARED, Audience.PROTECTED)
)
PUBLIC_SCOPES = frozenset({Scope.READ_PUBLIC})
WRITE_SCOPES = frozenset({Scope.WRITE_OWN, Scope.ADMIN})
# The scopes that decide which rows are visible.
VISIBILITY_SCOPES = frozenset({Scope.READ_OWN, Scope.READ_REGION, Scope.ADMIN})


@dataclass(frozen=True)
class Viewer:
    """The public; a partner, with the scopes of its key or token; or the operator, who sees all.

    `organisation` and `region` are keys of records, `rate_key` the credential whose rate counts.
    """

    name: str
    organisation: str | None = None
    role: Role | None = None
    region: str | None = None
    scopes: frozenset[Scope] = PUBLIC_SCOPES
    rate_key: str | None = None
    worker: str | None = None  # the key of the person, if the viewer is one

    @property
    def sees_all(self) -> bool:
        return Scope.ADMIN in self.scopes

    @property
    def may_write(self) -> bool:
        return bool(self.scopes & WRITE_SCOPES)

    @property
    def reads_own(self) -> bool:
        """Whether the viewer sees more than the public on behalf of its organisation."""
        return self.organisation is not None and Scope.READ_OWN in self.scopes

    @property
    def sees_own(self) -> bool:
        """Whether it sees records of its organisation; an alliance sees none of its convenor's."""
        return self.reads_own and self.role is not Role.ALLIANCE

    @property
    def sees_shared(self) -> bool:
        return self.reads_own and self.role is Role.ALLIANCE

    @property
    def sees_region(self) -> bool:
        return self.region is not None and Scope.READ_REGION in self.scopes

    @property
    def basis(self) -> DerivationBasis:
        """The basis of derived values for this viewer: the records that its session role sees."""
        role = self.wall.role
        if role == "jiangpu_steward":
            return DerivationBasis.ALL
        return DerivationBasis.PUBLIC if role == "jiangpu_public" else DerivationBasis.VISIBLE

    @cached_property
    def wall(self) -> SessionRole:
        """The session role that sees no less than the viewer, with the settings of its policies."""
        if self.sees_all:
            return SessionRole("jiangpu_steward", session_settings())
        own = self.organisation if self.reads_own else None
        region = self.region if self.sees_region else None
        if region:
            role = "union"
        elif self.sees_shared:
            role = "convenor"
        else:
            role = "partner" if own or self.worker else "public"
        return SessionRole(f"jiangpu_{role}", session_settings(own, region, self.worker))

    @cached_property
    def template(self) -> ViewerClass:
        """The viewer class: viewers share plans if only organisation, region and worker differ."""
        if self.sees_all:
            return ViewerClass(OPERATOR, {})
        ours = self.reads_own
        values = {ORGANISATION_PARAMETER.name: self.organisation} if ours else {}
        values |= {REGION_PARAMETER.name: self.region} if self.sees_region else {}
        values |= {WORKER_PARAMETER.name: self.worker} if self.worker else {}
        if not values:
            return ViewerClass(PUBLIC, values)
        alike = Viewer(
            "partner",
            ORGANISATION_PARAMETER if ours else None,
            self.role if self.sees_shared else None,
            REGION_PARAMETER if self.sees_region else None,
            self.scopes & VISIBILITY_SCOPES,
            worker=WORKER_PARAMETER if self.worker else None,
        )
        return ViewerClass(alike, values)


ORGANISATION_PARAMETER: Any = Parameter("organisation")
REGION_PARAMETER: Any = Parameter("region")
WORKER_PARAMETER: Any = Parameter("worker")


def session_settings(*keys: str | None) -> tuple[tuple[str, str], ...]:
    """Return the settings that the policies of a session read: organisation, region, worker."""
    names = ("jiangpu.organisation", "jiangpu.region", "jiangpu.worker")
    return tuple((name, key or "") for name, key in zip_longest(names, keys))


PUBLIC = Viewer("public")
OPERATOR = Viewer("operator", scopes=frozenset(Scope) - UNAVAILABLE_SCOPES)


def partner_viewer(role: Role, organisation: str, region: str | None = None) -> Viewer:
    """Return a partner with all scopes of its role."""
    return Viewer(organisation, organisation, role, region, SCOPES_BY_ROLE[role], organisation)


def viewer_class_of(viewer: Viewer) -> ViewerClass:
    return viewer.template


def basis_of(viewer: Viewer) -> DerivationBasis:
    return viewer.basis


def visible(model: type[SQLModel]) -> VisibilityPredicate:
    """Return the one predicate of lists, look-ups, totals, groups and filters, so that they agree.

    It reads columns only, so it applies to a table and to its history table.
    """

    def seen(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
        if viewer.sees_all:
            return true()
        return or_(rows.c.audience == PUBLIC_LITERAL, *nonpublic_conditions(model, viewer, rows))

    return seen


def nonpublic_conditions(
    model: type[SQLModel], viewer: Viewer, rows: FromClause
) -> list[ColumnElement[bool]]:
    """Return the conditions under which a row that isn't public is visible; one suffices."""
    if viewer.sees_all:
        return [true()]
    ways: list[ColumnElement[bool]] = []
    if viewer.sees_own:
        ways.append(rows.c.owner_id == key_parameter(viewer.organisation))
    if viewer.sees_shared:
        theirs = rows.c.owner_id.in_(organisations_sharing_with(key_parameter(viewer.organisation)))
        ways.append(and_(rows.c.audience == SHARED_LITERAL, theirs))
        ways += convenor_conditions(model, rows, viewer)
    if viewer.sees_region:
        ways += region_conditions(model, rows, viewer)
    if viewer.worker is not None:
        ways += person_conditions(model, rows, key_parameter(viewer.worker))
    return ways


def owned_by_viewer(viewer: Viewer, rows: FromClause) -> ColumnElement[bool]:
    """Return the predicate of columns that only the owner and the steward see: see `is_owner`."""
    if viewer.sees_all:
        return true()
    return rows.c.owner_id == key_parameter(viewer.organisation) if viewer.sees_own else false()


def is_owner(viewer: Viewer, row: Any) -> bool:
    """Return `owned_by_viewer` for a row that has been read."""
    return viewer.sees_all or (viewer.sees_own and row.owner_id == viewer.organisation)


def key_parameter(value: Any) -> Any:
    return bind_value(value, model_table(RegionAncestor).c.ancestor_id.type)


def convenor_conditions(
    model: type[SQLModel], rows: FromClause, viewer: Viewer
) -> list[ColumnElement[bool]]:
    """Return the condition for an alliance: its convenor's assertions about it are its own."""
    column = "id" if model is Alliance else "alliance_id"
    if column not in rows.c:
        return []
    return [asserted_by_convenor(rows, rows.c[column], viewer)]


def asserted_by_convenor(
    rows: FromClause, alliance: ColumnElement[Any], viewer: Viewer
) -> ColumnElement[bool]:
    convenor, alliances = key_parameter(viewer.organisation), alias_of(model_table(Alliance))
    convened = select(alliances.c.id).where(alliances.c.convenor_id == convenor)
    return and_(rows.c.owner_id == convenor, alliance.in_(convened))


def region_conditions(
    model: type[SQLModel], rows: FromClause, viewer: Viewer
) -> list[ColumnElement[bool]]:
    """Return the condition that an unprotected row is in the viewer's region or below.

    One way to be there suffices; the list is empty if the model has none.
    """
    region = key_parameter(viewer.region)
    # The `region_id` of a fact depends on the viewer; `lies_in_id` doesn't.
    region_column = next((name for name in ("lies_in_id", "region_id") if name in rows.c), None)
    if region_column is not None:
        pairs = alias_of(model_table(RegionAncestor))
        subtree = select(pairs.c.region_id).where(pairs.c.ancestor_id == region)
        ways: list[ColumnElement[bool]] = [rows.c[region_column].in_(subtree)]
    else:
        ways = [
            subject_in_region(rows.c[column], holder, viewer)
            for column, holder in subject_columns(model)
        ]
    return [and_(rows.c.audience != PROTECTED_LITERAL, or_(*ways))] if ways else []


def person_conditions(
    model: type[SQLModel], rows: FromClause, worker: Any
) -> list[ColumnElement[bool]]:
    """Return the conditions under which a person sees a row: it is theirs, or a fact about them."""
    if model is Worker:
        return [rows.c.id == worker]
    of_workers = [name for name, holder in subject_columns(model) if holder is model_table(Worker)]
    return [rows.c[name] == worker for name in of_workers]


def subject_in_region(
    key: ColumnElement[Any], holder: Table, viewer: Viewer
) -> ColumnElement[bool]:
    """Return whether a subject is in the viewer's region, as a correlated EXISTS.

    Most rows are public, and skip it by the short-circuit of OR. Only the owner of a protected
    person sees where they are; for other viewers the person is in no region.
    """
    rows, pairs = alias_of(holder), alias_of(model_table(RegionAncestor))
    # An explicit join: in a lateral, SQLAlchemy warns about two tables that only `where` joins.
    joined = rows.join(pairs, pairs.c.region_id == rows.c.region_id)
    # Selects one column: some roles can't read all of them.
    is_inside = exists(rows.c.id).select_from(joined)
    is_inside = is_inside.where(
        rows.c.id == key, pairs.c.ancestor_id == key_parameter(viewer.region)
    )
    if holder is not model_table(Worker):
        return is_inside
    return is_inside.where(or_(rows.c.audience != PROTECTED_LITERAL, owned_by_viewer(viewer, rows)))


def organisations_sharing_with(convenor: Any) -> Select[Any]:
    """Return the organisations that share with a convenor: members of its alliances, with no end.

    A studio or academy that is a member shares the records of its host.
    """
    alliance, membership = (
        alias_of(model_table(model)) for model in (Alliance, AllianceMembership)
    )
    studio, academy = alias_of(model_table(Studio)), alias_of(model_table(Academy))
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
