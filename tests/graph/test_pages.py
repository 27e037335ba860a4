"""Pages by key, in both directions, under any order, while rows come and go."""

from typing import Any

import pytest

from tests.support.graph import GraphQLTestClient, RowFactory

PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $order: [WorkerOrder!]) {
  workers(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    totalCount edges { cursor node { code } } nodes { code }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
TEACHINGS = """query($first: Int, $after: String, $last: Int, $before: String,
    $order: [TeachingOrder!]) {
  teachings(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    nodes { id started } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def fill(make: RowFactory) -> None:
    names = ["丁", "甲", "乙", "丙", "甲", "Zoe", "甲"]
    await make(workers=[{"code": f"w{n}", "name": name} for n, name in enumerate(names)])


def codes(answer: Any) -> list[str]:
    return [node["code"] for node in answer["workers"]["nodes"]]


BY_NAME = ["w3", "w0", "w1", "w4", "w6", "w2", "w5"]  # bing3, ding1, jia3 ×3 by code, yi3, zoe


async def test_names_are_sorted_by_pinyin_and_ties_by_code(ask_filled: GraphQLTestClient) -> None:
    assert codes(await ask_filled.data(PAGE)) == BY_NAME
    down = [{"field": "NAME", "descending": True}]
    assert codes(await ask_filled.data(PAGE, order=down)) == [
        "w5",
        "w2",
        "w1",
        "w4",
        "w6",
        "w0",
        "w3",
    ]


async def test_a_page_says_what_lies_around_it(ask_filled: GraphQLTestClient) -> None:
    first = (await ask_filled.data(PAGE, first=3))["workers"]
    assert first["totalCount"] == 7
    assert first["nodes"] == [{"code": code} for code in BY_NAME[:3]]
    assert [edge["node"] for edge in first["edges"]] == first["nodes"]
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[-1],
    }
    rest = (await ask_filled.data(PAGE, first=4, after=cursors[-1]))["workers"]
    assert [node["code"] for node in rest["nodes"]] == BY_NAME[3:]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert rest["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("order", [
    None,
    [{"field": "NAME", "descending": True}],
    [{"field": "RECORDED_AT"}],
    [{"field": "CODE", "descending": True}],
])  # fmt: skip
async def test_pages_give_everything_once_both_ways(
    ask_filled: GraphQLTestClient, size: int, order: Any
) -> None:
    whole = codes(await ask_filled.data(PAGE, first=100, order=order))
    forward: list[str] = []
    after = None
    while True:
        page = (await ask_filled.data(PAGE, first=size, after=after, order=order))["workers"]
        forward += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    backward: list[str] = []
    before = None
    while True:
        page = (await ask_filled.data(PAGE, last=size, before=before, order=order))["workers"]
        backward = [node["code"] for node in page["nodes"]] + backward
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert forward == backward == whole
    assert sorted(whole) == [f"w{n}" for n in range(7)]


@pytest.mark.parametrize("down", [False, True])
async def test_pages_hold_where_the_order_has_gaps(
    ask: GraphQLTestClient, make: RowFactory, down: bool
) -> None:
    await make.source()
    years = ["2020", "", "2019-05", "2021"]
    await make(
        workers=[{"code": f"w{n}", "name": "甲"} for n in range(4)],
        teachings=[
            {"key": f"t{n}", "worker": f"w{n}", "started": year, "sources": "s"}
            for n, year in enumerate(years)
        ],
    )
    order = [{"field": "STARTED", "descending": down}]
    seen: list[Any] = []
    after = None
    for _ in range(4):
        page = (await ask.data(TEACHINGS, first=1, after=after, order=order))["teachings"]
        seen += [node["started"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    in_order = ["2019-05", "2020", "2021", None]
    # What has no date comes last in either direction.
    assert seen == (["2021", "2020", "2019-05", None] if down else in_order)
    back: list[Any] = []
    before = None
    for _ in range(4):
        page = (await ask.data(TEACHINGS, last=1, before=before, order=order))["teachings"]
        back = [node["started"] for node in page["nodes"]] + back
        before = page["pageInfo"]["startCursor"]
    assert back == seen


async def test_a_cursor_stays_right_while_rows_come_and_go(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await fill(make)
    page = (await ask.data(PAGE, first=3))["workers"]
    await make(workers=[{"code": "w00", "name": "丙"}, {"code": "w7", "name": "乙"}])
    rest = await ask.data(PAGE, first=100, after=page["pageInfo"]["endCursor"])
    assert codes(rest) == ["w4", "w6", "w2", "w7", "w5"]


async def test_every_parent_has_a_page_of_its_own(ask: GraphQLTestClient, make: RowFactory) -> None:
    regions = ["370200", "370700", "230100"]
    rows = [{"code": f"w{n}", "name": f"工{n}", "region": regions[n % 3]} for n in range(12)]
    await make(workers=rows)
    query = """{ regions(filter: {or: [{code: "370000"}, {code: "230100"}], level: CITY},
        orderBy: [{field: CODE}], first: 100) { nodes {
      code workers(first: 2, orderBy: [{field: CODE}]) { nodes { code }
        pageInfo { hasNextPage } totalCount } } } }"""
    answer = await ask(query)
    assert answer.errors == []
    found = {node["code"]: node["workers"] for node in answer.data["regions"]["nodes"]}
    assert found["370200"] == {
        "nodes": [{"code": "w0"}, {"code": "w3"}],
        "pageInfo": {"hasNextPage": True},
        "totalCount": 4,
    }
    assert found["230100"]["nodes"] == [{"code": "w11"}, {"code": "w2"}]
    assert found["370100"] == {"nodes": [], "pageInfo": {"hasNextPage": False}, "totalCount": 0}
    assert len(answer.statements) == 3


async def test_totals_and_groups_alone_load_no_rows(ask_filled: GraphQLTestClient) -> None:
    answer = await ask_filled("{ workers { totalCount groups(by: [GRADE]) { totalCount } } }")
    assert answer.data == {"workers": {"totalCount": 7, "groups": {"totalCount": 1}}}
    assert len(answer.statements) == 2
    for statement in answer.statements:
        assert "count(" in statement or "worker_summary" in statement
        assert "name_key" not in statement


FORGED = "Invalid cursor: use one that a page of this list returned."
WRONG_PAGES = [
    ({"first": 0}, "`first` must be from 1 to 100, not 0."),
    ({"first": 101}, "`first` must be from 1 to 100, not 101."),
    ({"last": -1}, "`last` must be from 1 to 100, not -1."),
    ({"first": 1, "last": 1}, "Use either `first` or `last`, not both."),
    ({"after": "a", "before": "b"}, "Use either `after` or `before`, not both."),
    ({"first": 1, "before": "b"},
     "Use `before` with `last`; with `first`, use `after`."),
    ({"last": 1, "after": "a"},
     "Use `after` with `first`; with `last`, use `before`."),
    ({"after": "nonsense"}, FORGED),
    ({"after": ""}, FORGED),
    ({"before": "中"}, FORGED),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), WRONG_PAGES)
async def test_a_page_that_cannot_be_asked_for(
    ask: GraphQLTestClient, given: Any, message: str
) -> None:
    answer = await ask(PAGE, **given)
    assert answer.codes == ["LIMIT_EXCEEDED" if "101" in message else "BAD_USER_INPUT"]
    assert answer.messages == [message]
    assert answer.statements == []


async def test_a_cursor_belongs_to_its_list_and_order(ask_filled: GraphQLTestClient) -> None:
    cursor = (await ask_filled.data(PAGE, first=1))["workers"]["pageInfo"]["endCursor"]
    message = "This cursor belongs to another list or order: start again without a cursor."
    answer = await ask_filled(PAGE, after=cursor, order=[{"field": "RECORDED_AT"}])
    assert (answer.codes, answer.messages) == (["BAD_USER_INPUT"], [message])
    answer = await ask_filled("query($after: String) { studios(after: $after) { nodes { id } } }",
                       after=cursor)  # fmt: skip
    assert (answer.codes, answer.messages) == (["BAD_USER_INPUT"], [message])
