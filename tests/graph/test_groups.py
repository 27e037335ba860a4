"""Groups: over the same records as the list, largest first, a null key as a group of its own."""

from typing import Any

from tests.support.graph import GraphQLTestClient, RowFactory


async def enter_outcomes(make: RowFactory, *rows: dict[str, Any]) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        studios=[
            {"code": "north", "name": "北", "studio_kind": "OTHER", "region": "230100"},
            {"code": "south", "name": "南", "studio_kind": "OTHER", "region": "370200"},
            {"code": "nowhere", "name": "无", "studio_kind": "OTHER", "region": ""},
        ],
        outcomes=[{"key": f"o{n}", "sources": "s", **row} for n, row in enumerate(rows)],
    )


def outcome_cells(studio: str, kind: str, value: Any = "", qualifier: str = "") -> dict[str, Any]:
    unit = "yuan" if value != "" else ""
    return {
        "studio": studio,
        "outcome_kind": kind,
        "value_value": value,
        "value_unit": unit,
        "value_qualifier": qualifier,
    }


QUERY = """query($by: [OutcomeDimension!]!, $first: Int! = 100) {
  outcomes { totalCount groups(by: $by, first: $first) { totalCount remainder nodes {
    count keys { dimension code label } sum(of: VALUE) { value unit qualifier }
  } } }
}"""


async def test_groups_are_sorted_by_count_then_key_and_null_comes_last(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter_outcomes(
        make,
        outcome_cells("north", "BENEFIT"),
        outcome_cells("north", "INNOVATION"),
        outcome_cells("south", "BENEFIT"),
        outcome_cells("nowhere", "OTHER"),
    )
    answer = await ask.data(QUERY, by=["PROVINCE", "KIND"])
    groups = answer["outcomes"]["groups"]

    def keys(group: Any) -> list[Any]:
        return [(key["dimension"], key["code"], key["label"]) for key in group["keys"]]

    assert [(group["count"], keys(group)) for group in groups["nodes"]] == [
        (1, [("PROVINCE", "230000", "黑龙江省"), ("KIND", "BENEFIT", "经济效益")]),
        (1, [("PROVINCE", "230000", "黑龙江省"), ("KIND", "INNOVATION", "创新成果")]),
        (1, [("PROVINCE", "370000", "山东省"), ("KIND", "BENEFIT", "经济效益")]),
        (1, [("PROVINCE", None, "未注明或未公开"), ("KIND", "OTHER", "其他")]),
    ]
    by_place = (await ask.data(QUERY, by=["PROVINCE"]))["outcomes"]["groups"]["nodes"]
    assert [group["count"] for group in by_place] == [2, 1, 1]


async def test_what_lies_beyond_the_groups_given_is_counted(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter_outcomes(
        make, *(outcome_cells("north", kind) for kind in ("BENEFIT", "OTHER", "OTHER"))
    )
    answer = await ask.data(QUERY, by=["KIND"], first=1)
    [group] = answer["outcomes"]["groups"]["nodes"]
    assert (group["count"], group["keys"][0]["code"]) == (2, "OTHER")
    assert answer["outcomes"]["groups"]["totalCount"] == 2
    assert answer["outcomes"]["groups"]["remainder"] == 1
    assert answer["outcomes"]["totalCount"] == 3


async def test_a_sum_of_bounds_is_a_bound(ask: GraphQLTestClient, make: RowFactory) -> None:
    await enter_outcomes(
        make,
        outcome_cells("north", "BENEFIT", 100, "EXACT"),
        outcome_cells("north", "BENEFIT", 50, "OVER"),
        outcome_cells("north", "INNOVATION", 10, "EXACT"),
        outcome_cells("north", "INNOVATION", 10, "EXACT"),
        outcome_cells("north", "OTHER", 10, "OVER"),
        outcome_cells("north", "OTHER", 10, "UNDER"),
        outcome_cells("north", "FIVE_SMALLS"),
        outcome_cells("north", "UTILITY_MODEL", 3, "AT_LEAST"),
    )
    nodes = (await ask.data(QUERY, by=["KIND"]))["outcomes"]["groups"]["nodes"]
    sums = {node["keys"][0]["code"]: node["sum"] for node in nodes}

    def yuan(value: float, qualifier: str) -> Any:
        return {"value": value, "unit": "yuan", "qualifier": qualifier}

    assert sums == {
        "BENEFIT": yuan(150, "OVER"),
        "INNOVATION": yuan(20, "EXACT"),
        "OTHER": yuan(20, "ABOUT"),
        "FIVE_SMALLS": None,
        "UTILITY_MODEL": yuan(3, "AT_LEAST"),
    }


async def test_different_units_are_not_added_up(ask: GraphQLTestClient, make: RowFactory) -> None:
    rows = [
        {"studio": "north", "outcome_kind": "OTHER", "quantity_value": 1,
         "quantity_unit": unit, "quantity_qualifier": "EXACT"}
        for unit in ("patent", "item")
    ]  # fmt: skip
    await enter_outcomes(make, *rows)
    query = """{ outcomes { groups(by: [KIND]) { nodes { count
      one: sum(of: QUANTITY) { value } two: sum(of: VALUE) { value } } } } }"""
    [group] = (await ask.data(query))["outcomes"]["groups"]["nodes"]
    assert group == {"count": 2, "one": None, "two": None}


async def test_members_of_several_kinds_are_grouped_by_their_province(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[
            {"code": "o", "name": "单", "organisation_kind": "OTHER", "region": "370200"}
        ],
        academies=[{"code": "c", "name": "院", "region": "370700"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER", "region": "230100"}],
        alliances=[{"code": "a", "name": "盟", "alliance_kind": "OTHER"}],
        alliance_memberships=[
            {"key": "1", "alliance": "a", "organisation": "o", "studio": "", "academy": "",
             "sources": "s"},
            {"key": "2", "alliance": "a", "organisation": "", "studio": "t", "academy": "",
             "sources": "s"},
            {"key": "3", "alliance": "a", "organisation": "", "studio": "", "academy": "c",
             "sources": "s"},
        ],
    )  # fmt: skip
    query = """{ alliance(code: "a") { provinces { code } memberships {
      groups(by: [PROVINCE]) { nodes { count keys { code } } } } } }"""
    answer = await ask(query)
    assert answer.data["alliance"] == {
        "provinces": [{"code": "230000"}, {"code": "370000"}],
        "memberships": {"groups": {"nodes": [
            {"count": 2, "keys": [{"code": "370000"}]},
            {"count": 1, "keys": [{"code": "230000"}]},
        ]}},
    }  # fmt: skip
    assert len(answer.statements) == 3


async def test_groups_that_cannot_be_asked_for(ask: GraphQLTestClient) -> None:
    answer = await ask(QUERY, by=[])
    assert answer.messages == ["Name at least one dimension in `by`."]
    answer = await ask(QUERY, by=["KIND", "KIND"])
    assert answer.messages == ["Name each dimension only once in `by`."]
    answer = await ask(QUERY, by=["KIND", "YEAR", "INDUSTRY", "STUDIO", "CITY", "DISTRICT"])
    assert answer.codes == ["LIMIT_EXCEEDED"]
    answer = await ask(QUERY, by=["KIND"], first=0)
    assert answer.messages == ["`first` must be from 1 to 100, not 0."]
    assert answer.codes == ["BAD_USER_INPUT"]
