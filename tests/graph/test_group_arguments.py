"""Groups that are kept, sorted, shared out, and taken below a region; and what measures tell."""

from typing import Any

import pytest

from resolvers.core.access import PUBLIC
from resolvers.core.context import Executor
from tests.graph.test_groups import enter_outcomes, outcome_cells
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory, row_counts

WAYS = [Executor.DEFAULT, Executor.BATCH, Executor.PLAN]
ASKED = """query($by: [OutcomeDimension!]!, $first: Int, $having: OutcomeGroupHaving,
    $orderBy: [OutcomeGroupOrder!], $below: String) {
  outcomes { totalCount groups(
    by: $by, first: $first, having: $having, orderBy: $orderBy, below: $below
  ) { totalCount remainder nodes { count share keys { code label }
    sum(of: VALUE) { value qualifier } average(of: VALUE) { value qualifier }
    min(of: VALUE) { value qualifier } max(of: VALUE) { value qualifier }
  } } }
}"""


async def fill(make: RowFactory) -> None:
    await enter_outcomes(
        make,
        outcome_cells("north", "BENEFIT", 100, "EXACT"),
        outcome_cells("north", "BENEFIT", 50, "OVER"),
        outcome_cells("south", "INNOVATION", 10, "EXACT"),
        outcome_cells("south", "INNOVATION", 30, "EXACT"),
        outcome_cells("nowhere", "INNOVATION"),
        outcome_cells("south", "OTHER", 40, "UNDER"),
        outcome_cells("nowhere", "OTHER", 20, "EXACT"),
        outcome_cells("north", "FIVE_SMALLS"),
        outcome_cells("north", "UTILITY_MODEL", 7, "ABOUT"),
        outcome_cells("north", "UTILITY_MODEL", 3, "OVER"),
    )


async def asked(ask: GraphQLTestClient, way: Executor = Executor.DEFAULT, **given: Any) -> Any:
    if way is Executor.DEFAULT:
        answer = await ask(ASKED, **given)
    else:
        answer = await ask.by_plan(ASKED, way, **given)
    assert answer.errors == []
    # The total, and the one grouped statement, from which the engine knows the total too: unless
    # it is about a part of the list.
    told_by_groups = way is not Executor.DEFAULT and given.get("below") is None
    assert len(answer.statements) == (1 if told_by_groups else 2)
    assert answer.data["outcomes"]["totalCount"] == 10
    return answer.data["outcomes"]["groups"]


def codes(found: Any) -> list[Any]:
    return [group["keys"][0]["code"] for group in found["nodes"]]


@pytest.mark.parametrize("way", WAYS)
async def test_having_keeps_groups_and_the_remainder_tells_of_the_rest(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    found = await asked(ask_filled, way, by=["KIND"], having={"count": {"gte": 2}})
    assert codes(found) == ["INNOVATION", "BENEFIT", "OTHER", "UTILITY_MODEL"]
    assert (found["totalCount"], found["remainder"]) == (4, 1)
    found = await asked(
        ask_filled, way, by=["KIND"], having={"count": {"gte": 2, "lte": 2}}, first=1
    )
    assert codes(found) == ["BENEFIT"]
    assert (found["totalCount"], found["remainder"]) == (3, 8)
    nothing = await asked(ask_filled, way, by=["KIND"], having={"count": {"gte": 4}})
    assert nothing == {"totalCount": 0, "remainder": 10, "nodes": []}
    for empty in ({}, None, {"count": None}, {"count": {}, "sum": {"value": None}}):
        whole = await asked(ask_filled, way, by=["KIND"], having=empty)
        assert (whole["totalCount"], whole["remainder"]) == (5, 0)


@pytest.mark.parametrize("way", WAYS)
async def test_a_sum_that_is_a_bound_is_compared_as_far_as_it_is_known(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    """Over 150, under 60, exactly 40, about 10, and one without a number."""
    for having, wanted in (
        ({"value": {"gte": 1}}, ["INNOVATION", "BENEFIT"]),
        ({"value": {"gte": 150}}, ["BENEFIT"]),
        ({"value": {"gte": 150.5}}, []),
        ({"value": {"lte": 1000}}, ["INNOVATION", "OTHER"]),
        ({"value": {"lte": 59.5}}, ["INNOVATION"]),
        ({"value": {"gte": 40, "lte": 40}}, ["INNOVATION"]),
        ({"quantity": {"gte": 0}}, []),
    ):
        found = await asked(ask_filled, way, by=["KIND"], having={"sum": having})
        assert codes(found) == wanted
    both = {"count": {"gte": 3}, "sum": {"value": {"lte": 1000}}}
    assert codes(await asked(ask_filled, way, by=["KIND"], having=both)) == ["INNOVATION"]


@pytest.mark.parametrize("way", WAYS)
async def test_groups_are_sorted_as_asked_and_ties_by_key(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:

    async def sorted_by(*order: tuple[str, bool]) -> list[Any]:
        wanted = [{"field": word, "descending": down} for word, down in order]
        return codes(await asked(ask_filled, way, by=["KIND"], orderBy=wanted))

    largest = ["INNOVATION", "BENEFIT", "OTHER", "UTILITY_MODEL", "FIVE_SMALLS"]
    assert await sorted_by() == await sorted_by(("COUNT", True)) == largest
    smallest = ["FIVE_SMALLS", "BENEFIT", "OTHER", "UTILITY_MODEL", "INNOVATION"]
    assert await sorted_by(("COUNT", False)) == smallest
    assert await sorted_by(("KEY", False)) == sorted(largest)
    assert await sorted_by(("KEY", True)) == sorted(largest, reverse=True)
    by_value = ["BENEFIT", "OTHER", "INNOVATION", "UTILITY_MODEL"]
    assert await sorted_by(("VALUE", True)) == [*by_value, "FIVE_SMALLS"]
    assert await sorted_by(("VALUE", False)) == [*by_value[::-1], "FIVE_SMALLS"]
    assert await sorted_by(("QUANTITY", True), ("KEY", True)) == sorted(largest, reverse=True)
    by_both = [*largest[:1], "UTILITY_MODEL", "OTHER", "BENEFIT", "FIVE_SMALLS"]
    assert await sorted_by(("COUNT", True), ("KEY", True)) == by_both


@pytest.mark.parametrize("way", WAYS)
async def test_a_null_key_is_sorted_last_in_either_direction(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    for down, wanted in ((False, ["230000", "370000", None]), (True, ["370000", "230000", None])):
        order = [{"field": "KEY", "descending": down}]
        assert codes(await asked(ask_filled, way, by=["PROVINCE"], orderBy=order)) == wanted


@pytest.mark.parametrize("way", WAYS)
async def test_a_share_is_of_all_that_the_list_holds(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    for given in ({}, {"first": 2}, {"having": {"count": {"lte": 2}}}):
        found = await asked(ask_filled, way, by=["KIND"], **given)
        assert found["nodes"]
        assert all(group["share"] == group["count"] / 10 for group in found["nodes"])
    query = """{ outcomes(filter: {outcomeKind: OTHER}) { groups(by: [CITY]) { nodes {
      count share } } } }"""
    assert (await ask_filled.data(query))["outcomes"]["groups"]["nodes"] == [
        {"count": 1, "share": 0.5}
    ] * 2


@pytest.mark.parametrize("way", WAYS)
async def test_the_average_the_least_and_the_most_of_bounds_are_bounds(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    found = await asked(ask_filled, way, by=["KIND"])
    told = {
        group["keys"][0]["code"]: [
            group[name] and (group[name]["value"], group[name]["qualifier"])
            for name in ("sum", "average", "min", "max")
        ]
        for group in found["nodes"]
    }
    assert told == {
        "BENEFIT": [(150, "OVER"), (75, "OVER"), (50, "AT_LEAST"), (100, "AT_LEAST")],
        "INNOVATION": [(40, "EXACT"), (20, "EXACT"), (10, "EXACT"), (30, "EXACT")],
        "OTHER": [(60, "UNDER"), (30, "UNDER"), (20, "AT_MOST"), (40, "AT_MOST")],
        "UTILITY_MODEL": [(10, "ABOUT"), (5, "ABOUT"), (3, "ABOUT"), (7, "ABOUT")],
        "FIVE_SMALLS": [None] * 4,
    }


@pytest.mark.parametrize("way", WAYS)
async def test_what_lies_below_a_region_is_grouped_by_the_regions_just_below_it(
    ask_filled: GraphQLTestClient, way: Executor
) -> None:
    """The key is the region itself for records directly in it, null for records outside."""

    async def below(code: str | None) -> Any:
        found = await asked(ask_filled, way, by=["REGION"], below=code)
        return {group["keys"][0]["code"]: group["count"] for group in found["nodes"]}

    assert await below(None) == {"230100": 5, "370200": 3, None: 2}
    assert await below("china") == {"230000": 5, "370000": 3, None: 2}
    assert await below("230000") == {"230100": 5, None: 5}
    assert await below("230100") == {"230100": 5, None: 5}
    assert await below("230102") == await below("nowhere") == await below("") == {None: 10}
    both = await asked(ask_filled, way, by=["REGION", "PROVINCE"], below="370000")
    pairs = [[key["code"] for key in group["keys"]] for group in both["nodes"]]
    assert pairs == [[None, "230000"], ["370200", "370000"], [None, None]]


async def test_groups_that_cannot_be_given(ask: GraphQLTestClient) -> None:
    before = await row_counts(ask.engine)
    count = {"count": {"gte": 5, "lte": 3}}
    worth = {"sum": {"value": {"gte": 1.5, "lte": 1}}}
    key = {"field": "KEY"}
    for given, code, english, chinese in (
        ({"having": count}, "BAD_USER_INPUT",
         "No group can have at least 5 and at most 3: fix `having`.",
         "没有分组能同时不小于 5 且不大于 3，请修改 `having`。"),
        ({"having": worth}, "BAD_USER_INPUT",
         "No group can have at least 1.5 and at most 1.0: fix `having`.",
         "没有分组能同时不小于 1.5 且不大于 1.0，请修改 `having`。"),
        ({"orderBy": [key] * 6}, "LIMIT_EXCEEDED",
         "Groups can be sorted by at most 5 fields.", "分组最多按 5 个字段排序。"),
        ({"below": "370000"}, "BAD_USER_INPUT",
         "`below` applies to the dimension REGION: add that to `by`, or omit `below`.",
         "`below` 用于限定维度 REGION：请在 `by` 中给出该维度，或去掉 `below`。"),
        ({"by": ["REGION"], "below": "a\0"}, "BAD_USER_INPUT",
         "Text may not contain NUL or lone surrogates.",
         "文本中不得含有 NUL 字符或不成对的代理码位。"),
    ):  # fmt: skip
        wanted: dict[str, Any] = {"by": ["KIND"], **given}
        answer = await ask(ASKED.replace("totalCount groups", "groups"), **wanted)
        assert (answer.codes, answer.messages) == ([code], [english])
        assert answer.errors[0].original_error.sentence.chinese == chinese
        assert answer.statements == []
    for wrong in (
        "{ workers { groups(by: [GRADE], having: {sum: {value: {gte: 1}}}) { totalCount } } }",
        "{ workers { groups(by: [GRADE], orderBy: [{field: VALUE}]) { totalCount } } }",
        "{ outcomes { groups(by: [KIND], having: {sum: {amount: {gte: 1}}}) { totalCount } } }",
        '{ occupations { groups(by: [SCHEME], below: "370000") { totalCount } } }',
    ):
        answer = await ask(wrong)
        assert (answer.data, len(answer.errors)) == (None, 1)
        assert answer.statements == []
    assert await row_counts(ask.engine) == before


async def test_a_region_that_one_may_not_see_groups_nothing(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await fill(make)
    await make(regions=[{"code": "370000", "audience": "OWNER"}])
    query = """{ outcomes { groups(by: [REGION], below: "370000") { nodes {
      count keys { code } } } } }"""
    seen = (await ask.data(query))["outcomes"]["groups"]["nodes"]
    assert seen == [
        {"count": 3, "keys": [{"code": "370200"}]}, {"count": 7, "keys": [{"code": None}]},
    ][::-1]  # fmt: skip
    answer = await ask(query, PUBLIC, TODAY)
    assert answer.data["outcomes"]["groups"]["nodes"] == [{"count": 10, "keys": [{"code": None}]}]
