"""The servers that are compared, one process each: started, asked, measured, stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson

from benchmarks.workloads import Subjects, Workload

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "benchmarks" / "peers"
NODE = PEERS / "node_modules" / "node" / "bin" / "node"

OURS = {"plan": "PLAN", "batch": "BATCH", "default": "DEFAULT"}
NAMES = [*OURS, "postgraphile", "floor"]
PATIENCE = 60  # seconds that a server may take to start, or for one answer

Body = bytes


class NoSuchWay(Exception):
    """The server did not come up; its own last words say why."""


@dataclass
class Server:
    """One way of answering, for one viewer; the peer and the floor know none."""

    name: str
    database: str
    viewer: str
    log: Path
    aggregates: bool = False  # of the peer: whether it has its plugin for them
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    @property
    def command(self) -> list[str]:
        if self.name == "postgraphile":
            return [str(NODE), "server.mjs"]
        served = "benchmarks.floor:app" if self.name == "floor" else "benchmarks.served:app"
        return [
            *(sys.executable, "-m", "uvicorn", served, "--port", str(self.port)),
            *("--loop", "uvloop", "--http", "httptools", "--lifespan", "on"),
            *("--log-level", "warning", "--no-access-log", "--no-server-header"),
            *(["--factory"] if self.name in OURS else []),
        ]

    @property
    def environment(self) -> dict[str, str]:
        more = {"DATABASE_URL": self.database}
        if self.name == "postgraphile":
            more |= {
                "PORT": str(self.port),
                "NODE_ENV": "production",
                "GRAPHILE_ENV": "production",
                **({"AGGREGATES": "1"} if self.aggregates else {}),
            }
        if self.name in OURS:
            more |= {"BENCH_WAY": OURS[self.name], "BENCH_VIEWER": self.viewer}
        return {**os.environ, **more}

    def start(self) -> None:
        self.port = free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PEERS if self.name == "postgraphile" else ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while not listens(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NoSuchWay(f"{self.name} did not start:\n{last_lines(self.log)}")
            time.sleep(0.1)

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def asks(self, workload: Workload) -> bool:
        return self.name != "postgraphile" or workload.peer is not None

    def path(self, workload: Workload) -> str:
        return f"/{workload.name}" if self.name == "floor" else "/graphql"

    def bodies(self, workload: Workload, subjects: Subjects) -> list[Body]:
        """One request for each subject; `after` is the server's own cursor, asked of it now."""
        if self.name == "floor":
            return [orjson.dumps(values) for _, values in subjects.of(workload)]
        query, ending = workload.ours, "graphql"
        if self.name == "postgraphile":
            assert workload.peer
            query, ending = workload.peer, "postgraphile.graphql"
        first = workload.first(ending)
        found = []
        for code, _ in subjects.of(workload):
            variables: dict[str, Any] = {"code": code}
            if first:
                variables["after"] = end_of(self.ask(workload, asking(first, {"code": code})))
            found.append(asking(query, variables))
        return found

    def ask(self, workload: Workload, body: Body) -> Any:
        """Return the decoded answer. Raises for one that isn't whole."""
        response = self.client.post(
            f"http://127.0.0.1:{self.port}{self.path(workload)}",
            content=body,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        answer = orjson.loads(response.content) if response.status_code == 200 else {}
        if "data" not in answer or "errors" in answer:
            text = response.text[:1000]
            raise SystemExit(f"{self.name}, {workload.name}: {response.status_code} {text}")
        return answer["data"]


def asking(query: str, variables: dict[str, Any]) -> Body:
    return orjson.dumps({"query": query, "variables": variables})


def end_of(answer: dict[str, Any]) -> str:
    """Of the one list in the answer: {organisation: {enrolments: {pageInfo: …}}}."""
    [record] = answer.values()
    [listing] = record.values()
    cursor: str = listing["pageInfo"]["endCursor"]
    return cursor


@contextmanager
def running(
    names: list[str], database: str, viewer: str, folder: Path, *, aggregates: bool = False
) -> Iterator[dict[str, Server]]:
    """Servers by name, all up; stopped whatever happens."""
    started: dict[str, Server] = {}
    try:
        for name in names:
            server = Server(name, database, viewer, folder / f"{name}.log", aggregates)
            server.start()
            started[name] = server
        yield started
    finally:
        for server in started.values():
            server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def last_lines(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:])
