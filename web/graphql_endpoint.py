"""POST /graphql, by the GraphQL-over-HTTP specification. GET isn't supported."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLFormattedError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from execution import schema
from kit.db.read_pool import ReadPool
from kit.errors import ClientError
from kit.i18n import Language
from kit.request_limits import DEFAULT_LIMITS, RequestLimits
from kit.runtime.metering import CURRENT_METER, Meter, MeteredAwaitable
from kit.security.encryption import EncryptionKeys
from resolvers.core.access import PUBLIC, Viewer
from resolvers.core.context import Context, Executor
from web.accept_language import negotiate_language
from web.authentication import GuardedAuthenticator
from web.content_negotiation import GRAPHQL_JSON, JSON, is_utf8_json, negotiate_media_type
from web.log import line_writer, loggable_name
from web.notices import Notices
from web.probes import ExecutorCounts
from web.rate_limit import RateAccount, RateLimiter, client_address
from web.request_body import BadRequest, ClientDisconnected, parse_parameters, read_body
from web.responses import RESPONSE_HEADERS, error_response, handle_server_error, language_headers
from web.supervisor import RETRY_AFTER, RequestSupervisor, client_error_response, is_unavailable

READ_HEADERS = {
    b"accept", b"accept-language", b"authorization", b"content-type", b"content-encoding",
}  # fmt: skip
RESPONSE_HEADS = {
    (media_type, language): [
        *((name.lower().encode(), value.encode()) for name, value in RESPONSE_HEADERS.items()),
        *(
            (name.lower().encode(), value.encode())
            for name, value in language_headers(language).items()
        ),
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
    ]
    for media_type in (JSON, GRAPHQL_JSON)
    for language in Language
}
RETRY_AFTER_HEADER = (b"retry-after", RETRY_AFTER.encode())


class GraphQLEndpoint:
    """The ASGI endpoint of queries and mutations.

    Plain ASGI: the request and response objects of a framework cost more than many responses.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        snapshots: ReadPool,
        asked_by: GuardedAuthenticator,
        running: RequestSupervisor,
        rates: RateLimiter,
        way: Executor = Executor.PLAN,
        limits: RequestLimits = DEFAULT_LIMITS,
        seals: EncryptionKeys | None = None,
        notices: Notices | None = None,
    ) -> None:
        self.notices = notices or Notices(engine)
        self.engine, self.snapshots, self.authenticator, self.way = engine, snapshots, asked_by, way
        self.supervisor, self.rate_limiter, self.limits = running, rates, limits
        self.seals = seals
        self.say, self.ways = line_writer(), ExecutorCounts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        meter = Meter()
        token = CURRENT_METER.set(meter)  # as `run_metered` does, with one coroutine less
        try:
            await MeteredAwaitable(self.respond(scope, receive, send, meter), meter)
        finally:
            CURRENT_METER.reset(token)

    async def respond(self, scope: Scope, receive: Receive, send: Send, meter: Meter) -> None:
        headers = collect_headers(scope)
        media_type = negotiate_media_type(headers.get(b"accept", ""))
        language = negotiate_language(headers.get(b"accept-language", ""))
        address = client_address(scope)
        account = self.rate_limiter.account(PUBLIC, address)  # until the viewer is authenticated
        try:
            if media_type is None:
                raise BadRequest(
                    f"Accept {JSON} or {GRAPHQL_JSON}: no other media type is supported.",
                    f"请在 Accept 中接受 {JSON} 或 {GRAPHQL_JSON}，没有其他格式。",
                    406,
                )
            viewer = await self.authenticator.viewer(headers.get(b"authorization"), address)
            if viewer is not PUBLIC:
                account = self.rate_limiter.account(viewer, address)
            self.supervisor.set_priority(meter, account)
            if not account.fits:
                await account.refuse_if_spent()
            check_body_headers(headers)
            reading = read_body(receive, self.limits.body)
            sent = await self.supervisor.read(reading)
            request_parameters = parse_parameters(sent, self.limits, writes=viewer.may_write)
            work = self.answer(request_parameters, viewer, media_type, language, account)
            status, body = await self.supervisor.answer(work, receive, account)
        except ClientDisconnected:
            account.charge(meter.settle())
            return
        except BadRequest as error:
            refusing = error_response(
                error.status, error.code, error.sentence, language, media_type or JSON
            )
        except ClientError as error:
            refusing = client_error_response(error, language, media_type or JSON)
        except Exception as error:
            masked = await handle_server_error(Request(scope), error)
            await masked(scope, receive, send)
            raise  # for the server's log
        else:
            account.charge(meter.settle())
            assert media_type is not None
            length = (b"content-length", str(len(body)).encode())
            further_headers = [
                length,
                *account.headers,
                *([RETRY_AFTER_HEADER] if status == 503 else []),
            ]
            start = {
                "status": status,
                "headers": [*RESPONSE_HEADS[media_type, language], *further_headers],
            }
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": body})
            return
        account.charge(meter.settle())
        refusing.raw_headers += account.headers
        await refusing(scope, receive, send)

    async def answer(
        self,
        parameters: dict[str, Any],
        viewer: Viewer,
        media_type: str,
        language: Language,
        account: RateAccount,
    ) -> tuple[int, bytes]:
        started = time.perf_counter()
        if not account.fits:  # other requests may have spent it during the wait
            await account.refuse_if_spent()
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
                parameters["query"],
                parameters.get("variables"),
                context,
                parameters.get("operationName"),
            )
        except asyncio.CancelledError:
            await context.abandon()
            raise
        finally:
            await context.close()
            account.rows = max(context.spent, context.minimum_cost)
        errors = [error.formatted for error in result.errors] if result.errors else []
        notices = self.notices.beside(context)
        body = encode_response(
            result.data, errors, asked=context.asked, spent=context.spent, notices=notices
        )
        status = 200 if media_type == JSON or was_executed(result.data, errors) else 400
        if is_unavailable(result.errors):
            status = 503
        self.ways.count(context.executor_name, context.fallback_reason)
        self.say(
            "request",
            id=context.request_id,
            operation=loggable_name(context.operation),
            ms=round((time.perf_counter() - started) * 1000, 1),
            way=context.executor_name,
            statements=context.statements,
            errors=len(errors),
            status=status,
        )
        return status, body


def collect_headers(scope: Scope) -> dict[bytes, str]:
    """Return the headers that the endpoint reads. Repeated headers are joined with commas."""
    headers: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in READ_HEADERS:
            text = value.decode("latin-1")
            headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def check_body_headers(headers: dict[bytes, str]) -> None:
    """Raise BadRequest if the headers announce an unsupported body, before it is read."""
    if not is_utf8_json(headers.get(b"content-type", "")):
        raise BadRequest(f"Send {JSON}, in UTF-8.", f"请以 UTF-8 编码发送 {JSON}。", 415)
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise BadRequest("Send the body uncompressed.", "请发送未压缩的请求体。", 415)


def was_executed(data: Any, errors: Sequence[GraphQLFormattedError]) -> bool:
    """Return whether execution began: there is data, or an error has a path."""
    return data is not None or any("path" in error for error in errors)


def encode_response(
    data: Any,
    errors: Sequence[GraphQLFormattedError],
    *,
    asked: int,
    spent: int,
    notices: orjson.Fragment | None = None,
) -> bytes:
    """Encode a response as UTF-8 without escapes.

    `data` is a dictionary, or an `orjson.Fragment` of JSON that is already encoded.
    """
    content: dict[str, Any] = {"errors": errors} if errors else {}
    if was_executed(data, errors):
        content["data"] = data
    content["extensions"] = {"cost": {"asked": asked, "spent": spent}}
    if notices is not None and data is not None:
        content["extensions"]["notices"] = notices
    return orjson.dumps(content)
