"""Questions to the library, by the engine's plans alone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse, validate

from engine.operation import OperationPlan, PlannedOperation, singleton_class
from engine.plan.execution import DatabaseUsage
from engine.sql.predicate import ViewerContext
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from tests.engine.library import TODAY, VISITOR
from tests.engine.library_schema import SCHEMA, convert_arguments, field_plan_of


async def execute_operation(
    operation: PlannedOperation,
    variables: dict[str, Any],
    asker: ViewerContext,
    snapshots: ReadPool,
    tally: DatabaseUsage,
    *,
    written: bool,
) -> Any:
    """Raise NotPlanned for what the engine leaves to others."""
    template = singleton_class(asker.viewer)
    plan, run = operation.begin(
        variables, asker, template, snapshots.dialect, tally, written=written
    )
    return await plan.answer(run, snapshots)


@dataclass(frozen=True)
class LibraryResult:
    data: Any
    statements: list[str]


def parse_operation(query: str, name: str | None = None) -> PlannedOperation:
    document = parse(query)
    assert validate(SCHEMA, document) == []
    [chosen] = [
        one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and (name is None or (one.name and one.name.value == name))
    ]
    return PlannedOperation(SCHEMA, document, chosen, field_plan_of, convert_arguments)


class LibraryClient:
    """Asks as a visitor; `written` lets PostgreSQL write subtrees. Operations are kept by text."""

    def __init__(self, snapshots: ReadPool, *, written: bool) -> None:
        self.snapshots, self.written = snapshots, written
        self.operations: dict[str, PlannedOperation] = {}

    @property
    def dialect(self) -> str:
        return self.snapshots.dialect

    def known(self, query: str) -> PlannedOperation:
        if query not in self.operations:
            self.operations[query] = parse_operation(query)
        return self.operations[query]

    async def __call__(
        self, query: str, viewer: str = VISITOR, today: date = TODAY, **variables: Any
    ) -> LibraryResult:
        tally, asker = DatabaseUsage(), ViewerContext(viewer, today)
        with self.told() as statements:
            found = await execute_operation(
                self.known(query), variables, asker, self.snapshots, tally, written=self.written
            )
        assert len(statements) == tally.statements
        return LibraryResult(orjson.loads(orjson.dumps(found)), statements)

    async def data(self, query: str, viewer: str = VISITOR, **variables: Any) -> Any:
        return (await self(query, viewer, **variables)).data

    def plan(self, query: str, **variables: Any) -> OperationPlan:
        asked = self.known(query)
        return asked.plan(
            asked.variables.read(variables), VISITOR, self.dialect, written=self.written
        )

    @contextmanager
    def told(self) -> Iterator[list[str]]:
        """Yield the statements that are sent meanwhile."""
        statements: list[str] = []
        others = self.snapshots.listener

        def listen(text: str) -> None:
            statements.append(text)
            if others:
                others(text)

        self.snapshots.listener = listen
        try:
            yield statements
        finally:
            self.snapshots.listener = others


@asynccontextmanager
async def library_client(url: str, *, written: bool) -> AsyncIterator[LibraryClient]:
    snapshots = open_read_pool(url)
    yield LibraryClient(snapshots, written=written)
    await snapshots.close()
