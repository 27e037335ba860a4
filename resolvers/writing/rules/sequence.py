"""Dates across records: what follows from something isn't of an earlier day.

Dates are compared as precisely as they are known: a certificate of 2024 may follow a contest of
2024-12.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kit.errors import quote_input
from models.challenge import Bid, Challenge
from models.competition import Competition, Result
from models.honour import Conferral
from models.row import Fact, Row
from models.selection import SelectionRound as Round
from models.subsidy import Grant
from models.training import Qualification
from resolvers.writing.proposal import Problems, column_heading
from resolvers.writing.record import RowValues, is_not_retracted
from resolvers.writing.rules.dates import is_before
from resolvers.writing.rules.publication import RowsAfterWrite

PartialDay = str | int | None


@dataclass(frozen=True)
class SequenceRule:
    """A date of a fact, and the thing that it can't precede, named by `reference`.

    A result represents its competition.
    """

    model: type[Fact]
    date: str
    reference: str
    cause: type[Row]
    dates: tuple[str, ...]

    def cause_date(self, row: RowValues) -> PartialDay:
        return next((row[name] for name in self.dates if row[name] is not None), None)


CONTEST_DATES = ("held_on", "year")
RULES = (
    SequenceRule(Qualification, "issued_on", "based_on_id", Competition, CONTEST_DATES),
    SequenceRule(Conferral, "year", "based_on_id", Competition, CONTEST_DATES),
    SequenceRule(Grant, "year", "based_on_id", Competition, CONTEST_DATES),
    SequenceRule(Conferral, "year", "selection_round_id", Round, ("opened", "year")),
    SequenceRule(Bid, "submitted", "challenge_id", Challenge, ("posted",)),
)


async def check_sequences(after: RowsAfterWrite, problems: Problems) -> None:
    for rule in RULES:
        await check_entered_facts(rule, after, problems)
        await check_entered_causes(rule, after, problems)


async def check_entered_facts(
    rule: SequenceRule, after: RowsAfterWrite, problems: Problems
) -> None:
    entered = [
        one
        for one in after.entered(rule.model).values()
        if is_not_retracted(one.row) and None not in (one.row[rule.date], one.row[rule.reference])
    ]
    causes = await causes_by_reference(rule, after, [one.row[rule.reference] for one in entered])
    for entry in entered:
        cause = causes.get(entry.row[rule.reference])
        if cause is None or not is_before(entry.row[rule.date], rule.cause_date(cause)):
            continue
        reason = (
            f"is {entry.row[rule.date]}: that comes before {quote_input(cause['code'])}, "
            f"{rule.cause_date(cause)}, from which it follows."
        )
        problems.add(entry.proposal, rule.date, reason)


async def causes_by_reference(
    rule: SequenceRule, after: RowsAfterWrite, ids: Iterable[str]
) -> dict[str, RowValues]:
    """Return the causes by the ids that facts refer to: those of results, for competitions."""
    if rule.cause is not Competition:
        return dict(await after.by_id(rule.cause, ids))
    results = await after.by_id(Result, ids)
    contests = await after.by_id(Competition, (row["competition_id"] for row in results.values()))
    found = {id: contests.get(row["competition_id"]) for id, row in results.items()}
    return {id: contest for id, contest in found.items() if contest is not None}


async def check_entered_causes(
    rule: SequenceRule, after: RowsAfterWrite, problems: Problems
) -> None:
    """Compare causes whose date changes with the facts on record that follow from them."""
    changed = {
        id: entry
        for id, entry in after.entered(rule.cause).items()
        if entry.live and any(entry.live[name] != entry.row[name] for name in rule.dates)
    }
    cause_of: Callable[[str], str] = str
    keys = {*changed}
    if rule.cause is Competition and changed:
        results = {
            row["id"]: row["competition_id"]
            for row in await after.of(Result, "competition_id", keys)
        }
        cause_of, keys = results.__getitem__, {*results}
    for row in await after.unentered_rows(rule.model, rule.reference, keys):
        entry = changed[cause_of(row[rule.reference])]
        if is_not_retracted(row) and is_before(row[rule.date], rule.cause_date(entry.row)):
            column = next(name for name in rule.dates if entry.row[name] is not None)
            reason = (
                f"is {entry.row[column]}: that comes after {quote_input(row['id'])}, "
                f"{row[rule.date]}, which follows from it."
            )
            problems.add(entry.proposal, column_heading(column), reason)
