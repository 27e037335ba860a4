"""The floor: one hand-written statement that returns the JSON, behind a bare ASGI route.

POST /W1 with the statement's values as a JSON array. No framework, no pool that resets what it
lends, nothing checked: what is left is the database, the driver and the server that ours has too.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson

from benchmarks.workloads import WORKLOADS

CONNECTIONS = 16
STATEMENTS = {f"/{one.name}": one.floor for one in WORKLOADS}

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Floor:
    """Connections are held, and the one used last is used first: its plans and caches are warm."""

    def __init__(self) -> None:
        self.idle: asyncio.LifoQueue[Any] = asyncio.LifoQueue()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope["path"], receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        await receive()
        for _ in range(CONNECTIONS):
            self.idle.put_nowait(await opened())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        while not self.idle.empty():
            await self.idle.get_nowait().close()
        await send({"type": "lifespan.shutdown.complete"})

    async def answer(self, path: str, receive: Receive, send: Send) -> None:
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        connection = await self.idle.get()
        try:
            found = await connection.fetchval(STATEMENTS[path], *orjson.loads(body))
        finally:
            self.idle.put_nowait(connection)
        answer = b'{"data":' + found + b"}"
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(answer)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


async def opened() -> Any:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    # The text is passed on as it is.
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection


app = Floor()
