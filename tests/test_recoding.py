"""A thing may change its code: it stays what was first entered under its key."""

from pathlib import Path

import pytest
from sqlalchemy import select

from kit.errors import Refused
from models import Change, Worker
from models.history import stored
from tests.asking import Ask, Make, counts
from tests.commands import Call, fill

ORGANISATION = {"name": "x", "organisation_kind": "OTHER"}


async def test_a_thing_keeps_its_key_and_what_is_known_of_it(make: Make, ask: Ask) -> None:
    await make(
        workers=[{"code": code, "name": code} for code in "ab"],
        sources=[{"key": "s", "title": "t"}],
        qualifications=[{"key": f"q{code}", "worker": code, "sources": "s"} for code in "ab"],
    )
    places = [{"code": "b", "key": "a", "name": "a"}, {"code": "a", "key": "b", "name": "b"}]
    assert await make(workers=places) == {"Worker": 2}
    assert await make(workers=places) == {}
    async with make.engine.connect() as connection:
        change, worker = stored(Change), stored(Worker)
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
    ([{"code": "b", "name": "x"}], "key", "'b' is the key of 'c': give another one."),
    ([{"code": "a", "key": "z", "name": "x"}], "code",
     "is the same as that of 'a'; it may stand once only."),
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
    make: Make, rows: list[dict[str, str]], column: str, reason: str
) -> None:
    await make(workers=[{"code": code, "name": code} for code in "ab"])
    await make(workers=[{"code": "c", "key": "b", "name": "b"}])
    before = await counts(make.engine)
    with pytest.raises(Refused) as refused:
        await make(workers=rows)
    last = len(rows) + 1
    assert [str(problem) for problem in refused.value.problems] == [
        f"workers.csv, line {last}, {column}: {reason}"
    ]
    assert await counts(make.engine) == before


async def test_a_code_means_what_has_it_or_else_what_had_it_first(make: Make, ask: Ask) -> None:
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
    call: Call, tree_url: str, tmp_path: Path
) -> None:
    moved = "code,key,name,level,parent\nqingdao,370200,青岛市,CITY,370000\n"
    code, said = call(tree_url, "load", fill(tmp_path, regions=moved))
    assert (code, said[-1]) == (0, "Written: 1 Region.")
    code, said = call(tree_url, "migrate")
    assert (code, said[-1]) == (0, "Nothing to change: all of it is on record.")
