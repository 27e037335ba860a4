"""The log of changes to rows, in the order in which they became visible."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import enum_column, identifier, verbatim_column


class ChangeKind(LabelledEnum, description="Type of change to a record. 变更类别"):
    CREATED = "CREATED", "新增", "The record was entered"
    CORRECTED = "CORRECTED", "更正", "Values of the record were corrected"
    RETRACTED = "RETRACTED", "撤回", "The record was withdrawn as wrong"
    MERGED = "MERGED", "合并", "Two records of one thing became one"
    UNMERGED = "UNMERGED", "撤销合并", "A merger was undone"
    RECODED = "RECODED", "改码", "The code was changed"
    ERASED = "ERASED", "删除", "The record was deleted"
    REDACTED = "REDACTED", "隐去", "Personal data was removed from the record"


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
