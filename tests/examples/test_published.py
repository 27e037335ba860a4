"""The published records: what is loaded, from where, and that nothing invented touches it."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType

from kit.relay.global_id import to_global_id
from tests.house import coverage
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.sdl import SDL, field_types

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

COUNTS = {
    "academies": 7,
    "alliances": 5,
    "allianceMemberships": 4,
    "allianceSupports": 1,
    "benefits": 3,
    "challenges": 0,
    "competitions": 4,
    "conferrals": 24,
    "criteria": 4,
    "employments": 9,
    "events": 12,
    "facilities": 11,
    "figures": 205,
    "honours": 41,
    "ladders": 3,
    "organisations": 57,
    "outcomes": 5,
    "pilots": 6,
    "policies": 23,
    "positions": 2,
    "prizeRules": 7,
    "programmes": 17,
    "results": 3,
    "rungs": 11,
    "selectionRounds": 3,
    "selectionStages": 4,
    "serviceTeams": 2,
    "sources": 6,
    "studios": 3,
    "studioMemberships": 2,
    "subsidyRules": 11,
    "targets": 2,
    "teachings": 3,
    "workers": 14,
}
LASTING = {"employments", "positions", "subsidyRules", "teachings"}


def rows(folder: str, name: str) -> list[dict[str, str]]:
    with (EXAMPLES / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_every_published_record_is_there(ask_examples: GraphQLTestClient) -> None:
    """The demonstration's are those whose code or key begins with `demo_`."""
    asked = (
        f"{name}(spells: ALL)" if "ship" in name or name in LASTING else name for name in COUNTS
    )
    query = " ".join(f"{name} {{ totalCount }}" for name in asked)
    found = await ask_examples.data(f"{{ {query} }}")
    invented = {name: len(invented_rows(name)) for name in COUNTS}
    totals = {name: found[name]["totalCount"] - invented[name] for name in COUNTS}
    assert totals == COUNTS


def invented_rows(name: str) -> list[dict[str, str]]:
    file = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    path = EXAMPLES / "demonstration" / f"{file}.csv"
    invented = rows("demonstration", file) if path.exists() else []
    return [row for row in invented if row.get("status") != "RETRACTED"]


def test_no_words_of_others_are_kept() -> None:
    for path in (EXAMPLES / "published").glob("*.csv"):
        header = path.read_text("utf-8").splitlines()[0].split(",")
        assert not {"quote", "quotation"} & set(header), path.name


def test_published_and_invented_records_never_refer_to_each_other() -> None:
    published = [path.read_text("utf-8") for path in (EXAMPLES / "published").glob("*.csv")]
    assert not [text for text in published if "demo_" in text]
    real = {
        row["code"]
        for path in (EXAMPLES / "published").glob("*.csv")
        for row in rows("published", path.stem)
        if "code" in row
    }
    for path in (EXAMPLES / "demonstration").glob("*.csv"):
        for row in rows("demonstration", path.stem):
            assert not real & set(row.values()), f"{path.name}: {row}"


def test_what_is_left_out_is_no_record() -> None:
    """Classes, groups, aggregates and activities of the articles stay out, by the README's list."""
    readme = (EXAMPLES / "published" / "README.md").read_text("utf-8")
    table = readme.split("## What is left out")[1].splitlines()
    named = [line.split("|")[1] for line in table if line.startswith("|")]
    left_out = {code for cell in named for code in re.findall(r"`(\w+)`", cell)}
    assert len(left_out) == 59
    records = {
        row.get("code") or row["key"]
        for path in (EXAMPLES / "published").glob("*.csv")
        for row in rows("published", path.stem)
    }
    assert not records & left_out


FIGURES = [
    ("s4_hlj_key_projects_person_times_covered", 18787000.0, "person_time", "EXACT", "230000"),
    ("s1_qingdao_high_skilled_share", 35.74, "percent", "EXACT", "370200"),
    ("s1_wang_jingjing_studio_economic_benefit", 200000000.0, "yuan", "UNDER", "370200"),
    ("s3_west_coast_new_area_industry_base", 4e11, "yuan", "ABOUT", "west_coast_new_area"),
    ("s4_pr_hlj_worldskills_prize_each", 500000.0, "yuan", "AT_MOST", "230000"),
    ("rk_sg_centre", 1.0, "rank", "EXACT", "370783"),
]


@pytest.mark.parametrize(("key", "value", "unit", "qualifier", "region"), FIGURES)
async def test_figures_keep_value_unit_and_qualifier(
    ask_examples: GraphQLTestClient, key: str, value: float, unit: str, qualifier: str, region: str
) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Figure {
      quantity { value unit qualifier } region { code } sources { id } } } }"""
    found = (await ask_examples.data(query, id=to_global_id("Figure", key)))["node"]
    assert found["quantity"] == {"value": value, "unit": unit, "qualifier": qualifier}
    assert found["region"] == {"code": region}
    assert len(found["sources"]) == 1


SUBJECTS = [
    ("s2_st_jiangzhu_weifang_detachments", "ServiceTeam", "st_jiangzhu_weifang"),
    ("s3_st_na_lecture_team_lectures", "ServiceTeam", "st_na_lecture_team"),
    ("s0_ev_national_commendation_anniversary_years", "Event", "ev_national_commendation"),
    ("s2_ev_wf_showcase_2022_signed_results", "Event", "ev_wf_showcase_2022"),
    ("s2_pol_wf_contract_workers_benefiting", "Policy", "pol_wf_contract"),
    ("s0_pol_na_reform_five_year_plan_years", "Policy", "pol_na_reform_five_year"),
]


@pytest.mark.parametrize(("key", "kind", "code"), SUBJECTS)
async def test_figures_lead_to_what_they_are_about(
    ask_examples: GraphQLTestClient, key: str, kind: str, code: str
) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Figure {
      about subject { __typename code } } } }"""
    found = (await ask_examples.data(query, id=to_global_id("Figure", key)))["node"]
    assert found == {"about": None, "subject": {"__typename": kind, "code": code}}


async def test_a_stretch_of_years_is_told_from_a_year(ask_examples: GraphQLTestClient) -> None:
    query = """{ region(code: "west_coast_new_area") {
      figures(filter: {metric: "municipal_model_industrial_worker_share"}) {
        nodes { label period sinceYear year quantity { value unit qualifier } } } } }"""
    assert (await ask_examples.data(query))["region"]["figures"]["nodes"] == [
        {
            "label": "2017—2020年度市劳模中一线产业工人占比",
            "period": "SINCE",
            "sinceYear": 2017,
            "year": 2020,
            "quantity": {"value": 54.5, "unit": "percent", "qualifier": "EXACT"},
        }
    ]


# Of a place in a contest, its competition is told: in words or as the subject.
AMONG = re.compile("国家级新区|全国|全省|获批以来")
PLACES_IN_A_CONTEST = {"rank", "prize_rank_limit"}


async def test_the_label_of_a_rank_says_among_whom(ask_examples: GraphQLTestClient) -> None:
    query = "{ figures(first: 100, after: %s) { pageInfo { hasNextPage endCursor } nodes { %s } } }"
    found, after, more = [], "null", True
    while more:
        asked = query % (after, "metric label quantity { unit }")
        page = (await ask_examples.data(asked))["figures"]
        found += page["nodes"]
        after, more = f'"{page["pageInfo"]["endCursor"]}"', page["pageInfo"]["hasNextPage"]
    ranks = {
        figure["label"]
        for figure in found
        if figure["quantity"]["unit"] == "rank" and figure["metric"] not in PLACES_IN_A_CONTEST
    }
    assert "万人有效发明专利拥有量在国家级新区中的位次" in ranks
    assert len(ranks) == 16
    assert [label for label in ranks if not AMONG.search(label)] == []


async def test_four_academies_were_opened_at_once_where_five_are_named(
    ask_examples: GraphQLTestClient,
) -> None:
    query = """query($opened: PartialDate) { region(code: "230000") {
      all: academies { totalCount }
      opened: academies(filter: {opened: $opened}) { nodes { code opened } }
      groups: academies { groups(by: [YEAR]) { nodes { keys { code } count } } } } }"""
    assert (await ask_examples.data(query, opened="2023"))["region"] == {
        "all": {"totalCount": 5},
        "opened": {
            "nodes": [
                {"code": code, "opened": "2023"}
                for code in ("hlj_ecology", "hlj_digital", "hlj_agriculture", "hlj_equipment")
            ]
        },
        "groups": {
            "groups": {
                "nodes": [
                    {"keys": [{"code": "2023"}], "count": 4},
                    {"keys": [{"code": None}], "count": 1},
                ]
            }
        },
    }


async def test_a_date_is_asked_for_as_precisely_as_one_likes(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    days = {"a": "2022", "b": "2022-08", "c": "2022-08-01", "d": "2022-09", "e": "2023", "f": ""}
    await make(academies=[{"code": c, "name": c, "opened": day} for c, day in days.items()])
    query = "query($f: AcademyFilter) { academies(filter: $f) { nodes { code } } }"

    async def found(**filter: Any) -> str:
        nodes = (await ask.data(query, f=filter))["academies"]["nodes"]
        return "".join(node["code"] for node in nodes)

    assert await found(opened="2022") == "abcd"
    assert await found(opened="2022-08") == "bc"
    assert await found(opened="2022-08-01") == "c"
    assert await found(opened="2021") == ""
    assert await found(isNull=["OPENED"]) == "f"
    assert await found(**{"not": {"opened": "2022"}}) == "ef"
    for wrong in ("20", "2022-8", "2022-13", "", "%", "2022-08-01T00:00", 2022, True):
        answer = await ask(query, f={"opened": wrong})
        assert [error.extensions["code"] for error in answer.errors] == ["BAD_USER_INPUT"], wrong
        assert "a string with a year, a month or a day" in answer.errors[0].message


async def test_every_published_organisation_hangs_on_a_record(
    ask_examples: GraphQLTestClient,
) -> None:
    """But for those of which docs/coverage.csv says what is to come."""
    kind = SDL.type_map["Organisation"]
    assert isinstance(kind, GraphQLObjectType)
    lists = [name for name, of in field_types("Organisation").items() if of.endswith("Connection")]
    all_spells = {name for name in lists if "spells" in kind.fields[name].args}
    totals = " ".join(
        f"{name}{'(spells: ALL)' if name in all_spells else ''} {{ totalCount }}"
        for name in lists
        if name != "history"
    )
    query = (
        f"query($code: String!) {{ organisation(code: $code) {{ parent {{ code }} {totals} }} }}"
    )
    bare = set()
    for row in rows("published", "organisations"):
        found = (await ask_examples.data(query, code=row["code"]))["organisation"]
        if not found.pop("parent") and not any(link["totalCount"] for link in found.values()):
            bare.add(f"organisation_{row['code']}")
    assert bare == {
        row.key for row in coverage.read_coverage() if row.key.startswith("organisation_")
    }


async def test_a_metric_that_is_declared_complete_has_a_gap(
    ask_examples: GraphQLTestClient,
) -> None:
    query = """{ region(code: "demo_province_east") { figures { nodes {
      metric quantity { value } registered { value coverage gap } } } } }"""
    nodes = (await ask_examples.data(query))["region"]["figures"]["nodes"]
    by_metric: dict[str, Any] = {node["metric"]: node for node in nodes}
    provincial = by_metric["academies_provincial"]
    assert provincial["registered"] == {"value": 1.0, "coverage": "COMPLETE", "gap": 1.0}
    assert by_metric["academies_municipal"]["registered"]["coverage"] == "PARTIAL"
    assert by_metric["academies_municipal"]["registered"]["gap"] is None


async def test_figures_are_of_the_region_itself_unless_its_subtree_is_asked(
    ask_examples: GraphQLTestClient,
) -> None:
    query = """{ region(code: "370200") { self: figures { totalCount }
      subtree: figures(scope: SUBTREE) { totalCount } zone: children { code } }
      zone: region(code: "west_coast_new_area") { figures { totalCount } } }"""
    found = await ask_examples.data(query)
    city, zone = found["region"], found["zone"]["figures"]["totalCount"]
    assert city["self"]["totalCount"] == 62
    assert city["subtree"]["totalCount"] == 62 + zone


async def test_a_bound_is_no_value(ask: GraphQLTestClient, make: RowFactory) -> None:
    """A sum with a bound in it is left out, and a published bound has no gap."""

    def figure(key: str, metric: str, **more: str) -> dict[str, str]:
        told = {"key": key, "metric": metric, "label": "数", "sources": "s"}
        told |= {"region": "", "studio": ""}
        number = {"quantity_value": "9", "quantity_unit": "item", "quantity_qualifier": "EXACT"}
        return {**told, **number, **more}

    def outcome(key: str, kind: str, qualifier: str) -> dict[str, str]:
        number = {"quantity_value": "3", "quantity_unit": "item", "quantity_qualifier": qualifier}
        return {"key": key, "studio": "t", "outcome_kind": kind, "sources": "s", **number}

    await make(
        sources=[{"key": "s", "title": "t"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER"}],
        academies=[{"code": "a", "name": "院", "level": "CITY", "region": "370200"}],
        outcomes=[
            outcome("1", "INNOVATION", "EXACT"),
            outcome("2", "INNOVATION", "EXACT"),
            outcome("3", "UTILITY_MODEL", "EXACT"),
            outcome("4", "UTILITY_MODEL", "OVER"),
        ],
        figures=[
            figure("1", "innovations", studio="t"),
            figure("2", "utility_model_patents", studio="t"),
            figure("3", "academies_municipal", region="370200"),
            figure("4", "academies_municipal", region="370200", quantity_qualifier="OVER"),
        ],
        completeness=[
            {"key": "c", "metric": "academies_municipal", "region": "370200", "sources": "s"}
        ],
    )
    query = """{ figures(orderBy: [{field: RECORDED_AT}]) { nodes {
      registered { value coverage gap } } } }"""
    nodes = (await ask.data(query))["figures"]["nodes"]
    assert [node["registered"] for node in nodes] == [
        {"value": 6.0, "coverage": "PARTIAL", "gap": None},
        None,
        {"value": 1.0, "coverage": "COMPLETE", "gap": 8.0},
        {"value": 1.0, "coverage": "COMPLETE", "gap": None},
    ]
