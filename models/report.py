"""Stored reports, served again byte for byte."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from models.row import identifier, verbatim_column


class Report(SQLModel, table=True):
    """One file of a report, for one viewer and version; immutable.

    `id` is the digest of the request, the viewer and the version; `asked` that of the request and
    the viewer, so it is equal for all versions. `digest` is that of the content, which is stored in
    base64. `wall` and `region_id` are the viewer's session role and region. Without `kept_at`, a
    report is deleted once there are enough newer versions.
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
