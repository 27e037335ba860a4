"""How long the event loop is held: by one callback, and how late a heartbeat comes because of it.

    DATABASE_URL=… python benchmarks/hold.py [--distinct 2000] [--sets broad …] [--json FILE]

In this process, through the application that the server runs: the contract's queries as the
operator, all others as the public. A callback is what the loop runs at one go, by the CPU time of
its thread; the heartbeat, every 5 ms, also shows work in other threads, and is told beside that of
an idle loop. The sets: the contract's queries (new texts, then again), the table of malformed
requests, introspection, broad queries, what is as large as it may be, and so many distinct queries,
with the stops of the collector. The first of each set counts: a client meets it.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from asyncio import Handle
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import structlog
from graphql import get_introspection_query, get_named_type, is_non_null_type

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import server  # noqa: E402
from benchmarks.contract import subjects  # noqa: E402
from execution import schema  # noqa: E402
from kit.db.engine import open_engine, read_transaction  # noqa: E402
from resolvers.core.access import OPERATOR, PUBLIC, Viewer  # noqa: E402
from settings import Settings, read_settings  # noqa: E402
from tests.http.malformed import MALFORMED  # noqa: E402
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables  # noqa: E402

BEAT = 0.005  # seconds
WORTH_TELLING = 0.002  # seconds of a callback
BROAD = 11  # lists of a broad query
FILTER = "query($f: WorkerFilter) { workers(filter: $f) { totalCount nodes { code } } }"


class Watch:
    """Callbacks by what was asked when they ran, and stops of the collector; in ms of CPU."""

    def __init__(self) -> None:
        self.set = "start"
        self.callbacks: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
        self.late: defaultdict[str, list[float]] = defaultdict(list)
        self.stops: list[tuple[str, int, float]] = []
        self.what = ""
        self.began = 0.0
        self.run = Handle._run

    def __enter__(self) -> "Watch":
        watch = self

        def run(handle: Handle) -> None:
            begun = time.thread_time()
            watch.run(handle)
            taken = time.thread_time() - begun
            if taken > WORTH_TELLING:
                watch.callbacks[watch.set].append((1000 * taken, watch.what))

        Handle._run = run  # type: ignore[assignment,method-assign]
        gc.callbacks.append(self.collected)
        return self

    def __exit__(self, *error: Any) -> None:
        Handle._run = self.run  # type: ignore[method-assign]
        gc.callbacks.remove(self.collected)

    def collected(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self.began = time.thread_time()
        else:
            taken = 1000 * (time.thread_time() - self.began)
            self.stops.append((self.set, info["generation"], taken))

    async def beat(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.late[self.set].append(1000 * (time.perf_counter() - begun - BEAT))

    def told(self) -> dict[str, Any]:
        sets = [name for name in self.late if name != "start"]
        return {
            name: {
                "longest": [
                    (round(taken, 1), what)
                    for taken, what in sorted(self.callbacks[name])[-3:][::-1]
                ],
                "over 50 ms": sum(taken > 50 for taken, _ in self.callbacks[name]),
                "late": {f"p{p}": round(at(self.late[name], p), 1) for p in (50, 99, 100)},
                "stops": {
                    f"generation {n}": (len(found), round(max(found), 1))
                    for n in range(3)
                    if (found := [ms for of, which, ms in self.stops if (of, which) == (name, n)])
                },
            }
            for name in sets
        }


def at(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def broad(number: int) -> str:
    """Eleven lists of records with all their lists, under a name of its own."""
    top = schema._schema.query_type
    assert top is not None
    parts = []
    for name, field in top.fields.items():
        record = record_of(field)
        if record is None or any(is_non_null_type(one.type) for one in field.args.values()):
            continue
        below = [
            f"{word}(first: 1) {{ totalCount nodes {{ id }} }}"
            for word, one in record.fields.items()
            if word not in {"history", "collaborators"}
            and "first" in one.args
            and not any(is_non_null_type(given.type) for given in one.args.values())
            and "id" in getattr(record_of(one), "fields", ())
        ]
        if len(below) > 1:
            parts.append(f"{name}(first: 1) {{ nodes {{ __typename {' '.join(below)} }} }}")
    return f"query Q{number} {{ {' '.join(parts[:BROAD])} }}"


def record_of(field: Any) -> Any:
    """Of a connection's page."""
    named: Any = get_named_type(field.type)
    if not named.name.endswith("Connection") or "nodes" not in named.fields:
        return None
    return get_named_type(named.fields["nodes"].type)


@asynccontextmanager
async def served(url: str, viewer: Viewer) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        database_url=url, request_seconds=60, statement_seconds=60, points_per_minute=10**9
    )
    app = server.create_app(settings, viewer)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry", timeout=120) as client,
    ):
        yield client


class Asked:
    def __init__(self, client: httpx.AsyncClient, watch: Watch) -> None:
        self.client, self.watch = client, watch

    async def __call__(self, what: str, body: Any) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        self.watch.what = what
        content = orjson.dumps(body)
        await asyncio.sleep(0)
        answer = await self.client.post("/graphql", content=content, headers=headers)
        await asyncio.sleep(0)
        return answer


async def contract(ask: Asked, of: dict[str, Any]) -> None:
    for again in range(3):
        for number in ANSWERED:
            asked, given = contract_query(number), of.get(number) or contract_variables(number)
            for name, value in given.items():
                if name.isdigit():
                    asked = asked.replace(name, value)
            values = {name: value for name, value in given.items() if not name.isdigit()}
            text = f"{asked}\n# {again // 2}"
            await ask(f"contract {number}", {"query": text, "variables": values})


async def malformed(ask: Asked) -> None:
    for number, wrong in enumerate(MALFORMED):
        ask.watch.what = f"malformed {number} {wrong.body[:60]!r}"
        await asyncio.sleep(0)
        await wrong.send(ask.client)
        await asyncio.sleep(0)


async def introspection(ask: Asked) -> None:
    usual = get_introspection_query(type_depth=9)
    unusual = [get_introspection_query(type_depth=depth) for depth in (6, 8)]
    mixed = usual.replace("__schema", "workers { totalCount } __schema", 1)
    for text in (usual, *unusual, *unusual, mixed):
        await ask(f"introspection of {len(text)}", {"query": text})


async def filters(ask: Asked) -> None:
    for of in ({}, {"code": "a"}, {"not": {"frontline": True}}):
        size = 1 + len(str(of).split(":")) - (of == {})
        wanted = {"or": [of] * (498 // size)}
        await ask(f"filter of {list(of)}", {"query": FILTER, "variables": {"f": wanted}})
        uses = " ".join(f"a{n}: workers(filter: $f{n}) {{ totalCount }}" for n in range(3))
        heads = " ".join(f"$f{n}: WorkerFilter" for n in range(3))
        several = {"query": f"query({heads}) {{ {uses} }}",
                   "variables": {f"f{n}": wanted for n in range(3)}}  # fmt: skip
        await ask(f"three filters of {list(of)}", several)
    large = {"query": "{ __typename }", "variables": {"a": [[]] * 300_000}}
    await ask("a body of 300,000 lists", large)
    objects = {"query": "{ __typename }", "variables": {"a": [{"a": 1}] * 110_000}}
    await ask("a body of 110,000 objects", objects)
    nodes = (
        "workers(first: 100) { nodes { id code name employments { nodes { id post begins } } } }"
    )
    await ask("an answer of thousands of records", {"query": f"{{ {nodes} }}"})
    regions = "regions(first: 100) { nodes { id code name workers(first: 100) { nodes { id name "
    regions += "code grade employer { name code } } } } }"
    await ask("an answer of ten thousand records", {"query": f"{{ {regions} }}"})


async def distinct(ask: Asked, number: int) -> None:
    fields = ["code", "name", "grade", "id", "frontline"]
    for n in range(number):
        shown = " ".join(fields[: 1 + n % len(fields)])
        text = f"query Q{n} {{ workers(first: 2) {{ nodes {{ {shown} employer {{ name }} }} }} }}"
        await ask("distinct", {"query": text})


async def main(url: str, number: int, sets: list[str]) -> dict[str, Any]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    engine = open_engine(url)
    async with read_transaction(engine) as connection:
        of = await subjects(connection)
    await engine.dispose()
    if hasattr(server, "warm_up"):
        server.warm_up()
    with Watch() as watch:
        beat = asyncio.create_task(watch.beat())
        watch.set = "idle"
        await asyncio.sleep(2)
        watch.set = "start"
        async with served(url, OPERATOR) as operator, served(url, PUBLIC) as public:
            await Asked(operator, watch)("first", {"query": "{ workers { totalCount } }"})
            await Asked(public, watch)("first", {"query": "{ workers { totalCount } }"})
            for name, work in (
                ("contract", lambda: contract(Asked(operator, watch), of)),
                ("malformed", lambda: malformed(Asked(public, watch))),
                ("introspection", lambda: introspection(Asked(public, watch))),
                ("broad", lambda: broads(Asked(public, watch))),
                ("large", lambda: filters(Asked(public, watch))),
                ("distinct", lambda: distinct(Asked(public, watch), number)),
            ):
                if sets and name not in sets:
                    continue
                watch.set = name
                await work()  # type: ignore[no-untyped-call]
                print(name, json.dumps(watch.told()[name], ensure_ascii=False), flush=True)
        beat.cancel()
    return watch.told()


async def broads(ask: Asked) -> None:
    for n in range(4):
        await ask("broad", {"query": broad(n)})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--distinct", type=int, default=2_000)
    parser.add_argument("--sets", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    url = os.environ.get("DATABASE_URL") or read_settings().url
    found = asyncio.run(main(url, given.distinct, given.sets))
    print("idle", json.dumps(found["idle"]["late"]))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
