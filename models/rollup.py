import secrets

from sqlmodel import Field, SQLModel

from kit.db.column_types import Text


class RoundingKey(SQLModel, table=True):
    """The key of the rounding, in one row. It is secret: its holder can undo the rounding."""

    __tablename__ = "rounding_key"

    id: int = Field(primary_key=True, default=1)
    key: str = Field(sa_type=Text(), default_factory=lambda: secrets.token_hex(32))
