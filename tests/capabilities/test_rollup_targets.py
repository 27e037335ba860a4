"""Targets of regions beside what the registry counts, and who is behind."""

import pytest

from tests.capabilities.test_rollup_exact import enter_region_tree
from tests.support.graph import GraphQLTestClient, RowFactory

AGAINST = """query($root: String!) { rollup(root: $root, depth: 1, measures: [STUDIOS]) {
  behind { target { metric region { code } } actual complete behind }
  rows { region { code } targets { target { metric } actual complete behind } } } }"""


async def test_targets_stand_beside_what_is_counted(ask_examples: GraphQLTestClient) -> None:
    answer = await ask_examples(AGAINST, root="demo_country")
    assert answer.errors == []
    studios = {"actual": 40.0, "complete": True, "behind": True}
    of_country = {"metric": "innovation_studios", "region": {"code": "demo_country"}}
    assert answer.data["rollup"]["behind"] == [{"target": of_country, **studios}]
    told = {
        row["region"]["code"]: [(one["target"]["metric"], *list(one.values())[1:]) for one in found]
        for row in answer.data["rollup"]["rows"]
        if (found := row["targets"])
    }
    assert told == {
        "demo_country": [
            ("alliances_formed", 6.0, True, False), ("innovation_studios", 40.0, True, True),
        ],
        "demo_province_east": [("academies_municipal", 1.0, False, False)],
        "demo_province_north": [("yearly_quota", None, False, None)],
        "demo_province_south": [("provincial_craftsmen", None, False, None)],
    }  # fmt: skip
    # Root, regions, studios, names, and twice the targets and what is counted.
    assert len(answer.statements) == 4 + 2 * 2 + 1


@pytest.mark.parametrize(
    ("qualifier", "year", "complete", "behind"),
    [
        ("AT_LEAST", 2025, True, True),
        ("AT_LEAST", 2025, False, None),  # records may be missing
        ("AT_LEAST", 2026, True, False),  # it is still 2026
        ("AT_LEAST", None, True, True),
        ("UNDER", 2025, True, None),
        ("ABOUT", 2025, True, None),
    ],
)
async def test_who_is_behind(
    ask: GraphQLTestClient,
    make: RowFactory,
    qualifier: str,
    year: int | None,
    complete: bool,
    behind: bool | None,
) -> None:
    await enter_region_tree(make)
    await make(
        targets=[
            {"key": "t", "metric": "innovation_studios", "label": "数", "quantity_value": 10,
             "quantity_unit": "studio", "quantity_qualifier": qualifier, "year": year,
             "region": "city", "sources": "s"}
        ],
        completeness=[
            {"key": "c", "metric": "innovation_studios", "region": "city", "sources": "s"}
        ] if complete else [],
    )  # fmt: skip
    answer = await ask(AGAINST, root="city")
    assert answer.errors == []
    [found] = answer.data["rollup"]["rows"][0]["targets"]
    wanted = {"actual": 9.0, "complete": complete, "behind": behind}
    assert found == {"target": {"metric": "innovation_studios"}, **wanted}
    assert len(answer.data["rollup"]["behind"]) == (behind is True)
