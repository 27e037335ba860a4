"""Lists of records of several kinds that a statement of the domain's own finds and ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLLeafType, get_named_type
from sqlalchemy import ColumnElement, Select, TableClause, bindparam, select

from engine import meaning as means
from engine.compiled import Compiled
from engine.kind import Kind
from engine.level import Level, Row
from engine.meaning import Meaning, NotPlanned
from engine.paging import INFO, ROWS, Pages
from engine.place import Place
from engine.run import Run
from engine.select import Drafts
from engine.selection import Selected
from engine.shape import KEYS, Shaped
from engine.statements import Statements
from engine.step import Filling, Step
from engine.tree import Choice, Constant, CursorOf, Leaf, Object, Tree
from kit.columns import Text
from kit.cursor import write_cursor
from kit.database import Keys

if TYPE_CHECKING:
    from engine.planner import Planner


@dataclass(frozen=True, eq=False)
class Finding:
    """`rows` are the hits as they are read; `keys` names the column with the key of each kind.

    `page` and `count` write the statements of a shape, whose values are bound under a prefix.
    A page has the columns of `rows` in its order, and as many as `{prefix}_limit`; a count has the
    values that the fields of `counted` show, in that order. A cursor is the values of `sorting`.
    """

    name: str
    rows: TableClause
    sorting: Sequence[str]
    keys: Mapping[Kind, str]
    counted: Sequence[str]
    page: Callable[[Statements, Any, str], Select[Any]]
    order: Callable[[TableClause, Any], Sequence[ColumnElement[Any]]]
    count: Callable[[Statements, Any, str], Select[Any]]
    shaped: Callable[[Any, str], Shaped]  # a question, and the prefix of its values

    def found(self, write: Statements, shape: Any, prefix: str) -> Select[Any]:
        """As yet without columns, in order."""
        page = self.page(write, shape, prefix).cte(self.rows.name)
        return select().select_from(self.rows).add_cte(page).order_by(*self.order(self.rows, shape))


@dataclass(frozen=True, eq=False)
class Hits(Meaning):
    """`asked` reads the arguments to a question of the finding's; it raises what one is told."""

    finding: Finding
    asked: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class HitTold(Meaning):
    """What the count says beside the total."""

    name: str


class HitPages(Pages):
    """The page of hits; there is one row above it, and it is nobody's."""

    word = "hits"

    def __init__(self, drafts: Drafts, level: Level, finding: Finding, place: Place) -> None:
        Step.__init__(self, drafts, None, single=True)
        self.level, self.finding, self.place = level, finding, place
        self.parts: list[tuple[str, Any]] = []

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        rows = self.finding.rows
        source: ColumnElement[Any] = bindparam(KEYS, type_=Text())
        far = [rows.c[name] for name in self.finding.sorting]
        found = self.finding.found(self.drafts, shape, self.place.prefix)
        return found.add_columns(source.label("source"), *self.level.columns, *far)

    def cursor(self, statement: Compiled, shape: Any) -> Callable[[Row], str]:
        width, name = len(self.finding.sorting), self.finding.name
        return lambda row: write_cursor(name, row[-width:])


class HitCount(Step):
    """How many hits there are, and what else counting them tells."""

    word = "count of hits"

    def __init__(self, drafts: Drafts, finding: Finding, place: Place) -> None:
        super().__init__(drafts, None, single=True)
        self.finding, self.place = finding, place

    def draft(self, shape: Any, keys: Keys) -> Select[Any]:
        source: ColumnElement[Any] = bindparam(KEYS, type_=Text())
        counted = self.finding.count(self.drafts, shape, self.place.prefix)
        return select(source.label("source"), *counted.selected_columns).select_from(
            *counted.get_final_froms()
        )

    def find(self, keys: list[str], run: Run) -> Filling:
        asked: Shaped = run.bound[self.place.number]
        statement, given = self.ask(keys, run, asked.shape, asked.values)
        rows = [statement.read(row) for row in (yield statement, given)]
        return [{source: tuple(told) for source, *told in rows}, None]

    def shape(self, run: Run) -> Any:
        return run.bound[self.place.number].shape


@dataclass(eq=False)
class HitList:
    """One list of hits in a plan."""

    planner: Planner
    level: Level
    selected: Selected
    finding: Finding
    place: Place
    pages: HitPages | None = field(default=None, init=False)
    count: HitCount | None = field(default=None, init=False)

    def tree(self) -> Tree:
        made = Object([(one.key, self.part(one)) for one in self.below(self.selected)])
        if self.pages:
            self.pages.level.settle()
        return made

    def below(self, selected: Selected) -> list[Selected]:
        assert selected.field is not None
        named = get_named_type(selected.field.type).name
        return self.planner.selector.below(selected, named)

    def part(self, one: Selected) -> Tree:
        match one.meaning:
            case means.TypeName():
                return Constant(one.on)
            case means.Total():
                return self.told(0)
            case HitTold(name=name):
                return self.told(self.finding.counted.index(name))
            case means.Rows() | means.Edges() | means.Standing():
                pages = self.pages = self.pages or self.paged()
                pages.parts.append(self.of_page(pages, one))
                return self.planner.found(self.level, pages, len(pages.parts) - 1)
        raise NotPlanned(f"{one.on}.{one.key}")

    def told(self, part: int) -> Tree:
        self.count = self.count or HitCount(self.planner.drafts, self.finding, self.place)
        return self.planner.found(self.level, self.count, part)

    def paged(self) -> HitPages:
        drafts = self.planner.drafts
        level = Level(None, self.finding.rows, drafts.dialect)
        return HitPages(drafts, level, self.finding, self.place)

    def of_page(self, pages: HitPages, one: Selected) -> tuple[str, Any]:
        if isinstance(one.meaning, means.Standing):
            named = [
                (part.key, part.meaning.name if isinstance(part.meaning, means.Stored) else part.on)
                for part in self.below(one)
            ]
            return INFO, named
        of = self.record if isinstance(one.meaning, means.Rows) else self.edge
        pages.level.shapes.append(of(pages.level, one))
        return ROWS, len(pages.level.shapes) - 1

    def edge(self, level: Level, selected: Selected) -> Tree:
        return Object([(one.key, self.of_edge(level, one)) for one in self.below(selected)])

    def of_edge(self, level: Level, one: Selected) -> Tree:
        match one.meaning:
            case means.TypeName():
                return Constant(one.on)
            case means.Cursor():
                return CursorOf()
            case means.End():
                return self.record(level, one)
            case means.Stored(name=name):
                assert one.field is not None
                published = get_named_type(one.field.type)
                assert isinstance(published, GraphQLLeafType)
                return Leaf(self.finding.rows.c[name], published)
        raise NotPlanned(f"{one.on}.{one.key}")

    def record(self, level: Level, selected: Selected) -> Tree:
        columns = self.finding.rows.c
        choices = [
            (columns[name], self.planner.record(level, selected, kind, columns[name], single=False))
            for kind, name in self.finding.keys.items()
        ]
        return Choice(choices, required=True)
