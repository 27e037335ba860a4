"""POST /graphql, by the GraphQL-over-HTTP specification; GET is off."""

import time
from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLFormattedError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from kit.errors import BadInput, LimitExceeded
from kit.sealed import Seals
from kit.snapshots import Snapshots
from resolvers.access import Viewer
from resolvers.context import Context, Way
from schema import schema
from web.answers import HEADERS, fault, refusal
from web.log import line_writer
from web.media import GRAPHQL_JSON, JSON, accepted, is_json
from web.probes import Ways

LARGEST_BODY = 1_000_000  # bytes
READ = {b"accept", b"content-type", b"content-encoding"}
HEAD = {
    media_type: [
        *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
    ]
    for media_type in (JSON, GRAPHQL_JSON)
}


class Unfit(BadInput):
    """A request that asks nothing, or not in a way that is understood."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class TooLarge(Unfit):
    code = LimitExceeded.code


class Gone(Exception):
    """The client left before it had sent the body."""


class Endpoint:
    """ASGI as it is: the requests and responses of a framework cost more than many an answer.

    Until access control exists, every request is answered as one viewer.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        snapshots: Snapshots,
        viewer: Viewer,
        way: Way = Way.PLAN,
        seals: Seals | None = None,
    ) -> None:
        self.seals = seals
        self.engine, self.snapshots, self.viewer, self.way = engine, snapshots, viewer, way
        self.say, self.ways = line_writer(), Ways()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        media_type = accepted(headers.get(b"accept", ""))
        try:
            if media_type is None:
                raise Unfit(f"Accept {JSON} or {GRAPHQL_JSON}: there is nothing else.", 406)
            check_body(headers)
            asked = parameters(await body_of(receive))
        except Gone:
            return
        except Unfit as error:
            refused = refusal(error.status, error.code, str(error), media_type or JSON)
            await refused(scope, receive, send)
        else:
            try:
                status, body = await self.answer(asked, media_type)
            except Exception as error:
                masked = await fault(None, error)
                await masked(scope, receive, send)
                raise  # for the server's log
            length = (b"content-length", str(len(body)).encode())
            start = {"status": status, "headers": [*HEAD[media_type], length]}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": body})

    async def answer(self, asked: dict[str, Any], media_type: str) -> tuple[int, bytes]:
        started = time.perf_counter()
        context = Context.of(
            self.engine, self.viewer, snapshots=self.snapshots, way=self.way, seals=self.seals
        )
        try:
            result = await schema.answer(
                asked["query"], asked.get("variables"), context, asked.get("operationName")
            )
        finally:
            await context.close()
        errors = [error.formatted for error in result.errors] if result.errors else []
        body = written(result.data, errors)
        status = 200 if media_type == JSON or executed(result.data, errors) else 400
        self.ways.count(context.went, context.handed_over)
        self.say(
            "request",
            id=context.request_id,
            operation=context.operation,
            ms=round((time.perf_counter() - started) * 1000, 1),
            way=context.went,
            statements=context.statements,
            errors=len(errors),
            status=status,
        )
        return status, body


def headers_of(scope: Scope) -> dict[bytes, str]:
    """Those that matter here; what comes in several lines is one list."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in READ:
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if name in found else text
    return found


def check_body(headers: dict[bytes, str]) -> None:
    """Raises Unfit for what can't be a body of ours, before any of it is read."""
    if not is_json(headers.get(b"content-type", "")):
        raise Unfit(f"Send {JSON}, in UTF-8.", 415)
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise Unfit("Send the body uncompressed.", 415)


async def body_of(receive: Receive) -> bytes:
    """Raises TooLarge or Gone."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise TooLarge(f"The body is larger than {LARGEST_BODY} bytes.", 413)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def parameters(body: bytes) -> dict[str, Any]:
    """Raises Unfit with what is accepted."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unfit("The body is no JSON in UTF-8.") from error
    if not isinstance(asked, dict):
        raise Unfit('The body is an object: {"query": "…", "variables": {…}}.')
    if not isinstance(asked.get("query"), str):
        raise Unfit("`query` is a text, and must be there.")
    if not isinstance(asked.get("variables"), dict | None):
        raise Unfit("`variables` is an object, or null.")
    if not isinstance(asked.get("operationName"), str | None):
        raise Unfit("`operationName` is a text, or null.")
    if not isinstance(asked.get("extensions"), dict | None):
        raise Unfit("`extensions` is an object, or null.")
    return asked


def executed(data: Any, errors: Sequence[GraphQLFormattedError]) -> bool:
    """Without data, only a place in the answer tells that the query was run."""
    return data is not None or any("path" in error for error in errors)


def written(data: Any, errors: Sequence[GraphQLFormattedError]) -> bytes:
    """`data` is a dictionary, or an `orjson.Fragment` of JSON that is written already.

    UTF-8 as it is: Chinese isn't escaped.
    """
    content: dict[str, Any] = {"errors": errors} if errors else {}
    if executed(data, errors):
        content["data"] = data
    return orjson.dumps(content)
