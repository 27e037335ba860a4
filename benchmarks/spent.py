"""What processes spend, read from /proc: elsewhere nothing of it is known."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def fields(pid: int) -> list[str]:
    """From the third on, the state: what stands before may have blanks in it."""
    return (PROC / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()


def spent(pid: int, *, with_ended: bool = False) -> float | None:
    """Milliseconds of CPU of all its threads; with those of its children that have ended."""
    with suppress(OSError):
        parts = fields(pid)[11 : 15 if with_ended else 13]
        return 1000 * sum(map(int, parts)) / TICKS
    return None


def peak_memory(pid: int) -> float | None:
    """MiB that were resident at most."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    return None


class DatabaseServer:
    """All processes of the PostgreSQL that a database belongs to, if it runs on this machine.

    Parallel workers end with their statement: the postmaster then holds what they spent.
    """

    def __init__(self, postmaster: int | None) -> None:
        self.postmaster = postmaster

    @classmethod
    async def of(cls, url: str) -> "DatabaseServer":
        if url.startswith("sqlite"):
            return cls(None)
        connection = await asyncpg.connect(url)
        try:
            backend: int = await connection.fetchval("SELECT pg_backend_pid()")
            with suppress(OSError):
                if (PROC / str(backend) / "comm").read_text("utf-8").strip() == "postgres":
                    return cls(int(fields(backend)[1]))
            return cls(None)
        finally:
            await connection.close()

    def spent(self) -> float | None:
        """Milliseconds of CPU; null where it runs elsewhere."""
        if self.postmaster is None:
            return None
        total = spent(self.postmaster, with_ended=True) or 0.0
        for path in PROC.glob("[0-9]*"):
            pid: Any = int(path.name)
            with suppress(OSError):
                if int(fields(pid)[1]) == self.postmaster:
                    total += spent(pid) or 0.0
        return total
