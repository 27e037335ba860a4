"""Whether the service lives, and whether it can answer."""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from resolvers.schema_version import is_current
from web.answers import in_json

log = structlog.get_logger()


async def health(request: Request) -> Response:
    return in_json({"status": "alive"})


class Ready:
    """Yes when the database is reached and has this version's tables."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def __call__(self, request: Request) -> Response:
        try:
            async with self.engine.connect() as connection:
                current = await is_current(connection)
        except Exception:  # a driver may raise anything while it connects
            log.exception("not ready")
            return in_json({"status": "the database can't be reached"}, 503)
        if not current:
            return in_json({"status": "the database has another schema version"}, 503)
        return in_json({"status": "ready"})
