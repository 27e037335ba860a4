"""The production of reports: queried as the viewer, laid out, and stored once."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.errors import BadInput, quote_input
from kit.i18n import Language, Message
from reports.arguments import ReportArgument
from reports.definitions import REPORTS, ReportDefinition
from reports.formats import CSV, XLSX, write_workbook
from reports.workbook import ReportSheet, ReportWorkbook
from resolvers.core.access import Viewer
from resolvers.core.context import CHINA_TIME_ZONE, Context
from resolvers.report import (
    MAX_VERSIONS,
    ReportKey,
    StoredReport,
    current_second,
    find_report,
    find_same_report,
    parse_version,
    pin_report,
    report_version,
    require_report_access,
    store_report,
)

T = TypeVar("T")

EXTRA_ARGUMENTS = ("version", "keep")  # arguments of every report
MAX_ARGUMENT_LENGTH = 200  # characters
FORMATS = (XLSX, CSV)
VIEWER_SELECTION = "viewer { organisation { name code } } registry { demonstration }"
DEMONSTRATION_NOTICE = Message(
    "Some records of this registry were invented for demonstration.",
    "本登记库含有为演示而虚构的记录。",
)


class ReportQueryError(Exception):
    """The errors of a report's query."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class ReportRequest:
    declared: ReportDefinition
    form: str
    language: Language
    variables: dict[str, Any]
    version: str | None = None
    keep: bool = False  # stored until the steward deletes it

    @property
    def wanted(self) -> ReportKey:
        whole = {"language": self.language.value, **self.variables}
        question = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        return ReportKey(self.declared.name, self.form, question)

    @property
    def stem(self) -> str:
        """The file name without version and suffix, in ASCII letters, digits and hyphens."""
        told = [
            argument_text(value) for value in self.variables.values() if value not in (None, [])
        ]
        plain = "-".join([self.declared.name, *told])
        return "".join(one if one.isalnum() and one.isascii() else "-" for one in plain)


def read_report_request(
    name: str, form: str, given: Mapping[str, str], language: Language
) -> ReportRequest | None:
    """Return the request, or None for an unknown report or format. Raises BadInput."""
    declared = REPORTS.get(name)
    if declared is None or form not in FORMATS:
        return None
    known = {one.name: one for one in declared.arguments}
    for word in given:
        if word not in EXTRA_ARGUMENTS and word not in known:
            names = ", ".join([*known, *EXTRA_ARGUMENTS])
            raise BadInput(
                f"There is no argument {quote_input(word)}: this report takes {names}.",
                f"没有参数 {quote_input(word)}：此报表的参数为 {names}。",
            )
    variables = {
        one.name: read_report_argument(one, given.get(one.name, one.least))
        for one in known.values()
    }
    version = parse_version(given["version"]) if "version" in given else None
    keep = given.get("keep", "false")
    if keep not in ("true", "false"):
        raise BadInput(
            f"`keep` must be true or false, not {quote_input(keep)}.",
            f"`keep` 应为 true 或 false，收到的是 {quote_input(keep)}。",
        )
    return ReportRequest(declared, form, language, variables, version, keep == "true")


def read_report_argument(argument: ReportArgument, text: str | None) -> Any:
    if text is None:
        raise BadInput(f"`{argument.name}` is missing.", f"缺少参数 `{argument.name}`。")
    if len(text) > MAX_ARGUMENT_LENGTH:
        raise BadInput(
            f"`{argument.name}` can have at most {MAX_ARGUMENT_LENGTH} characters.",
            f"`{argument.name}` 最多 {MAX_ARGUMENT_LENGTH} 个字符。",
        )
    if argument.listed:
        return sorted({one.strip() for one in text.split(",")} - {""})
    if argument.type != "Int!":
        return text
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadInput(
            f"`{argument.name}` must be a whole number, not {quote_input(text)}.",
            f"`{argument.name}` 应为整数，收到的是 {quote_input(text)}。",
        )
    return int(text)


async def produce_report(
    engine: AsyncEngine,
    asked: ReportRequest,
    viewer: Viewer,
    today: date,
    opened: Callable[[], Context],
    versions: int = MAX_VERSIONS,
) -> StoredReport | None:
    """Return the viewer's report, stored or new; None if it doesn't exist.

    The current version depends on the response, so the query always runs, unless a stored version
    is requested. A stored report with the same version is returned again. Raises Unauthenticated,
    Forbidden, LimitExceeded, ReportQueryError or Unavailable.
    """
    require_report_access(viewer)
    kept = await current_report(engine, asked, viewer, today, opened, versions)
    if kept is not None and asked.keep and not kept.is_kept:
        return await run_to_end(pin_report(engine, asked.wanted, viewer, kept.version))
    return kept


async def current_report(
    engine: AsyncEngine,
    asked: ReportRequest,
    viewer: Viewer,
    today: date,
    opened: Callable[[], Context],
    versions: int,
) -> StoredReport | None:
    if asked.version and (
        kept := await run_to_end(find_report(engine, asked.wanted, viewer, asked.version))
    ):
        return kept
    answer = await query_report(asked, opened())
    version = report_version(answer, today)
    if answer[asked.declared.field] is None or asked.version not in (None, version):
        return None
    if kept := await run_to_end(find_same_report(engine, asked.wanted, viewer, version)):
        return kept
    made_at = current_second()
    content = write_workbook(build_workbook(asked, answer, viewer, version, made_at), asked.form)
    stored = store_report(engine, asked.wanted, viewer, version, made_at, content, versions)
    return await run_to_end(stored)


async def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run short work to its end, even if the caller is cancelled.

    A connection is lost if it is cancelled while it opens.
    """
    return await asyncio.shield(asyncio.ensure_future(work))


async def query_report(asked: ReportRequest, context: Context) -> Any:
    declared = asked.declared
    typed = ", ".join(f"${one.name}: {one.type}" for one in declared.arguments)
    query = f"query Report({typed}) {{ {VIEWER_SELECTION} {declared.query} }}"
    async with context:
        result = await schema.ask(query, asked.variables, context)
    if result.errors:
        raise ReportQueryError(result.errors)
    return result.data


def build_workbook(
    asked: ReportRequest, answer: Any, viewer: Viewer, version: str, made_at: Any
) -> ReportWorkbook:
    def say(one: Message) -> str:
        return one.said(asked.language)

    declared, found = asked.declared, answer[asked.declared.field]
    whose = answer["viewer"]["organisation"]
    filters = [
        f"{say(one.description)} = {argument_text(asked.variables[one.name])}"
        for one in declared.arguments
        if asked.variables[one.name] not in (None, [])
    ]
    told = {
        Message("Filter", "条件"): "; ".join(filters),
        Message("Made for", "使用方"): (
            f"{whose['name']} ({whose['code']})" if whose else viewer.name
        ),
        Message("Made at", "生成时间"): made_at.astimezone(CHINA_TIME_ZONE).isoformat(" "),
        Message("Data version", "数据版本"): version,
        Message("Sources", "来源"): "; ".join(map(say, declared.sources(found))),
    }
    invented = answer["registry"]["demonstration"]
    notice = (say(Message("Notice", "提示")), say(DEMONSTRATION_NOTICE)) if invented else None
    sheets = [localized_sheet(one, say) for one in declared.sheets(found)]
    title = say(declared.title(found, asked.variables))
    return ReportWorkbook(title, [(say(name), text) for name, text in told.items()], sheets, notice)


def localized_sheet(sheet: ReportSheet, say: Callable[[Message], str]) -> Any:
    rows = [[say(one) if isinstance(one, Message) else one for one in row] for row in sheet.rows]
    return say(sheet.title), [say(one) for one in sheet.columns], rows


def argument_text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
