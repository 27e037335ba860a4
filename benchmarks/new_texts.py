"""Asks texts that were never asked before, for `planning.py`: one process, in any checkout.

    cd CHECKOUT && DATABASE_URL=… python …/benchmarks/new_texts.py

It reads a request in JSON from each line of its input and writes a line with what it measured. Only
what every version of the project has stands here: the application, and a POST to it. The figure is
the CPU time of the event loop's thread, without collections of garbage.
"""

import asyncio
import gc
import json
import os
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

AGAIN = 3  # times that the same text is asked once more; the fastest counts

sys.path[0] = str(Path.cwd())  # instead of this file's folder
output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the log of the application goes elsewhere


def open_application() -> Any:
    import structlog

    import server
    from resolvers.core.access import OPERATOR
    from settings import Settings

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    bounds: dict[str, Any] = {
        name: 10**12
        for name in ("points_per_minute", "public_points_per_minute", "rows_per_minute")
        if name in Settings.model_fields
    }
    bounds |= {f"limit_{name}": 100_000 for name in ("directives", "aliases", "depth")}
    bounds["limit_cost"] = 10**9
    seconds: Any = {"request_seconds": 120, "statement_seconds": 120}
    return server.create_app(
        Settings(database_url=os.environ["DATABASE_URL"], **seconds, **bounds), OPERATOR
    )


async def ask(app: Any, body: bytes) -> tuple[float, bytes]:
    """Milliseconds of the thread, and the answer."""
    sent: list[bytes] = []
    requests = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if requests:
            return requests.pop()
        return await asyncio.Future()  # until the request is answered

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json")],
    }
    begun = time.thread_time()
    await app(scope, receive, send)
    return 1000 * (time.thread_time() - begun), b"".join(sent)


def forget_shared_statements() -> None:
    try:
        from engine.plan.steps.search import hits_of_page
        from engine.sql.shared_statements import SHARED_STATEMENTS
    except ImportError:  # a version that shares none
        return
    SHARED_STATEMENTS.clear()
    hits_of_page.cache_clear()


async def measure(app: Any, request: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(request).encode()
    if "BENCH_COLD" in os.environ:
        forget_shared_statements()
    gc.collect(1)
    first, answer = await ask(app, body)
    again = min([(await ask(app, body))[0] for _ in range(AGAIN)])
    found = json.loads(answer)
    data = json.dumps(found.get("data"), sort_keys=True, ensure_ascii=False).encode()
    return {
        "new": first - again,
        "again": again,
        "errors": [error["message"] for error in found.get("errors", ())],
        "answer": sha256(data).hexdigest(),
    }


async def main() -> None:
    app = open_application()
    async with app.router.lifespan_context(app):
        for _ in range(2):
            await ask(app, b'{"query": "{ workers { totalCount } }"}')
        gc.collect()
        gc.freeze()
        gc.disable()
        print("ready", file=output, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await measure(app, json.loads(line))), file=output, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
