"""The second wall: what PostgreSQL itself withholds, whatever the statements ask for."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from engine.operation import ViewerClass
from execution import schema
from kit.db.engine import open_engine
from kit.db.postgres_connection import LOGIN_ROLE
from kit.db.postgres_pool import PostgresReadPool
from kit.db.session_role import SessionRole
from kit.db.table_aliases import WITHHELD_INFO
from models import HISTORY_TABLES
from models.history import model_table, table_models
from models.partner import Role, Scope
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Context, Executor
from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.databases import Databases
from tests.support.graph import TODAY, GraphQLTestClient
from tests.support.visible_records import VIEWERS, VisibilityOracle
from tests.support.walled_tables import PERSON_MODELS

OF_MINORS = ["enrolment", "mentorship", "qualification", "worker"]  # in the demonstration
PERSONAL = {"personal_value", "personal_subject", "access_log", "dispute", "erasure_request"}
LISTS = {
    "Worker": "workers(first: 100, after: $after)",
    "Enrolment": "enrolments(first: 100, after: $after, spells: ALL)",
    "Mentorship": "mentorships(first: 100, after: $after, spells: ALL)",
    "Qualification": "qualifications(first: 100, after: $after)",
    "Nomination": "nominations(first: 100, after: $after)",
}
# The tables that grow with the number of people.
LARGE = {model_table(model).name for model in PERSON_MODELS} | {"outcome", "change"}


class UnrestrictedViewer(Viewer):
    """Asks as if it might see all, as after a mistake in the first wall."""

    @property
    def sees_all(self) -> bool:
        return True

    @cached_property
    def template(self) -> ViewerClass:
        """Its plans are as careless as it is itself, and no steward's."""
        fields = (self.name, self.organisation, self.role, self.region, self.scopes)
        honest = Viewer(*fields, worker=self.worker).template
        assert isinstance(honest.viewer, Viewer)
        return ViewerClass(careless(honest.viewer), honest.values)


def careless(viewer: Viewer) -> Viewer:
    fields = (viewer.name, viewer.organisation, viewer.role, viewer.region, viewer.scopes)
    made = UnrestrictedViewer(*fields, worker=viewer.worker)
    vars(made)["wall"] = viewer.wall
    return made


@pytest.fixture(scope="module")
def postgres_url(databases: Databases) -> Any:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


@pytest.fixture
async def ask(postgres_url: str) -> AsyncIterator[GraphQLTestClient]:
    engine = open_engine(postgres_url)
    yield GraphQLTestClient(engine)
    await engine.dispose()


@pytest.mark.parametrize("way", [Executor.PLAN, Executor.BATCH, Executor.DEFAULT])
@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_the_second_wall_holds_without_the_first(
    ask: GraphQLTestClient, viewer: Viewer, way: Executor
) -> None:
    truth = await VisibilityOracle.of(ask.engine)
    for kind, listed in LISTS.items():
        everything = {id for id in await ids(ask, OPERATOR, listed, way) if id in truth.all_ids()}
        found = await ids(ask, careless(viewer), listed, way)
        assert found == everything & truth.ids(viewer), kind
        assert viewer is OPERATOR or found < everything, kind


@pytest.mark.parametrize("way", Executor)
@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_what_follows_from_hidden_facts_is_told_by_neither_wall(
    ask: GraphQLTestClient, viewer: Viewer, way: Executor
) -> None:
    """Without the first wall a grade follows from those certificates that the second lets see."""
    truth = await VisibilityOracle.of(ask.engine)
    held = truth.grades(viewer)
    wanted = {row["code"]: held.get(row["id"]) for row in truth.seen_by(viewer, "worker")}
    document = """{ found: workers(first: 100) {
      nodes { code grade } groups(by: [GRADE]) { nodes { keys { code } count } }
    } }"""
    asker = viewer if viewer is OPERATOR else careless(viewer)
    if way is Executor.DEFAULT:
        answer = await ask(document, asker)
    else:
        answer = await ask.by_plan(document, way, asker)
    assert answer.errors == []
    told = {node["code"]: node["grade"] for node in answer.data["found"]["nodes"]}
    assert told == {code: wanted[code] for code in told}
    assert len(told) == min(100, len(wanted))
    groups = answer.data["found"]["groups"]["nodes"]
    counted = {one["keys"][0]["code"]: one["count"] for one in groups}
    # Of a person the second wall doesn't show how many there are: they count rows.
    assert viewer.worker or counted == Counter(wanted.values())


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_what_follows_from_all_there_is_is_the_stewards_alone(
    ask: GraphQLTestClient, viewer: Viewer
) -> None:
    withheld = [
        (table.name, column.name)
        for model in table_models()
        for table in (model_table(model), HISTORY_TABLES[model])
        for column in table.c
        if column.info.get(WITHHELD_INFO)
    ]
    assert len(withheld) == 6
    for table, column in withheld:
        async with ask.engine.connect() as connection:
            await connection.exec_driver_sql(viewer.wall.transaction_statement)
            asked = connection.exec_driver_sql(f"SELECT {column} FROM {table} LIMIT 1")
            if viewer is OPERATOR:
                await asked
                continue
            with pytest.raises(DBAPIError, match="permission denied"):
                await asked


async def ids(ask: GraphQLTestClient, viewer: Viewer, listed: str, way: Executor) -> set[str]:
    found: set[str] = set()
    page = "{ totalCount pageInfo { hasNextPage endCursor } nodes { id } }"
    asked = f"query($after: String) {{ found: {listed} {page} }}"
    after = None
    while True:
        if way is Executor.DEFAULT:
            answer = await ask(asked, viewer, after=after)
        else:
            answer = await ask.by_plan(asked, way, viewer, after=after)
        assert answer.errors == []
        there = answer.data["found"]
        found |= {node["id"] for node in there["nodes"]}
        after = there["pageInfo"]["endCursor"]
        if not there["pageInfo"]["hasNextPage"]:
            # Whose a row is, and where a person of it lives, its summary doesn't say: who sees it
            # by that alone would be told less, if the first wall let them ask the summary.
            total = there["totalCount"]
            assert total == len(found) or (
                isinstance(viewer, UnrestrictedViewer) and total < len(found)
            )
            return found


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_terms_of_search_tell_of_nobody_who_may_not_be_seen(
    ask: GraphQLTestClient, viewer: Viewer
) -> None:
    async with ask.engine.connect() as connection:
        await connection.exec_driver_sql(viewer.wall.transaction_statement)
        terms = text("SELECT DISTINCT record_id FROM search_term WHERE record_type = 'Worker'")
        named = set((await connection.execute(terms)).scalars())
        seen = set((await connection.execute(text("SELECT id FROM worker"))).scalars())
    assert named == seen
    assert named


@pytest.mark.parametrize(
    "table", [*OF_MINORS, "search_term", "worker_summary", "worker_summary_above"]
)
async def test_a_union_is_shown_no_minor_whom_it_does_not_own(
    ask: GraphQLTestClient, table: str
) -> None:
    """Though one lies in its region: neither name nor number."""
    number = "coalesce(sum(number), 0)" if "summary" in table else "count(*)"
    asked = text(f"SELECT {number} FROM {table} WHERE audience = 'PROTECTED'")
    union = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
    owner = partner_viewer(Role.UNION, "demo_college", "demo_province_north")
    found = []
    for viewer in (OPERATOR, union, owner):
        async with ask.engine.connect() as connection:
            await connection.exec_driver_sql(viewer.wall.transaction_statement)
            found.append(await connection.scalar(asked))
    everybody, others, own = found
    assert everybody > 0
    assert (others, own > 0) == (0, True)


async def test_personal_data_is_behind_a_wall_and_nobody_public_is_shown_a_row(
    ask: GraphQLTestClient,
) -> None:
    async with ask.engine.connect() as connection:
        for table in sorted(PERSONAL):
            secured = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class"
            assert await connection.scalar(text(f"{secured} WHERE relname = '{table}'"))
            policies = await connection.execute(
                text("SELECT roles::text FROM pg_policies WHERE tablename = :table"),
                {"table": table},
            )
            assert not any("jiangpu_public" in roles for roles in policies.scalars())


async def test_those_who_read_own_nothing_and_write_nothing(ask: GraphQLTestClient) -> None:
    engine = ask.engine
    for viewer in VIEWERS:
        for statement in (
            "UPDATE worker SET name = 'x'",
            "DELETE FROM enrolment",
            "INSERT INTO region_ancestor VALUES ('a', 'b', 1)",
            "CREATE TABLE mine (id int)",
            "SELECT * FROM alembic_version",
            "SELECT key FROM rounding_key",
        ):
            async with engine.connect() as connection:
                await connection.exec_driver_sql(viewer.wall.transaction_statement)
                with pytest.raises(Exception, match="permission denied"):
                    await connection.exec_driver_sql(statement)


async def test_an_owner_who_is_no_superuser_sees_nothing_hidden_unless_it_says_that_it_writes(
    postgres_url: str, databases: Databases
) -> None:
    """FORCE: a session that forgot to take its role is shown nothing."""
    connection = await asyncpg.connect(
        make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    try:
        await connection.execute("DROP ROLE IF EXISTS jiangpu_test_owner")
        await connection.execute("BEGIN; CREATE ROLE jiangpu_test_owner")
        await connection.execute("GRANT USAGE, CREATE ON SCHEMA public TO jiangpu_test_owner")
        await connection.execute("ALTER TABLE worker OWNER TO jiangpu_test_owner")
        await connection.execute("SET LOCAL ROLE jiangpu_test_owner")
        assert await connection.fetchval("SELECT count(*) FROM worker") == 0
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(deeper for child in plan.get("Plans", ()) for deeper in nodes(child))]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
@pytest.mark.parametrize("number", PLANNED)
async def test_no_query_of_the_contract_reads_a_large_table_from_end_to_end(
    postgres_url: str, number: str, viewer: Viewer
) -> None:
    """Explained in the role of its viewer; what an index could serve, it must."""
    snapshots = ExplainingSnapshots(make_url(postgres_url))
    for way in (Executor.PLAN, Executor.BATCH):
        context = Context.of(open_engine(postgres_url), viewer, TODAY, snapshots, way)
        async with context:
            result = await schema.answer(
                contract_query(number), contract_variables(number), context
            )
        assert result.errors is None
        assert context.fallback_reason is None
        await context.engine.dispose()
    await snapshots.close()
    scanned = {
        node["Relation Name"]
        for plan in snapshots.plans
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan"
    }
    assert snapshots.plans
    assert scanned & LARGE == set()


class ExplainingSnapshots(PostgresReadPool):
    """Explains each statement before it is asked, in the same session."""

    def __init__(self, url: Any) -> None:
        super().__init__(url)
        self.plans: list[dict[str, Any]] = []

    async def connect(self) -> Any:
        connection = await super().connect()
        # These tables are small: only where no index serves is one read from end to end then.
        await connection.execute("SET enable_seqscan = off")
        asked = connection.fetch

        async def fetch(statement: str, *values: Any) -> Sequence[Any]:
            [[plan]] = await asked(f"EXPLAIN (FORMAT JSON) {statement}", *values)
            self.plans.append(json.loads(plan)[0]["Plan"])
            found: Sequence[Any] = await asked(statement, *values)
            return found

        connection.fetch = fetch
        return connection


async def test_behind_a_proxy_nothing_is_left_in_a_session(postgres_url: str) -> None:
    snapshots = PostgresReadPool(
        make_url(postgres_url).update_query_dict({"pooling": "transaction"})
    )
    engine = open_engine(postgres_url)
    listed = '{ enrolments(spells: ALL) { totalCount } worker(code: "qin_shijun") { name } }'
    totals = []
    for viewer in (VIEWERS[1], PUBLIC, OPERATOR):
        async with Context.of(engine, viewer, TODAY, snapshots) as context:
            result = await schema.answer(listed, {}, context)
        totals.append(json.loads(json.dumps(result.data, default=str))["enrolments"]["totalCount"])
        [connection] = snapshots.idle
        left = await connection.fetchrow(
            "SELECT current_setting('role'), current_setting('jiangpu.organisation', true)"
        )
        assert left[0] == "none"
        assert not left[1]
    assert totals[0] > totals[1] == 0
    assert totals[2] > totals[0]
    await snapshots.close()
    await engine.dispose()


async def test_a_connection_serves_who_stood_behind_its_wall_before(postgres_url: str) -> None:
    """The wall is changed only when a connection passes to another kind of viewer."""
    snapshots = PostgresReadPool(make_url(postgres_url))
    said: list[str] = []
    college, public = VIEWERS[1].wall, PUBLIC.wall
    for wall in (college, college, public, college, college, None, None):
        connection = await snapshots.take(wall or LOGIN_ROLE)
        held: SessionRole = wall or LOGIN_ROLE
        if connection.wall != held:
            said.append(held.role)
        await snapshots.behind(held, connection)
        assert await connection.fetchval("SELECT current_setting('role')") == held.role
        snapshots.give_back(connection)
    assert said == ["jiangpu_partner", "jiangpu_public", "jiangpu_partner", "none"]
    first, second = await snapshots.take(college), await snapshots.take(public)
    await snapshots.behind(college, first)
    await snapshots.behind(public, second)
    snapshots.give_back(first)
    snapshots.give_back(second)
    assert await snapshots.take(college) is first
    snapshots.give_back(first)
    await snapshots.close()


def test_a_wall_is_told_names_and_keys_alone() -> None:
    with pytest.raises(ValueError, match="names and keys"):
        _ = SessionRole(
            "none", (("jiangpu.organisation", "a', true), pg_sleep('1"),)
        ).transaction_statement


def test_a_viewer_reads_in_the_narrowest_role() -> None:
    roles = [viewer.wall.role.removeprefix("jiangpu_") for viewer in VIEWERS]
    assert roles == [
        "public", "partner", "convenor", "union", "partner", "steward",
    ]  # fmt: skip
    only_public = Viewer("c", "demo_college", scopes=frozenset({Scope.READ_PUBLIC}))
    assert only_public.wall == PUBLIC.wall
