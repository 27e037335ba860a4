"""Reading with the drivers themselves: several statements see one state of the database.

Work is a generator that yields (statement, values) and is sent the rows, so that the same work runs
on a driver that awaits and on one that doesn't.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import URL, make_url

from kit.database import SQLITE_SETTINGS
from kit.errors import Unavailable
from kit.language import Sentence
from kit.walls import Wall

OUT_OF_REACH = Sentence(
    "The database is out of reach just now: try again in a moment.",
    "暂时无法连接数据库，请稍后再试。",
)
CONNECTIONS = 16
SQLITE_THREADS = 4
KEPT_STATEMENTS = 200  # prepared statements of a connection, which the server keeps in memory
PATIENCE = 5.0  # seconds, with a connection whose statement was given up
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
NO_WALL = Wall("none")  # as whom the connection was opened
LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


class Statement(Protocol):
    @property
    def text(self) -> str: ...


Ask = tuple[Statement, list[Any]]
Work = Generator[Ask, Sequence[Any], Any]
Listener = Callable[[str], None]


class Snapshots:
    """`alone`: the work asks one statement at most, which is a snapshot by itself."""

    dialect: str

    def __init__(self) -> None:
        self.listener: Listener | None = None

    async def run(self, work: Work, *, alone: bool, wall: Wall | None = None) -> Any:
        """Raises Unavailable for a database that can't be reached."""
        try:
            first = next(work)
        except StopIteration as done:  # nothing had to be asked
            return done.value
        return await self.drive(work, first, alone=alone, wall=wall)

    async def fetch(self, ask: Ask, wall: Wall | None = None) -> Sequence[Any]:
        """The rows of one statement. Raises as `run` does."""
        found: Sequence[Any] = await self.drive(one(ask), ask, alone=True, wall=wall)
        return found

    async def drive(self, work: Work, ask: Ask, *, alone: bool, wall: Wall | None) -> Any:
        """Closes the work: only who drives it knows when it isn't running any more."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def told(self, text: str) -> None:
        if self.listener:
            self.listener(text)


def one(ask: Ask) -> Work:
    """Work that asks once and gives the rows; it has begun."""
    work = rows_of(ask)
    next(work)
    return work


def rows_of(ask: Ask) -> Work:
    return (yield ask)


class Held(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """Nothing is left behind in a session that only reads, so that nothing has to be reset.

    But the wall behind which it read last, which its next reader may well share; None: not known.
    """

    wall: Wall | None = NO_WALL

    def get_reset_query(self) -> str:
        return ""


class PostgresSnapshots(Snapshots):
    """Connections are held, the one used last first, and each keeps its prepared statements.

    `pooled`: there is a proxy between, which gives each transaction another session: nothing is
    left in one, and nothing is asked outside a transaction.
    """

    dialect = "postgresql"

    def __init__(self, url: URL, *, pooled: bool = False) -> None:
        super().__init__()
        self.pooled = pooled
        plain = url.set(drivername="postgresql")
        self.address = plain.render_as_string(hide_password=False)
        self.idle: list[Held] = []
        self.open = 0
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.mending: set[asyncio.Task[None]] = set()

    async def drive(self, work: Work, ask: Ask, *, alone: bool, wall: Wall | None) -> Any:
        try:
            connection = await self.take(wall := wall or NO_WALL)
            try:
                if alone and not self.pooled:
                    await self.behind(wall, connection)
                    result = await self.answer(connection, work, ask)
                else:
                    result = await self.transaction(wall, connection, work, ask)
            except BaseException as error:
                self.mend(connection, error)
                raise
        except LOST as error:
            raise Unavailable(*OUT_OF_REACH) from error
        finally:
            work.close()
        self.give_back(connection)
        return result

    async def transaction(self, wall: Wall, connection: Held, work: Work, ask: Ask) -> Any:
        """The wall rides in the message that begins: a round trip less."""
        before, connection.wall = connection.wall, None  # a transaction that fails undoes it
        if self.pooled:
            wall, text = NO_WALL, f"{BEGIN}; {wall.local}"
        else:
            text = BEGIN if before == wall else f"{BEGIN}; {wall.lasting}"
        await connection.execute(text)
        result = await self.answer(connection, work, ask)
        await connection.execute("COMMIT")
        connection.wall = wall
        return result

    async def behind(self, wall: Wall, connection: Held) -> None:
        if connection.wall != wall:
            connection.wall = None
            await connection.execute(wall.lasting)
            connection.wall = wall

    async def fetch(self, ask: Ask, wall: Wall | None = None) -> Sequence[Any]:
        if self.pooled:
            return await super().fetch(ask, wall)
        statement, values = ask
        try:
            connection = await self.take(wall := wall or NO_WALL)
            self.told(statement.text)
            try:
                if connection.wall != wall:
                    await self.behind(wall, connection)
                rows: Sequence[Any] = await connection.fetch(statement.text, *values)
            except BaseException as error:
                self.mend(connection, error)
                raise
        except LOST as error:
            raise Unavailable(*OUT_OF_REACH) from error
        self.give_back(connection)
        return rows

    def mend(self, connection: Held, error: BaseException) -> None:
        """Ends what a connection was in the middle of: it goes back to the others, or goes.

        Nobody waits for it. When a question was given up, asyncpg has asked the server to stop its
        statement, and the next one on the connection waits until it has.
        """
        if isinstance(error, LOST):
            connection.terminate()
            self.gone()
            return
        task = asyncio.get_running_loop().create_task(self.mended(connection))
        self.mending.add(task)
        task.add_done_callback(self.mending.discard)

    async def mended(self, connection: Held) -> None:
        connection.wall = None
        try:
            await asyncio.wait_for(connection.execute("ROLLBACK"), PATIENCE)
        except BaseException:  # whatever it is, the connection is of no use any more
            connection.terminate()
            self.gone()
        else:
            self.give_back(connection)

    async def answer(self, connection: Held, work: Work, ask: Ask) -> Any:
        try:
            while True:
                statement, values = ask
                self.told(statement.text)
                ask = work.send(await connection.fetch(statement.text, *values))
        except StopIteration as done:
            return done.value

    async def take(self, wall: Wall = NO_WALL) -> Held:
        """One that stands behind the wall already, if there is one."""
        while not self.idle and self.open >= CONNECTIONS:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            try:
                await turn
            except BaseException:
                if turn.done() and not turn.cancelled():  # it came too late
                    self.next_turn()
                raise
        while self.idle:
            connection = self.idle.pop(self.nearest(wall))
            if not connection.is_closed():
                return connection
            self.open -= 1
        self.open += 1
        try:
            return await self.connect()
        except BaseException as error:
            self.gone()
            if isinstance(error, Exception):  # a driver may raise anything while it connects
                raise Unavailable(*OUT_OF_REACH) from error
            raise

    def nearest(self, wall: Wall) -> int:
        last = len(self.idle) - 1
        behind = (n for n in range(last, -1, -1) if self.idle[n].wall == wall)
        return next(behind, last)

    async def connect(self) -> Held:
        opened: Held = await asyncpg.connect(
            self.address,
            connection_class=Held,
            statement_cache_size=0 if self.pooled else KEPT_STATEMENTS,
            max_cacheable_statement_size=0,
            max_cached_statement_lifetime=0,
        )
        try:
            # Text that the database wrote as JSON goes into an answer as it is.
            await opened.set_type_codec(
                "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
            )
        except BaseException:
            opened.terminate()
            raise
        return opened

    def give_back(self, connection: Held) -> None:
        self.idle.append(connection)
        self.next_turn()

    def gone(self) -> None:
        self.open -= 1
        self.next_turn()

    def next_turn(self) -> None:
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    async def close(self) -> None:
        if self.mending:
            await asyncio.wait(self.mending)
        while self.idle:
            await self.idle.pop().close()
            self.open -= 1


class SqliteSnapshots(Snapshots):
    """A whole request is one hop to a thread."""

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        super().__init__()
        self.path = url.database or ""
        self.threads = ThreadPoolExecutor(SQLITE_THREADS, thread_name_prefix="sqlite")
        self.idle: list[sqlite3.Connection] = []

    async def drive(self, work: Work, ask: Ask, *, alone: bool, wall: Wall | None) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.answer, work, ask)

    def answer(self, work: Work, ask: Ask) -> Any:
        try:
            connection = self.idle.pop() if self.idle else self.connect()
        except sqlite3.Error as error:
            raise Unavailable(*OUT_OF_REACH) from error
        try:
            connection.execute("BEGIN")
            while True:
                statement, values = ask
                self.told(statement.text)
                ask = work.send(connection.execute(statement.text, values).fetchall())
        except StopIteration as done:
            return done.value
        finally:
            work.close()
            connection.rollback()
            self.idle.append(connection)

    def connect(self) -> sqlite3.Connection:
        address = f"file:{self.path}?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        )
        for setting in (*SQLITE_SETTINGS, "PRAGMA query_only = ON"):
            connection.execute(setting).close()
        return connection

    async def close(self) -> None:
        self.threads.shutdown()
        while self.idle:
            self.idle.pop().close()


def snapshots_of(url: str | URL, *, pooled: bool = False) -> Snapshots:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteSnapshots(parsed)
    return PostgresSnapshots(parsed, pooled=pooled)
