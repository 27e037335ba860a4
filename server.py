"""The composition root: builds the ASGI application from the settings."""

import gc

if __name__ == "__main__":
    gc.disable()  # until `tune_memory`: it would take a quarter of the time of the imports

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from typing import Any

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from execution import schema
from feeds.demonstration_partners import (
    NO_TERMINAL_NOTICE,
    add_demonstration_partners,
    issue_demonstration_keys,
    key_lines,
)
from feeds.importing import (
    ensure_embedded,
    has_terminal,
    prepare_registry,
    print_message,
    print_to_terminal,
)
from kit.db.engine import open_engine
from kit.db.postgres_pool import open_read_pool
from kit.errors import ClientError, CommandFailed
from kit.i18n import Message
from kit.request_limits import RequestLimits
from kit.runtime.memory import collect_when_idle, tune_memory
from kit.runtime.metering import metering_tasks
from kit.security.encryption import load_encryption_keys
from kit.security.jwt import JwksCache, TokenVerifier
from kit.timeouts import Timeouts
from resolvers.core.access import Viewer
from resolvers.core.context import Executor
from resolvers.personal.masked import MISSING_KEYS
from settings import EMBEDDED_DATABASE, InvalidSetting, Settings, read_settings
from web.authentication import BearerAuthenticator, FixedAuthenticator, GuardedAuthenticator
from web.concurrency import ConcurrencyLimit
from web.daily_refresh import refreshing_daily
from web.graphql_endpoint import GraphQLEndpoint
from web.log import configure_logging
from web.notices import Notices
from web.probes import ReadinessProbe, StewardEndpoint, liveness_probe
from web.rate_limit import RateLimiter
from web.report_endpoint import ReportEndpoint
from web.responses import handle_http_exception, handle_server_error
from web.supervisor import RequestSupervisor

log = structlog.get_logger()

HOUR = 3600.0  # seconds
PUBLIC_SHARE = 0.75  # of the connections: the most requests without a key that run at once
# Seconds until a running thread yields to another one: SQLite statements run in threads.
THREAD_SWITCH_SECONDS = 0.001
MAX_HEADER_BYTES = 65_536  # of a request line with its headers


class Service(Starlette):
    """The ASGI application.

    POST /graphql bypasses routes and middleware, which cost a tenth of a small response.
    """

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        supervisor: RequestSupervisor,
        routes: list[Route],
        **more: Any,
    ) -> None:
        super().__init__(routes=[Route("/graphql", endpoint, methods=["POST"]), *routes], **more)
        self.router.redirect_slashes = False
        self.endpoint, self.supervisor = endpoint, supervisor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", "/graphql"):
            await self.endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings, viewer: Viewer | None = None, way: Executor = Executor.PLAN
) -> Service:
    """Build the application. With a `viewer`, every request is treated as that viewer's."""
    patience = build_timeouts(settings)
    engine, snapshots = open_engine(settings.url, patience), open_read_pool(settings.url, patience)
    longer = replace(patience, request=HOUR, statement=HOUR, lock=HOUR)
    unhurried = open_engine(settings.url, longer)  # for daily work
    rates = RateLimiter(
        settings.points_per_minute,
        settings.public_points_per_minute,
        settings.failures_per_minute,
        settings.redis_url,
    )
    asked_by = FixedAuthenticator(viewer) if viewer else build_authentication(engine, settings)
    guarded = GuardedAuthenticator(asked_by, rates)
    seals = load_encryption_keys(settings.personal_key_settings, settings.embedded_key_file)
    notices = Notices(engine)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (
            refreshing_daily(unhurried),
            rates.kept(),
            notices.kept(),
            metering_tasks(),
        ):
            yield
        await asked_by.close()
        await snapshots.close()
        await engine.dispose()
        await unhurried.dispose()

    public = round(snapshots.connections * PUBLIC_SHARE)
    places = ConcurrencyLimit(settings.concurrent_queries, public, patience.pool)
    running = RequestSupervisor(patience, places, snapshots.reachable)
    limits = build_limits(settings)
    endpoint = GraphQLEndpoint(
        engine, snapshots, guarded, running, rates, way, limits, seals, notices
    )
    reports = ReportEndpoint(engine, guarded, running, rates, limits, seals, settings.keep_reports)
    return Service(
        endpoint,
        running,
        [
            Route("/health", liveness_probe),
            Route("/ready", ReadinessProbe(engine).__call__),
            Route("/reports/{file}", reports.__call__, methods=["GET"]),
            *(
                Route(path, StewardEndpoint(guarded, endpoint.ways.__call__).__call__)
                for path in ("/executor-stats", "/ways")  # the second is its former name
            ),
        ],
        exception_handlers={HTTPException: handle_http_exception, Exception: handle_server_error},
        lifespan=lifespan,
    )


def build_authentication(engine: AsyncEngine, settings: Settings) -> BearerAuthenticator:
    tokens = None
    if settings.token_jwks:
        keys = JwksCache(settings.token_jwks)
        tokens = TokenVerifier(keys, settings.token_issuer, settings.token_audience)
    return BearerAuthenticator(engine, tokens, settings.keys_believed)


def build_limits(settings: Settings) -> RequestLimits:
    figures = settings.model_dump()
    bounds = {
        one.name: figures[f"limit_{one.name}"] for one in fields(RequestLimits) if one.type is int
    }
    return RequestLimits(**bounds, introspection=settings.introspection)


def build_timeouts(settings: Settings) -> Timeouts:
    return Timeouts(
        request=settings.request_seconds,
        statement=settings.statement_seconds,
        lock=settings.lock_seconds,
        pool=settings.pool_seconds,
        connect=settings.connect_seconds,
        body=settings.body_seconds,
    )


async def prepare_service(settings: Settings) -> None:
    """Prepare the database. Raises Unavailable, with what to do, if this version can't use it."""
    engine = open_engine(settings.url)
    try:
        await prepare_registry(engine)
        if settings.embedded and has_terminal():
            print_to_terminal(key_lines(await issue_demonstration_keys(engine)))
        elif settings.embedded and await add_demonstration_partners(engine):
            print_message(NO_TERMINAL_NOTICE)
    finally:
        await engine.dispose()


def warm_up() -> None:
    """Do the work at startup that would delay requests later."""
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    tune_memory()


class Server(uvicorn.Server):
    """Once the service listens: answers the usual introspection queries, collects when idle."""

    def __init__(self, config: uvicorn.Config, supervisor: RequestSupervisor) -> None:
        super().__init__(config)
        self.supervisor = supervisor

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.background = [
            asyncio.create_task(schema.prepare_introspection()),
            asyncio.create_task(collect_when_idle(self.supervisor.begun_if_idle)),
        ]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self.background:
            task.cancel()
        await super().shutdown(sockets)


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a socket of that address. Raises CommandFailed if it is taken or not allowed."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CommandFailed(
                f"PORT: {port} on {host} is taken. Name another one, as in "
                f"'PORT={port + 1} .venv/bin/python server.py'.",
                f"PORT：{host} 的 {port} 端口已被占用。请另指定一个，如 "
                f"'PORT={port + 1} .venv/bin/python server.py'。",
            ) from None
        raise CommandFailed(
            f"HOST, PORT: {host}:{port} can't be listened on: {error.strerror}.",
            f"HOST、PORT：无法监听 {host}:{port}：{error.strerror}。",
        ) from None
    return listener


def serve(settings: Settings) -> None:
    with bind_socket(settings.host, settings.port) as listener:
        serve_on(listener, settings)


def serve_on(listener: socket.socket, settings: Settings) -> None:
    if settings.embedded:
        ensure_embedded(EMBEDDED_DATABASE)
    asyncio.run(prepare_service(settings))
    configure_logging(settings.log_format, settings.log_level)
    if load_encryption_keys(settings.personal_key_settings, settings.embedded_key_file) is None:
        log.warning("no keys", notice=MISSING_KEYS[0])
    service = create_app(settings)
    config = uvicorn.Config(
        service,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        limit_concurrency=settings.connections,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
    )
    signal.signal(signal.SIGTERM, exit_on_signal)
    warm_up()
    log.info("listening", graphql=f"http://{settings.host}:{settings.port}/graphql")
    Server(config, service.supervisor).run(sockets=[listener])


def exit_on_signal(number: int, frame: object) -> None:
    """Exit with 0: uvicorn has shut down in good order, and raises the signal once more."""
    sys.exit(0)


def main() -> int:
    try:
        serve(read_settings())
    except (ClientError, InvalidSetting) as error:
        print_message(error.sentence)
        return 1
    except (DBAPIError, OSError) as error:
        reason = getattr(error, "orig", error)
        print_message(
            Message(f"The database can't be reached: {reason}", f"无法连接数据库：{reason}")
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
