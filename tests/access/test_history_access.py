"""Access to history: an image is visible if the row was."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from engine.catalog.kind import Kind
from engine.catalog.link import ToOneBacklink
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.declare import REGISTRY
from tests.graph.test_history import fetch_history, version_summaries
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows
from tests.support.sdl import LISTS, SDL

SOURCE = {"key": "s", "title": "报"}


async def test_an_image_that_was_not_public_does_not_exist_for_the_public(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Nothing tells that there was one: not the total, the kind of change, or what changed."""
    row = {"code": "w", "region": "370200", "name_en": "Jia"}
    await make(workers=[{**row, "name": "甲", "audience": "OWNER"}])
    shown = {**row, "name": "甲", "audience": "PUBLIC"}
    await make(workers=[shown], **publishing_rows("w"))
    await make(workers=[{**shown, "code": "fresh"}], **publishing_rows("fresh"))
    found = await fetch_history(ask, "Worker", "w", PUBLIC)
    region = to_global_id("Region", "370200")
    assert version_summaries(found) == [
        ("CREATED", None, ["code=w*", "name=甲*", "nameEn=Jia*", f"region={region}*"])
    ]
    assert found["totalCount"] == 1
    assert version_summaries(await fetch_history(ask, "Worker", "w")) == [
        ("CORRECTED", None, ["code=w", "name=甲", "nameEn=Jia", f"region={region}"]),
        ("CREATED", None, ["code=w*", "name=甲*", "nameEn=Jia*", f"region={region}*"]),
    ]
    fresh = await fetch_history(ask, "Worker", "fresh", PUBLIC)
    assert unnamed(fresh) == unnamed(found)


def unnamed(found: Any) -> Any:
    """Return an answer without what differs between any two records."""
    [node] = found["nodes"]
    rest = [one for one in node["values"] if one["field"] != "code"]
    return {**found, "nodes": [{**node, "knownFrom": None, "values": rest}]}


async def test_a_version_is_compared_with_what_may_be_seen(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "w", "name": "甲", "audience": "PUBLIC"}], **publishing_rows("w"))
    await make(workers=[{"code": "w", "name": "乙", "audience": "OWNER"}])
    await make(workers=[{"code": "w", "name": "甲", "audience": "PUBLIC"}], **publishing_rows("w"))
    assert version_summaries(await fetch_history(ask, "Worker", "w", PUBLIC)) == [
        ("CORRECTED", None, ["code=w", "name=甲"]),
        ("CREATED", None, ["code=w*", "name=甲*"]),
    ]
    assert version_summaries(await fetch_history(ask, "Worker", "w")) == [
        ("CORRECTED", None, ["code=w", "name=甲*"]),
        ("CORRECTED", None, ["code=w", "name=乙*"]),
        ("CREATED", None, ["code=w*", "name=甲*"]),
    ]


async def test_a_record_that_is_hidden_now_has_no_history(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "w", "name": "甲", "audience": "PUBLIC"}], **publishing_rows("w"))
    await make(workers=[{"code": "w", "name": "甲", "audience": "OWNER"}])
    query = "query($id: ID!) { node(id: $id) { history { totalCount } } }"
    hidden = await ask(query, viewer=PUBLIC, id=to_global_id("Worker", "w"))
    assert (hidden.data, hidden.errors) == ({"node": None}, [])
    assert (await fetch_history(ask, "Worker", "w"))["totalCount"] == 2


@pytest.mark.parametrize(
    ("viewer", "lines"),
    [
        (OPERATOR, [
            ("CORRECTED", "o", ["post=工", "worker=shown", "organisation=o*"]),
            ("CREATED", "hidden", ["post=工*", "worker=shown*", "organisation=hidden*"]),
        ]),
        (PUBLIC, [
            ("CORRECTED", "o", ["post=工", "worker=shown", "organisation=o*"]),
            ("CREATED", None, ["post=工*", "worker=shown*"]),
        ]),
    ],
    ids=["operator", "public"],
)  # fmt: skip
async def test_what_may_not_be_seen_is_named_nowhere(
    make: RowFactory, ask: GraphQLTestClient, viewer: Viewer, lines: Any
) -> None:
    """A reference to a hidden record leads nowhere, as the link itself does."""
    await make(
        sources=[{**SOURCE, "audience": "OWNER"}],
        organisations=[
            {"code": "hidden", "name": "甲", "organisation_kind": "OTHER", "audience": "OWNER"},
            {"code": "o", "name": "乙", "organisation_kind": "OTHER", "audience": "PUBLIC"},
        ],
    )
    shown = {"code": "shown", "name": "乙", "audience": "PUBLIC"}
    await make(workers=[shown], **publishing_rows("shown"))
    fact = {"key": "e", "post": "工", "sources": "s", "audience": "PUBLIC"}
    for organisation in ("hidden", "o"):
        ends = {"worker": "shown", "organisation": organisation, "owner": organisation}
        await make(employments=[{**fact, **ends}])
    names = {
        to_global_id(kind, key): key
        for kind in ("Worker", "Organisation")
        for key in ("hidden", "shown", "o")
    }
    found = await fetch_history(ask, "Employment", "e", viewer)
    for node in found["nodes"]:
        node["values"] = [
            {**one, "value": names.get(one["value"], one["value"])}
            for one in node["values"]
            if one["field"] in {"post", "worker", "organisation"}
        ]
    assert version_summaries(found) == lines


@pytest.mark.parametrize("kind", REGISTRY.kinds.values(), ids=lambda kind: kind.name)
async def test_the_present_version_says_what_the_record_says(
    ask_examples: GraphQLTestClient, kind: Kind
) -> None:
    """Every value is that of a field of the schema; no response has the author."""
    published = SDL.type_map[kind.name]
    assert isinstance(published, GraphQLObjectType)
    parts = [part for name, field in published.fields.items() if (part := asked(name, field.type))]
    query = f"""{{ {LISTS[f"{kind.name}Connection"]}(first: 100) {{ nodes {{ {" ".join(parts)}
      history {{ totalCount nodes {{ changeKind values {{ field value changed }} }} }} }} }} }}"""
    [found] = (await ask_examples.data(query)).values()
    for node in found["nodes"]:
        history = node.pop("history")
        assert history["totalCount"] == 1
        [version] = history["nodes"]
        assert version["changeKind"] == "CREATED"
        assert all(one["changed"] for one in version["values"])
        said = {one["field"]: one["value"] for one in version["values"]}
        assert len(said) == len(version["values"])
        if sources := node.pop("sources", []):
            assert said.pop("sources") in [source["id"] for source in sources]
        assert said == {path: text for path, text in spoken(kind, node) if text is not None}


def asked(name: str, of: Any) -> str:
    """Return what a record says itself: leaves, quantities, and the ids of what it refers to."""
    target = get_named_type(of)
    if name in {"registered", "personal", "without"} or target.name.endswith("Connection"):
        return ""
    if is_leaf_type(target):
        return name
    if target.name == "Quantity":
        return f"{name} {{ value unit qualifier }}"
    return f"{name} {{ id }}" if str(of)[0] != "[" or name == "sources" else ""


# What follows from a code or a column, beside what is recorded.
FOLLOWING = {"id", "awardClass", "demonstration", "metricName", "metricNameEn", "recordedAt"}


def spoken(kind: Kind, node: Any) -> Any:
    model: Any = kind.model
    derived = {column.removesuffix("_id") for column in model.derived}
    backwards = {link.name for link in kind.links.values() if isinstance(link, ToOneBacklink)}
    for name, value in node.items():
        if name in FOLLOWING | derived | backwards:
            continue
        if isinstance(value, dict) and "id" not in value:
            for part, inner in value.items():
                yield f"{name}.{part}", text(inner)
        else:
            yield name, value["id"] if isinstance(value, dict) else text(value)


def text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value).removesuffix(".0")
