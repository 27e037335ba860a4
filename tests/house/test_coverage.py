"""Each mechanism of the five articles has a place in the schema, or a reason why not."""

import csv
import json
import re
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    validate,
    visit,
)

from tests.house.coverage import QUERIES, CoverageRow, read_coverage, values_at_path
from tests.support.graph import GraphQLTestClient

SDL = build_schema(
    (Path(__file__).parent.parent.parent / "schema" / "schema.graphql").read_text("utf-8")
)
ROWS = read_coverage()
SHOWN = [row for row in ROWS if row.query]
CONCEPTS = 169
# The mechanisms of the five systems, in the order in which the design names them.
SYSTEMS = [
    "system_1_chain", "system_1_medals", "system_1_international", "system_1_fledgling",
    "system_1_criteria", "system_1_stages", "system_1_enterprise_titles",
    "system_1_self_assessment", "system_1_mentors", "system_1_challenges", "system_1_conversion",
    "system_1_benefits",
    "system_2_pyramid", "system_2_international", "system_2_five_in_one", "system_2_ladder",
    "system_2_matrix", "system_2_academy_alliance", "system_2_apprenticeship", "system_2_grants",
    "system_3_ladder", "system_3_pilots", "system_3_steps", "system_3_alliance",
    "system_3_service_teams", "system_3_contracts",
    "system_4_approach", "system_4_one_five", "system_4_contests", "system_4_industry_colleges",
    "system_4_unions",
    "system_5_academies", "system_5_teachers", "system_5_hosting", "system_5_courses",
    "system_5_joining", "system_5_grant", "system_5_budget", "system_5_delisting",
    "system_5_target", "system_5_cross_province", "system_5_prizes", "system_5_pay",
]  # fmt: skip


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.key)
async def test_the_query_of_a_row_shows_what_the_row_says(
    ask_examples: GraphQLTestClient, row: CoverageRow
) -> None:
    data = await ask_examples.data(row.document, **row.asked)
    assert [pair for pair in row.shown if pair[1] not in values_at_path(data, pair[0])] == []
    invented = '"demo_' in json.dumps(data)
    assert invented == ("shown by the demonstration" in row.note)


def test_what_is_not_there_is_not_found() -> None:
    data = {"a": {"nodes": [{"b": {"c": "x"}, "n": 2.0}, {"b": None, "n": 0.5}]}, "t": True}
    assert values_at_path(data, "a.nodes.n") == ["2", "0.5"]
    assert values_at_path(data, "a.nodes[b.c=x].n") == ["2"]
    assert values_at_path(data, "a.nodes[b.c=y].n") == []
    assert values_at_path(data, "a.nodes.b.c") == ["x"]
    assert values_at_path(data, "t") == ["true"]


class SelectedFieldVisitor(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.fields = types, set[tuple[str, str]]()

    def enter_field(self, node: FieldNode, *rest: object) -> None:
        parent = self.types.get_parent_type()
        assert parent
        self.fields.add((parent.name, node.name.value))


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.key)
def test_the_query_of_a_row_selects_the_field_that_the_row_names(row: CoverageRow) -> None:
    document = parse(row.document)
    assert validate(SDL, document) == []
    types = TypeInfo(SDL)
    selected = SelectedFieldVisitor(types)
    visit(document, TypeInfoVisitor(types, selected))
    assert (row.type, row.field) in selected.fields


def test_every_mechanism_has_a_row() -> None:
    keys = [row.key for row in ROWS]
    concepts = {key for key in keys if key.startswith("c_")}
    assert len(concepts) == CONCEPTS
    assert keys[CONCEPTS : CONCEPTS + len(SYSTEMS)] == SYSTEMS
    asked = [key.split("_")[0] for key in keys[CONCEPTS + len(SYSTEMS) :]]
    assert asked == sorted(asked, reverse=True)
    assert {*asked} == {"sentence", "organisation"}
    assert len(keys) == len(set(keys))


def test_the_concepts_are_those_that_were_read(project_root: Path) -> None:
    facts = project_root.parent / "shared" / "facts" / "concepts.csv"
    if not facts.is_file():
        pytest.skip("What was read isn't beside this checkout: the project's own list holds.")
    with facts.open(encoding="utf-8", newline="") as file:
        read = {row["key"]: row["name"] for row in csv.DictReader(file)}
    assert {row.key: row.name for row in ROWS[:CONCEPTS]} == read


def test_a_row_is_shown_or_says_why_not() -> None:
    for row in ROWS:
        assert all([row.name, row.meaning]), row.key
        said = [row.type, row.field, row.query, row.variables, row.shows]
        if row.state in {"RECORD", "FIGURE"}:
            assert all(said), row.key
            assert (row.type == "Figure") == (row.state == "FIGURE"), row.key
        else:
            assert row.state in {"TEXT_ONLY", "LATER"}, row.key
            assert not any(said), row.key
            assert row.note, row.key
            later = re.match("The issue on (processes|writing and evidence): ", row.note)
            assert bool(later) == (row.state == "LATER"), row.key


def test_every_stored_query_is_asked() -> None:
    assert {path.name for path in QUERIES.iterdir()} == {row.query for row in SHOWN}
