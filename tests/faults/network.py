"""A way to a database that can be cut, that swallows everything, or loses what it led to."""

import asyncio
from contextlib import suppress
from typing import Self

from sqlalchemy.engine import make_url


class Proxy:
    """Between a service and PostgreSQL, on TCP; `host` may be the folder of a Unix socket."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.host = str(parsed.query.get("host") or parsed.host or "127.0.0.1")
        self.port = parsed.port or 5432
        self.parsed = parsed
        self.swallowing = self.losing = False
        self.inward: set[asyncio.StreamWriter] = set()
        self.open: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.server.close()
        self.cut()
        if self.tasks:
            await asyncio.wait(self.tasks)

    @property
    def url(self) -> str:
        port = self.server.sockets[0].getsockname()[1]
        through = self.parsed.set(host="127.0.0.1", port=port, query={})
        return through.render_as_string(hide_password=False)

    def cut(self) -> None:
        """All connections that are open now; new ones are let through."""
        for writer in self.open:
            writer.transport.abort()

    def lose(self) -> None:
        """Lose the database; its clients notice when they send something, not before."""
        self.losing = True
        for writer in self.inward:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if self.host.startswith("/"):
            path = f"{self.host}/.s.PGSQL.{self.port}"
            inner, outer = await asyncio.open_unix_connection(path)
        else:
            inner, outer = await asyncio.open_connection(self.host, self.port)
        self.losing = False
        self.open |= {writer, outer}
        self.inward.add(outer)
        await asyncio.gather(self.pass_on(reader, outer), self.pass_on(inner, writer))
        writer.transport.abort()
        self.open -= {writer, outer}
        self.inward.discard(outer)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(65_536):
                while self.swallowing:  # noqa: ASYNC110 - it is the fault that is wanted
                    await asyncio.sleep(0.05)
                writer.write(some)
                await writer.drain()
        if not self.losing:
            writer.transport.abort()
