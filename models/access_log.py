"""Who came near personal data, and why: written once, never changed, never taken away."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from kit.columns import Moment
from kit.words import Labelled
from models.row import key, verbatim, words


class AccessAction(Labelled):
    REVEALED = "REVEALED", "查看"
    EXPORTED = "EXPORTED", "导出"
    ERASED = "ERASED", "删除"
    EXPIRED = "EXPIRED", "到期删除"
    ERASURE_REQUESTED = "ERASURE_REQUESTED", "申请删除"
    ERASURE_ANSWERED = "ERASURE_ANSWERED", "答复删除申请"


class AccessEntry(SQLModel, table=True):
    """`number` has no gaps, `hash` covers the entry and the hash of the one before (kit/chain.py).

    `pseudonym` stays when the person is erased; nothing leads from it to anybody then. `fields` are
    words joined by commas, `reader` is an organisation's key or a name of the operator's.
    """

    __tablename__ = "access_log"

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=Moment())
    access_action: AccessAction = words(AccessAction)
    reader: str = verbatim()
    pseudonym: str = key(index=True)
    fields: str = verbatim()
    purpose: str = verbatim()
    legal_basis_id: str | None = key(default=None, nullable=True)
    previous: str = verbatim()
    hash: str = verbatim()
