"""`report`: write roll-ups and cohorts as files; list, verify and drop stored reports."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.declaring import chosen_language
from commands.registry_session import run_on_registry, say
from feeds.importing import prepare_registry
from kit.db.engine import read_transaction, write_transaction
from kit.errors import CommandFailed
from kit.i18n import LANGUAGES, Message
from kit.security.private_files import make_private_folder, write_private_file
from models.partner import Scope
from reports.arguments import REPORT_ARGUMENTS
from reports.service import FORMATS, ReportQueryError, produce_report, read_report_request
from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.context import Context, today_in_china
from resolvers.partners.api_key import authenticate_partner
from resolvers.report import delete_reports_before, list_reports, verify_reports
from settings import read_settings


async def report_viewer(engine: AsyncEngine, partner: str | None) -> Viewer:
    if partner is None:
        return OPERATOR
    asker = await authenticate_partner(engine, partner, frozenset(Scope), datetime.now(UTC))
    if asker is None:
        raise CommandFailed(
            f"There is no enabled partner {partner!r}: see `partner list`.",
            f"没有启用的合作方 {partner!r}：见 `partner list`。",
        )
    return asker.viewer


def make_cohort(**options: Any) -> None:
    make_report("cohort", **options)


def make_rollup(**options: Any) -> None:
    make_report("rollup", **options)


def make_report(
    name: str,
    partner: str | None,
    form: str | None,
    language: str,
    version: str | None,
    keep: bool,
    folder: Path,
    **options: str,
) -> None:
    """Write a report's files. `options` are those of REPORT_ARGUMENTS."""
    asked_with = {argument.name: options[argument.name] for argument in REPORT_ARGUMENTS[name]}
    if version:
        asked_with["version"] = version
    if keep:
        asked_with["keep"] = "true"
    settings = read_settings()
    written_in, today = LANGUAGES[language], today_in_china()

    async def work(engine: AsyncEngine) -> list[tuple[Path, bytes, str]]:
        await prepare_registry(engine)
        viewer, made = await report_viewer(engine, partner), []
        for one in [form] if form else FORMATS:
            asked = read_report_request(name, one, asked_with, written_in)
            assert asked is not None
            kept = await produce_report(
                engine,
                asked,
                viewer,
                today,
                lambda: Context.of(engine, viewer, today, language=chosen_language()),
                settings.keep_reports,
            )
            if kept is None:
                raise CommandFailed(
                    "There is no such report: nothing in it that this viewer may see.",
                    "没有这样的报表：其中没有该查询者可见的内容。",
                )
            path = folder / f"{asked.stem}-{kept.version}.{one}"
            made.append((path, kept.content, kept.digest))
        return made

    try:
        files = run_on_registry(settings, work)
    except ReportQueryError as error:
        raise CommandFailed(str(error), str(error)) from error
    make_private_folder(folder)
    for path, content, digest in files:
        write_private_file(path, content)
        print(f"{path} sha256:{digest}")


def list_all() -> None:
    async def work(engine: AsyncEngine) -> Any:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await list_reports(connection)

    for row in run_on_registry(read_settings(), work):
        whose = row.owner_id or "operator"
        file = f"{row.name}.{row.form} {row.version}"
        kept = " kept" if row.kept_at else ""
        print(f"{row.made_at:%Y-%m-%dT%H:%M:%SZ} {file} {whose} {row.digest}{kept}")


def verify() -> None:
    async def work(engine: AsyncEngine) -> tuple[int, list[str]]:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await verify_reports(connection)

    number, wrong = run_on_registry(read_settings(), work)
    if wrong:
        raise CommandFailed(
            f"{len(wrong)} of {number} reports aren't what was stored: {wrong[0]}",
            f"{number} 份报表中有 {len(wrong)} 份已非原样：{wrong[0]}",
        )
    say(Message(f"{number} reports, each as it was stored.", f"{number} 份报表，均为原样。"))


def drop(before: date) -> None:
    async def work(engine: AsyncEngine) -> int:
        await prepare_registry(engine)
        async with write_transaction(engine) as connection:
            return await delete_reports_before(connection, before)

    number = run_on_registry(read_settings(), work)
    say(Message(f"{number} reports dropped.", f"已删除 {number} 份报表。"))
