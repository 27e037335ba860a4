"""What every stored row has, and the words from which tables are made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, Index, Table
from sqlmodel import Field, SQLModel

from kit.columns import Moment, PartialDateText, Spelt, Text, Thousandths, Words
from kit.partial_date import PartialDate
from kit.rows import WITHHELD
from kit.thousandths import MOST, UNIT
from kit.words import Labelled
from kit.written import Spell as Spelling
from kit.written import code, label, prose

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

KEY_LENGTH = 80
FIRST_YEAR, LAST_YEAR = 1900, 2200
# How many years ahead a date or a year may lie: of what happens, and of what somebody aims at or
# of an end that is laid down. The columns say it under the name AHEAD.
AHEAD, SOON, FAR = "ahead", 10, 100

# Of a column that only those read who see all: what is derived from more than everybody sees.
FROM_ALL: dict[str, Any] = {"sa_column_kwargs": {"info": {WITHHELD: True}}}


class Audience(Labelled):
    """Who may see a row besides its owner, from the widest to the narrowest.

    Everybody; those with whom the owner shares, who are the convenors of the alliances in which it
    is a member; the union of the region in which it lies, as with the wider two; or nobody, as it
    is with minors. The rule is `visible` in resolvers/access.py.
    """

    PUBLIC = "PUBLIC", "公开"
    SHARED = "SHARED", "合作方"
    OWNER = "OWNER", "仅所有者"
    PROTECTED = "PROTECTED", "受保护"

    def narrowed(self, other: "Audience") -> "Audience":
        """The narrower of the two."""
        return max(self, other, key=[*Audience].index)


class Level(Labelled):
    """Levels of regions and of what is granted or held at them."""

    INTERNATIONAL = "INTERNATIONAL", "国际级"
    NATIONAL = "NATIONAL", "国家级"
    PROVINCIAL = "PROVINCIAL", "省级"
    CITY = "CITY", "市级"
    DISTRICT = "DISTRICT", "区级"
    COUNTY = "COUNTY", "县级"
    ZONE = "ZONE", "功能区级"
    ENTERPRISE = "ENTERPRISE", "企业级"


class FactStatus(Labelled):
    """How far a fact is settled."""

    ASSERTED = "ASSERTED", "已陈述"
    VERIFIED = "VERIFIED", "已核实"
    DISPUTED = "DISPUTED", "有争议"
    RETRACTED = "RETRACTED", "已撤回"


def key(**more: Any) -> Any:
    return Field(sa_type=Text(KEY_LENGTH), **more)


def refers_to(table: str, **more: Any) -> Any:
    """A foreign key, indexed because links walk it both ways.

    With `index=False` where an index of the table begins with it: see `paged`.
    """
    return key(foreign_key=f"{table}.id", **{"index": True, **more})


def may_refer_to(table: str, **more: Any) -> Any:
    return refers_to(table, default=None, nullable=True, **more)


def words(kind: type[StrEnum], **more: Any) -> Any:
    return Field(sa_type=Words(kind), **more)


def maybe_words(kind: type[StrEnum], **more: Any) -> Any:
    return words(kind, default=None, nullable=True, **more)


def text(spell: Spelling = label, **more: Any) -> Any:
    """On one line, and spelt as people mean it: see kit/written.py."""
    return Field(sa_type=Spelt(spell), **more)


def maybe_text(spell: Spelling = label) -> Any:
    return text(spell, default=None, nullable=True)


def prose_text() -> Any:
    """Of several lines, perhaps."""
    return text(prose)


def maybe_prose() -> Any:
    return maybe_text(prose)


def verbatim(**more: Any) -> Any:
    """Character by character as it was written: what no person compares."""
    return Field(sa_type=Text(), **more)


def partial_date(ahead: int = SOON) -> Any:
    """No later than so many years from now: what is later was hardly meant."""
    info = {AHEAD: ahead}
    return Field(
        default=None, sa_type=PartialDateText(), nullable=True, sa_column_kwargs={"info": info}
    )


def number(*, required: bool = False) -> Any:
    """To three decimals, exactly: see kit.thousandths."""
    if required:
        return Field(sa_type=Thousandths)
    return Field(default=None, sa_type=Thousandths, nullable=True)


def as_kept(table: Table) -> None:
    """No number is kept that the registry couldn't tell again."""
    for column in table.c:
        if isinstance(column.type, Thousandths):
            rule = f"{column.name} BETWEEN -{MOST} AND {MOST}"
            table.append_constraint(CheckConstraint(rule, name=f"{column.name}_fits"))


def whole(prefix: str) -> CheckConstraint:
    """A quantity is there with its unit and qualifier, or not at all."""
    value = f"({prefix}_value IS NULL)"
    rule = f"{value} = ({prefix}_unit IS NULL) AND {value} = ({prefix}_qualifier IS NULL)"
    return CheckConstraint(rule, name=f"{prefix}_whole")


def paged(*columns: str, counted: Sequence[str] = ()) -> Index:
    """An index in the order of a list, the key last, from which a page is read without sorting.

    `counted` are the columns that decide what a list holds: with them PostgreSQL counts a long list
    from the index alone. SQLite has no such columns, and reads its rows.
    """
    return Index(None, *columns, postgresql_include=list(counted))


# What decides whether a row is in a list.
SEEN = ("audience", "owner_id")
STANDING = ("status", *SEEN)


def filled(columns: tuple[str, ...]) -> str:
    return " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in columns)


def exactly_one(name: str, *columns: str) -> CheckConstraint:
    return CheckConstraint(f"{filled(columns)} = 1", name=name, info={"one_of": columns})


def at_most_one(name: str, *columns: str) -> CheckConstraint:
    rule = f"{filled(columns)} <= 1"
    return CheckConstraint(rule, name=name, info={"one_of": columns, "or_none": True})


def within(
    column: str,
    least: int,
    most: int | None = None,
    ahead: int | None = None,
    *,
    decimal: bool = False,
) -> CheckConstraint:
    """A number from `least` to `most`, both included, whole or `decimal`; a year at most so far
    `ahead`.
    """
    times = UNIT if decimal else 1
    rule = f"{column} >= {least * times}"
    rule += f" AND {column} <= {most * times}" if most is not None else ""
    info = {"within": (column, least, most), AHEAD: ahead}
    return CheckConstraint(rule, name=f"{column}_within", info=info)


def a_year(column: str = "year", ahead: int = SOON) -> CheckConstraint:
    return within(column, FIRST_YEAR, LAST_YEAR, ahead)


def in_order() -> CheckConstraint:
    """A spell holds on a day at least."""
    return CheckConstraint("begins < ends", name="spell_in_order")


@dataclass(frozen=True)
class Parts:
    """Rows that share out a whole: each holder has one part of it, and shares are 100 % at most."""

    whole: str
    holders: tuple[str, ...]
    share: str


@dataclass(frozen=True)
class YearOf:
    """A column for the year of dates beside it, from the first of them to the last.

    Left empty, it is their year where they are of one; given, it is none but theirs, or, with
    `or_earlier`, one before them.
    """

    year: str
    dates: tuple[str, ...]
    or_earlier: bool = False


@dataclass(frozen=True)
class Sameness:
    """When two facts under two keys are one and the same.

    They are about one matter where they agree in `about`, of which the first that is filled is what
    others are looked for by. They are the same where they agree in all `details` too, and state one
    at least; a detail that one of them leaves open makes it a likelihood. Of `places` the first
    that both state decides. `only_likely` names a column by which nothing is ever certain.
    """

    about: tuple[str, ...]
    details: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    only_likely: str | None = None


class Row(SQLModel):
    """`id` is the key under which the row was first entered: lasting, never reused."""

    # Columns that the write path computes; nobody enters them, and they are no change of their own.
    derived: ClassVar[frozenset[str]] = frozenset()
    # Some hold what everybody may be told; what follows from all there is, is in another.
    from_all: ClassVar[Mapping[str, str]] = {}
    # By which columns rows are counted beforehand, and which quantities are added up with them:
    # see models/summary.py.
    summed_by: ClassVar[tuple[str, ...]] = ()
    summed: ClassVar[tuple[str, ...]] = ()
    # By which others they are counted as well, each in a table of its own: what published numbers
    # are compared with.
    summed_also: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    years: ClassVar[tuple[YearOf, ...]] = ()
    # Pairs of dates or years of which the second never comes before the first.
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = ()

    id: str = key(primary_key=True)
    # The organisation that asserted the row; empty for what the registry itself vouches for.
    owner_id: str | None = key(default=None, nullable=True)
    audience: Audience = words(Audience, default=Audience.PUBLIC)
    typed_by: str = verbatim()
    recorded_at: datetime = Field(sa_type=Moment())
    note: str | None = maybe_prose()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(column, reason) for what can't be true of one row."""
        yield from ()


class Thing(Row):
    """`name_as_published` is there where the name was printed in another spelling than it has."""

    code: str = Field(sa_type=Spelt(code, KEY_LENGTH), unique=True)
    name: str = text()
    name_as_published: str | None = verbatim(default=None, nullable=True)
    name_en: str | None = maybe_text()
    name_key: str = Field(sa_type=Text())


class Part(Row):
    """A row that has no meaning without the thing it is part of."""


class Fact(Row):
    parts: ClassVar[Parts | None] = None
    # Without it, facts that agree in everything are likely the same.
    sameness: ClassVar[Sameness | None] = None

    status: FactStatus = words(FactStatus, default=FactStatus.ASSERTED)
    source_id: str = refers_to("source")


class Spell(SQLModel):
    """Half-open, in days: `begins` and `ends` are computed from the two dates as published.

    One that begins and ends on the same day holds on that day.
    """

    bounds: ClassVar[tuple[str, str]] = ("started", "ended")
    pair: ClassVar[tuple[str, ...]] = ()  # no two spells of one pair overlap

    begins: date | None = Field(default=None, sa_type=Date, nullable=True)
    ends: date | None = Field(default=None, sa_type=Date, nullable=True)


class Lasting(Spell):
    """A spell whose dates are called `started` and `ended`."""

    started: PartialDate | None = partial_date()
    ended: PartialDate | None = partial_date(FAR)
