"""Imports: the region tree, folders of files, the examples of the embedded registry."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.csv_folder import read_folder
from feeds.problem_messages_zh import problem_text
from feeds.regions import region_tree
from kit.db.engine import open_engine, write_transaction
from kit.errors import Problem
from kit.i18n import Language, Message, system_language
from kit.security.private_files import make_private_file
from resolvers.database.schema_version import migrate, require_current_schema
from resolvers.personal.load_exclusions import NO_EXCLUSION, ExclusionOptions, exclude_erased
from resolvers.writing.proposal import Problems, Proposal
from resolvers.writing.record import rows_typed_by_others
from resolvers.writing.review import LoadReview
from resolvers.writing.write import ProgressCallback, enter_proposals, ignore_progress

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "examples" / "published"
DEMONSTRATION = ROOT / "examples" / "demonstration"
EXAMPLES = (PUBLISHED, DEMONSTRATION)
SKIPPED_NOTICE = Message("Left out, since the person was erased:", "因涉及已删除者而未录入：")
REVIEW_NOTICE = Message(
    "Please check these; they are written as they are:", "以下各项已照原样录入，请核对："
)
MAX_CHANGES_SHOWN = 20  # changed rows of one kind that are printed
MAX_PROBLEMS_SHOWN = 50  # lines; a file with more usually has the same problem in all rows


def print_stderr(line: str) -> None:
    """Print to standard error: standard output is for results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def print_message(message: Message) -> None:
    """Print to standard error, in the language of the locale."""
    print_stderr(message.said(system_language()))


def terminal_stream() -> TextIO | None:
    """Return a stream that is a terminal: files and pipes may be logs."""
    return next((stream for stream in (sys.stderr, sys.stdout) if stream.isatty()), None)


def has_terminal() -> bool:
    return terminal_stream() is not None


def print_to_terminal(lines: Iterable[str]) -> None:
    if (stream := terminal_stream()) is not None:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()


def progress_printer() -> ProgressCallback:
    """Return a callback that prints a line for each kind, with the seconds since this call."""
    started = time.perf_counter()

    def line(kind: str, rows: int) -> None:
        elapsed = time.perf_counter() - started
        print_message(
            Message(
                f"  {kind:<20}{rows:>8} rows  {elapsed:6.1f} s",
                f"  {kind:<20}{rows:>8} 行  {elapsed:6.1f} 秒",
            )
        )

    return line


async def import_proposals(
    engine: AsyncEngine, proposals: list[Proposal], problems: Problems, typed_by: str
) -> Counter[str]:
    """Write all proposals in one transaction. Raises ImportRejected, without writing, on errors."""
    async with write_transaction(engine) as connection:
        return await enter_proposals(connection, proposals, typed_by, problems, progress_printer())


async def import_region_tree(engine: AsyncEngine) -> Counter[str]:
    """Import this version's region tree, except rows that others have corrected."""
    proposals, problems = region_tree()
    async with engine.connect() as connection:
        corrected = await rows_typed_by_others(
            connection, {proposal.model for proposal in proposals}, "migrate"
        )
    ours = [proposal for proposal in proposals if (proposal.model, proposal.key) not in corrected]
    return await import_proposals(engine, ours, problems, typed_by="migrate")


async def migrate_registry(engine: AsyncEngine) -> Counter[str]:
    """Migrate the tables and import the region tree. Returns what was written."""
    await migrate(engine)
    return await import_region_tree(engine)


class DryRunRollback(Exception):
    """The end of a dry run, which rolls its transaction back."""


async def import_folders(
    engine: AsyncEngine,
    folders: list[Path],
    exclusions: ExclusionOptions = NO_EXCLUSION,
    review: LoadReview | None = None,
    dry_run: bool = False,
    language: Language = Language.ENGLISH,
    problems: Problems | None = None,
) -> Counter[str]:
    """Import all folders in one transaction, without rows that would restore an erased person.

    A dry run does the same work and rolls it back, so its problems are those of a real import.
    """
    proposals: list[Proposal] = []
    problems = problems or Problems()
    for folder in folders:
        proposals += read_folder(folder, problems)
    left_out: list[Problem] = []
    written: Counter[str] = Counter()
    try:
        async with write_transaction(engine) as connection:
            accepted, left_out = await exclude_erased(connection, proposals, exclusions)
            heard = ignore_progress if dry_run else progress_printer()
            written = await enter_proposals(connection, accepted, "load", problems, heard, review)
            if dry_run:
                raise DryRunRollback
    except DryRunRollback:
        pass
    print_problems(SKIPPED_NOTICE, left_out, language)
    print_problems(REVIEW_NOTICE, problems.notices, language)
    return written


async def import_folder(
    engine: AsyncEngine,
    folder: Path,
    exclusions: ExclusionOptions = NO_EXCLUSION,
    review: LoadReview | None = None,
    dry_run: bool = False,
    language: Language = Language.ENGLISH,
) -> Counter[str]:
    await require_current_schema(engine)
    problems = Problems()
    written = await import_folders(
        engine, [folder], exclusions, review, dry_run, language, problems
    )
    print_unowned(problems, language)
    return written


def print_review(review: LoadReview, language: Language) -> None:
    """Print what is new, changed and the same."""
    for sentence in review_messages(review):
        print_stderr(sentence.said(language))


def review_messages(review: LoadReview) -> Iterator[Message]:
    if review.new:
        yield Message(f"New: {format_counts(review.new)}.", f"新增：{format_counts(review.new)}。")
    for kind, rows in review.changes.items():
        first, rest = rows[:MAX_CHANGES_SHOWN], len(rows) - MAX_CHANGES_SHOWN
        english = "; ".join(f"{key}: {changes}" for key, changes in first)
        chinese = "；".join(f"{key}：{changes}" for key, changes in first)
        if rest > 0:
            english, chinese = f"{english}; … and {rest} more", f"{chinese}；……另有 {rest} 条"
        number = f"{len(rows)} {kind}"
        yield Message(f"Changes: {number} ({english}).", f"改动：{number}（{chinese}）。")
    if review.same:
        yield Message(
            f"The same: {format_counts(review.same)}.", f"相同：{format_counts(review.same)}。"
        )


def format_counts(rows: Counter[str]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in rows.items())


def print_problems(heading: Message, problems: Sequence[Problem], language: Language) -> None:
    if problems:
        print_stderr(heading.said(language))
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        print_stderr(f"  {problem_text(problem, language)}")
    if len(problems) > MAX_PROBLEMS_SHOWN:
        print_stderr(f"  {more_message(len(problems) - MAX_PROBLEMS_SHOWN).said(language)}")


def more_message(number: int) -> Message:
    return Message(f"… and {number} more.", f"……另有 {number} 项。")


def print_unowned(problems: Problems, language: Language) -> None:
    for sentence in unowned_messages(problems):
        print_stderr(sentence.said(language))


def unowned_messages(problems: Problems) -> Iterator[Message]:
    if problems.unowned:
        rows = ", ".join(f"{number} {kind}" for kind, number in sorted(problems.unowned.items()))
        yield Message(
            f"Without an owner and not public, so that the steward alone sees them: {rows}.",
            f"没有所有者且未公开，因此仅登记管理方可见：{rows}。",
        )
    for code, number in sorted(problems.unseen.items()):
        yield Message(
            f"{code} does not see {number} people on record without an owner whom its facts name.",
            f"{code} 的记录涉及 {number} 名在册而没有所有者的人员，{code} 看不到他们。",
        )
    if problems.unowned or problems.unseen:
        yield Message(
            "Name the owner in the column owner, or '-' for the registry itself.",
            "在 owner 列中注明所有者；“-”表示归登记簿所有。",
        )


async def prepare_registry(engine: AsyncEngine) -> None:
    """Migrate an SQLite registry. Raises Unavailable if a PostgreSQL database isn't current."""
    if engine.dialect.name != "sqlite":
        await require_current_schema(engine)
    elif await migrate(engine):
        await import_region_tree(engine)


async def create_embedded(path: Path, folders: Sequence[Path] = EXAMPLES) -> None:
    """Create the embedded registry with its examples. The file is complete or absent."""
    unfinished = path.with_suffix(".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)
    which, kind = ("example", "示例") if DEMONSTRATION in folders else ("published", "公开")
    print_message(
        Message(
            f"Making {path}: the region tree, then the {which} records.",
            f"正在生成 {path}：行政区划，然后是{kind}记录。",
        )
    )
    engine = open_engine(f"sqlite:///{unfinished}")
    try:
        await migrate_registry(engine)
        await import_folders(engine, [*folders])
    finally:
        await engine.dispose()
    unfinished.replace(path)


def ensure_embedded(path: Path, folders: Sequence[Path] = EXAMPLES) -> None:
    """Create the embedded registry if it doesn't exist, and make its files private.

    An older version may have created them with other permissions.
    """
    if not path.exists():
        asyncio.run(create_embedded(path, folders))
    for file in (path, *path.parent.glob(f"{path.name}-*")):
        make_private_file(file)
