"""POST /graphql, by the GraphQL-over-HTTP specification; GET is off."""

import re
import time
from typing import Any

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.types import ExecutionResult

from kit.errors import BadInput
from kit.snapshots import Snapshots
from resolvers.access import Viewer
from resolvers.context import Context, Way
from schema import schema
from web.answers import JSON, in_json, refusal

log = structlog.get_logger()

LARGEST_BODY = 1_000_000  # bytes
GRAPHQL_JSON = "application/graphql-response+json"


class TooLarge(Exception):
    """The body is over the limit."""


class Endpoint:
    """Until access control exists, every request is answered as one viewer."""

    def __init__(
        self, engine: AsyncEngine, snapshots: Snapshots, viewer: Viewer, way: Way = Way.PLAN
    ) -> None:
        self.engine, self.snapshots, self.viewer, self.way = engine, snapshots, viewer, way

    async def __call__(self, request: Request) -> Response:
        media_type = accepted(request.headers.get("accept", ""))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            return refusal(415, "BAD_USER_INPUT", f"Send {JSON}.", media_type)
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            return refusal(415, "BAD_USER_INPUT", "Send the body uncompressed.", media_type)
        try:
            asked = parameters(await body_of(request))
        except TooLarge:
            message = f"The body is larger than {LARGEST_BODY} bytes."
            return refusal(413, "LIMIT_EXCEEDED", message, media_type)
        except BadInput as error:
            return refusal(400, error.code, str(error), media_type)
        except ClientDisconnect:
            return Response(status_code=400)
        return await self.answer(asked, media_type)

    async def answer(self, asked: dict[str, Any], media_type: str) -> Response:
        started = time.perf_counter()
        context = Context.of(self.engine, self.viewer, snapshots=self.snapshots, way=self.way)
        async with context.reader:
            result = await schema.answer(
                asked["query"], asked.get("variables"), context, asked.get("operationName")
            )
        status = status_of(result, media_type)
        log.info(
            "request",
            id=context.request_id,
            operation=context.operation,
            ms=round((time.perf_counter() - started) * 1000, 1),
            way=context.went,
            statements=context.statements,
            errors=len(result.errors or ()),
            status=status,
        )
        return in_json(content_of(result), status, media_type)


def accepted(header: str) -> str:
    """GraphQL's own media type where the client names it; plain JSON otherwise."""
    for part in header.lower().split(","):
        media_type, *parameters = (word.strip() for word in part.split(";"))
        refused = any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
        if media_type == GRAPHQL_JSON and not refused:
            return GRAPHQL_JSON
    return JSON


async def body_of(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def parameters(body: bytes) -> dict[str, Any]:
    """Raises BadInput with what is accepted."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput("The body is no JSON in UTF-8.") from error
    if not isinstance(asked, dict):
        raise BadInput('The body is an object: {"query": "…", "variables": {…}}.')
    if not isinstance(asked.get("query"), str):
        raise BadInput("`query` is a text, and must be there.")
    if not isinstance(asked.get("variables"), dict | None):
        raise BadInput("`variables` is an object, or null.")
    if not isinstance(asked.get("operationName"), str | None):
        raise BadInput("`operationName` is a text, or null.")
    if not isinstance(asked.get("extensions"), dict | None):
        raise BadInput("`extensions` is an object, or null.")
    return asked


def status_of(result: ExecutionResult, media_type: str) -> int:
    """A request that was never executed is the client's error, where the media type can say so."""
    never_executed = result.data is None and not any(error.path for error in result.errors or ())
    return 400 if never_executed and media_type == GRAPHQL_JSON else 200


def content_of(result: ExecutionResult) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if result.errors:
        content["errors"] = [error.formatted for error in result.errors]
    if result.data is not None or any(error.path for error in result.errors or ()):
        content["data"] = result.data
    return content
