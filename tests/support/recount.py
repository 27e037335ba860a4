"""Derived values of all tables, computed in plain Python, one row at a time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.competition import Result
from models.history import model_table
from models.honour import Conferral
from models.region import Region, RegionSuccession
from models.row import Audience, Fact, FactStatus, Level, Row, Spell, YearRule
from models.source import Source
from models.studio import Studio, StudioMembership, StudioRole
from models.training import Enrolment, Mentorship, Qualification
from models.worker import Employment, Grade, Worker
from resolvers.writing.proposal import model_of_table

Values = dict[str, Any]
Rows = dict[str, Values]  # by id
State = dict[type[Row], Rows]
Seen = Callable[[Values], bool]

IN_A_REGION = {
    "province_id": {Level.PROVINCIAL},
    "city_id": {Level.CITY},
    "district_id": {Level.DISTRICT, Level.COUNTY},
}


def unretracted_rows(rows: Rows) -> list[Values]:
    return [row for row in rows.values() if row.get("status") != FactStatus.RETRACTED]


def boundary_day(text: str | None, *, last: bool) -> date | None:
    """Return the first day of a year, a month or a day; or of what comes after it."""
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if last and len(parts) == 1:
        parts = [parts[0] + 1]
    elif last and len(parts) == 2:
        parts = [parts[0] + parts[1] // 12, parts[1] % 12 + 1]
    year, month, first = [*parts, 1, 1][:3]
    return date(year, month, first)


def spell_bounds(model: type[Row], row: Values) -> tuple[date | None, date | None]:
    assert issubclass(model, Spell)
    (start, end), one_day = (row[name] for name in model.bounds), timedelta(days=1)
    begins, ends = boundary_day(start, last=False), boundary_day(end, last=True)
    return begins, ends + one_day if ends and ends == begins and len(end) == 10 else ends


def certain_bounds(model: type[Row], row: Values, today: date) -> tuple[date, date]:
    """Return the latest possible start of a spell, and its earliest possible end."""
    assert issubclass(model, Spell)
    start, end = (row[name] for name in model.bounds)
    soonest, last = (
        boundary_day(end, last=False) or date.max,
        boundary_day(end, last=True) or date.max,
    )
    if start is None:
        return min(today, last - timedelta(days=1)), soonest
    first = boundary_day(start, last=False)
    assert first
    begun = (
        first if len(start) == 10 else (boundary_day(start, last=True) or first) - timedelta(days=1)
    )
    return min(begun, last), max(soonest, first)


def overlapping_spells(state: State, today: date) -> Iterator[tuple[str, str]]:
    for model, rows in state.items():
        if not issubclass(model, Spell) or not model.pair:
            continue
        held: defaultdict[tuple[Any, ...], list[Values]] = defaultdict(list)
        for row in unretracted_rows(rows):
            if row[model.pair[0]] is not None:
                held[tuple(row[name] for name in model.pair)].append(row)
        for one, other in (
            (one, other) for rows in held.values() for one in rows for other in rows
        ):
            (begun, ended), (begins, ends) = (
                certain_bounds(model, row, today) for row in (one, other)
            )
            if one is not other and begun < ends and begins < ended:
                yield one["id"], other["id"]


def check_year(rule: YearRule, row: Values) -> None:
    """Return the year of the dates in a row, if they are in one year."""
    years = sorted(int(row[name][:4]) for name in rule.dates if row[name])
    if years and (row[rule.year] is not None or years[0] == years[-1]):
        assert row[rule.year] <= years[-1]
        assert rule.or_earlier or years[0] <= row[rule.year]


def invalid_shares(state: State) -> Iterator[str]:
    """Return outcomes whose shares exceed 100 %, or with two shares of one contributor."""
    for model, rows in state.items():
        if not issubclass(model, Fact) or model.parts is None:
            continue
        whole, holders = model.parts.whole, model.parts.holders
        shared: defaultdict[str, Decimal] = defaultdict(Decimal)
        held: Counter[tuple[Any, ...]] = Counter()
        for row in unretracted_rows(rows):
            shared[row[whole]] += row[model.parts.share] or 0
            held[row[whole], *(row[name] for name in holders)] += 1
        yield from (key for key, share in shared.items() if share > 100)
        yield from (key for (key, *_), times in held.items() if times > 1)


def wrongly_public_ids(before: State, after: State) -> Iterator[str]:
    """Workers who became public with nothing published; what a college keeps of its trainees."""
    telling: tuple[type[Row], ...] = (Conferral, Result, Qualification, StudioMembership)
    known = {
        row["worker_id"]
        for model in telling
        for row in unretracted_rows(after[model])
        if row["audience"] == Audience.PUBLIC
        and row.get("studio_role", StudioRole.LEADER) == StudioRole.LEADER
    }
    for id, row in after[Worker].items():
        shown_before = id in before[Worker] and before[Worker][id]["audience"] == Audience.PUBLIC
        if row["audience"] == Audience.PUBLIC and not shown_before and id not in known:
            yield id
    trainees = {row["trainee_id"] for row in unretracted_rows(after[Enrolment])}
    for row in (*after[Enrolment].values(), *after[Mentorship].values()):
        if row["audience"] == Audience.PUBLIC and row.get("apprentice_id") in {None, *trainees}:
            yield row["id"]


def facts_wider_than_people(state: State) -> Iterator[str]:
    reach = list(Audience).index
    people = state[Worker]
    for model, rows in state.items():
        if not issubclass(model, Fact):
            continue
        naming = [name for name in ("worker_id", "trainee_id", "mentor_id", "apprentice_id")
                  if name in model_table(model).c]  # fmt: skip
        for row in rows.values():
            for name in naming:
                person = row[name] and people[row[name]]
                if person and reach(row["audience"]) < reach(person["audience"]):
                    yield row["id"]


def ancestor_line(rows: Rows, id: str, successions: Rows | None = None) -> list[str]:
    """Return the row itself and all above it; a cycle fails.

    What was taken over lies in its successor, what was divided in what its successors share.
    """
    heirs = region_successors(successions or {}, id)
    if heirs:
        lines = [ancestor_line(rows, heir, successions) for heir in heirs]
        shared = [one for one in lines[0] if all(one in line for line in lines)]
        if shared:
            return [id, *shared]
    line = [id]
    while (parent := rows[line[-1]]["parent_id"]) is not None:
        assert parent not in line, f"{parent} lies within itself"
        line.append(parent)
    return line


def region_successors(successions: Rows, id: str) -> list[str]:
    return [one["successor_id"] for one in successions.values() if one["region_id"] == id]


def region_ancestors(state: State) -> set[tuple[str, str, int]]:
    regions, successions = state[Region], state[RegionSuccession]
    return {
        (id, ancestor, distance)
        for id in regions
        for distance, ancestor in enumerate(ancestor_line(regions, id, successions))
    }


def expected_derived_columns(
    state: State, today: date
) -> Iterator[tuple[type[Row], str, str, Any]]:
    """(model, id, column, value) of every derived column there is."""
    for model, rows in state.items():
        for column in model.derived:
            for id, row in rows.items():
                yield model, id, column, derived_value(state, model, row, column, today)


def derived_value(state: State, model: type[Row], row: Values, column: str, today: date) -> Any:
    id = row["id"]
    if model is Region:
        successions = state[RegionSuccession]
        inside = ancestor_line(state[Region], id, successions)
        if column == "current_id":
            left = (one for one in inside if not region_successors(successions, one))
            return next(left, id)  # divided among regions that share nothing
        levels = IN_A_REGION[column]
        line = reversed(inside)  # the outermost first
        return next((one for one in line if state[Region][one]["level"] in levels), None)
    # Beside what everybody may be told stands what follows from all there is.
    told = {whole: shown for shown, whole in model.from_all.items()}
    shown, seen = told.get(column, column), is_any if column in told else is_public
    if (model, shown) == (Worker, "employer_id"):
        return latest_value(state, Employment, {"worker_id": id}, "organisation_id", today, seen)
    if (model, shown) == (Studio, "leader_id"):
        leads = {"studio_id": id, "studio_role": StudioRole.LEADER}
        return latest_value(state, StudioMembership, leads, "worker_id", today, seen)
    if (model, shown) == (Worker, "grade"):
        held = {
            one["grade"]
            for one in unretracted_rows(state[Qualification])
            if one["worker_id"] == id and seen(one)
        }
        return next((grade for grade in reversed(Grade) if grade in held), None)
    assert shown == "region_id", f"{model.__name__}.{column}: say here what it follows from."
    return recipient_region(state, model, row, seen)


def is_any(row: Values) -> bool:
    return True


def is_public(row: Values) -> bool:
    return bool(row["audience"] == Audience.PUBLIC)


def latest_value(
    state: State, model: type[Row], like: Values, column: str, today: date, seen: Seen
) -> Any:
    """Return the current spell that began last, then that of the newest source."""
    placed = [
        ((row["begins"] or date.min, publication_date(state, row, seen)), row[column])
        for row in unretracted_rows(state[model])
        if like.items() <= row.items()
        and seen(row)
        and (row["begins"] or today) <= today
        and (row["ends"] or date.max) > today
    ]
    first = max((place for place, _ in placed), default=None)
    values = {value for place, value in placed if place == first}
    return values.pop() if len(values) == 1 else None


def publication_date(state: State, row: Values, seen: Seen) -> str:
    source = state[Source][row["source_id"]]
    return source["published_on"] or "" if seen(source) else ""


def recipient_region(state: State, model: type[Row], row: Values, seen: Seen) -> Any:
    """Return a recipient's, or the recipient itself."""
    recipients = next(
        (
            constraint.info["one_of"]
            for constraint in model_table(model).constraints
            if constraint.info.get("one_of") and "or_none" not in constraint.info
        ),
        ("studio_id",),
    )
    for column in recipients:
        if row[column] is not None and (foreign := model_table(model).c[column].foreign_keys):
            target = model_of_table(next(iter(foreign)).column.table.name)
            if target is Region:
                return row[column]
            recipient = state[target][row[column]]
            return recipient["region_id"] if seen(recipient) else None
    return None
