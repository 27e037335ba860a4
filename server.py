"""The composition root: settings in, ASGI application out."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from feeds.loading import embed, prepare, say
from kit.database import open_engine
from kit.errors import Told
from kit.sealed import seals_with
from kit.snapshots import snapshots_of
from resolvers.access import OPERATOR, Viewer
from resolvers.context import Way
from resolvers.personal import NO_KEYS
from settings import EMBEDDED, Settings, WrongSetting, read_settings
from web.answers import fault, refused_by_route
from web.daily import each_day
from web.graphql import Endpoint
from web.log import configure
from web.probes import Ready, health

log = structlog.get_logger()


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


def create_app(settings: Settings, viewer: Viewer = OPERATOR, way: Way = Way.PLAN) -> Starlette:
    engine, snapshots = open_engine(settings.url), snapshots_of(settings.url)
    seals = seals_with(settings.sealing, settings.sealing_file)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with each_day(engine):
            yield
        await snapshots.close()
        await engine.dispose()

    endpoint = Endpoint(engine, snapshots, viewer, way, seals)
    return Service(
        endpoint,
        [
            Route("/health", health),
            Route("/ready", Ready(engine).__call__),
            Route("/ways", endpoint.ways.__call__),
        ],
        exception_handlers={HTTPException: refused_by_route, Exception: fault},
        lifespan=lifespan,
    )


async def make_ready(settings: Settings) -> None:
    """Raises Unavailable, with what to do, for a database that this version can't serve."""
    engine = open_engine(settings.url)
    try:
        await prepare(engine)
    finally:
        await engine.dispose()


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
    )
    socket = config.bind_socket()  # before anybody is told that it is listened to
    log.info(
        "listening",
        graphql=f"http://{settings.host}:{settings.port}/graphql",
        notice="There is no access control yet: every request is answered as the operator, who "
        "sees all records. That is why only this machine is listened to.",
    )
    uvicorn.Server(config).run(sockets=[socket])


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
