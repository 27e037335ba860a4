"""The database access of one request: a snapshot, and a DataLoader for each response path."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Self

from sqlalchemy import Result
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from strawberry.dataloader import DataLoader

from engine.aggregates.groups import (
    DEFAULT_GROUPING,
    NO_GROUPS,
    GroupingArguments,
    Groups,
    groups_by_source,
)
from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToListThrough, ToListUnion, ToMany
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments, Order, Page, PageWindow
from engine.sql.predicate import ViewerContext
from kit.db.engine import interrupt_statement, read_transaction
from kit.db.expressions import ResultRow, SelectStatement, Values
from kit.db.read_pool import DATABASE_UNREACHABLE
from kit.db.table_aliases import AliasAllocator, allocating_aliases
from kit.errors import Unavailable
from kit.timeouts import engine_timeouts

FieldPath = tuple[Any, ...]
LoadedRows = list[Any]  # of a kind's class of rows
BatchLoad = Callable[[list[Any]], Awaitable[LoadedRows]]


class RequestEnded(Exception):
    """The answer was sent early, because of an error. A snapshot opened now would stay."""


class RequestLoaders:
    """Statements run one after another in one snapshot, opened by the first of them.

    A loader belongs to one place in the answer (field path with type names): loaders shared by
    several places would batch by chance, and the number of statements would vary from run to run.
    """

    def __init__(self, engine: AsyncEngine, asker: ViewerContext) -> None:
        self.engine, self.asker = engine, asker
        self.write = QueryBuilder(self.asker, engine.dialect.name)
        self.statements = self.rows = 0
        self.begun: set[asyncio.Task[ResultRow]] = set()
        self.loaders: dict[object, DataLoader[object, object]] = {}
        self.snapshot = AsyncExitStack()
        self.connection: AsyncConnection | None = None
        self.turn = asyncio.Lock()
        self.over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        async with self.turn:
            self.over = True
            await self.snapshot.aclose()

    async def abandon(self) -> None:
        """Stop running statements in the database after the request was cancelled."""
        self.over = True
        if self.begun and self.connection is not None:
            await interrupt_statement(self.connection)
        for task in self.begun:
            task.cancel()

    async def all(self, statement: SelectStatement, values: Values | None = None) -> ResultRow:
        # When one field fails its siblings are cancelled. A statement that has begun is let finish:
        # broken off, it would take the connection with it.
        begun = asyncio.ensure_future(self.execute_serially(statement, values))
        self.begun.add(begun)
        begun.add_done_callback(self.ended)
        return await asyncio.shield(begun)

    def ended(self, begun: asyncio.Task[Sequence[Any]]) -> None:
        self.begun.discard(begun)
        if not begun.cancelled():
            begun.exception()  # retrieved, so that asyncio doesn't warn if no caller is left

    async def execute_serially(
        self, statement: SelectStatement, values: Mapping[str, object] | None
    ) -> Sequence[object]:
        # Siblings run at the same time, and a connection takes one statement at a time.
        async with self.turn:
            if self.over:
                # No cancellation: a loader would not pass that on to those who wait for it.
                raise RequestEnded
            try:
                rows = (await self.run(statement, values)).all()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise Unavailable(*DATABASE_UNREACHABLE) from error
                if timeout := engine_timeouts(self.engine).told(error.orig):
                    raise timeout from error
                raise
            self.rows += len(rows)
            return rows

    async def run(self, statement: SelectStatement, values: Values | None = None) -> Result[Any]:
        connection = self.connection or await self.open()
        self.statements += 1
        result: Result[object] = await connection.execute(statement, values)
        return result

    async def open(self) -> AsyncConnection:
        try:
            opened = await self.snapshot.enter_async_context(
                read_transaction(self.engine, self.asker.wall)
            )
        except PoolTimeoutError as error:
            raise engine_timeouts(self.engine).pool_timeout_error() from error
        except Exception as error:  # a driver may raise anything while it connects
            raise Unavailable(*DATABASE_UNREACHABLE) from error
        self.connection = opened
        return opened

    def loader(
        self, path: FieldPath, what: object, make: Callable[..., BatchLoad], *parts: object
    ) -> DataLoader[Any, Any]:
        loader = self.loaders.get((path, what))
        if loader is None:
            loader = self.loaders[path, what] = DataLoader(make(*parts))
        return loader

    async def record(self, path: FieldPath, kind: Kind, column: str, key: str) -> Any:
        """Return the row whose unique `column` is `key`; None if no row is visible."""
        what = (kind, column)
        return await self.loader(path, what, self.load_records, kind, column).load(key)

    async def renamed(self, path: FieldPath, kind: Kind, key: str) -> str | None:
        """Return the key of a record that had this one before; None if no record is visible."""
        if kind.renamed is None:
            return None
        rows = await self.all(kind.renamed(self.asker, key))
        return rows[0][0] if rows else None

    async def page(
        self, path: FieldPath, link: ToMany, arguments: ConnectionArguments, source: str
    ) -> Page:
        what = (link, arguments, "page")
        loader = self.loader(path, what, self.load_pages, link, arguments)
        page: Page = await loader.load(source)
        return page

    async def count(
        self, path: FieldPath, link: ToMany, arguments: ConnectionArguments, source: str
    ) -> int:
        select = partial(self.write.count, link, arguments)
        loader = self.loader(path, (link, arguments, "count"), self.load_numbers, select)
        number: int = await loader.load(source)
        return number

    async def undated(
        self, path: FieldPath, link: ToMany, arguments: ConnectionArguments, source: str
    ) -> int:
        select = partial(self.write.undated, link, arguments)
        loader = self.loader(path, (link, arguments, "undated"), self.load_numbers, select)
        number: int = await loader.load(source)
        return number

    async def groups(
        self,
        path: FieldPath,
        link: ToMany,
        arguments: ConnectionArguments,
        dimensions: tuple[str, ...],
        first: int,
        source: str,
        how: GroupingArguments = DEFAULT_GROUPING,
    ) -> Groups:
        what = (link, arguments, dimensions, first, how)
        groups: Groups = await self.loader(path, what, self.load_groups, *what).load(source)
        return groups

    async def closed(self, path: FieldPath, link: ToList, source: str) -> LoadedRows:
        select = partial(self.write.closed, link, link.way, link.to)
        loader = self.loader(path, link, self.load_lists, link.to, select)
        rows: LoadedRows = await loader.load(source)
        return rows

    async def to_list_union(self, path: FieldPath, link: ToListUnion, source: str) -> LoadedRows:
        """One statement for each kind, in the order of the declaration."""
        lists = []
        for kind, join in link.targets.items():
            select = partial(self.write.closed, link, join, kind)
            loader = self.loader(path, (link, kind), self.load_lists, kind, select)
            lists.append(loader.load(source))
        return [row for rows in await asyncio.gather(*lists) for row in rows]

    async def chain(
        self, path: FieldPath, link: ToListThrough, arguments: ConnectionArguments, source: str
    ) -> LoadedRows:
        select = partial(self.write.chain, link, arguments)
        loader = self.loader(path, (link, arguments), self.load_lists, link.to, select)
        rows: LoadedRows = await loader.load(source)
        return rows

    def load_records(self, kind: Kind, column: str) -> BatchLoad:
        async def load(keys: list[str]) -> LoadedRows:
            rows = await self.all(build_statement(self.write.records, kind, column, keys))
            records = {getattr(row, column): row for row in (kind.row(*row) for row in rows)}
            return [records.get(key) for key in keys]

        return load

    def load_pages(self, link: ToMany, arguments: ConnectionArguments) -> BatchLoad:
        order = Order.of(link.to, arguments)

        async def load(keys: list[str]) -> list[Page]:
            rows = await self.all(build_statement(self.write.page, link, arguments, keys))
            records: defaultdict[str, LoadedRows] = defaultdict(list)
            for source, *values in rows:
                records[source].append(link.to.row(*values))
            return [page_from_rows(records[key], order, arguments) for key in keys]

        return load

    def load_numbers(self, write: Callable[[list[str]], SelectStatement]) -> BatchLoad:
        async def load(keys: list[str]) -> list[int]:
            numbers: dict[str, int] = dict(map(tuple, await self.all(build_statement(write, keys))))
            return [numbers.get(key, 0) for key in keys]

        return load

    def load_lists(self, kind: Kind, write: Callable[[list[str]], SelectStatement]) -> BatchLoad:
        async def load(keys: list[str]) -> list[LoadedRows]:
            records: defaultdict[str, LoadedRows] = defaultdict(list)
            for source, *values in await self.all(build_statement(write, keys)):
                records[source].append(kind.row(*values))
            return [records[key] for key in keys]

        return load

    def load_groups(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        dimensions: tuple[str, ...],
        first: int,
        how: GroupingArguments = DEFAULT_GROUPING,
    ) -> BatchLoad:
        async def load(keys: list[str]) -> list[Groups]:
            statement = build_statement(
                self.write.groups, link, arguments, dimensions, first, keys, how
            )
            rows = await self.all(statement)
            groups = groups_by_source(link.to, dimensions, rows, how)
            return [groups.get(key, NO_GROUPS) for key in keys]

        return load


def build_statement(draft: Callable[..., SelectStatement], *arguments: object) -> SelectStatement:
    """Build a whole statement with aliases that the process caches.

    New aliases of every table in a history's references took more than half of the time of building
    and compiling such a statement.
    """
    with allocating_aliases(AliasAllocator()):
        return draft(*arguments)


def page_from_rows(rows: list[Any], order: Order, arguments: ConnectionArguments) -> Page:
    window = PageWindow.cut(rows, arguments)
    cursors = [order.cursor(row) for row in window.rows]
    return Page(window.rows, cursors, window.has_next, window.has_previous)
