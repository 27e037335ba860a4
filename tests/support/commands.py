"""Shared by tests of the command line."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from kit.db.engine import open_engine, write_transaction
from tests.support.graph import row_counts

# `call(url, "load", folder)`: the exit code, and what was said on standard error.
RunCli = Callable[..., tuple[int, list[str]]]


async def table_row_counts(url: str) -> dict[str, int]:
    engine = open_engine(url)
    try:
        return await row_counts(engine)
    finally:
        await engine.dispose()


async def execute_sql(url: str, *statements: str) -> None:
    engine = open_engine(url)
    async with write_transaction(engine) as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def write_files(folder: Path, **files: str | bytes) -> str:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / (name if "." in name else f"{name}.csv")).write_bytes(data)
    return str(folder)
