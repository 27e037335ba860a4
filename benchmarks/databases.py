"""The registries that are measured: generated where they are missing, and kept."""

import os
import subprocess
import sys
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from benchmarks.servers import PEERS, ROOT
from kit.db.engine import open_engine
from resolvers.core.context import today_in_china
from resolvers.writing.derived_columns import refresh_for_day

ADMINISTRATION = "postgresql://postgres@127.0.0.1/postgres"
SIZES = [10_000, 100_000, 1_000_000]
SQLITE = ROOT / "var" / "bench_10000.db"


def url_of(workers: int) -> str:
    """On the server of BENCH_POSTGRES_URL."""
    given = make_url(os.environ.get("BENCH_POSTGRES_URL", ADMINISTRATION))
    return given.set(database=f"jiangpu_bench_{workers}").render_as_string(hide_password=False)


async def make(workers: int) -> str:
    url = url_of(workers)
    name = make_url(url).database
    server = await asyncpg.connect(os.environ.get("BENCH_POSTGRES_URL", ADMINISTRATION))
    try:
        if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await server.execute(f'CREATE DATABASE "{name}"')
    finally:
        await server.close()
    command(url, "migrate")
    connection = await asyncpg.connect(url)
    try:
        there = await connection.fetchval("SELECT count(*) FROM worker")
    finally:
        await connection.close()
    if not there:
        command(url, "generate", "--workers", str(workers))
    elif there != workers:
        raise SystemExit(f"{name} holds {there:,} workers, not {workers:,}: drop it, or rename it.")
    return url


def make_sqlite(path: Path = SQLITE) -> str:
    """Under another name until it is whole."""
    url = f"sqlite:///{path}"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        for leftover in path.parent.glob(f"{unfinished.name}*"):
            leftover.unlink()
        command(f"sqlite:///{unfinished}", "migrate")
        command(f"sqlite:///{unfinished}", "generate", "--workers", str(SIZES[0]))
        unfinished.rename(path)
    command(url, "migrate")
    return url


def command(url: str, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "cli.py", *words], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}
    )
    if done.returncode:
        raise SystemExit(f"cli.py {' '.join(words)} failed on {make_url(url).database}.")


async def begin_day(url: str) -> None:
    """Beforehand, for the first service of a day works out what follows from the day."""
    engine = open_engine(url)
    await refresh_for_day(engine, today_in_china())
    await engine.dispose()


async def add_functions(url: str) -> None:
    """Add the functions that the peer calls, in a schema of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((PEERS / "functions.sql").read_text("utf-8"))
    finally:
        await connection.close()
