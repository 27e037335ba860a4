"""Requests for erasure, and the marks by which erased persons are recognised."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import (
    enum_column,
    identifier,
    optional_prose,
    prose_column,
    reference,
    verbatim_column,
)


class ErasureStatus(LabelledEnum, description="Status of an erasure request. 删除申请状态"):
    REQUESTED = "REQUESTED", "待处理", "Not decided"
    APPROVED = "APPROVED", "同意删除", "The data is deleted"
    DECLINED = "DECLINED", "不予删除", "The data is kept"


class ErasureRequest(SQLModel, table=True):
    """A worker's request to be erased, answered by the owner of their record or the steward.

    Deleted when the worker is erased.
    """

    __tablename__ = "erasure_request"

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    worker_id: str = reference("worker")
    owner_id: str | None = identifier(default=None, nullable=True, index=True)
    reason: str = prose_column()
    erasure_status: ErasureStatus = enum_column(ErasureStatus, default=ErasureStatus.REQUESTED)
    requested_at: datetime = Field(sa_type=UtcDateTime())
    answer: str | None = optional_prose()
    answered_by: str | None = verbatim_column(default=None, nullable=True)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)


class ErasedMark(SQLModel, table=True):
    """A keyed hash of data that identified an erased person, or of a text or key with their name.

    A mark shows neither the person, nor which marks belong to the same person. If it is of a
    redacted key, `leads_to` is the record's new key.
    """

    __tablename__ = "erased_mark"

    mark: str = verbatim_column(primary_key=True)
    leads_to: str | None = identifier(default=None, nullable=True)
