"""Clients that disconnect, send slowly or not at all, or come all at once; graceful shutdown."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx
import pytest

from kit.timeouts import APPLICATION_NAME
from tests.faults.asked import ANSWER, query_worker, service_client
from tests.kit.test_postgres_pool import driver_connection
from tests.limits.test_running import lock_workers
from tests.service.test_server import ServiceProcess, start_service
from tests.support.over_http import SAMPLE_QUERY

LONG = {
    "LOCK_SECONDS": "60", "STATEMENT_SECONDS": "60", "REQUEST_SECONDS": "60",
    "POOL_SECONDS": "60", "CONCURRENT_QUERIES": "400",
}  # fmt: skip
PLANNED = SAMPLE_QUERY["query"]
BY_EXECUTOR = '{ worker(code: "yu_yimu") { name history { totalCount } } }'


async def stuck(connection: Any) -> int:
    """Statements of the service that wait for a lock."""
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    number: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = $1 AND state = 'active' AND query LIKE 'SELECT worker%'",
        APPLICATION_NAME,
    )
    return number


async def until_stuck(connection: asyncpg.Connection, number: int, seconds: float) -> float:
    begun = time.perf_counter()
    async with asyncio.timeout(seconds):
        while await stuck(connection) != number:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.02)
    return time.perf_counter() - begun


@pytest.fixture(scope="module")
def service(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
    """For those who leave it as it is."""
    folder = tmp_path_factory.mktemp("service")
    settings = {**LONG, "CONCURRENT_QUERIES": "32"}
    with start_service(folder, DATABASE_URL=postgres_url, **settings) as service:
        service.wait()
        yield service
        assert "Traceback" not in service.said


@pytest.mark.parametrize("query", [PLANNED, BY_EXECUTOR], ids=["by a plan", "by the executor"])
async def test_a_client_that_leaves_stops_its_statement_in_the_database(
    service: ServiceProcess, postgres_url: str, query: str
) -> None:
    async with service_client(service.url) as client:
        assert await query_worker(client) == ANSWER
        async with lock_workers(postgres_url) as connection:
            async with service_client(service.url) as leaving:
                leavers = [
                    asyncio.create_task(leaving.post("/graphql", json={"query": query}))
                    for _ in range(5)
                ]
                await until_stuck(connection, 5, 5)
                for one in leavers:
                    one.cancel()
                await asyncio.wait(leavers)
            assert await until_stuck(connection, 0, 2) < 1
        assert await query_worker(client) == ANSWER


def port_of(service: ServiceProcess) -> int:
    return int(service.url.rpartition(":")[2])


@asynccontextmanager
async def half_open(service: ServiceProcess, number: int, said: bytes = b"") -> AsyncIterator[None]:
    """Open connections on which no request ever ends."""
    held = []
    try:
        for _ in range(number):
            one = socket.create_connection(("127.0.0.1", port_of(service)))
            one.sendall(said)
            held.append(one)
        yield
    finally:
        for one in held:
            one.close()


async def latency(client: httpx.AsyncClient, times: int = 20) -> float:
    """Seconds of a normal question, as a median."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        assert await query_worker(client) == ANSWER
        taken.append(time.perf_counter() - begun)
    return median(taken)


@pytest.mark.parametrize("said", [
    b"", b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Ty",
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 100\r\n\r\n{"query',
], ids=["nothing", "half a head", "half a body"])  # fmt: skip
async def test_four_hundred_half_open_connections_are_in_nobodys_way(
    service: ServiceProcess, said: bytes
) -> None:
    async with service_client(service.url) as client:
        before = await latency(client)
        async with half_open(service, 400, said):
            await asyncio.sleep(0.3)
            assert await latency(client) < before + 0.05


async def give_up(service: ServiceProcess, query: str) -> None:
    """Send a request as a client that waits 50 ms."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(service))
    body = json.dumps({"query": query})
    head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.05)
    writer.transport.abort()


async def test_three_hundred_clients_that_give_up_leave_nothing_behind(
    service: ServiceProcess, postgres_url: str
) -> None:
    long = "{ workers(first: 100) { nodes { results { totalCount } employments { totalCount } } } }"
    async with service_client(service.url) as client:
        before = await latency(client)
        await asyncio.gather(*(give_up(service, long) for _ in range(300)))
        assert await latency(client) < before + 0.05
        async with driver_connection(postgres_url) as connection:
            assert await stuck(connection) == 0


async def test_a_service_that_is_told_to_end_answers_what_it_has_begun(
    postgres_url: str, tmp_path: Path
) -> None:
    with start_service(tmp_path, DATABASE_URL=postgres_url, **LONG) as service:
        service.wait()
        async with service_client(service.url) as client, lock_workers(postgres_url) as connection:
            begun = [
                asyncio.create_task(client.post("/graphql", json=SAMPLE_QUERY)) for _ in range(8)
            ]
            await until_stuck(connection, 8, 5)
            service.process.terminate()
            await asyncio.sleep(0.5)
            with pytest.raises(httpx.TransportError):
                async with service_client(service.url) as late:
                    await late.post("/graphql", json=SAMPLE_QUERY)
            assert not any(one.done() for one in begun)
            await connection.execute("ROLLBACK; BEGIN")
            for one in begun:
                assert (await one).json()["data"] == ANSWER["data"]
        assert await asyncio.to_thread(service.process.wait, 20) == 0
    assert "Traceback" not in service.said


async def test_what_takes_longer_than_the_end_may_take_is_broken_off(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = {**LONG, "SHUTDOWN_SECONDS": "1"}
    with start_service(tmp_path, DATABASE_URL=postgres_url, **settings) as service:
        service.wait()
        async with service_client(service.url) as client, lock_workers(postgres_url) as connection:
            begun = asyncio.create_task(client.post("/graphql", json=SAMPLE_QUERY))
            await until_stuck(connection, 1, 5)
            told = time.perf_counter()
            service.process.terminate()
            code = await asyncio.to_thread(service.process.wait, 10)
            assert (code, time.perf_counter() - told < 4) == (0, True)
            await asyncio.wait([begun])
            assert await until_stuck(connection, 0, 2) < 2
