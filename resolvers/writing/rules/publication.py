"""Rules on what may be public of people.

A person becomes public only with a public fact about them; the mentorship of a trainee never does.
That an enrolment never does, its model declares.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from kit.errors import quote_input
from models.competition import Result
from models.history import model_table
from models.honour import Conferral
from models.row import Audience, Fact, Row
from models.studio import StudioMembership, StudioRole
from models.training import Enrolment, Mentorship, Qualification
from models.worker import Worker
from resolvers.writing.proposal import Problems
from resolvers.writing.record import Entry, RowValues, is_not_retracted

# Any of these, when public, makes its worker known; each has a source, like every fact.
PUBLISHING_FACTS: tuple[type[Fact], ...] = (Conferral, Result, Qualification, StudioMembership)
NO_PUBLIC_FACT = (
    "is PUBLIC, but no conferral, result, certificate or leadership of a studio of this worker is: "
    "enter one that is, in this load, and leave the worker OWNER or SHARED until then."
)
NEVER_PUBLIC = "is PUBLIC; the mentorship of a trainee never is. Leave it OWNER or SHARED."
PUBLIC_MENTORSHIP = (
    "is the apprentice of the mentorship {}, which is PUBLIC; that of a trainee never is. "
    "Make that one OWNER or SHARED, in this load or before it."
)


@dataclass(frozen=True)
class RowsAfterWrite:
    """Rows as they would be stored after a load."""

    entries: Mapping[type[Row], Mapping[str, Entry]]
    on_record: Callable[[Table, str, Iterable[str]], Awaitable[list[RowValues]]]

    def entered(self, model: type[Row]) -> Mapping[str, Entry]:
        return self.entries.get(model, {})

    async def by_id(self, model: type[Row], ids: Iterable[str | None]) -> Mapping[str, RowValues]:
        keys, entered = {id for id in ids if id is not None}, self.entered(model)
        entered_rows = {id: entered[id].row for id in keys & entered.keys()}
        rows = await self.on_record(model_table(model), "id", keys - entered_rows.keys())
        return entered_rows | {row["id"]: row for row in rows}

    async def unentered_rows(
        self, model: type[Row], column: str, keys: set[Any]
    ) -> list[RowValues]:
        rows = await self.on_record(model_table(model), column, keys) if keys else []
        return [row for row in rows if row["id"] not in self.entered(model)]

    async def of(self, model: type[Fact], column: str, keys: set[Any]) -> list[RowValues]:
        """Return facts with one of the keys in a column, without retracted ones."""
        rows = [entry.row for entry in self.entered(model).values() if entry.row[column] in keys]
        rows += await self.unentered_rows(model, column, keys)
        return [row for row in rows if is_not_retracted(row)]


def is_public_audience(row: RowValues) -> bool:
    return bool(row["audience"] == Audience.PUBLIC)


async def check_publication(after: RowsAfterWrite, problems: Problems) -> None:
    await check_public_workers(after, problems)
    await check_mentorships(after, problems)
    await check_trainees(after, problems)


async def check_public_workers(after: RowsAfterWrite, problems: Problems) -> None:
    """Reject people who become public without a public fact.

    A fact that is retracted or hidden later leaves its worker as they are.
    """
    if problems.unread.intersection(PUBLISHING_FACTS):
        return  # the fact may be in an unreadable row
    silent = {
        id: entry
        for id, entry in after.entered(Worker).items()
        if is_public_audience(entry.row) and not (entry.live and is_public_audience(entry.live))
    }
    for model in PUBLISHING_FACTS:
        for row in await after.of(model, "worker_id", {*silent}):
            if is_public_audience(row) and row.get("studio_role") in {None, StudioRole.LEADER}:
                silent.pop(row["worker_id"], None)
    for entry in silent.values():
        problems.add(entry.proposal, "audience", NO_PUBLIC_FACT)


async def check_mentorships(after: RowsAfterWrite, problems: Problems) -> None:
    shown = [entry for entry in after.entered(Mentorship).values() if is_public_audience(entry.row)]
    apprentices = {entry.row["apprentice_id"] for entry in shown} - {None}
    enrolments = await after.of(Enrolment, "trainee_id", apprentices)
    trainees = {row["trainee_id"] for row in enrolments}
    for entry in shown:
        if entry.row["apprentice_id"] in trainees:
            problems.add(entry.proposal, "audience", NEVER_PUBLIC)


async def check_trainees(after: RowsAfterWrite, problems: Problems) -> None:
    """Reject the enrolment of a worker with a public mentorship: it makes them a trainee."""
    enrolled = [entry for entry in after.entered(Enrolment).values() if is_not_retracted(entry.row)]
    trainees = {entry.row["trainee_id"] for entry in enrolled} - {None}
    mentorships = await after.unentered_rows(Mentorship, "apprentice_id", trainees)
    shown = {row["apprentice_id"]: row["id"] for row in mentorships if is_public_audience(row)}
    for entry in enrolled:
        if mentorship := shown.get(entry.row["trainee_id"]):
            reason = PUBLIC_MENTORSHIP.format(quote_input(mentorship))
            problems.add(entry.proposal, "trainee_id", reason)
