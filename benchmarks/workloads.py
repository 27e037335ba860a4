"""The five workloads: who asks what, about which records.

Each has three texts in `workloads/`: ours, the peer's beside it, and the statement of the floor.
All three give the same answer, so aliases in the peer's stand for our names; of W5 the peer gives
the same figures, in a shape of its own (`figures.py`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

HERE = Path(__file__).parent
TEXTS = HERE / "workloads"
ROLL_UP = HERE.parent / "examples" / "queries" / "05-province-rollup.graphql"

SEED = 20261126
SUBJECTS = 200

# In words that both databases know. A small registry has no alliance or college of the size that
# is wanted: then the largest is taken.
PUBLIC_WORKERS = "SELECT code FROM worker WHERE audience = 'PUBLIC' ORDER BY code"
STUDIO_ALLIANCES = """
    SELECT code FROM (
        SELECT a.code, count(*) AS size, max(count(*)) OVER () AS most
        FROM alliance a JOIN alliance_membership m ON m.alliance_id = a.id
        WHERE m.status <> 'RETRACTED' AND (m.begins IS NULL OR m.begins <= current_date)
            AND (m.ends IS NULL OR m.ends > current_date)
        GROUP BY a.code HAVING count(*) = count(m.studio_id)) sized
    WHERE size >= CASE WHEN most < 15 THEN most ELSE 15 END ORDER BY code
"""
COLLEGES = """
    SELECT code FROM (
        SELECT o.code, count(*) AS size, max(count(*)) OVER () AS most
        FROM organisation o JOIN enrolment e ON e.college_id = o.id
        WHERE e.status <> 'RETRACTED' GROUP BY o.code) sized
    WHERE size >= CASE WHEN most < 200 THEN most ELSE 200 END ORDER BY code
"""
PROVINCES = """
    SELECT DISTINCT r.code FROM region r JOIN region_ancestor b ON b.ancestor_id = r.id
    JOIN studio s ON s.region_id = b.region_id WHERE r.level = 'PROVINCIAL' ORDER BY r.code
"""


@dataclass(frozen=True)
class Workload:
    """`least` is how many values an answer has for its subject to be taken, where there are any."""

    name: str
    about: str
    viewer: str
    candidates: str
    connections: int = 16
    least: int = 0

    @property
    def ours(self) -> str:
        path = TEXTS / f"{self.name}.graphql"
        return (path if path.exists() else ROLL_UP).read_text("utf-8")

    @property
    def peer(self) -> str | None:
        return text_of(f"{self.name}.postgraphile.graphql")

    @property
    def floor(self) -> str:
        return (TEXTS / f"{self.name}.sql").read_text("utf-8")

    def first(self, ending: str) -> str | None:
        """Return the query that fetches the cursor for the second page."""
        return text_of(f"{self.name}.first.{ending}")


WORKLOADS = [
    Workload("W1", "a worker", "public", PUBLIC_WORKERS),
    Workload("W2", "an alliance, four levels down", "operator", STUDIO_ALLIANCES, least=1001),
    Workload("W3", "two pages of trainees", "operator", COLLEGES),
    Workload("W4", "fifty studios and their allies", "public", PROVINCES),
    Workload("W5", "a province rolled up", "public", PROVINCES),
]


def text_of(name: str) -> str | None:
    path = TEXTS / name
    return path.read_text("utf-8") if path.exists() else None


def drawn(workload: Workload, codes: list[str]) -> list[str]:
    """At most `SUBJECTS` of them, the same in each run on the same database."""
    if not codes:
        raise SystemExit(f"{workload.name}: this database holds no record to ask about.")
    return random.Random(SEED).sample(codes, min(SUBJECTS, len(codes)))


async def subjects_of(workload: Workload, connection: Any) -> list[str]:
    codes = drawn(workload, [code for (code,) in await connection.fetch(workload.candidates)])
    if not workload.least:
        return codes
    large = [code for code in codes if await values(workload, connection, code) >= workload.least]
    return large or codes[:1]


async def values(workload: Workload, connection: Any, code: str) -> int:
    return leaves(orjson.loads(await connection.fetchval(workload.floor, code)))


def leaves(value: Any) -> int:
    """How many values an answer has: scalars and nulls, in whatever depth."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


@dataclass(frozen=True)
class Subjects:
    """The codes of each workload, and where the floor's second page begins for each of them."""

    codes: dict[str, list[str]]
    second: dict[str, dict[str, list[Any]]]

    @classmethod
    async def read(cls, database: str, workloads: list[Workload]) -> "Subjects":
        connection = await asyncpg.connect(database)
        try:
            codes = {one.name: await subjects_of(one, connection) for one in workloads}
            second = {}
            for one in workloads:
                if statement := one.first("sql"):
                    rows = [
                        (code, await connection.fetchrow(statement, code))
                        for code in codes[one.name]
                    ]
                    second[one.name] = {code: list(row or (None, "")) for code, row in rows}
            return cls(codes, second)
        finally:
            await connection.close()

    def of(self, workload: Workload) -> Iterator[tuple[str, list[Any]]]:
        """(code, the values that the floor's statement takes)."""
        second = self.second.get(workload.name, {})
        for code in self.codes[workload.name]:
            yield code, [code, *second.get(code, [])]
