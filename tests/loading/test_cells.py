"""Cells of spreadsheets are read if they have only one meaning."""

from pathlib import Path
from typing import Any

import pytest

from feeds.csv_cells import read_cell
from feeds.csv_folder import columns_by_heading, headings_by_chinese, key_heading
from feeds.importing import import_folders
from kit.db.column_types import EnumText
from kit.errors import ImportRejected
from tests.support.commands import write_files
from tests.support.graph import FILES, GraphQLTestClient, RowFactory


async def some_things(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[{"code": "o", "name": "院", "organisation_kind": "其他"}],
        competitions=[{"code": "c", "name": "赛"}],
    )


WORKERS: list[tuple[str, dict[str, Any], Any]] = [
    ("a capital truth", {"frontline": "TRUE"}, {"frontline": True}),
    ("a Chinese truth", {"frontline": "否"}, {"frontline": False}),
    ("a reference with a fraction", {"region": "370200.0"}, {"region": {"code": "370200"}}),
    ("a number as text", {"region": "'370200"}, {"region": {"code": "370200"}}),
    ("a number as a formula", {"region": '="370200"'}, {"region": {"code": "370200"}}),
    ("a truth as a number", {"frontline": "1.0"}, {"frontline": True}),
    ("a tick", {"frontline": "✔"}, {"frontline": True}),
    ("a full-width reference", {"region": "３７０２００"}, {"region": {"code": "370200"}}),
]


@pytest.mark.parametrize(
    ("cells", "fields"), [row[1:] for row in WORKERS], ids=[row[0] for row in WORKERS]
)
async def test_cells_of_a_worker(
    make: RowFactory, ask: GraphQLTestClient, cells: dict[str, str], fields: dict[str, Any]
) -> None:
    await make(workers=[{"code": "w", "name": "甲", **cells}])
    query = '{ worker(code: "w") { frontline region { code } } }'
    expected = {"frontline": None, "region": None, **fields}
    assert await ask.data(query) == {"worker": expected}


DATES = {
    "2022": "2022", "2022.0": "2022", "2022年": "2022", "2022-8": "2022-08", "2022/08": "2022-08",
    "2022年8月": "2022-08", "2022/8/1": "2022-08-01", "2022.8.1": "2022-08-01",
    "2022年8月1日": "2022-08-01", "2022-08-01 00:00:00": "2022-08-01", "２０２２－０８": "2022-08",
    "2022-08-01 12:30": "2022-08-01", "2022/8/1 星期一": "2022-08-01", "20220801": "2022-08-01",
    "202208": "2022-08", "2022 年 8 月": "2022-08", "2022年8月1号": "2022-08-01",
    "二〇二二年十二月三十一日": "2022-12-31", "二○二二年": "2022", '="2022-08"': "2022-08",
    "'2022/8/1": "2022-08-01",
}  # fmt: skip


async def test_dates(make: RowFactory, ask: GraphQLTestClient) -> None:
    rows = [
        {"key": f"s{n}", "title": f"s{n}", "published_on": text} for n, text in enumerate(DATES)
    ]
    await make(sources=rows)
    nodes = (await ask.data("{ sources(first: 100) { nodes { title publishedOn } } }"))["sources"]
    days = {node["title"]: node["publishedOn"] for node in nodes["nodes"]}
    assert days == {f"s{n}": day for n, day in enumerate(DATES.values())}


RANKS = {
    "3": 3,
    "3.0": 3,
    "第3名": 3,
    "并列3": 3,
    "并列第3": 3,
    "3(并列)": 3,
    "３": 3,
    "第一名": 1,
    "并列第三": 3,
    "第十二名": 12,
    "二十": 20,
    "3rd": 3,
    "No.1": 1,
    "'3": 3,
}


async def test_ranks(make: RowFactory, ask: GraphQLTestClient) -> None:
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
async def test_a_range_of_ranks_is_refused_with_what_to_do(make: RowFactory, text: str) -> None:
    await some_things(make)
    await make(workers=[{"code": "w", "name": "甲"}])
    row = {"key": "r", "worker": "w", "competition": "c", "rank": text, "sources": "s"}
    with pytest.raises(ImportRejected) as refused:
        await make(results=[row])
    [problem] = refused.value.problems
    assert problem.column == "rank"
    assert problem.reason.endswith(
        " is a range of ranks; a rank is one whole number. "
        "Leave it empty, and write the range as the `award`."
    )


async def test_a_word_may_be_written_in_chinese(make: RowFactory, ask: GraphQLTestClient) -> None:
    await some_things(make)
    query = '{ organisation(code: "o") { organisationKind } }'
    assert await ask.data(query) == {"organisation": {"organisationKind": "OTHER"}}


IN_CHINESE = {
    "职工": "编码,姓名,工种,一线,备注\nw,甲,o,是,见附件\n",
    "workers": "ｃｏｄｅ, 名 称 ,工种,一线,note\nｗ,甲,ｏ,√,见附件\n",
    "WORKERS": "Code,NAME,Occupation,是否一线,备注\nw,甲,o,真,见附件\n",
    "学员": "编号,姓名,职业工种,一线职工,note\nw,甲,o,1.0,见附件\n",
    "工匠": "代码,name,occupation,frontline,编者注\nw,甲,o,YES,见附件\n",
}


async def test_what_a_computer_leaves_in_a_folder_is_no_data(
    make: RowFactory, tmp_path: Path
) -> None:
    beside = {"Thumbs.db": b"x", "desktop.ini": b"x", "~$workers.xlsx": b"x", ".DS_Store": b"x"}
    folder = write_files(tmp_path, workers="code,name\nw,甲\n", **beside)
    assert await import_folders(make.engine, [Path(folder)]) == {"Worker": 1}


@pytest.mark.parametrize("file", IN_CHINESE)
async def test_headings_and_words_in_chinese(
    make: RowFactory, ask: GraphQLTestClient, tmp_path: Path, file: str
) -> None:
    await make(occupations=[{"code": "o", "name": "焊工", "scheme": "GBM 2022"}])
    assert await import_folders(
        make.engine, [Path(write_files(tmp_path, **{file: IN_CHINESE[file]}))]
    ) == {"Worker": 1}
    query = '{ worker(code: "w") { name frontline note occupation { code } } }'
    assert await ask.data(query) == {
        "worker": {"name": "甲", "frontline": True, "note": "见附件", "occupation": {"code": "o"}}
    }


@pytest.mark.parametrize(
    ("file", "header", "problem"),
    [
        (
            "figures",
            "key,单位",
            "line 1, '单位': may be quantity_unit or organisation or subject_organisation: "
            "name the one that is meant.",
        ),
        ("results", "标识,职工,工匠", "line 1, worker: is there twice."),
        ("workers", "编码,code,名称", "line 1, code: is there twice."),
        ("workers", "编码,工龄", "line 1, '工龄': is none of "),
    ],
)
async def test_a_heading_that_may_mean_several_is_refused_with_them(
    make: RowFactory, tmp_path: Path, file: str, header: str, problem: str
) -> None:
    with pytest.raises(ImportRejected) as refused:
        await import_folders(make.engine, [Path(write_files(tmp_path, **{file: f"{header}\n"}))])
    problems = [str(one) for one in refused.value.problems]
    assert any(one.startswith(f"{file}.csv, {problem}") for one in problems), problems


def test_every_column_has_a_heading_in_chinese() -> None:
    for model in FILES.values():
        named = {name for names in headings_by_chinese(model).values() for name in names}
        assert {key_heading(model), *columns_by_heading(model)} <= named, model


def test_every_word_is_read_in_both_languages() -> None:
    """And in letters of any case or width."""
    for model in FILES.values():
        for column in columns_by_heading(model).values():
            if isinstance(column.type, EnumText):
                for word in column.type.words:
                    label = getattr(word, "label", word.value)
                    for text in (word.value, label, word.value.lower(), f" {label}\u200b"):
                        assert read_cell(column, text) is word


async def test_which_of_two_encodings_was_taken_is_told(
    make: RowFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_files(tmp_path, workers="code,name\nw5,示例丁\n".encode("gbk"))
    assert await import_folders(make.engine, [Path(folder)]) == {"Worker": 1}
    said = capsys.readouterr().err
    assert "workers.csv, file: was read as GB18030, the likelier of two: save it as UTF-8" in said


async def test_codes_of_every_kind_are_read_however_they_are_typed(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        occupations=[{"code": "６－１８－０１－０１", "name": "焊工", "scheme": "GBM 2022"}],
        policies=[
            {
                "code": " p\u200b",
                "name": "办法",
                "policy_kind": "办法",
                "document_number": "青政发 [２０２２] ３号",
            }
        ],
        workers=[{"code": "ｗ", "name": "甲", "occupation": "6–18–01–01"}],
    )
    query = """{
      worker(code: "w") { occupation { code } }
      occupation(code: "６-18‐01－01") { name }
      policies(filter: {documentNumber: "青政发（2022）3 号", code: "ｐ"}) {
        nodes { code documentNumber }
      }
    }"""
    assert await ask.data(query) == {
        "worker": {"occupation": {"code": "6-18-01-01"}},
        "occupation": {"name": "焊工"},
        "policies": {"nodes": [{"code": "p", "documentNumber": "青政发〔2022〕3号"}]},
    }
