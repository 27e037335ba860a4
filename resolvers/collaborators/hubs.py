"""The links of studios: statements from a studio to a hub, and from the hub to all others there.

Every row is visible to the viewer and valid on the day. Hidden rows are no links, are not counted
and don't bring a hub nearer to its limit.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import Integer

from engine.catalog.kind import Kind, Spells
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import list_predicate
from engine.sql.prepared import PreparedStatement, StatementBuilder
from kit.db.column_types import Text
from kit.db.engine import KeyParameter, in_keys
from resolvers.academy import ACADEMY, TEACHING
from resolvers.alliance import ALLIANCE, ALLIANCE_MEMBERSHIP
from resolvers.collaborators.score import LinkKind
from resolvers.competition import COMPETITION, RESULT
from resolvers.organisation import ORGANISATION
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.studio import STUDIO
from resolvers.training import MENTORSHIP
from resolvers.worker import WORKER

NULL_TEXT, NULL_INTEGER = cast(null(), Text()), cast(null(), Integer())
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class DayView:
    """The records that a viewer sees on a day, by default today."""

    write: QueryBuilder
    on: date | None

    @property
    def day(self) -> date:
        return self.on or self.write.asker.today

    @property
    def links(self) -> int:
        """The maximum number of links of one kind followed from one record."""
        return self.write.asker.limits.links

    def prepare(
        self,
        write: StatementBuilder,
        keys: Mapping[str, Sequence[str]],
        *,
        lists: bool = False,
        **arguments: Hashable,
    ) -> PreparedStatement:
        return PreparedStatement(
            write, self, self.write.dialect, keys, tuple(arguments.items()), lists=lists
        )

    def facts(self, kind: Kind) -> tuple[FromClause, ColumnElement[bool]]:
        rows = kind.rows(self.write.asker)
        arguments = ConnectionArguments(on=self.on, spells=None if self.on else Spells.CURRENT)
        return rows, list_predicate(kind, rows, arguments, self.write.asker)

    def things(self, kind: Kind) -> tuple[FromClause, ColumnElement[bool]]:
        rows = kind.rows(self.write.asker)
        return rows, kind.visible(self.write.asker.viewer, rows)

    def among(self, column: ColumnElement[Any], keys: KeyParameter) -> ColumnElement[bool]:
        return in_keys(column, keys, self.write.dialect)

    def happened_by(
        self, year: ColumnElement[Any], day: ColumnElement[Any] | None = None
    ) -> ColumnElement[bool]:
        """Return the condition that a year, or a day as published, isn't after the day requested.

        Undated records are left out for a past day.
        """
        is_dated, not_later = [year.is_not(None)], [or_(year.is_(None), year <= self.day.year)]
        if day is not None:
            is_dated.append(day.is_not(None))
            # A partial date is a prefix of its days, so it sorts before them as text.
            not_later.append(or_(day.is_(None), cast(day, Text()) <= self.day.isoformat()))
        past = self.on is not None and self.on < self.write.asker.today
        return and_(*not_later, or_(*is_dated)) if past else and_(*not_later)


def link_word(link: LinkKind, fact: Kind) -> str:
    return f"{link.value}:{fact.name}"


def hubs_query(sight: DayView, studios: KeyParameter, workers: KeyParameter) -> Select[Any]:
    """Select (word, studio, worker, fact, hub, its name), one above the limit for each holder."""
    member, is_member = sight.facts(ALLIANCE_MEMBERSHIP)
    teaching, teaches = sight.facts(TEACHING)
    result, placed = sight.facts(RESULT)
    part, has_part = sight.facts(CONTRIBUTION)
    outcome, stands = sight.facts(OUTCOME)
    pair, are_pair = sight.facts(MENTORSHIP)
    studio, is_visible = sight.things(STUDIO)
    arms = [
        hubs_branch(
            sight,
            LinkKind.ALLIANCE,
            ALLIANCE_MEMBERSHIP,
            member,
            "studio_id",
            "alliance_id",
            ALLIANCE,
            [is_member, sight.among(member.c.studio_id, studios)],
        ),
        hubs_branch(
            sight,
            LinkKind.ACADEMY,
            TEACHING,
            teaching,
            "worker_id",
            "academy_id",
            ACADEMY,
            [teaches, sight.among(teaching.c.worker_id, workers)],
        ),
        hubs_branch(
            sight,
            LinkKind.COMPETITION,
            RESULT,
            result,
            "studio_id",
            "competition_id",
            COMPETITION,
            [placed, sight.among(result.c.studio_id, studios)],
        ),
        hubs_branch(
            sight,
            LinkKind.COMPETITION,
            RESULT,
            result,
            "worker_id",
            "competition_id",
            COMPETITION,
            [placed, sight.among(result.c.worker_id, workers)],
        ),
        hubs_branch(
            sight,
            LinkKind.OUTCOME,
            CONTRIBUTION,
            part,
            "studio_id",
            "outcome_id",
            OUTCOME,
            [has_part, sight.among(part.c.studio_id, studios)],
        ),
        hubs_branch(
            sight,
            LinkKind.OUTCOME,
            OUTCOME,
            outcome,
            "studio_id",
            "id",
            OUTCOME,
            [stands, sight.among(outcome.c.studio_id, studios)],
        ),
        hubs_branch(
            sight,
            LinkKind.HOST,
            STUDIO,
            studio,
            "id",
            "host_id",
            ORGANISATION,
            [is_visible, sight.among(studio.c.id, studios)],
        ),
        hubs_branch(
            sight,
            LinkKind.MENTORSHIP,
            MENTORSHIP,
            pair,
            "mentor_id",
            "apprentice_id",
            WORKER,
            [are_pair, sight.among(pair.c.mentor_id, workers)],
        ),
        hubs_branch(
            sight,
            LinkKind.MENTORSHIP,
            MENTORSHIP,
            pair,
            "apprentice_id",
            "mentor_id",
            WORKER,
            [are_pair, sight.among(pair.c.apprentice_id, workers)],
        ),
    ]
    return select(*union_all(*arms).subquery().c)


def hubs_branch(
    sight: DayView,
    link: LinkKind,
    kind: Kind,
    rows: FromClause,
    holder: str,
    hub: str,
    hub_kind: Kind,
    conditions: Conditions,
) -> Select[Any]:
    met, is_visible = (
        sight.facts(hub_kind) if "status" in hub_kind.table.c else sight.things(hub_kind)
    )
    name = met.c.title if hub_kind is OUTCOME else met.c.name
    conditions = [*conditions, is_visible]
    if hub_kind in (OUTCOME, COMPETITION):
        conditions.append(sight.happened_by(met.c.year, met.c.get("held_on")))
    position = (
        func.row_number().over(partition_by=rows.c[holder], order_by=rows.c.id).label("place")
    )
    numbered = (
        select(rows.c[holder].label("holder"), rows.c.id.label("fact"),
               met.c.id.label("hub"), name.label("name"), position)
        .select_from(rows.join(met, met.c.id == rows.c[hub]))
        .where(*conditions)
        .subquery()
    )  # fmt: skip
    of_studio = holder in ("id", "studio_id")
    columns = (
        (numbered.c.holder if of_studio else NULL_TEXT).label("studio"),
        (NULL_TEXT if of_studio else numbered.c.holder).label("worker"),
        numbered.c.fact,
        numbered.c.hub,
        numbered.c.name,
    )
    cut = numbered.c.place <= sight.links + 1
    return select(literal(link_word(link, kind)).label("word"), *columns).where(cut)
