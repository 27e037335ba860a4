"""Checks of years and dates, alone and against each other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kit.errors import quote_input
from kit.values.partial_date import exclusive_end, first_day, first_day_after
from models.history import model_table
from models.row import FIRST_YEAR, LAST_YEAR, YEARS_AHEAD_KEY, Row, Spell, YearRule
from resolvers.writing.proposal import Problems, Proposal, column_heading

ReadOnlyRow = Mapping[str, Any]


def check_dates(proposal: Proposal, row: ReadOnlyRow, problems: Problems, today: date) -> None:
    """Check the years and dates of one row."""
    for name, ahead in latest_years(proposal.model):
        if (value := row.get(name)) is not None:
            check_year_range(proposal, name, value, today.year + ahead, problems)
    for rule in proposal.model.years:
        check_year(proposal, row, rule, problems)
    for first, second in proposal.model.in_turn:
        if is_before(row.get(second), row.get(first)):
            reason = f"is {row[second]}: that comes before `{first}`, {row[first]}."
            problems.add(proposal, second, reason)
    if issubclass(proposal.model, Spell):
        check_spell_order(proposal, row, problems)


def latest_years(model: type[Row]) -> list[tuple[str, int]]:
    """Return pairs (column of a year or date, number of years that it may be in the future)."""
    table = model_table(model)
    dates = [
        (item.key, item.info[YEARS_AHEAD_KEY])
        for item in table.columns
        if YEARS_AHEAD_KEY in item.info
    ]
    limited = [
        item.info for item in table.constraints if item.info.get(YEARS_AHEAD_KEY) is not None
    ]
    return dates + [(info["within"][0], info[YEARS_AHEAD_KEY]) for info in limited]


def check_year_range(
    proposal: Proposal, name: str, value: int | str, latest: int, problems: Problems
) -> None:
    """Check a year or date; `latest` is the last year allowed."""
    year = year_of(value)
    if isinstance(value, str) and not FIRST_YEAR <= year <= LAST_YEAR:
        reason = f"{quote_input(value)} is of the year {year}; dates are from {FIRST_YEAR} on."
        problems.add(proposal, name, reason)
    elif FIRST_YEAR <= year <= LAST_YEAR and year > latest:
        reason = (
            f"is {value}; `{column_heading(name)}` is of {latest} at the latest. Correct the year."
        )
        problems.add(proposal, name, reason)


def year_of(value: int | str) -> int:
    """Return the year of a partial date, or the year itself."""
    return value if isinstance(value, int) else int(value[:4])


def is_before(first: int | str | None, second: int | str | None) -> bool:
    """Return whether every possible day of one is before every possible day of the other."""
    if first is None or second is None:
        return False
    if isinstance(first, int) or isinstance(second, int):
        return year_of(first) < year_of(second)
    return first_day_after(first) <= first_day(second)


def year_span(row: ReadOnlyRow, rule: YearRule) -> tuple[int, int] | None:
    """Return the years of the first and last date; None without dates."""
    years = [year_of(row[name]) for name in rule.dates if row.get(name) is not None]
    return (min(years), max(years)) if years else None


def is_year_consistent(row: ReadOnlyRow, rule: YearRule) -> bool:
    """Return whether there are a year and dates, without contradiction."""
    year, dates = row.get(rule.year), year_span(row, rule)
    if year is None or dates is None:
        return False
    return bool(year <= dates[1] and (rule.or_earlier or dates[0] <= year))


def check_year(proposal: Proposal, row: ReadOnlyRow, rule: YearRule, problems: Problems) -> None:
    if row.get(rule.year) is None or year_span(row, rule) is None or is_year_consistent(row, rule):
        return
    dates = " and ".join(f"`{name}` is {row[name]}" for name in rule.dates if row.get(name))
    reason = f"is {row[rule.year]}, but {dates}: correct one of them, or leave the year empty."
    problems.add(proposal, rule.year, reason)


def fill_years(
    model: type[Row], row: dict[str, Any], entered: ReadOnlyRow, live: ReadOnlyRow | None
) -> None:
    """Set a year that isn't entered to that of its dates, and move it with them.

    `entered` has the columns of `row` that are entered now, over `live`. A year that was entered
    before there was a date stays, and is checked against the date.
    """
    for rule in model.years:
        dates = year_span(row, rule)
        if entered.get(rule.year) is not None or dates is None or dates[0] != dates[1]:
            continue
        was = None if live is None else year_span(live, rule)
        if not FIRST_YEAR <= dates[0] <= LAST_YEAR:
            continue  # the date itself is rejected
        emptied, moved = rule.year in entered, any(name in entered for name in rule.dates)
        followed = live is not None and was == (live[rule.year], live[rule.year])
        if row.get(rule.year) is None or emptied or (moved and followed):
            row[rule.year] = dates[0]


def spell_day_bounds(model: type[Row], row: ReadOnlyRow) -> tuple[date | None, date | None]:
    """Return the half-open bounds of a spell in days, from its dates as published.

    A full date as end is the first day after the spell; but a spell that begins and ends on one day
    is valid on that day.
    """
    assert issubclass(model, Spell)
    start, end = (row.get(name) for name in model.bounds)
    begins = None if start is None else first_day(start)
    ends = None if end is None else exclusive_end(end)
    if end is not None and ends == begins and first_day(end) == begins:
        return begins, first_day_after(end)
    return begins, ends


def check_spell_order(proposal: Proposal, row: ReadOnlyRow, problems: Problems) -> None:
    begins, ends = spell_day_bounds(proposal.model, row)
    if begins is not None and ends is not None and begins >= ends:
        start, end = (row[name] for name in getattr(proposal.model, "bounds"))  # noqa: B009
        name = getattr(proposal.model, "bounds")[1]  # noqa: B009
        problems.add(
            proposal, name, f"{end} is not after {start}: a spell holds on a day at least."
        )
