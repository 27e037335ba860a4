"""History: what was known of a record when, and who asserted it."""

from typing import Any

from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR, Viewer
from tests.support.graph import GraphQLTestClient, RowFactory

HISTORY = """fragment History on VersionConnection {
  totalCount pageInfo { hasNextPage hasPreviousPage }
  nodes { knownFrom knownUntil changeKind assertedBy { code }
    values { field value changed } }
}"""
NODE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { history(first: $first, after: $after, last: $last, before: $before) {
    ...History } } }"""


async def fetch_history(
    ask: GraphQLTestClient, kind: str, key: str, viewer: Viewer = OPERATOR, **page: Any
) -> Any:
    answer = await ask(NODE + HISTORY, viewer=viewer, id=to_global_id(kind, key), **page)
    assert answer.errors == []
    return answer.data["node"]["history"]


def version_summaries(found: Any) -> list[Any]:
    """Each version on one line: its kind, who asserted it, its fields; what changed has a star."""
    lines = []
    for node in found["nodes"]:
        values = [f"{one['field']}={one['value']}" + "*" * one["changed"] for one in node["values"]]
        owner = node["assertedBy"] and node["assertedBy"]["code"]
        lines.append((node["changeKind"], owner, values))
    return lines


def is_unbroken(found: Any) -> bool:
    """Newest first; each is known until the one after it is, and the newest still is."""
    nodes = found["nodes"]
    until = [None, *(node["knownFrom"] for node in nodes[:-1])]
    return [node["knownUntil"] for node in nodes] == until and until[1:] == sorted(
        until[1:], reverse=True
    )


async def owners(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "报道"}, {"key": "t", "title": "更正"}],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("a", "b")
        ],
    )


async def test_of_a_thing(make: RowFactory, ask: GraphQLTestClient) -> None:
    await owners(make)
    await make(
        workers=[{"code": "w", "name": "甲", "region": "370200", "frontline": "true", "owner": "a"}]
    )
    await make(
        workers=[{"code": "w", "name": "乙", "region": "370200", "frontline": "", "owner": "b"}]
    )
    await make(
        workers=[{"code": "w", "name": "乙", "region": "", "name_en": "Yi", "owner": "",
                  "occupation_as_published": "铣工"}]
    )  # fmt: skip
    found = await fetch_history(ask, "Worker", "w")
    qingdao = to_global_id("Region", "370200")
    assert version_summaries(found) == [
        ("CORRECTED", None, ["code=w", "name=乙", "nameEn=Yi*", "occupationAsPublished=铣工*",
                             "region=None*"]),
        ("CORRECTED", "b", ["code=w", "name=乙*", "frontline=None*", f"region={qingdao}"]),
        ("CREATED", "a", ["code=w*", "name=甲*", "frontline=true*", f"region={qingdao}*"]),
    ]  # fmt: skip
    assert (found["totalCount"], found["pageInfo"]) == (
        3, {"hasNextPage": False, "hasPreviousPage": False}
    )  # fmt: skip
    assert is_unbroken(found)
    live = await ask.data('{ worker(code: "w") { recordedAt } }')
    assert live["worker"]["recordedAt"] == found["nodes"][0]["knownFrom"]


async def test_of_a_fact_that_was_corrected_and_retracted(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await owners(make)
    figure = {
        "key": "f", "metric": "m", "label": "人数", "quantity_value": "1000000",
        "quantity_unit": "person", "quantity_qualifier": "OVER", "subject_organisation": "a",
        "year": "2022", "sources": "s", "owner": "a",
    }  # fmt: skip
    await make(figures=[figure])
    corrected = {**figure, "quantity_value": "1.5", "quantity_qualifier": "EXACT", "sources": "t",
                 "subject_organisation": "", "owner": "b"}  # fmt: skip
    await make(figures=[{**corrected, "studio": ""}])
    await make(figures=[{**corrected, "status": "RETRACTED"}])
    found = await fetch_history(ask, "Figure", "f")
    assert version_summaries(found) == [
        (
            "RETRACTED",
            "b",
            [
                "status=RETRACTED*",
                f"sources={to_global_id('Source', 't')}",
                "metric=m",
                "label=人数",
                "quantity.value=1.5",
                "quantity.unit=person",
                "quantity.qualifier=EXACT",
                "period=POINT",
                "year=2022",
            ],
        ),
        (
            "CORRECTED",
            "b",
            [
                "status=ASSERTED",
                f"sources={to_global_id('Source', 't')}*",
                "metric=m",
                "label=人数",
                "quantity.value=1.5*",
                "quantity.unit=person",
                "quantity.qualifier=EXACT*",
                "period=POINT",
                "year=2022",
                "subject=None*",
            ],
        ),
        (
            "CREATED",
            "a",
            [
                "status=ASSERTED*",
                f"sources={to_global_id('Source', 's')}*",
                "metric=m*",
                "label=人数*",
                "quantity.value=1000000*",
                "quantity.unit=person*",
                "quantity.qualifier=OVER*",
                "period=POINT*",
                "year=2022*",
                f"subject={to_global_id('Organisation', 'a')}*",
            ],
        ),
    ]
    assert is_unbroken(found)


async def test_of_a_part(make: RowFactory, ask: GraphQLTestClient) -> None:
    await make(
        ladders=[{"code": "l", "name": "梯"}],
        honours=[{"code": "h", "name": "匠"}],
        rungs=[{"key": "r", "ladder": "l", "rank": "1", "name": "铜", "honour": ""}],
    )
    rung = {"key": "r", "ladder": "l", "rank": "2", "honour": "h"}
    await make(rungs=[{**rung, "name": "银", "note": "a part's note isn't published"}])
    await make(rungs=[{**rung, "name": "银", "note": "nor is this"}])
    ladder, honour = to_global_id("Ladder", "l"), to_global_id("Honour", "h")
    assert version_summaries(await fetch_history(ask, "Rung", "r")) == [
        ("CORRECTED", None, ["rank=2", "name=银", f"ladder={ladder}", f"honour={honour}"]),
        ("CORRECTED", None, ["rank=2*", "name=银*", f"ladder={ladder}", f"honour={honour}*"]),
        ("CREATED", None, ["rank=1*", "name=铜*", f"ladder={ladder}*"]),
    ]


async def test_kinds_that_share_a_key_share_no_history(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "x", "name": "甲"}])
    await make(workers=[{"code": "x", "name": "乙"}])
    await make(academies=[{"code": "x", "name": "院"}])
    assert version_summaries(await fetch_history(ask, "Worker", "x")) == [
        ("CORRECTED", None, ["code=x", "name=乙*"]),
        ("CREATED", None, ["code=x*", "name=甲*"]),
    ]
    assert version_summaries(await fetch_history(ask, "Academy", "x")) == [
        ("CREATED", None, ["code=x*", "name=院*"])
    ]


async def test_what_follows_from_other_records_makes_no_version(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await owners(make)
    await make(workers=[{"code": "w", "name": "甲"}])
    before = await fetch_history(ask, "Worker", "w")
    await make(
        employments=[{"key": "e", "worker": "w", "organisation": "a", "sources": "s"}],
        qualifications=[{"key": "q", "worker": "w", "grade": "SENIOR", "sources": "s"}],
    )
    worker = (await ask.data('{ worker(code: "w") { grade employer { code } } }'))["worker"]
    assert worker == {"grade": "SENIOR", "employer": {"code": "a"}}
    assert await fetch_history(ask, "Worker", "w") == before
    assert version_summaries(before) == [("CREATED", None, ["code=w*", "name=甲*"])]
    await make(workers=[{"code": "w", "name": "乙"}])
    assert version_summaries(await fetch_history(ask, "Worker", "w")) == [
        ("CORRECTED", None, ["code=w", "name=乙*"]),
        ("CREATED", None, ["code=w*", "name=甲*"]),
    ]


async def test_it_is_read_wherever_a_record_is_reached(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """As a node, through a link to one of several kinds, in a list of facts."""
    await owners(make)
    await make(
        alliances=[{"code": "l", "name": "盟", "alliance_kind": "STUDIO"}],
        studios=[{"code": "st", "name": "室", "studio_kind": "CRAFTSMAN"}],
        academies=[{"code": "ac", "name": "院"}],
        alliance_memberships=[
            {"key": "m", "alliance": "l", "studio": "st", "academy": "", "sources": "s"},
            {"key": "n", "alliance": "l", "studio": "", "academy": "ac", "sources": "s"},
        ],
    )
    await make(academies=[{"code": "ac", "name": "学院"}])
    counted = "history { totalCount nodes { values { field value } } }"
    found = await ask.data(
        f"""query($ids: [ID!]!) {{
          alliance(code: "l") {{ memberships {{ nodes {{ member {{ code {counted} }} }} }} }}
          nodes(ids: $ids) {{ id {counted} }} }}""",
        ids=[to_global_id("Studio", "st"), to_global_id("AllianceMembership", "n")],
    )
    members = [node["member"] for node in found["alliance"]["memberships"]["nodes"]]
    studio, academy = members
    assert [(one["code"], one["history"]["totalCount"]) for one in members] == [
        ("st", 1), ("ac", 2)
    ]  # fmt: skip
    assert [values(node) for node in academy["history"]["nodes"]] == [
        {"code": "ac", "name": "学院"},
        {"code": "ac", "name": "院"},
    ]
    first, second = found["nodes"]
    assert first["history"] == studio["history"]
    [membership] = second["history"]["nodes"]
    assert values(membership) == {
        "status": "ASSERTED",
        "sources": to_global_id("Source", "s"),
        "alliance": to_global_id("Alliance", "l"),
        "member": to_global_id("Academy", "ac"),
    }


def values(node: Any) -> dict[str, Any]:
    return {one["field"]: one["value"] for one in node["values"]}
