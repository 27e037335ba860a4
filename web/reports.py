"""GET and HEAD /reports/NAME.FORM: a report, made for who asks, or as it was made before."""

import asyncio
import time
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from kit.errors import BadInput, LimitExceeded, Overrun, Told
from kit.language import Language, Sentence
from kit.limits import Limits
from kit.metered import Meter, metered
from kit.sealed import Seals
from reports.making import Asked, NotAnswered, read, report
from reports.written import MEDIA
from resolvers.access import PUBLIC, Viewer
from resolvers.context import Context, today_in_china
from resolvers.report import Kept
from web.answers import HEADERS, fault, in_json, in_language, language_for, refusal
from web.authentication import Guarded
from web.body import Gone
from web.media import JSON
from web.rate import Account, Rates, address_of
from web.running import RETRY_AFTER, Running, refused

log = structlog.get_logger()

LONGEST = 4000  # characters of what stands behind the ? of an address
NOTHING = Sentence(
    "There is no such report: none of that name, or nothing in it that is yours to see.",
    "没有此报表：名称不存在，或其中没有您可查看的内容。",
)
STATUS = {"FORBIDDEN": 403, "UNAVAILABLE": 503, "RATE_LIMITED": 429, "INTERNAL": 500}


@dataclass(frozen=True)
class Reports:
    engine: AsyncEngine
    asked_by: Guarded
    running: Running
    rates: Rates
    limits: Limits
    seals: Seals | None
    versions: int  # of one report that nobody asked to be kept

    async def __call__(self, request: Request) -> Response:
        meter = Meter()
        return await metered(self.respond(request, meter), meter)

    async def respond(self, request: Request, meter: Meter) -> Response:
        language, address = language_for(request), address_of(request.scope)
        lines = request.headers.getlist("authorization")
        account = self.rates.account(PUBLIC, address)
        try:
            viewer = await self.asked_by.viewer(",".join(lines) or None, address)
        except Told as error:
            response = refused(error, language, JSON)
        else:
            account = self.rates.account(viewer, address)
            self.running.give_way(meter, account)
            response = await self.answer(request, language, viewer, account)
        account.charge(meter.settle())
        response.raw_headers += account.headers
        return response

    async def answer(
        self, request: Request, language: Language, viewer: Viewer, account: Account
    ) -> Response:
        try:
            asked = self.asked(request)
            if asked is None:
                return refusal(404, "NOT_FOUND", NOTHING, language)
            work = self.made(asked, viewer, account)
            kept = await self.running.answer(work, request.receive, account)
        except Gone:
            return Response(status_code=499)
        except NotAnswered as error:
            errors = [one.formatted for one in error.errors]
            code = str((error.errors[0].extensions or {}).get("code"))
            later = {"Retry-After": RETRY_AFTER} if code == "UNAVAILABLE" else {}
            told = [{"message": one["message"], "extensions": one["extensions"]} for one in errors]
            headers = {**in_language(language), **later}
            return in_json({"errors": told}, STATUS.get(code, 400), JSON, headers)
        except Overrun as error:
            return refused(error, language, JSON)
        except (BadInput, LimitExceeded) as error:
            return refusal(400, error.code, error.sentence, language)
        except Told as error:
            return refused(error, language, JSON)
        except Exception as error:
            log.exception("a report could not be made")
            return await fault(request, error)
        if kept is None:
            return refusal(404, "NOT_FOUND", NOTHING, language)
        return response(request, asked, kept)

    def asked(self, request: Request) -> Asked | None:
        """Raises BadInput for what is too long, or said twice."""
        if len(request.url.query) > LONGEST:
            raise BadInput(
                f"What stands behind the ? has {LONGEST} characters at most.",
                f"地址中 ? 之后的内容最多 {LONGEST} 个字符。",
            )
        pairs = request.query_params.multi_items()
        given = dict(pairs)
        if len(given) < len(pairs):
            raise BadInput("Give each argument once.", "每个参数只能给出一次。")
        name, _, form = request.path_params["file"].rpartition(".")
        return read(name, form, given, language_for(request))

    async def made(self, asked: Asked, viewer: Viewer, account: Account) -> Kept | None:
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
                language=asked.language,
                seals=self.seals,
            )
            contexts.append(context)
            return context

        try:
            return await report(self.engine, asked, viewer, today, opened, self.versions)
        except asyncio.CancelledError:
            for one in contexts:
                await one.abandon()
            raise
        finally:
            for one in contexts:
                await one.close()
            account.rows = 1 + sum(one.spent for one in contexts)
            ms = round((time.perf_counter() - started) * 1000, 1)
            made = sum(one.statements for one in contexts)
            log.info("request", operation=f"report {asked.declared.name}", ms=ms, statements=made)


def response(request: Request, asked: Asked, kept: Kept) -> Response:
    """The digest is the ETag; the address of this very version is told."""
    tag = f'"{kept.digest}"'
    address = {key: as_text(value) for key, value in asked.variables.items()}
    name = f"{asked.declared.name}.{asked.form}"
    version = urlencode({**address, "version": kept.version})
    stem = f"{asked.stem}-{kept.version}"
    digest = b64encode(bytes.fromhex(kept.digest)).decode()
    headers = {
        **HEADERS,
        **in_language(asked.language),
        "ETag": tag,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Location": f"/reports/{name}?{version}",
        "Content-Disposition": f'attachment; filename="{stem}.{asked.form}"; '
        f"filename*=UTF-8''{quote(f'匠谱-{stem}.{asked.form}')}",
    }
    if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    body = b"" if request.method == "HEAD" else kept.content
    headers["Content-Length"] = str(len(kept.content))
    return Response(body, 200, headers, MEDIA[asked.form])


def as_text(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
