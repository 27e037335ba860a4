"""Nothing hidden shows: registries that differ in hidden rows alone answer alike, byte by byte.

What a viewer sees is judged by tests/support/visible_records.py, which shares no code with the
service. The rounded cube, which counts what one may not list, has tests of its own:
tests/capabilities/test_rollup_exact.py.
"""

import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from resolvers.core.context import Executor
from tests.noninterference.registry_pairs import (
    PreparedPair,
    UnequalPair,
    create_hidden_template,
    prepare_pair,
    read_value_pool,
)
from tests.noninterference.response_bytes import ServedPair, serve_pair
from tests.random.both_executors import first_difference
from tests.random.known_values import ValuePool
from tests.random.requests import RandomRequest, RequestGenerator
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.random_rows import MODELS, SHARE
from tests.support.visible_records import VIEWERS, VisibilityOracle

# As in tests/random/test_both_executors.py: what graphql-core lets go of when a field fails.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <coroutine object:pytest.PytestUnraisableExceptionWarning"
    ),
]

PROVING = settings.get_current_profile_name() == "prove"
NOT_ALL = VIEWERS[:-1]  # from the operator nothing is hidden
PAIRS = 8 if PROVING else 1  # of each viewer
# That each pair is asked; those for next pages come on top. Of five viewers on two databases: 300.
QUESTIONS = 250 if PROVING else 30
MOST_PAGES = 3
MAX_ATTEMPTS = 5  # at a pair
SEED = os.urandom(4).hex() if PROVING else "steady"
WAYS = [Executor.PLAN, Executor.DEFAULT]


@pytest.fixture(scope="module")
def known(databases: Databases, dialect: str) -> Iterator[tuple[ValuePool, VisibilityOracle]]:
    """Return the common start of all pairs."""
    create_hidden_template(databases, dialect)
    url = databases.copy(dialect, "hiding")
    yield run_async(read_value_pool(url))
    databases.drop(url)


@pytest.fixture(
    scope="module",
    params=[(viewer, number) for viewer in NOT_ALL for number in range(PAIRS)],
    ids=lambda given: f"{given[0].role or given[0].name}-{given[1]}",
)
def prepared(
    databases: Databases,
    dialect: str,
    known: tuple[ValuePool, VisibilityOracle],
    request: pytest.FixtureRequest,
) -> Iterator[PreparedPair]:
    viewer, number = request.param
    for attempt in range(MAX_ATTEMPTS):
        urls = databases.copy(dialect, "hiding"), databases.copy(dialect, "hiding")
        seed = f"{SEED} {number}" + f" {attempt}" * bool(attempt)
        try:
            yield run_async(prepare_pair(urls, viewer, *known, seed))
            return
        except UnequalPair:
            if attempt == MAX_ATTEMPTS - 1:
                raise
        finally:
            for url in urls:
                databases.drop(url)


@pytest.fixture(scope="module")
def together(dialect: str) -> Counter[str]:
    """Return the requests to all pairs of a database."""
    return Counter()


@pytest.fixture(scope="module")
async def pair(prepared: PreparedPair) -> AsyncIterator[ServedPair]:
    async with serve_pair(prepared, WAYS) as pair:
        yield pair


def test_the_two_differ_in_all_that_is_stored(prepared: PreparedPair) -> None:
    """A pair that is one registry twice would answer alike whatever shows."""
    moved = prepared.moved
    for sort in (
        "records", "history", "change", "summary", "search_term", "personal_value", "access_log",
    ):  # fmt: skip
        assert moved[sort] > 0, (sort, moved)
    assert moved["derived columns"] > 0 or not any(model.derived for model in MODELS), moved


# A question is drawn from a number, all at once: what comes of it is not made smaller.
@settings(max_examples=QUESTIONS, phases=set(Phase) - {Phase.explain, Phase.shrink})
@given(number=st.integers(0, 2**32), way=st.sampled_from(WAYS))
async def test_what_a_viewer_may_not_see_changes_no_answer(
    pair: ServedPair, together: Counter[str], dialect: str, number: int, way: Executor
) -> None:
    prepared = pair.prepared
    chance = Random(f"{prepared.seed} {prepared.viewer.name} {dialect} {number}")
    asked: RandomRequest | None
    asked = RequestGenerator(prepared.known, prepared.hidden, prepared.retold, chance).draw()
    for _ in range(MOST_PAGES):
        one, other = await pair.heard(asked, way)
        assert one.status < 500, asked
        said = (
            f"\n# As {prepared.viewer.name}, by {way.name}, of the pair {prepared.seed!r}, "
            f"number {number}:\n{asked}"
        )
        assert one.parts == other.parts, f"{said}\n# {apart(one.parts, other.parts)}"
        together.update(["questions", asked.sort])
        together["with data"] += one.has_data
        asked = asked.next_page(one.body, chance)
        if asked is None:
            break


def apart(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return the first difference of two responses, with its place."""
    name = next(name for name in one if one[name] != other[name])
    left, right = one[name], other[name]
    if name == "body":
        try:
            left, right = orjson.loads(left), orjson.loads(right)
        except orjson.JSONDecodeError:
            left, right = left.splitlines(), right.splitlines()
    path, first, second = first_difference(left, right) or ((), left, right)
    return f"{'.'.join(map(str, (name, *path)))}: {first!r} and {second!r}"


def test_the_questions_were_worth_asking(
    together: Counter[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Judged over all pairs of a database: of the few of one pair none may be of some sort."""
    if PROVING:
        with capsys.disabled():
            sys.stdout.write(f"\n{dict(together)}\n")
    if together["questions"] < QUESTIONS * len(NOT_ALL) * PAIRS or SHARE:
        pytest.skip("Not all were asked in this run, or too few of another seed to be judged.")
    assert together["documents"] >= together["questions"] / 5
    assert together["records"] + together["listed"] >= together["questions"] / 5
    assert together["history"] >= together["questions"] / 30
    assert together["with data"] >= together["questions"] / 2
