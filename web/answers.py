"""Answers in JSON, errors too, whatever was asked."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.media import JSON

log = structlog.get_logger()

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def in_json(
    content: Any,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """UTF-8 as it is: Chinese isn't escaped."""
    body = orjson.dumps(content)
    return Response(body, status, {**HEADERS, **(headers or {})}, f"{media_type}; charset=utf-8")


def refusal(
    status: int, code: str, message: str, media_type: str = JSON, **headers: str
) -> Response:
    id = uuid4().hex
    extensions = {"code": code, "requestId": id}
    log.info("request", id=id, operation=None, refused=message, status=status)
    return in_json(
        {"errors": [{"message": message, "extensions": extensions}]}, status, media_type, headers
    )


async def refused_by_route(request: Request, error: Exception) -> Response:
    """What no route answers: another address, another method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return refusal(404, "NOT_FOUND", "There is nothing here: questions go to POST /graphql.")
    allowed = (error.headers or {}).get("Allow", "POST")
    return refusal(error.status_code, "BAD_USER_INPUT", f"Use {allowed} here.", Allow=allowed)


async def fault(request: Request | None, error: Exception) -> Response:
    """The server's own log has the cause: it is raised on after this answer."""
    return refusal(500, "INTERNAL", "This is our fault, not yours. Try again, or tell us the id.")
