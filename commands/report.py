"""`report`: write roll-ups and cohorts as files; list, verify and drop stored reports."""

from argparse import ArgumentTypeError, Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry_session import run_on_registry
from feeds.importing import prepare_registry, print_stderr
from kit.db.engine import read_transaction, write_transaction
from kit.errors import CommandFailed
from kit.i18n import Language
from kit.security.private_files import make_private_folder, write_private_file
from models.partner import Scope
from reports.definitions import REPORTS
from reports.service import FORMATS, ReportQueryError, produce_report, read_report_request
from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.context import Context, today_in_china
from resolvers.partners.api_key import authenticate_partner
from resolvers.report import delete_reports_before, list_reports, verify_reports
from settings import read_settings

LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}


def declare(commands: Any) -> None:
    whole = commands.add_parser("report", help="write a roll-up or a cohort as .xlsx and .csv")
    actions = whole.add_subparsers(dest="action", required=True, metavar="REPORT")
    for declared in REPORTS.values():
        one = actions.add_parser(declared.name, help="make it, or take it as it was made")
        for argument in declared.arguments:
            one.add_argument(
                f"--{argument.name}",
                required=argument.required,
                default=argument.least,
                help=argument.description.english,
            )
        one.add_argument("--for", dest="partner", metavar="PARTNER", help="as that partner sees it")
        one.add_argument("--form", choices=FORMATS, help="one of the two; both unless said")
        one.add_argument("--language", choices=LANGUAGES, default="zh")
        one.add_argument("--version", help="as it was made of that data version")
        one.add_argument("--keep", action="store_true", help="for good, until it is dropped")
        one.add_argument("--folder", type=Path, default=Path(), help="where to; here unless said")
        one.set_defaults(run=run_report_make, report=declared.name)
    actions.add_parser("list", help="those that are stored").set_defaults(run=run_report_list)
    verifying = actions.add_parser("verify", help="compare what is stored with its digests")
    verifying.set_defaults(run=run_report_verify)
    dropping = actions.add_parser("drop", help="delete those that were made before a day")
    dropping.add_argument("--before", type=day_argument, required=True, metavar="YYYY-MM-DD")
    dropping.set_defaults(run=run_report_drop)


def day_argument(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-01-31.") from error


async def report_viewer(engine: AsyncEngine, partner: str | None) -> Viewer:
    if partner is None:
        return OPERATOR
    found = await authenticate_partner(engine, partner, frozenset(Scope), datetime.now(UTC))
    if found is None:
        raise CommandFailed(f"There is no enabled partner {partner!r}: see `partner list`.")
    return found.viewer


def run_report_make(given: Namespace) -> None:
    words = vars(given)
    names = [one.name for one in REPORTS[given.report].arguments]
    asked_with = {name: words[name] for name in names}
    if given.version:
        asked_with["version"] = given.version
    if given.keep:
        asked_with["keep"] = "true"
    settings = read_settings()
    language, today = LANGUAGES[given.language], today_in_china()

    async def work(engine: AsyncEngine) -> list[tuple[Path, bytes, str]]:
        await prepare_registry(engine)
        viewer, made = await report_viewer(engine, given.partner), []
        for form in [given.form] if given.form else FORMATS:
            asked = read_report_request(given.report, form, asked_with, language)
            assert asked is not None
            kept = await produce_report(
                engine,
                asked,
                viewer,
                today,
                lambda: Context.of(engine, viewer, today, language=Language.ENGLISH),
                settings.keep_reports,
            )
            if kept is None:
                raise CommandFailed(
                    "There is no such report: nothing in it that this viewer may see."
                )
            path = given.folder / f"{asked.stem}-{kept.version}.{form}"
            made.append((path, kept.content, kept.digest))
        return made

    try:
        files = run_on_registry(settings, work)
    except ReportQueryError as error:
        raise CommandFailed(str(error)) from error
    make_private_folder(given.folder)
    for path, content, digest in files:
        write_private_file(path, content)
        print(f"{path} sha256:{digest}")


def run_report_list(given: Namespace) -> None:
    async def work(engine: AsyncEngine) -> Any:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await list_reports(connection)

    for row in run_on_registry(read_settings(), work):
        whose = row.owner_id or "operator"
        file = f"{row.name}.{row.form} {row.version}"
        kept = " kept" if row.kept_at else ""
        print(f"{row.made_at:%Y-%m-%dT%H:%M:%SZ} {file} {whose} {row.digest}{kept}")


def run_report_verify(given: Namespace) -> None:
    async def work(engine: AsyncEngine) -> tuple[int, list[str]]:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await verify_reports(connection)

    number, wrong = run_on_registry(read_settings(), work)
    if wrong:
        raise CommandFailed(f"{len(wrong)} of {number} reports aren't what was stored: {wrong[0]}")
    print_stderr(f"{number} reports, each as it was stored.")


def run_report_drop(given: Namespace) -> None:
    async def work(engine: AsyncEngine) -> int:
        await prepare_registry(engine)
        async with write_transaction(engine) as connection:
            return await delete_reports_before(connection, given.before)

    print_stderr(f"{run_on_registry(read_settings(), work)} reports dropped.")
