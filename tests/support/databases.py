"""Real databases for the tests: SQLite files, and PostgreSQL from a server or from a wheel."""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from fasteners import InterProcessLock
from sqlalchemy.engine import make_url

from feeds.importing import (
    DEMONSTRATION,
    PUBLISHED,
    import_folders,
    import_proposals,
    import_region_tree,
)
from feeds.regions import region_tree
from kit.db.engine import open_engine
from resolvers.database.schema_version import migrate
from resolvers.writing.proposal import Proposal
from tests.support.reusable_databases import ReusableDatabase

DIALECTS = ["sqlite", "postgresql"]


class Databases:
    """Copies of templates: a template is made once in a run, a copy costs milliseconds.

    `folder` and `run` belong to a run of the tests: its processes find each other's templates by
    them.
    """

    def __init__(self, folder: Path, postgres_url: str, run: str | None = None) -> None:
        self.folder, self.postgres_url = folder, make_url(postgres_url)
        self.prefix = f"jiangpu_{(run or uuid4().hex)[:12]}"
        self.idle: dict[str, list[ReusableDatabase]] = {}  # by template; of this process
        self.lasting: dict[tuple[str, str, str], str] = {}  # URLs, likewise

    def copy(self, dialect: str, template: str) -> str:
        """Return the URL of a fresh database: `tables`, `places`, `tree`, `examples` or `registry`.

        `places` is the part of the region tree that tests and examples speak of, for all of it is
        read for a second by each test that looks whether anything has changed. `tree` is all of it.
        `examples` adds the records to `places`, `registry` to `tree`. A number of `OLDER` has the
        tables of that version, and not a row in them.
        """
        source = self.template(dialect, template)
        if dialect == "sqlite":
            path = self.folder / f"{uuid4().hex}.db"
            shutil.copyfile(source.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        return self.create(template=make_url(source).database)

    def bare(self, dialect: str) -> str:
        """Return a database without tables."""
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / uuid4().hex}.db"
        return self.create(template=None)

    @contextmanager
    def copied(self, dialect: str, template: str) -> Iterator[str]:
        """Yield the URL of a copy, which is dropped when the block ends."""
        url = self.copy(dialect, template)
        yield url
        self.drop(url)

    def shared(self, dialect: str, template: str, purpose: str = "") -> str:
        """Return the URL of a copy that all tests of a process read; it lasts until the run ends.

        A fixture of a session that depends on the dialect ends each time that the dialect changes.
        """
        key = (dialect, template, purpose)
        if key not in self.lasting:
            self.lasting[key] = self.copy(dialect, template)
        return self.lasting[key]

    @contextmanager
    def lent(self, dialect: str, template: str) -> Iterator[str]:
        """Yield the URL of a copy until the block ends; on PostgreSQL it is restored and reused.

        A file of SQLite is copied faster than it is restored.
        """
        if dialect == "sqlite":
            with self.copied(dialect, template) as url:
                yield url
            return
        idle = self.idle.setdefault(template, [])
        database = idle.pop() if idle else ReusableDatabase.of(self.copy(dialect, template))
        yield database.url
        if database.restore():
            idle.append(database)
        else:
            database.close()
            self.drop(database.url)

    def template(self, dialect: str, name: str) -> str:
        def make() -> str:
            url = self.copy(dialect, BEGINS_AS[name]) if name in BEGINS_AS else self.bare(dialect)
            asyncio.run(fill_template(url, name))
            return url

        return self.kept(dialect, name, make)

    def kept(self, dialect: str, name: str, make: Callable[[], str]) -> str:
        """Return the URL that `make` returned to the first process; the others wait for it."""
        note = self.folder / f"{dialect}-{name}"
        with InterProcessLock(self.folder / f"{note.name}.lock"):
            if not note.exists():
                note.write_text(make(), "utf-8")
        return note.read_text("utf-8")

    def create(self, template: str | None) -> str:
        name = f"{self.prefix}_{uuid4().hex}"
        asyncio.run(
            self.execute(
                f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY file_copy"
            )
        )
        return self.postgres_url.set(database=name).render_as_string(hide_password=False)

    async def execute(self, statement: str) -> list[Any]:
        connection = await asyncpg.connect(
            self.postgres_url.set(drivername="postgresql").render_as_string(hide_password=False)
        )
        rows: list[Any] = await connection.fetch(statement)
        await connection.close()
        return rows

    def drop(self, url: str) -> None:
        if url.startswith("postgresql"):
            self.drop_database(str(make_url(url).database))
        else:
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)

    def drop_database(self, name: str) -> None:
        asyncio.run(self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    def close(self) -> None:
        for idle in self.idle.values():
            while idle:
                idle.pop().close()

    def drop_all(self) -> None:
        """Drop what this run has left on the server: its templates above all."""
        named = f"SELECT datname FROM pg_database WHERE starts_with(datname, '{self.prefix}_')"
        for row in asyncio.run(self.execute(named)):
            self.drop_database(row["datname"])


# Versions of the schema from which tests migrate.
OLDER = ("0008", "0015", "0017", "0020", "0023", "0025")
# Each template begins as a copy of another.
BEGINS_AS = {
    "places": "tables",
    "tree": "tables",
    "examples": "places",
    "registry": "tree",
    **dict(zip(OLDER[1:], OLDER, strict=False)),
}
# What begins so is there, and every province.
PLACES = ("1101", "1201", "23", "37", "4290")


async def fill_template(url: str, template: str) -> None:
    """Add to a template what `template` has beyond the one that it begins as."""
    engine = open_engine(url)
    match template:
        case "tables":
            await migrate(engine)
        case "places":
            proposals, problems = region_tree()
            await import_proposals(
                engine, [*filter(in_example_tree, proposals)], problems, typed_by="migrate"
            )
        case "tree":
            await import_region_tree(engine)
        case "examples" | "registry":
            await import_folders(engine, [PUBLISHED, DEMONSTRATION])
        case version:
            await migrate(engine, version)
    await engine.dispose()


def in_example_tree(proposal: Proposal) -> bool:
    codes = (proposal.values.get(name) for name in ("region_id", "successor_id"))
    return all(map(is_example_region, [str(code) for code in codes if code] or [proposal.key]))


def is_example_region(code: str) -> bool:
    named = not code.isdecimal() or code.endswith("0000") or code.startswith(PLACES)
    return named or code in example_region_codes()


@cache
def example_region_codes() -> set[str]:
    """Return the codes in the example records, and those of the cities that these lie in."""
    files = (path for folder in (PUBLISHED, DEMONSTRATION) for path in folder.glob("*.csv"))
    codes = {code for path in files for code in re.findall(r"\b\d{6}\b", path.read_text("utf-8"))}
    return codes | {f"{code[:4]}00" for code in codes}
