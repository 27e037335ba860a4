"""What was measured, as JSON for `latest.json` and as a table for people."""

import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from benchmarks.load import Sample, median
from benchmarks.servers import NODE, OURS, PEERS

LATEST = Path(__file__).parent / "latest.json"


@dataclass
class Measured:
    """Of one workload: the samples of each server, and how many subjects and values it has."""

    about: str
    viewer: str
    connections: int
    subjects: int
    values: float
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    @property
    def ours(self) -> str | None:
        """The way of running that ratios speak of: the first of ours that ran."""
        return next((name for name in OURS if name in self.samples), None)

    def ratios(self) -> dict[str, float]:
        """Our requests per second by those of each other, from the medians."""
        found = {name: median(samples) for name, samples in self.samples.items()}
        rates = {name: one["requests_per_second"] or 0.0 for name, one in found.items()}
        if self.ours is None:
            return {}
        mine = rates[self.ours]
        return {name: round(mine / rate, 3) for name, rate in rates.items() if name != self.ours}

    def content(self) -> dict[str, Any]:
        servers = {}
        for name, samples in self.samples.items():
            rates = [one.requests_per_second for one in samples]
            least, most = round(min(rates), 1), round(max(rates), 1)
            servers[name] = {**median(samples), "least": least, "most": most}
        return {
            "about": self.about,
            "viewer": self.viewer,
            "connections": self.connections,
            "subjects": self.subjects,
            "values": self.values,
            "ours": self.ours,
            "ratio": self.ratios(),
            "servers": servers,
        }


def table(workloads: dict[str, Measured], names: Iterable[str]) -> str:
    """Return requests per second, with the ratio of ours to them in parentheses."""
    names = list(names)
    lines = ["| workload | values | " + " | ".join(names) + " |"]
    lines.append("|---|---:|" + "---:|" * len(names))
    for name, one in workloads.items():
        ratios, cells = one.ratios(), []
        for server in names:
            if server not in one.samples:
                cells.append("–")
                continue
            rate = median(one.samples[server])["requests_per_second"]
            times = f" (×{ratios[server]:.2f})" if server in ratios else ""
            cells.append(f"{rate:,.4g}/s{times}")
        lines.append(f"| {name} {one.about} | {one.values:,.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def details(workloads: dict[str, Measured]) -> str:
    lines = [
        "| workload | server | req/s | least–most | p50, ms | p99, ms | server, ms CPU | database, ms CPU |"  # noqa: E501
    ]
    lines.append("|---|---|---:|---:|---:|---:|---:|---:|")
    for name, one in workloads.items():
        for server, found in one.content()["servers"].items():
            numbers = (found[key] for key in ("p50", "p99", "server_cpu", "database_cpu"))
            cells = ["–" if number is None else f"{number:,.4g}" for number in numbers]
            rate = f"{found['requests_per_second']:,.4g}"
            cells = [rate, f"{found['least']:,.4g}–{found['most']:,.4g}", *cells]
            lines.append(f"| {name} | {server} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


async def circumstances(database: str) -> dict[str, Any]:
    connection = await asyncpg.connect(database)
    try:
        settings = {
            name: await connection.fetchval(f"SHOW {name}")
            for name in ("server_version", "shared_buffers", "jit", "max_connections")
        }
        workers = await connection.fetchval("SELECT count(*) FROM worker")
    finally:
        await connection.close()
    packages = ("strawberry-graphql", "graphql-core", "asyncpg", "sqlalchemy", "uvicorn", "uvloop")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.platform(),
            "processor": processor(),
            "cores": os.cpu_count(),
            "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in packages},
            **peers(),
            "postgresql": settings.pop("server_version"),
        },
        "database": {"workers": workers, **settings},
    }


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def peers() -> dict[str, str]:
    if not NODE.exists():
        return {}
    wanted: dict[str, str] = orjson.loads((PEERS / "package.json").read_bytes())["dependencies"]
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True)
    return {**wanted, "node": node.stdout.strip().removeprefix("v")}


def write(content: dict[str, Any], path: Path = LATEST) -> None:
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
