"""Whose turn it is to write, and what is said to those who waited for it in vain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.errors import Unavailable
from kit.patience import Patience
from kit.work import OUT_OF_REACH

# Of each engine one writer at a time waits for the database's lock, with a connection.
TURNS: WeakKeyDictionary[AsyncEngine, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def turn_to_write(engine: AsyncEngine) -> AsyncIterator[None]:
    """Whoever waits for it holds no connection: those who read have all of them.

    Raises Busy where that takes too long.
    """
    turn = TURNS.setdefault(engine, asyncio.Lock())
    patience = patience_with(engine)
    if patience is None:
        await turn.acquire()
    else:
        try:
            async with asyncio.timeout(patience.lock):
                await turn.acquire()
        except TimeoutError as error:
            raise patience.no_lock() from error
    try:
        yield
    finally:
        turn.release()


@asynccontextmanager
async def in_time(engine: AsyncEngine) -> AsyncIterator[None]:
    """What is hurried and takes too long, or meets no database, is told: raises Unavailable."""
    patience = patience_with(engine)
    try:
        yield
    except PoolTimeoutError as error:
        raise (patience or Patience()).no_connection() from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(*OUT_OF_REACH) from error
        if patience is not None and (told := patience.told(error.orig)):
            raise told from error
        raise


def patience_with(engine: AsyncEngine) -> Patience | None:
    """None: nobody hurries it."""
    return engine.sync_engine.get_execution_options().get("patience")
