"""A thing may change its code: it stays what was first entered under its key."""

from pathlib import Path

import pytest
from sqlalchemy import select

from kit.errors import ImportRejected
from kit.relay.global_id import to_global_id
from models.change import Change
from models.history import model_table
from models.worker import Worker
from resolvers.core.access import OPERATOR, PUBLIC
from resolvers.core.context import Executor
from tests.support.commands import RunCli, write_files
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

ORGANISATION = {"name": "x", "organisation_kind": "OTHER"}


async def test_a_thing_keeps_its_key_and_what_is_known_of_it(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        workers=[{"code": code, "name": code} for code in "ab"],
        sources=[{"key": "s", "title": "t"}],
        qualifications=[{"key": f"q{code}", "worker": code, "sources": "s"} for code in "ab"],
    )
    places = [{"code": "b", "key": "a", "name": "a"}, {"code": "a", "key": "b", "name": "b"}]
    assert await make(workers=places) == {"Worker": 2}
    assert await make(workers=places) == {}
    async with make.engine.connect() as connection:
        change, worker = model_table(Change), model_table(Worker)
        told = select(change.c.subject_id, change.c.change_kind).order_by(change.c.id)
        changes = await connection.execute(told.where(change.c.subject_type == "Worker"))
        assert [tuple(row) for row in changes] == [
            ("a", "CREATED"), ("b", "CREATED"), ("a", "RECODED"), ("b", "RECODED"),
        ]  # fmt: skip
        rows = await connection.execute(select(worker.c.id, worker.c.code).order_by(worker.c.id))
        assert [tuple(row) for row in rows] == [("a", "b"), ("b", "a")]
    query = '{ worker(code: "b") { name qualifications { nodes { worker { code } } } } }'
    assert await ask.data(query) == {
        "worker": {"name": "a", "qualifications": {"nodes": [{"worker": {"code": "b"}}]}}
    }


# rows for workers, column, reason
MISNAMED = [
    ([{"code": "b", "name": "x"}], "key", "'b' is the key of 'c': use another one."),
    ([{"code": "a", "key": "z", "name": "x"}], "code",
     "is the same as that of 'a'; it must be unique."),
    ([{"code": "z", "key": "名", "name": "x"}], "key",
     "'名' has '名' in place 1: "
     "a code takes 1 to 80 letters, digits, _ . or -, a letter or digit first."),
    ([{"code": "y", "key": "k", "name": "x"}, {"code": "z", "key": "k", "name": "x"}], "key",
     "'k' is in workers.csv, line 2 already."),
    ([{"code": "k", "key": "", "name": "x"}, {"code": "z", "key": "k", "name": "x"}], "key",
     "'k' is in workers.csv, line 2 already."),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "column", "reason"), MISNAMED)
async def test_a_key_is_that_of_one_thing(
    make: RowFactory, rows: list[dict[str, str]], column: str, reason: str
) -> None:
    await make(workers=[{"code": code, "name": code} for code in "ab"])
    await make(workers=[{"code": "c", "key": "b", "name": "b"}])
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(workers=rows)
    last = len(rows) + 1
    assert [str(problem) for problem in refused.value.problems] == [
        f"workers.csv, line {last}, {column}: {reason}"
    ]
    assert await row_counts(make.engine) == before


async def test_a_code_means_what_has_it_or_else_what_had_it_first(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(organisations=[{"code": "old", **ORGANISATION}])
    await make(organisations=[{"code": "new", "key": "old", **ORGANISATION}])
    query = "{ organisations { nodes { code parent { code } } } }"

    async def parents(*rows: dict[str, str]) -> dict[str, str]:
        await make(organisations=[{**row, **ORGANISATION} for row in rows])
        nodes = (await ask.data(query))["organisations"]["nodes"]
        return {node["code"]: node["parent"]["code"] for node in nodes if node["parent"]}

    assert await parents({"code": "a", "key": "", "parent": "old"}) == {"a": "new"}
    another = {"code": "old", "key": "another", "parent": ""}
    assert await parents(another, {"code": "a", "key": "", "parent": "old"}) == {"a": "old"}


def test_a_division_keeps_its_new_code_when_the_tree_is_planted_again(
    run_cli: RunCli, region_tree_url: str, tmp_path: Path
) -> None:
    moved = "code,key,name,level,parent\nqingdao,370200,青岛市,CITY,370000\n"
    code, said = run_cli(region_tree_url, "load", write_files(tmp_path, regions=moved))
    assert (code, said[-1]) == (0, "Written: 1 Region.")
    code, said = run_cli(region_tree_url, "migrate")
    assert (code, said[-1]) == (0, "Nothing to change: all of it is on record.")


LOOK_UPS = [
    # kind, file, what every row of it has
    ("worker", "workers", {}),
    ("organisation", "organisations", {"organisation_kind": "OTHER"}),
    ("studio", "studios", {"studio_kind": "OTHER"}),
    ("competition", "competitions", {}),
    ("policy", "policies", {"policy_kind": "PLAN"}),
]


@pytest.mark.parametrize(("kind", "file", "cells"), LOOK_UPS)
async def test_every_code_that_a_thing_had_finds_it(
    make: RowFactory, ask: GraphQLTestClient, kind: str, file: str, cells: dict[str, str]
) -> None:
    """In look-ups, on both ways, and in filters."""
    for code in ("first", "second", "third"):
        await make(**{file: [{"code": code, "key": "first", "name": "x", **cells}]})
    query = f"""query($code: String) {{ {kind}(code: $code) {{ code }} }}"""
    listed = f"query($code: String) {{ {file}(filter: {{code: $code}}) {{ nodes {{ code }} }} }}"
    for code in ("first", "second", "third"):
        for way in (Executor.PLAN, Executor.BATCH):
            found = await ask.by_plan(query, way, code=code)
            assert (found.data, found.errors) == ({kind: {"code": "third"}}, [])
        assert await ask.data(query, code=code) == {kind: {"code": "third"}}
        nodes = (await ask.data(listed, code=code))[file]["nodes"]
        assert nodes == [{"code": "third"}]
    assert await ask.data(query, code="fourth") == {kind: None}


async def test_search_finds_a_thing_by_a_code_that_it_had(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    hidden = {"audience": "OWNER", **ORGANISATION}
    await make(organisations=[{"code": "veiled_code", "key": "firm", **hidden}])
    for code in ("midway_code", "present_code"):
        await make(organisations=[{"code": code, "key": "firm", "audience": "PUBLIC"}])
    query = """query($text: String!) { search(text: $text) { edges { matched node {
      ... on Record { code } } } } }"""
    for viewer, text in ((PUBLIC, "midway_code"), (PUBLIC, "present_code"), (OPERATOR, "midway")):
        edges = (await ask(query, viewer, text=text)).data["search"]["edges"]
        assert [edge["node"] for edge in edges] == [{"code": "present_code"}]
    assert (await ask(query, PUBLIC, text="veiled_code")).data == {"search": {"edges": []}}


async def test_what_lies_below_a_former_code_is_answered_with_it(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """A page below it makes the database write the answer, where it can."""
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[{"code": "old", **ORGANISATION}],
        workers=[{"code": "w", "name": "工"}],
        employments=[{"key": "e", "worker": "w", "organisation": "old", "sources": "s"}],
    )
    await make(organisations=[{"code": "new", "key": "old", **ORGANISATION}])
    query = """{ organisation(code: "old") { code workers { totalCount nodes { code } } }
      workers(filter: {employer: {code: "old"}}) { totalCount } }"""
    expected = {
        "organisation": {"code": "new", "workers": {"totalCount": 1, "nodes": [{"code": "w"}]}},
        "workers": {"totalCount": 1},
    }
    assert await ask.data(query) == expected
    for way in (Executor.PLAN, Executor.BATCH):
        assert (await ask.by_plan(query, way)).data == expected


async def test_a_code_of_before_is_what_is_referred_to(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    for code in ("first", "second", "third"):
        await make(organisations=[{"code": code, "key": "first", **ORGANISATION}])
    await make(organisations=[{"code": "below", "parent": "second", **ORGANISATION}])
    answer = await ask.data('{ organisation(code: "below") { parent { code } } }')
    assert answer == {"organisation": {"parent": {"code": "third"}}}


async def test_a_code_that_is_given_up_in_a_load_means_there_what_had_it_last(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    for key, code in (("a", "passed"), ("a", "new_a"), ("b", "passed")):
        await make(organisations=[{"code": code, "key": key, **ORGANISATION}])
    below = [{"code": code, "parent": "passed", **ORGANISATION} for code in ("same", "later")]
    await make(organisations=[{"code": "new_b", "key": "b", **ORGANISATION}, below[0]])
    await make(organisations=[below[1]])
    for code in ("same", "later"):
        answer = await ask.data(f'{{ organisation(code: "{code}") {{ parent {{ code }} }} }}')
        assert answer == {"organisation": {"parent": {"code": "new_b"}}}


async def test_a_code_of_before_is_given_away_by_name_alone(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    for code in ("first", "second", "third"):
        await make(organisations=[{"code": code, "key": "first", **ORGANISATION}])
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(organisations=[{"code": "second", **ORGANISATION}])
    assert [str(problem) for problem in refused.value.problems] == [
        "organisations.csv, line 2, code: 'second' was the code of the record with the key "
        "'first': "
        "name that key beside it, or give another code."
    ]
    with pytest.raises(ImportRejected) as refused:
        await make(organisations=[{"code": "fourth", "key": "second", **ORGANISATION}])
    assert [str(problem) for problem in refused.value.problems] == [
        "organisations.csv, line 2, key: 'second' was the code of the record with the key "
        "'first': use another one."
    ]
    assert await row_counts(make.engine) == before
    await make(organisations=[{"code": "second", "key": "another", **ORGANISATION}])
    query = '{ organisation(code: "second") { id } }'
    assert await ask.data(query) == {
        "organisation": {"id": to_global_id("Organisation", "another")}
    }


async def test_a_former_code_tells_nothing_of_what_is_hidden(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Not of a hidden record, nor what a record was called when it was hidden."""
    hidden = {"audience": "OWNER", **ORGANISATION}
    await make(
        organisations=[{"code": f"{one}_old", "key": one, **hidden} for one in ("kept", "shown")]
    )
    await make(organisations=[{"code": f"{one}_new", "key": one} for one in ("kept", "shown")])
    shown = {"code": "shown_new", "key": "shown", "audience": "PUBLIC"}
    await make(organisations=[shown])
    query = "query($code: String) { organisation(code: $code) { code } }"
    listed = "query($c: String) { organisations(filter: {code: $c}) { totalCount } }"
    unknown = await ask(query, PUBLIC, code="nobody")
    for code in ("kept_old", "kept_new", "shown_old"):
        found = await ask(query, PUBLIC, code=code)
        assert (found.data, found.errors) == ({"organisation": None}, [])
        assert len(found.statements) == len(unknown.statements)
        counted = await ask(listed, PUBLIC, c=code)
        assert counted.data == {"organisations": {"totalCount": 0}}
    for code in ("shown_old", "shown", "shown_new"):
        assert await ask.data(query, code=code) == {"organisation": {"code": "shown_new"}}
    found = await ask(query, PUBLIC, code="shown_new")
    assert found.data == {"organisation": {"code": "shown_new"}}
