"""Prints the speed that was measured last into the READMEs, a table in each language.

The figures are those of benchmarks/latest.json, which `make bench` writes; docs/engine.md has more
of them.
"""

from pathlib import Path
from typing import Any

import orjson

from benchmarks.report import LATEST
from tests.house.plans import format_number, replace_section

ROOT = Path(__file__).parent.parent
SECTION = "speed"
ENGLISH = """\
Measured on {day} with {workers:,} workers on PostgreSQL {postgresql} and {connections} connections,
all on {cores} cores. PostGraphile {postgraphile} took turns with it, without access control
([more figures](docs/engine.md#speed)).

| query | values | requests/s | median, ms | PostGraphile, requests/s | times |
|---|---:|---:|---:|---:|---:|"""
CHINESE = """\
{day} 测得：{workers:,} 名职工，PostgreSQL {postgresql}，{connections} 个连接，全部在
{cores} 个核上。PostGraphile {postgraphile} 与之轮流测量，没有权限检查
（[更多数字](docs/engine.md#speed)）。

| 查询 | 值 | 请求/秒 | 中位数，毫秒 | PostGraphile，请求/秒 | 倍数 |
|---|---:|---:|---:|---:|---:|"""
# The workloads of benchmarks/workloads.py.
IN_CHINESE = {
    "W1": "一名职工",
    "W2": "一个联盟，向下四层",
    "W3": "两页学员",
    "W4": "五十个工作室及其盟友",
    "W5": "一个省的汇总",
}
PAGES = {"README.md": ENGLISH, "README.zh.md": CHINESE}


def table(page: str, latest: dict[str, Any]) -> str:
    workloads, versions = latest["workloads"], latest["versions"]
    head = PAGES[page].format(
        day=latest["date"][:10],
        cores=latest["machine"]["cores"],
        workers=latest["database"]["workers"],
        connections=max(workload["connections"] for workload in workloads.values()),
        postgresql=versions["postgresql"].split()[0],
        postgraphile=versions["postgraphile"],
    )
    lines = [head]
    for name, workload in workloads.items():
        ours = workload["servers"][workload["ours"]]
        peer = workload["servers"]["postgraphile"]["requests_per_second"]
        about = IN_CHINESE[name] if page == "README.zh.md" else workload["about"]
        rate = ours["requests_per_second"]
        cells = [
            f"{workload['values']:,.0f}",
            format_number(rate),
            format_number(ours["p50"]),
            format_number(peer),
        ]
        lines.append(f"| {about} | {' | '.join(cells)} | {rate / peer:.1f} |")
    return "\n".join(lines)


def written(page: str) -> str:
    text = (ROOT / page).read_text("utf-8")
    return replace_section(text, SECTION, table(page, orjson.loads(LATEST.read_bytes())))


if __name__ == "__main__":
    for page in PAGES:
        (ROOT / page).write_text(written(page), "utf-8", newline="\n")
