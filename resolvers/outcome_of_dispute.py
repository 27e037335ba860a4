"""What became of a disputed record: told by its changes, not by whoever settles the dispute."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import UserError
from kit.language import Sentence
from models import Change, Worker
from models.change import ChangeKind
from models.dispute import DisputeOutcome
from models.history import models_of, stored
from models.row import Fact

CHANGES = stored(Change)
CORRECTING = {ChangeKind.CORRECTED, ChangeKind.RECODED, ChangeKind.REDACTED, ChangeKind.MERGED}
# An answer that says so is held to it, whether or not it names the outcome.
SAYS_CORRECTED = re.compile(
    r"已经?(?:予以|[作做]了?)?(?:更正|改正|修正|纠正|订正)"
    r"|(?<!not )(?<!n't )(?<!not been )(?<!never )\bcorrected\b",
    re.IGNORECASE,
)
NOT_CORRECTED = Sentence(
    "The record wasn't corrected since the dispute was opened: correct it first, or settle the "
    "dispute as KEPT.",
    "异议提出后该记录未作更正：请先更正记录，或以 KEPT（维持原记录）处理。",
)
NOT_RETRACTED = Sentence(
    "The record wasn't retracted since the dispute was opened: retract it first, or settle the "
    "dispute as what it is.",
    "异议提出后该记录未被撤回：请先撤回记录，或按实际结果处理。",
)
NOT_KEPT = Sentence(
    "The record was changed since the dispute was opened: settle it as CORRECTED or RETRACTED.",
    "异议提出后该记录已有变更：请以 CORRECTED（已更正）或 RETRACTED（已撤回）处理。",
)


async def borne_out(
    connection: AsyncConnection, dispute: Any, outcome: DisputeOutcome | None, answer: str
) -> DisputeOutcome:
    """The outcome that the changes bear out. Raises UserError for another one."""
    came = await came_of(connection, dispute)
    if outcome is None and came is not DisputeOutcome.CORRECTED and SAYS_CORRECTED.search(answer):
        outcome = DisputeOutcome.CORRECTED
    if outcome is None or outcome is came:
        return came
    match outcome:
        case DisputeOutcome.CORRECTED:
            raise UserError("CONFLICT", *NOT_CORRECTED, "outcome")
        case DisputeOutcome.RETRACTED:
            raise UserError("CONFLICT", *NOT_RETRACTED, "outcome")
        case DisputeOutcome.KEPT:
            raise UserError("CONFLICT", *NOT_KEPT, "outcome")


async def came_of(connection: AsyncConnection, dispute: Any) -> DisputeOutcome:
    ours = and_(
        CHANGES.c.subject_type == dispute.record_type, CHANGES.c.subject_id == dispute.record_id
    )
    kinds = await since(connection, dispute, ours)
    if dispute.record_type == Worker.__name__ and not kinds & CORRECTING:
        # Of a person much follows from facts: one that was entered or changed corrects them too.
        for facts in about(dispute.worker_id):
            if await since(connection, dispute, facts):
                return DisputeOutcome.CORRECTED
    if ChangeKind.RETRACTED in kinds:
        return DisputeOutcome.RETRACTED
    return DisputeOutcome.CORRECTED if kinds & CORRECTING else DisputeOutcome.KEPT


async def since(
    connection: AsyncConnection, dispute: Any, which: ColumnElement[bool]
) -> set[ChangeKind]:
    later = CHANGES.c.recorded_at >= dispute.opened_at
    return {*await connection.scalars(select(CHANGES.c.change_kind).where(which, later).distinct())}


def about(worker: str) -> Iterable[ColumnElement[bool]]:
    """Changes of facts that name the worker, for each kind of fact."""
    people = stored(Worker)
    for model in models_of():
        table = stored(model)
        for column in table.c if issubclass(model, Fact) else ():
            if any(foreign.column.table is people for foreign in column.foreign_keys):
                theirs = select(table.c.id).where(column == worker)
                yield and_(
                    CHANGES.c.subject_type == model.__name__, CHANGES.c.subject_id.in_(theirs)
                )
