"""Search: what is found by what one types, in which order, and by whom."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select

from kit.db.engine import write_transaction
from models.history import model_table
from models.partner import Role
from models.region import Region
from models.worker import Worker
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from resolvers.core.declare import REGISTRY
from resolvers.database.schema_version import migrate
from resolvers.personal.erasure import erase_person
from resolvers.search.queries import MAX_COUNTED_HITS
from resolvers.writing.search_index import (
    SEARCH_TERMS,
    SEARCHABLE_MODELS,
    insert_missing_terms,
    rebuild_terms,
)
from tests.support.contract_queries import contract_query
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows
from tests.support.visible_records import VIEWERS, VisibilityOracle

SEARCH = """query($text: String!, $first: Int, $after: String, $last: Int, $before: String) {
  search(text: $text, first: $first, after: $after, last: $last, before: $before) {
    totalCount capped
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor matched form score node { __typename id code name } }
  }
}"""
LEADER = [("Worker", "han_longji"), ("Studio", "han_longji_studio")]
WAYS = [Executor.DEFAULT, Executor.BATCH, Executor.PLAN]


async def asked(ask: GraphQLTestClient, way: Executor, viewer: Viewer, **variables: Any) -> Any:
    if way is Executor.DEFAULT:
        answer = await ask(SEARCH, viewer, **variables)
    else:
        answer = await ask.by_plan(SEARCH, way, viewer, **variables)
    assert answer.errors == []
    return answer.data["search"]


async def found(
    ask: GraphQLTestClient, text: str, viewer: Viewer = PUBLIC, **page: Any
) -> list[tuple[str, str]]:
    page = {"first": 100, **page}
    edges = (await asked(ask, Executor.DEFAULT, viewer, text=text, **page))["edges"]
    return [(edge["node"]["__typename"], edge["node"]["code"]) for edge in edges]


@pytest.mark.parametrize("text", ["韩龙", "韓龍吉", "hanlongji", "hlj"])
async def test_the_contracts_texts_find_the_worker_or_the_studio_he_leads(
    ask_examples: GraphQLTestClient, text: str
) -> None:
    answer = await ask_examples(contract_query("09"), PUBLIC, text=text)
    assert answer.errors == []
    names = [edge["node"]["name"] for edge in answer.data["search"]["edges"]]
    assert "韩龙吉" in names or "韩龙吉劳模(工匠)创新工作室" in names


@pytest.mark.parametrize("way", WAYS)
async def test_a_whole_answer(ask_examples: GraphQLTestClient, way: Executor) -> None:
    answer = await asked(ask_examples, way, PUBLIC, text="韓龍吉", first=1)
    [edge] = answer["edges"]
    cursor = edge.pop("cursor")
    assert edge == {
        "matched": "韩龙吉",
        "form": "NAME",
        "score": 3.1,
        "node": {
            "__typename": "Worker",
            "id": "V29ya2VyOmhhbl9sb25namk",
            "code": "han_longji",
            "name": "韩龙吉",
        },
    }
    assert answer["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursor,
        "endCursor": cursor,
    }
    assert answer["totalCount"] == 2
    assert answer["capped"] is False  # 0 would be equal


@pytest.mark.parametrize("text", [
    "韩龙吉", "韓龍吉", "韩龙", "龙吉", "han long ji", "hán lóng jí", "han2 long2 ji2",
    "Han Longji",
    "han_longji", "韩 龙 吉", "“韩龙吉”",
])  # fmt: skip
async def test_a_worker_is_found_by_whatever_one_types(
    ask_examples: GraphQLTestClient, text: str
) -> None:
    assert (await found(ask_examples, text))[:2] == LEADER


@pytest.mark.parametrize(("text", "first"), [
    ("青岛", ("Region", "370200")), ("qd", ("Region", "370200")), ("370200", ("Region", "370200")),
    ("工匠学院", None), ("model-worker", ("Studio", "han_longji_studio")),
    ("cross_sector_alliance", ("Alliance", "cross_sector_alliance")),
])  # fmt: skip
async def test_other_kinds_are_found(
    ask_examples: GraphQLTestClient, text: str, first: tuple[str, str] | None
) -> None:
    there = await found(ask_examples, text)
    assert there
    assert first is None or first in there


async def test_every_kind_is_found_by_its_whole_name(ask_examples: GraphQLTestClient) -> None:
    for model in SEARCHABLE_MODELS:
        table = model_table(model)
        async with ask_examples.engine.connect() as connection:
            code, name = (
                await connection.execute(
                    select(table.c.code, table.c.name)
                    .where(table.c.audience == "PUBLIC", func.length(table.c.name) < 40)
                    .order_by(table.c.code)
                    .limit(1)
                )
            ).one()
        assert (model.__name__, code) in await found(ask_examples, name)


async def test_every_kind_that_has_a_name_is_in_search(ask_examples: GraphQLTestClient) -> None:
    """All that one can look up by its code, and each of them has terms."""
    named = {kind.model for kind in REGISTRY.kinds.values() if kind.key == "code"}
    assert set(SEARCHABLE_MODELS) == named
    async with ask_examples.engine.connect() as connection:
        kinds = await connection.scalars(select(SEARCH_TERMS.c.record_type).distinct())
        assert set(kinds) == {model.__name__ for model in named}
    for text in ("惠才通", "七位一体", "梧桐树", "匠筑潍坊", "青岛工匠日"):
        assert await found(ask_examples, text), text


async def test_what_has_no_region_of_its_own_lies_with_who_has_it(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        organisations=[
            {"code": "c", "name": "院", "organisation_kind": "VOCATIONAL_COLLEGE",
             "region": "370202"},
        ],
        training_classes=[{"code": "k", "name": "枫丹班", "college": "c", "audience": "OWNER"}],
    )  # fmt: skip
    union, other = (partner_viewer(Role.UNION, "c", place) for place in ("370200", "370100"))
    for way in WAYS:
        assert (await asked(ask, way, union, text="枫丹"))["totalCount"] == 1
        assert (await asked(ask, way, other, text="枫丹"))["totalCount"] == 0
    await make(organisations=[{"code": "c", "region": "370102"}])
    for way in WAYS:
        assert (await asked(ask, way, union, text="枫丹"))["totalCount"] == 0
        assert (await asked(ask, way, other, text="枫丹"))["totalCount"] == 1


async def test_a_registry_from_before_a_kind_was_in_search_gets_its_terms(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(training_classes=[{"code": "e", "name": "枫丹班"}])
    async with make.engine.begin() as connection:
        await connection.execute(
            delete(SEARCH_TERMS).where(SEARCH_TERMS.c.record_type == "TrainingClass")
        )
    assert await found(ask, "枫丹班") == []
    async with write_transaction(make.engine) as connection:
        await insert_missing_terms(connection)
    assert await found(ask, "枫丹班") == [("TrainingClass", "e")]


async def test_a_region_is_found_by_a_name_that_it_had(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        regions=[{"code": "r", "name": "丹枫市", "level": "CITY"}],
        former_names=[{"key": "f", "region": "r", "name": "赤叶县"}],
    )
    answer = await asked(ask, Executor.DEFAULT, PUBLIC, text="赤葉")
    [edge] = answer["edges"]
    assert (edge["matched"], edge["form"], edge["node"]["code"]) == ("赤叶县", "FORMER_NAME", "r")


async def test_whole_names_then_beginnings_then_what_is_inside_and_each_by_standing(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    names = {"a": "枫丹", "b": "枫丹厂", "c": "老枫丹厂", "d": "枫丹", "e": "枫丹院", "f": "新枫丹"}
    await make(
        organisations=[{"code": code, "name": name, "organisation_kind": "OTHER"}
                       for code, name in names.items()],
        studios=[{"code": f"s{n}", "name": f"室{n}", "studio_kind": "OTHER", "host": host}
                 for n, host in enumerate("deeff")],
    )  # fmt: skip
    answer = await asked(ask, Executor.DEFAULT, PUBLIC, text="枫丹")
    order = [(edge["node"]["code"], edge["score"]) for edge in answer["edges"]]
    assert order == [("d", 3.1), ("a", 3.0), ("e", 2.2), ("b", 2.0), ("f", 1.2), ("c", 1.0)]


TEXTS = ["工", "工匠", "青", "q", "qd", "gong", "zhang", "示例", "d", "demo", "li", "王", "370"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", TEXTS)
async def test_pages_forward_and_backward_are_the_whole_list(
    ask_examples: GraphQLTestClient, text: str, way: Executor
) -> None:
    forward: list[str] = []
    after = None
    while len(forward) < 60:
        page = await asked(ask_examples, way, OPERATOR, text=text, first=7, after=after)
        forward += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(forward) == page["totalCount"]
            break
    assert len(set(forward)) == len(forward)
    whole = await asked(ask_examples, way, OPERATOR, text=text, first=100)
    assert [edge["node"]["id"] for edge in whole["edges"]][: len(forward)] == forward
    scores = [edge["score"] for edge in whole["edges"]]
    assert scores == sorted(scores, reverse=True)
    before, backward = after, list[str]()
    while before is not None:
        page = await asked(ask_examples, way, OPERATOR, text=text, last=7, before=before)
        backward = [edge["node"]["id"] for edge in page["edges"]] + backward
        more = page["pageInfo"]["hasPreviousPage"]
        before = page["pageInfo"]["startCursor"] if more else None
    assert backward == forward[:-1]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}-{one.region}")
async def test_nobody_finds_or_counts_what_they_may_not_see(
    ask_examples: GraphQLTestClient, viewer: Viewer
) -> None:
    """Matches follow from the stored names, visibility from tests/support/visible_records.py."""
    truth = await VisibilityOracle.of(ask_examples.engine)
    allowed = truth.ids(viewer)
    hidden = 0
    for text in ["王", "李", "张", "示例", "工匠", "demo"]:
        matching = matching_ids(truth, text)
        hidden += len(matching - allowed)
        ids: set[str] = set()
        after, pages = None, 0
        while pages < 30:
            page = await asked(
                ask_examples, Executor.BATCH, viewer, text=text, first=100, after=after
            )
            ids |= {edge["node"]["id"] for edge in page["edges"]}
            after, pages = page["pageInfo"]["endCursor"], pages + 1
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert ids == matching & allowed, text
        assert page["totalCount"] == len(ids)
    assert bool(hidden) is (viewer is not OPERATOR)


def matching_ids(truth: VisibilityOracle, text: str) -> set[str]:
    from kit.relay.global_id import to_global_id

    found = set()
    for model in SEARCHABLE_MODELS:
        for row in truth.rows[model_table(model).name].values():
            codes = [code.replace("_", "").lower() for code in (row["code"], row["id"])]
            english = (row["name_en"] or "").lower()
            if text.isascii():
                matches = any(code.startswith(text) for code in codes) or text in english
            elif len(text) == 1:
                matches = row["name"].startswith(text)
            else:
                matches = text in row["name"]
            if matches:
                found.add(to_global_id(model.__name__, row["id"]))
    former = [
        *truth.rows["former_name"].values(),
        *(
            {"region_id": None, "organisation_id": one["organisation_id"], "name": one["name"]}
            for one in truth.rows["organisation_former_name"].values()
        ),
        *(
            {"region_id": None, "organisation_id": one["successor_id"], "name": before["name"]}
            for one in truth.rows["organisation_succession"].values()
            for before in [truth.rows["organisation"][one["organisation_id"]]]
        ),
    ]
    found |= {to_global_id("Region", row["region_id"]) if row["region_id"]
              else to_global_id("Organisation", row["organisation_id"])
              for row in former if text in row["name"]
              and (len(text) > 1 or row["name"].startswith(text))}  # fmt: skip
    return found


@pytest.mark.parametrize(("text", "code"), [
    ("", "BAD_USER_INPUT"), ("   ", "BAD_USER_INPUT"), ("%", "BAD_USER_INPUT"),
    ("_*?", "BAD_USER_INPUT"), ("'\";--", "BAD_USER_INPUT"), ("。，", "BAD_USER_INPUT"),
    ("\0", "BAD_USER_INPUT"), ("韩" * 10_000, "LIMIT_EXCEEDED"), ("a" * 201, "LIMIT_EXCEEDED"),
])  # fmt: skip
async def test_what_can_not_be_searched_for_is_refused(
    ask_examples: GraphQLTestClient, text: str, code: str
) -> None:
    answer = await ask_examples(SEARCH, PUBLIC, text=text)
    assert answer.codes == [code]
    assert "SELECT" not in answer.messages[0]


@pytest.mark.parametrize("text", ["韩%", "韩_吉", "韩*", "' OR 1=1 --", "a' UNION SELECT", "𠀀"])
async def test_there_are_no_wildcards(ask_examples: GraphQLTestClient, text: str) -> None:
    """Punctuation is ignored: the rest is searched for unchanged."""
    plain = "".join(char for char in text if char.isalnum())
    assert await found(ask_examples, text) == await found(ask_examples, plain)


@pytest.mark.parametrize("page", [
    {"first": 0}, {"first": 1, "last": 1}, {"after": "x"}, {"after": "WyJzZWFyY2giXQ"},
    {"after": "WyJzZWFyY2giLDksMCwiYSIsImIiLCJjIl0"},
    {"after": "WyJzZWFyY2giLDEsMCwiXHUwMDAwIiwiYiIsImMiXQ"},
])  # fmt: skip
async def test_a_page_that_is_none_is_refused(
    ask_examples: GraphQLTestClient, page: dict[str, Any]
) -> None:
    answer = await ask_examples(SEARCH, PUBLIC, text="工匠", **page)
    assert answer.codes == ["BAD_USER_INPUT"]


async def test_the_number_of_statements_depends_on_the_kinds_that_are_found_alone(
    ask_examples: GraphQLTestClient,
) -> None:
    """A page, a count, and one for the records of each kind; links of theirs are folded in."""
    for text, kinds in (("韩龙吉", 2), ("青岛", 6)):
        for way in (Executor.BATCH, Executor.PLAN):
            answer = await ask_examples.by_plan(contract_query("09"), way, text=text)
            there = {edge["node"]["__typename"] for edge in answer.data["search"]["edges"]}
            assert len(there) == kinds
            assert len(answer.statements) == 2 + kinds


async def terms(ask: GraphQLTestClient) -> list[tuple[Any, ...]]:
    async with ask.engine.connect() as connection:
        rows = await connection.execute(
            select(SEARCH_TERMS).where(SEARCH_TERMS.c.record_type != "Region")
        )
        return sorted(map(tuple, rows), key=repr)


async def test_terms_follow_every_write(make: RowFactory, ask: GraphQLTestClient) -> None:
    await make(workers=[{"code": "w", "name": "仇小枫"}])
    assert await found(ask, "qiuxiaofeng") == []
    assert await found(ask, "qiuxiaofeng", OPERATOR) == [("Worker", "w")]
    shown = {"code": "w", "name": "仇小枫", "audience": "PUBLIC"}
    await make(**publishing_rows("w"), workers=[shown])
    assert await found(ask, "qxf") == [("Worker", "w")]
    await make(workers=[{"code": "w", "name": "解大枫"}])
    assert await found(ask, "qxf") == []
    assert await found(ask, "xie da feng") == [("Worker", "w")]
    await make(workers=[{"key": "w", "code": "newcode", "name": "解大枫"}])
    assert await found(ask, "newcode") == await found(ask, "解大枫") == [("Worker", "newcode")]
    score = (await asked(ask, Executor.DEFAULT, PUBLIC, text="解大枫"))["edges"][0]["score"]
    assert score == 3.1
    retracted = {"key": "published_w", "competition": "published", "worker": "newcode",
                 "sources": "published", "audience": "PUBLIC", "status": "RETRACTED"}  # fmt: skip
    await make(results=[retracted])
    score = (await asked(ask, Executor.DEFAULT, PUBLIC, text="解大枫"))["edges"][0]["score"]
    assert score == 3.0


async def test_terms_are_as_if_all_had_been_made_anew(own_examples_url: str) -> None:
    from kit.db.engine import open_engine

    engine = open_engine(own_examples_url)
    ask = GraphQLTestClient(engine)
    before = await terms(ask)
    async with write_transaction(engine) as connection:
        number = await rebuild_terms(connection)
    assert await terms(ask) == before
    assert number > len(before) > 1000
    await engine.dispose()


async def test_an_erased_person_is_found_by_nobody(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        **publishing_rows("w"), workers=[{"code": "w", "name": "仇小枫", "audience": "PUBLIC"}]
    )
    assert await found(ask, "仇小枫", OPERATOR) == [("Worker", "w")]
    async with write_transaction(ask.engine) as connection:
        await erase_person(connection, "w", "asked to", "test")
        left = await connection.scalars(
            select(SEARCH_TERMS.c.term).where(SEARCH_TERMS.c.record_type == Worker.__name__)
        )
        assert left.all() == []
        await rebuild_terms(connection)
    for text in ("仇小枫", "qiuxiaofeng", "qxf", "已删除", "erased"):
        assert await found(ask, text, OPERATOR) == []


async def test_a_registry_from_before_there_was_search_is_filled_when_it_is_migrated(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "w", "name": "单小枫"}])
    before = await terms(ask)
    worker = model_table(Worker)
    async with write_transaction(ask.engine) as connection:
        await connection.execute(delete(SEARCH_TERMS))
        await connection.execute(worker.update().values(name_key="dan1 xiao3 feng1 单小枫"))
    assert await migrate(ask.engine) is False
    assert await terms(ask) == before != []
    async with ask.engine.connect() as connection:
        [key] = await connection.scalars(select(worker.c.name_key))
        regions = await connection.scalar(select(func.count()).select_from(model_table(Region)))
        found_regions = await connection.scalar(
            select(func.count(SEARCH_TERMS.c.record_id.distinct())).where(
                SEARCH_TERMS.c.record_type == "Region"
            )
        )
    assert key == "shan4 xiao3 feng1 单小枫"
    assert regions == found_regions


async def test_a_long_list_is_counted_to_a_bound(
    make: RowFactory, ask: GraphQLTestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_COUNTED_HITS >= 10_000
    monkeypatch.setattr("resolvers.search.queries.MAX_COUNTED_HITS", 3)
    rows = [{"code": f"o{n}", "name": f"枫丹{n}", "organisation_kind": "OTHER"} for n in range(4)]
    await make(organisations=rows[:3])
    answer = await asked(ask, Executor.DEFAULT, PUBLIC, text="枫丹", first=1)
    assert answer["totalCount"] == 3
    assert answer["capped"] is False
    await make(organisations=rows)
    answer = await asked(ask, Executor.DEFAULT, PUBLIC, text="枫丹", first=1)
    assert answer["totalCount"] == 3
    assert answer["capped"] is True
