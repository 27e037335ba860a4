"""The exact table: it adds up, counts what is shared once, and tells no more than lists do."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from models.partner import Role, Scope
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

UNION = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
ASKED = """query($root: String!, $depth: Int! = 1, $by: [RollupDimension!] = [],
    $measures: [RollupMeasure!]!, $apportion: Apportion! = EQUAL) {
  rollup(root: $root, depth: $depth, by: $by, measures: $measures, apportion: $apportion) {
    exact rows { region { code } depth elsewhere
      values { measure quantity { value unit qualifier } unapportioned { value } exact }
      cells { keys { code } values { quantity { value } unapportioned { value } } }
    }
  }
}"""
ALL = [
    "WORKERS", "ENROLMENTS", "QUALIFICATIONS", "MENTORSHIPS", "ORGANISATIONS", "STUDIOS",
    "ACADEMIES", "ALLIANCES", "COMPETITIONS", "RESULTS", "CONFERRALS", "OUTCOMES", "PATENTS",
    "VERIFIED_VALUE",
]  # fmt: skip


async def table(
    ask: GraphQLTestClient, viewer: Any = OPERATOR, **asked: Any
) -> list[dict[str, Any]]:
    answer = await ask(ASKED, viewer, **asked)
    assert answer.errors == []
    assert answer.data["rollup"]["exact"] is True
    rows = answer.data["rollup"]["rows"]
    assert all(value["exact"] for row in rows for value in row["values"])
    return list(rows)


def numbers(rows: list[dict[str, Any]], measure: int = 0) -> list[Any]:
    """(region, whether elsewhere, number, unapportioned)."""
    return [
        (
            row["region"]["code"],
            row["elsewhere"],
            row["values"][measure]["quantity"]["value"],
            row["values"][measure]["unapportioned"]["value"],
        )
        for row in rows
    ]


def check_sums(rows: list[dict[str, Any]], measures: int) -> int:
    """Each row equals those just below it; how many rows have some below them."""
    checked = 0
    for place, row in enumerate(rows):
        below = []
        for one in rows[place + 1 :]:
            if one["depth"] <= row["depth"]:
                break
            if one["depth"] == row["depth"] + 1:
                below.append(one)
        if row["elsewhere"] or not below:
            continue
        checked += 1
        assert [one["elsewhere"] for one in below].count(True) == 1
        assert below[-1]["region"] == row["region"]
        for n in range(measures):
            parts = [one["values"][n]["quantity"]["value"] for one in below]
            assert round(sum(parts), 2) == round(row["values"][n]["quantity"]["value"], 2)
    return checked


@pytest.mark.parametrize("apportion", ["EQUAL", "LEADER"])
@pytest.mark.parametrize("viewer", [OPERATOR, UNION])
async def test_each_row_equals_those_below_it(
    ask_examples: GraphQLTestClient, viewer: Any, apportion: str
) -> None:
    root = "demo_country" if viewer is OPERATOR else "demo_province_north"
    for depth in range(5):
        rows = await table(
            ask_examples, viewer, root=root, depth=depth, measures=ALL, apportion=apportion
        )
        assert max(row["depth"] for row in rows) <= depth
        assert check_sums(rows, len(ALL)) >= depth * (depth < 4)
        if depth == 0:
            [first] = rows
        # Whatever is listed below it, a region has the same numbers.
        assert rows[0]["values"] == first["values"]


LISTS = {
    "WORKERS": "workers", "STUDIOS": "studios", "ACADEMIES": "academies", "ALLIANCES": "alliances",
    "COMPETITIONS": "competitions", "CONFERRALS": "conferrals", "OUTCOMES": "outcomes",
    "ORGANISATIONS": "organisations",
}  # fmt: skip


@pytest.mark.parametrize("viewer", [OPERATOR, UNION])
async def test_a_row_counts_what_the_lists_of_its_region_hold(
    ask_examples: GraphQLTestClient, viewer: Any
) -> None:
    asked = {"root": "demo_province_north", "depth": 3, "measures": list(LISTS)}
    rows = await table(ask_examples, viewer, **asked, apportion="LEADER")
    fields = " ".join(f"{name} {{ totalCount }}" for name in LISTS.values())
    for row in rows:
        if row["elsewhere"]:
            continue
        query = f"query($code: String!) {{ region(code: $code) {{ {fields} }} }}"
        answer = await ask_examples(query, viewer, code=row["region"]["code"])
        told = [value["quantity"]["value"] for value in row["values"]]
        assert told == [answer.data["region"][name]["totalCount"] for name in LISTS.values()]
    assert len(rows) > 10


async def test_the_rows_are_the_groups_below_the_root(ask_examples: GraphQLTestClient) -> None:
    rows = await table(ask_examples, root="demo_province_east", measures=["STUDIOS"], by=["LEVEL"])
    query = """{ region(code: "demo_province_east") { studios {
      groups(by: [REGION, LEVEL], below: "demo_province_east") {
        nodes { count keys { code } } } } } }"""
    groups = (await ask_examples.data(query))["region"]["studios"]["groups"]["nodes"]
    found = {
        (row["region"]["code"], cell["keys"][0]["code"]): cell["values"][0]["quantity"]["value"]
        for row in rows[1:]
        for cell in row["cells"]
    }
    assert found == {tuple(key["code"] for key in one["keys"]): one["count"] for one in groups}
    assert sum(found.values()) == rows[0]["values"][0]["quantity"]["value"] > 5


async def enter_region_tree(make: RowFactory) -> None:
    """Enter a city with a zone in its district, a county whose code ended, and another."""
    await make(
        sources=[{"key": "s", "title": "t"}],
        regions=[
            {"code": "land", "name": "国", "level": "NATIONAL"},
            {"code": "city", "name": "市", "level": "CITY", "parent": "land"},
            {"code": "district", "name": "区", "level": "DISTRICT", "parent": "city"},
            {"code": "zone", "name": "新区", "level": "ZONE", "parent": "district"},
            {"code": "old", "name": "旧县", "level": "COUNTY", "parent": "city", "ended": "2020"},
            {"code": "town", "name": "县", "level": "COUNTY", "parent": "city"},
        ],
    )
    await make(regions=[{"code": "in_old", "name": "旧镇", "parent": "old"}])
    await make(
        studios=[
            {"code": f"{region}_{n}", "name": "室", "studio_kind": "OTHER", "region": region}
            for region, number in (
                ("city", 1), ("district", 2), ("zone", 3), ("old", 1), ("in_old", 1), ("town", 1),
                ("land", 1),
            )
            for n in range(number)
        ]
    )  # fmt: skip


async def test_a_zone_is_counted_in_its_district_and_once(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter_region_tree(make)

    async def studios(root: str, depth: int) -> list[Any]:
        rows = await table(ask, root=root, depth=depth, measures=["STUDIOS"])
        return [one[:3] for one in numbers(rows)]

    assert await studios("land", 3) == [
        ("land", False, 10), ("city", False, 9), ("district", False, 5), ("zone", False, 3),
        ("district", True, 2), ("town", False, 1), ("city", True, 3), ("land", True, 1),
    ]  # fmt: skip
    assert await studios("land", 1) == [("land", False, 10), ("city", False, 9), ("land", True, 1)]
    assert await studios("zone", 4) == [("zone", False, 3)]
    assert await studios("old", 4) == [("old", False, 2), ("in_old", False, 1), ("old", True, 1)]
    assert await studios("land", 0) == [("land", False, 10)]


async def test_what_several_brought_about_is_divided_and_counted_once(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    """A third each for a city, a district and a zone in it; what is in no region takes no part."""
    await enter_region_tree(make)
    await make(
        organisations=[{"code": "nowhere", "name": "单位", "organisation_kind": "OTHER"}],
        outcomes=[
            {"key": "one", "studio": "town_0", "outcome_kind": "INVENTION_PATENT", "sources": "s",
             "quantity_value": 1, "quantity_unit": "patent", "quantity_qualifier": "EXACT",
             "value_value": 100, "value_unit": "yuan", "value_qualifier": "EXACT",
             "status": "VERIFIED"},
            {"key": "two", "studio": "zone_0", "outcome_kind": "BENEFIT", "sources": "s",
             "value_value": 7, "value_unit": "yuan", "value_qualifier": "OVER",
             "status": "ASSERTED"},
        ],
    )  # fmt: skip
    await make(
        contributions=[
            {"key": str(n), "outcome": "one", "studio": studio, "organisation": organisation,
             "worker": "", "sources": "s", "status": status}
            for n, (studio, organisation, status) in enumerate([
                ("town_0", "", "ASSERTED"), ("district_0", "", "ASSERTED"),
                ("zone_0", "", "ASSERTED"), ("zone_1", "", "RETRACTED"),
                ("", "nowhere", "ASSERTED"),
            ])
        ]
    )  # fmt: skip
    asked = {"root": "city", "depth": 2, "measures": ["OUTCOMES", "PATENTS", "VERIFIED_VALUE"]}
    rows = await table(ask, **asked)
    third = float(Fraction(1, 3))
    cents = float(Fraction(100, 3))
    places = [("city", False), ("district", False), ("zone", False), ("district", True),
              ("town", False), ("city", True)]  # fmt: skip
    outcomes = [(2, 2), (1 + 2 * third, 2), (1 + third, 2), (third, 1), (third, 1), (0, 0)]
    worth = [(100, 100), (2 * cents, 100), (cents, 100), (cents, 100), (cents, 100), (0, 0)]
    for measure, wanted in ((0, outcomes), (2, worth)):
        assert [one[:2] for one in numbers(rows, measure)] == places
        assert [one[2:] for one in numbers(rows, measure)] == [pytest.approx(one) for one in wanted]
    patents = [row["values"][1]["quantity"]["value"] for row in rows]
    assert patents == pytest.approx([1, 2 * third, third, third, third, 0])
    assert check_sums(rows, 3) == 2
    led = await table(ask, **asked, apportion="LEADER")
    assert numbers(led, 2) == [
        ("city", False, 100, 100), ("district", False, 0, 100), ("zone", False, 0, 100),
        ("district", True, 0, 100), ("town", False, 100, 100), ("city", True, 0, 0),
    ]  # fmt: skip
    # The value of the second isn't verified; as a bound it would make the sum one.
    assert {row["values"][2]["quantity"]["qualifier"] for row in rows} == {"EXACT"}


async def test_sums_of_bounds_are_bounds_and_other_units_have_no_sum(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await enter_region_tree(make)
    rows = [("town_0", 3, "patent", "OVER"), ("city_0", 2, "patent", "EXACT"),
            ("zone_0", 1, "item", "EXACT")]  # fmt: skip
    await make(
        outcomes=[
            {"key": f"o{n}", "studio": studio, "outcome_kind": "UTILITY_MODEL", "sources": "s",
             "quantity_value": value, "quantity_unit": unit, "quantity_qualifier": qualifier}
            for n, (studio, value, unit, qualifier) in enumerate(rows)
        ]
    )  # fmt: skip
    found = await table(ask, root="city", measures=["PATENTS"])
    assert [row["values"][0]["quantity"] for row in found] == [
        None,
        None,
        {"value": 3, "unit": "patent", "qualifier": "OVER"},
        {"value": 2, "unit": "patent", "qualifier": "EXACT"},
    ]


async def test_the_number_of_statements_depends_on_the_measures_alone(
    ask_examples: GraphQLTestClient,
) -> None:
    for root, depth in (("demo_city_north_a", 0), ("demo_country", 3), ("china", 1)):
        for measures, number in ((["WORKERS"], 1), (["OUTCOMES"], 2), (ALL, 11 + 3 * 2)):
            answer = await ask_examples(ASKED, root=root, depth=depth, measures=measures)
            assert answer.errors == []
            # The root, the regions, the measures, the names.
            assert len(answer.statements) == 2 + number + 1


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"depth": 5}, "LIMIT_EXCEEDED", "`depth` must be from 0 to 4, not 5."),
        ({"depth": -1}, "LIMIT_EXCEEDED", "`depth` must be from 0 to 4, not -1."),
        ({"measures": []}, "BAD_USER_INPUT", "Name at least one measure."),
        ({"by": ["GRADE"]}, "BAD_USER_INPUT", "STUDIOS have no GRADE: leave it out."),
        (
            {"root": "nowhere"},
            "BAD_USER_INPUT",
            "There is no region 'nowhere' whose counts you may see.",
        ),
        (
            {"root": ""},
            "BAD_USER_INPUT",
            "There is no region '' whose counts you may see.",
        ),
        (
            {"root": "china", "depth": 4, "measures": ALL},
            "LIMIT_EXCEEDED",
            "The result would exceed 5000 cells: use fewer dimensions or measures, or a smaller "
            "`depth`.",
        ),
    ],
)
async def test_what_cannot_be_rolled_up_is_refused(
    ask_examples: GraphQLTestClient, change: dict[str, Any], code: str, message: str
) -> None:
    before = await row_counts(ask_examples.engine)
    asked = {"root": "demo_country", "measures": ["STUDIOS"], **change}
    answer = await ask_examples(ASKED, **asked)
    assert (answer.data, answer.codes, answer.messages) == (None, [code], [message])
    assert await row_counts(ask_examples.engine) == before


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        partner_viewer(Role.COLLEGE, "demo_college"),
        partner_viewer(Role.ALLIANCE, "demo_union_a"),
    ],
)
async def test_who_may_not_count_a_region_is_told_nothing(
    ask_examples: GraphQLTestClient, viewer: Any
) -> None:
    answer = await ask_examples(ASKED, viewer, root="demo_province_north", measures=["STUDIOS"])
    assert (answer.data, answer.codes, answer.statements) == (None, ["FORBIDDEN"], [])


async def test_a_table_is_exact_or_rounded_as_a_whole(ask_examples: GraphQLTestClient) -> None:
    """By the rights of who asks alone, so that `exact` tells nothing of what is hidden."""
    counting = replace(UNION, scopes=frozenset({Scope.READ_PUBLIC, Scope.AGGREGATE_REGION}))
    asked: dict[str, Any] = {"root": "demo_province_north", "by": ["GRADE"]}
    asked["measures"] = ["WORKERS", "ENROLMENTS"]
    for viewer, exact in ((UNION, True), (OPERATOR, True), (counting, False)):
        answer = await ask_examples(ASKED, viewer, **asked)
        told = answer.data["rollup"]
        assert told["exact"] is exact
        flags = {value["exact"] for row in told["rows"] for value in row["values"]}
        assert flags == {exact}
        assert any(row["elsewhere"] for row in told["rows"]) is exact
