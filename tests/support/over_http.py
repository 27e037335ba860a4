"""Asking over HTTP, and what every answer to a mistake must be like."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.context import Executor
from server import create_app
from settings import Settings

ROOT = str(Path(__file__).parent.parent.parent)
JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
UNREACHABLE_URL = "postgresql://somebody:secret@127.0.0.1:1/unlistened"
SAMPLE_QUERY = {"query": 'query Name { worker(code: "yu_yimu") { name } }'}
INTERNAL_WORDS = [
    "Traceback", "sqlalchemy", "sqlite", "asyncpg", "SELECT ", ROOT, ".py", "Exception",
    "strawberry",
]  # fmt: skip
# A machine that is busy with something else is no fault of the service.
RELAXED_LIMITS: dict[str, Any] = {
    "request_seconds": 60,
    "statement_seconds": 30,
    "pool_seconds": 30,
    "points_per_minute": 10**9,
    "public_points_per_minute": 10**9,
}


@asynccontextmanager
async def serve(
    url: str, viewer: Viewer | None = OPERATOR, *, way: Executor = Executor.PLAN, **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve requests as the operator's; with None clients are authenticated, as in production."""
    app = create_app(Settings(database_url=url, **{**RELAXED_LIMITS, **settings}), viewer, way)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
    ):
        yield client


async def post_graphql(
    client: httpx.AsyncClient, body: Any, accept: str = JSON, language: str = "en", **more: str
) -> httpx.Response:
    headers = {"Content-Type": JSON, "Accept": accept, "Accept-Language": language, **more}
    return await client.post("/graphql", content=json.dumps(body).encode(), headers=headers)


def error_codes(response: httpx.Response) -> list[str]:
    """Return the codes of a response to a wrong request, which reveals no internals."""
    assert response.status_code == 200 or 400 <= response.status_code < 500
    errors = response.json()["errors"]
    assert errors
    for error in errors:
        assert error["message"]
        assert error["extensions"].keys() == {"code", "requestId"}
        assert re.fullmatch("[0-9a-f]{32}", error["extensions"]["requestId"])
    assert [word for word in INTERNAL_WORDS if word in response.text] == []
    return [error["extensions"]["code"] for error in errors]


def refusal_message(response: httpx.Response, status: int, code: str) -> str:
    """Return the sentence of an answer that tells nothing but that it wasn't answered, and why."""
    assert response.status_code == status
    assert response.json().keys() <= {"errors", "data", "extensions"}
    assert not any((response.json().get("data") or {}).values())
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == code
    assert [word for word in INTERNAL_WORDS if word in response.text] == []
    if status in (429, 503):
        assert int(response.headers["Retry-After"]) >= 1
    sentence: str = error["message"]
    return sentence
