"""Organisations that ask with a name, and what each may do."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from kit.columns import Moment, Text, WordSet
from kit.words import Labelled
from models.row import key, may_refer_to, refers_to, text, words

# These tables are no `Row`s: nobody asks the graph for them, they have no owner and no source, and
# an image of a key that was replaced would be one more place in which to look for keys.


class Role(Labelled):
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
NOT_YET = frozenset({Scope.IMPORT})
ITS_OWN = frozenset({Scope.READ_PUBLIC, Scope.READ_OWN, Scope.WRITE_OWN})
OF_A_REGION = frozenset({Scope.READ_REGION, Scope.AGGREGATE_REGION})
# What a partner of each role may be given; a key has all of it unless it was issued with less.
ALLOWED = {
    Role.COLLEGE: ITS_OWN | {Scope.PERSONAL_READ},
    Role.ALLIANCE: ITS_OWN - {Scope.WRITE_OWN},  # it owns nothing of which it would answer
    Role.UNION: ITS_OWN | OF_A_REGION | {Scope.PERSONAL_READ},
    Role.STEWARD: frozenset(Scope) - NOT_YET,
}


class Partner(SQLModel, table=True):
    code: str = key(primary_key=True)
    name: str = text()
    role: Role = words(Role)
    # It stands for this one; of role ALLIANCE, for the alliances that this one convenes.
    organisation_id: str = refers_to("organisation")
    region_id: str | None = may_refer_to("region")  # of a union: all that lies in it is its own
    scopes: frozenset[Scope] = Field(sa_type=WordSet(Scope))
    enabled: bool = Field(default=True)


class PartnerKey(SQLModel, table=True):
    """Of a key's secret only its SHA-256 is stored: it can be checked, and not be told again."""

    __tablename__ = "partner_key"

    id: str = key(primary_key=True)
    partner_code: str = key(foreign_key="partner.code", index=True)
    secret_hash: str = Field(sa_type=Text(64))
    scopes: frozenset[Scope] = Field(sa_type=WordSet(Scope))
    issued_at: datetime = Field(sa_type=Moment())
    expires_at: datetime = Field(sa_type=Moment())
    revoked_at: datetime | None = Field(default=None, sa_type=Moment(), nullable=True)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment(), nullable=True)
