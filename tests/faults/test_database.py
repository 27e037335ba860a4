"""The database is cut off, falls silent, is stopped, or loses a process: said at once, and over."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from kit.db.postgres_pool import STALE_SECONDS, TRUSTED_SECONDS
from kit.timeouts import APPLICATION_NAME
from tests.faults.asked import (
    ANSWER,
    assert_unavailable,
    probe_statuses,
    query_worker,
    recovery_seconds,
    service_client,
)
from tests.faults.importing import CREATED, ImportProcess
from tests.faults.network import Proxy
from tests.kit.test_postgres_pool import driver_connection
from tests.limits.test_running import lock_workers
from tests.service.test_server import ServiceProcess, start_service
from tests.support.commands import table_row_counts
from tests.support.databases import Databases
from tests.support.postgres import temporary_postgres

STEADFAST = {"LOCK_SECONDS": "60", "STATEMENT_SECONDS": "60", "REQUEST_SECONDS": "60"}


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield a server of our own, that may be stopped and hurt."""
    with temporary_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def own(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("own"), postgres.get_uri())


@pytest.fixture(scope="module")
def url(own: Databases) -> str:
    return own.copy("postgresql", "examples")


@pytest.fixture(scope="module")
async def way(url: str) -> AsyncIterator[Proxy]:
    async with Proxy(url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
async def service(
    way: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceProcess]:
    folder = tmp_path_factory.mktemp("service")
    with start_service(folder, DATABASE_URL=way.url, **STEADFAST) as service:
        await asyncio.to_thread(service.wait)
        yield service


@pytest.fixture
async def client(service: ServiceProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with service_client(service.url) as client:
        await recovery_seconds(client, 10)
        assert await probe_statuses(client) == (200, 200)
        yield client


async def backend(connection: Any) -> int:
    """Return the process of the database that answers the service, and waits for a lock."""
    async with asyncio.timeout(5):
        while True:
            await connection.execute("SELECT pg_stat_clear_snapshot()")
            found = await connection.fetchval(
                "SELECT pid FROM pg_stat_activity WHERE application_name = $1 "
                "AND wait_event_type = 'Lock' AND query LIKE 'SELECT worker%'",
                APPLICATION_NAME,
            )
            if found is not None:
                return int(found)
            await asyncio.sleep(0.02)


async def test_a_connection_that_is_cut_is_told_at_once_and_replaced(
    client: httpx.AsyncClient, url: str, way: Proxy
) -> None:
    async with lock_workers(url) as connection:
        broken = asyncio.create_task(assert_unavailable(client, way.url))
        await backend(connection)
        await asyncio.sleep(STALE_SECONDS)
        way.cut()
        assert await broken < 5 + STALE_SECONDS
        assert (await client.get("/health")).status_code == 200
    assert await recovery_seconds(client, 10) < 10
    way.cut()  # when nobody is asking
    await asyncio.sleep(0.1)
    assert await query_worker(client) == ANSWER


async def test_a_database_that_falls_silent_is_told_within_five_seconds(
    client: httpx.AsyncClient, way: Proxy
) -> None:
    way.swallowing = True
    try:
        one, two, answered = await asyncio.gather(
            assert_unavailable(client, way.url),
            assert_unavailable(client, way.url),
            probe_statuses(client),
        )
        assert max(one, two) < 5
        assert answered == (200, 503)
    finally:
        way.swallowing = False
    assert await recovery_seconds(client, 10) < 10
    assert await probe_statuses(client) == (200, 200)


async def test_a_database_that_is_stopped_is_told_and_its_return_is_seen(
    client: httpx.AsyncClient, postgres: Any, way: Proxy
) -> None:
    await asyncio.to_thread(postgres.stop)
    try:
        for _ in range(3):
            assert await assert_unavailable(client, way.url) < 5
            assert await probe_statuses(client) == (200, 503)
    finally:
        await asyncio.to_thread(postgres.start)
    assert await recovery_seconds(client, 10) < 10
    assert await probe_statuses(client) == (200, 200)


@pytest.mark.parametrize("wait", [0.0, TRUSTED_SECONDS])
async def test_after_a_restart_that_nobody_told_of_the_first_questions_are_answered(
    client: httpx.AsyncClient, postgres: Any, way: Proxy, wait: float
) -> None:
    """Each connection of the pool is dead, and the service hears of it when it uses one."""
    assert await asyncio.gather(*(query_worker(client) for _ in range(8))) == [ANSWER] * 8
    way.lose()
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.start)
    await asyncio.sleep(wait)
    assert await asyncio.gather(*(query_worker(client) for _ in range(8))) == [ANSWER] * 8


@pytest.mark.parametrize("kill", [True, False], ids=["kill -9", "pg_terminate_backend"])
async def test_a_backend_that_is_killed_under_a_question_is_told_and_replaced(
    client: httpx.AsyncClient, url: str, way: Proxy, kill: bool
) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("BEGIN; LOCK TABLE worker IN ACCESS EXCLUSIVE MODE")
    broken = asyncio.create_task(assert_unavailable(client, way.url))
    pid = await backend(connection)
    await asyncio.sleep(STALE_SECONDS)  # what is lost sooner is taken to have been dead
    if kill:
        os.kill(pid, signal.SIGKILL)  # after which all others are ended too, and it recovers
    else:
        await connection.execute("SELECT pg_terminate_backend($1)", pid)
    assert await broken < 5 + STALE_SECONDS
    assert (await client.get("/health")).status_code == 200
    connection.terminate()
    assert await recovery_seconds(client, 10) < 10
    assert await probe_statuses(client) == (200, 200)


@pytest.mark.parametrize("kill", [True, False], ids=["kill -9", "pg_terminate_backend"])
async def test_an_import_whose_backend_is_killed_leaves_nothing_and_is_repeated(
    own: Databases, tmp_path: Any, kill: bool
) -> None:
    url = await asyncio.to_thread(own.copy, "postgresql", "empty")
    before = await table_row_counts(url)
    importing = ImportProcess(url, tmp_path)
    async with importing.under_way() as process, driver_connection(url) as other:
        pid = await writer(other)
        if kill:
            os.kill(pid, signal.SIGKILL)
        else:
            await other.execute("SELECT pg_terminate_backend($1)", pid)
        said, code = await importing.end(process)
    assert (code, "Traceback" in said) == (1, False), said
    async with asyncio.timeout(10):
        while await rows_or_none(url) != before:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.2)
    assert await importing.whole() == (0, CREATED)
    assert await importing.whole() == (0, "Nothing to change: all of it is on record.")


async def writer(connection: Any) -> int:
    """Return the process of the database that has written some of the import."""
    async with asyncio.timeout(30):
        while True:
            found = await connection.fetchval(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_xid IS NOT NULL AND query LIKE 'INSERT%'"
            )
            if found is not None:
                return int(found)
            await asyncio.sleep(0.002)


async def rows_or_none(url: str) -> dict[str, int] | None:
    try:
        return await table_row_counts(url)
    except (OSError, asyncpg.PostgresError, DBAPIError):  # it is still recovering
        return None
