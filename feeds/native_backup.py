"""Copies of a whole database by its own means: VACUUM INTO of SQLite, pg_dump of PostgreSQL."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.engine import read_transaction
from kit.db.pgbouncer import split_pooling
from kit.db.table_dump import restore_table
from kit.errors import CommandFailed
from kit.security.private_files import make_private_file, write_private_file

# Parts of addresses that pg_dump reads as the driver does. With any other, pg_dump isn't used.
LIBPQ_PARAMETERS = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"}
COPY_HEADER = re.compile(rb"COPY [^(]+ \((.+)\) FROM stdin;\n")
COPY_END = b"\n\\.\n"
PIECE_BYTES = 1 << 20
# Whether something is kept from the role: rows by policies, or a table or sequence as a whole.
HIDES_SOMETHING = text(
    "SELECT coalesce(bool_or(CASE c.relkind "
    "WHEN 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT') "
    "ELSE row_security_active(c.oid) OR NOT has_table_privilege(c.oid, 'SELECT') END), false) "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'S')"
)


@contextmanager
def sqlite_errors_wrapped(statement: str) -> Iterator[None]:
    """Raise errors of SQLite as SQLAlchemy does."""
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError(statement, None, error) from error


def copy_sqlite(source: Path, copy: Path) -> None:
    """Write the database as it is at one moment. Others may write meanwhile."""
    with sqlite_errors_wrapped("VACUUM INTO"), closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))


def overwrite_sqlite(source: Path, target: Path) -> None:
    """Make a database what another one is, in one transaction."""
    make_private_file(target)
    with (
        sqlite_errors_wrapped("backup"),
        closing(sqlite3.connect(source)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)


async def pg_dump_usable(engine: AsyncEngine) -> bool:
    """Return whether pg_dump is there, not older than the server, and may read everything."""
    plain, pooled = split_pooling(engine.url)
    if pooled or not {*plain.query} <= LIBPQ_PARAMETERS:
        return False
    version = await pg_dump_version()
    async with read_transaction(engine) as connection:
        server: str = await connection.scalar(text("SHOW server_version_num"))
        hidden: bool = await connection.scalar(HIDES_SOMETHING)
    return version is not None and version >= int(server) // 10_000 and not hidden


async def pg_dump_version() -> int | None:
    """Return the major version of pg_dump; None if there is no such program."""
    program = shutil.which("pg_dump")
    if program is None:
        return None
    try:
        process = await asyncio.create_subprocess_exec(program, "--version", stdout=PIPE)
    except OSError:
        return None
    printed, _ = await process.communicate()
    version = re.search(rb"\(PostgreSQL\) (\d+)", printed)
    return int(version[1]) if version else None


async def dump_postgresql(
    engine: AsyncEngine, copy: Path, tables: Iterable[Table]
) -> dict[str, int]:
    """Write the database in pg_dump's own format; return the number of rows of each table.

    Both are of one snapshot. Raises CommandFailed if pg_dump fails.
    """
    async with read_transaction(engine) as connection:
        schema: str = await connection.scalar(text("SELECT quote_ident(current_schema())"))
        rows = await count_rows(connection, tables)
        snapshot: str = await connection.scalar(text("SELECT pg_export_snapshot()"))
        with libpq_address(engine.url) as address:
            await run_program(
                "pg_dump",
                *("--format=custom", "--no-owner", "--no-privileges", "--no-password"),
                *(f"--schema={schema}", f"--snapshot={snapshot}", f"--file={copy}"),
                f"--dbname={address}",
            )
    return rows


async def count_rows(connection: AsyncConnection, tables: Iterable[Table]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in tables:
        counts[table.name] = await connection.scalar(select(func.count()).select_from(table)) or 0
    return counts


def count_sqlite_rows(file: Path, tables: Iterable[Table]) -> dict[str, int]:
    with sqlite_errors_wrapped("SELECT count(*)"), closing(sqlite3.connect(file)) as connection:
        return {
            table.name: connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608
            for table in tables
        }


@contextmanager
def libpq_address(url: URL) -> Iterator[str]:
    """Yield the address for programs of PostgreSQL: others on this machine see no password."""
    plain = split_pooling(url)[0].set(drivername="postgresql")
    if plain.password is None:
        yield plain.render_as_string()
        return
    with TemporaryDirectory() as folder:
        passwords = Path(folder) / "pgpass"
        escaped = re.sub(r"([\\:])", r"\\\1", str(plain.password))
        write_private_file(passwords, f"*:*:*:*:{escaped}\n".encode())
        named = plain.update_query_dict({"passfile": str(passwords)})
        yield URL.create(
            named.drivername, named.username, None, named.host, named.port, named.database,
            named.query,
        ).render_as_string()  # fmt: skip


async def run_program(name: str, *words: str) -> None:
    """Run a program to its end. Raises CommandFailed with its last words if it fails."""
    process = await asyncio.create_subprocess_exec(find_program(name), *words, stderr=PIPE)
    try:
        _, said = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode:
        raise program_failed(name, said)


def find_program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise CommandFailed(
            f"{name} isn't here, which this backup needs: install PostgreSQL's client programs.",
            f"没有 {name}，而此备份需要它：请安装 PostgreSQL 客户端程序。",
        )
    return program


def program_failed(name: str, said: bytes) -> CommandFailed:
    lines = said.decode(errors="replace").strip().splitlines()
    reason = lines[-1] if lines else "?"
    return CommandFailed(f"{name} failed: {reason}", f"{name} 失败：{reason}")


async def restore_dumped_table(connection: AsyncConnection, table: Table, dump: Path) -> None:
    """Insert the rows of a table from a dump: pg_restore prints them as lines for COPY."""
    process = await asyncio.create_subprocess_exec(
        find_program("pg_restore"),
        *("--data-only", f"--table={table.name}", "--file=-", str(dump)),
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = asyncio.create_task(process.stderr.read())
    try:
        async for line in process.stdout:
            if header := COPY_HEADER.fullmatch(line):
                columns = [name.strip(' "') for name in header[1].decode().split(",")]
                await restore_table(connection, table, copy_pieces(process.stdout), columns)
                await process.stdout.read()
        if await process.wait():
            raise program_failed("pg_restore", await said)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await said


async def copy_pieces(output: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield a table's lines, cut anywhere, up to the line that ends them."""
    pending, start = b"\n", 1  # so that the end is found where there is no row
    while piece := await output.read(PIECE_BYTES):
        pending += piece
        if (end := pending.find(COPY_END)) >= 0:
            yield pending[start : end + 1]
            return
        cut = max(len(pending) - len(COPY_END) + 1, start)
        yield pending[start:cut]
        pending, start = pending[cut - 1 :], 1
    raise program_failed("pg_restore", b"its output ends early")
