"""The step that fetches pages: nodes, edges and page info (Relay)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from engine.catalog.link import ToMany
from engine.plan.execution import PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder, PageSpec
from engine.plan.output import CursorOutput, ObjectOutput, OutputPlan
from engine.plan.steps.fetch import project_rows
from engine.sql.arguments import ConnectionArguments, Order, PageWindow
from engine.sql.compiled import CompiledStatement
from engine.sql.parameters import BoundShape, QueryShape
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ResultRow, SelectStatement
from kit.relay.cursor import encode_cursor

# (attributes of Relay's PageInfo, by the keys under which the answer holds them)
PageInfoFields = Sequence[tuple[str, str]]
ROWS, INFO = "rows", "info"
PageWindows = dict[str, PageWindow[ResultRow]]  # by source


class PageStep(Step):
    """Fetches a page of each source; a result is a tuple of the values of its parts, in order.

    `parts` are (ROWS, which shape of the layer) or (INFO, which fields of page info).
    """

    word = "page"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression | None,
        single: bool,
        level: LayerPlan,
        link: ToMany,
        arguments: FieldArguments,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.place = level, link, arguments
        self.parts: list[tuple[str, Any]] = []

    @property
    def limit(self) -> str:
        return f"{self.place.prefix}_limit"

    @property
    def needs_extra_row(self) -> bool:
        """Whether one row more has to be read, to know whether there is one."""
        return any(part == INFO for part, _ in self.parts)

    @cached_property
    def cursors(self) -> bool:
        """Return whether the page has cursors."""
        return any(
            attribute.endswith("_cursor")
            for part, what in self.parts
            if part == INFO
            for _, attribute in what
        ) or any(
            isinstance(output, CursorOutput)
            for shape in self.level.shapes
            for output in direct_outputs(shape)
        )

    def order(self, shape: QueryShape) -> Order:
        return Order.of(self.link.to, shape)

    def build(self, shape: QueryShape, keys: KeyParameter) -> SelectStatement:
        cut = PageSpec(self.link, shape, self.limit)
        return self.queries.paged(self.level, cut, keys, cursors=self.cursors)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        bound: BoundShape = run.bound[self.place.number]
        size = bound.size
        values = {**bound.values, self.limit: size + self.needs_extra_row}
        statement, parameters = self.ask(keys, run, bound.shape, values)
        rows: Sequence[ResultRow] = yield statement, parameters
        windows: PageWindows = {}
        if self.needs_extra_row or bound.shape.backward:
            windows = cut_pages(rows, bound.asked)
            rows = [row for window in windows.values() for row in window.rows]
        cursor = self.cursor(statement, bound.shape)
        results = yield from self.level.fill(rows, run)
        shapes = range(len(self.level.projections))
        shown = [project_rows(self.level, n, rows, cursor, results) for n in shapes]
        return [self.pages(rows, shown, windows, cursor), self.empty_result(run)]

    def cursor(self, statement: CompiledStatement, shape: QueryShape) -> Callable[[ResultRow], str]:
        """Return the function that encodes a cursor from the last columns of a row."""
        order = self.order(shape)
        width = len(order.columns)
        signature, readers = order.signature, statement.result_processors[-width:]

        def write(row: ResultRow) -> str:
            values = [
                value if read is None else read(value)
                for read, value in zip(readers, row[-width:], strict=True)
            ]
            return encode_cursor(signature, values)

        return write

    def pages(
        self,
        rows: Sequence[ResultRow],
        shown: list[list[Any]],
        windows: PageWindows,
        cursor: Callable[[ResultRow], str],
    ) -> dict[str, tuple[Any, ...]]:
        if not rows:
            return {}
        places: dict[str, list[int]] = {}
        lists: dict[str, list[list[object]]] = {}
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
                else build_page_info(what, windows[source], cursor)
                for part, what in self.parts
            )
            for source in places
        }

    def empty_result(self, run: PlanExecution) -> object:
        bound: BoundShape = run.bound[self.place.number]
        window: PageWindow[ResultRow] = PageWindow.cut((), bound.asked)
        return tuple(
            [] if part == ROWS else build_page_info(what, window, None) for part, what in self.parts
        )

    def shape(self, run: PlanExecution) -> object:
        return run.bound[self.place.number].shape

    def levels(self) -> list[LayerPlan]:
        return [self.level]


def direct_outputs(shape: OutputPlan) -> Iterator[OutputPlan]:
    """Yield the outputs that an edge or a record consists of."""
    if isinstance(shape, ObjectOutput):
        yield from (output for _, output in shape.fields)


def cut_pages(rows: Sequence[ResultRow], arguments: ConnectionArguments) -> PageWindows:
    by_source: dict[str, list[ResultRow]] = {}
    for row in rows:
        by_source.setdefault(row[0], []).append(row)
    return {source: PageWindow.cut(some, arguments) for source, some in by_source.items()}


def build_page_info(
    what: PageInfoFields, window: PageWindow[ResultRow], cursor: Callable[[ResultRow], str] | None
) -> dict[str, Any]:
    info: dict[str, object] = {}
    for key, attribute in what:
        match attribute:
            case "has_next_page":
                info[key] = window.has_next
            case "has_previous_page":
                info[key] = window.has_previous
            case "start_cursor":
                info[key] = cursor(window.rows[0]) if cursor and window.rows else None
            case "end_cursor":
                info[key] = cursor(window.rows[-1]) if cursor and window.rows else None
            case constant:
                info[key] = constant
    return info
