"""The composition root: settings in, ASGI application out."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from feeds.loading import make_embedded, prepare, say
from kit.database import open_engine
from kit.errors import Told
from resolvers.access import OPERATOR
from settings import EMBEDDED, Settings, WrongSetting, read_settings
from web.answers import fault, refused_by_route
from web.graphql import Endpoint
from web.log import configure
from web.probes import Ready, health

log = structlog.get_logger()


def create_app(settings: Settings) -> Starlette:
    engine = open_engine(settings.url)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    return Starlette(
        routes=[
            Route("/graphql", Endpoint(engine, OPERATOR).__call__, methods=["POST"]),
            Route("/health", health),
            Route("/ready", Ready(engine).__call__),
        ],
        exception_handlers={HTTPException: refused_by_route, Exception: fault},
        lifespan=lifespan,
    )


async def make_ready(settings: Settings) -> None:
    """Raises Unavailable, with what to do, for a database that this version can't serve."""
    if settings.embedded and not EMBEDDED.exists():
        await make_embedded(EMBEDDED)
    engine = open_engine(settings.url)
    try:
        await prepare(engine)
    finally:
        await engine.dispose()


def serve(settings: Settings) -> None:
    asyncio.run(make_ready(settings))
    configure(settings.log_format, settings.log_level)
    log.info(
        "listening",
        graphql=f"http://{settings.host}:{settings.port}/graphql",
        notice="There is no access control yet: every request is answered as the operator, who "
        "sees all records. That is why only this machine is listened to.",
    )
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )


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
