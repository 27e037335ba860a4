"""The composition root: settings in, ASGI application out."""

import asyncio
import signal
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

from feeds.loading import at_a_terminal, embed, prepare, say, tell_terminal
from feeds.partners import NO_TERMINAL, introduce, introduce_without_keys, told
from kit.database import open_engine
from kit.errors import Told
from kit.limits import Limits
from kit.memory import settle_memory
from kit.metered import counting_tasks
from kit.patience import Patience
from kit.sealed import seals_with
from kit.snapshots import snapshots_of
from kit.tokens import PublicKeys, Tokens
from resolvers.access import Viewer
from resolvers.context import Way
from resolvers.personal import NO_KEYS
from schema import schema
from settings import EMBEDDED, Settings, WrongSetting, read_settings
from web.answers import fault, refused_by_route
from web.authentication import AsOne, Authentication, Guarded
from web.daily import each_day
from web.graphql import Endpoint
from web.log import configure
from web.notices import Notices
from web.places import Places
from web.probes import ForStewards, Ready, health
from web.rate import Rates
from web.reports import Reports
from web.running import Running

log = structlog.get_logger()

HOUR = 3600.0  # seconds
PUBLICLY = 0.75  # of the connections: as many questions without a key are answered at once
SWITCH = 0.001  # seconds that a thread works before another has its turn: SQLite's wait in threads
LONGEST_HEAD = 65_536  # bytes of a request line and headers


class Service(Starlette):
    """Questions take a shorter way: routes and middleware cost a tenth of a small answer."""

    def __init__(self, endpoint: Endpoint, routes: list[Route], **more: Any) -> None:
        super().__init__(routes=[Route("/graphql", endpoint, methods=["POST"]), *routes], **more)
        self.router.redirect_slashes = False
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", "/graphql"):
            await self.endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings, viewer: Viewer | None = None, way: Way = Way.PLAN) -> Service:
    """With a `viewer` everybody is taken for that one, whatever they send."""
    patience = patience_of(settings)
    engine, snapshots = open_engine(settings.url, patience), snapshots_of(settings.url, patience)
    longer = replace(patience, request=HOUR, statement=HOUR, lock=HOUR)
    unhurried = open_engine(settings.url, longer)  # for what is done once a day
    rates = Rates(
        settings.points_per_minute,
        settings.public_points_per_minute,
        settings.failures_per_minute,
        settings.redis_url,
    )
    asked_by = AsOne(viewer) if viewer else authentication(engine, settings)
    guarded = Guarded(asked_by, rates)
    seals = seals_with(settings.sealing, settings.sealing_file)
    notices = Notices(engine)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with each_day(unhurried), rates.kept(), notices.kept(), counting_tasks():
            yield
        await asked_by.close()
        await snapshots.close()
        await engine.dispose()
        await unhurried.dispose()

    public = round(snapshots.connections * PUBLICLY)
    places = Places(settings.concurrent_queries, public, patience.pool)
    running = Running(patience, places, snapshots.reachable)
    limits = limits_of(settings)
    endpoint = Endpoint(engine, snapshots, guarded, running, rates, way, limits, seals, notices)
    reports = Reports(engine, guarded, running, rates, limits, seals, settings.keep_reports)
    return Service(
        endpoint,
        [
            Route("/health", health),
            Route("/ready", Ready(engine).__call__),
            Route("/reports/{file}", reports.__call__, methods=["GET"]),
            Route("/ways", ForStewards(guarded, endpoint.ways.__call__).__call__),
        ],
        exception_handlers={HTTPException: refused_by_route, Exception: fault},
        lifespan=lifespan,
    )


def authentication(engine: AsyncEngine, settings: Settings) -> Authentication:
    tokens = None
    if settings.token_jwks:
        keys = PublicKeys(settings.token_jwks)
        tokens = Tokens(keys, settings.token_issuer, settings.token_audience)
    return Authentication(engine, tokens, settings.keys_believed)


def limits_of(settings: Settings) -> Limits:
    figures = settings.model_dump()
    bounds = {one.name: figures[f"limit_{one.name}"] for one in fields(Limits) if one.type is int}
    return Limits(**bounds, introspection=settings.introspection)


def patience_of(settings: Settings) -> Patience:
    return Patience(
        request=settings.request_seconds,
        statement=settings.statement_seconds,
        lock=settings.lock_seconds,
        pool=settings.pool_seconds,
        connect=settings.connect_seconds,
        body=settings.body_seconds,
    )


async def make_ready(settings: Settings) -> None:
    """Raises Unavailable, with what to do, for a database that this version can't serve."""
    engine = open_engine(settings.url)
    try:
        await prepare(engine)
        if settings.embedded and at_a_terminal():
            tell_terminal(told(await introduce(engine)))
        elif settings.embedded and await introduce_without_keys(engine):
            say(NO_TERMINAL)
    finally:
        await engine.dispose()


def settle() -> None:
    """Once, before anybody waits: what would hold everybody up later is done, or set aside."""
    schema.prepare_introspection()
    sys.setswitchinterval(SWITCH)
    settle_memory()


def serve(settings: Settings) -> None:
    if settings.embedded:
        embed(EMBEDDED)
    asyncio.run(make_ready(settings))
    configure(settings.log_format, settings.log_level)
    if seals_with(settings.sealing, settings.sealing_file) is None:
        log.warning("no keys", notice=NO_KEYS[0])
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        limit_concurrency=settings.connections,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    signal.signal(signal.SIGTERM, ended)
    socket = config.bind_socket()  # before anybody is told that it is listened to
    settle()
    log.info("listening", graphql=f"http://{settings.host}:{settings.port}/graphql")
    uvicorn.Server(config).run(sockets=[socket])


def ended(number: int, frame: object) -> None:
    """Uvicorn has ended in good order, and then raises the signal again, that all may see it."""
    sys.exit(0)


def main() -> int:
    try:
        serve(read_settings())
    except (Told, WrongSetting) as error:
        say(str(error))
        return 1
    except (DBAPIError, OSError) as error:
        say(f"The database can't be reached: {getattr(error, 'orig', error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
