"""Database work as a generator, and the pools that drive it.

The generator yields (statement, values) and receives the rows, so the same work runs on an
asynchronous driver and on a synchronous one.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from kit.db.session_role import SessionRole
from kit.i18n import Message
from kit.runtime.time_slices import run_in_slices
from kit.timeouts import Timeouts

DATABASE_UNREACHABLE = Message(
    "The database can't be reached: try again in a moment.",
    "暂时无法连接数据库，请稍后再试。",
)


class Statement(Protocol):
    @property
    def text(self) -> str: ...


BoundStatement = tuple[Statement, list[Any]]
StatementGenerator = Generator[BoundStatement, Sequence[Any], Any]
StatementListener = Callable[[str], None]


class ReadPool:
    """`alone`: the work asks one statement at most, which is a snapshot by itself.

    `wall` is as whom the database lets it read.
    """

    dialect: str
    connections: int  # as many statements run at once at most

    def __init__(self, patience: Timeouts | None = None) -> None:
        self.patience = patience or Timeouts()
        self.listener: StatementListener | None = None

    async def reachable(self) -> bool:
        """Return whether the server answers a new connection: for when a response takes long."""
        return True

    async def run(
        self,
        work: StatementGenerator,
        *,
        alone: bool,
        wall: SessionRole | None = None,
        pieces: bool = False,
    ) -> Any:
        """Run the work. Raises Unavailable if the database can't be reached.

        `pieces`: the work takes long between its statements, and runs in slices.
        """
        over, result = await run_in_slices(advance, work, None) if pieces else advance(work, None)
        if over:  # no statement was needed
            return result
        return await self.drive(work, result, alone=alone, wall=wall, pieces=pieces)

    async def fetch(self, ask: BoundStatement, wall: SessionRole | None = None) -> Sequence[Any]:
        """Return the rows of one statement. Raises as `run` does."""
        rows: Sequence[Any] = await self.drive(single_statement(ask), ask, alone=True, wall=wall)
        return rows

    async def drive(
        self,
        work: StatementGenerator,
        ask: BoundStatement,
        *,
        alone: bool,
        wall: SessionRole | None,
        pieces: bool = False,
    ) -> Any:
        """Run the work and close it: only this caller knows when it has stopped."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def told(self, text: str) -> None:
        if self.listener:
            self.listener(text)


def advance(work: StatementGenerator, rows: Any) -> tuple[bool, Any]:
    """Whether the work is over, and its result; or what it asks next."""
    try:
        return False, work.send(rows)
    except StopIteration as done:
        return True, done.value


def single_statement(ask: BoundStatement) -> StatementGenerator:
    """Return a started generator that runs one statement and returns its rows."""
    work = yield_statement(ask)
    next(work)
    return work


def yield_statement(ask: BoundStatement) -> StatementGenerator:
    return (yield ask)
