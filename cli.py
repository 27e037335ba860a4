"""The command line of the registry: `python cli.py --help`."""

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import commands.access_log
import commands.key
import commands.partner
import commands.personal
import commands.report
import commands.token
import commands.verify
from commands.registry_session import declare_exclusion_options, exclusion_options, run_on_registry
from engine.sql.predicate import ViewerContext
from feeds.backup import restore_backup, write_backup
from feeds.bulk_fill import fill_registry
from feeds.export import export_registry
from feeds.importing import (
    DEMONSTRATION,
    EXAMPLES,
    MAX_PROBLEMS_SHOWN,
    PUBLISHED,
    ensure_embedded,
    format_counts,
    import_folder,
    migrate_registry,
    more_message,
    print_review,
    print_stderr,
)
from feeds.problem_messages_zh import problem_text
from kit.db.engine import open_engine
from kit.errors import ClientError, CommandFailed, ImportRejected
from kit.i18n import Language, Message
from kit.runtime.progress import ProgressBar
from resolvers.core.access import OPERATOR
from resolvers.core.context import today_in_china
from resolvers.database.schema_version import create_revision, migrate
from resolvers.personal.load_exclusions import ExclusionOptions
from resolvers.writing.review import LoadReview
from settings import EMBEDDED_DATABASE, InvalidSetting, Settings, read_settings, system_language

NOTHING_CHANGED = Message("Nothing to change: all of it is on record.", "没有变化：全部已登记。")
DRY_RUN = Message("A dry run: nothing was written.", "试运行：未写入任何记录。")
LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}
MAX_PROBLEM_LENGTH = 2000  # characters of one problem; the longest ones list all file names


def chosen_language(arguments: argparse.Namespace) -> Language:
    """Return the language of an import's messages: as requested, or as the system's locale."""
    chosen = getattr(arguments, "said_in", None)
    return LANGUAGES[chosen or system_language()]


def run_and_print(
    settings: Settings, work: Callable[[AsyncEngine], Awaitable[Counter[str]]]
) -> None:
    print_written(run_on_registry(settings, work))


def print_written(written: Counter[str], language: Language = Language.ENGLISH) -> None:
    kinds = format_counts(written)
    sentence = Message(f"Written: {kinds}.", f"已写入：{kinds}。") if kinds else NOTHING_CHANGED
    print_stderr(sentence.said(language))


def rejection_text(error: ImportRejected, language: Language) -> str:
    lines = [
        f"  {problem_text(problem, language)[:MAX_PROBLEM_LENGTH]}"
        for problem in error.problems[:MAX_PROBLEMS_SHOWN]
    ]
    if error.number > MAX_PROBLEMS_SHOWN:
        lines.append(f"  {more_message(error.number - MAX_PROBLEMS_SHOWN).said(language)}")
    return "\n".join([error.sentence.said(language), *lines])


def run_command(arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "serve":
            import server

            server.serve(read_settings())
        case "schema":
            from execution import schema

            print(schema.as_str())
        case "generate" if arguments.workers is not None:
            run_generate(read_settings(), arguments.workers, arguments.seed)
        case "generate":
            from generator.demonstration import generate

            generate(DEMONSTRATION)
        case "revision":
            asyncio.run(run_revision(arguments.message))
        case "embed":
            run_embed(published=arguments.published)
        case "migrate":
            run_and_print(read_settings(), migrate_registry)
        case "load":
            known = exclusion_options(read_settings(), arguments)
            run_load(read_settings(), arguments, known)
        case "explain":
            print(explain_query(read_settings(), arguments.file, arguments.variables))
        case "backup":
            run_and_print(read_settings(), lambda engine: write_backup(engine, arguments.file))
        case "restore":
            run_restore(read_settings(), arguments.file)
        case "export":
            run_and_print(read_settings(), lambda engine: export_registry(engine, arguments.folder))
        case _:
            arguments.run(arguments)


def run_embed(*, published: bool) -> None:
    """Create the embedded registry. Raises CommandFailed if it exists, as it may have new data."""
    if EMBEDDED_DATABASE.exists():
        raise CommandFailed(
            f"{EMBEDDED_DATABASE} is there already: move it away first, if it is to be made anew."
        )
    ensure_embedded(EMBEDDED_DATABASE, [PUBLISHED] if published else EXAMPLES)


def run_load(settings: Settings, arguments: argparse.Namespace, known: ExclusionOptions) -> None:
    """Import a folder, or print what would change without writing (`--dry-run`)."""
    language = chosen_language(arguments)
    review = LoadReview(arguments.new_only, frozenset(arguments.renamed))

    async def work(engine: AsyncEngine) -> Counter[str]:
        return await import_folder(
            engine, arguments.folder, known, review, arguments.dry_run, language
        )

    try:
        written = run_on_registry(settings, work)
    except ImportRejected:
        if arguments.dry_run:
            print_review(review, language)
        raise
    if arguments.dry_run or review.changes or (review.new and review.same):
        print_review(review, language)
    if arguments.dry_run:
        print_stderr(DRY_RUN.said(language))
    else:
        print_written(written, language)


def run_restore(settings: Settings, file: Path) -> None:
    if settings.embedded:
        raise InvalidSetting(
            "DATABASE_URL: names no database; it takes an empty one to restore to."
        )
    run_and_print(settings, lambda engine: restore_backup(engine, file))


def run_generate(settings: Settings, workers: int, seed: int | None) -> None:
    """Fill an empty database with a fictional population. The embedded registry isn't supported."""
    from generator.population import AFTERWARDS, SEED, population, rows_of

    if settings.embedded:
        raise InvalidSetting("DATABASE_URL: names no database; it takes an empty one to be filled.")
    progress = ProgressBar(rows_of(workers), AFTERWARDS)
    rows = population(workers, SEED if seed is None else seed)

    async def work(engine: AsyncEngine) -> Counter[str]:
        try:
            return await fill_registry(engine, rows, "generate", progress)
        finally:
            progress.end()

    print_stderr(f"Drawing {workers:,} people, and where they are.")
    run_and_print(settings, work)


def explain_query(settings: Settings, file: Path, variables: str | None) -> str:
    """Return a query's plan, with `variables`, or else those in the file's comment."""
    from execution import schema

    query = file.read_text("utf-8")
    named = re.search(r"^#.*Variables[^{]*([{].*?[}])", query, re.MULTILINE)
    try:
        given = json.loads(variables if variables is not None else named[1] if named else "{}")
    except json.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise CommandFailed('VARIABLES is a JSON object, such as {"code": "370000"}.')
    dialect = make_url(settings.url).get_backend_name()
    return schema.planned.explain(query, given, ViewerContext(OPERATOR, today_in_china()), dialect)


async def run_revision(message: str) -> None:
    """Write a migration: the models, compared with an empty database of the newest version."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        await migrate(engine)
        await create_revision(engine, message)
        await engine.dispose()


def positive_integer(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on.")
    return int(text)


def build_parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="cli.py", description="匠谱, the talent registry.")
    words = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    words.add_parser("serve", help="answer on HOST and PORT; 'make run' does the same")
    embedding = words.add_parser(
        "embed", help=f"make {EMBEDDED_DATABASE}; 'make run' does it by itself"
    )
    embedding.add_argument(
        "--published", action="store_true", help="with the published records, none invented"
    )
    words.add_parser("migrate", help="bring the database's tables and region tree up to date")
    loading = words.add_parser("load", help="load a folder of CSV files, all of it or nothing")
    loading.add_argument("folder", type=Path, metavar="FOLDER")
    loading.add_argument(
        "--language",
        dest="said_in",
        choices=LANGUAGES,
        help="of what is said; unless asked, that of the machine's messages",
    )
    loading.add_argument(
        "--dry-run",
        action="store_true",
        help="tell what is new, what changes and what is the same; write nothing",
    )
    loading.add_argument(
        "--new-only",
        action="store_true",
        help="refuse rows whose code or key is on record already",
    )
    loading.add_argument(
        "--rename",
        dest="renamed",
        action="append",
        default=[],
        metavar="CODE",
        help="the name of this worker is to be corrected: it is no other person",
    )
    declare_exclusion_options(loading)
    exporting = words.add_parser("export", help="write all records to a new folder of CSV files")
    exporting.add_argument("folder", type=Path, metavar="FOLDER")
    saving = words.add_parser("backup", help="write the whole registry, as it is, to one file")
    saving.add_argument("file", type=Path, metavar="FILE")
    restoring = words.add_parser("restore", help="fill an empty database from such a file")
    restoring.add_argument("file", type=Path, metavar="FILE")
    revising = words.add_parser("revision", help="write a migration from the models, to be read")
    revising.add_argument("message", metavar="MESSAGE")
    words.add_parser("schema", help="print the SDL")
    explaining = words.add_parser("explain", help="print the plan of a query, and its statements")
    explaining.add_argument("file", type=Path, metavar="FILE")
    explaining.add_argument("--variables", metavar="JSON", help="instead of those in its comment")
    generating = words.add_parser(
        "generate", help="make examples/demonstration anew, or fill an empty registry"
    )
    generating.add_argument(
        "--workers", type=positive_integer, metavar="N", help="fill it with a fictional population"
    )
    generating.add_argument("--seed", type=int, metavar="S", help="another population of that size")
    subjects = (
        commands.partner, commands.key, commands.token, commands.personal, commands.access_log,
        commands.report, commands.verify,
    )  # fmt: skip
    for subject in subjects:
        subject.declare(words)
    return whole


def main(words: list[str] | None = None) -> int:
    """Run a command. Return 0, or 1 after a message that says what to do."""
    arguments = build_parser().parse_args(words)
    try:
        run_command(arguments)
    except ImportRejected as error:
        print_stderr(rejection_text(error, chosen_language(arguments)))
    except (ClientError, InvalidSetting) as error:
        print_stderr(str(error))
    except (DBAPIError, OSError) as error:
        print_stderr(
            f"The database can't be reached, or refused the work: {getattr(error, 'orig', error)}"
        )
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
