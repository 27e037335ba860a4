"""How much CPU time a text takes that was never asked before, beside another checkout.

    DATABASE_URL=… python benchmarks/planning.py CHECKOUT --other-database URL
        [--random 100] [--seed 7] [--rounds 5] [--cold] [--only 01 05 …] [--json FILE]

Each checkout has a process and a database of its own, with the same generated records. They take
turns text by text: the contract's queries about the busiest records, and random queries of the
tests. A text is made new by a comment at its end. What the same text takes when it is asked again
is subtracted: left are parsing, limits, validation, planning and the compilation of statements.
Of the rounds the median counts, and of the texts the mean. Ratios are this checkout's time divided
by that of the other one; absolute figures depend on what else the machine does.

Random queries are left what both schemas have, and count where both checkouts answer them without
an error; limits of their size are raised. In the service a new text shares the statements of
totals, groups and searches with texts that were asked before; the same is true here of all rounds
but the first, which isn't counted. With --cold this checkout forgets them before each text.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from graphql import GraphQLSchema, build_schema

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.contract import subjects  # noqa: E402
from benchmarks.pruning import pruned  # noqa: E402
from kit.db.engine import open_engine, read_transaction  # noqa: E402
from settings import read_settings  # noqa: E402
from tests.random.known_values import ValuePool  # noqa: E402
from tests.random.queries import random_query  # noqa: E402
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables  # noqa: E402
from tests.support.graph import GraphQLTestClient  # noqa: E402

SDL = "schema/schema.graphql"
CHILD = Path(__file__).with_name("new_texts.py")
Body = dict[str, Any]
# What each round measured of a text: here, and in the other checkout.
Rounds = list[tuple[dict[str, Any], dict[str, Any]]]


class Checkout:
    """A process that measures one version of the project."""

    def __init__(self, folder: Path, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD)],
            cwd=folder,
            env={**os.environ, "DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, body: Body | None = None) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        if body is not None:
            print(json.dumps(body), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A process ended: see its message above.")
        return line.strip() if body is None else json.loads(line)


@contextmanager
def running(*of: tuple[Path, str]) -> Iterator[list[Checkout]]:
    started = [Checkout(folder, url) for folder, url in of]
    try:
        for one in started:
            one.ask()  # "ready"
        yield started
    finally:
        for one in started:
            one.process.kill()
            one.process.wait()


async def bodies(url: str, number: int, seed: int, schemas: list[GraphQLSchema]) -> dict[str, Body]:
    """Return requests by name: the contract's number, or r and a number for random ones."""
    engine = open_engine(url)
    async with read_transaction(engine) as connection:
        busiest = await subjects(connection)
    found: dict[str, Body] = {}
    for name in ANSWERED:
        given = busiest.get(name) or contract_variables(name)
        text = contract_query(name)
        for place, value in given.items():
            if place.isdigit():
                text = text.replace(place, value)
        values = {place: value for place, value in given.items() if not place.isdigit()}
        found[name] = {"query": text, "variables": values}
    known, chance = await ValuePool.of(GraphQLTestClient(engine)), Random(seed)
    for n in range(number):
        one = random_query(known, chance)
        if (query := pruned(one.query, *schemas)) is not None:
            found[f"r{n:03}"] = {
                "query": query, "variables": one.variables, "operationName": one.operation_name,
            }  # fmt: skip
    await engine.dispose()
    return found


def measure(of: dict[str, Body], checkouts: list[Checkout], rounds: int) -> dict[str, Rounds]:
    found: dict[str, Rounds] = {name: [] for name in of}
    for turn in range(rounds + 1):
        for name, body in of.items():
            text = f"{body['query']}\n# {name} {turn}"
            ours, theirs = (one.ask({**body, "query": text}) for one in checkouts)
            if turn:  # the first one imports modules and fills caches
                found[name].append((ours, theirs))
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return found


def medians(of: Rounds, what: str = "new") -> tuple[float, float]:
    ours, theirs = zip(*((one[what], other[what]) for one, other in of), strict=True)
    return statistics.median(ours), statistics.median(theirs)


def report(found: dict[str, Rounds]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    answered = {name: of for name, of in found.items() if not any(one["errors"] for one in of[-1])}
    for name, of in found.items():
        if not name.startswith("r"):
            ours, theirs = medians(of)
            alike = of[-1][0]["answer"] == of[-1][1]["answer"]
            note = "" if name in answered and alike else "  (answers differ)"
            if name not in answered:
                note = f"  ({[one['errors'][:1] for one in of[-1]]})"
            told[name] = {"this": ours, "other": theirs, "ratio": ours / theirs}
            print(f"{name:>10} {ours:8.2f} {theirs:8.2f}   {ours / theirs:.3f}{note}")
    for title, names in (
        ("contract", [name for name in answered if not name.startswith("r")]),
        ("random", [name for name in answered if name.startswith("r")]),
    ):
        if names:
            both = [medians(answered[name]) for name in names]
            ours, theirs = (statistics.mean(column) for column in zip(*both, strict=True))
            told[title] = {"this": ours, "other": theirs, "ratio": ours / theirs}
            again = [medians(answered[name], "again") for name in names]
            told[title]["again"] = [statistics.mean(one) for one in zip(*again, strict=True)]
            alike = sum(one[-1][0]["answer"] == one[-1][1]["answer"]
                        for one in (answered[name] for name in names))  # fmt: skip
            print(f"{title:>10} {ours:8.2f} {theirs:8.2f}   {ours / theirs:.3f}"
                  f"  (mean of {len(names)} texts; {alike} answers equal)")  # fmt: skip
    return told


async def main(given: argparse.Namespace) -> None:
    url = os.environ.get("DATABASE_URL") or read_settings().url
    schemas = [build_schema((folder / SDL).read_text("utf-8")) for folder in (ROOT, given.checkout)]
    of = await bodies(url, given.random, given.seed, schemas)
    of = {name: body for name, body in of.items() if not given.only or name in given.only}
    if given.cold:
        os.environ["BENCH_COLD"] = "1"
    other = given.checkout.resolve(), given.other_database
    with running((ROOT, url), other) as checkouts:
        found = measure(of, checkouts, given.rounds)
    print("      text     here    other   ratio   (ms of CPU of a new text)")
    told = report(found)
    if given.json:
        given.json.write_text(json.dumps(told, indent=1), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--other-database", required=True, metavar="URL")
    parser.add_argument("--random", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    asyncio.run(main(parser.parse_args()))
