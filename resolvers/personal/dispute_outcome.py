"""The outcome of a dispute, by the changes of the record and not by the answer."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import MutationError
from kit.i18n import Message
from models.change import Change, ChangeKind
from models.dispute import DisputeOutcome
from models.history import model_table, table_models
from models.row import Fact
from models.worker import Worker

CHANGES = model_table(Change)
CORRECTING_CHANGES = {
    ChangeKind.CORRECTED,
    ChangeKind.RECODED,
    ChangeKind.REDACTED,
    ChangeKind.MERGED,
}
# An answer that claims a correction is checked, even if it names no outcome.
CORRECTED_PATTERN = re.compile(
    r"已经?(?:予以|[作做]了?)?(?:更正|改正|修正|纠正|订正)"
    r"|(?<!not )(?<!n't )(?<!not been )(?<!never )\bcorrected\b",
    re.IGNORECASE,
)
NOT_CORRECTED = Message(
    "The record wasn't corrected since the dispute was opened: correct it first, or settle the "
    "dispute as KEPT.",
    "异议提出后该记录未作更正：请先更正记录，或以 KEPT（维持原记录）处理。",
)
NOT_RETRACTED = Message(
    "The record wasn't retracted since the dispute was opened: retract it first, or settle the "
    "dispute with another outcome.",
    "异议提出后该记录未被撤回：请先撤回记录，或按实际结果处理。",
)
NOT_KEPT = Message(
    "The record was changed since the dispute was opened: settle it as CORRECTED or RETRACTED.",
    "异议提出后该记录已有变更：请以 CORRECTED（已更正）或 RETRACTED（已撤回）处理。",
)


async def confirm_outcome(
    connection: AsyncConnection, dispute: Any, outcome: DisputeOutcome | None, answer: str
) -> DisputeOutcome:
    """Return the outcome by the changes. Raises MutationError if the answer claims another."""
    came = await read_outcome(connection, dispute)
    if (
        outcome is None
        and came is not DisputeOutcome.CORRECTED
        and CORRECTED_PATTERN.search(answer)
    ):
        outcome = DisputeOutcome.CORRECTED
    if outcome is None or outcome is came:
        return came
    match outcome:
        case DisputeOutcome.CORRECTED:
            raise MutationError("CONFLICT", *NOT_CORRECTED, "outcome")
        case DisputeOutcome.RETRACTED:
            raise MutationError("CONFLICT", *NOT_RETRACTED, "outcome")
        case DisputeOutcome.KEPT:
            raise MutationError("CONFLICT", *NOT_KEPT, "outcome")


async def read_outcome(connection: AsyncConnection, dispute: Any) -> DisputeOutcome:
    ours = and_(
        CHANGES.c.subject_type == dispute.record_type, CHANGES.c.subject_id == dispute.record_id
    )
    kinds = await read_changes_since(connection, dispute, ours)
    if dispute.record_type == Worker.__name__ and not kinds & CORRECTING_CHANGES:
        # A person's derived columns follow from facts: a new or changed fact corrects them too.
        for facts in changes_of_facts(dispute.worker_id):
            if await read_changes_since(connection, dispute, facts):
                return DisputeOutcome.CORRECTED
    if ChangeKind.RETRACTED in kinds:
        return DisputeOutcome.RETRACTED
    return DisputeOutcome.CORRECTED if kinds & CORRECTING_CHANGES else DisputeOutcome.KEPT


async def read_changes_since(
    connection: AsyncConnection, dispute: Any, which: ColumnElement[bool]
) -> set[ChangeKind]:
    later = CHANGES.c.recorded_at >= dispute.opened_at
    return {*await connection.scalars(select(CHANGES.c.change_kind).where(which, later).distinct())}


def changes_of_facts(worker: str) -> Iterable[ColumnElement[bool]]:
    """Yield conditions for changes of facts that name the worker, for each kind of fact."""
    people = model_table(Worker)
    for model in table_models():
        table = model_table(model)
        for column in table.c if issubclass(model, Fact) else ():
            if any(foreign.column.table is people for foreign in column.foreign_keys):
                theirs = select(table.c.id).where(column == worker)
                yield and_(
                    CHANGES.c.subject_type == model.__name__, CHANGES.c.subject_id.in_(theirs)
                )
