"""A curator's note is shown to the owner of the record and to the steward."""

import json
from typing import Any

import pytest

from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows

QUERY = """query($after: String) {
  worker(code: "w") { note employments(first: 5) { nodes { note organisation { note } } } }
  workers(first: 5, after: $after) { nodes { code other: note note } edges { node { note } } }
  employments(first: 5) { nodes { note worker { note employer { code note } } } }
  region(code: "370200") { note workers(first: 5) { nodes { note } } }
  studios(first: 5) { nodes { note host { note } members { nodes { note worker { note } } } } }
}"""
HISTORY = """{ worker(code: "w") { history { totalCount nodes {
  values { field value changed } } } } }"""
MINE, OTHERS = "写给甲院的话", "写给乙院的话"
A, B = partner_viewer(Role.COLLEGE, "a"), partner_viewer(Role.COLLEGE, "b")
VIEWERS = {
    "public": PUBLIC,
    "a": A,
    "b": B,
    "a's convenor": partner_viewer(Role.ALLIANCE, "c"),
    "union": partner_viewer(Role.UNION, "u", "370000"),
    "worker": Viewer("w", worker="w"),
    "operator": OPERATOR,
}


@pytest.fixture(autouse=True)
async def known(make: RowFactory) -> None:
    """All of it public: of `a` its notes, and one of `b`."""
    told = publishing_rows("w")
    told["sources"].append({"key": "s", "title": "t"})
    common: dict[str, Any] = {"owner": "a", "note": MINE}
    fact: dict[str, Any] = {"worker": "w", "sources": "s", "audience": "PUBLIC"}
    await make(
        **told,
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER", **common}
            for code in ("a", "b", "c", "u")
        ],
        workers=[{"code": "w", "name": "甲", "region": "370200", "audience": "PUBLIC", **common}],
        employments=[{"key": "e", "organisation": "a", **fact, "owner": "b", "note": OTHERS}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER", "host": "b", **common}],
        studio_memberships=[{"key": "m", "studio": "t", **fact, **common}],
    )


def notes(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [one for key, one in value.items() if key in {"note", "other"}]
        return own + [note for one in value.values() for note in notes(one)]
    return [note for one in value for note in notes(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", VIEWERS)
async def test_a_note_is_its_owners_and_the_stewards(ask: GraphQLTestClient, name: str) -> None:
    """In look-ups, lists, edges and at the ends of links, on each way alike."""
    viewer = VIEWERS[name]
    default = await ask(QUERY, viewer)
    assert default.errors == []
    for way in (Executor.PLAN, Executor.BATCH):
        planned = await ask.by_plan(QUERY, way, viewer)
        assert planned.errors == []
        assert planned.data == default.data, way
    shown = set(notes(default.data)) - {None}
    assert shown == {"a": {MINE}, "b": {OTHERS}, "operator": {MINE, OTHERS}}.get(name, set())
    assert len(notes(default.data)) == 15
    if name == "operator":
        [one] = [note for note in notes(default.data["region"]) if note]
        assert one == MINE


@pytest.mark.parametrize("name", VIEWERS)
async def test_history_tells_no_note_either(
    make: RowFactory, ask: GraphQLTestClient, name: str
) -> None:
    """Nor that one was changed; each version as its own owner lets it be seen."""
    await make(workers=[{"code": "w", "note": OTHERS, "owner": "b"}])
    found = (await ask(HISTORY, VIEWERS[name])).data["worker"]["history"]
    assert found["totalCount"] == 2
    said = [
        [(one["value"], one["changed"]) for one in version["values"] if one["field"] == "note"]
        for version in found["nodes"]
    ]
    assert said == {
        "operator": [[(OTHERS, True)], [(MINE, True)]],
        "a": [[], [(MINE, True)]],
        "b": [[(OTHERS, True)], []],
    }.get(name, [[], []])
    if name not in {"operator", "a", "b"}:
        assert MINE not in json.dumps(found, ensure_ascii=False)
        assert not any(one["changed"] for one in found["nodes"][0]["values"])


async def test_who_may_not_read_what_is_its_own_sees_no_note(ask: GraphQLTestClient) -> None:
    """A key of `a` for what is public alone."""
    public_only = Viewer("a", "a", Role.COLLEGE)
    for way in (Executor.PLAN, Executor.BATCH):
        answer = await ask.by_plan(QUERY, way, public_only)
        assert set(notes(answer.data)) == {None}
    assert set(notes((await ask(QUERY, public_only)).data)) == {None}


async def test_nothing_is_found_or_sorted_by_a_note(ask: GraphQLTestClient) -> None:
    for asked in (
        '{ workers(filter: {note: "x"}) { totalCount } }',
        "{ workers(filter: {isNull: [NOTE]}) { totalCount } }",
        "{ workers(orderBy: [{field: NOTE}]) { totalCount } }",
    ):
        assert (await ask(asked)).data is None
    found = await ask.data("query($q: String!) { search(text: $q) { totalCount } }", q=MINE)
    assert found == {"search": {"totalCount": 0}}
