"""Duplicate facts are refused; possible duplicates and namesakes are listed."""

from pathlib import Path
from typing import Any

import pytest

from kit.errors import ImportRejected
from tests.support.commands import RunCli
from tests.support.commands import write_files as folder
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts, run_async
from tests.support.registries import Fill, disposing_engine

CITED = {"sources": "s"}
PLACE = {"competition": "c", "worker": "w", "division": "职工组", "rank": 1, "award": "金牌"}
GRADE = {
    "worker": "w",
    "grade": "SENIOR",
    "occupation_as_published": "焊工",
    "issued_on": "2024-05",
}
TITLE = {"honour": "h", "worker": "w", "year": 2024}
BID = {"challenge": "x", "worker": "w", "submitted": "2024-05"}


async def fill(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "甲报"}, {"key": "s2", "title": "乙报"}],
        workers=[{"code": code, "name": f"工{code}", "region": "370200"} for code in ("w", "v")],
        organisations=[{"code": "o", "name": "厂", "organisation_kind": "ENTERPRISE"}],
        competitions=[{"code": "c", "name": "赛"}, {"code": "c2", "name": "又赛"}],
        honours=[{"code": "h", "name": "荣"}],
        challenges=[{"code": "x", "name": "题", "challenge_status": "OPEN"}],
        selection_rounds=[{"code": "n", "name": "批", "honour": "h"}],
        results=[{"key": "a", **PLACE, **CITED}],
        qualifications=[{"key": "a", **GRADE, **CITED}],
        conferrals=[
            {"key": "a", **TITLE, **CITED},
            {"key": "text", "honour": "h", "year": 2024, "recipient_as_published": "某班组",
             **CITED},
        ],
        nominations=[{"key": "a", "selection_round": "n", "worker": "w", **CITED}],
        bids=[{"key": "a", **BID, **CITED}],
        employments=[{"key": "a", "worker": "w", "organisation": "o", "started": "2020-05",
                      "ended": "2020-05", **CITED}],
    )  # fmt: skip


SAME: list[tuple[str, dict[str, Any], str]] = [
    ("results", PLACE, "competition"),
    ("results", {**PLACE, "award": "一等奖"}, "competition"),
    ("results", {**PLACE, "award": ""}, "competition"),
    ("qualifications", GRADE, "grade"),
    ("conferrals", TITLE, "honour"),
    ("nominations", {"selection_round": "n", "worker": "w"}, "selection_round"),
    ("bids", BID, "challenge"),
]


@pytest.mark.parametrize(("file", "row", "column"), SAME)
async def test_the_same_under_another_key_is_refused(
    filled_url: str, file: str, row: dict[str, Any], column: str
) -> None:
    async with disposing_engine(filled_url) as engine:
        before = await row_counts(engine)
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(**{file: [{"key": "b", **row, "sources": "s2"}]})
        told = [str(problem) for problem in refused.value.problems]
        assert told == [
            f"{file}.csv, line 2, {column}: 'b' says what 'a' says: name the source there "
            "instead of entering it twice."
        ]
        assert await row_counts(engine) == before


async def test_a_spell_under_another_key_is_refused(filled_url: str) -> None:
    async with disposing_engine(filled_url) as engine:
        same = {"worker": "w", "organisation": "o", "started": "2020-05", "ended": "2020-05"}
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(employments=[{"key": "b", **same, **CITED}])
        assert [str(problem) for problem in refused.value.problems] == [
            "employments.csv, line 2, started: is the same as 'a': cite both sources there."
        ]


async def test_of_two_lines_of_one_load_the_second_is_refused(make: RowFactory) -> None:
    await fill(make)
    before = await row_counts(make.engine)
    row = {**PLACE, "competition": "c2", **CITED}
    with pytest.raises(ImportRejected) as refused:
        await make(results=[{"key": "z", **row}, {"key": "y", **row}])
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [
        (3, "competition")
    ]
    assert await row_counts(make.engine) == before


OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("results", {**PLACE, "rank": 2}),
    ("results", {**PLACE, "division": "学生组"}),
    ("results", {**PLACE, "worker": "v"}),
    ("results", {**PLACE, "competition": "c2"}),
    ("results", {**PLACE, "rank": "", "award": "银牌"}),
    ("qualifications", {**GRADE, "grade": "JUNIOR"}),
    ("qualifications", {**GRADE, "issued_on": "2025-05"}),
    ("qualifications", {**GRADE, "occupation_as_published": "车工"}),
    ("conferrals", {**TITLE, "year": 2025}),
    ("bids", {**BID, "submitted": "2024-06"}),
]


@pytest.mark.parametrize(("file", "row"), OTHERS)
async def test_another_fact_of_the_same_person_is_entered(
    filled_url: str, file: str, row: dict[str, Any]
) -> None:
    async with disposing_engine(filled_url) as engine:
        assert (
            sum((await RowFactory(engine)(**{file: [{"key": "b", **row, **CITED}]})).values()) == 1
        )
        await RowFactory(engine)(**{file: [{"key": "b", "status": "RETRACTED"}]})


async def test_a_fact_that_was_retracted_stands_in_nobodys_way(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await fill(make)
    await make(results=[{"key": "a", "status": "RETRACTED"}])
    await make(results=[{"key": "b", **PLACE, **CITED}])
    assert await ask.data("{ results { totalCount } }") == {"results": {"totalCount": 1}}
    with pytest.raises(ImportRejected):  # it would say it twice
        await make(results=[{"key": "a", "status": "ASSERTED"}])
    await make(results=[{"key": "b", "note": "一份报纸"}])


async def entered(url: str, rows: Fill) -> None:
    async with disposing_engine(url) as engine:
        await rows(RowFactory(engine))


LIKELY: list[tuple[str, str, list[str]]] = [
    ("results", "key,competition,worker,rank,award,sources\nb,c,w,1,金牌,s2\n",
     ["results.csv, line 2, competition: 'b' may be the same as 'a': compare them."]),
    ("results", "key,competition,worker,division,award,sources\nb,c,w,职工组,金牌,s2\n",
     ["results.csv, line 2, competition: 'b' may be the same as 'a': compare them."]),
    ("results", "key,competition,worker,division,rank,award,sources\nb,c,w,职工组,2,金牌,s2\n",
     ["results.csv, line 2, competition: 'b' may be the same as 'a': compare them."]),
    ("results",
     "key,competition,worker,award,sources\nx,c2,w,一等奖,s\ny,c2,w,壹等奖,s2\n",
     ["results.csv, line 3, competition: 'y' may be the same as 'x': compare them."]),
    ("teachings", "key,worker,role,sources\nx,w,讲师,s\ny,w,讲师,s2\nz,v,讲师,s2\n",
     ["teachings.csv, line 3, organisation: 'y' may be the same as 'x': compare them."]),
    ("qualifications",
     "key,worker,grade,occupation_as_published,issued_on,sources\nb,w,SENIOR,焊工,2024,s2\n",
     ["qualifications.csv, line 2, grade: 'b' may be the same as 'a': compare them."]),
    ("conferrals", "key,honour,worker,sources\nb,h,w,s2\n",
     ["conferrals.csv, line 2, honour: 'b' may be the same as 'a': compare them."]),
    ("conferrals", "key,honour,recipient_as_published,year,sources\nb,h,某班组,2024,s2\n",
     ["conferrals.csv, line 2, honour: 'b' may be the same as 'text': compare them."]),
    ("employments", "key,worker,organisation,started,sources\nb,w,o,2020-05,s2\n",
     ["employments.csv, line 2, started: is also when 'a' began: if they are one, correct that "
      "one."]),
    ("workers", "code,name,region\nb,工w,370200\n",
     ["workers.csv, line 2, name: '工w' is also the name of 'w' (370200). The same person? Then "
      "use that code."]),
    ("workers", "code,name\nb,工b\n", []),
    ("results", "key,competition,worker,award,sources\nb,c2,w,最佳奖,s2\nd,c2,v,最佳奖,s2\n",
     ["results.csv, line 2, award: '最佳奖' is in no class of the registry's list: it is kept "
      "as text."]),
]  # fmt: skip


LOOK = "Please check these; they are written as they are:"
UNSEEN = "Without an owner and not public, so that the steward alone sees them: 1 {}."
WHOSE = "Name the owner in the column owner, or '-' for the registry itself."
HIDDEN = {"workers": "Worker", "qualifications": "Qualification"}


@pytest.mark.parametrize(("file", "text", "said"), LIKELY)
def test_what_may_be_the_same_is_told_and_written(
    url: str, run_cli: RunCli, tmp_path: Path, file: str, text: str, said: list[str]
) -> None:
    run_async(entered(url, fill))
    code, lines = run_cli(url, "load", folder(tmp_path, **{file: text}))
    assert code == 0
    told = [LOOK, *(f"  {line}" for line in said)] if said else []
    told += [UNSEEN.format(HIDDEN[file]), WHOSE] if file in HIDDEN else []
    progress, *others, written = lines
    assert " rows " in progress
    assert others == told
    assert written.startswith("Written: ")


async def namesakes(make: RowFactory) -> None:
    await make.source()
    jobs = [("m1", "o1"), ("m2", "o2")]
    await make(
        organisations=[
            {"code": "o1", "name": "某市热电公司", "organisation_kind": "ENTERPRISE"},
            {"code": "o2", "name": "示例隧道局集团", "organisation_kind": "ENTERPRISE"},
        ],
        workers=[{"code": worker, "name": "母示例"} for worker, _ in jobs],
        employments=[
            {"key": worker, "worker": worker, "organisation": organisation, **CITED}
            for worker, organisation in jobs
        ],
    )


def test_a_namesake_is_told_with_the_employer(url: str, run_cli: RunCli, tmp_path: Path) -> None:
    """Two spellings of one employer; the most alike of several comes first."""
    run_async(entered(url, namesakes))
    files = {
        "organisations": "code,name,organisation_kind\no3,示例隧道股份有限公司,ENTERPRISE\n",
        "workers": "code,name\nnew,母示例\n",
        "employments": "key,worker,organisation,sources\nj,new,o3,s\n",
    }
    code, lines = run_cli(url, "load", folder(tmp_path, **files))
    assert code == 0
    assert (
        "  workers.csv, line 2, name: '母示例' is also the name of 'm2' (示例隧道局集团); "
        "'m1' (某市热电公司). The same person? Then use that code."
    ) in lines
    _, again = run_cli(url, "load", folder(tmp_path, **files))
    assert again[-1] == "Nothing to change: all of it is on record."
    assert not any("also the name" in line for line in again)
