"""Shared by all tests: query the graph, enter rows."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from execution import schema
from feeds.csv_folder import csv_name_of, read_row
from kit.db.engine import write_transaction
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.request_limits import UNLIMITED
from models.history import model_table, table_models
from models.source import Citation
from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.context import Context, Executor
from resolvers.writing.proposal import Origin, Problems, Proposal
from resolvers.writing.write import enter_proposals

TODAY = date(2026, 11, 21)
FILES = {csv_name_of(model): model for model in table_models() if model is not Citation}


@contextmanager
def record_statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Yield the statements that reach the database meanwhile; beginning behind a wall is none."""
    statements: list[str] = []

    def record(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT set_config(")):
            statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", record)


class OperationResult:
    def __init__(self, data: Any, errors: list[Any], statements: list[str]) -> None:
        self.data, self.errors, self.statements = data, errors, statements

    @property
    def codes(self) -> list[str]:
        return [error.extensions["code"] for error in self.errors]

    @property
    def messages(self) -> list[str]:
        return [error.message for error in self.errors]


class GraphQLTestClient:
    """Asks as the operator, on a fixed day, unless said otherwise."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def by_plan(
        self,
        query: str,
        way: Executor,
        viewer: Viewer = OPERATOR,
        held: ReadPool | None = None,
        **variables: Any,
    ) -> OperationResult:
        """By the engine, on connections that are held if some are; what it hands over fails."""
        snapshots = held or open_read_pool(self.engine.url)
        statements: list[str] = []
        snapshots.listener = statements.append
        context = Context.of(self.engine, viewer, TODAY, snapshots, way, UNLIMITED)
        try:
            async with context:
                result = await schema.answer(query, variables, context)
        finally:
            if held is None:
                await snapshots.close()
        assert context.fallback_reason is None, context.fallback_reason
        assert len(statements) == context.statements
        data = orjson.loads(orjson.dumps(result.data))
        return OperationResult(data, result.errors or [], statements)

    async def __call__(
        self, query: str, viewer: Viewer = OPERATOR, today: date = TODAY, **variables: Any
    ) -> OperationResult:
        context = Context.of(self.engine, viewer, today, limits=UNLIMITED)
        with record_statements(self.engine) as statements:
            async with context:
                result = await schema.ask(query, variables, context)
        assert len(statements) == context.statements
        return OperationResult(result.data, result.errors or [], statements)

    async def data(self, query: str, **variables: Any) -> Any:
        answer = await self(query, **variables)
        assert answer.errors == []
        return answer.data


async def enter_files(
    connection: AsyncConnection, files: Mapping[str, list[dict[str, Any]]]
) -> Counter[str]:
    """In a writing transaction, which whoever began it may still undo."""
    problems = Problems()
    proposals: list[Proposal] = []
    for name, rows in files.items():
        model = FILES[f"{name}.csv"]
        for line, row in enumerate(rows, start=2):
            cells = ["" if value is None else str(value) for value in row.values()]
            origin = Origin(f"{name}.csv", line)
            proposals += read_row(model, list(row), cells, origin, problems)
    return await enter_proposals(connection, proposals, "test", problems)


class RowFactory:
    """Enters rows as a file would bring them: `await make(workers=[{"code": …}])`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def __call__(self, **files: list[dict[str, Any]]) -> Counter[str]:
        async with write_transaction(self.engine) as connection:
            return await enter_files(connection, files)

    async def source(self) -> None:
        await self(sources=[{"key": "s", "title": "a test"}])


def publishing_rows(*workers: str) -> dict[str, list[dict[str, Any]]]:
    """Return what lets these workers be public: a result of each."""
    cited = {"sources": "published", "audience": "PUBLIC"}
    return {
        "sources": [{"key": "published", "title": "报"}],
        "competitions": [{"code": "published", "name": "赛"}],
        "results": [
            {"key": f"published_{code}", "competition": "published", "worker": code, **cited}
            for code in workers
        ],
    }


# One statement: each by itself would be prepared by itself.
COUNTS = "SELECT " + ", ".join(
    f'(SELECT count(*) FROM "{table.name}") AS "{table.name}"'
    for table in model_table(table_models()[0]).metadata.sorted_tables
)


async def row_counts(engine: AsyncEngine) -> dict[str, int]:
    """How many rows each table has: what a refusal must leave as it was."""
    async with engine.connect() as connection:
        return dict((await connection.exec_driver_sql(COUNTS)).mappings().one())


def run_async(work: Any) -> Any:
    return asyncio.run(work)
