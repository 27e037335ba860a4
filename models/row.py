"""What every stored row has, and the words from which tables are made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, Index, Table
from sqlmodel import Field, SQLModel

from kit.columns import EnumText, FixedDecimal, NormalizedText, PartialDateText, Text, UtcDateTime
from kit.partial_date import PartialDate
from kit.rows import WITHHELD_INFO
from kit.thousandths import MAX_THOUSANDTHS, SCALE
from kit.words import LabelledEnum
from kit.written import Normalizer as Spelling
from kit.written import normalize_code, normalize_label, normalize_prose

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
# of an end that is laid down. The columns say it under the name YEARS_AHEAD_KEY.
YEARS_AHEAD_KEY, DEFAULT_YEARS_AHEAD, LONG_YEARS_AHEAD = "ahead", 10, 100

# Of a column that only those read who see all: what is derived from more than everybody sees.
UNRESTRICTED_COLUMN: dict[str, Any] = {"sa_column_kwargs": {"info": {WITHHELD_INFO: True}}}


class Audience(LabelledEnum):
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


class Level(LabelledEnum):
    """Levels of regions and of what is granted or held at them."""

    INTERNATIONAL = "INTERNATIONAL", "国际级"
    NATIONAL = "NATIONAL", "国家级"
    PROVINCIAL = "PROVINCIAL", "省级"
    CITY = "CITY", "市级"
    DISTRICT = "DISTRICT", "区级"
    COUNTY = "COUNTY", "县级"
    ZONE = "ZONE", "功能区级"
    ENTERPRISE = "ENTERPRISE", "企业级"


class FactStatus(LabelledEnum):
    """How far a fact is settled."""

    ASSERTED = "ASSERTED", "已陈述"
    VERIFIED = "VERIFIED", "已核实"
    DISPUTED = "DISPUTED", "有争议"
    RETRACTED = "RETRACTED", "已撤回"


def identifier(**more: Any) -> Any:
    return Field(sa_type=Text(KEY_LENGTH), **more)


def reference(table: str, **more: Any) -> Any:
    """A foreign key, indexed because links walk it both ways.

    With `index=False` where an index of the table begins with it: see `page_index`.
    """
    return identifier(foreign_key=f"{table}.id", **{"index": True, **more})


def optional_reference(table: str, **more: Any) -> Any:
    return reference(table, default=None, nullable=True, **more)


def enum_column(kind: type[StrEnum], **more: Any) -> Any:
    return Field(sa_type=EnumText(kind), **more)


def optional_enum(kind: type[StrEnum], **more: Any) -> Any:
    return enum_column(kind, default=None, nullable=True, **more)


def text_column(spell: Spelling = normalize_label, **more: Any) -> Any:
    """On one line, and spelt as people mean it: see kit/written.py."""
    return Field(sa_type=NormalizedText(spell), **more)


def optional_text(spell: Spelling = normalize_label) -> Any:
    return text_column(spell, default=None, nullable=True)


def prose_column() -> Any:
    """Of several lines, perhaps."""
    return text_column(normalize_prose)


def optional_prose() -> Any:
    return optional_text(normalize_prose)


def verbatim_column(**more: Any) -> Any:
    """Character by character as it was written: what no person compares."""
    return Field(sa_type=Text(), **more)


def partial_date_column(ahead: int = DEFAULT_YEARS_AHEAD) -> Any:
    """No later than so many years from now: what is later was hardly meant."""
    info = {YEARS_AHEAD_KEY: ahead}
    return Field(
        default=None, sa_type=PartialDateText(), nullable=True, sa_column_kwargs={"info": info}
    )


def decimal_column(*, required: bool = False) -> Any:
    """To three decimals, exactly: see kit.thousandths."""
    if required:
        return Field(sa_type=FixedDecimal)
    return Field(default=None, sa_type=FixedDecimal, nullable=True)


def add_decimal_checks(table: Table) -> None:
    """No number is kept that the registry couldn't tell again."""
    for column in table.c:
        if isinstance(column.type, FixedDecimal):
            rule = f"{column.name} BETWEEN -{MAX_THOUSANDTHS} AND {MAX_THOUSANDTHS}"
            table.append_constraint(CheckConstraint(rule, name=f"{column.name}_fits"))


def complete_quantity(prefix: str) -> CheckConstraint:
    """A quantity is there with its unit and qualifier, or not at all."""
    value = f"({prefix}_value IS NULL)"
    rule = f"{value} = ({prefix}_unit IS NULL) AND {value} = ({prefix}_qualifier IS NULL)"
    return CheckConstraint(rule, name=f"{prefix}_whole")


def page_index(*columns: str, counted: Sequence[str] = ()) -> Index:
    """An index in the order of a list, the key last, from which a page is read without sorting.

    `counted` are the columns that decide what a list holds: with them PostgreSQL counts a long list
    from the index alone. SQLite has no such columns, and reads its rows.
    """
    return Index(None, *columns, postgresql_include=list(counted))


# What decides whether a row is in a list.
VISIBILITY_COLUMNS = ("audience", "owner_id")
LISTING_COLUMNS = ("status", *VISIBILITY_COLUMNS)


def count_not_null(columns: tuple[str, ...]) -> str:
    return " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in columns)


def exactly_one(name: str, *columns: str) -> CheckConstraint:
    return CheckConstraint(f"{count_not_null(columns)} = 1", name=name, info={"one_of": columns})


def at_most_one(name: str, *columns: str) -> CheckConstraint:
    rule = f"{count_not_null(columns)} <= 1"
    return CheckConstraint(rule, name=name, info={"one_of": columns, "or_none": True})


def range_check(
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
    times = SCALE if decimal else 1
    rule = f"{column} >= {least * times}"
    rule += f" AND {column} <= {most * times}" if most is not None else ""
    info = {"within": (column, least, most), YEARS_AHEAD_KEY: ahead}
    return CheckConstraint(rule, name=f"{column}_within", info=info)


def year_check(column: str = "year", ahead: int = DEFAULT_YEARS_AHEAD) -> CheckConstraint:
    return range_check(column, FIRST_YEAR, LAST_YEAR, ahead)


def spell_order_check() -> CheckConstraint:
    """A spell holds on a day at least."""
    return CheckConstraint("begins < ends", name="spell_in_order")


@dataclass(frozen=True)
class ShareRule:
    """Rows that share out a whole: each holder has one part of it, and shares are 100 % at most."""

    whole: str
    holders: tuple[str, ...]
    share: str


@dataclass(frozen=True)
class YearRule:
    """A column for the year of dates beside it, from the first of them to the last.

    Left empty, it is their year where they are of one; given, it is none but theirs, or, with
    `or_earlier`, one before them.
    """

    year: str
    dates: tuple[str, ...]
    or_earlier: bool = False


@dataclass(frozen=True)
class DuplicateRule:
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
    summary_columns: ClassVar[tuple[str, ...]] = ()
    summary_measures: ClassVar[tuple[str, ...]] = ()
    # By which others they are counted as well, each in a table of its own: what published numbers
    # are compared with.
    extra_summary_columns: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    years: ClassVar[tuple[YearRule, ...]] = ()
    # Pairs of dates or years of which the second never comes before the first.
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = ()

    id: str = identifier(primary_key=True)
    # The organisation that asserted the row; empty for what the registry itself vouches for.
    owner_id: str | None = identifier(default=None, nullable=True)
    audience: Audience = enum_column(Audience, default=Audience.PUBLIC)
    typed_by: str = verbatim_column()
    recorded_at: datetime = Field(sa_type=UtcDateTime())
    note: str | None = optional_prose()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(column, reason) for what can't be true of one row."""
        yield from ()


class Thing(Row):
    """`name_as_published` is there where the name was printed in another spelling than it has."""

    code: str = Field(sa_type=NormalizedText(normalize_code, KEY_LENGTH), unique=True)
    name: str = text_column()
    name_as_published: str | None = verbatim_column(default=None, nullable=True)
    name_en: str | None = optional_text()
    name_key: str = Field(sa_type=Text())


class Part(Row):
    """A row that has no meaning without the thing it is part of."""


class Fact(Row):
    parts: ClassVar[ShareRule | None] = None
    # Without it, facts that agree in everything are likely the same.
    sameness: ClassVar[DuplicateRule | None] = None

    status: FactStatus = enum_column(FactStatus, default=FactStatus.ASSERTED)
    source_id: str = reference("source")


class Spell(SQLModel):
    """Half-open, in days: `begins` and `ends` are computed from the two dates as published.

    One that begins and ends on the same day holds on that day.
    """

    bounds: ClassVar[tuple[str, str]] = ("started", "ended")
    pair: ClassVar[tuple[str, ...]] = ()  # no two spells of one pair overlap

    begins: date | None = Field(default=None, sa_type=Date, nullable=True)
    ends: date | None = Field(default=None, sa_type=Date, nullable=True)


class DatedSpell(Spell):
    """A spell whose dates are called `started` and `ended`."""

    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
