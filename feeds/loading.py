"""Whole imports: the region tree, a folder of files, the examples of the embedded registry."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.chinese import said
from feeds.folder import read_folder
from feeds.regions import region_tree
from kit.database import open_engine, writing
from kit.errors import Problem
from kit.language import Language, Sentence
from kit.private import make_private
from resolvers.leaving_out import NOBODY_KNOWN, KnownAgain, leave_out
from resolvers.proposal import Problems, Proposal
from resolvers.recording import typed_by_others
from resolvers.review import Review
from resolvers.schema_version import migrate, require_current
from resolvers.writing import Progress, enter, unheard

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "examples" / "published"
DEMONSTRATION = ROOT / "examples" / "demonstration"
EXAMPLES = (PUBLISHED, DEMONSTRATION)
LEFT_OUT = Sentence("Left out, as somebody was erased:", "因涉及已删除者而未录入：")
LOOK = Sentence("Look at these; they are written as they are:", "以下各项已照原样录入，请核对：")
CHANGES_SHOWN = 20  # rows of a kind of which it is said what changes
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


class Rehearsed(Exception):
    """Ends the transaction of a load that is only to tell what it would do."""


async def load(
    engine: AsyncEngine,
    folders: list[Path],
    known: KnownAgain = NOBODY_KNOWN,
    review: Review | None = None,
    dry_run: bool = False,
    language: Language = Language.ENGLISH,
    problems: Problems | None = None,
) -> Counter[str]:
    """All folders in one transaction. What would bring back an erased person is left out.

    A dry run does all of it, and undoes it: its problems are those of the load, on this registry.
    """
    proposals: list[Proposal] = []
    problems = problems or Problems()
    for folder in folders:
        proposals += read_folder(folder, problems)
    left_out: list[Problem] = []
    written: Counter[str] = Counter()
    try:
        async with writing(engine) as connection:
            kept, left_out = await leave_out(connection, proposals, known)
            heard = unheard if dry_run else progress()
            written = await enter(connection, kept, "load", problems, heard, review)
            if dry_run:
                raise Rehearsed
    except Rehearsed:
        pass
    say_some(LEFT_OUT, left_out, language)
    say_some(LOOK, problems.notices, language)
    return written


async def load_into_current(
    engine: AsyncEngine,
    folder: Path,
    known: KnownAgain = NOBODY_KNOWN,
    review: Review | None = None,
    dry_run: bool = False,
    language: Language = Language.ENGLISH,
) -> Counter[str]:
    await require_current(engine)
    problems = Problems()
    written = await load(engine, [folder], known, review, dry_run, language, problems)
    say_unowned(problems, language)
    return written


def say_review(review: Review, language: Language) -> None:
    """What is new, what changes and what is the same, where there is more than the first."""
    for sentence in account(review):
        say(sentence.said(language))


def account(review: Review) -> Iterator[Sentence]:
    if review.new:
        yield Sentence(f"New: {counted(review.new)}.", f"新增：{counted(review.new)}。")
    for kind, rows in review.changes.items():
        first, more = rows[:CHANGES_SHOWN], len(rows) - CHANGES_SHOWN
        english = "; ".join(f"{key}: {changes}" for key, changes in first)
        chinese = "；".join(f"{key}：{changes}" for key, changes in first)
        if more > 0:
            english, chinese = f"{english}; … and {more} more", f"{chinese}；……另有 {more} 条"
        number = f"{len(rows)} {kind}"
        yield Sentence(f"Changes: {number} ({english}).", f"改动：{number}（{chinese}）。")
    if review.same:
        yield Sentence(f"The same: {counted(review.same)}.", f"相同：{counted(review.same)}。")


def counted(rows: Counter[str]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in rows.items())


def say_some(
    heading: Sentence, problems: Sequence[Problem], language: Language = Language.ENGLISH
) -> None:
    if problems:
        say(heading.said(language))
    for problem in problems[:SHOWN]:
        say(f"  {said(problem, language)}")
    if len(problems) > SHOWN:
        say(f"  {and_more(len(problems) - SHOWN).said(language)}")


def and_more(number: int) -> Sentence:
    return Sentence(f"… and {number} more.", f"……另有 {number} 项。")


def say_unowned(problems: Problems, language: Language) -> None:
    for sentence in of_unowned(problems):
        say(sentence.said(language))


def of_unowned(problems: Problems) -> Iterator[Sentence]:
    if problems.unowned:
        rows = ", ".join(f"{number} {kind}" for kind, number in sorted(problems.unowned.items()))
        yield Sentence(
            f"Without an owner and not public, so that the steward alone sees them: {rows}.",
            f"没有所有者且未公开，因此仅登记管理方可见：{rows}。",
        )
    for code, number in sorted(problems.unseen.items()):
        yield Sentence(
            f"{code} does not see {number} people on record without an owner whom its facts name.",
            f"{code} 的记录涉及 {number} 名在册而没有所有者的人员，{code} 看不到他们。",
        )
    if problems.unowned or problems.unseen:
        yield Sentence(
            "The column owner says whose they are; '-' that they are the registry's own.",
            "在 owner 列中注明所有者；“-”表示归登记簿所有。",
        )


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
