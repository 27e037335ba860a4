"""Questions to the library, by the engine's plans alone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse, validate

from engine.plan import Operation, Plan, of_its_own_class
from engine.predicate import Asker
from engine.run import Tally
from kit.snapshots import Snapshots, snapshots_of
from tests.library import TODAY, VISITOR
from tests.library_schema import SCHEMA, convert, meaning_of


async def answered(
    operation: Operation,
    variables: dict[str, Any],
    asker: Asker,
    snapshots: Snapshots,
    tally: Tally,
    *,
    written: bool,
) -> Any:
    """Raises NotPlanned for what the engine leaves to others."""
    template = of_its_own_class(asker.viewer)
    plan, run = operation.begin(
        variables, asker, template, snapshots.dialect, tally, written=written
    )
    return await plan.answer(run, snapshots)


@dataclass(frozen=True)
class Answer:
    data: Any
    statements: list[str]


def operation(query: str, name: str | None = None) -> Operation:
    document = parse(query)
    assert validate(SCHEMA, document) == []
    [chosen] = [
        one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and (name is None or (one.name and one.name.value == name))
    ]
    return Operation(SCHEMA, document, chosen, meaning_of, convert)


class AskLibrary:
    """Asks as a visitor; `written` lets PostgreSQL write subtrees. Operations are kept by text."""

    def __init__(self, snapshots: Snapshots, *, written: bool) -> None:
        self.snapshots, self.written = snapshots, written
        self.operations: dict[str, Operation] = {}

    @property
    def dialect(self) -> str:
        return self.snapshots.dialect

    def known(self, query: str) -> Operation:
        if query not in self.operations:
            self.operations[query] = operation(query)
        return self.operations[query]

    async def __call__(
        self, query: str, viewer: str = VISITOR, today: date = TODAY, **variables: Any
    ) -> Answer:
        tally, asker = Tally(), Asker(viewer, today)
        with self.told() as statements:
            found = await answered(
                self.known(query), variables, asker, self.snapshots, tally, written=self.written
            )
        assert len(statements) == tally.statements
        return Answer(orjson.loads(orjson.dumps(found)), statements)

    async def data(self, query: str, viewer: str = VISITOR, **variables: Any) -> Any:
        return (await self(query, viewer, **variables)).data

    def plan(self, query: str, **variables: Any) -> Plan:
        asked = self.known(query)
        return asked.plan(
            asked.variables.read(variables), VISITOR, self.dialect, written=self.written
        )

    @contextmanager
    def told(self) -> Iterator[list[str]]:
        """The statements that are sent meanwhile."""
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
async def asking_library(url: str, *, written: bool) -> AsyncIterator[AskLibrary]:
    snapshots = snapshots_of(url)
    yield AskLibrary(snapshots, written=written)
    await snapshots.close()
