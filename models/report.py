"""Reports as they were made: kept to be served again, byte for byte."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from kit.columns import UtcDateTime
from models.row import identifier, verbatim_column


class Report(SQLModel, table=True):
    """One file, for one viewer, of one version; never changed.

    `id` is the digest of what was asked, by whom and of which version; `digest` that of the
    content, which is base64 of the bytes. `wall` and `region_id` say as whom it was read.
    `asked` is the digest of what was asked and by whom: the same for all versions of one report.
    What nobody asked to be kept (`kept_at`) goes when newer versions come.
    """

    id: str = identifier(primary_key=True)
    name: str = verbatim_column()
    form: str = verbatim_column()
    question: str = verbatim_column()
    version: str = verbatim_column()
    asked: str | None = identifier(default=None, nullable=True, index=True)
    kept_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
    owner_id: str | None = identifier(default=None, nullable=True, index=True)
    wall: str = verbatim_column()
    region_id: str | None = identifier(default=None, nullable=True)
    made_at: datetime = Field(sa_type=UtcDateTime())
    digest: str = verbatim_column()
    content: str = verbatim_column()
