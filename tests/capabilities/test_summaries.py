"""Summaries: which queries use them, verification, and concurrent writers."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.link import link_to_all
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext
from kit.db.engine import open_engine
from models import SUMMARY_BY_MODEL, UNRESTRICTED_SUMMARIES
from models.history import model_table
from models.honour import Conferral
from models.partner import Role
from models.row import Audience
from models.summary import with_ancestor_summaries
from models.training import Enrolment, Qualification
from models.worker import Worker
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.declare import REGISTRY
from resolvers.training import enrolments_of_college
from resolvers.worker import workers_of_region
from resolvers.writing.summary_tables import verify_summaries
from tests.support.commands import RunCli
from tests.support.databases import Databases
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory
from tests.support.visible_records import VIEWERS, VisibilityOracle

WORKERS = SUMMARY_BY_MODEL[Worker].table
COLLEGE = partner_viewer(Role.COLLEGE, "demo_college")
CONVENOR = partner_viewer(Role.ALLIANCE, "demo_union_a")
UNION = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
SOME = COLLEGE, CONVENOR, UNION
PERSON = Viewer("a worker", worker="demo_trainee_2022_001")
BY_GRADE = "{ workers { totalCount groups(by: [GRADE]) { nodes { count keys { code } } } } }"
RIGHT = "The summaries agree with the records; no audience is too wide."
WRONG = (
    "Summaries differ from the records, or an audience is too wide: `verify --repair` counts "
    "again and narrows."
)


@pytest.fixture
def empty_postgres(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "places")
    yield url
    databases.drop(url)


@pytest.fixture
def postgres_examples(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


async def execute(url: str, statement: Any) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(statement)
    await engine.dispose()


async def verified(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(verify_summaries)


def test_verify_says_which_cell_is_wrong_and_repairs_it(
    run_cli: RunCli, own_examples_url: str
) -> None:
    assert run_cli(own_examples_url, "verify") == (0, [RIGHT])
    one = select(func.min(WORKERS.c.cell)).scalar_subquery()
    damaged = update(WORKERS).where(WORKERS.c.cell == one).values(number=WORKERS.c.number + 1000)
    asyncio.run(execute(own_examples_url, damaged))
    code, said = run_cli(own_examples_url, "verify")
    assert code == 1
    assert len(said) == 2
    assert said[0].startswith("worker_summary: (")
    assert "holds number 10" in said[0]
    assert said[1] == WRONG
    assert run_cli(own_examples_url, "verify")[0] == 1  # it only reads
    code, said = run_cli(own_examples_url, "verify", "--repair")
    assert (code, len(said), said[-1]) == (0, 2, "Repaired.")
    assert run_cli(own_examples_url, "verify") == (0, [RIGHT])


def test_verify_says_who_is_shown_too_much_and_narrows_it(
    run_cli: RunCli, own_examples_url: str
) -> None:
    """Without a name: a minor past the write path, and then the facts that name another.

    What is told of grades to partners goes by both. It follows what is narrowed; what may be
    public, the certificates of 33 who are, stays so.
    """
    shown = "UPDATE {} SET audience = 'PUBLIC' WHERE {}"
    minor = shown.format("worker", "audience = 'PROTECTED'")
    facts = shown.format("qualification", "audience = 'OWNER'")
    for statement, said_first, number, left in (
        (minor, "worker: 1 who are, or may be, minors are shown to others.", 1, 1),
        (facts, "qualification: 226 are shown to more people than their worker_id.", 162, 33),
    ):
        asyncio.run(execute(own_examples_url, text(statement)))
        following = "worker_unpublished: {} differ from what follows from certificates."
        told = [following.format(number), said_first, WRONG]
        assert run_cli(own_examples_url, "verify") == (1, told)
        told = [following.format(left), said_first, "Repaired."]
        assert run_cli(own_examples_url, "verify", "--repair") == (0, told)
        assert run_cli(own_examples_url, "verify") == (0, [RIGHT])


def test_verify_says_what_is_no_longer_counted(run_cli: RunCli, own_examples_url: str) -> None:
    on = " ON studio" if own_examples_url.startswith("postgresql") else ""
    gone = text(f"DROP TRIGGER studio_summary_update{on}")
    asyncio.run(execute(own_examples_url, gone))
    code, said = run_cli(own_examples_url, "verify")
    assert code == 1
    assert said[0] == (
        "studio_summary: the triggers studio_summary_update are missing or switched off."
    )
    assert run_cli(own_examples_url, "verify", "--repair")[0] == 0
    assert run_cli(own_examples_url, "verify")[0] == 0


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_a_viewer_is_told_what_plain_python_counts(
    ask_examples: GraphQLTestClient, viewer: Viewer
) -> None:
    truth = await VisibilityOracle.of(ask_examples.engine)
    shared = truth.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()
    seen = [one for one in truth.rows["worker"].values() if truth.sees(viewer, shared, one)]
    held = truth.grades(viewer)
    grades = Counter(held.get(one["id"]) for one in seen)
    answer = await ask_examples(BY_GRADE, viewer)
    assert answer.errors == []
    told = answer.data["workers"]
    assert told["totalCount"] == len(seen)
    found = {one["keys"][0]["code"]: one["count"] for one in told["groups"]["nodes"]}
    assert found == grades


def counting(link: Any, viewer: Viewer, asked: ConnectionArguments | None = None) -> str:
    write = QueryBuilder(ViewerContext(viewer, TODAY), "sqlite")
    return str(write.count(link, asked or ConnectionArguments(), ["x"]))


def asked_of(link: Any, viewer: Viewer, asked: ConnectionArguments | None = None) -> bool:
    return "_summary" in counting(link, viewer, asked)


def test_a_summary_is_asked_where_it_knows_what_the_viewer_sees_by() -> None:
    enrolments, qualifications = (link_to_all(REGISTRY[one]) for one in (Enrolment, Qualification))
    for viewer in (PUBLIC, OPERATOR, COLLEGE):
        for link in (workers_of_region, enrolments_of_college, enrolments, qualifications):
            assert asked_of(link, viewer)
    # A union sees enrolments by where a trainee lives, a person by whose they are.
    assert asked_of(workers_of_region, UNION)
    for link in (enrolments_of_college, enrolments, qualifications):
        assert not asked_of(link, UNION)
        assert not asked_of(link, PERSON)
    assert not asked_of(workers_of_region, PERSON)
    # What is filtered is counted anew.
    assert not asked_of(
        workers_of_region, OPERATOR, ConnectionArguments(filter=(("frontline", True),))
    )
    assert asked_of(enrolments, OPERATOR, ConnectionArguments(on=TODAY))


def test_a_region_is_told_from_what_was_summed_up_for_it() -> None:
    for viewer in (PUBLIC, OPERATOR, COLLEGE):
        said = counting(workers_of_region, viewer)
        assert cells_above(viewer) in said
        assert "region_ancestor" not in said
    # What a union sees of a region above its own depends on where in it the workers are.
    assert "worker_summary_above" not in counting(workers_of_region, UNION)
    write = QueryBuilder(ViewerContext(OPERATOR, TODAY), "sqlite")
    for word, told in (("GRADE", True), ("REGION", False), ("CITY", True)):
        said = str(write.groups(workers_of_region, ConnectionArguments(), [word], 10, ["x"]))
        assert (cells_above(OPERATOR) in said) is told, word
        assert "worker_summary" in said


def cells_above(viewer: Viewer) -> str:
    """Those who see all have cells of their own, of what follows from all."""
    return "worker_summary_whole_above" if viewer is OPERATOR else "worker_summary_above"


def test_a_grade_that_follows_from_what_one_sees_is_told_from_cells_and_corrections() -> None:
    """Neither workers nor their certificates are read; a person counts the rows."""
    for viewer, corrected in ((PUBLIC, False), (OPERATOR, False), *((one, True) for one in SOME)):
        write = QueryBuilder(ViewerContext(viewer, TODAY), "sqlite")
        for by in (["GRADE"], ["REGION", "GRADE"], ["GRADE", "CITY"]):
            said = str(write.groups(workers_of_region, ConnectionArguments(), by, 10, ["x"]))
            assert "_summary" in said
            assert ("worker_summary_unpublished" in said) is corrected, viewer
            assert not re.search(r"\b(worker|qualification) AS", said)
        assert "_unpublished" not in counting(workers_of_region, viewer)
    assert "worker AS" in str(groups(workers_of_region, PERSON, "GRADE"))
    # Where the recipient lies whom the viewer sees, no cell tells.
    for viewer in SOME:
        assert "_summary" not in groups(link_to_all(REGISTRY[Conferral]), viewer, "REGION")


def groups(link: Any, viewer: Viewer, word: str) -> str:
    write = QueryBuilder(ViewerContext(viewer, TODAY), "sqlite")
    return str(write.groups(link, ConnectionArguments(), [word], 10, ["x"]))


async def numbers_of(ask: GraphQLTestClient, *codes: str) -> list[int]:
    asked = " ".join(
        f'{code}: region(code: "{code}") {{ workers {{ totalCount }} }}' for code in codes
    )
    found = (await ask(f"{{ {asked} }}", OPERATOR)).data
    return [found[code]["workers"]["totalCount"] for code in codes]


async def test_workers_are_counted_where_their_region_has_moved_to(make: RowFactory) -> None:
    ask = GraphQLTestClient(make.engine)
    tree = {
        "country": "",
        "north": "country",
        "south": "country",
        "town": "north",
        "street": "town",
    }
    levels = ["NATIONAL", "PROVINCIAL", "PROVINCIAL", "CITY", "DISTRICT"]
    regions = [
        {"code": code, "name": code, "level": level, "parent": parent}
        for (code, parent), level in zip(tree.items(), levels, strict=True)
    ]
    workers = [{"code": f"w{n}", "name": "甲", "region": "street"} for n in range(3)]
    workers.append({"code": "w3", "name": "乙", "region": "town"})
    await make(regions=regions, workers=workers)
    assert await numbers_of(ask, *tree) == [4, 4, 0, 4, 3]
    await make(regions=[{**regions[3], "parent": "south"}])
    assert await numbers_of(ask, *tree) == [4, 0, 4, 4, 3]
    await make(workers=[{**workers[0], "region": "north"}])
    assert await numbers_of(ask, *tree) == [4, 1, 3, 3, 2]
    assert await verified(make.engine) == []


async def test_writers_at_the_same_time_lose_nothing(make: RowFactory) -> None:
    rows = [[{"code": f"w{n}_{m}", "name": "甲"} for m in range(4)] for n in range(12)]
    await asyncio.gather(*(make(workers=some) for some in rows))
    moved = [[{**one, "audience": "SHARED"} for one in some] for some in rows[:6]]
    await asyncio.gather(*(make(workers=some) for some in moved))
    assert await verified(make.engine) == []
    async with make.engine.connect() as connection:
        cells = select(WORKERS.c.audience, WORKERS.c.number).where(WORKERS.c.number != 0)
        assert dict(map(tuple, await connection.execute(cells))) == {
            Audience.OWNER: 24,
            Audience.SHARED: 24,
        }


async def test_writers_past_the_one_lock_never_wait_crosswise(empty_postgres: str) -> None:
    """Each changes several cells in a statement, in whatever order its rows come."""
    engine = open_engine(empty_postgres)
    regions = ["370000", "230000", "110000", "310000"]
    table = model_table(Worker)

    async def write(n: int) -> None:
        order = regions if n % 2 else regions[::-1]
        values = ", ".join(
            f"('{n}_{one}', '{n}_{one}', '甲', 'a', '{one}', 'OWNER', 't', now())" for one in order
        )
        columns = "id, code, name, name_key, region_id, audience, typed_by, recorded_at"
        async with engine.begin() as connection:
            await connection.execute(text(f"INSERT INTO {table.name} ({columns}) VALUES {values}"))
            await asyncio.sleep(0.01)

    await asyncio.gather(*(write(n) for n in range(40)))
    assert await verified(engine) == []
    async with engine.connect() as connection:
        cells = await connection.execute(select(WORKERS.c.region_id, WORKERS.c.number))
        assert dict(map(tuple, cells)) == dict.fromkeys(regions, 40)
    await engine.dispose()


async def test_nobody_reads_how_many_there_are_of_what_they_may_not_see(
    postgres_examples: str,
) -> None:
    """The second wall, by itself: what PostgreSQL shows each viewer of the cells."""
    engine = open_engine(postgres_examples)
    for name in ("worker", "enrolment", "qualification"):
        read = text(f"SELECT DISTINCT audience, owner_id FROM {name}_summary")
        for viewer in (PUBLIC, COLLEGE, PERSON, OPERATOR):
            async with engine.connect() as connection:
                await connection.exec_driver_sql(viewer.wall.transaction_statement)
                cells = {tuple(row) for row in await connection.execute(read)}
            owners = {owner for audience, owner in cells if audience != "PUBLIC"}
            if viewer is OPERATOR:
                assert len(owners) > 1
            else:
                assert owners <= {viewer.organisation}, (name, viewer.name)
        async with engine.connect() as connection:
            await connection.exec_driver_sql(PUBLIC.wall.transaction_statement)
            with pytest.raises(Exception, match="permission denied"):
                await connection.exec_driver_sql(f"DELETE FROM {name}_summary")
    for summary in with_ancestor_summaries(UNRESTRICTED_SUMMARIES.values()):
        for viewer in (PUBLIC, COLLEGE, CONVENOR, UNION, PERSON):
            async with engine.connect() as connection:
                await connection.exec_driver_sql(viewer.wall.transaction_statement)
                with pytest.raises(Exception, match="permission denied"):
                    await connection.exec_driver_sql(f"SELECT number FROM {summary.name}")
    await engine.dispose()
