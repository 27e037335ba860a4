"""Subtrees that PostgreSQL writes as JSON text: from the same levels and steps as the batch plan.

What needs Python stays in Python: cursors, where a page stands, counted values, groups of all but
the record that is looked up, and whatever would have to tell an error. A subtree without any of
these is one column of one statement, and its text goes into the answer as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLEnumType
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from engine.leaf import words_of
from engine.paging import ROWS, Pages
from engine.place import Place
from engine.select import Cut, Drafts, Moved, folded, kind_of, own_columns
from engine.shape import Shape
from engine.step import Lists, Records, Step
from engine.tally import Counts, GroupsOf
from engine.tree import Choice, Constant, Found, Identity, Joined, Leaf, Object, Shown, Tree
from engine.written_groups import (
    MOST_PAIRS,
    GroupWriter,
    NotWritten,
    decimal_text,
    name,
    nearest_float,
)
from kit.columns import Moment, PartialDateText, Text, Thousandths, Words
from kit.database import Keys
from kit.pieces import pause

# Where a column of a level is to be found in the statement.
At = Callable[[ColumnElement[Any]], ColumnElement[Any]]
Shapes = Mapping[int, Shape]
# The key of another row of the statement, or one that is bound.
Key = ColumnElement[Any] | Keys


def as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


class Writer:
    """Writes expressions for one set of shapes."""

    def __init__(
        self, drafts: Drafts, shapes: Shapes, shared: Collection[int] = frozenset()
    ) -> None:
        self.drafts, self.shapes, self.shared = drafts, shapes, shared
        # The key of the one record that all is about, as it is in the rows and by itself.
        self.root: tuple[ColumnElement[Any], ScalarSelect[Any]] | None = None
        # Totals that are told in several places: to be joined to the one row that is written.
        self.laterals: dict[Counts, LateralFromClause] = {}

    def tree(self, tree: Tree, at: At) -> ColumnElement[Any]:
        """Raises NotWritten."""
        match tree:
            case Constant(text=text):
                return null() if text is None else name(text)
            case Leaf():
                return leaf(tree, at(tree.column))
            case Identity(column=column, kind=kind):
                return global_id(kind.name, at(column))
            case Object(fields=fields, present=present, required=False):
                made = self.object(fields, at)
                if not present:
                    return made
                return case((or_(*(at(column).is_not(None) for column in present)), made))
            case Choice(choices=choices, required=False):
                return case(*((at(key).is_not(None), self.tree(one, at)) for key, one in choices))
            case Found(step=step, key=key, part=part) if key is not None:
                return self.found(step, at(key), part)
        raise NotWritten(type(tree).__name__)

    def object(self, fields: Sequence[tuple[str, Tree]], at: At) -> ColumnElement[Any]:
        if len(fields) > MOST_PAIRS:
            raise NotWritten("too wide")
        pairs = [part for key, tree in fields for part in (name(key), self.tree(tree, at))]
        return func.json_build_object(*pairs)

    def found(self, step: Step, key: Key, part: int | None = None) -> ColumnElement[Any]:
        """What a step finds for one key, as a subquery."""
        pause()
        match step:
            case Counts(link=link, word="count"):
                if step.place.number in self.shared:
                    return self.once(step, key)
                tallied = self.drafts.tallied(link, self.shape(step.place), key)
                counted = tallied.statement.add_columns(tallied.number)
                return within(counted, key).scalar_subquery()
            case GroupsOf() if self.root and key is self.root[0]:
                by: Any = self.shapes[step.by.number]
                return GroupWriter(step, self.drafts, self.shape(step.place), by).written(
                    self.root[1]
                )
            case Records(level=level, by=by):
                found = self.drafts.records(kind_of(level), by, key, level.extent)
                made = self.tree(level.shapes[0], as_it_is)
                found = folded(found.with_only_columns(made), level.joins)
                return within(found, key).scalar_subquery()
            case Pages() if part is not None:
                return self.page(step, key, part)
            case Lists(level=level):
                _, listed = self.drafts.whole(
                    step.link, step.way, kind_of(level), level.extent, key
                )
                made = self.tree(level.shapes[0], as_it_is).label("j")
                return gathered(folded(within(listed.add_columns(made), key), level.joins))
        raise NotWritten(step.word)

    def once(self, step: Counts, key: Key) -> ColumnElement[Any]:
        first = step.twin or step
        if first not in self.laterals:
            tallied = self.drafts.tallied(first.link, self.shape(first.place), key)
            counted = tallied.statement.add_columns(tallied.number.label("number"))
            self.laterals[first] = counted.lateral()
        return self.laterals[first].c.number

    def page(self, step: Pages, key: Key, part: int) -> ColumnElement[Any]:
        what, number = step.parts[part]
        if what != ROWS:
            raise NotWritten("where a page stands")
        level, shape = step.level, self.shape(step.place)
        if shape.backward:
            raise NotWritten("backward")
        rows, paged = level.extent, Cut(step.link, shape, step.limit)
        cut = within(self.drafts.cut(rows, paged, key)[0], key)
        if not level.joins:
            made = self.tree(level.shapes[number], as_it_is).label("j")
            return gathered(cut.add_columns(made))
        used = [*columns_of(level.shapes[number]), *paged.sorted_columns(rows)]
        own = own_columns(rows, used, level.joins)
        page = cut.add_columns(*(one.label(f"o{n}") for n, one in enumerate(own))).subquery()
        moved = Moved(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
        whole = select(self.tree(level.shapes[number], moved).label("j")).select_from(page)
        whole = folded(whole, moved.joins(level.joins))
        return gathered(whole.order_by(*paged.sorting(moved.by_name)))

    def shape(self, place: Place) -> Shape:
        return self.shapes[place.number]


def extent_of(column: ColumnElement[Any]) -> FromClause:
    found: FromClause = column.table
    return found


def within(statement: Select[Any], key: Key) -> Select[Any]:
    """As part of the statement that has the key's row, if it isn't bound."""
    return statement if isinstance(key, Keys) else statement.correlate(extent_of(key))


def gathered(listed: Select[Any]) -> ColumnElement[Any]:
    """A list of what was listed under `j`, in that order."""
    rows = listed.subquery()
    empty: ColumnElement[Any] = literal_column("'[]'::json")
    return select(func.coalesce(func.json_agg(rows.c.j), empty)).scalar_subquery()


def leaf(tree: Leaf, column: ColumnElement[Any]) -> ColumnElement[Any]:
    published, stored = tree.published, tree.type
    match stored:
        case Words() if isinstance(published, GraphQLEnumType):
            if any(word != name for word, name in words_of(published, stored).items()):
                raise NotWritten("other names")
            return column
        case Text() | PartialDateText() if published.name in {"String", "ID", "PartialDate"}:
            return column
        case Integer() if published.name == "Int":
            return column
        case Float() if published.name == "Float":
            return column
        case Thousandths() if published.name == "Float":
            return nearest_float(column)
        case Thousandths() if published.name == "Decimal":
            return decimal_text(column)
        case Boolean() if published.name == "Boolean":
            return column
        case Moment() if published.name == "DateTime":
            return moment(column)
    raise NotWritten(published.name)


def moment(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """As Python's isoformat: in UTC, and without a fraction where there is none."""
    utc = func.timezone(literal_column("'UTC'"), column)
    whole = func.to_char(utc, literal_column("""'YYYY-MM-DD"T"HH24:MI:SS'"""))
    fraction = func.to_char(utc, literal_column("'.US'"))
    none: ColumnElement[str] = literal_column("'.000000'")
    return func.concat(
        whole,
        case((fraction == none, literal_column("''")), else_=fraction),
        literal_column("'+00:00'"),
    )


def global_id(kind: str, key: ColumnElement[Any]) -> ColumnElement[Any]:
    """As kit.global_id."""
    named = func.convert_to(
        func.concat(name(kind), literal_column("':'"), key), literal_column("'UTF8'")
    )
    return func.translate(
        func.encode(named, name("base64")), literal_column(r"E'+/=\n'"), literal_column("'-_'")
    )


def columns_of(tree: Tree) -> Iterator[ColumnElement[Any]]:
    match tree:
        case Leaf(column=column) | Identity(column=column) | Shown(column=column):
            yield column
        case Object(fields=fields, present=present):
            yield from present
            for _, one in fields:
                yield from columns_of(one)
        case Choice(choices=choices):
            for key, one in choices:
                yield key
                yield from columns_of(one)
        case Found(key=key) if key is not None:
            yield key
        case Joined(lists=lists):
            for one in lists:
                yield from columns_of(one)
