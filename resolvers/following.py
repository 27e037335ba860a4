"""What follows from facts: a worker's employer and grade, a studio's leader, a recipient's region.

A derived value is the first, in its order, of those facts that the asker may see. The same
expression says what everybody is told and what follows from all there is, which are stored
(resolvers/derived.py), and what anybody else is told, which is worked out where it is read.
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

from engine.predicate import Asker
from engine.shape import bound
from kit.rows import rows_of
from models import (
    Alliance,
    Employment,
    Organisation,
    Qualification,
    Source,
    Studio,
    StudioMembership,
    Worker,
)
from models.history import stored
from models.row import FactStatus
from models.studio import StudioRole
from models.worker import Grade
from resolvers.access import visible

Value = ColumnElement[Any]
# (who asks, the rows of the thing) -> what the column says of each
Follows = Callable[[Asker, FromClause], Value]


class Pairs(NamedTuple):
    """Facts that name a source and a target: those of which `holds` is true, one for each pair."""

    facts: FromClause
    source: ColumnElement[Any]
    target: ColumnElement[Any]
    holds: ColumnElement[bool]


HIGHEST_FIRST = {grade.value: place for place, grade in enumerate(reversed(Grade))}
HOLDERS: dict[str, type[SQLModel]] = {
    "worker_id": Worker,
    "organisation_id": Organisation,
    "studio_id": Studio,
    "alliance_id": Alliance,
}


def standing(model: type[SQLModel], facts: FromClause, asker: Asker) -> ColumnElement[bool]:
    seen = visible(model)(asker.viewer, facts)
    return and_(facts.c.status != FactStatus.RETRACTED, seen)


def current(facts: FromClause, today: date) -> ColumnElement[bool]:
    day = bound(today, Date())
    begun = or_(facts.c.begins.is_(None), facts.c.begins <= day)
    return and_(begun, or_(facts.c.ends.is_(None), facts.c.ends > day))


def grade(asker: Asker, workers: FromClause) -> Value:
    """Of the highest certificate."""
    facts = rows_of(stored(Qualification))
    found = select(facts.c.grade).where(
        facts.c.worker_id == workers.c.id,
        facts.c.grade.is_not(None),
        standing(Qualification, facts, asker),
    )
    highest = case(HIGHEST_FIRST, value=facts.c.grade)
    return found.order_by(highest).limit(1).correlate(workers).scalar_subquery()


def employer(asker: Asker, workers: FromClause) -> Value:
    return employer_of(workers.c.id, workers, asker)


def employer_of(worker: ColumnElement[Any], of: FromClause, asker: Asker) -> Value:
    facts = rows_of(stored(Employment))
    held = and_(facts.c.worker_id == worker, standing(Employment, facts, asker))
    return latest(facts, "organisation_id", held, asker, of)


def leader(asker: Asker, studios: FromClause) -> Value:
    """Of several who lead it at once, the first."""
    facts = rows_of(stored(StudioMembership))
    led = and_(facts.c.studio_id == studios.c.id, leading(facts, asker))
    return latest(facts, "worker_id", led, asker, studios)


def leading(facts: FromClause, asker: Asker) -> ColumnElement[bool]:
    """Memberships of those who lead a studio."""
    role = facts.c.studio_role == StudioRole.LEADER
    return and_(role, standing(StudioMembership, facts, asker))


def latest(
    facts: FromClause, column: str, held: ColumnElement[bool], asker: Asker, of: FromClause
) -> Value:
    """Of those that hold today: the one that began last, then that of the newest source.

    Null where several of them say different things and nothing puts one of them first.
    """
    newest = (facts.c.begins.desc().nulls_last(), published(facts, asker).desc().nulls_last())
    place = func.rank().over(order_by=newest)
    ranked = (
        select(facts.c[column].label("value"), place.label("place"))
        .where(held, current(facts, asker.today))
        .correlate(of)
        .subquery()
    )
    one = func.min(ranked.c.value)
    agreed = case((one == func.max(ranked.c.value), one))
    return select(agreed).where(ranked.c.place == 1).scalar_subquery()


def published(facts: FromClause, asker: Asker) -> Value:
    """When the source of a fact was, if it may be seen."""
    source = rows_of(stored(Source))
    seen = visible(Source)(asker.viewer, source)
    found = select(source.c.published_on).where(source.c.id == facts.c.source_id, seen)
    return found.correlate(facts).scalar_subquery()


def region_of_recipient(asker: Asker, facts: FromClause) -> Value:
    places: list[Value] = [
        region_of(model, facts, column, asker)
        for column, model in HOLDERS.items()
        if column in facts.c
    ]
    if "recipient_region_id" in facts.c:
        places.append(facts.c.recipient_region_id)
    return func.coalesce(*places) if len(places) > 1 else places[0]


def region_of(model: type[SQLModel], facts: FromClause, column: str, asker: Asker) -> Value:
    rows = rows_of(stored(model))
    seen = visible(model)(asker.viewer, rows)
    found: Select[Any] = select(rows.c.region_id).where(rows.c.id == facts.c[column], seen)
    return found.correlate(facts).scalar_subquery()


def employed(asker: Asker) -> Pairs:
    """(organisation, worker): as `employer` says of the worker."""

    def held(facts: FromClause) -> ColumnElement[bool]:
        return and_(standing(Employment, facts, asker), current(facts, asker.today))

    facts = rows_of(stored(Employment))
    first = facts.c.organisation_id == employer_of(facts.c.worker_id, facts, asker)
    return once(Employment, facts, ("organisation_id", "worker_id"), held, first)


def leads(asker: Asker) -> Pairs:
    """(worker, studio) of all who lead it today."""
    return led(asker, "worker_id", "studio_id")


def led_by(asker: Asker) -> Pairs:
    """(studio, worker)."""
    return led(asker, "studio_id", "worker_id")


def led(asker: Asker, source: str, target: str) -> Pairs:
    def held(facts: FromClause) -> ColumnElement[bool]:
        return and_(leading(facts, asker), current(facts, asker.today))

    facts = rows_of(stored(StudioMembership))
    return once(StudioMembership, facts, (source, target), held)


def once(
    model: type[SQLModel],
    facts: FromClause,
    names: tuple[str, str],
    held: Callable[[FromClause], ColumnElement[bool]],
    *more: ColumnElement[bool],
) -> Pairs:
    """Each pair once, however many facts say so: by the fact whose key is the least."""
    others, (source, target) = rows_of(stored(model)), names
    same = and_(*(others.c[name] == facts.c[name] for name in names))
    earlier = exists(others.c.id).where(same, others.c.id < facts.c.id, held(others))
    earlier = earlier.correlate(facts)
    return Pairs(facts, facts.c[source], facts.c[target], and_(held(facts), *more, not_(earlier)))
