"""Registries that the tests of a module share: filled once, then only read, or written in vain."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import open_engine
from tests.support.databases import Databases
from tests.support.graph import RowFactory, run_async

Fill = Callable[[RowFactory], Awaitable[object]]


@contextmanager
def filled_registry(databases: Databases, dialect: str, fill: Fill) -> Iterator[str]:
    """Yield the URL of one."""
    url = databases.copy(dialect, "places")

    async def enter() -> None:
        async with disposing_engine(url) as engine:
            await fill(RowFactory(engine))

    run_async(enter())
    yield url
    databases.drop(url)


@asynccontextmanager
async def disposing_engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    yield engine
    await engine.dispose()
