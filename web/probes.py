"""Whether the service lives, whether it can answer, and how it has answered."""

import asyncio
from collections import Counter

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from resolvers.schema_version import is_current
from web.answers import in_json

log = structlog.get_logger()

PATIENCE = 4.0  # seconds


async def health(request: Request) -> Response:
    return in_json({"status": "alive"})


class Ways:
    """How many requests went which way since the process began, and why not by a plan."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        # A field's name, or a word such as `arguments`: as many as the schema has fields at most.
        self.reasons: Counter[str] = Counter()

    def count(self, way: str, reason: str | None) -> None:
        self.taken[way] += 1
        if reason is not None:
            self.reasons[reason] += 1

    async def __call__(self, request: Request) -> Response:
        return in_json({"ways": self.taken, "handedOver": self.reasons})


class Ready:
    """Yes when the database is reached and has this version's tables."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def __call__(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE), self.engine.connect() as connection:
                current = await is_current(connection)
        except Exception:  # a driver may raise anything while it connects
            log.exception("not ready")
            return in_json({"status": "the database can't be reached"}, 503)
        if not current:
            return in_json({"status": "the database has another schema version"}, 503)
        return in_json({"status": "ready"})
