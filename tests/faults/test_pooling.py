"""Behind a pgbouncer that gives each transaction another session.

Needs the program `pgbouncer`; where it is missing these tests say so and are skipped.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import URL, make_url

from tests.faults.importing import CREATED, NUMBER, ImportProcess
from tests.limits.test_running import lock_workers
from tests.service.test_server import free_port
from tests.support.commands import table_row_counts
from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.databases import Databases
from tests.support.over_http import JSON, post_graphql, refusal_message, serve
from tests.support.partners import issue_partner_keys

PROGRAM = shutil.which("pgbouncer")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed here")
SESSIONS = 2  # for all that is asked at once, which therefore waits
PATIENT: dict[str, Any] = {
    "points_per_minute": 100_000_000,
    "connect_seconds": 30,
    "pool_seconds": 30,
    "request_seconds": 60,
}

SETTINGS = """
[databases]
* = host={host} port={port} user={user} {password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 200
logfile =
"""


@pytest.fixture(scope="module")
def proxy(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server = databases.postgres_url
    folder, listen = tmp_path_factory.mktemp("pooling"), free_port()
    path = folder / "pgbouncer.ini"
    host = str(server.query.get("host") or server.host or "127.0.0.1")
    if host.startswith("/") and os.getuid() == 0:
        pytest.skip("As whom pgbouncer runs, it can't reach the socket of a PostgreSQL of our own.")
    path.write_text(
        SETTINGS.format(
            host=host,
            port=server.port or 5432,
            user=server.username or "postgres",
            password=f"password={server.password}" if server.password else "",
            listen=listen,
            sessions=SESSIONS,
        )
    )
    # It refuses to run as root, and whom it runs as can't read our folder: it reads an open file.
    below: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}
    command = [str(PROGRAM), "/dev/stdin"]
    with (
        (folder / "log").open("wb") as said,
        path.open("rb") as read,
        subprocess.Popen(command, stdin=read, stdout=said, stderr=said, **below) as process,
    ):
        time.sleep(0.5)
        assert process.poll() is None, (folder / "log").read_text()
        yield listen
        process.terminate()


@pytest.fixture(scope="module")
def direct_url(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def pooled_url(direct_url: str, proxy: int) -> str:
    inner = make_url(direct_url)
    outer = URL.create(
        "postgresql",
        inner.username or "postgres",
        host="127.0.0.1",
        port=proxy,
        database=inner.database,
        query={"pooling": "transaction"},
    )
    return outer.render_as_string(hide_password=False)


@pytest.fixture
async def client(pooled_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(pooled_url, None, **PATIENT) as client:
        yield client


async def answers(client: httpx.AsyncClient, keys: list[str | None]) -> list[Any]:
    """To all contract queries of all viewers at once."""

    async def ask(number: str, key: str | None) -> Any:
        more = {"Authorization": f"Bearer {key}"} if key else {}
        body = {"query": contract_query(number), "variables": contract_variables(number)}
        return (await post_graphql(client, body, JSON, **more)).json().get("data")

    return await asyncio.gather(*(ask(number, key) for key in keys for number in PLANNED))


async def test_many_kinds_of_viewers_share_sessions_and_each_sees_its_own(
    client: httpx.AsyncClient, pooled_url: str, direct_url: str
) -> None:
    made = await issue_partner_keys(direct_url)
    keys = [None, made["demo_college"], made["demo_steward"], made["demo_union_a"]]
    async with serve(direct_url, None, **PATIENT) as plain:
        expected = await answers(plain, keys)
    assert all(expected)
    size = len(PLANNED)
    trainees = PLANNED.index("03")
    assert len({str(expected[turn * size + trainees]) for turn in range(len(keys))}) > 1
    for _ in range(5):
        assert await answers(client, keys) == expected
    connection = await asyncpg.connect(direct_url)
    sessions = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    assert 1 <= sessions <= SESSIONS


async def test_the_limits_hold_in_each_transaction(pooled_url: str, direct_url: str) -> None:
    body = {"query": '{ worker(code: "yu_yimu") { name } }'}
    async with serve(pooled_url, lock_seconds=0.3, statement_seconds=9) as client:
        async with lock_workers(direct_url):
            assert "locked this record for 0.3 s" in refusal_message(
                await post_graphql(client, body), 503, "UNAVAILABLE"
            )
        assert (await post_graphql(client, body)).json()["data"] == {"worker": {"name": "于义睦"}}


async def test_an_import_goes_through(pooled_url: str, direct_url: str, tmp_path: Path) -> None:
    before = await table_row_counts(direct_url)
    assert await ImportProcess(pooled_url, tmp_path).whole() == (0, CREATED)
    assert (await table_row_counts(direct_url))["worker"] == before["worker"] + NUMBER
