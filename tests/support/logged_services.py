"""Services in a process of their own: it asks them what it reads, and prints their answers.

It logs as in production.
"""

import asyncio
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from resolvers.core.access import Viewer
from server import create_app
from settings import Settings
from tests.support import visible_records
from tests.support.personal_records import college_viewer
from web.log import configure_logging

ROOT = Path(__file__).parent.parent.parent
VIEWERS = {"college": college_viewer(), "worker": Viewer("w", worker="demo_w1")}
# Of the examples.
PARTNERS = {f"{one.role or one.name}": one for one in visible_records.VIEWERS}
QueryList = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class HostedService:
    """One of several in a process: whose it is, and the keys of its settings."""

    viewer: str
    keys: dict[str, str]

    async def answers(self, url: str, asked: QueryList) -> list[str]:
        settings = Settings(database_url=url, **self.keys)  # type: ignore[arg-type]
        app = create_app(settings, (VIEWERS | PARTNERS)[self.viewer])
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
        ):
            return [
                (await client.post("/graphql", json={"query": query, "variables": variables})).text
                for query, variables in asked
            ]


Answers = list[list[str]]  # of each service, to each question


async def service_answers(url: str, services: list[dict[str, Any]], asked: QueryList) -> Answers:
    return [await HostedService(**one).answers(url, asked) for one in services]


def run_services(services: list[HostedService], url: str, asked: QueryList) -> tuple[Answers, str]:
    """Return the answers of each, and all that was logged meanwhile, at the level of debugging."""
    given = {"url": url, "services": [asdict(one) for one in services], "asked": asked}
    ended = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "tests.support.logged_services"],
        cwd=ROOT,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(ended.stdout), ended.stderr.decode()


if __name__ == "__main__":
    configure_logging("json", "debug")
    print(json.dumps(asyncio.run(service_answers(**json.load(sys.stdin)))))  # noqa: T201
