"""Field plans: what a field of the schema means to the planner.

The schema declares a field plan for each field. The default executor computes a field without one,
and answers every request that selects such a field.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.aggregates.groups import GroupingArguments
from engine.catalog.kind import Kind, Link
from engine.catalog.link import ToListThrough, ToMany
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.prepared import PreparedStatement
from kit.db.expressions import ResultRow, SelectStatement, Values


class NotPlanned(Exception):
    """The engine doesn't answer this; the default executor does, and tells every error."""


class FieldPlan:
    pass


@dataclass(frozen=True, eq=False)
class AttributeField(FieldPlan):
    """A column, or several that are one value; of a value in Python, an attribute."""

    name: str


@dataclass(frozen=True, eq=False)
class TypeNameField(FieldPlan):
    """The field `__typename`."""


@dataclass(frozen=True, eq=False)
class GlobalIdField(FieldPlan):
    """The kind and the key of a row."""


@dataclass(frozen=True, eq=False)
class KeyPrefixField(FieldPlan):
    """Whether the key of a row begins with a text."""

    prefix: str


@dataclass(frozen=True, eq=False)
class LinkField(FieldPlan):
    """The record or records at the end of a link that isn't a connection."""

    link: Link


@dataclass(frozen=True, eq=False)
class NamedLinkField(FieldPlan):
    """As `LinkField`, for a field of an interface: the row's kind has a link of that name."""

    name: str


@dataclass(frozen=True, eq=False)
class ThroughField(FieldPlan):
    """The records at the end of a chain, on the day that the arguments name."""

    link: ToListThrough
    asked: Callable[..., ConnectionArguments]


@dataclass(frozen=True, eq=False)
class ConnectionField(FieldPlan):
    """A list that can grow. `asked` reads the arguments; it raises the error for the client."""

    link: ToMany
    asked: Callable[..., ConnectionArguments]


@dataclass(frozen=True, eq=False)
class NodesField(FieldPlan):
    """The records of a connection's page."""


@dataclass(frozen=True, eq=False)
class EdgesField(FieldPlan):
    """The same with their cursors."""


@dataclass(frozen=True, eq=False)
class CursorField(FieldPlan):
    """The cursor of an edge."""


@dataclass(frozen=True, eq=False)
class NodeField(FieldPlan):
    """The record of an edge."""


@dataclass(frozen=True, eq=False)
class PageInfoField(FieldPlan):
    """The place of a page in its list: its object has the four attributes of Relay's PageInfo."""


@dataclass(frozen=True, eq=False)
class TotalCountField(FieldPlan):
    pass


@dataclass(frozen=True, eq=False)
class UndatedCountField(FieldPlan):
    pass


@dataclass(frozen=True, eq=False)
class GroupsField(FieldPlan):
    """`asked` reads the arguments to (dimensions, how many, which and in which order).

    Its fields are read off `engine.aggregates.groups.Groups`.
    """

    asked: Callable[..., tuple[tuple[str, ...], int, GroupingArguments]]


@dataclass(frozen=True, eq=False)
class PropertyField(FieldPlan):
    """Read off a value in Python: neither awaits nor asks anything of anybody."""

    read: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class ConvertedField(FieldPlan):
    """A value that Python computes from one column of a record."""

    column: str
    show: Callable[[Any], Any]


@dataclass(frozen=True, eq=False)
class MeasureField(PropertyField):
    """Read off a group: the sum of the measure that the argument `of` names."""


@dataclass(frozen=True, eq=False)
class MeasureStatisticField(MeasureField):
    """More than the sum."""


@dataclass(frozen=True, eq=False)
class LookupField(FieldPlan):
    """One record by a unique column, of which arguments name the key: `by` says which column.

    `asked` gives (column, key), or None where nothing can be found.
    """

    kind: Kind
    by: Mapping[str, str]
    asked: Callable[..., tuple[str, str] | None]


@dataclass(frozen=True, eq=False)
class NodesByIdField(FieldPlan):
    """Records of any kind by what names them: `asked` gives a kind and a key for each.

    A single one where `listed` is false.
    """

    asked: Callable[..., Sequence[tuple[Kind, str]]]
    listed: bool


@dataclass(frozen=True, eq=False)
class BatchedField(FieldPlan):
    """A value that one statement finds for all rows of a place.

    `question` returns the key that a row needs (None: nothing), `statement` takes all keys,
    `answers` makes from its rows a result for each key, and `answer` the row's value from that
    result. With `shape` a statement is cached: it returns, for a dialect, what decides its text,
    which `statement` takes then, and the values to bind.
    """

    question: Callable[[Any], Any]
    statement: Callable[[QueryBuilder, Any], SelectStatement]
    answers: Callable[[ResultRow, ResultRow], ResultRow]
    answer: Callable[[Any, Any], Any]
    shape: Callable[[ResultRow, str], tuple[Hashable, Values]] | None = None


# Statements one after another: of each the rows are sent back, and what is returned is by key.
QueryProgram = Generator[PreparedStatement, Sequence[ResultRow], Values]


@dataclass(frozen=True, eq=False)
class MultistepField(FieldPlan):
    """A value that is worked out in Python, for all rows of a place, from several statements.

    `asked` reads the arguments to a hashable value, and raises the error for the client. `work`
    takes the keys of the rows and that value, and returns a value for each key: its fields are
    `AttributeField`, `PropertyField` or `ReferenceField`.
    """

    asked: Callable[..., Any]
    work: Callable[[QueryBuilder, Sequence[str], Any], QueryProgram]


@dataclass(frozen=True, eq=False)
class ReferenceField(FieldPlan):
    """Records that a value in Python names by (kind, key): one, or a list of them.

    Only such as are there to be seen; of these kinds, and no others.
    """

    read: Callable[[Any], Any]
    kinds: Sequence[Kind]
