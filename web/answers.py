"""Answers in JSON, errors too, whatever was asked."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kit.language import Language, Sentence
from web.language import language_of
from web.media import JSON

log = structlog.get_logger()

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

NOTHING_HERE = Sentence(
    "There is nothing here: questions go to POST /graphql.",
    "此处没有内容，请以 POST 方法访问 /graphql。",
)
OURS = Sentence(
    "This is our fault, not yours. Try again, or tell us the id.",
    "这是本服务的故障，请重试，或将编号告知我们。",
)


def in_json(
    content: Any,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """UTF-8 as it is: Chinese isn't escaped."""
    body = orjson.dumps(content)
    return Response(body, status, {**HEADERS, **(headers or {})}, f"{media_type}; charset=utf-8")


def in_language(language: Language) -> dict[str, str]:
    """What depends on the language says so, for caches and for people."""
    return {"Content-Language": language.value, "Vary": "Accept-Language, Accept"}


def refusal(
    status: int,
    code: str,
    sentence: Sentence,
    language: Language,
    media_type: str = JSON,
    **headers: str,
) -> Response:
    id = uuid4().hex
    extensions = {"code": code, "requestId": id}
    log.info("request", id=id, operation=None, refused=sentence.english, status=status)
    error = {"message": sentence.said(language), "extensions": extensions}
    return in_json({"errors": [error]}, status, media_type, {**in_language(language), **headers})


async def refused_by_route(request: Request, error: Exception) -> Response:
    """What no route answers: another address, another method."""
    assert isinstance(error, HTTPException)
    language = language_for(request)
    if error.status_code == 404:
        return refusal(404, "NOT_FOUND", NOTHING_HERE, language)
    allowed = (error.headers or {}).get("Allow", "POST")
    use = Sentence(f"Use {allowed} here.", f"此处请使用 {allowed} 方法。")
    return refusal(error.status_code, "BAD_USER_INPUT", use, language, Allow=allowed)


async def fault(request: Request, error: Exception) -> Response:
    """The server's own log has the cause: it is raised on after this answer."""
    return refusal(500, "INTERNAL", OURS, language_for(request))


def language_for(request: Request) -> Language:
    return language_of(",".join(request.headers.getlist("accept-language")))
