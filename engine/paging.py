"""The step that gives pages: the rows, their edges, and where the page stands in its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select

from engine.compiled import Compiled
from engine.level import Level, Row
from engine.link import Many
from engine.page import Order
from engine.place import Place
from engine.run import Run
from engine.select import Cut, Drafts
from engine.shape import Shape, Shaped
from engine.step import Filling, Step, projected
from engine.tree import CursorOf, Object, Tree
from kit.cursor import write_cursor
from kit.database import Keys

# (attributes of Relay's PageInfo, by the keys under which the answer holds them)
Info = Sequence[tuple[str, str]]
ROWS, INFO = "rows", "info"


class Pages(Step):
    """Found for each source is a tuple: the value of each part of the connection, in order.

    `parts` are (ROWS, which shape of the level) or (INFO, what is asked of it).
    """

    word = "page"

    def __init__(
        self,
        drafts: Drafts,
        key: ColumnElement[Any] | None,
        single: bool,
        level: Level,
        link: Many,
        place: Place,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.place = level, link, place
        self.parts: list[tuple[str, Any]] = []
        self.orders: dict[Shape, Order] = {}

    @property
    def limit(self) -> str:
        return f"{self.place.prefix}_limit"

    @property
    def stands(self) -> bool:
        """Whether one row more has to be read, to know whether there is one."""
        return any(part == INFO for part, _ in self.parts)

    @cached_property
    def cursors(self) -> bool:
        """Whether anything tells where a row stands."""
        return any(
            attribute.endswith("_cursor")
            for part, what in self.parts
            if part == INFO
            for _, attribute in what
        ) or any(isinstance(one, CursorOf) for shape in self.level.shapes for one in parts(shape))

    def order(self, shape: Shape) -> Order:
        return Order.of(self.link.to, shape)

    def draft(self, shape: Shape, keys: Keys) -> Select[Any]:
        cut = Cut(self.link, shape, self.limit)
        return self.drafts.paged(self.level, cut, keys, cursors=self.cursors)

    def find(self, keys: list[str], run: Run) -> Filling:
        asked: Shaped = run.bound[self.place.number]
        size = asked.size
        values = {**asked.values, self.limit: size + self.stands}
        statement, given = self.ask(keys, run, asked.shape, values)
        rows: Sequence[Row] = yield statement, given
        more: set[str] = set()
        if self.stands or asked.shape.backward:
            rows, more = kept(rows, size, backward=asked.shape.backward)
        cursor = self.cursor(statement, asked.shape)
        found = yield from self.level.fill(rows, run)
        shapes = range(len(self.level.projections))
        shown = [projected(self.level, n, rows, cursor, found) for n in shapes]
        return [self.pages(rows, shown, more, asked, cursor), self.nothing(run)]

    def cursor(self, statement: Compiled, shape: Shape) -> Callable[[Row], str]:
        """Writes a row's place in the list, from the last columns of the statement."""
        order = self.order(shape)
        width = len(order.columns)
        signature, readers = order.signature, statement.readers[-width:]

        def write(row: Row) -> str:
            values = [
                value if read is None else read(value)
                for read, value in zip(readers, row[-width:], strict=True)
            ]
            return write_cursor(signature, values)

        return write

    def pages(
        self,
        rows: Sequence[Row],
        shown: list[list[Any]],
        more: set[str],
        asked: Shaped,
        cursor: Callable[[Row], str],
    ) -> dict[str, tuple[Any, ...]]:
        if not rows:
            return {}
        places: dict[str, list[int]] = {}
        lists: dict[str, list[list[Any]]] = {}
        if self.bound.single:
            places[rows[0][0]] = list(range(len(rows)))
            lists[rows[0][0]] = shown
        else:
            for n, row in enumerate(rows):
                if row[0] in places:
                    places[row[0]].append(n)
                else:
                    places[row[0]] = [n]
            for source, at in places.items():
                lists[source] = [[objects[n] for n in at] for objects in shown]
        return {
            source: tuple(
                lists[source][what]
                if part == ROWS
                else info(what, rows, places[source], source in more, asked, cursor)
                for part, what in self.parts
            )
            for source in places
        }

    def nothing(self, run: Run) -> Any:
        asked: Shaped = run.bound[self.place.number]
        return tuple(
            [] if part == ROWS else info(what, (), (), False, asked, None)
            for part, what in self.parts
        )

    def shape(self, run: Run) -> Any:
        return run.bound[self.place.number].shape

    def levels(self) -> list[Level]:
        return [self.level]


def parts(shape: Tree) -> Iterator[Tree]:
    """What an edge, or a record, is directly made of."""
    if isinstance(shape, Object):
        yield from (one for _, one in shape.fields)


def kept(rows: Sequence[Row], size: int, *, backward: bool) -> tuple[list[Row], set[str]]:
    """The rows of the pages, in the order of the list, and the sources that have more."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        by_source.setdefault(row[0], []).append(row)
    more = {source for source, some in by_source.items() if len(some) > size}
    pages = [some[:size] for some in by_source.values()]
    return [row for page in pages for row in (reversed(page) if backward else page)], more


def info(
    what: Info,
    rows: Sequence[Row],
    places: Sequence[int],
    more: bool,
    asked: Shaped,
    cursor: Callable[[Row], str] | None,
) -> dict[str, Any]:
    """What follows is known from the one row too many; what lies behind, from the cursor."""
    behind, backward = asked.asked.cursor is not None, asked.shape.backward
    found: dict[str, Any] = {}
    for key, attribute in what:
        match attribute:
            case "has_next_page":
                found[key] = behind if backward else more
            case "has_previous_page":
                found[key] = more if backward else behind
            case "start_cursor":
                found[key] = cursor(rows[places[0]]) if cursor and places else None
            case "end_cursor":
                found[key] = cursor(rows[places[-1]]) if cursor and places else None
            case constant:
                found[key] = constant
    return found
