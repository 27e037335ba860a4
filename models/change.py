"""The log of changes to rows, in the order in which they became visible."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import enum_column, identifier, verbatim_column


class ChangeKind(LabelledEnum):
    CREATED = "CREATED", "新增"
    CORRECTED = "CORRECTED", "更正"
    RETRACTED = "RETRACTED", "撤回"
    MERGED = "MERGED", "合并"
    UNMERGED = "UNMERGED", "撤销合并"
    RECODED = "RECODED", "改码"
    ERASED = "ERASED", "删除"
    REDACTED = "REDACTED", "隐去"


class Change(SQLModel, table=True):
    """One change of one row, numbered without gaps by the write path, under the writer's lock."""

    __table_args__ = (Index("ix_change_subject", "subject_type", "subject_id"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    change_kind: ChangeKind = enum_column(ChangeKind)
    subject_type: str = verbatim_column()
    subject_id: str = identifier()
    asserted_by_id: str | None = identifier(default=None, nullable=True)
    typed_by: str = verbatim_column()
    recorded_at: datetime = Field(sa_type=UtcDateTime())
