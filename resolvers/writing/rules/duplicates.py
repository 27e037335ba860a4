"""Duplicate facts: one fact under two keys, for example from the lists of two offices.

Certain duplicates are rejected, likely ones get a notice with both keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from models.history import model_table
from models.row import DuplicateRule, Fact, Spell
from resolvers.writing.proposal import Problems, Proposal, enterable_columns
from resolvers.writing.record import Entry, RowValues, fetch_rows, is_not_retracted

# Columns about a fact's curation, not its content.
CURATION_COLUMNS = {"owner_id", "audience", "note", "status", "source_id"}


async def check_duplicates(
    connection: AsyncConnection,
    model: type[Fact],
    entries: Mapping[str, Entry],
    problems: Problems,
) -> None:
    """Check rows that are new, or whose content changes."""
    if model.parts:
        return  # they have their own rule, and so have spells of a pair
    rule, certain = model.sameness or default_duplicate_rule(model), model.sameness is not None
    names = {*rule.about, *rule.details, *rule.places, "status"}
    fresh = [
        candidate
        for candidate in entries.values()
        if is_not_retracted(candidate.row)
        and has_changed_columns(candidate, names)
        and not is_spell_of_pair(model, candidate.row)
    ]
    rows = [entry.row for entry in entries.values() if is_not_retracted(entry.row)]
    rows += [row async for row in candidate_duplicates(connection, model, rule, fresh, entries)]
    alike: defaultdict[tuple[Any, ...], list[RowValues]] = defaultdict(list)
    for row in rows:
        alike[subject_values(row, rule)].append(row)
    for entry in fresh:
        if lookup_column(entry.row, rule) is None:
            continue
        for other in alike[subject_values(entry.row, rule)]:
            if other["id"] == entry.row["id"] or is_later_line(other["id"], entry, entries):
                continue
            same = is_same_fact(entry.row, other, rule)
            if same and certain:
                refuse_duplicate(entry.proposal, rule, other["id"], problems)
                break
            if same or (same is None and certain):
                notice_duplicate(entry.proposal, rule, other["id"], problems)
                break


def default_duplicate_rule(model: type[Fact]) -> DuplicateRule:
    columns = [
        column.key for column in enterable_columns(model) if column.key not in CURATION_COLUMNS
    ]
    about = [name for name in columns if model_table(model).c[name].foreign_keys]
    return DuplicateRule((*about,), tuple(name for name in columns if name not in about))


def is_spell_of_pair(model: type[Fact], row: RowValues) -> bool:
    """Return whether resolvers/writing/rules/spells.py compares the row with others."""
    return issubclass(model, Spell) and bool(model.pair) and row.get(model.pair[0]) is not None


def has_changed_columns(entry: Entry, names: set[str]) -> bool:
    live = entry.live
    return live is None or any(entry.row.get(name) != live[name] for name in names)


def is_later_line(id: str, entry: Entry, entries: Mapping[str, Entry]) -> bool:
    """Return whether the other row is on a later line, which gets the problem."""
    other = entries.get(id)
    if other is None or other.proposal.origin.file != entry.proposal.origin.file:
        return False
    return other.proposal.origin.line > entry.proposal.origin.line


async def candidate_duplicates(
    connection: AsyncConnection,
    model: type[Fact],
    rule: DuplicateRule,
    fresh: Iterable[Entry],
    entries: Mapping[str, Entry],
) -> Any:
    """Yield stored rows, not in this load, that may be about the same subjects."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for entry in fresh:
        if (name := lookup_column(entry.row, rule)) is not None:
            keys[name].add(entry.row[name])
    for name, values in keys.items():
        for row in await fetch_rows(connection, model_table(model), name, values):
            if row["id"] not in entries and is_not_retracted(row):
                yield row


def lookup_column(row: RowValues, rule: DuplicateRule) -> str | None:
    return next((name for name in rule.about if row.get(name) is not None), None)


def subject_values(row: RowValues, rule: DuplicateRule) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in rule.about)


def is_same_fact(fact: RowValues, other: RowValues, rule: DuplicateRule) -> bool | None:
    """Return whether two facts are the same; None if it is likely."""
    likely = rule.only_likely is not None and fact.get(rule.only_likely) is not None
    for name in rule.details:
        mine, its = fact.get(name), other.get(name)
        if mine != its and not is_compatible(mine, its):
            return False
        likely = likely or mine != its
    places = [(fact.get(name), other.get(name)) for name in rule.places]
    for mine, its in places:
        if mine is not None and its is not None:
            if mine != its:  # no one has two places in one contest and division
                return False if likely else None
            return None if likely else True
        likely = likely or mine != its
    if rule.details and not places and all(fact.get(name) is None for name in rule.details):
        likely = True  # neither has more details than the other
    return None if likely else True


def is_compatible(mine: Any, its: Any) -> bool:
    """Return whether both can be true: one is empty, or one date contains the other."""
    if mine is None or its is None:
        return True
    dates = isinstance(mine, str) and isinstance(its, str) and mine[:4].isdigit()
    return dates and (mine.startswith(f"{its}-") or its.startswith(f"{mine}-"))


def refuse_duplicate(proposal: Proposal, rule: DuplicateRule, key: str, problems: Problems) -> None:
    reason = (
        f"{quote_input(proposal.key)} says what {quote_input(key)} says: name the source there "
        "instead of entering it twice."
    )
    problems.add(proposal, rule.about[-1], reason)


def notice_duplicate(proposal: Proposal, rule: DuplicateRule, key: str, problems: Problems) -> None:
    reason = f"{quote_input(proposal.key)} may be the same as {quote_input(key)}: compare them."
    problems.notice(proposal, rule.about[-1] if rule.about else "id", reason)
