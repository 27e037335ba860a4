"""Partners: organisations with access, with their roles, scopes and keys."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from kit.db.column_types import EnumSetText, Text, UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import enum_column, identifier, optional_reference, reference, text_column

# These tables are no `Row`s: the API doesn't publish them, they have no owner or source, and a
# history of keys would be one more place from which keys could leak.


class Role(LabelledEnum):
    COLLEGE = "COLLEGE", "院校"
    ALLIANCE = "ALLIANCE", "联盟召集单位"
    UNION = "UNION", "工会"
    STEWARD = "STEWARD", "登记管理方"


class Scope(StrEnum):
    """Permissions of a key or token. A role alone grants none."""

    READ_PUBLIC = "read:public"
    # Records that its organisation owns; for an alliance, also what its members share.
    READ_OWN = "read:own"
    READ_REGION = "read:region"  # all records in its region
    AGGREGATE_REGION = "aggregate:region"  # counts of its region, rounded if it may not list them
    WRITE_OWN = "write:own"  # answering disputes and requests about records of its organisation
    IMPORT = "import"  # no effect yet
    PERSONAL_READ = "personal:read"
    ADMIN = "admin"  # all rows


# Still known because keys were issued with them. They are neither issued nor shown any more.
UNAVAILABLE_SCOPES = frozenset({Scope.IMPORT})
OWN_SCOPES = frozenset({Scope.READ_PUBLIC, Scope.READ_OWN, Scope.WRITE_OWN})
REGION_SCOPES = frozenset({Scope.READ_REGION, Scope.AGGREGATE_REGION})
# The scopes that a role may have. A key has all of them unless it was issued with fewer.
SCOPES_BY_ROLE = {
    Role.COLLEGE: OWN_SCOPES | {Scope.PERSONAL_READ},
    Role.ALLIANCE: OWN_SCOPES - {Scope.WRITE_OWN},  # it owns no records that can be disputed
    Role.UNION: OWN_SCOPES | REGION_SCOPES | {Scope.PERSONAL_READ},
    Role.STEWARD: frozenset(Scope) - UNAVAILABLE_SCOPES,
}


class Partner(SQLModel, table=True):
    code: str = identifier(primary_key=True)
    name: str = text_column()
    role: Role = enum_column(Role)
    # The partner itself; for the role ALLIANCE, the convenor of its alliances.
    organisation_id: str = reference("organisation")
    region_id: str | None = optional_reference(
        "region"
    )  # of a union, which may see all records in it
    scopes: frozenset[Scope] = Field(sa_type=EnumSetText(Scope))
    enabled: bool = Field(default=True)


class PartnerKey(SQLModel, table=True):
    """An API key. Only the SHA-256 of its secret is stored, so it can be verified, not shown."""

    __tablename__ = "partner_key"

    id: str = identifier(primary_key=True)
    partner_code: str = identifier(foreign_key="partner.code", index=True)
    secret_hash: str = Field(sa_type=Text(64))
    scopes: frozenset[Scope] = Field(sa_type=EnumSetText(Scope))
    issued_at: datetime = Field(sa_type=UtcDateTime())
    expires_at: datetime = Field(sa_type=UtcDateTime())
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime(), nullable=True)
