"""GET and HEAD /reports/NAME.FORM: a report, new for this viewer, or a stored version."""

import asyncio
import time
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from kit.errors import BadInput, ClientError, LimitExceeded, TimeLimitExceeded
from kit.i18n import Language, Message
from kit.request_limits import RequestLimits
from kit.runtime.metering import Meter, run_metered
from kit.security.encryption import EncryptionKeys
from reports.formats import MEDIA_TYPES
from reports.service import ReportQueryError, ReportRequest, produce_report, read_report_request
from resolvers.core.access import PUBLIC, Viewer
from resolvers.core.context import Context, today_in_china
from resolvers.report import StoredReport
from web.authentication import GuardedAuthenticator
from web.content_negotiation import JSON
from web.rate_limit import RateAccount, RateLimiter, client_address
from web.request_body import ClientDisconnected
from web.responses import (
    RESPONSE_HEADERS,
    error_response,
    handle_server_error,
    json_response,
    language_headers,
    request_language,
)
from web.supervisor import RETRY_AFTER, RequestSupervisor, client_error_response

log = structlog.get_logger()

MAX_QUERY_LENGTH = 4000  # characters of the query string
REPORT_NOT_FOUND = Message(
    "The report doesn't exist, or has nothing that you may see.",
    "没有此报表：名称不存在，或其中没有您可查看的内容。",
)
ERROR_STATUSES = {"FORBIDDEN": 403, "UNAVAILABLE": 503, "RATE_LIMITED": 429, "INTERNAL": 500}


@dataclass(frozen=True)
class ReportEndpoint:
    engine: AsyncEngine
    authenticator: GuardedAuthenticator
    supervisor: RequestSupervisor
    rate_limiter: RateLimiter
    limits: RequestLimits
    seals: EncryptionKeys | None
    versions: int  # of one report that are stored without `keep=true`

    async def __call__(self, request: Request) -> Response:
        meter = Meter()
        return await run_metered(self.respond(request, meter), meter)

    async def respond(self, request: Request, meter: Meter) -> Response:
        language, address = request_language(request), client_address(request.scope)
        lines = request.headers.getlist("authorization")
        account = self.rate_limiter.account(PUBLIC, address)
        try:
            viewer = await self.authenticator.viewer(",".join(lines) or None, address)
        except ClientError as error:
            response = client_error_response(error, language, JSON)
        else:
            account = self.rate_limiter.account(viewer, address)
            self.supervisor.set_priority(meter, account)
            response = await self.answer(request, language, viewer, account)
        account.charge(meter.settle())
        response.raw_headers += account.headers
        return response

    async def answer(
        self, request: Request, language: Language, viewer: Viewer, account: RateAccount
    ) -> Response:
        try:
            report_request = self.asked(request)
            if report_request is None:
                return error_response(404, "NOT_FOUND", REPORT_NOT_FOUND, language)
            work = self.made(report_request, viewer, account)
            report = await self.supervisor.answer(work, request.receive, account)
        except ClientDisconnected:
            return Response(status_code=499)
        except ReportQueryError as error:
            errors = [item.formatted for item in error.errors]
            code = str((error.errors[0].extensions or {}).get("code"))
            later = {"Retry-After": RETRY_AFTER} if code == "UNAVAILABLE" else {}
            messages = [
                {"message": entry["message"], "extensions": entry["extensions"]} for entry in errors
            ]
            headers = {**language_headers(language), **later}
            return json_response({"errors": messages}, ERROR_STATUSES.get(code, 400), JSON, headers)
        except TimeLimitExceeded as error:
            return client_error_response(error, language, JSON)
        except (BadInput, LimitExceeded) as error:
            return error_response(400, error.code, error.sentence, language)
        except ClientError as error:
            return client_error_response(error, language, JSON)
        except Exception as error:
            log.exception("a report could not be made")
            return await handle_server_error(request, error)
        if report is None:
            return error_response(404, "NOT_FOUND", REPORT_NOT_FOUND, language)
        return report_response(request, report_request, report)

    def asked(self, request: Request) -> ReportRequest | None:
        """Return the requested report. Raises BadInput if the query is too long or repetitive."""
        if len(request.url.query) > MAX_QUERY_LENGTH:
            raise BadInput(
                f"The query string can have at most {MAX_QUERY_LENGTH} characters.",
                f"地址中 ? 之后的内容最多 {MAX_QUERY_LENGTH} 个字符。",
            )
        pairs = request.query_params.multi_items()
        arguments = dict(pairs)
        if len(arguments) < len(pairs):
            raise BadInput("Pass each argument only once.", "每个参数只能给出一次。")
        name, _, form = request.path_params["file"].rpartition(".")
        return read_report_request(name, form, arguments, request_language(request))

    async def made(
        self, report_request: ReportRequest, viewer: Viewer, account: RateAccount
    ) -> StoredReport | None:
        started = time.perf_counter()
        await account.refuse_if_spent()
        today = today_in_china()
        contexts: list[Context] = []

        def opened() -> Context:
            context = Context.of(
                self.engine,
                viewer,
                today,
                limits=self.limits,
                language=report_request.language,
                seals=self.seals,
            )
            contexts.append(context)
            return context

        try:
            return await produce_report(
                self.engine, report_request, viewer, today, opened, self.versions
            )
        except asyncio.CancelledError:
            for used_context in contexts:
                await used_context.abandon()
            raise
        finally:
            for used_context in contexts:
                await used_context.close()
            account.rows = 1 + sum(used_context.spent for used_context in contexts)
            ms = round((time.perf_counter() - started) * 1000, 1)
            statements = sum(used_context.statements for used_context in contexts)
            log.info(
                "request",
                operation=f"report {report_request.declared.name}",
                ms=ms,
                statements=statements,
            )


def report_response(
    request: Request, report_request: ReportRequest, report: StoredReport
) -> Response:
    """Return the report, with its digest as ETag and the address of this version."""
    tag = f'"{report.digest}"'
    address = {key: query_value(value) for key, value in report_request.variables.items()}
    name = f"{report_request.declared.name}.{report_request.form}"
    version = urlencode({**address, "version": report.version})
    stem = f"{report_request.stem}-{report.version}"
    digest = b64encode(bytes.fromhex(report.digest)).decode()
    headers = {
        **RESPONSE_HEADERS,
        **language_headers(report_request.language),
        "ETag": tag,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Location": f"/reports/{name}?{version}",
        "Content-Disposition": f'attachment; filename="{stem}.{report_request.form}"; '
        f"filename*=UTF-8''{quote(f'匠谱-{stem}.{report_request.form}')}",
    }
    if tag in [text.strip() for text in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    body = b"" if request.method == "HEAD" else report.content
    headers["Content-Length"] = str(len(report.content))
    return Response(body, 200, headers, MEDIA_TYPES[report_request.form])


def query_value(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
