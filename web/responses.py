"""JSON responses, including errors, of all endpoints."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kit.i18n import Language, Message
from web.accept_language import negotiate_language
from web.content_negotiation import JSON

log = structlog.get_logger()

RESPONSE_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

NO_ROUTE = Message(
    "Not found: send queries to POST /graphql.",
    "此处没有内容，请以 POST 方法访问 /graphql。",
)
SERVER_FAULT = Message(
    "An internal error occurred. Try again, or report it with the id.",
    "这是本服务的故障，请重试，或将编号告知我们。",
)


def json_response(
    content: Any,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a response in UTF-8, without escapes."""
    body = orjson.dumps(content)
    return Response(
        body, status, {**RESPONSE_HEADERS, **(headers or {})}, f"{media_type}; charset=utf-8"
    )


def language_headers(language: Language) -> dict[str, str]:
    """Return the headers for a response that depends on the language, also for caches."""
    return {"Content-Language": language.value, "Vary": "Accept-Language, Accept"}


def error_response(
    status: int,
    code: str,
    sentence: Message,
    language: Language,
    media_type: str = JSON,
    **headers: str,
) -> Response:
    id = uuid4().hex
    extensions = {"code": code, "requestId": id}
    log.info("request", id=id, operation=None, refused=sentence.english, status=status)
    error = {"message": sentence.said(language), "extensions": extensions}
    return json_response(
        {"errors": [error]}, status, media_type, {**language_headers(language), **headers}
    )


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Answer requests that no route matches: 404 or 405."""
    assert isinstance(error, HTTPException)
    language = request_language(request)
    if error.status_code == 404:
        return error_response(404, "NOT_FOUND", NO_ROUTE, language)
    allowed = (error.headers or {}).get("Allow", "POST")
    use = Message(f"Use {allowed} here.", f"此处请使用 {allowed} 方法。")
    return error_response(error.status_code, "BAD_USER_INPUT", use, language, Allow=allowed)


async def handle_server_error(request: Request, error: Exception) -> Response:
    """Answer with 500. The error is raised again afterwards, so that the server logs its cause."""
    return error_response(500, "INTERNAL", SERVER_FAULT, request_language(request))


def request_language(request: Request) -> Language:
    return negotiate_language(",".join(request.headers.getlist("accept-language")))
