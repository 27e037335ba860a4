"""The columns of every row, and functions that declare columns, constraints and indexes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, Index, Table
from sqlmodel import Field, SQLModel

from kit.db.column_types import (
    EnumText,
    FixedDecimal,
    NormalizedText,
    PartialDateText,
    Text,
    UtcDateTime,
)
from kit.db.table_aliases import WITHHELD_INFO
from kit.text.normalization import Normalizer as Spelling
from kit.text.normalization import normalize_code, normalize_label, normalize_prose
from kit.values.fixed_point import MAX_THOUSANDTHS, SCALE
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

KEY_LENGTH = 80
FIRST_YEAR, LAST_YEAR = 1900, 2200
# The most years that a date may be ahead of today: events, and targets or fixed ends. Stored in a
# column's info under YEARS_AHEAD_KEY.
YEARS_AHEAD_KEY, DEFAULT_YEARS_AHEAD, LONG_YEARS_AHEAD = "ahead", 10, 100

# For columns that only viewers of all rows may read: they are derived from non-public rows too.
UNRESTRICTED_COLUMN: dict[str, Any] = {"sa_column_kwargs": {"info": {WITHHELD_INFO: True}}}


class Audience(LabelledEnum):
    """Viewers of a row besides its owner, from the widest audience to the narrowest.

    PUBLIC: all viewers. SHARED: the convenors of the alliances in which the owner is a member.
    OWNER: only the union of the row's region, which sees the wider two as well. PROTECTED: no one,
    as for minors. The rule is `visible` in resolvers/core/access.py.
    """

    PUBLIC = "PUBLIC", "公开"
    SHARED = "SHARED", "合作方"
    OWNER = "OWNER", "仅所有者"
    PROTECTED = "PROTECTED", "受保护"

    def narrowed(self, other: "Audience") -> "Audience":
        """Return the narrower of the two."""
        return max(self, other, key=[*Audience].index)


class Level(
    LabelledEnum,
    description="Level of a region, or of a title, studio or competition. 级别",
):
    """Levels of regions, and of honours and contests."""

    INTERNATIONAL = "INTERNATIONAL", "国际级"
    NATIONAL = "NATIONAL", "国家级"
    PROVINCIAL = "PROVINCIAL", "省级"
    CITY = "CITY", "市级"
    DISTRICT = "DISTRICT", "区级"
    COUNTY = "COUNTY", "县级"
    ZONE = "ZONE", "功能区级", "Special zone"
    ENTERPRISE = "ENTERPRISE", "企业级"


class FactStatus(LabelledEnum, description="Degree of certainty of a fact. 状态"):
    """The status of a fact."""

    ASSERTED = "ASSERTED", "已陈述", "A source states it"
    VERIFIED = "VERIFIED", "已核实", "The registry has checked it"
    DISPUTED = "DISPUTED", "有争议", "A person objects to it"
    RETRACTED = "RETRACTED", "已撤回", "It was withdrawn as wrong"


def identifier(**options: Any) -> Any:
    return Field(sa_type=Text(KEY_LENGTH), **options)


def reference(table: str, **options: Any) -> Any:
    """Return a foreign key, indexed because links follow it in both directions.

    `index=False`: another index of the table begins with it (`page_index`).
    """
    return identifier(foreign_key=f"{table}.id", **{"index": True, **options})


def optional_reference(table: str, **options: Any) -> Any:
    return reference(table, default=None, nullable=True, **options)


def enum_column(kind: type[StrEnum], **options: Any) -> Any:
    return Field(sa_type=EnumText(kind), **options)


def optional_enum(kind: type[StrEnum], **options: Any) -> Any:
    return enum_column(kind, default=None, nullable=True, **options)


def text_column(spell: Spelling = normalize_label, **options: Any) -> Any:
    """Return a column for one line of text, normalized as in kit/text/normalization.py."""
    return Field(sa_type=NormalizedText(spell), **options)


def optional_text(spell: Spelling = normalize_label) -> Any:
    return text_column(spell, default=None, nullable=True)


def prose_column() -> Any:
    """Return a column for text of several lines."""
    return text_column(normalize_prose)


def optional_prose() -> Any:
    return optional_text(normalize_prose)


def verbatim_column(**options: Any) -> Any:
    """Return a column for text that is stored unchanged, as people don't search for it."""
    return Field(sa_type=Text(), **options)


def partial_date_column(ahead: int = DEFAULT_YEARS_AHEAD) -> Any:
    """Return a date column. Dates more than `ahead` years from now are refused as errors."""
    info = {YEARS_AHEAD_KEY: ahead}
    return Field(
        default=None, sa_type=PartialDateText(), nullable=True, sa_column_kwargs={"info": info}
    )


def decimal_column(*, required: bool = False) -> Any:
    """Return a column for exact numbers with three decimals: see kit/values/fixed_point.py."""
    if required:
        return Field(sa_type=FixedDecimal)
    return Field(default=None, sa_type=FixedDecimal, nullable=True)


def add_decimal_checks(table: Table) -> None:
    """Add checks that refuse numbers which can't be represented exactly."""
    for column in table.c:
        if isinstance(column.type, FixedDecimal):
            rule = f"{column.name} BETWEEN -{MAX_THOUSANDTHS} AND {MAX_THOUSANDTHS}"
            table.append_constraint(CheckConstraint(rule, name=f"{column.name}_fits"))


def complete_quantity(prefix: str) -> CheckConstraint:
    """Return a check that value, unit and qualifier are all present or all absent."""
    value = f"({prefix}_value IS NULL)"
    rule = f"{value} = ({prefix}_unit IS NULL) AND {value} = ({prefix}_qualifier IS NULL)"
    return CheckConstraint(rule, name=f"{prefix}_whole")


def page_index(*columns: str, counted: Sequence[str] = ()) -> Index:
    """Return an index in the order of a list, ending with the key, so that pages need no sort.

    `counted` are the columns of the list's predicate: with them PostgreSQL counts a long list from
    the index alone. SQLite has no included columns, and reads the rows.
    """
    return Index(None, *columns, postgresql_include=list(counted))


# The columns that decide whether a viewer's list includes a row.
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
    """Return a check for a number from `least` to `most` inclusive; with `decimal`, in thousandths.

    `ahead`: it is a year, at most that many years from now.
    """
    times = SCALE if decimal else 1
    rule = f"{column} >= {least * times}"
    rule += f" AND {column} <= {most * times}" if most is not None else ""
    info = {"within": (column, least, most), YEARS_AHEAD_KEY: ahead}
    return CheckConstraint(rule, name=f"{column}_within", info=info)


def year_check(column: str = "year", ahead: int = DEFAULT_YEARS_AHEAD) -> CheckConstraint:
    return range_check(column, FIRST_YEAR, LAST_YEAR, ahead)


def spell_order_check() -> CheckConstraint:
    """Return a check that a spell lasts at least a day."""
    return CheckConstraint("begins < ends", name="spell_in_order")


@dataclass(frozen=True)
class ShareRule:
    """A rule for shares of a whole: one row for each holder, at most 100 % together."""

    whole: str
    holders: tuple[str, ...]
    share: str


@dataclass(frozen=True)
class YearRule:
    """A rule for a year column beside dates: it is in the period from the first to the last.

    If it is empty and the dates are of one year, it becomes that year. With `or_earlier` it may
    precede the dates.
    """

    year: str
    dates: tuple[str, ...]
    or_earlier: bool = False


@dataclass(frozen=True)
class DuplicateRule:
    """A rule that finds two keys for the same fact.

    Facts with equal `about` columns have the same subject; the first non-empty one is used to find
    candidates. Facts are the same if all `details` agree too, and at least one is stated. If a
    detail is empty in one of them, they are probably the same. The first of
    `places` that both state decides. A fact with the `only_likely` column is never more than
    probably the same.
    """

    about: tuple[str, ...]
    details: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    only_likely: str | None = None


class Row(SQLModel):
    """A row of the registry. `id` is the key under which it was first entered, never reused."""

    # Columns that the write path computes. They can't be entered, and make no change by themselves.
    derived: ClassVar[frozenset[str]] = frozenset()
    # Columns derived from public facts, each with the column derived from all facts.
    from_all: ClassVar[Mapping[str, str]] = {}
    # The dimensions and the quantities of the summary table: see models/summary.py.
    summary_columns: ClassVar[tuple[str, ...]] = ()
    summary_measures: ClassVar[tuple[str, ...]] = ()
    # Dimensions of further summary tables, by name: published figures are compared with them.
    extra_summary_columns: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    years: ClassVar[tuple[YearRule, ...]] = ()
    # Pairs of dates or years, the second of which is never before the first.
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = ()

    id: str = identifier(primary_key=True)
    # The organisation that asserted the row; empty if the registry itself vouches for it.
    owner_id: str | None = identifier(default=None, nullable=True)
    audience: Audience = enum_column(Audience, default=Audience.PUBLIC)
    typed_by: str = verbatim_column()
    recorded_at: datetime = Field(sa_type=UtcDateTime())
    note: str | None = optional_prose()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (column, reason) for each violated rule of a single row."""
        yield from ()


class Thing(Row):
    """A row with a code and a name. `name_as_published` is set if that spelling differs."""

    code: str = Field(sa_type=NormalizedText(normalize_code, KEY_LENGTH), unique=True)
    name: str = text_column()
    name_as_published: str | None = verbatim_column(default=None, nullable=True)
    name_en: str | None = optional_text()
    name_key: str = Field(sa_type=Text())


class Part(Row):
    """A row that is meaningless without the thing to which it belongs."""


class Fact(Row):
    parts: ClassVar[ShareRule | None] = None
    # If None, facts that agree in all columns are reported as probable duplicates.
    sameness: ClassVar[DuplicateRule | None] = None

    status: FactStatus = enum_column(FactStatus, default=FactStatus.ASSERTED)
    source_id: str = reference("source")


class Spell(SQLModel):
    """A half-open period of days. `begins` and `ends` are computed from the two published dates.

    A spell that begins and ends on the same day includes that day.
    """

    bounds: ClassVar[tuple[str, str]] = ("started", "ended")
    pair: ClassVar[tuple[str, ...]] = ()  # spells with equal values here may not overlap

    begins: date | None = Field(default=None, sa_type=Date, nullable=True)
    ends: date | None = Field(default=None, sa_type=Date, nullable=True)


class DatedSpell(Spell):
    """A spell with the columns `started` and `ended`."""

    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
