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
        fields = {"language": self.language.value, **self.variables}
        question = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        return ReportKey(self.declared.name, self.form, question)

    @property
    def stem(self) -> str:
        """The file name without version and suffix, in ASCII letters, digits and hyphens."""
        texts = [
            argument_text(value) for value in self.variables.values() if value not in (None, [])
        ]
        plain = "-".join([self.declared.name, *texts])
        return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in plain)


def read_report_request(
    name: str, form: str, values: Mapping[str, str], language: Language
) -> ReportRequest | None:
    """Return the request, or None for an unknown report or format. Raises BadInput."""
    declared = REPORTS.get(name)
    if declared is None or form not in FORMATS:
        return None
    arguments = {argument.name: argument for argument in declared.arguments}
    for key in values:
        if key not in EXTRA_ARGUMENTS and key not in arguments:
            names = ", ".join([*arguments, *EXTRA_ARGUMENTS])
            raise BadInput(
                f"There is no argument {quote_input(key)}: this report takes {names}.",
                f"没有参数 {quote_input(key)}：此报表的参数为 {names}。",
            )
    variables = {
        argument.name: read_report_argument(argument, values.get(argument.name, argument.least))
        for argument in arguments.values()
    }
    version = parse_version(values["version"]) if "version" in values else None
    keep = values.get("keep", "false")
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
        return sorted({item.strip() for item in text.split(",")} - {""})
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
    request: ReportRequest,
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
    report = await current_report(engine, request, viewer, today, opened, versions)
    if report is not None and request.keep and not report.is_kept:
        return await run_to_end(pin_report(engine, request.wanted, viewer, report.version))
    return report


async def current_report(
    engine: AsyncEngine,
    request: ReportRequest,
    viewer: Viewer,
    today: date,
    opened: Callable[[], Context],
    versions: int,
) -> StoredReport | None:
    if request.version and (
        report := await run_to_end(find_report(engine, request.wanted, viewer, request.version))
    ):
        return report
    answer = await query_report(request, opened())
    version = report_version(answer, today)
    if answer[request.declared.field] is None or request.version not in (None, version):
        return None
    if report := await run_to_end(find_same_report(engine, request.wanted, viewer, version)):
        return report
    made_at = current_second()
    content = write_workbook(
        build_workbook(request, answer, viewer, version, made_at), request.form
    )
    stored = store_report(engine, request.wanted, viewer, version, made_at, content, versions)
    return await run_to_end(stored)


async def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run short work to its end, even if the caller is cancelled.

    A connection is lost if it is cancelled while it opens.
    """
    return await asyncio.shield(asyncio.ensure_future(work))


async def query_report(request: ReportRequest, context: Context) -> Any:
    declared = request.declared
    typed = ", ".join(f"${argument.name}: {argument.type}" for argument in declared.arguments)
    query = f"query Report({typed}) {{ {VIEWER_SELECTION} {declared.query} }}"
    async with context:
        result = await schema.ask(query, request.variables, context)
    if result.errors:
        raise ReportQueryError(result.errors)
    return result.data


def build_workbook(
    request: ReportRequest, answer: Any, viewer: Viewer, version: str, made_at: Any
) -> ReportWorkbook:
    def say(message: Message) -> str:
        return message.said(request.language)

    declared, data = request.declared, answer[request.declared.field]
    whose = answer["viewer"]["organisation"]
    filters = [
        f"{say(argument.description)} = {argument_text(request.variables[argument.name])}"
        for argument in declared.arguments
        if request.variables[argument.name] not in (None, [])
    ]
    details = {
        Message("Filter", "条件"): "; ".join(filters),
        Message("Made for", "使用方"): (
            f"{whose['name']} ({whose['code']})" if whose else viewer.name
        ),
        Message("Made at", "生成时间"): made_at.astimezone(CHINA_TIME_ZONE).isoformat(" "),
        Message("Data version", "数据版本"): version,
        Message("Sources", "来源"): "; ".join(map(say, declared.sources(data))),
    }
    invented = answer["registry"]["demonstration"]
    notice = (say(Message("Notice", "提示")), say(DEMONSTRATION_NOTICE)) if invented else None
    sheets = [localized_sheet(sheet, say) for sheet in declared.sheets(data)]
    title = say(declared.title(data, request.variables))
    return ReportWorkbook(
        title, [(say(name), text) for name, text in details.items()], sheets, notice
    )


def localized_sheet(sheet: ReportSheet, say: Callable[[Message], str]) -> Any:
    rows = [
        [say(cell) if isinstance(cell, Message) else cell for cell in row] for row in sheet.rows
    ]
    return say(sheet.title), [say(column) for column in sheet.columns], rows


def argument_text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
