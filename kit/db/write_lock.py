"""Queues write transactions, and reports writers that waited too long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.read_pool import DATABASE_UNREACHABLE
from kit.errors import Unavailable
from kit.timeouts import Timeouts

# One writer of each engine at a time waits for the database's lock, with a connection.
WRITE_LOCKS: WeakKeyDictionary[AsyncEngine, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def exclusive_writer(engine: AsyncEngine) -> AsyncIterator[None]:
    """Admit one writer at a time. Waiting writers hold no connection, so reads have all of them.

    Raises Overloaded if the wait takes too long.
    """
    turn = WRITE_LOCKS.setdefault(engine, asyncio.Lock())
    patience = optional_timeouts(engine)
    if patience is None:
        await turn.acquire()
    else:
        try:
            async with asyncio.timeout(patience.lock):
                await turn.acquire()
        except TimeoutError as error:
            raise patience.lock_timeout_error() from error
    try:
        yield
    finally:
        turn.release()


@asynccontextmanager
async def translate_timeouts(engine: AsyncEngine) -> AsyncIterator[None]:
    """Raise Unavailable if a timeout is exceeded or the database is unreachable."""
    patience = optional_timeouts(engine)
    try:
        yield
    except PoolTimeoutError as error:
        raise (patience or Timeouts()).pool_timeout_error() from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(*DATABASE_UNREACHABLE) from error
        if patience is not None and (timeout := patience.told(error.orig)):
            raise timeout from error
        raise


def optional_timeouts(engine: AsyncEngine) -> Timeouts | None:
    """None if the engine has no timeouts."""
    return engine.sync_engine.get_execution_options().get("patience")
