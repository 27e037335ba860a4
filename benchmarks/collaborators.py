"""How long query 04 takes for the best-linked studio of a generated registry.

    BENCH_URL=postgresql://…/jiangpu_bench_100000 python -m benchmarks.collaborators

Prints milliseconds of the whole answer, by a plan and by the executor: the median of the rounds.
"""

import asyncio
import os
import statistics
import sys
import time

import asyncpg

from execution import schema
from kit.db.engine import open_engine
from kit.db.postgres_pool import open_read_pool
from resolvers.core.access import PUBLIC
from resolvers.core.context import Context, Executor
from tests.support.contract_queries import contract_query

ROUNDS = 15
BEST = """
SELECT s.code, count(*) FROM studio s
JOIN alliance_membership m ON m.studio_id = s.id
JOIN alliance_membership o ON o.alliance_id = m.alliance_id AND o.studio_id IS NOT NULL
GROUP BY s.code ORDER BY count(*) DESC, s.code LIMIT 1
"""


async def main() -> None:
    url = os.environ["BENCH_URL"]
    connection = await asyncpg.connect(url)
    code, links = await connection.fetchrow(BEST)
    await connection.close()
    engine, snapshots = open_engine(url), open_read_pool(url)
    for way in (Executor.PLAN, Executor.DEFAULT):
        taken = []
        for _ in range(ROUNDS):
            async with Context.of(engine, PUBLIC, None, snapshots, way) as context:
                begun = time.perf_counter()
                found = await schema.answer(
                    contract_query("04"), {"studio": code, "first": 10}, context
                )
                taken.append(1000 * (time.perf_counter() - begun))
            assert not found.errors, found.errors
        assert found.data is not None
        total = found.data["studio"]["collaborators"]["totalCount"]
        sys.stdout.write(
            f"{code} ({links} allies): {total} collaborators in other provinces; {way.value}: "
            f"median {statistics.median(taken):.0f} ms, first {taken[0]:.0f} ms, "
            f"{context.statements} statements, {context.spent} rows\n"
        )
    await snapshots.close()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
