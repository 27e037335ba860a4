"""Values derived from facts: employer, grade, leader of a studio, region of a recipient.

A derived value is the first, in its order, of the facts that the viewer sees. One expression serves
for all: the values for the public and from all facts are stored
(resolvers/writing/derived_columns.py); those for other viewers are computed when read.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlmodel import SQLModel

from engine.sql.parameters import bind_value
from engine.sql.predicate import ViewerContext
from kit.db.table_aliases import alias_of
from models.alliance import Alliance
from models.history import model_table
from models.organisation import Organisation
from models.row import FactStatus
from models.source import Source
from models.studio import Studio, StudioMembership, StudioRole
from models.training import Qualification
from models.worker import Employment, Grade, Worker
from resolvers.core.access import visible

ValueExpr = ColumnElement[Any]
# (viewer, rows of the thing) -> the value of each
DeriveExpr = Callable[[ViewerContext, FromClause], ValueExpr]


class FactPairs(NamedTuple):
    """Facts that pair a source with a target; `holds` selects one fact for each pair."""

    facts: FromClause
    source: ColumnElement[Any]
    target: ColumnElement[Any]
    holds: ColumnElement[bool]


GRADES_HIGHEST_FIRST = {grade.value: index for index, grade in enumerate(reversed(Grade))}
RECIPIENT_MODELS: dict[str, type[SQLModel]] = {
    "worker_id": Worker,
    "organisation_id": Organisation,
    "studio_id": Studio,
    "alliance_id": Alliance,
}


def visible_not_retracted(
    model: type[SQLModel], facts: FromClause, asker: ViewerContext
) -> ColumnElement[bool]:
    is_visible = visible(model)(asker.viewer, facts)
    return and_(facts.c.status != FactStatus.RETRACTED, is_visible)


def current_on(facts: FromClause, today: date) -> ColumnElement[bool]:
    day = bind_value(today, Date())
    begun = or_(facts.c.begins.is_(None), facts.c.begins <= day)
    return and_(begun, or_(facts.c.ends.is_(None), facts.c.ends > day))


def grade_of_worker(asker: ViewerContext, workers: FromClause) -> ValueExpr:
    """Return the grade of the highest certificate."""
    facts = alias_of(model_table(Qualification))
    grades = select(facts.c.grade).where(
        facts.c.worker_id == workers.c.id,
        facts.c.grade.is_not(None),
        visible_not_retracted(Qualification, facts, asker),
    )
    highest = case(GRADES_HIGHEST_FIRST, value=facts.c.grade)
    return grades.order_by(highest).limit(1).correlate(workers).scalar_subquery()


def employer_of_worker(asker: ViewerContext, workers: FromClause) -> ValueExpr:
    return current_employer(workers.c.id, workers, asker)


def current_employer(
    worker: ColumnElement[Any], outer: FromClause, asker: ViewerContext
) -> ValueExpr:
    facts = alias_of(model_table(Employment))
    condition = and_(facts.c.worker_id == worker, visible_not_retracted(Employment, facts, asker))
    return latest_agreed(facts, "organisation_id", condition, asker, outer)


def leader_of_studio(asker: ViewerContext, studios: FromClause) -> ValueExpr:
    """Return the leader; of several, the first by `latest_agreed`."""
    facts = alias_of(model_table(StudioMembership))
    led = and_(facts.c.studio_id == studios.c.id, is_leadership(facts, asker))
    return latest_agreed(facts, "worker_id", led, asker, studios)


def is_leadership(facts: FromClause, asker: ViewerContext) -> ColumnElement[bool]:
    """Return the condition for memberships of leaders."""
    role = facts.c.studio_role == StudioRole.LEADER
    return and_(role, visible_not_retracted(StudioMembership, facts, asker))


def latest_agreed(
    facts: FromClause,
    column: str,
    condition: ColumnElement[bool],
    asker: ViewerContext,
    outer: FromClause,
) -> ValueExpr:
    """Return the value of the current fact that began last, then of the newest source.

    Null if several facts are first and differ.
    """
    newest = (
        facts.c.begins.desc().nulls_last(),
        source_published_on(facts, asker).desc().nulls_last(),
    )
    position = func.rank().over(order_by=newest)
    ranked = (
        select(facts.c[column].label("value"), position.label("place"))
        .where(condition, current_on(facts, asker.today))
        .correlate(outer)
        .subquery()
    )
    least = func.min(ranked.c.value)
    agreed = case((least == func.max(ranked.c.value), least))
    return select(agreed).where(ranked.c.place == 1).scalar_subquery()


def source_published_on(facts: FromClause, asker: ViewerContext) -> ValueExpr:
    """Return the publication date of a fact's source, if the viewer sees it."""
    source = alias_of(model_table(Source))
    is_visible = visible(Source)(asker.viewer, source)
    dates = select(source.c.published_on).where(source.c.id == facts.c.source_id, is_visible)
    return dates.correlate(facts).scalar_subquery()


def region_of_recipient(asker: ViewerContext, facts: FromClause) -> ValueExpr:
    places: list[ValueExpr] = [
        visible_region(model, facts, column, asker)
        for column, model in RECIPIENT_MODELS.items()
        if column in facts.c
    ]
    if "recipient_region_id" in facts.c:
        places.append(facts.c.recipient_region_id)
    return func.coalesce(*places) if len(places) > 1 else places[0]


def visible_region(
    model: type[SQLModel], facts: FromClause, column: str, asker: ViewerContext
) -> ValueExpr:
    rows = alias_of(model_table(model))
    is_visible = visible(model)(asker.viewer, rows)
    regions: Select[Any] = select(rows.c.region_id).where(rows.c.id == facts.c[column], is_visible)
    return regions.correlate(facts).scalar_subquery()


def employment_pairs(asker: ViewerContext) -> FactPairs:
    """Pairs (organisation, worker), by the same rule as the worker's `employer`."""

    def held(facts: FromClause) -> ColumnElement[bool]:
        return and_(visible_not_retracted(Employment, facts, asker), current_on(facts, asker.today))

    facts = alias_of(model_table(Employment))
    first = facts.c.organisation_id == current_employer(facts.c.worker_id, facts, asker)
    return distinct_pairs(Employment, facts, ("organisation_id", "worker_id"), held, first)


def leader_studio_pairs(asker: ViewerContext) -> FactPairs:
    """Pairs (worker, studio) of all current leaders."""
    return leadership_pairs(asker, "worker_id", "studio_id")


def studio_leader_pairs(asker: ViewerContext) -> FactPairs:
    """Pairs (studio, worker) of all current leaders."""
    return leadership_pairs(asker, "studio_id", "worker_id")


def leadership_pairs(asker: ViewerContext, source: str, target: str) -> FactPairs:
    def held(facts: FromClause) -> ColumnElement[bool]:
        return and_(is_leadership(facts, asker), current_on(facts, asker.today))

    facts = alias_of(model_table(StudioMembership))
    return distinct_pairs(StudioMembership, facts, (source, target), held)


def distinct_pairs(
    model: type[SQLModel],
    facts: FromClause,
    names: tuple[str, str],
    condition: Callable[[FromClause], ColumnElement[bool]],
    *conditions: ColumnElement[bool],
) -> FactPairs:
    """Return each pair once, by the fact with the least key."""
    others, (source, target) = alias_of(model_table(model)), names
    same = and_(*(others.c[name] == facts.c[name] for name in names))
    earlier = exists(others.c.id).where(same, others.c.id < facts.c.id, condition(others))
    earlier = earlier.correlate(facts)
    return FactPairs(
        facts, facts.c[source], facts.c[target], and_(condition(facts), *conditions, not_(earlier))
    )
