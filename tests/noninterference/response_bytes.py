"""Compares the responses of two registries byte by byte, except for values unique to a request."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

import httpx
from structlog.testing import capture_logs

from resolvers.core.context import Executor
from tests.noninterference.registry_pairs import KEYS, PreparedPair
from tests.random.requests import RandomRequest
from tests.support.over_http import serve

# What is refused for its size tells nothing of rows: so all is asked.
SIZES = ("aliases", "cost", "depth", "directives", "root_fields", "tokens", "variables")
UNBOUNDED = {
    "points_per_minute": 10**12,
    "public_points_per_minute": 10**12,
    **{f"limit_{size}": 10**9 for size in SIZES},
}
FEW_LINKS = {"limit_links": 3}  # so that what is cut is told


@dataclass(frozen=True)
class LoggedResponse:
    """An answer as it came, and what the log says of how it came about."""

    status: int
    headers: dict[str, str]
    body: bytes
    logged: list[dict[str, Any]]
    since: datetime  # when the first request was sent

    @property
    def has_data(self) -> bool:
        return self.status == 200 and b'"data":{' in self.body

    @property
    def parts(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "headers": mask_headers(self.headers),
            "body": mask_body(unzip_workbook(self.body), self.since),
            "log": [comparable_log_fields(line) for line in self.logged],
        }


# Of every request its own: ids; what was spent before; when a report was made, and what follows
# from that.
REQUEST_ID = re.compile(rb"\b[0-9a-f]{32}\b")
RATE = re.compile(rb'"rate":\{[^}]*\}')
# What a mutation writes now, each registry at its own moment.
MOMENT = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00)"')
MADE_AT = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+08:00")
OF_MOMENTS = {"etag", "repr-digest", "content-length", "date"}


def mask_body(body: bytes, since: datetime) -> bytes:
    def mask_new(found: re.Match[bytes]) -> bytes:
        is_new = datetime.fromisoformat(found[1].decode()) >= since
        return '"…"'.encode() if is_new else found[0]

    for pattern in (REQUEST_ID, RATE, MADE_AT):
        body = pattern.sub("…".encode(), body)
    return MOMENT.sub(mask_new, body)


def mask_headers(headers: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name not in OF_MOMENTS and not name.startswith("ratelimit")
    }


def unzip_workbook(body: bytes) -> bytes:
    """Return the bytes of a workbook's parts, which its archive compresses."""
    if not is_zipfile(BytesIO(body)):
        return body
    with ZipFile(BytesIO(body)) as archive:
        return b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())


def comparable_log_fields(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in {"id", "ms", "request_id"}}


class ServedPair:
    """Two registries over HTTP. A plain class: Hypothesis prints all fields of other arguments."""

    def __init__(
        self,
        prepared: PreparedPair,
        clients: dict[Executor, tuple[httpx.AsyncClient, httpx.AsyncClient]],
    ) -> None:
        self.prepared, self.clients = prepared, clients
        self.tally: Counter[str] = Counter()
        self.since = datetime.now(UTC)

    async def heard(
        self, request: RandomRequest, way: Executor
    ) -> tuple[LoggedResponse, LoggedResponse]:
        one, other = self.clients[way]
        return (
            await send_request(one, request, self.since),
            await send_request(other, request, self.since),
        )


async def send_request(
    client: httpx.AsyncClient, request: RandomRequest, since: datetime
) -> LoggedResponse:
    with capture_logs() as logged:
        if request.question is None:
            headers = {"Accept-Language": request.language}
            response = await client.get(request.address, headers=headers)
        else:
            headers = {"Content-Type": "application/json", "Accept-Language": request.language}
            response = await client.post("/graphql", content=request.body, headers=headers)
    return LoggedResponse(
        response.status_code,
        dict(response.headers),
        response.content,
        [dict(line) for line in logged],
        since,
    )


@asynccontextmanager
async def serve_pair(prepared: PreparedPair, ways: Sequence[Executor]) -> AsyncIterator[ServedPair]:
    """Serve both registries to clients that send as the viewer."""
    async with AsyncExitStack() as stack:
        clients = {}
        for way in ways:
            one, other = [
                await stack.enter_async_context(
                    serve(url, prepared.viewer, way=way, **KEYS, **UNBOUNDED, **FEW_LINKS)
                )
                for url in prepared.urls
            ]
            clients[way] = (one, other)
        yield ServedPair(prepared, clients)
