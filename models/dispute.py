from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import (
    enum_column,
    identifier,
    optional_enum,
    optional_prose,
    prose_column,
    reference,
    verbatim_column,
)


class DisputeStatus(LabelledEnum, description="Status of a dispute. 异议状态"):
    OPEN = "OPEN", "待处理", "Not decided"
    SETTLED = "SETTLED", "已处理", "Decided"


class DisputeOutcome(
    LabelledEnum,
    description="Result of a dispute: the record was corrected, retracted or kept "
    "unchanged. 异议处理结果",
):
    CORRECTED = "CORRECTED", "已更正", "The record was corrected"
    RETRACTED = "RETRACTED", "已撤回", "The record was retracted"
    KEPT = "KEPT", "维持原记录", "The record was kept unchanged"


class Dispute(SQLModel, table=True):
    """A worker's objection to a record about them, settled by the record's owner or the steward.

    Deleted when the worker is erased.
    """

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    worker_id: str = reference("worker")
    record_type: str = verbatim_column()
    record_id: str = identifier()
    owner_id: str | None = identifier(default=None, nullable=True, index=True)
    text: str = prose_column()
    dispute_status: DisputeStatus = enum_column(DisputeStatus, default=DisputeStatus.OPEN)
    outcome: DisputeOutcome | None = optional_enum(DisputeOutcome)
    opened_at: datetime = Field(sa_type=UtcDateTime())
    answer: str | None = optional_prose()
    settled_by: str | None = verbatim_column(default=None, nullable=True)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
