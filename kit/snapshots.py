"""Reading with the drivers themselves: several statements see one state of the database."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from time import monotonic
from typing import Any

import asyncpg
from sqlalchemy.engine import URL, make_url

from kit.errors import Unavailable
from kit.metered import STATEMENT
from kit.patience import NAME, Patience
from kit.pieces import in_pieces
from kit.pooling import for_a_transaction, without_pooling
from kit.sessions import LOST, NO_WALL, STOPPED, Held
from kit.timed import SQLITE_THREADS, SqliteSnapshots
from kit.walls import Wall
from kit.work import OUT_OF_REACH, Ask, Listener, Snapshots, Statement, Work, sent

CONNECTIONS = 16
AT_ONCE = 1000  # rows of which an answer is made without looking whether others wait
KEPT_STATEMENTS = 200  # prepared statements of a connection, which the server keeps in memory
TRUSTED = 2.0  # seconds since its last use, for which a connection is taken to be alive
SOON = 1.0  # seconds, in which a connection that was dead when it was taken says so
PATIENCE = 5.0  # seconds, with a connection whose statement was given up
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


__all__ = [
    "BEGIN",
    "CONNECTIONS",
    "NO_WALL",
    "OUT_OF_REACH",
    "SQLITE_THREADS",
    "Listener",
    "PostgresSnapshots",
    "Snapshots",
    "SqliteSnapshots",
    "Statement",
    "snapshots_of",
]


class PostgresSnapshots(Snapshots):
    """Connections are held, the one used last first, and each keeps its prepared statements.

    Behind a proxy that pools transactions none is kept, and nothing is asked outside one.
    """

    dialect = "postgresql"
    connections = CONNECTIONS

    def __init__(self, url: URL, patience: Patience | None = None) -> None:
        super().__init__(patience)
        plain, self.pooled = without_pooling(url.set(drivername="postgresql"))
        self.hurried = for_a_transaction(self.patience.of_transaction)
        self.address = plain.render_as_string(hide_password=False)
        self.idle: list[Held] = []
        self.doubted = 0.0  # when one was found dead: those given back before are asked
        self.open = 0
        self.waiting: deque[asyncio.Future[None]] = deque()
        self.mending: set[asyncio.Task[None]] = set()

    async def drive(
        self, work: Work, ask: Ask, *, alone: bool, wall: Wall | None, pieces: bool = False
    ) -> Any:
        wall = wall or NO_WALL
        try:
            while True:
                connection = await self.take(wall)
                try:
                    if alone and not self.pooled:
                        await self.behind(wall, connection)
                        result = await self.answer(connection, work, ask, pieces=pieces)
                    else:
                        result = await self.transaction(wall, connection, work, ask, pieces=pieces)
                    break
                except BaseException as error:
                    self.mend(connection, error)
                    if not self.was_dead(connection, error):
                        raise
        except (*LOST, *STOPPED) as error:
            raise self.patience.told(error) or Unavailable(*OUT_OF_REACH) from error
        finally:
            work.close()
        self.give_back(connection)
        return result

    async def transaction(
        self, wall: Wall, connection: Held, work: Work, ask: Ask, *, pieces: bool
    ) -> Any:
        """The wall rides in the message that begins: a round trip less."""
        before, connection.wall = connection.wall, None  # a transaction that fails undoes it
        if self.pooled:
            wall, text = NO_WALL, f"{BEGIN}; {self.hurried}; {wall.local}"
        else:
            text = BEGIN if before == wall else f"{BEGIN}; {wall.lasting}"
        await connection.execute(text)
        connection.trusted = None
        result = await self.answer(connection, work, ask, pieces=pieces)
        await connection.execute("COMMIT")
        connection.wall = wall
        return result

    async def behind(self, wall: Wall, connection: Held) -> None:
        if connection.wall != wall:
            connection.wall = None
            await connection.execute(wall.lasting)
            connection.wall, connection.trusted = wall, None

    async def fetch(self, ask: Ask, wall: Wall | None = None) -> Sequence[Any]:
        if self.pooled:
            return await super().fetch(ask, wall)
        statement, values = ask
        wall = wall or NO_WALL
        self.told(statement.text)
        try:
            while True:
                connection = await self.take(wall)
                try:
                    if connection.wall != wall:
                        await self.behind(wall, connection)
                    with STATEMENT:
                        rows: Sequence[Any] = await connection.fetch(statement.text, *values)
                    break
                except BaseException as error:
                    self.mend(connection, error)
                    if not self.was_dead(connection, error):
                        raise
        except (*LOST, *STOPPED) as error:
            raise self.patience.told(error) or Unavailable(*OUT_OF_REACH) from error
        self.give_back(connection)
        return rows

    def was_dead(self, connection: Held, error: BaseException) -> bool:
        """Whether it was dead when it was taken: nothing came of it, and all is asked of another.

        What was lost while a statement ran is told: the statement may be why. Another that was
        trusted isn't taken then, so that nobody is asked more often than twice.
        """
        taken = connection.trusted
        if taken is None or not isinstance(error, LOST) or monotonic() - taken > SOON:
            return False
        self.doubted = monotonic()
        return True

    def mend(self, connection: Held, error: BaseException) -> None:
        """Ends what a connection was in the middle of: it goes back to the others, or goes.

        Nobody waits for it. When a question was given up, asyncpg has asked the server to stop its
        statement, and the next one on the connection waits until it has.
        """
        if isinstance(error, LOST):
            connection.terminate()
            self.gone()
            return
        # In a context of its own: it doesn't wait as the request may have to.
        task = asyncio.get_running_loop().create_task(self.mended(connection), context=Context())
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

    async def answer(self, connection: Held, work: Work, ask: Ask, *, pieces: bool) -> Any:
        while True:
            statement, values = ask
            self.told(statement.text)
            with STATEMENT:
                rows = await connection.fetch(statement.text, *values)
            connection.trusted = None
            long = pieces or len(rows) > AT_ONCE
            over, found = await in_pieces(sent, work, rows) if long else sent(work, rows)
            if over:
                return found
            ask = found

    async def take(self, wall: Wall = NO_WALL) -> Held:
        """One that stands behind the wall already, if there is one."""
        while not self.idle and self.open >= CONNECTIONS:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            late = turn.get_loop().call_later(self.patience.pool, self.too_late, turn)
            try:
                await turn
            except BaseException:
                # It came, but too late.
                if turn.done() and not turn.cancelled() and turn.exception() is None:
                    self.next_turn()
                raise
            finally:
                late.cancel()
        while self.idle:
            connection = self.idle.pop(self.nearest(wall))
            if not connection.is_closed() and await self.alive(connection):
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

    async def alive(self, connection: Held) -> bool:
        """Asked of one that nobody used lately: the database may have been started anew meanwhile.

        Where one is dead, those that were idle as long have died with it.
        """
        now = monotonic()
        if now - connection.used < TRUSTED and connection.used > self.doubted:
            connection.trusted = now
            return True
        connection.trusted = None
        try:
            await connection.execute("SELECT 1", timeout=self.patience.connect)
        except LOST:
            connection.terminate()
            for one in [one for one in self.idle if one.used <= connection.used]:
                one.terminate()
            return False
        except BaseException:
            connection.terminate()
            self.gone()
            raise
        return True

    def nearest(self, wall: Wall) -> int:
        last = len(self.idle) - 1
        behind = (n for n in range(last, -1, -1) if self.idle[n].wall == wall)
        return next(behind, last)

    def too_late(self, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            turn.set_exception(self.patience.no_connection())

    async def reachable(self) -> bool:
        try:
            knocked = await asyncpg.connect(self.address, timeout=self.patience.connect)
        except LOST as error:
            return isinstance(error, asyncpg.TooManyConnectionsError)
        except Exception:  # whatever is said, somebody said it
            return True
        knocked.terminate()
        return True

    async def connect(self) -> Held:
        opened: Held = await asyncpg.connect(
            self.address,
            connection_class=Held,
            timeout=self.patience.connect,
            server_settings=(
                {"application_name": NAME} if self.pooled else self.patience.of_postgres
            ),
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
        connection.used = monotonic()
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


def snapshots_of(url: str | URL, patience: Patience | None = None) -> Snapshots:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteSnapshots(parsed, patience)
    return PostgresSnapshots(parsed, patience)
