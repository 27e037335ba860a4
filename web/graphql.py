"""POST /graphql, by the GraphQL-over-HTTP specification; GET is off."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLFormattedError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from kit.errors import Told
from kit.language import Language
from kit.limits import LIMITS, Limits
from kit.metered import Meter, metered
from kit.sealed import Seals
from kit.snapshots import Snapshots
from resolvers.access import PUBLIC, Viewer
from resolvers.context import Context, Way
from schema import schema
from web.answers import HEADERS, fault, in_language, refusal
from web.authentication import Guarded
from web.body import Gone, Unfit, body_of, parameters
from web.language import language_of
from web.log import line_writer, name_in_log
from web.media import GRAPHQL_JSON, JSON, accepted, is_json
from web.notices import Notices
from web.probes import Ways
from web.rate import Account, Rates, address_of
from web.running import RETRY_AFTER, Running, refused, unanswered

READ = {
    b"accept", b"accept-language", b"authorization", b"content-type", b"content-encoding",
}  # fmt: skip
HEAD = {
    (media_type, language): [
        *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
        *((name.lower().encode(), value.encode()) for name, value in in_language(language).items()),
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
    ]
    for media_type in (JSON, GRAPHQL_JSON)
    for language in Language
}
AGAIN = (b"retry-after", RETRY_AFTER.encode())


class Endpoint:
    """ASGI as it is: the requests and responses of a framework cost more than many an answer."""

    def __init__(
        self,
        engine: AsyncEngine,
        snapshots: Snapshots,
        asked_by: Guarded,
        running: Running,
        rates: Rates,
        way: Way = Way.PLAN,
        limits: Limits = LIMITS,
        seals: Seals | None = None,
        notices: Notices | None = None,
    ) -> None:
        self.notices = notices or Notices(engine)
        self.engine, self.snapshots, self.asked_by, self.way = engine, snapshots, asked_by, way
        self.running, self.rates, self.limits = running, rates, limits
        self.seals = seals
        self.say, self.ways = line_writer(), Ways()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        meter = Meter()
        await metered(self.respond(scope, receive, send, meter), meter)

    async def respond(self, scope: Scope, receive: Receive, send: Send, meter: Meter) -> None:
        headers = headers_of(scope)
        media_type = accepted(headers.get(b"accept", ""))
        language = language_of(headers.get(b"accept-language", ""))
        address = address_of(scope)
        account = self.rates.account(PUBLIC, address)  # as long as it isn't known who asks
        try:
            if media_type is None:
                raise Unfit(
                    f"Accept {JSON} or {GRAPHQL_JSON}: there is nothing else.",
                    f"请在 Accept 中接受 {JSON} 或 {GRAPHQL_JSON}，没有其他格式。",
                    406,
                )
            viewer = await self.asked_by.viewer(headers.get(b"authorization"), address)
            if viewer is not PUBLIC:
                account = self.rates.account(viewer, address)
            self.running.give_way(meter, account)
            await account.refuse_if_spent()
            check_body(headers)
            reading = body_of(receive, self.limits.body)
            sent = await self.running.read(reading)
            asked = parameters(sent, self.limits, writes=viewer.may_write)
            work = self.answer(asked, viewer, media_type, language, account)
            status, body = await self.running.answer(work, receive, account)
        except Gone:
            account.charge(meter.settle())
            return
        except Unfit as error:
            refusing = refusal(
                error.status, error.code, error.sentence, language, media_type or JSON
            )
        except Told as error:
            refusing = refused(error, language, media_type or JSON)
        except Exception as error:
            masked = await fault(Request(scope), error)
            await masked(scope, receive, send)
            raise  # for the server's log
        else:
            account.charge(meter.settle())
            assert media_type is not None
            length = (b"content-length", str(len(body)).encode())
            more = [length, *account.headers, *([AGAIN] if status == 503 else [])]
            start = {"status": status, "headers": [*HEAD[media_type, language], *more]}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": body})
            return
        account.charge(meter.settle())
        refusing.raw_headers += account.headers
        await refusing(scope, receive, send)

    async def answer(
        self,
        asked: dict[str, Any],
        viewer: Viewer,
        media_type: str,
        language: Language,
        account: Account,
    ) -> tuple[int, bytes]:
        started = time.perf_counter()
        await account.refuse_if_spent()  # while it waited for its turn others were answered
        context = Context.of(
            self.engine,
            viewer,
            snapshots=self.snapshots,
            way=self.way,
            limits=self.limits,
            language=language,
            seals=self.seals,
        )
        context.rate = account
        try:
            result = await schema.answer(
                asked["query"], asked.get("variables"), context, asked.get("operationName")
            )
        except asyncio.CancelledError:
            await context.abandon()
            raise
        finally:
            await context.close()
            account.rows = max(context.spent, context.price)
        errors = [error.formatted for error in result.errors] if result.errors else []
        notices = self.notices.beside(context)
        body = written(
            result.data, errors, asked=context.asked, spent=context.spent, notices=notices
        )
        status = 200 if media_type == JSON or executed(result.data, errors) else 400
        if unanswered(result.errors):
            status = 503
        self.ways.count(context.went, context.handed_over)
        self.say(
            "request",
            id=context.request_id,
            operation=name_in_log(context.operation),
            ms=round((time.perf_counter() - started) * 1000, 1),
            way=context.went,
            statements=context.statements,
            errors=len(errors),
            status=status,
        )
        return status, body


def headers_of(scope: Scope) -> dict[bytes, str]:
    """Those that matter here; what comes in several lines is one list."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in READ:
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if name in found else text
    return found


def check_body(headers: dict[bytes, str]) -> None:
    """Raises Unfit for what can't be a body of ours, before any of it is read."""
    if not is_json(headers.get(b"content-type", "")):
        raise Unfit(f"Send {JSON}, in UTF-8.", f"请以 UTF-8 编码发送 {JSON}。", 415)
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise Unfit("Send the body uncompressed.", "请发送未压缩的请求体。", 415)


def executed(data: Any, errors: Sequence[GraphQLFormattedError]) -> bool:
    """Without data, only a place in the answer tells that the query was run."""
    return data is not None or any("path" in error for error in errors)


def written(
    data: Any,
    errors: Sequence[GraphQLFormattedError],
    *,
    asked: int,
    spent: int,
    notices: orjson.Fragment | None = None,
) -> bytes:
    """`data` is a dictionary, or an `orjson.Fragment` of JSON that is written already.

    UTF-8 as it is: Chinese isn't escaped.
    """
    content: dict[str, Any] = {"errors": errors} if errors else {}
    if executed(data, errors):
        content["data"] = data
    content["extensions"] = {"cost": {"asked": asked, "spent": spent}}
    if notices is not None and data is not None:
        content["extensions"]["notices"] = notices
    return orjson.dumps(content)
