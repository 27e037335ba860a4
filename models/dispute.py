from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from kit.columns import Moment
from kit.words import Labelled
from models.row import key, maybe_prose, maybe_words, prose_text, refers_to, verbatim, words


class DisputeStatus(Labelled):
    OPEN = "OPEN", "待处理"
    SETTLED = "SETTLED", "已处理"


class DisputeOutcome(Labelled):
    CORRECTED = "CORRECTED", "已更正"
    RETRACTED = "RETRACTED", "已撤回"
    KEPT = "KEPT", "维持原记录"


class Dispute(SQLModel, table=True):
    """A worker says that a record of theirs is wrong; whoever owns the record, or the steward,
    settles it. Goes with the person when that is erased.
    """

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    worker_id: str = refers_to("worker")
    record_type: str = verbatim()
    record_id: str = key()
    owner_id: str | None = key(default=None, nullable=True, index=True)
    text: str = prose_text()
    dispute_status: DisputeStatus = words(DisputeStatus, default=DisputeStatus.OPEN)
    outcome: DisputeOutcome | None = maybe_words(DisputeOutcome)
    opened_at: datetime = Field(sa_type=Moment())
    answer: str | None = maybe_prose()
    settled_by: str | None = verbatim(default=None, nullable=True)
    settled_at: datetime | None = Field(default=None, sa_type=Moment(), nullable=True)
