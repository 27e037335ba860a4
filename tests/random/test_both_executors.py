"""Two ways, one answer: random questions are answered alike by the executor and by the engine."""

import gc
import sys
from collections.abc import AsyncIterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import open_engine
from kit.db.postgres_pool import open_read_pool
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from tests.random.both_executors import QueryStatistics, compare_executors
from tests.random.known_values import ValuePool
from tests.random.queries import random_query
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.random_rows import SHARE, TIMES, max_examples, populate, seeded_randoms
from tests.support.table_states import clear_tables

# When a field that may not be null fails, graphql-core lets go of what it had still to await: which
# coroutines those are depends on the question. Nobody waits for them any more.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <coroutine object:pytest.PytestUnraisableExceptionWarning"
    ),
]

VIEWERS = [
    OPERATOR,
    PUBLIC,
    partner_viewer(Role.COLLEGE, "demo_college"),
    partner_viewer(Role.ALLIANCE, "demo_union_a"),
    partner_viewer(Role.UNION, "demo_union_b", "demo_province_east"),
]
# That each registry is asked; those for next pages come on top.
QUESTIONS = 40 if TIMES == 1 else 80
MOST_PAGES = 3

# Each occurs in at least so many of a hundred questions.
FEATURES = {
    "aliases": 40, "cursors": 3, "defaults": 15, "directives": 25, "filters": 15,
    "filters by link": 3, "fragments on interfaces": 10, "fragments used again": 8, "groups": 8,
    "inline fragments": 30, "interfaces": 20, "merged": 20, "named fragments": 25,
    "next pages": 10, "null arguments": 5, "null variables": 5, "orders": 10, "pages": 10,
    "reckoned": 3, "spells": 3, "variables": 40, "variables left out": 3, "wrong": 2,
}  # fmt: skip


class ComparedRegistry:
    def __init__(self, engine: AsyncEngine, known: ValuePool) -> None:
        self.engine, self.known, self.tally = engine, known, QueryStatistics()
        self.snapshots = open_read_pool(engine.url)


@pytest.fixture(scope="module", params=["made by chance", "examples"])
async def world(
    empty_registry: AsyncEngine, examples_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[ComparedRegistry]:
    """Yield a registry of few values, which meet; and one as people would fill it."""
    if request.param == "examples":
        engine = open_engine(examples_url)
        made = ComparedRegistry(engine, await ValuePool.of(GraphQLTestClient(engine)))
        yield made
        await engine.dispose()
    else:
        await clear_tables(empty_registry)
        await populate(RowFactory(empty_registry), Random(1), 8)
        made = ComparedRegistry(
            empty_registry, await ValuePool.of(GraphQLTestClient(empty_registry))
        )
        yield made
    await made.snapshots.close()
    gc.collect()  # while the warnings above are still told to nobody


@max_examples(QUESTIONS)
@given(chance=seeded_randoms("questions"), viewer=st.sampled_from(VIEWERS))
async def test_two_ways_give_one_answer(
    world: ComparedRegistry, chance: Random, viewer: Viewer
) -> None:
    question = random_query(world.known, chance)
    for _ in range(MOST_PAGES):
        answer = await compare_executors(
            world.engine, world.snapshots, question, viewer, world.tally
        )
        following = question.next_pages(answer.data, chance)
        if following is None:
            break
        question = following


async def test_the_questions_were_worth_asking(
    world: ComparedRegistry, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    tally = world.tally
    if tally.questions < QUESTIONS or SHARE:
        pytest.skip("They weren't asked in this run, or are too few of another seed to be judged.")
    if settings.get_current_profile_name() == "fuzz":
        with capsys.disabled():
            sys.stdout.write(f"\n{request.node.name}: {tally}\n")
    hundreds = tally.questions / 100
    short = {
        name: tally.features[name]
        for name, least in FEATURES.items()
        if tally.features[name] < least * hundreds
    }
    assert short == {}
    # Four of the five viewers see what is public, and little else.
    assert tally.answers["with rows"] >= 45 * hundreds
    assert max(tally.depths) >= (6 if TIMES > 1 else 5)
