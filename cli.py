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

import commands.key
import commands.log
import commands.partner
import commands.personal
import commands.report
import commands.token
import commands.verify
from commands.registry import declare_bringing_back, known_again, on_registry
from engine.predicate import Asker
from feeds.backup import backup, restore
from feeds.export import export
from feeds.filling import fill_registry
from feeds.loading import (
    DEMONSTRATION,
    EXAMPLES,
    PUBLISHED,
    SHOWN,
    bring_up_to_date,
    embed,
    load_into_current,
    say,
)
from kit.database import open_engine
from kit.errors import NotDone, Refused, Told
from kit.progress import Progress
from resolvers.access import OPERATOR
from resolvers.context import today_in_china
from resolvers.schema_version import migrate, revise
from settings import EMBEDDED, Settings, WrongSetting, read_settings

WIDTH = 2000  # characters of one problem; longest are the names of all files


def run(settings: Settings, work: Callable[[AsyncEngine], Awaitable[Counter[str]]]) -> None:
    written = on_registry(settings, work)
    kinds = ", ".join(f"{number} {kind}" for kind, number in written.items())
    say(f"Written: {kinds}." if kinds else "Nothing to change: all of it is on record.")


def told(error: Refused) -> str:
    lines = [f"  {str(problem)[:WIDTH]}" for problem in error.problems[:SHOWN]]
    if error.number > SHOWN:
        lines.append(f"  … and {error.number - SHOWN} more.")
    return "\n".join([str(error), *lines])


def command(arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "serve":
            import server

            server.serve(read_settings())
        case "schema":
            from schema import schema

            print(schema.as_str())
        case "generate" if arguments.workers is not None:
            populate(read_settings(), arguments.workers, arguments.seed)
        case "generate":
            from generator.demonstration import generate

            generate(DEMONSTRATION)
        case "revision":
            asyncio.run(revision(arguments.message))
        case "embed":
            embed_anew(published=arguments.published)
        case "migrate":
            run(read_settings(), bring_up_to_date)
        case "load":
            known = known_again(read_settings(), arguments)
            run(read_settings(), lambda engine: load_into_current(engine, arguments.folder, known))
        case "explain":
            print(explain(read_settings(), arguments.file, arguments.variables))
        case "backup":
            run(read_settings(), lambda engine: backup(engine, arguments.file))
        case "restore":
            bring_back(read_settings(), arguments.file)
        case "export":
            run(read_settings(), lambda engine: export(engine, arguments.folder))
        case _:
            arguments.run(arguments)


def embed_anew(*, published: bool) -> None:
    """Raises NotDone where there is one: what was entered there stays."""
    if EMBEDDED.exists():
        raise NotDone(f"{EMBEDDED} is there already: move it away first, if it is to be made anew.")
    embed(EMBEDDED, [PUBLISHED] if published else EXAMPLES)


def bring_back(settings: Settings, file: Path) -> None:
    if settings.embedded:
        raise WrongSetting("DATABASE_URL: names no database; it takes an empty one to restore to.")
    run(settings, lambda engine: restore(engine, file))


def populate(settings: Settings, workers: int, seed: int | None) -> None:
    """A fictional population; the embedded registry, with its examples, is left alone."""
    from generator.population import AFTERWARDS, SEED, population, rows_of

    if settings.embedded:
        raise WrongSetting("DATABASE_URL: names no database; it takes an empty one to be filled.")
    progress = Progress(rows_of(workers), AFTERWARDS)
    rows = population(workers, SEED if seed is None else seed)

    async def work(engine: AsyncEngine) -> Counter[str]:
        try:
            return await fill_registry(engine, rows, "generate", progress)
        finally:
            progress.end()

    say(f"Drawing {workers:,} people, and where they are.")
    run(settings, work)


def explain(settings: Settings, file: Path, variables: str | None) -> str:
    """With the variables that the file's comment names, unless others are given."""
    from schema import schema

    query = file.read_text("utf-8")
    named = re.search(r"^#.*Variables[^{]*([{].*?[}])", query, re.MULTILINE)
    try:
        given = json.loads(variables if variables is not None else named[1] if named else "{}")
    except json.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise NotDone('VARIABLES is a JSON object, such as {"code": "370000"}.')
    dialect = make_url(settings.url).get_backend_name()
    return schema.planned.explain(query, given, Asker(OPERATOR, today_in_china()), dialect)


async def revision(message: str) -> None:
    """On an empty database of the newest version, so that nothing but the models differs."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        await migrate(engine)
        await revise(engine, message)
        await engine.dispose()


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on.")
    return int(text)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="cli.py", description="匠谱, the talent registry.")
    words = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    words.add_parser("serve", help="answer on HOST and PORT; 'make run' does the same")
    embedding = words.add_parser("embed", help=f"make {EMBEDDED}; 'make run' does it by itself")
    embedding.add_argument(
        "--published", action="store_true", help="with the published records, none invented"
    )
    words.add_parser("migrate", help="bring the database's tables and region tree up to date")
    loading = words.add_parser("load", help="load a folder of CSV files, all of it or nothing")
    loading.add_argument("folder", type=Path, metavar="FOLDER")
    declare_bringing_back(loading)
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
        "--workers", type=at_least_one, metavar="N", help="fill it with a fictional population"
    )
    generating.add_argument("--seed", type=int, metavar="S", help="another population of that size")
    subjects = (
        commands.partner, commands.key, commands.token, commands.personal, commands.log,
        commands.report, commands.verify,
    )  # fmt: skip
    for subject in subjects:
        subject.declare(words)
    return whole


def main(words: list[str] | None = None) -> int:
    """0, or 1 after a sentence that says what to do."""
    try:
        command(parser().parse_args(words))
    except Refused as error:
        say(told(error))
    except (Told, WrongSetting) as error:
        say(str(error))
    except (DBAPIError, OSError) as error:
        say(f"The database can't be reached, or refused the work: {getattr(error, 'orig', error)}")
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
