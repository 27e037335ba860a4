"""Organisations that ask with a name, and what each may do."""

from enum import StrEnum

from kit.words import Labelled


class Role(Labelled):
    COLLEGE = "COLLEGE", "院校"
    ALLIANCE = "ALLIANCE", "联盟召集单位"
    UNION = "UNION", "工会"
    STEWARD = "STEWARD", "登记管理方"


class Scope(StrEnum):
    """What a key or a token allows; nothing follows from a role alone."""

    READ_PUBLIC = "read:public"
    READ_OWN = "read:own"  # what its organisation owns, and what is shared with it
    READ_REGION = "read:region"  # all that lies in its region
    AGGREGATE_REGION = "aggregate:region"  # counts of its region, rounded where it may not list
    WRITE_OWN = "write:own"
    IMPORT = "import"
    PERSONAL_READ = "personal:read"
    ADMIN = "admin"  # all rows


ITS_OWN = frozenset({Scope.READ_PUBLIC, Scope.READ_OWN, Scope.WRITE_OWN, Scope.IMPORT})
OF_A_REGION = frozenset({Scope.READ_REGION, Scope.AGGREGATE_REGION})
# What a partner of each role may be given; a key has all of it unless it was issued with less.
ALLOWED = {
    Role.COLLEGE: ITS_OWN | {Scope.PERSONAL_READ},
    Role.ALLIANCE: ITS_OWN,
    Role.UNION: ITS_OWN | OF_A_REGION | {Scope.PERSONAL_READ},
    Role.STEWARD: frozenset(Scope),
}
