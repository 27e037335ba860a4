"""Asking a service that runs as a process."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.over_http import SAMPLE_QUERY

ANSWER = {"data": {"worker": {"name": "于义睦"}}}
BROKEN = "The database can't be reached: try again in a moment."


@asynccontextmanager
async def service_client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        yield client


async def query_worker(client: httpx.AsyncClient) -> Any:
    """Return the answer, without what it cost."""
    answer = (
        await client.post("/graphql", json=SAMPLE_QUERY, headers={"Accept-Language": "en"})
    ).json()
    answer.pop("extensions", None)
    return answer


async def assert_unavailable(client: httpx.AsyncClient, url: str) -> float:
    """Seconds until it is said that the database is out of reach, and nothing about it."""
    started = time.perf_counter()
    response = await client.post("/graphql", json=SAMPLE_QUERY, headers={"Accept-Language": "en"})
    seconds = time.perf_counter() - started
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) >= 1
    [error] = response.json()["errors"]
    assert (error["extensions"]["code"], error["message"]) == ("UNAVAILABLE", BROKEN)
    for word in (url.rpartition(":")[2].partition("/")[0], "127.0.0.1", "SELECT", "asyncpg"):
        assert word not in response.text
    return seconds


async def recovery_seconds(client: httpx.AsyncClient, seconds: float) -> float:
    """Seconds until a question is answered again."""
    started = time.perf_counter()
    async with asyncio.timeout(seconds):
        while await query_worker(client) != ANSWER:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.1)
    return time.perf_counter() - started


async def probe_statuses(client: httpx.AsyncClient) -> tuple[int, int]:
    """Return the status of /health and of /ready."""
    alive, ready = await asyncio.gather(client.get("/health"), client.get("/ready"))
    return alive.status_code, ready.status_code
