"""The statements of a query, and the tables that they scan."""

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.db.postgres_pool import PostgresReadPool
from kit.db.read_pool import BoundStatement, StatementGenerator
from kit.db.sqlite_pool import SqliteReadPool, open_read_connection
from kit.request_limits import UNLIMITED
from resolvers.core.access import Viewer
from resolvers.core.context import Context, Executor
from tests.support.graph import TODAY

Statement = tuple[str, list[Any]]


class StatementRecorder:
    """Keeps the statements with their values."""

    asks: list[Statement]

    async def run(self, work: StatementGenerator, **more: Any) -> Any:
        return await super().run(self.noted(work), **more)  # type: ignore[misc]

    async def fetch(self, ask: BoundStatement, *more: Any) -> Any:
        self.asks.append((ask[0].text, list(ask[1])))
        return await super().fetch(ask, *more)  # type: ignore[misc]

    def noted(self, work: StatementGenerator) -> StatementGenerator:
        try:
            ask = next(work)
            while True:
                self.asks.append((ask[0].text, list(ask[1])))
                ask = work.send((yield ask))
        except StopIteration as done:
            return done.value
        finally:
            work.close()


class RecordingSqliteSnapshots(StatementRecorder, SqliteReadPool):
    pass


class RecordingPostgresSnapshots(StatementRecorder, PostgresReadPool):
    pass


@dataclass(frozen=True)
class ScanDetector:
    """Explains as a viewer's role; `large` are the tables that aren't to be read whole."""

    engine: AsyncEngine
    viewer: Viewer
    large: frozenset[str]
    snapshots: RecordingSqliteSnapshots | RecordingPostgresSnapshots
    connection: Any  # a connection of the driver's own, which only explains
    plans: dict[str, Any] = field(default_factory=dict)  # by statement and values

    async def statements(
        self, way: Executor, query: str, variables: dict[str, Any]
    ) -> list[Statement]:
        """All that one query asks on that way."""
        found = self.snapshots.asks = []

        def note(connection: Any, cursor: Any, text: str, values: Any, *rest: Any) -> None:
            if text.startswith(("SELECT", "WITH")) and not text.startswith("SELECT set_config("):
                found.append((text, list(values)))

        event.listen(self.engine.sync_engine, "before_cursor_execute", note)
        try:
            context = Context.of(self.engine, self.viewer, TODAY, self.snapshots, way, UNLIMITED)
            async with context:
                answer = schema.ask if way is Executor.DEFAULT else schema.answer
                result = await answer(query, variables, context)
        finally:
            event.remove(self.engine.sync_engine, "before_cursor_execute", note)
        assert result.errors in (None, [])
        return found

    async def scanned(self, asked: list[Statement]) -> set[str]:
        """Return the large tables that one of the statements reads from end to end."""
        if self.engine.dialect.name == "sqlite":
            return {name for one in asked for name in self.on_sqlite(*one)}
        return {
            name
            for one in asked
            for name in fully_scanned_tables(await self.on_postgres(*one), limited=False)
            if name in self.large
        }

    async def conditions(self, asked: list[Statement]) -> dict[str, set[str]]:
        """By large table that is read, the columns by which its index finds rows, each way."""
        found = defaultdict(set)
        if self.engine.dialect.name == "sqlite":
            for one in asked:
                for table, detail in self.steps(*one):
                    by = re.search(r"\((.*)\)$", detail)
                    columns = re.findall(r"(\w+)(?==)", by[1]) if by else []
                    found[table].add(" ".join(columns))
            return found
        for one in asked:
            for node in plan_nodes(await self.on_postgres(*one)):
                table = str(node.get("Relation Name"))
                if table in self.large:
                    condition = node.get("Index Cond", node.get("Recheck Cond", ""))
                    # Of either side: those of other tables are named with them.
                    columns = re.findall(r"\((\w+)(?:\)::text| =)", condition)
                    found[table].add(" ".join(columns))
        return found

    def steps(self, text: str, values: list[Any]) -> Iterator[tuple[str, str]]:
        """(large table, how SQLite reads it)."""
        key = repr((text, values))
        if key not in self.plans:
            explaining = f"EXPLAIN QUERY PLAN {text}"
            self.plans[key] = self.connection.execute(explaining, values).fetchall()
        named = table_aliases(text, self.large)
        for *_, detail in self.plans[key]:
            reads = re.match(r"(?:SCAN|SEARCH) (\w+)", detail)
            if reads and reads[1] in named:
                yield named[reads[1]], detail

    def on_sqlite(self, text: str, values: list[Any]) -> Iterator[str]:
        for table, detail in self.steps(text, values):
            if is_full_scan(detail, " LIMIT " in text):
                yield table

    async def on_postgres(self, text: str, values: list[Any]) -> dict[str, Any]:
        key = repr((text, values))
        if key not in self.plans:
            explaining = f"EXPLAIN (FORMAT JSON) {text}"
            [[plan]] = await self.connection.fetch(explaining, *values)
            self.plans[key] = json.loads(plan)[0]["Plan"]
        found: dict[str, Any] = self.plans[key]
        return found


@asynccontextmanager
async def open_scan_detector(
    engine: AsyncEngine, viewer: Viewer, large: frozenset[str]
) -> AsyncIterator[ScanDetector]:
    if engine.dialect.name == "sqlite":
        on_sqlite = RecordingSqliteSnapshots(engine.url)
        with closing(open_read_connection(str(engine.url.database))) as opened:
            yield ScanDetector(engine, viewer, large, on_sqlite, opened)
        await on_sqlite.close()
        return
    on_postgres = RecordingPostgresSnapshots(engine.url)
    url = make_url(engine.url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(viewer.wall.session_statement)
        # What an index could serve it must: whether it pays depends on how large a table is.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            await connection.execute(f"SET enable_{way} = off")
        yield ScanDetector(engine, viewer, large, on_postgres, connection)
    finally:
        await connection.close()
        await on_postgres.close()


def plan_nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from plan_nodes(child)


def is_full_scan(detail: str, limited: bool) -> bool:
    """Return the plan without conditions that nearly all rows meet.

    In the order of an index a page is read until it is full.
    """
    if detail.startswith("SEARCH"):
        return detail.endswith("(audience=?)")
    return not (limited and " USING INDEX " in detail)


def table_aliases(text: str, large: frozenset[str]) -> dict[str, str]:
    """Return the large tables by the names that they have in a statement."""
    tables = "|".join(sorted(large))
    found = {alias: table for table, alias in re.findall(rf'\b({tables})"? AS "?(\w+)', text)}
    unnamed = re.findall(rf'\b(?:FROM|JOIN) "?({tables})\b"?(?! AS)', text)
    return found | {table: table for table in unnamed}


def fully_scanned_tables(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    """Tables that are read without a condition on an index; a page reads no further than itself."""
    limited = limited or node["Node Type"] == "Limit"
    if node["Node Type"] in {"Sort", "Aggregate", "Hash", "WindowAgg", "Materialize"}:
        limited = False
    reads = node.get("Relation Name")
    if reads and not limited and "Index Cond" not in node and "Recheck Cond" not in node:
        yield reads
    for child in node.get("Plans", ()):
        yield from fully_scanned_tables(child, limited=limited)
