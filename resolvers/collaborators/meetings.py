"""The statement that reads which studios and workers share the hubs of a studio."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from engine.catalog.kind import Kind
from kit.db.engine import KeyParameter
from resolvers.academy import TEACHING
from resolvers.alliance import ALLIANCE_MEMBERSHIP
from resolvers.collaborators.hubs import NULL_INTEGER, NULL_TEXT, Conditions, DayView, link_word
from resolvers.collaborators.score import LinkKind
from resolvers.competition import RESULT
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.worker import WORKER


def meetings_query(sight: DayView, **hubs: KeyParameter) -> Select[Any]:
    """Select (word, hub, rank, fact, studio, worker): one fact more than the limit for each hub.

    The studio is null where the viewer sees none behind the fact: it is a link all the same.
    """
    member, is_member = sight.facts(ALLIANCE_MEMBERSHIP)
    teaching, teaches = sight.facts(TEACHING)
    result, placed = sight.facts(RESULT)
    part, has_part = sight.facts(CONTRIBUTION)
    outcome, stands = sight.facts(OUTCOME)
    works, is_at = sight.facts(STUDIO_MEMBERSHIP)
    studio, is_visible = sight.things(STUDIO)
    anyone = or_(result.c.studio_id.is_not(None), result.c.worker_id.is_not(None))
    meet = [
        MeetingBranch(
            LinkKind.ALLIANCE,
            ALLIANCE_MEMBERSHIP,
            member,
            "alliance_id",
            "studio_id",
            None,
            [is_member, member.c.studio_id.is_not(None)],
        ),
        MeetingBranch(
            LinkKind.ACADEMY,
            TEACHING,
            teaching,
            "academy_id",
            None,
            "worker_id",
            [teaches, teaching.c.worker_id.is_not(None)],
            by_worker=True,
        ),
        MeetingBranch(
            LinkKind.COMPETITION,
            RESULT,
            result,
            "competition_id",
            "studio_id",
            "worker_id",
            [placed, anyone],
            by_worker=True,
            rank="rank",
        ),
        MeetingBranch(
            LinkKind.OUTCOME,
            CONTRIBUTION,
            part,
            "outcome_id",
            "studio_id",
            None,
            [has_part, part.c.studio_id.is_not(None)],
        ),
        MeetingBranch(LinkKind.OUTCOME, OUTCOME, outcome, "id", "studio_id", None, [stands]),
        MeetingBranch(LinkKind.HOST, STUDIO, studio, "host_id", "id", None, [is_visible]),
        MeetingBranch(
            LinkKind.MENTORSHIP,
            STUDIO_MEMBERSHIP,
            works,
            "worker_id",
            "studio_id",
            "worker_id",
            [is_at],
        ),
    ]
    arms = [branch.branch_query(sight, hubs[branch.link.value]) for branch in meet]
    return select(*union_all(*arms).subquery().c)


@dataclass(frozen=True)
class MeetingBranch:
    """The facts of one kind at a hub: the column of the hub, and those of studio and worker."""

    link: LinkKind
    kind: Kind
    rows: FromClause
    hub: str
    studio: str | None
    worker: str | None
    conditions: Conditions
    by_worker: bool = False  # whether it leads to the studios of the worker
    rank: str | None = None

    def branch_query(self, sight: DayView, keys: KeyParameter) -> Select[Any]:
        facts = self.cut(sight, keys)
        works, is_at = sight.facts(STUDIO_MEMBERSHIP)
        worker, is_known = sight.things(WORKER)
        studio, is_visible = sight.things(STUDIO)
        where: ColumnElement[Any] = facts.c.studio
        joined: FromClause = facts
        if self.by_worker:
            joined = joined.outerjoin(works, and_(works.c.worker_id == facts.c.worker, is_at))
            where = func.coalesce(facts.c.studio, works.c.studio_id)
        joined = joined.outerjoin(worker, and_(worker.c.id == facts.c.worker, is_known))
        joined = joined.outerjoin(studio, and_(studio.c.id == where, is_visible))
        nameable = or_(facts.c.worker.is_(None), worker.c.id.is_not(None))
        return select(
            literal(link_word(self.link, self.kind)).label("word"),
            facts.c.hub,
            facts.c.rank,
            facts.c.fact,
            case((nameable, studio.c.id), else_=NULL_TEXT).label("studio"),
            worker.c.id.label("worker"),
        ).select_from(joined)

    def columns(self) -> list[ColumnElement[Any]]:
        rows = self.rows
        return [
            rows.c[self.hub].label("hub"),
            (rows.c[self.rank] if self.rank else NULL_INTEGER).label("rank"),
            rows.c.id.label("fact"),
            (rows.c[self.studio] if self.studio else NULL_TEXT).label("studio"),
            (rows.c[self.worker] if self.worker else NULL_TEXT).label("worker"),
        ]

    def cut(self, sight: DayView, keys: KeyParameter) -> FromClause:
        """Return the first facts of each hub; PostgreSQL reads no others."""
        rows, most = self.rows, sight.links + 1
        sorting: list[ColumnElement[Any]] = [rows.c.id]
        if self.rank:
            sorting.insert(0, rows.c[self.rank].asc().nulls_last())
        if sight.write.dialect == "postgresql":
            listed = keys.listed(sight.write.dialect)
            first = select(*self.columns()).where(
                rows.c[self.hub] == listed.c.key, *self.conditions
            )
            each = first.order_by(*sorting).limit(most).correlate(listed).lateral()
            return select(*each.c).select_from(listed.join(each, true())).subquery()
        position = func.row_number().over(partition_by=rows.c[self.hub], order_by=sorting)
        among = sight.among(rows.c[self.hub], keys)
        ranked = select(*self.columns(), position.label("place")).where(among, *self.conditions)
        numbered = ranked.subquery()
        columns = [column for column in numbered.c if column.key != "place"]
        return select(*columns).where(numbered.c.place <= most).subquery()
