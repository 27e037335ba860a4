"""What a spreadsheet leaves in a cell is read where it can mean one thing only."""

from typing import Any

import pytest

from kit.errors import Refused
from tests.asking import Ask, Make


async def some_things(make: Make) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[{"code": "o", "name": "院", "organisation_kind": "其他"}],
        competitions=[{"code": "c", "name": "赛"}],
    )


WORKERS: list[tuple[str, dict[str, Any], Any]] = [
    ("a capital truth", {"frontline": "TRUE"}, {"frontline": True}),
    ("a Chinese truth", {"frontline": "否"}, {"frontline": False}),
    ("a reference with a fraction", {"region": "370200.0"}, {"region": {"code": "370200"}}),
    ("a full-width reference", {"region": "３７０２００"}, {"region": {"code": "370200"}}),
]


@pytest.mark.parametrize(
    ("cells", "fields"), [row[1:] for row in WORKERS], ids=[row[0] for row in WORKERS]
)
async def test_cells_of_a_worker(
    make: Make, ask: Ask, cells: dict[str, str], fields: dict[str, Any]
) -> None:
    await make(workers=[{"code": "w", "name": "甲", **cells}])
    query = '{ worker(code: "w") { frontline region { code } } }'
    expected = {"frontline": None, "region": None, **fields}
    assert await ask.data(query) == {"worker": expected}


DATES = {
    "2022": "2022", "2022.0": "2022", "2022年": "2022", "2022-8": "2022-08", "2022/08": "2022-08",
    "2022年8月": "2022-08", "2022/8/1": "2022-08-01", "2022.8.1": "2022-08-01",
    "2022年8月1日": "2022-08-01", "2022-08-01 00:00:00": "2022-08-01", "２０２２－０８": "2022-08",
}  # fmt: skip


async def test_dates(make: Make, ask: Ask) -> None:
    rows = [{"key": f"s{n}", "title": text, "published_on": text} for n, text in enumerate(DATES)]
    await make(sources=rows)
    nodes = (await ask.data("{ sources(first: 100) { nodes { title publishedOn } } }"))["sources"]
    assert {node["title"]: node["publishedOn"] for node in nodes["nodes"]} == DATES


RANKS = {"3": 3, "3.0": 3, "第3名": 3, "并列3": 3, "并列第3": 3, "3(并列)": 3, "３": 3}


async def test_ranks(make: Make, ask: Ask) -> None:
    await some_things(make)
    await make(
        workers=[{"code": f"w{n}", "name": "甲"} for n in range(len(RANKS))],
        results=[
            {"key": f"r{n}", "worker": f"w{n}", "competition": "c", "rank": text, "sources": "s"}
            for n, text in enumerate(RANKS)
        ],
    )
    query = "{ results(first: 100) { nodes { rank recipient { code } } } }"
    nodes = (await ask.data(query))["results"]["nodes"]
    ranks = {node["recipient"]["code"]: node["rank"] for node in nodes}
    assert ranks == {f"w{n}": rank for n, rank in enumerate(RANKS.values())}


@pytest.mark.parametrize(
    "text", ["5-8", "第5至第8名", "5～8名", "前20", "前20名", "前三名", "3名以内"]
)
async def test_a_range_of_ranks_is_refused_with_what_to_do(make: Make, text: str) -> None:
    await some_things(make)
    await make(workers=[{"code": "w", "name": "甲"}])
    row = {"key": "r", "worker": "w", "competition": "c", "rank": text, "sources": "s"}
    with pytest.raises(Refused) as refused:
        await make(results=[row])
    [problem] = refused.value.problems
    assert problem.column == "rank"
    assert problem.reason.endswith(
        " is a range of ranks; a rank is one whole number. "
        "Leave it empty, and write the range as the `award`."
    )


async def test_a_word_may_be_written_in_chinese(make: Make, ask: Ask) -> None:
    await some_things(make)
    query = '{ organisation(code: "o") { organisationKind } }'
    assert await ask.data(query) == {"organisation": {"organisationKind": "OTHER"}}
