"""An import that runs as a process of its own, and can be killed in the middle."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.service.test_server import ROOT, clean_environment

NUMBER = 1500  # rows: long enough to be met in the middle
CREATED = f"Written: {NUMBER} Worker."


class ImportProcess:
    def __init__(self, url: str, folder: Path, prefix: str = "w") -> None:
        self.url, self.folder = url, folder / f"{prefix}-files"
        self.folder.mkdir()
        lines = [f"{prefix}{number},人{number}" for number in range(NUMBER)]
        (self.folder / "workers.csv").write_text("\n".join(["code,name", *lines, ""]), "utf-8")

    async def start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "cli.py"), "load", str(self.folder),
            env=clean_environment(DATABASE_URL=self.url), cwd=self.folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await self.start()
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()

    async def end(self, process: asyncio.subprocess.Process) -> tuple[str, int | None]:
        said, _ = await process.communicate()
        return said.decode(), process.returncode

    async def whole(self) -> tuple[int | None, str]:
        """Return the exit code, and the last that was said."""
        said, code = await self.end(await self.start())
        return code, said.splitlines()[-1]
