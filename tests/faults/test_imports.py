"""The program itself is killed in an import: what it acknowledged is there, all else is not."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.importing import CREATED, NUMBER, ImportProcess
from tests.support.commands import table_row_counts
from tests.support.databases import Databases

KILLS = 4


@pytest.fixture
def url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "empty")
    yield url
    databases.drop(url)


@pytest.mark.slow
async def test_an_import_that_is_killed_is_there_whole_or_not_at_all(
    url: str, tmp_path: Path
) -> None:
    """At random moments between its beginning and its end."""
    empty, killed = await table_row_counts(url), 0
    first = ImportProcess(url, tmp_path, "first")
    begun = asyncio.get_running_loop().time()
    assert await first.whole() == (0, CREATED)
    takes = asyncio.get_running_loop().time() - begun
    acknowledged = await table_row_counts(url)
    assert acknowledged["worker"] == empty["worker"] + NUMBER
    second = ImportProcess(url, tmp_path, "second")
    chance = random.Random(5)
    for number in range(KILLS):
        async with second.under_way() as process:
            await asyncio.sleep(takes * (0.4 + 0.6 * (number + chance.random()) / KILLS))
            if process.returncode is None:
                process.kill()
                killed += 1
            said, _ = await second.end(process)
        found = await table_row_counts(url)
        if "Written:" in said:
            assert found["worker"] == acknowledged["worker"] + NUMBER
            break
        assert found in (acknowledged, {**acknowledged, **grown(empty, acknowledged)}), said
    assert killed
    assert (await second.whole())[0] == 0
    assert await table_row_counts(url) == {**acknowledged, **grown(empty, acknowledged)}
    assert await second.whole() == (0, "Nothing to change: all of it is on record.")


def grown(empty: dict[str, int], once: dict[str, int]) -> dict[str, int]:
    """Return the rows that an import adds: workers, their changes and their search terms."""
    return {name: 2 * once[name] - empty[name] for name in ("worker", "change", "search_term")}


async def test_two_imports_at_once_take_turns(url: str, tmp_path: Path) -> None:
    """On SQLite as on PostgreSQL; neither hears of a lock, and a third reads all the while."""
    before = await table_row_counts(url)
    one, other = ImportProcess(url, tmp_path, "one"), ImportProcess(url, tmp_path, "other")
    ends = asyncio.gather(one.whole(), other.whole())
    seen = set()
    while not ends.done():
        seen.add((await table_row_counts(url))["worker"] - before["worker"])
    assert list(await ends) == [(0, CREATED), (0, CREATED)]
    assert seen <= {0, NUMBER, 2 * NUMBER}
    assert (await table_row_counts(url))["worker"] == before["worker"] + 2 * NUMBER
