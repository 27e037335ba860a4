"""The reverse proxy of deploy/ before the service: who drips, idles or forges an address."""

import asyncio
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx
import pytest

from tests.faults.asked import ANSWER, query_worker
from tests.service.test_server import ROOT, ServiceProcess, free_port, start_service
from tests.support.over_http import SAMPLE_QUERY

CLIENT = 2  # seconds in which nginx wants a head, and each piece of a body, here
POST = b"POST /graphql HTTP/1.1\r\nHost: registry.example\r\nContent-Type: application/json\r\n"

pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")),
    reason="nginx or openssl isn't installed.",
)


@pytest.fixture(scope="module")
def service(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    folder = tmp_path_factory.mktemp("service")
    with start_service(folder, DATABASE_URL=sqlite_url, PUBLIC_POINTS_PER_MINUTE="2000") as service:
        service.wait()
        yield service


@pytest.fixture(scope="module")
def proxy(service: ServiceProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Yield the port on which nginx takes requests, with TLS and a certificate of its own."""
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "1", "-subj", "/CN=registry.example", "-keyout", folder / "key.pem",
         "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    written = configured(folder, port, service.url.removeprefix("http://"))
    (folder / "nginx.conf").write_text(written, "utf-8")
    command = ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stderr=log) as nginx,
    ):
        try:
            until_listened(port, nginx, folder / "log")
            yield port
        finally:
            nginx.terminate()


def configured(folder: Path, port: int, service: str) -> str:
    """Return the file as it is shipped, but for places, ports, and shorter times."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for found, put in [
        (r"pid \S+;", f"pid {folder}/pid;"),
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"server 127\.0\.0\.1:8000;", f"server {service};"),
        (r"CERTIFICATE\.pem", f"{folder}/certificate.pem"),
        (r"KEY\.pem", f"{folder}/key.pem"),
        (r"client_(header|body)_timeout 10s;", rf"client_\1_timeout {CLIENT}s;"),
    ]:
        text, number = re.subn(found, put, text)
        assert number, found
    return text


def until_listened(port: int, nginx: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert nginx.poll() is None, log.read_text()
        try:
            httpx.get(f"https://127.0.0.1:{port}/health", verify=trusting()).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


def trusting() -> ssl.SSLContext:
    found = ssl.create_default_context()
    found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
    return found


TRUSTING = trusting()


def client_of(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=TRUSTING, timeout=30)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, ssl=TRUSTING)


async def drip(port: int, said: bytes, more: bytes, pause: float) -> float:
    """Seconds after which a client that sends a byte now and then is let go."""
    reader, writer = await connect(port)
    started, left = time.perf_counter(), iter(more)
    writer.write(said)
    closed = asyncio.create_task(reader.read())
    while not closed.done() and time.perf_counter() - started < 10 * CLIENT:
        await asyncio.wait([closed], timeout=pause)
        if not closed.done():
            writer.write(bytes([next(left)]))
    writer.transport.abort()
    return time.perf_counter() - started


async def test_a_question_goes_through_and_comes_back_with_the_headers_of_both(proxy: int) -> None:
    async with client_of(proxy) as client:
        response = await client.post("/graphql", json=SAMPLE_QUERY)
        assert response.json()["data"] == ANSWER["data"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_each_address_of_the_service_goes_through(proxy: int) -> None:
    """The service refuses requests without a required key, not nginx."""
    async with client_of(proxy) as client:
        statuses = {
            path: (await client.get(path)).status_code
            for path in ("/health", "/ready", "/ways", "/reports/cohort.csv", "/reports/no.csv")
        }
        refusal = await client.get("/reports/rollup.xlsx?root=370000&measures=WORKERS")
    assert statuses == {
        "/health": 200, "/ready": 200, "/ways": 401,
        "/reports/cohort.csv": 400, "/reports/no.csv": 404,
    }  # fmt: skip
    assert refusal.headers["WWW-Authenticate"] == "Bearer"
    assert refusal.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_who_drips_the_head_is_let_go(proxy: int) -> None:
    more = b"X-Slow: " + b"x" * 1000
    assert await drip(proxy, POST, more, pause=0.2) < 2 * CLIENT + 1


async def test_who_drips_the_body_never_reaches_the_service(
    proxy: int, service: ServiceProcess
) -> None:
    """nginx bounds the pause between two pieces; meanwhile it alone holds the connection."""
    before = service.said.count('"request"')
    said = POST + b"Content-Length: 1000\r\n\r\n{"
    assert await drip(proxy, said, b" " * 1000, pause=CLIENT + 1) < 2 * CLIENT + 1
    assert service.said.count('"request"') == before


async def test_two_hundred_idle_connections_are_in_nobodys_way(proxy: int) -> None:
    held = [await connect(proxy) for _ in range(200)]
    try:
        async with client_of(proxy) as client:
            taken = []
            for _ in range(10):
                started = time.perf_counter()
                assert await query_worker(client) == ANSWER
                taken.append(time.perf_counter() - started)
            assert median(taken) < 0.5
        seconds = time.perf_counter()
        await asyncio.wait_for(held[0][0].read(), 3 * CLIENT)
        assert time.perf_counter() - seconds < 2 * CLIENT  # it was let go
    finally:
        for _, writer in held:
            writer.transport.abort()


async def test_what_nginx_refuses_is_json_as_well(proxy: int) -> None:
    async with client_of(proxy) as client:
        for response, status, code in [
            (await client.get("/nothing"), 404, "NOT_FOUND"),
            (await client.post("/graphql", content=b" " * 1_200_000), 413, "LIMIT_EXCEEDED"),
            (await client.get("/" + "x" * 40_000), 414, "BAD_USER_INPUT"),
        ]:
            assert response.status_code == status
            [error] = response.json()["errors"]
            assert error["extensions"]["code"] == code
            assert re.fullmatch("[0-9a-f]{32}", error["extensions"]["requestId"])
            assert "nginx" not in response.text


async def test_a_client_can_not_forge_its_address(proxy: int, service: ServiceProcess) -> None:
    """Rows are counted by address: all requests here come from one."""
    body = {"query": "{ workers(first: 100) { nodes { code } } }"}
    statuses = set()
    async with client_of(proxy) as client:
        for number in range(25):
            headers = {"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"}
            statuses.add((await client.post("/graphql", json=body, headers=headers)).status_code)
    assert statuses == {200, 429}
    # Who reaches the service itself, from an address that it trusts, may name another.
    async with httpx.AsyncClient(base_url=service.url) as direct:
        direct.headers["X-Forwarded-For"] = "10.1.1.1"
        assert await query_worker(direct) == ANSWER


async def test_a_service_that_is_away_is_told_in_json(proxy: int, service: ServiceProcess) -> None:
    """The last test here: it ends the service."""
    service.end()
    async with client_of(proxy) as client:
        response = await client.post("/graphql", json=SAMPLE_QUERY)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
