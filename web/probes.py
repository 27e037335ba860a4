"""Endpoints for liveness, readiness, and the counts of executors."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from execution import schema
from kit.errors import ClientError, Forbidden, Unauthenticated
from kit.i18n import Message
from resolvers.database.schema_version import is_schema_current
from web.authentication import GuardedAuthenticator
from web.content_negotiation import JSON
from web.rate_limit import client_address
from web.responses import json_response, request_language
from web.supervisor import client_error_response

STEWARDS_ONLY = Message(
    "Only the registry's steward may see this: send a key or token with the scope admin.",
    "仅供登记管理方使用：请发送带有 admin 权限的密钥或令牌。",
)

log = structlog.get_logger()

READINESS_TIMEOUT = 4.0  # seconds


async def liveness_probe(request: Request) -> Response:
    return json_response({"status": "alive"})


class ExecutorCounts:
    """Requests by executor since the process began, and the reasons for fallbacks."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        # Keys are field names or words such as `arguments`: no more than the schema has fields.
        self.reasons: Counter[str] = Counter()

    def count(self, executor: str, reason: str | None) -> None:
        self.taken[executor] += 1
        if reason is not None:
            self.reasons[reason] += 1

    async def __call__(self, request: Request) -> Response:
        counts = {"ways": self.taken, "handedOver": self.reasons}
        return json_response({**counts, "caches": schema.cache_statistics()})


class StewardEndpoint:
    """An endpoint that requires a key or token with the scope `admin`.

    Requests from the local machine need it too: behind a proxy, all requests come from there.
    """

    def __init__(
        self, asked_by: GuardedAuthenticator, answer: Callable[[Request], Awaitable[Response]]
    ) -> None:
        self.authenticator, self.answer = asked_by, answer

    async def __call__(self, request: Request) -> Response:
        lines = request.headers.getlist("authorization")
        try:
            viewer = await self.authenticator.viewer(
                ",".join(lines) or None, client_address(request.scope)
            )
            if not viewer.sees_all:
                raise (Forbidden if lines else Unauthenticated)(*STEWARDS_ONLY)
        except ClientError as error:
            return client_error_response(error, request_language(request), JSON)
        return await self.answer(request)


class ReadinessProbe:
    """Ready when the database is reachable and has the tables of this version."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def __call__(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(READINESS_TIMEOUT), self.engine.connect() as connection:
                current = await is_schema_current(connection)
        except Exception:  # a driver may raise anything while it connects
            log.exception("not ready")
            return json_response({"status": "the database can't be reached"}, 503)
        if not current:
            return json_response({"status": "the database has another schema version"}, 503)
        return json_response({"status": "ready"})
