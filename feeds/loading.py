"""Whole imports: the region tree, a folder of files, the examples of the embedded registry."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.folder import read_folder
from feeds.regions import region_tree
from kit.database import open_engine, writing
from kit.errors import Problem
from kit.private import make_private
from resolvers.leaving_out import NOBODY_KNOWN, KnownAgain, leave_out
from resolvers.proposal import Problems, Proposal
from resolvers.schema_version import migrate, require_current
from resolvers.writing import Progress, enter, typed_by_others

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "examples" / "published"
DEMONSTRATION = ROOT / "examples" / "demonstration"
EXAMPLES = (PUBLISHED, DEMONSTRATION)
SHOWN = 50  # lines: a file that is wrong throughout is wrong in one way


def say(line: str) -> None:
    """To whoever watches the command; standard output stays free for results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def terminal() -> TextIO | None:
    """Where somebody sits: what is said to a file or a pipe becomes part of a log."""
    return next((one for one in (sys.stderr, sys.stdout) if one.isatty()), None)


def at_a_terminal() -> bool:
    return terminal() is not None


def tell_terminal(lines: Iterable[str]) -> None:
    if (told := terminal()) is not None:
        told.writelines(f"{line}\n" for line in lines)
        told.flush()


def progress() -> Progress:
    """Says a line for each kind, with the seconds since it was made."""
    started = time.perf_counter()

    def line(kind: str, rows: int) -> None:
        say(f"  {kind:<20}{rows:>8} rows  {time.perf_counter() - started:6.1f} s")

    return line


async def write(
    engine: AsyncEngine, proposals: list[Proposal], problems: Problems, typed_by: str
) -> Counter[str]:
    """One transaction: raises Refused, and writes nothing, unless all is right."""
    async with writing(engine) as connection:
        return await enter(connection, proposals, typed_by, problems, progress())


async def plant(engine: AsyncEngine) -> Counter[str]:
    """The region tree, as this version of the service knows it; what others corrected stays."""
    proposals, problems = region_tree()
    async with engine.connect() as connection:
        corrected = await typed_by_others(connection, {one.model for one in proposals}, "migrate")
    ours = [one for one in proposals if (one.model, one.key) not in corrected]
    return await write(engine, ours, problems, typed_by="migrate")


async def bring_up_to_date(engine: AsyncEngine) -> Counter[str]:
    """Tables and region tree; what is up to date is left alone."""
    await migrate(engine)
    return await plant(engine)


async def load(
    engine: AsyncEngine,
    folders: list[Path],
    known: KnownAgain = NOBODY_KNOWN,
    problems: Problems | None = None,
) -> Counter[str]:
    """All folders in one transaction. What would bring back an erased person is left out."""
    proposals: list[Proposal] = []
    problems = problems or Problems()
    for folder in folders:
        proposals += read_folder(folder, problems)
    async with writing(engine) as connection:
        kept, left_out = await leave_out(connection, proposals, known)
        written = await enter(connection, kept, "load", problems, progress())
    say_left_out(left_out)
    return written


async def load_into_current(
    engine: AsyncEngine, folder: Path, known: KnownAgain = NOBODY_KNOWN
) -> Counter[str]:
    await require_current(engine)
    problems = Problems()
    written = await load(engine, [folder], known, problems)
    say_unowned(problems)
    return written


def say_left_out(left_out: Sequence[Problem]) -> None:
    if left_out:
        say("Left out, as somebody was erased:")
    for problem in left_out[:SHOWN]:
        say(f"  {problem}")
    if len(left_out) > SHOWN:
        say(f"  … and {len(left_out) - SHOWN} more.")


def say_unowned(problems: Problems) -> None:
    if problems.unowned:
        rows = ", ".join(f"{number} {kind}" for kind, number in sorted(problems.unowned.items()))
        say(f"Without an owner and not public, so that the steward alone sees them: {rows}.")
    for code, number in sorted(problems.unseen.items()):
        say(f"{code} does not see {number} people on record without an owner whom its facts name.")
    if problems.unowned or problems.unseen:
        say("The column owner says whose they are; '-' that they are the registry's own.")


async def prepare(engine: AsyncEngine) -> None:
    """Before the service answers: SQLite brings itself up to date, PostgreSQL must be.

    Raises Unavailable.
    """
    if engine.dialect.name != "sqlite":
        await require_current(engine)
    elif await migrate(engine):
        await plant(engine)


async def make_embedded(path: Path, folders: Sequence[Path] = EXAMPLES) -> None:
    """The embedded registry with its examples: whole under its name, or not there at all."""
    unfinished = path.with_suffix(".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)
    which = "example" if DEMONSTRATION in folders else "published"
    say(f"Making {path}: the region tree, then the {which} records.")
    engine = open_engine(f"sqlite:///{unfinished}")
    try:
        await bring_up_to_date(engine)
        await load(engine, [*folders])
    finally:
        await engine.dispose()
    unfinished.replace(path)


def embed(path: Path, folders: Sequence[Path] = EXAMPLES) -> None:
    """Make the embedded registry where it isn't there yet; nobody else may read it.

    One that an older version made gets its rights here.
    """
    if not path.exists():
        asyncio.run(make_embedded(path, folders))
    for file in (path, *path.parent.glob(f"{path.name}-*")):
        make_private(file)
