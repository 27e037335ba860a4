"""Pages of a history, both ways, and what they cost."""

from typing import Any

import pytest

from kit.relay.cursor import encode_cursor
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows

PAGE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { history(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { ...Version } } nodes { ...Version } } } }
fragment Version on Version { knownFrom knownUntil changeKind values { field value changed } }"""
ID = to_global_id("Worker", "w")


async def page(ask: GraphQLTestClient, viewer: Viewer = OPERATOR, **asked: Any) -> Any:
    answer = await ask(PAGE, viewer=viewer, id=ID, **asked)
    assert answer.errors == []
    found = answer.data["node"]["history"]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert len(answer.statements) == 3  # the record, the page, the total
    return found


def names(found: Any) -> str:
    """Return the names that the versions gave, those that changed the name in brackets."""
    told = []
    for node in found["nodes"]:
        [name] = [one for one in node["values"] if one["field"] == "name"]
        told.append(f"[{name['value']}]" if name["changed"] else name["value"])
    return " ".join(told)


async def enter(make: RowFactory, *versions: str) -> None:
    """One version each; one that begins with a dash isn't public."""
    for n, name in enumerate(versions):
        audience = "OWNER" if name.startswith("-") else "PUBLIC"
        row = {"code": "w", "name": name.removeprefix("-"), "name_en": str(n)}
        told = publishing_rows("w") if audience == "PUBLIC" else {}
        await make(workers=[{**row, "audience": audience}], **told)


async def both_ways(
    ask: GraphQLTestClient, size: int, viewer: Viewer
) -> tuple[list[Any], list[Any]]:
    forward: list[Any] = []
    after = None
    while True:
        found = await page(ask, viewer, first=size, after=after)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        forward += found["nodes"]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    backward: list[Any] = []
    before = None
    while True:
        found = await page(ask, viewer, last=size, before=before)
        assert found["pageInfo"]["hasNextPage"] is (before is not None)
        backward = found["nodes"] + backward
        before = found["pageInfo"]["startCursor"]
        if not found["pageInfo"]["hasPreviousPage"]:
            break
    return forward, backward


@pytest.mark.parametrize(
    ("viewer", "told"),
    [(OPERATOR, "戊 [戊] [丁] 丙 [丙] [乙] [甲]"), (PUBLIC, "戊 [戊] 丙 [丙] [甲]")],
    ids=["operator", "public"],
)
async def test_pages_give_everything_once_both_ways(
    ask: GraphQLTestClient, make: RowFactory, viewer: Viewer, told: str
) -> None:
    """A version is compared with the one before it wherever a page begins or ends."""
    await enter(make, "甲", "-乙", "丙", "丙", "-丁", "戊", "戊")
    whole = await page(ask, viewer)
    assert names(whole) == told
    assert whole["totalCount"] == len(whole["nodes"])
    for size in (1, 2, 3, 5, 7, 100):
        forward, backward = await both_ways(ask, size, viewer)
        assert forward == backward == whole["nodes"]


async def test_beyond_the_oldest_version_there_is_an_empty_page(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter(make, "甲")
    cursor = (await page(ask))["pageInfo"]["endCursor"]
    for asked in ({"first": 1, "after": cursor}, {"last": 1, "before": cursor}):
        assert (await page(ask, **asked))["nodes"] == []


async def test_a_page_is_twenty_unless_asked(ask: GraphQLTestClient, make: RowFactory) -> None:
    await enter(make, *(str(n) for n in range(22)))
    found = await page(ask)
    assert (found["totalCount"], len(found["nodes"])) == (22, 20)
    assert [edge["cursor"] for edge in found["edges"]][-1] == found["pageInfo"]["endCursor"]
    rest = await page(ask, after=found["pageInfo"]["endCursor"])
    assert names(rest) == "[1] [0]"
    newer = await page(ask, before=found["pageInfo"]["endCursor"])
    assert newer["nodes"] == found["nodes"][:-1]


async def test_a_cursor_stays_right_while_versions_come(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter(make, "甲", "乙", "丙")
    cursor = (await page(ask, first=1))["pageInfo"]["endCursor"]
    await enter(make, "丁", "戊")
    assert names(await page(ask, after=cursor)) == "[乙] [甲]"
    assert names(await page(ask, before=cursor)) == "[戊] [丁]"


OTHER_LIST = "This cursor belongs to another list or order: start again without a cursor."
FORGED = "Invalid cursor: use one that a page of this list returned."
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"first": 0}, "`first` must be from 1 to 100, not 0."),
    ({"last": 101}, "`last` must be from 1 to 100, not 101."),
    ({"first": 1, "last": 1}, "Use either `first` or `last`, not both."),
    ({"first": 1, "before": "b"},
     "Use `before` with `last`; with `first`, use `after`."),
    ({"after": "nonsense"}, FORGED),
    ({"before": ""}, FORGED),
    *(({"after": encode_cursor("Worker.history", ["w", value])}, FORGED)
      for value in ("1", None, True, 1.5, 0, -1, 2**63)),
    *(({"after": encode_cursor("Worker.history", values)}, FORGED) for values in ([], [1], ["w"])),
    ({"after": encode_cursor("Studio.history", ["w", 1])}, OTHER_LIST),
    *(({"after": encode_cursor("Worker.history", [key, 1])}, OTHER_LIST)
      for key in ("other", "", None, 1, ["w"])),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), WRONG)
async def test_a_page_that_cannot_be_asked_for(
    ask: GraphQLTestClient, make: RowFactory, given: Any, message: str
) -> None:
    await enter(make, "甲")
    answer = await ask(PAGE, id=ID, **given)
    code = "LIMIT_EXCEEDED" if "101" in message else "BAD_USER_INPUT"
    assert (answer.data, answer.codes) == ({"node": None}, [code])
    assert answer.messages == [message]
    assert len(answer.statements) == 1


async def test_a_cursor_belongs_to_its_list(ask: GraphQLTestClient, make: RowFactory) -> None:
    await enter(make, "甲")
    listed = await ask.data("{ workers { pageInfo { endCursor } } }")
    refused = await ask(PAGE, id=ID, after=listed["workers"]["pageInfo"]["endCursor"])
    assert (refused.codes, refused.messages) == (["BAD_USER_INPUT"], [OTHER_LIST])
    cursor = (await page(ask))["pageInfo"]["endCursor"]
    refused = await ask("query($c: String) { workers(after: $c) { totalCount } }", c=cursor)
    assert (refused.codes, refused.messages) == (["BAD_USER_INPUT"], [OTHER_LIST])


async def test_a_cursor_holds_the_place_of_its_version_among_those_that_are_seen(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter(make, "甲", "-乙", "丙")
    for viewer, numbers in ((OPERATOR, (3, 2, 1)), (PUBLIC, (2, 1))):
        cursors = [edge["cursor"] for edge in (await page(ask, viewer))["edges"]]
        assert cursors == [encode_cursor("Worker.history", ["w", number]) for number in numbers]


ALL = """{ workers(first: 100) { nodes { code history(first: 2) { totalCount
  pageInfo { hasNextPage } edges { cursor }
  nodes { assertedBy { code } values { field value changed } } } } } }"""


@pytest.mark.parametrize("size", [1, 50])
async def test_the_number_of_statements_depends_on_the_query_alone(
    ask: GraphQLTestClient, make: RowFactory, size: int
) -> None:
    await make(organisations=[{"code": "a", "name": "a", "organisation_kind": "OTHER"}])
    for name in ("甲", "乙", "丙"):
        await make(workers=[{"code": f"w{n}", "name": name, "owner": "a"} for n in range(size)])
    answer = await ask(ALL)
    assert answer.errors == []
    # The workers; the pages, the totals and the organisations of all histories.
    assert len(answer.statements) == 4
    nodes = answer.data["workers"]["nodes"]
    assert [node["code"] for node in nodes] == sorted(f"w{n}" for n in range(size))
    for node in nodes:
        found = node["history"]
        assert (found["totalCount"], found["pageInfo"]) == (3, {"hasNextPage": True})
        assert names(found) == "[丙] [乙]"
        assert {version["assertedBy"]["code"] for version in found["nodes"]} == {"a"}


async def test_a_place_costs_as_many_statements_as_kinds_occur(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        workers=[{"code": f"w{n}", "name": "甲"} for n in range(3)],
        studios=[{"code": f"s{n}", "name": "室", "studio_kind": "OTHER"} for n in range(3)],
    )
    ids = [
        to_global_id(kind, f"{kind[0].lower()}{n}") for kind in ("Worker", "Studio") for n in "012"
    ]
    query = """query($ids: [ID!]!) { nodes(ids: $ids) { history { totalCount
      nodes { knownFrom assertedBy { code } } } } }"""
    answer = await ask(query, ids=ids)
    assert answer.errors == []
    assert [node["history"]["totalCount"] for node in answer.data["nodes"]] == [1] * 6
    # Of each of the two kinds: the records, the pages, the totals, and who vouches for them. The
    # registry vouches for all, which costs as much as somebody whom the viewer may not see.
    assert len(answer.statements) == 8
