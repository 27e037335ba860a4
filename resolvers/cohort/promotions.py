"""Placings of a college in a competition, which the promotion rules judge."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from engine.catalog.kind import Kind, Spells
from engine.loaders import FieldPath, RequestLoaders
from engine.sql.arguments import ConnectionArguments, FilterExpr, Page, PageWindow
from engine.sql.predicate import ViewerContext, list_predicate
from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from kit.errors import BadInput, LimitExceeded
from kit.relay.cursor import INVALID_CURSOR, decode_cursor, encode_cursor
from kit.text.storable import storable_code
from kit.values.partial_date import first_day, first_day_after
from kit.values.quantity import Qualifier
from models.history import model_table
from models.region import RegionAncestor
from resolvers.cohort.cohort import ALL_ENROLMENTS, FIRST_YEAR, LAST_YEAR
from resolvers.cohort.placing import PlacingCount
from resolvers.cohort.promotion_rules import (
    ContestRules,
    PromotionJudgement,
    PromotionStanding,
    judge_placing,
)
from resolvers.competition import COMPETITION, RESULT
from resolvers.core.context import Info, field_path
from resolvers.core.records import find_by_key
from resolvers.figure import FIGURE
from resolvers.organisation import ORGANISATION
from resolvers.promotion import PROMOTION_RULE
from resolvers.training import ENROLMENT, QUALIFICATION
from resolvers.worker import WORKER

MAX_PLACINGS = 2000  # of one college in one competition
ENTRANTS_METRIC = "entrants"  # metric of the figure for the number of entrants
PROMOTIONS_SIGNATURE = "promotable"

DayRange = tuple[date, date] | None  # first and last possible day of the competition


@dataclass(frozen=True)
class JudgedPlacing:
    """A placing and its judgement."""

    result: Any
    judged: PromotionJudgement


@dataclass(frozen=True)
class ContestPromotions:
    competition: Any
    college: str  # a code
    year: int
    rules: list[Any]
    found: list[JudgedPlacing]


async def judge_contest(
    info: Info, college: str, competition: str, year: int | None
) -> ContestPromotions | None:
    """Return the judged placings; None if competition or enrolments aren't visible.

    Raises BadInput for a year out of range, LimitExceeded for too many placings.
    """
    context, here = info.context, field_path(info.path)
    reader, asker = context.reader, context.asker
    in_year = asker.today.year if year is None else year
    if not FIRST_YEAR <= in_year <= LAST_YEAR:
        raise BadInput(
            f"`year` must be from {FIRST_YEAR} to {LAST_YEAR}, not {in_year}.",
            f"`year` 应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，请求的是 {in_year}。",
        )
    code = storable_code(college)
    arguments = ConnectionArguments(filter=enrolled_at_college(code))
    there_are = await reader.count(here, ALL_ENROLMENTS, arguments, "")
    named = COMPETITION, "code", storable_code(competition)
    contest = await (find_by_key(info, *named) if there_are else reader.record(here, *named))
    if not there_are or contest is None:
        return None
    days = contest_days(contest)
    rules = kind_rows(PROMOTION_RULE, await reader.all(rules_query(contest, days, asker)))
    rows = await reader.all(placings_query(contest, code, days, asker))
    if len(rows) > MAX_PLACINGS:
        raise LimitExceeded(
            f"More than {MAX_PLACINGS} placings of one college in one contest can't be judged "
            "at once.",
            f"一次最多判定一所院校在一项竞赛中的 {MAX_PLACINGS} 条成绩。",
        )
    placed = [(row[-1], RESULT.row(*row[:-1])) for row in rows]
    people = list({result.worker_id for _, result in placed if result.worker_id is not None})
    certificates: defaultdict[str, list[Any]] = defaultdict(list)
    for certificate in kind_rows(
        QUALIFICATION, await reader.all(certificates_query(people, reader))
    ):
        certificates[certificate.worker_id].append(certificate)
    placings = [
        PlacingCount(*row) for row in await reader.all(placing_counts_query(contest, asker))
    ]
    judged_by = ContestRules(
        [rule for rule in rules if holds_throughout(rule, days)],
        [rule for rule in rules if not holds_throughout(rule, days)],
        entrants_by_division(
            await reader.all(entrants_query(contest, asker)),
            {certificate.division for certificate in placings},
        ),
        placings,
    )
    judged = [
        JudgedPlacing(
            placing,
            judge_placing(judged_by, placing, certificates[placing.worker_id], grade, in_year),
        )
        for grade, placing in placed
    ]
    return ContestPromotions(contest, code, in_year, rules, judged)


def enrolled_at_college(college: str) -> FilterExpr:
    return (("college", (("code", college),)),)


def kind_rows(kind: Kind, rows: Sequence[Any]) -> list[Any]:
    return [kind.row(*row) for row in rows]


def contest_days(contest: Any) -> DayRange:
    """Return the range by its date, as precise as it is known, else by its year."""
    text = contest.held_on or (contest.year and str(contest.year))
    if not text:
        return None
    return first_day(text), first_day_after(text) - timedelta(days=1)


def holds_throughout(rule: Any, days: DayRange) -> bool:
    """Return whether the rule was valid on all of the days."""
    if days is None:
        return rule.begins is None and rule.ends is None
    first, last = days
    begun = rule.begins is None or rule.begins <= first
    return begun and (rule.ends is None or rule.ends > last)


def overlaps_days(spells: Any, days: DayRange) -> ColumnElement[bool]:
    """Return whether a spell was valid on one of the days; one with an unknown start counts."""
    if days is None:
        return or_(spells.c.begins.is_(None), spells.c.begins.is_not(None))
    first, last = days
    begun = or_(spells.c.begins.is_(None), spells.c.begins <= last)
    return and_(begun, or_(spells.c.ends.is_(None), spells.c.ends > first))


def rules_query(contest: Any, days: DayRange, asker: ViewerContext) -> Select[Any]:
    """Select the rules of a competition.

    An empty column of a rule fits every competition; a rule of a region is valid in its subtree.
    """
    rule, tree = alias_of(PROMOTION_RULE.table), alias_of(model_table(RegionAncestor))
    above = select(tree.c.ancestor_id).where(tree.c.region_id == contest.region_id)
    same = [
        or_(rule.c[name].is_(None), rule.c[name] == value) if value is not None
        else rule.c[name].is_(None)
        for name, value in (
            ("level", contest.level), ("competition_class", contest.competition_class),
        )
    ]  # fmt: skip
    in_region = or_(rule.c.region_id.is_(None), rule.c.region_id.in_(above))
    is_visible = list_predicate(PROMOTION_RULE, rule, ConnectionArguments(spells=Spells.ALL), asker)
    return (
        select(*rule.c)
        .where(is_visible, in_region, overlaps_days(rule, days), *same)
        .order_by(rule.c.id)
    )


def placings_query(contest: Any, college: str, days: DayRange, asker: ViewerContext) -> Select[Any]:
    """Select placings of the college and of its trainees at the time, with the worker's grade."""
    result, enrolment, worker, own = (
        kind.rows(asker) for kind in (RESULT, ENROLMENT, WORKER, ORGANISATION)
    )
    ours = list_predicate(
        ENROLMENT, enrolment, ConnectionArguments(filter=enrolled_at_college(college)), asker
    )
    trainees = (
        select(enrolment.c.trainee_id)
        .join(worker, worker.c.id == enrolment.c.trainee_id)
        .where(ours, overlaps_days(enrolment, days), WORKER.visible(asker.viewer, worker))
    )
    itself = select(own.c.id).where(own.c.code == college, ORGANISATION.visible(asker.viewer, own))
    placed = WORKER.rows(asker)
    return (
        select(*result.c, placed.c.grade.label("held"))
        .select_from(result)
        .outerjoin(placed, placed.c.id == result.c.worker_id)
        .where(
            result.c.competition_id == contest.id,
            list_predicate(RESULT, result, ConnectionArguments(), asker),
            or_(result.c.worker_id.in_(trainees), result.c.organisation_id.in_(itself)),
        )
        .order_by(result.c.rank.asc().nulls_last(), result.c.id)
        .limit(MAX_PLACINGS + 1)
    )


def certificates_query(people: Sequence[str], reader: RequestLoaders) -> Select[Any]:
    rows = alias_of(QUALIFICATION.table)
    ours = in_keys(rows.c.worker_id, people, reader.engine.dialect.name) if people else false()
    is_visible = list_predicate(QUALIFICATION, rows, ConnectionArguments(), reader.asker)
    return select(*rows.c).where(ours, is_visible).order_by(rows.c.issued_on, rows.c.id)


def placing_counts_query(contest: Any, asker: ViewerContext) -> Select[Any]:
    """Select (division, rank, award_class, number) of all results, not only the college's."""
    result = RESULT.rows(asker)
    ours = result.c.competition_id == contest.id
    by = result.c.division, result.c.rank, result.c.award_class
    counted = select(*by, func.count().label("number")).group_by(*by)
    return counted.where(ours, list_predicate(RESULT, result, ConnectionArguments(), asker))


def entrants_query(contest: Any, asker: ViewerContext) -> Select[Any]:
    figure = alias_of(FIGURE.table)
    ours = figure.c.competition_id == contest.id, figure.c.metric == ENTRANTS_METRIC
    return select(figure.c.label, figure.c.quantity_value, figure.c.quantity_qualifier).where(
        *ours, list_predicate(FIGURE, figure, ConnectionArguments(), asker)
    )


def entrants_by_division(
    figures: Sequence[Any], divisions: set[str | None]
) -> dict[str | None, int]:
    """Return the number of entrants by division, where one exact number was published.

    A figure labelled with a division is about that division. Any other is about the whole
    competition, and so about a division only if there is one division.
    """
    entrants: dict[str | None, int] = {}
    for division in divisions:
        theirs = [entry for entry in figures if entry.label == division]
        if not theirs and len(divisions) == 1:
            theirs = list(figures)
        numbers = {entry.quantity_value for entry in theirs}
        exact = all(entry.quantity_qualifier is Qualifier.EXACT for entry in theirs)
        if len(numbers) == 1 and exact:
            entrants[division] = int(numbers.pop())
    return entrants


@dataclass(frozen=True, eq=False)
class PlacingConnection:
    """A page of the judged placings; all of them are in memory."""

    found: list[JudgedPlacing]
    asked: ConnectionArguments

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int:
        return len(self.found)

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page:
        arguments, listed = self.asked, self.found
        if arguments.cursor is not None:
            limit = placing_sort_key(*placing_cursor_values(arguments.cursor))
            listed = [
                placing for placing in listed if is_past_cursor(placing, limit, arguments.backward)
            ]
        page_rows, has_next, has_previous = PageWindow.cut_sorted(listed, arguments)
        cursors = [
            encode_cursor(PROMOTIONS_SIGNATURE, [judged.result.rank, judged.result.id])
            for judged in page_rows
        ]
        return Page(page_rows, cursors, has_next, has_previous)


def filter_placings(
    promotions: ContestPromotions, standing: Sequence[PromotionStanding] | None, **page: Any
) -> PlacingConnection:
    """Return a connection. Raises BadInput or LimitExceeded for invalid page arguments."""
    arguments = ConnectionArguments(**page)
    if arguments.cursor is not None:
        placing_cursor_values(arguments.cursor)
    placings = [
        placing
        for placing in promotions.found
        if standing is None or placing.judged.standing in standing
    ]
    return PlacingConnection(placings, arguments)


def placing_cursor_values(cursor: str) -> tuple[int | None, str]:
    rank, key = decode_cursor(cursor, PROMOTIONS_SIGNATURE, 2)
    if not isinstance(key, str) or not (rank is None or type(rank) is int):
        raise BadInput(*INVALID_CURSOR)
    return rank, key


def placing_sort_key(rank: int | None, key: str) -> tuple[bool, int, str]:
    return rank is None, rank or 0, key


def is_past_cursor(placing: JudgedPlacing, limit: tuple[bool, int, str], backward: bool) -> bool:
    own = placing_sort_key(placing.result.rank, placing.result.id)
    return own < limit if backward else own > limit


async def resolve_placing_worker(placing: JudgedPlacing, info: Info) -> Any:
    key = placing.result.worker_id
    return key and await info.context.reader.record(field_path(info.path), WORKER, "id", key)
