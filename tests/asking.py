"""What every test shares: ask the graph, enter rows."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feeds.folder import file_of, read_row
from kit.database import writing
from kit.limits import BOUNDLESS
from kit.snapshots import Snapshots, snapshots_of
from models import Citation
from models.history import models_of, stored
from resolvers.access import OPERATOR, Viewer
from resolvers.context import Context, Way
from resolvers.proposal import Origin, Problems, Proposal
from resolvers.writing import enter
from schema import schema

TODAY = date(2026, 11, 21)
FILES = {file_of(model): model for model in models_of() if model is not Citation}


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile; beginning behind a wall is none."""
    statements: list[str] = []

    def record(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT set_config(")):
            statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", record)


class Answer:
    def __init__(self, data: Any, errors: list[Any], statements: list[str]) -> None:
        self.data, self.errors, self.statements = data, errors, statements

    @property
    def codes(self) -> list[str]:
        return [error.extensions["code"] for error in self.errors]

    @property
    def messages(self) -> list[str]:
        return [error.message for error in self.errors]


class Ask:
    """Asks as the operator, on a fixed day, unless said otherwise."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def by_plan(
        self,
        query: str,
        way: Way,
        viewer: Viewer = OPERATOR,
        held: Snapshots | None = None,
        **variables: Any,
    ) -> Answer:
        """By the engine, on connections that are held if some are; what it hands over fails."""
        snapshots = held or snapshots_of(self.engine.url)
        statements: list[str] = []
        snapshots.listener = statements.append
        context = Context.of(self.engine, viewer, TODAY, snapshots, way, BOUNDLESS)
        try:
            async with context:
                result = await schema.answer(query, variables, context)
        finally:
            if held is None:
                await snapshots.close()
        assert context.handed_over is None, context.handed_over
        assert len(statements) == context.statements
        data = orjson.loads(orjson.dumps(result.data))
        return Answer(data, result.errors or [], statements)

    async def __call__(
        self, query: str, viewer: Viewer = OPERATOR, today: date = TODAY, **variables: Any
    ) -> Answer:
        context = Context.of(self.engine, viewer, today, limits=BOUNDLESS)
        with counted(self.engine) as statements:
            async with context:
                result = await schema.ask(query, variables, context)
        assert len(statements) == context.statements
        return Answer(result.data, result.errors or [], statements)

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
    return await enter(connection, proposals, "test", problems)


class Make:
    """Enters rows as a file would bring them: `await make(workers=[{"code": …}])`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def __call__(self, **files: list[dict[str, Any]]) -> Counter[str]:
        async with writing(self.engine) as connection:
            return await enter_files(connection, files)

    async def source(self) -> None:
        await self(sources=[{"key": "s", "title": "a test"}])


def published(*workers: str) -> dict[str, list[dict[str, Any]]]:
    """What lets these workers be public: a result of each."""
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
    for table in stored(models_of()[0]).metadata.sorted_tables
)


async def counts(engine: AsyncEngine) -> dict[str, int]:
    """How many rows each table has: what a refusal must leave as it was."""
    async with engine.connect() as connection:
        return dict((await connection.exec_driver_sql(COUNTS)).mappings().one())


def run(work: Any) -> Any:
    return asyncio.run(work)
