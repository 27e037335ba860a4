"""The contents of docs/engine.md: the plan of a query, and the latest measurements."""

import re
from pathlib import Path
from typing import Any

import orjson

from engine.sql.predicate import ViewerContext
from execution import schema
from resolvers.core.access import OPERATOR
from tests.support.contract_queries import contract_query, contract_variables
from tests.support.graph import TODAY

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "engine.md"
LATEST = ROOT / "benchmarks" / "latest.json"
SHOWN = ("plan", "default")
PLAN, RESULTS = "plan of 01", "results"
SERVERS = ("plan", "batch", "default", "postgraphile", "floor")


def plan_section() -> str:
    asker = ViewerContext(OPERATOR, TODAY)
    told = schema.planned.explain(contract_query("01"), contract_variables("01"), asker, "sqlite")
    return f"```\n{told}\n```"


def format_number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def results_section(latest: dict[str, Any]) -> str:
    """Return requests per second of each, and the ratio of ours to the peer's and the floor's."""
    versions, machine = latest["versions"], latest["machine"]
    workers = latest["database"]["workers"]
    lines = [
        f"Measured on {latest['date'][:10]}: {machine['cores']} cores ({machine['processor']}), "
        f"shared with PostgreSQL {versions['postgresql'].split()[0]} and the load; {workers:,} "
        f"workers; Python {versions['python']}, PostGraphile {versions['postgraphile']} on Node "
        f"{versions['node']}; 16 connections; medians of {latest['rounds']} interleaved "
        f"rounds of {latest['seconds']} s or more.",
        "",
        "| req/s | "
        + " | ".join(SERVERS)
        + " | plan ÷ postgraphile | plan ÷ floor | batch ÷ floor |",
        "|---|" + "---:|" * (len(SERVERS) + 3),
    ]
    for name, one in latest["workloads"].items():
        rates = {
            server: one["servers"].get(server, {}).get("requests_per_second") for server in SERVERS
        }
        ratios = [
            format_ratio(rates["plan"], rates["postgraphile"]),
            format_ratio(rates["plan"], rates["floor"]),
            format_ratio(rates["batch"], rates["floor"]),
        ]
        cells = [*map(format_number, rates.values()), *ratios]
        lines.append(f"| {name} {one['about']} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "| p50 / p99, ms · CPU of server / database, ms a request | plan | postgraphile |",
    ]
    lines.append("|---|---|---|")
    for name, one in latest["workloads"].items():
        cells = [
            format_latencies(one["servers"].get(server)) for server in ("plan", "postgraphile")
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    memory = ", ".join(f"{name} {most:,.0f}" for name, most in latest["memory_mib"].items())
    lines += ["", f"MiB at most: {memory}."]
    return "\n".join([*lines, *growth_lines(latest)])


def format_ratio(one: float | None, other: float | None) -> str:
    return "–" if one is None or not other else f"{one / other:.2f}"


def format_latencies(server: dict[str, float] | None) -> str:
    if server is None:
        return "–"
    four = (server["p50"], server["p99"], server["server_cpu"], server["database_cpu"])
    first, second, third, fourth = map(format_number, four)
    return f"{first} / {second} · {third} / {fourth}"


def growth_lines(latest: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    if "growth" in latest:
        sizes = list(next(iter(latest["growth"].values()))["plan"])
        heads = " | ".join(f"{int(size):,} workers" for size in sizes)
        lines += ["", f"| p50 at one connection, ms | {heads} | growth |"]
        lines.append("|---|" + "---:|" * (len(sizes) + 1))
        for name, one in latest["growth"].items():
            cells = [format_number(one["plan"][size]) for size in sizes]
            lines.append(f"| {name} | " + " | ".join(cells) + f" | {one['ratio']['growth']:.2f} |")
    if "sqlite" in latest:
        heads = " | ".join(SHOWN)
        lines += ["", f"| SQLite, 10,000 workers: p50, ms | {heads} |", "|---|---:|---:|"]
        for name, one in latest["sqlite"].items():
            cells = [format_number(next(iter(one.get(way, {}).values()), None)) for way in SHOWN]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def replace_section(page: str, section: str, text: str) -> str:
    between = re.compile(rf"(<!-- {section} -->\n).*?(<!-- end of {section} -->)", re.DOTALL)
    assert between.search(page), section
    return between.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page)


def render_engine_page() -> str:
    page = replace_section(PAGE.read_text("utf-8"), PLAN, plan_section())
    if not LATEST.exists():
        return page
    return replace_section(page, RESULTS, results_section(orjson.loads(LATEST.read_bytes())))
