"""Declares kinds of records: their visibility, orders, filters and dimensions; and the graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Table, select
from sqlmodel import SQLModel

from kit.db.expressions import Expression, SelectStatement
from kit.db.summary_table import SummaryTable
from kit.db.table_aliases import WITHHELD_INFO, alias_of, alias_reading
from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum, plural_of

# (viewer, the rows) -> which of the rows that viewer may see
VisibilityPredicate = Callable[[Any, FromClause], ColumnElement[bool]]


# (viewer context, ids of rows, their stored values of a derived column, a value or None)
EqualityDisjuncts = Callable[
    [Any, Expression, Expression, Expression | None],
    Sequence[ColumnElement[bool]] | None,
]


LAST_PLACE = 2**31


class DerivationBasis(Enum):
    """The facts that a viewer's derived values follow from."""

    PUBLIC = "what everybody sees"
    ALL = "all there is"
    VISIBLE = "what the viewer sees"


@dataclass(frozen=True)
class DerivedColumn:
    """A column computed from other rows: for each viewer from those that the viewer sees.

    The column itself holds the value that follows from public rows, `whole` the value that follows
    from all rows; `seen` computes it for a viewer context, for rows of the table.

    `equals` selects the rows with a value, or null, without computing it: its arguments are the id
    and the stored value. It gives several conditions, of which at most one holds for a row, so that
    each uses its own index. None where it can't decide that for a viewer.
    """

    whole: str
    seen: Callable[[Any, FromClause], Expression]
    equals: EqualityDisjuncts | None = None


class Spells(
    LabelledEnum,
    description="CURRENT: records valid today. ALL: past records too. 现行或全部",
):
    CURRENT = "CURRENT", "现行", "Only records valid today"
    ALL = "ALL", "全部", "Past records too"


@dataclass(frozen=True)
class SpellColumns:
    """The columns of a half-open spell, in days, and which spells a list gives unasked."""

    begins: str = "begins"
    ends: str = "ends"
    default: Spells = Spells.CURRENT


@dataclass(frozen=True)
class FilterField:
    """One field of a filter: the column it compares (for its type), and the comparison.

    `is_key`: it compares the key by which a record goes, which it may have lost to another one.
    With `asks` it asks of the column whether something is so, and takes true or false.
    """

    column: str
    holds: Callable[[FromClause, Any], ColumnElement[bool]]
    description: str | None = None
    is_key: bool = False
    asks: bool = False


@dataclass(frozen=True)
class ClosureTable:
    """A tree as pairs: every record of a kind with each ancestor, and the distance to it."""

    table: Table
    below: str
    above: str
    distance: str = "distance"


@dataclass(frozen=True)
class Dimension:
    """A key to group by: walk `path` (links to one record), then take `column`.

    Without a column the key is the record itself, by its code and name. `digits` cuts a text: the
    first four of a partial date are its year. If the records form a tree,
    `closure` merges groups into the ancestor just below a record. `labelled`: its codes have
    labels, which the graph's `group_key` knows and no database.
    """

    path: tuple[str, ...] = ()
    column: str | None = None
    digits: int | None = None
    closure: ClosureTable | None = None
    labelled: bool = False


@dataclass(frozen=True, eq=False)
class Kind:
    graph: Graph
    model: type[SQLModel]
    visible: VisibilityPredicate
    orders: Mapping[str, str]  # word -> column; the first is what a list is sorted by unasked
    filters: Mapping[str, FilterField] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)  # word -> prefix of its columns
    spell: SpellColumns | None = None
    # Columns whose values aren't for all who see the row, and of which rows they are shown.
    reserved: Mapping[str, VisibilityPredicate] = field(default_factory=dict)
    # Rows that no longer stand: in no list, total or group unless a filter names the column.
    withdrawn: tuple[str, Any] | None = None
    derived: Mapping[str, DerivedColumn] = field(default_factory=dict)
    summary: SummaryTable | None = None
    whole_summary: SummaryTable | None = None
    # By other columns: used only if the query says so.
    further_summaries: Sequence[SummaryTable] = ()
    further_whole_summaries: Sequence[SummaryTable] = ()
    # (viewer context, a key) -> the present key of the record that had this one before, if any.
    renamed: Callable[[Any, Any], SelectStatement] | None = None
    # By derived column: cells that are added for a viewer whose values differ from the public ones;
    # some are negative. They have the columns that decide who sees the rows.
    corrections: Mapping[str, Callable[[Any], FromClause]] = field(default_factory=dict)
    # The list of all its records: the description, and its place among the lists of the
    # schema. Lists without a place come last, by name.
    description: str | None = None
    place: int = LAST_PLACE
    irregular_plural: str | None = None
    links: dict[str, Link] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph.kinds[self.model] = self

    @property
    def name(self) -> str:
        return self.model.__name__

    @cached_property
    def word(self) -> str:
        """Its name as a field's: `competition_series`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()

    @property
    def plural(self) -> str:
        """Its word for several: `prize_rules`, `criteria`."""
        return self.irregular_plural or plural_of(self.word)

    @cached_property
    def table(self) -> Table:
        table: Table = self.model.__table__  # type: ignore[attr-defined]
        return table

    @cached_property
    def columns(self) -> Sequence[Column[Any]]:
        """Return the columns that rows have for a viewer."""
        return [column for column in self.table.c if not column.info.get(WITHHELD_INFO)]

    def rows(self, asker: object) -> FromClause:
        """Return the table as the viewer reads it.

        All statements read these rows, so a derived column has the same value where it is shown,
        compared, sorted, grouped by, and joined.
        """
        if not self.derived:
            return alias_of(self.table)
        match self.basis(asker):
            case DerivationBasis.PUBLIC:
                return alias_of(self.table)
            case DerivationBasis.ALL:
                replacements = {name: column.whole for name, column in self.derived.items()}
                return alias_reading(self.table, replacements)
        rows = alias_of(self.table)
        columns: list[Expression] = [
            self.derived[column.key].seen(asker, rows).label(column.key)
            if column.key in self.derived
            else column
            for column in rows.c
        ]
        columns += [
            rows.c[name].label(public_column(name))
            for name, derived_column in self.derived.items()
            if derived_column.equals
        ]
        return select(*columns).subquery()

    def own(self, rows: FromClause) -> list[Expression]:
        """Return the columns of these rows that a record has."""
        return [rows.c[column.key] for column in self.columns]

    def basis(self, asker: Any) -> DerivationBasis:
        return self.graph.basis(asker.viewer)

    def summary_for(self, asker: object) -> SummaryTable | None:
        complete = self.whole_summary is not None and self.basis(asker) is DerivationBasis.ALL
        return self.whole_summary if complete else self.summary

    def summaries_for(self, asker: object) -> list[SummaryTable]:
        """All of them, the one of every total first."""
        complete = self.basis(asker) is DerivationBasis.ALL
        further = self.further_whole_summaries if complete else self.further_summaries
        first = self.summary_for(asker)
        return [*([] if first is None else [first]), *further]

    @cached_property
    def key(self) -> str:
        """The column that breaks ties: the code where there is one."""
        return "code" if "code" in self.table.c else "id"

    @cached_property
    def row(self) -> type[Any]:
        """Return the class of a loaded row: its columns and composites by name, and its `kind`."""
        composites = {
            name: value
            for model in reversed(self.model.__mro__)
            for name, value in vars(model).items()
            if isinstance(value, Composite)
        }
        names = [(column.key, Any) for column in self.columns]
        return make_dataclass(
            self.name, names, slots=True, eq=False, namespace={**composites, "kind": self}
        )


def public_column(column: str) -> str:
    """Return the public value of a derived column, beside the value for the viewer."""
    return f"{column}_common"


class Graph:
    """All kinds of one domain; a link names its target by model and finds its kind here.

    `group_key` makes what is shown of a group of a dimension's word, code and label. `basis` says
    of a viewer what derived values follow from.
    """

    def __init__(
        self,
        group_key: Callable[[str, Any, Any], Any],
        basis: Callable[[Any], DerivationBasis] = lambda viewer: DerivationBasis.PUBLIC,
    ) -> None:
        self.kinds: dict[type[SQLModel], Kind] = {}
        self.group_key, self.basis = group_key, basis

    def __getitem__(self, model: type[SQLModel]) -> Kind:
        return self.kinds[model]

    def named(self, name: str) -> Kind | None:
        return next((kind for kind in self.kinds.values() if kind.name == name), None)


@dataclass(frozen=True, eq=False)
class Link:
    """A link with a description becomes a field by itself, if the type doesn't define one.

    `place` orders that field among the others. Without one it has the place of the target.
    """

    source: Kind
    name: str
    description: str | None = field(default=None, kw_only=True)
    place: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self.source.links[self.name] = self

    def kind(self, model: type[SQLModel]) -> Kind:
        return self.source.graph[model]
