"""The access log of personal data: append-only, and never deleted."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import enum_column, identifier, verbatim_column


class AccessAction(LabelledEnum, description="Action on personal data. 操作"):
    REVEALED = "REVEALED", "查看", "Shown to a person"
    EXPORTED = "EXPORTED", "导出", "Written to a file"
    ERASED = "ERASED", "删除", "Deleted"
    EXPIRED = "EXPIRED", "到期删除", "Deleted because its retention period ended"
    ERASURE_REQUESTED = "ERASURE_REQUESTED", "申请删除", "Erasure was requested"
    ERASURE_ANSWERED = "ERASURE_ANSWERED", "答复删除申请", "The request for erasure was decided"


class AccessEntry(SQLModel, table=True):
    """An entry of the log's hash chain.

    `number` has no gaps. `hash` covers the entry and the hash of the one before
    (kit/security/hash_chain.py).
    `pseudonym` remains when the person is erased, without any link to them. `fields` are
    separated by commas. `reader` is an organisation's key or a name of the operator.
    """

    __tablename__ = "access_log"

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime())
    access_action: AccessAction = enum_column(AccessAction)
    reader: str = verbatim_column()
    pseudonym: str = identifier(index=True)
    fields: str = verbatim_column()
    purpose: str = verbatim_column()
    legal_basis_id: str | None = identifier(default=None, nullable=True)
    previous: str = verbatim_column()
    hash: str = verbatim_column()
