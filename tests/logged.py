"""A service of its own: asks what it reads, logs as in production, prints the answers."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from resolvers.access import Viewer
from server import create_app
from settings import Settings
from tests.held import college
from web.log import configure

ROOT = Path(__file__).parent.parent
VIEWERS = {"college": college(), "worker": Viewer("w", worker="demo_w1")}
Asked = list[tuple[str, dict[str, Any]]]


async def answers(url: str, viewer: str, asked: Asked, **keys: str) -> list[str]:
    app = create_app(Settings(database_url=url, **keys), VIEWERS[viewer])  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
    ):
        return [
            (await client.post("/graphql", json={"query": query, "variables": variables})).text
            for query, variables in asked
        ]


def service(**given: Any) -> tuple[list[str], str]:
    """The answers, and all that was logged meanwhile, at the level of debugging."""
    ended = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "tests.logged"],
        cwd=ROOT,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(ended.stdout), ended.stderr.decode()


if __name__ == "__main__":
    configure("json", "debug")
    print(json.dumps(asyncio.run(answers(**json.load(sys.stdin)))))  # noqa: T201
