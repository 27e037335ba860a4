"""Groups as PostgreSQL writes them: of the one record that is looked up, where sums are enough.

Labels are those that Python would show: a list of words has them all, a text is its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import EnumValueNode, GraphQLField, get_named_type, is_leaf_type
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Numeric,
    ScalarSelect,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from engine import meaning as means
from engine.groups import PARTS, Arrangement
from engine.kind import Graph
from engine.shape import Shape
from kit.columns import PartialDateText, Text, Words
from kit.pieces import pause
from kit.quantity import Qualifier

if TYPE_CHECKING:
    from engine.planner import Planner
    from engine.select import Drafts
    from engine.selection import Selected
    from engine.tally import GroupsOf

NAME = re.compile("[_A-Za-z][_0-9A-Za-z]*")
MOST_PAIRS = 50  # of one object: a function of PostgreSQL takes 100 arguments
TYPE_NAME = "__typename"


class NotWritten(Exception):
    """Not for the database to write."""


class Part(NamedTuple):
    """A field of an answer: its key there, which attribute it shows, and what of that is shown."""

    key: str
    what: str
    of: str = ""  # a type's name, or a measure
    parts: tuple[Part, ...] = ()


def parts_of(field: Selected, planner: Planner) -> tuple[Part, ...]:
    """What is asked of groups. Raises NotWritten."""
    assert field.field is not None
    of = get_named_type(field.field.type).name
    return tuple(part_of(one, planner) for one in planner.selector.below(field, of))


def part_of(one: Selected, planner: Planner) -> Part:
    match one.meaning:
        case means.TypeName():
            return Part(one.key, TYPE_NAME, one.on)
        case means.Stored(name=name):
            return Part(one.key, name, "", below(one, one.field, planner))
        case means.Measured() if type(one.meaning) is means.Measured:
            [of] = [given.value for given in one.node.arguments or ()]
            if isinstance(of, EnumValueNode):
                return Part(one.key, "sum", of.value, parts_of(one, planner))
    raise NotWritten(one.key)


def below(one: Selected, field: GraphQLField | None, planner: Planner) -> tuple[Part, ...]:
    assert field is not None
    return () if is_leaf_type(get_named_type(field.type)) else parts_of(one, planner)


class GroupWriter:
    """Writes the groups of one step, for one shape of what it is asked."""

    def __init__(
        self, step: GroupsOf, drafts: Drafts, asked: Shape, by: tuple[Sequence[str], Arrangement]
    ) -> None:
        self.step, self.drafts, self.asked = step, drafts, asked
        self.names, self.how = by
        self.kind = step.link.to

    def written(self, key: ScalarSelect[Any]) -> ColumnElement[Any]:
        """Raises NotWritten."""
        limit = bindparam(f"{self.step.by.prefix}_limit", type_=Integer())
        link, asked, how = self.step.link, self.asked, self.how
        rows = self.drafts.groups(link, asked, self.names, limit, key, how).subquery()
        made = object_of(self.step.parts or (), partial(self.whole, rows))
        return select(made).select_from(rows).scalar_subquery()

    def whole(self, rows: Subquery, part: Part) -> ColumnElement[Any]:
        """Of all groups together. With `having` a row may be there that is none of them."""
        given: Any = func.sum(rows.c.number)
        nodes: Any = func.json_agg(object_of(part.parts, partial(self.group, rows)))
        if self.how.having:
            kept = rows.c["_kept"] == 1
            given, nodes = func.coalesce(given.filter(kept), zero()), nodes.filter(kept)
        match part.what:
            case "there_are":
                return func.coalesce(func.max(rows.c.there_are), zero())
            case "remainder":
                return func.coalesce(func.max(rows.c.records) - given, zero())
            case "groups":
                empty: ColumnElement[Any] = literal_column("'[]'::json")
                return func.coalesce(nodes, empty)
        raise NotWritten(part.what)

    def group(self, rows: Subquery, part: Part) -> ColumnElement[Any]:
        pause()
        match part.what:
            case "count":
                return rows.c.number
            case "keys":
                keys = (
                    object_of(part.parts, partial(self.key, rows, place, word))
                    for place, word in enumerate(self.names)
                )
                return func.json_build_array(*keys)
            case "sum":
                first = self.how.measured(self.kind.measures).index(part.of) * len(PARTS)
                told = {word: rows.c[f"sum{first + n}"] for n, word in enumerate(PARTS)}
                known = and_(told["sum"].is_not(None), told["unit"].is_not(None))
                return case((known, object_of(part.parts, partial(quantity, told))))
        raise NotWritten(part.what)

    def key(self, rows: Subquery, place: int, word: str, part: Part) -> ColumnElement[Any]:
        code, label = rows.c[f"part{2 * place}"], rows.c[f"part{2 * place + 1}"]
        match part.what:
            case "dimension":
                return name(word)
            case "code":
                return coded(code)
            case "label":
                return labelled(label, word, self.kind.graph)
        raise NotWritten(part.what)


def quantity(told: Mapping[str, ColumnElement[Any]], part: Part) -> ColumnElement[Any]:
    """As `engine.groups.measured`."""
    match part.what:
        case "value":
            return nearest_float(told["sum"])
        case "exact":
            return decimal_text(told["sum"])
        case "unit":
            return told["unit"]
        case "qualifier":
            return qualifier(told)
    raise NotWritten(part.what)


def object_of(
    parts: Iterable[Part], shown: Callable[[Part], ColumnElement[Any]]
) -> ColumnElement[Any]:
    pairs: list[ColumnElement[Any]] = []
    for part in parts:
        pairs += [name(part.key), name(part.of) if part.what == TYPE_NAME else shown(part)]
    if len(pairs) > 2 * MOST_PAIRS:
        raise NotWritten("too wide")
    return func.json_build_object(*pairs)


def check(step: GroupsOf) -> None:
    """Raises NotWritten where the database can't write what is asked, or what keys are shown as."""
    graph = step.link.to.graph
    if step.parts is None or not hasattr(graph.group_key("", None, None), "label"):
        raise NotWritten("groups")


def coded(column: ColumnElement[Any]) -> ColumnElement[Any]:
    match column.type:
        case Text() | Words() | PartialDateText():
            return column
        case Integer() | Boolean():
            return cast(column, Text())
    raise NotWritten("key")


def labelled(column: ColumnElement[Any], word: str, graph: Graph) -> ColumnElement[Any]:
    def label(value: Any) -> ColumnElement[str]:
        return quoted(graph.group_key(word, value, value).label)

    match column.type:
        case Words(words=words):
            known = [(column == quoted(one.value), label(one)) for one in words]
            return case(*known, else_=label(None))
        case Boolean():
            return case((column.is_(None), label(None)), (column, label(True)), else_=label(False))
    return func.coalesce(coded(column), label(None))


def decimal(thousandths: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(thousandths, Numeric()) * literal_column("0.001", Numeric())


def nearest_float(thousandths: ColumnElement[Any]) -> ColumnElement[Any]:
    """As Python divides them; of a float divided by 1000 it is another one in fifteen."""
    return cast(decimal(thousandths), Float(53))


def decimal_text(thousandths: ColumnElement[Any]) -> ColumnElement[Any]:
    """As `kit.thousandths.decimal_of`."""
    return cast(func.trim_scale(decimal(thousandths)), Text())


def qualifier(told: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """As `kit.quantity.qualifier_of_sum`."""

    def there(*words: Qualifier) -> ColumnElement[bool]:
        return or_(*(told[f"is_{word.name}"] == 1 for word in words))

    word = Qualifier
    strictest_first = (word.OVER, word.AT_LEAST, word.UNDER, word.AT_MOST)
    lower, upper = there(word.OVER, word.AT_LEAST), there(word.UNDER, word.AT_MOST)
    return case(
        (or_(there(word.ABOUT), and_(lower, upper)), quoted(word.ABOUT)),
        *((there(one), quoted(one)) for one in strictest_first),
        else_=quoted(word.EXACT),
    )


def zero() -> ColumnElement[int]:
    return literal_column("0", Integer())


def quoted(text: str) -> ColumnElement[str]:
    """A word of the service's own lists."""
    doubled = str(text).replace("'", "''")
    return literal_column(f"'{doubled}'", Text())


def name(text: str) -> ColumnElement[str]:
    """A name of the document or of the schema."""
    assert NAME.fullmatch(text), text
    return literal_column(f"'{text}'", Text())
