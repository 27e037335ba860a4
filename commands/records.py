"""Commands on the whole registry: their work."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from commands.declaring import chosen_language
from commands.registry_session import exclusion_options, run_on_registry, say
from engine.sql.predicate import ViewerContext
from feeds.backup import restore_backup, write_backup
from feeds.bulk_fill import fill_registry
from feeds.export import export_registry
from feeds.importing import (
    EXAMPLES,
    PUBLISHED,
    ensure_embedded,
    format_counts,
    import_folder,
    migrate_registry,
    print_review,
)
from kit.db.engine import open_engine
from kit.errors import CommandFailed, ImportRejected
from kit.i18n import Message
from kit.runtime.progress import ProgressBar
from resolvers.core.access import OPERATOR
from resolvers.core.context import today_in_china
from resolvers.database.schema_version import create_revision
from resolvers.writing.review import LoadReview
from settings import EMBEDDED_DATABASE, InvalidSetting, Settings, read_settings

NOTHING_CHANGED = Message("Nothing to change: all of it is on record.", "没有变化：全部已登记。")
DRY_RUN = Message("A dry run: nothing was written.", "试运行：未写入任何记录。")


def run_and_print(work: Callable[[AsyncEngine], Awaitable[Counter[str]]]) -> None:
    print_written(run_on_registry(read_settings(), work))


def print_written(written: Counter[str]) -> None:
    kinds = format_counts(written)
    say(Message(f"Written: {kinds}.", f"已写入：{kinds}。") if kinds else NOTHING_CHANGED)


def serve() -> None:
    import server

    server.serve(read_settings())


def embed(published: bool) -> None:
    """Create the embedded registry. Raises CommandFailed if it exists, as it may have new data."""
    if EMBEDDED_DATABASE.exists():
        raise CommandFailed(
            f"{EMBEDDED_DATABASE} exists already: move it away first to make a new one.",
            f"{EMBEDDED_DATABASE} 已存在：如需重新生成，请先将其移走。",
        )
    ensure_embedded(EMBEDDED_DATABASE, [PUBLISHED] if published else EXAMPLES)


def migrate() -> None:
    run_and_print(migrate_registry)


def load(
    folder: Path,
    dry_run: bool,
    new_only: bool,
    renamed: Sequence[str],
    brought_back: Sequence[str],
    without_marks: bool,
) -> None:
    """Import a folder, or print what would change without writing (`--dry-run`)."""
    language, settings = chosen_language(), read_settings()
    known = exclusion_options(settings, brought_back, without_marks)
    review = LoadReview(new_only, frozenset(renamed))

    async def work(engine: AsyncEngine) -> Counter[str]:
        return await import_folder(engine, folder, known, review, dry_run, language)

    try:
        written = run_on_registry(settings, work)
    except ImportRejected:
        if dry_run:
            print_review(review, language)
        raise
    if dry_run or review.changes or (review.new and review.same):
        print_review(review, language)
    if dry_run:
        say(DRY_RUN)
    else:
        print_written(written)


def export(folder: Path) -> None:
    run_and_print(lambda engine: export_registry(engine, folder))


def backup(file: Path) -> None:
    run_and_print(lambda engine: write_backup(engine, file))


def restore(file: Path) -> None:
    require_own_database(Message("it takes an empty one to restore to.", "恢复须有一个空数据库。"))
    run_and_print(lambda engine: restore_backup(engine, file))


def require_own_database(reason: Message) -> Settings:
    """Return the settings. Raises InvalidSetting if they name no database."""
    settings = read_settings()
    if settings.embedded:
        raise InvalidSetting(
            f"DATABASE_URL: names no database; {reason.english}",
            f"DATABASE_URL：未指明数据库；{reason.chinese}",
        )
    return settings


def generate(workers: int, seed: int | None) -> None:
    """Fill an empty database with a fictional population. The embedded registry isn't supported."""
    from generator.population import SEED, population, rows_of

    require_own_database(Message("it takes an empty one to be filled.", "填充须有一个空数据库。"))
    progress = ProgressBar(rows_of(workers))
    rows = population(workers, SEED if seed is None else seed)

    async def work(engine: AsyncEngine) -> Counter[str]:
        try:
            return await fill_registry(engine, rows, "generate", progress)
        finally:
            progress.end()

    say(
        Message(
            f"Drawing {workers:,} people, and where they are.", f"生成 {workers:,} 名人员及其所在。"
        )
    )
    run_and_print(work)


def schema() -> None:
    from execution import schema as published

    print(published.as_str())


def explain(file: Path, variables: str | None) -> None:
    """Print a query's plan, with `variables`, or else those in the file's comment."""
    from execution import schema as published

    query = file.read_text("utf-8")
    commented = re.search(r"^#.*Variables[^{]*([{].*?[}])", query, re.MULTILINE)
    try:
        values = json.loads(variables or (commented[1] if commented else "{}"))
    except json.JSONDecodeError:
        values = None
    if not isinstance(values, dict):
        raise CommandFailed(
            'VARIABLES is a JSON object, such as {"code": "370000"}.',
            'VARIABLES 须为 JSON 对象，如 {"code": "370000"}。',
        )
    dialect = make_url(read_settings().url).get_backend_name()
    viewer = ViewerContext(OPERATOR, today_in_china())
    print(published.planned.explain(query, values, viewer, dialect))


def revision(message: str) -> None:
    asyncio.run(write_revision(message))


async def write_revision(message: str) -> None:
    """Write a migration: the models, compared with an empty database of the newest version."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        await create_revision(engine, message)
        await engine.dispose()
