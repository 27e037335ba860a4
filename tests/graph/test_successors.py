"""Places and organisations that were merged, divided or renamed: the old find the new."""

from typing import Any

import pytest

from feeds.regions import CORRECTIONS_FILE, region_tree
from kit.db.engine import open_engine, read_transaction
from kit.errors import ImportRejected
from kit.relay.global_id import to_global_id
from kit.text.search_key import SIMPLIFIER
from models.partner import Role
from models.region import Region, RegionSuccession
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from resolvers.writing.derived_columns import verify_region_tree
from resolvers.writing.organisation_renaming import verify_former_names
from resolvers.writing.summary_tables import verify_summaries
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

# Characters that are names of places as they are, though they have another form elsewhere.
KEPT = {"乾安县", "乾县"}
KIND = {"organisation_kind": "VOCATIONAL_COLLEGE"}


# The tree itself.


def tree() -> dict[str, dict[str, Any]]:
    proposals, problems = region_tree()
    assert problems.found == []
    return {one.key: one.values for one in proposals if one.model is Region}


def successors() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in region_tree()[0]:
        if one.model is RegionSuccession:
            found.setdefault(one.values["region_id"], []).append(one.values["successor_id"])
    return found


def test_no_code_in_use_has_a_parent_that_is_not() -> None:
    found = tree()
    live = {code for code, one in found.items() if one.get("ended") is None}
    assert {code for code in live if found[code]["parent_id"] not in live} == {"china"}


def test_no_two_places_in_use_have_one_name_under_one_parent() -> None:
    seen: dict[tuple[str, str], str] = {}
    for code, one in tree().items():
        if one.get("ended") is None:
            assert seen.setdefault((one["parent_id"], one["name"]), code) == code


def test_names_are_in_simplified_characters() -> None:
    names = {str(one.values["name"]) for one in region_tree()[0] if "name" in one.values}
    assert {name for name in names if SIMPLIFIER.convert(name) != name} == KEPT


def test_every_correction_says_by_what_document() -> None:
    lines = [line.split(",") for line in CORRECTIONS_FILE.read_text("utf-8").splitlines()]
    assert lines[0] == ["code", "name", "started", "ended", "source"]
    assert [line for line in lines if not line[-1]] == []
    codes = {line[0].partition(".")[0] for line in lines[1:]}
    assert codes <= tree().keys()


def test_every_code_that_ended_has_a_successor_but_those_of_which_none_is_known() -> None:
    found, after = tree(), successors()
    ended = {code for code, one in found.items() if one.get("ended") is not None}
    assert after.keys() <= ended
    assert ended - after.keys() == {
        "150427", "232434", "332500", "370821", "420211", "432128", "440302", "442730", "512402",
    }  # fmt: skip
    assert {one for some in after.values() for one in some} <= found.keys()
    assert after["370284"] == ["370211"]
    assert after["330104"] == ["330102", "330114"]
    assert after["429001"] == ["421302"]


TREE = """{
  a: region(code: "330113") { name started parent { code } successions { id } }
  b: region(code: "330114") { name predecessors { code name } }
  c: region(code: "429001") { ended successors { code successors { code } } path { code } }
  d: region(code: "422921") { ended successors { code ended } district { code } }
  e: region(code: "422900") { ended }
  f: region(code: "232761") { name ended }
  g: regions(filter: {code: "420000", name: "神农架林区"}) { nodes { code } }
  h: region(code: "370284") { successions { since decree region { code } successor { code } }
    path { code } parent { code } }
}"""


async def test_the_known_faults_of_the_list_are_mended(region_tree_url: str) -> None:
    engine = open_engine(region_tree_url)
    found = await GraphQLTestClient(engine).data(TREE)
    await engine.dispose()
    assert found == {
        "a": {"name": "临平区", "started": "2021", "parent": {"code": "330100"},
              "successions": []},
        "b": {"name": "钱塘区", "predecessors": [{"code": "330104", "name": "江干区"}]},
        "c": {
            "ended": "2000",
            "successors": [
                {"code": "421302", "successors": [{"code": "421303"}, {"code": "421321"}]}
            ],
            "path": [{"code": "china"}, {"code": "420000"}, {"code": "421300"},
                     {"code": "421302"}, {"code": "429001"}],
        },
        "d": {"ended": "1994", "successors": [{"code": "429021", "ended": None}],
              "district": {"code": "429021"}},
        "e": {"ended": "1994"},
        "f": {"name": "加格达奇区", "ended": None},
        "g": {"nodes": [{"code": "429021"}]},
        "h": {
            "successions": [{
                "since": "2012",
                "decree": "国函〔2012〕153号（2012年9月30日）",
                "region": {"code": "370284"},
                "successor": {"code": "370211"},
            }],
            "path": [{"code": "china"}, {"code": "370000"}, {"code": "370200"},
                     {"code": "370211"}, {"code": "370284"}],
            "parent": {"code": "370200"},
        },
    }  # fmt: skip


# Records under a code that ended.

MERGED = """{
  new: region(code: "370211") { ...Lists predecessors { code } }
  old: region(code: "370284") { workers { nodes { code } } successors { code name } }
  within: workers(filter: {region: {code: "370211"}}) { nodes { code region { code } } }
  before: regions(filter: {predecessors: {code: "370284"}}) { nodes { code } }
  city: region(code: "370200") {
    workers { totalCount groups(by: [DISTRICT]) { nodes { count keys { code } } } }
    regions: workers { groups(by: [REGION]) { nodes { count keys { code label } } } } }
}
fragment Lists on Region { workers { totalCount nodes { code } groups(by: [DISTRICT]) {
  nodes { count keys { code label } } } } }"""
ROLLED = """{ rollup(root: "370200", depth: 1, measures: [WORKERS]) {
  rows { region { code } elsewhere values { quantity { value } } } } }"""


async def both_ways(ask: GraphQLTestClient, query: str, viewer: Viewer = OPERATOR) -> Any:
    """By the executor, and by a plan with and without subtrees: one answer."""
    answer = await ask(query, viewer)
    assert answer.errors == []
    for way in (Executor.PLAN, Executor.BATCH):
        planned = await ask.by_plan(query, way, viewer)
        assert planned.errors == []
        assert planned.data == answer.data
    return answer.data


async def agrees(ask: GraphQLTestClient) -> None:
    async with read_transaction(ask.engine) as connection:
        assert await connection.run_sync(verify_summaries) == []
        assert await verify_region_tree(connection) == []
        assert await verify_former_names(connection) == []


async def test_records_under_the_code_of_a_merged_county_are_in_the_lists_of_the_other(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[
        {"code": "w1", "name": "甲", "region": "370284"},
        {"code": "w2", "name": "乙", "region": "370211"},
        {"code": "w3", "name": "丙", "region": "370202"},
    ])  # fmt: skip
    both = {"nodes": [{"code": "w1"}, {"code": "w2"}]}
    found = await both_ways(ask, MERGED)
    assert found["new"] == {
        "workers": {
            "totalCount": 2,
            **both,
            "groups": {"nodes": [{"count": 2, "keys": [{"code": "370211", "label": "黄岛区"}]}]},
        },
        "predecessors": [{"code": "370284"}],
    }
    assert found["old"] == {
        "workers": {"nodes": [{"code": "w1"}]},
        "successors": [{"code": "370211", "name": "黄岛区"}],
    }
    assert found["within"] == {"nodes": [
        {"code": "w1", "region": {"code": "370284"}},
        {"code": "w2", "region": {"code": "370211"}},
    ]}  # fmt: skip
    assert found["before"] == {"nodes": [{"code": "370211"}]}
    assert found["city"]["workers"] == {
        "totalCount": 3,
        "groups": {"nodes": [
            {"count": 2, "keys": [{"code": "370211"}]},
            {"count": 1, "keys": [{"code": "370202"}]},
        ]},
    }  # fmt: skip
    assert found["city"]["regions"] == {"groups": {"nodes": [
        {"count": 2, "keys": [{"code": "370211", "label": "黄岛区"}]},
        {"count": 1, "keys": [{"code": "370202", "label": "市南区"}]},
    ]}}  # fmt: skip
    rows = (await ask.data(ROLLED))["rollup"]["rows"]
    told = {
        (row["region"]["code"], row["elsewhere"]): row["values"][0]["quantity"]["value"]
        for row in rows
    }
    assert told[("370200", False)] == 3
    assert told[("370211", False)] == 2
    assert told[("370202", False)] == 1
    assert told[("370200", True)] == 0
    assert ("370284", False) not in told
    await agrees(ask)


def region(code: str, ended: str = "2001", **more: str) -> dict[str, str]:
    return {"code": code, "name": code, "parent": "370200", "ended": ended, **more}


def became(*pairs: str) -> list[dict[str, str]]:
    steps = [pair.split(">") for pair in pairs]
    return [{"key": f"{a}.{b}", "region": a, "successor": b} for a, b in steps]


LINES = """{ regions(spells: ALL, filter: {code: "370000", or: [
  {name: "a"}, {name: "b"}, {name: "c"}, {name: "s"}, {name: "t"}]}) {
  nodes { code current { code } path { code } workers { totalCount } } } }"""


async def test_chains_divisions_and_what_comes_later_are_followed(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """a was merged into b, b into c, which is in use; s was divided among two cities, t into s."""
    await make(
        regions=[region("a"), region("b"), region("c", ""), region("s"), region("t")],
        workers=[{"code": f"w_{code}", "name": "甲", "region": code} for code in "abcst"],
    )
    await make(region_successions=became("a>b", "s>370202", "s>370100", "t>s"))
    await make(region_successions=became("b>c"))
    nodes = (await both_ways(ask, LINES))["regions"]["nodes"]
    told = {
        one["code"]: (
            "/".join(step["code"] for step in one["path"][1:]),
            one["current"]["code"],
            one["workers"]["totalCount"],
        )
        for one in nodes
    }
    assert told == {
        "a": ("370000/370200/c/b/a", "c", 1),
        "b": ("370000/370200/c/b", "c", 2),
        "c": ("370000/370200/c", "c", 3),
        "s": ("370000/s", "370000", 2),
        "t": ("370000/s/t", "370000", 1),
    }
    await agrees(ask)
    counted = await ask.data("""{ country: region(code: "china") { workers { totalCount } }
      city: region(code: "370200") { workers { totalCount } }
      province: region(code: "370000") { workers { totalCount } } }""")
    assert [one["workers"]["totalCount"] for one in counted.values()] == [5, 3, 5]


async def test_what_was_divided_among_regions_that_share_nothing_stays_what_it_was(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    roots = [region("r", parent=""), region("x", "", parent=""), region("y", "", parent="")]
    await make(regions=roots)
    await make(region_successions=became("r>x", "r>y"))
    told = await both_ways(ask, '{ region(code: "r") { current { code } path { code } } }')
    assert told == {"region": {"current": {"code": "r"}, "path": [{"code": "r"}]}}


async def test_two_successions_can_swap_what_they_say(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """All that makes them unique refers to others: no value can stand there for a moment."""
    await make(organisations=[college(code, code) for code in ("older", "old", "new")])
    said = [
        {"key": "s1", "organisation": "older", "successor": "old", "since": "1999"},
        {"key": "s2", "organisation": "old", "successor": "new", "since": "2025"},
    ]
    await make(organisation_successions=said)
    swapped = [{**one, "key": other["key"]} for one, other in zip(said, said[::-1], strict=True)]
    await make(organisation_successions=swapped)
    query = """{ organisations(filter: {code: "older"}) { nodes {
      successions { id since } successors { code } } } }"""
    assert await both_ways(ask, query) == {"organisations": {"nodes": [{
        "successions": [{"id": to_global_id("OrganisationSuccession", "s2"), "since": "1999"}],
        "successors": [{"code": "old"}],
    }]}}  # fmt: skip
    assert await make(organisation_successions=swapped) == {}


# rows of regions and successions, column, reason
REFUSED = [
    ([], became("a>a"), "region_successions.csv", "successor", "is the region itself."),
    ([], became("a>b", "b>a"), "region_successions.csv", "successor", "would come after itself."),
    ([], became("a>b", "b>c", "c>a"), "region_successions.csv", "successor",
     "would come after itself."),
    ([], became("370202>a"), "region_successions.csv", "region", "has not ended"),
    ([region("d", parent="a")], became("a>d"), "region_successions.csv", "successor",
     "would come after itself."),
    ([], became("a>nowhere"), "region_successions.csv", "successor", "there is no Region"),
    ([region("x", "")], became("a>b"), "regions.csv", "ended", "may not be empty"),
]  # fmt: skip


async def test_what_cannot_have_been_is_refused_whole(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        regions=[region("a"), region("b"), region("c"), region("x")],
        region_successions=became("x>370211"),
    )
    before = await row_counts(make.engine)
    for regions, successions, file, column, reason in REFUSED:
        with pytest.raises(ImportRejected) as refused:
            await make(regions=regions, region_successions=successions)
        told = [str(problem) for problem in refused.value.problems]
        assert any(one.startswith(file) and f"{column}: " in one and reason in one for one in told)
    assert await row_counts(make.engine) == before
    await agrees(ask)


async def test_a_union_sees_what_its_district_took_over(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        organisations=[{"code": "u", "name": "工会", "organisation_kind": "UNION"}],
        workers=[{"code": "w1", "name": "甲", "region": "370284", "audience": "OWNER"}],
    )
    query = "{ workers { nodes { code } } }"
    union = partner_viewer(Role.UNION, "u", "370211")
    assert await both_ways(ask, query, union) == {"workers": {"nodes": [{"code": "w1"}]}}
    other = partner_viewer(Role.UNION, "u", "370202")
    assert await both_ways(ask, query, other) == {"workers": {"nodes": []}}


# Organisations.

FOUND = """query($text: String!, $name: String!) {
  search(text: $text) { totalCount edges { form matched node { code } } }
  organisations(filter: {name: $name}) { nodes { code name } } }"""


async def found_by(
    ask: GraphQLTestClient, name: str, viewer: Viewer = OPERATOR
) -> tuple[list[str], list[str]]:
    """By search, and by a filter of exactly that name; both ways agree."""
    query = FOUND.replace("$text: String!, $name: String!", "").replace("query()", "")
    query = query.replace("$text", f'"{name}"').replace("$name", f'"{name}"')
    told = await both_ways(ask, query, viewer)
    hits = sorted(edge["node"]["code"] for edge in told["search"]["edges"])
    assert told["search"]["totalCount"] == len(hits)
    return hits, [node["code"] for node in told["organisations"]["nodes"]]


def college(code: str, name: str, **more: str) -> dict[str, str]:
    return {"code": code, "name": name, "region": "370200", **KIND, **more}


async def test_an_organisation_that_is_renamed_is_found_by_both_names(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(organisations=[college("co", "示例港湾技校")])
    written = await make(organisations=[college("co", "示例海洋职院")])
    assert written == {"Organisation": 1, "OrganisationFormerName": 1}
    assert await make(organisations=[college("co", "示例海洋职院")]) == {}
    for name in ("示例港湾技校", "示例海洋职院"):
        assert await found_by(ask, name) == (["co"], ["co"])
    query = '{ organisation(code: "co") { name formerNames { name started ended } } }'
    assert await both_ways(ask, query) == {"organisation": {
        "name": "示例海洋职院",
        "formerNames": [{"name": "示例港湾技校", "started": None, "ended": None}],
    }}  # fmt: skip
    # Somebody knows when, and of another name before that.
    await make(organisation_former_names=[
        {"key": "f1", "organisation": "co", "name": "示例船校", "started": "1958", "ended": "1990"},
    ])  # fmt: skip
    assert await found_by(ask, "示例船校") == (["co"], ["co"])
    await make(organisations=[college("co", "示例海洋大学")])
    for name in ("示例船校", "示例港湾技校", "示例海洋职院", "示例海洋大学"):
        assert await found_by(ask, name) == (["co"], ["co"])
    # What is spelt alike is no other name.
    assert await make(organisations=[college("co", "示例海洋大学 ".strip())]) == {}


async def test_an_organisation_that_was_merged_leads_to_the_other(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(organisations=[college(code, name) for code, name in (
        ("old", "示例甲校"), ("older", "示例乙校"), ("new", "示例丙校"), ("third", "示例丁校"),
    )])  # fmt: skip
    await make(organisation_successions=[
        {"key": "s1", "organisation": "older", "successor": "old", "since": "1999",
         "decree": "示政〔1999〕1号"},
        {"key": "s2", "organisation": "old", "successor": "new", "since": "2025", "decree": ""},
    ])  # fmt: skip
    query = """{ a: organisation(code: "older") { successors { code } successions { since decree } }
      b: organisation(code: "new") { predecessors { code predecessors { code } } } }"""
    assert await both_ways(ask, query) == {
        "a": {
            "successors": [{"code": "old"}],
            "successions": [{"since": "1999", "decree": "示政〔1999〕1号"}],
        },
        "b": {"predecessors": [{"code": "old", "predecessors": [{"code": "older"}]}]},
    }
    assert await found_by(ask, "示例乙校") == (["new", "old", "older"], ["new", "old", "older"])
    assert await found_by(ask, "示例甲校") == (["new", "old"], ["new", "old"])
    assert (await found_by(ask, "older"))[0] == ["new", "old", "older"]  # by the old code
    # A predecessor that gets another name: its heirs are found by both.
    await make(organisations=[college("older", "示例戊校")])
    for name in ("示例戊校", "示例乙校"):
        assert await found_by(ask, name) == (["new", "old", "older"], ["new", "old", "older"])
    # The old code stands for what it was: facts stay where they were told.
    await make(organisations=[college("branch", "示例分校", parent="old")])
    parent = '{ organisation(code: "branch") { parent { code successors { code } } } }'
    assert await both_ways(ask, parent) == {
        "organisation": {"parent": {"code": "old", "successors": [{"code": "new"}]}}
    }
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(organisation_successions=[
            {"key": "s3", "organisation": "new", "successor": "older"},
        ])  # fmt: skip
    assert "'new' would come after itself." in str(refused.value.problems[0])
    assert await row_counts(make.engine) == before


async def test_what_a_hidden_organisation_was_called_is_told_to_nobody(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    hidden = {"owner": "mine", "audience": "OWNER"}
    await make(organisations=[
        college("mine", "示例甲校"),
        college("secret", "示例秘密一", **hidden),
        college("open", "示例公开"),
        college("shown", "示例公开一"),
    ])  # fmt: skip
    await make(
        organisations=[college("secret", "示例秘密二", **hidden)],
        organisation_former_names=[
            {"key": "f", "organisation": "secret", "name": "示例秘密三", "audience": "PUBLIC"},
        ],
        organisation_successions=[
            {"key": "s", "organisation": "secret", "successor": "open", "audience": "PUBLIC"},
        ],
    )
    college_itself = partner_viewer(Role.COLLEGE, "mine")
    for name in ("示例秘密一", "示例秘密二", "示例秘密三"):
        assert await found_by(ask, name, PUBLIC) == ([], [])
        assert await found_by(ask, name, college_itself) == (["secret"], ["secret"])
    everything = """{ organisationFormerNames { totalCount } organisationSuccessions { totalCount }
      organisation(code: "open") { predecessors { code } successionsInto { id } } }"""
    assert await both_ways(ask, everything, PUBLIC) == {
        "organisationFormerNames": {"totalCount": 0},
        "organisationSuccessions": {"totalCount": 0},
        "organisation": {"predecessors": [], "successionsInto": []},
    }
    # Hidden afterwards, it takes its names along; published under another, it keeps the old hidden.
    await make(organisations=[college("shown", "示例公开二")])
    assert await found_by(ask, "示例公开一", PUBLIC) == (["shown"], ["shown"])
    await make(organisations=[college("shown", "示例公开二", **hidden)])
    assert await found_by(ask, "示例公开一", PUBLIC) == ([], [])
    assert await found_by(ask, "示例公开一", college_itself) == (["shown"], ["shown"])
    await make(organisations=[
        {**college("secret", "示例公开三"), "owner": "", "audience": "PUBLIC"},
    ])  # fmt: skip
    assert await found_by(ask, "示例公开三", PUBLIC) == (["secret"], ["secret"])
    for name in ("示例秘密一", "示例秘密二", "示例秘密三"):
        assert await found_by(ask, name, PUBLIC) == ([], [])
    await agrees(ask)
