"""Organisations that ask with a name, and what each may do."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from kit.columns import EnumSetText, Text, UtcDateTime
from kit.words import LabelledEnum
from models.row import enum_column, identifier, optional_reference, reference, text_column

# These tables are no `Row`s: nobody asks the graph for them, they have no owner and no source, and
# an image of a key that was replaced would be one more place in which to look for keys.


class Role(LabelledEnum):
    COLLEGE = "COLLEGE", "院校"
    ALLIANCE = "ALLIANCE", "联盟召集单位"
    UNION = "UNION", "工会"
    STEWARD = "STEWARD", "登记管理方"


class Scope(StrEnum):
    """What a key or a token allows; nothing follows from a role alone."""

    READ_PUBLIC = "read:public"
    # What its organisation owns; of an alliance what its members share, and what is its own.
    READ_OWN = "read:own"
    READ_REGION = "read:region"  # all that lies in its region
    AGGREGATE_REGION = "aggregate:region"  # counts of its region, rounded where it may not list
    WRITE_OWN = "write:own"  # to answer disputes and requests about what its organisation owns
    IMPORT = "import"  # nothing yet
    PERSONAL_READ = "personal:read"
    ADMIN = "admin"  # all rows


# Kept by name, for keys that were issued with it: nobody is given it, nor told to have it.
UNAVAILABLE_SCOPES = frozenset({Scope.IMPORT})
OWN_SCOPES = frozenset({Scope.READ_PUBLIC, Scope.READ_OWN, Scope.WRITE_OWN})
REGION_SCOPES = frozenset({Scope.READ_REGION, Scope.AGGREGATE_REGION})
# What a partner of each role may be given; a key has all of it unless it was issued with less.
SCOPES_BY_ROLE = {
    Role.COLLEGE: OWN_SCOPES | {Scope.PERSONAL_READ},
    Role.ALLIANCE: OWN_SCOPES - {Scope.WRITE_OWN},  # it owns nothing of which it would answer
    Role.UNION: OWN_SCOPES | REGION_SCOPES | {Scope.PERSONAL_READ},
    Role.STEWARD: frozenset(Scope) - UNAVAILABLE_SCOPES,
}


class Partner(SQLModel, table=True):
    code: str = identifier(primary_key=True)
    name: str = text_column()
    role: Role = enum_column(Role)
    # It stands for this one; of role ALLIANCE, for the alliances that this one convenes.
    organisation_id: str = reference("organisation")
    region_id: str | None = optional_reference(
        "region"
    )  # of a union: all that lies in it is its own
    scopes: frozenset[Scope] = Field(sa_type=EnumSetText(Scope))
    enabled: bool = Field(default=True)


class PartnerKey(SQLModel, table=True):
    """Of a key's secret only its SHA-256 is stored: it can be checked, and not be told again."""

    __tablename__ = "partner_key"

    id: str = identifier(primary_key=True)
    partner_code: str = identifier(foreign_key="partner.code", index=True)
    secret_hash: str = Field(sa_type=Text(64))
    scopes: frozenset[Scope] = Field(sa_type=EnumSetText(Scope))
    issued_at: datetime = Field(sa_type=UtcDateTime())
    expires_at: datetime = Field(sa_type=UtcDateTime())
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
