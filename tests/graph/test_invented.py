"""Invented records are marked: each record, the registry, and all output with some of them."""

from pathlib import Path
from typing import Any

import pytest

import cli
from kit.db.engine import open_engine
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from tests.support.commands import table_row_counts
from tests.support.graph import GraphQLTestClient, RowFactory, run_async
from tests.support.over_http import post_graphql, serve
from tests.support.sdl import LISTS
from tests.support.visible_picture import KINDS

COLLEGE = partner_viewer(Role.COLLEGE, "demo_college")
UNION = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
REGISTRY = "{ registry { demonstration recordCount demonstrationCount } }"
NOTICE = {
    "zh-CN": "本登记库含有为演示而虚构的记录：每条记录的 demonstration 字段可辨，也可据此筛选。",
    "en": "Some records of this registry were invented for demonstration: `demonstration` of each "
    "says which, and filters take it.",
}
HOLDING_MANY = [
    "{ workers { totalCount } }",
    "{ one: worker(code: \"cui_xuelin\") { name } ...Lists } "
    "fragment Lists on Query { studios(first: 1) { nodes { code } } }",
    '{ search(text: "焊") { totalCount } }',
    '{ rollup(root: "demo_province_north", measures: [STUDIOS]) { exact } }',
    '{ cohort(college: "demo_college", year: 2022) { year } }',
    "{ workers { groups(by: [GRADE]) { nodes { count } } } }",
]  # fmt: skip
HOLDING_NONE = [
    '{ worker(code: "cui_xuelin") { name } }',
    "{ viewer { scopes } disputes { totalCount } }",
    "{ __typename }",
    REGISTRY,
]


@pytest.mark.parametrize("viewer", [PUBLIC, COLLEGE], ids=lambda one: one.name)
async def test_each_record_says_whether_it_is_invented_and_the_registry_counts_them(
    ask_examples: GraphQLTestClient, viewer: Viewer
) -> None:
    every = invented = 0
    for kind in KINDS:
        name = LISTS[f"{kind}Connection"]
        spells = "" if KINDS[kind].spell is None else ", spells: ALL"
        page = "totalCount nodes { id demonstration }"
        document = f"""{{
          all: {name}(first: 100{spells}) {{ {page} }}
          yes: {name}(first: 100, filter: {{demonstration: true}}{spells}) {{ {page} }}
          no: {name}(first: 100, filter: {{not: {{demonstration: true}}}}{spells}) {{ {page} }}
        }}"""
        answer = await ask_examples(document, viewer)
        assert answer.errors == [], (kind, answer.errors)
        assert (await ask_examples.by_plan(document, Executor.PLAN, viewer)).data == answer.data
        all_, yes, no = (answer.data[key] for key in ("all", "yes", "no"))
        assert all_["totalCount"] == yes["totalCount"] + no["totalCount"], kind
        assert all(one["demonstration"] for one in yes["nodes"])
        assert not any(one["demonstration"] for one in no["nodes"])
        every, invented = every + all_["totalCount"], invented + yes["totalCount"]
    told = (await ask_examples(REGISTRY, viewer)).data["registry"]
    assert told == {
        "demonstration": True,
        "recordCount": every,
        "demonstrationCount": invented,
    }
    assert 1000 < invented < every


async def test_nobody_published_is_taken_for_invented(ask_examples: GraphQLTestClient) -> None:
    """Return records by file: published ones are in one folder, invented ones in another."""
    document = """{
      invented: workers(first: 100, filter: {demonstration: true}) { nodes { code } totalCount }
      others: workers(filter: {demonstration: false}) { nodes { code } totalCount }
    }"""
    told = await ask_examples.data(document)
    folder = Path(__file__).parent.parent.parent / "examples" / "published" / "workers.csv"
    published = {line.split(",")[0] for line in folder.read_text("utf-8").splitlines()[1:]}
    assert {one["code"] for one in told["others"]["nodes"]} == published
    assert told["others"]["totalCount"] == len(published)
    assert not published & {one["code"] for one in told["invented"]["nodes"]}


@pytest.mark.parametrize("way", [Executor.PLAN, Executor.DEFAULT])
async def test_whatever_holds_many_comes_with_the_notice(examples_url: str, way: Executor) -> None:
    async with serve(examples_url, UNION, way=way) as client:
        for query in HOLDING_MANY:
            for language, message in NOTICE.items():
                answer = (await post_graphql(client, {"query": query}, language=language)).json()
                assert "errors" not in answer, answer
                told = answer["extensions"]
                assert told.keys() == {"cost", "notices"}, query
                assert told["notices"] == [{"code": "DEMONSTRATION", "message": message}]
        for query in HOLDING_NONE:
            answer = (await post_graphql(client, {"query": query})).json()
            assert answer["extensions"].keys() == {"cost"}, query
        refused = (
            await post_graphql(client, {"query": "{ workers(first: 1000) { totalCount } }"})
        ).json()
        assert refused["extensions"].keys() == {"cost"}


async def test_where_nothing_is_invented_nothing_is_said(
    url: str, make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Nor of what the public doesn't see: then it would tell of what is hidden."""
    await make(workers=[{"code": "demo_hidden", "name": "甲"}, {"code": "w", "name": "乙"}])
    assert (await ask(REGISTRY, PUBLIC)).data["registry"]["demonstration"] is False
    assert (await ask(REGISTRY)).data["registry"]["demonstrationCount"] == 1
    async with serve(url) as client:
        answer = (await post_graphql(client, {"query": "{ workers { totalCount } }"})).json()
        assert answer["data"] == {"workers": {"totalCount": 2}}
        assert answer["extensions"].keys() == {"cost"}


async def test_a_report_says_that_some_of_it_may_be_invented(examples_url: str) -> None:
    address = "/reports/cohort.csv?college=demo_college&year=2022"
    async with serve(examples_url, COLLEGE) as client:
        for language, line in {
            "en": "Notice,Some records of this registry were invented for demonstration.",
            "zh-CN": "提示,本登记库含有为演示而虚构的记录。",
        }.items():
            answer = await client.get(address, headers={"Accept-Language": language})
            assert line in answer.text.splitlines()


@pytest.fixture
def embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "var" / "registry.db"


def test_the_embedded_file_can_be_made_of_published_records_alone(
    embedded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["embed", "--published"]) == 0
    assert embedded.stat().st_mode & 0o777 == 0o600
    url = f"sqlite:///{embedded}"

    async def asked() -> Any:
        engine = open_engine(url)
        document = f"{REGISTRY[:-1]} workers {{ totalCount }} }}"
        answer = await GraphQLTestClient(engine)(document, OPERATOR)
        await engine.dispose()
        return answer.data

    told = run_async(asked())
    assert told["registry"]["demonstration"] is False
    assert told["registry"]["demonstrationCount"] == 0
    assert told["workers"] == {"totalCount": 14}
    before = run_async(table_row_counts(url))
    assert cli.main(["embed"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "var/registry.db exists already: move it away first to make a new one."
    )
    assert run_async(table_row_counts(url)) == before
