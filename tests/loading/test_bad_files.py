"""Faulty files: one report names all faults and their places, and nothing is loaded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.failures import MAX_PROBLEM_LENGTH
from feeds.csv_folder import columns_by_heading
from feeds.importing import MAX_PROBLEMS_SHOWN, import_folder
from kit.db.engine import open_engine
from kit.errors import MAX_QUOTED, ImportRejected, quote_input
from resolvers.writing.proposal import MAX_PROBLEMS_PER_COLUMN
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.databases import Databases
from tests.support.graph import FILES, RowFactory, run_async

CREDIT_CODE = "91350211M000100Y46"
ON_RECORD = {
    "employments": "key,worker,organisation,started,sources\ne,w,o,2020,s\n",
    "organisations": "code,name,organisation_kind,credit_code,parent\n"
    f"o,单位,OTHER,{CREDIT_CODE},\np,单位,OTHER,,o\n",
    "sources": "key,title\ns,t\n",
    "workers": "code,name\nw,甲\n",
}


@pytest.fixture(scope="module")
def registry(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One for all of them: nothing else is ever loaded."""
    url = databases.copy(dialect, "places")

    async def load() -> None:
        engine = open_engine(url)
        await import_folder(engine, Path(write_files(tmp_path_factory.mktemp("on"), **ON_RECORD)))
        await engine.dispose()

    run_async(load())
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def before(registry: str) -> dict[str, int]:
    """How many rows there are in each table: always, for nothing else is ever loaded."""
    found: dict[str, int] = run_async(table_row_counts(registry))
    return found


def columns(kind: str, key: str = "key") -> str:
    return (
        f"is none of {', '.join(sorted({key, 'key', *columns_by_heading(FILES[f'{kind}.csv'])}))}."
    )


def rows(header: str, *lines: str) -> str:
    return "\n".join([header, *lines, ""])


WORKERS = "code,name"
ORGANISATIONS = "code,name,organisation_kind,credit_code,parent"
EMPLOYMENTS = "key,worker,organisation,started,ended,sources"
FIGURES = "key,metric,label,quantity_unit,quantity_qualifier,sources,quantity_value,year"
KEY = "takes 1 to 80 letters, digits, _ . or -, a letter or digit first."
ACCEPTED = "a year, a month or a day is accepted: 2022, 2022-08 or 2022-08-01."
EMPTY = "workers.csv, line 1, row: is empty: the first line names the columns."
SAVE_AS = "save it as UTF-8 (in Excel: «CSV UTF-8 (逗号分隔)»)."
NUL = f"holds NUL characters, as UTF-16 does: {SAVE_AS}"
NOT_UTF_8 = "file: is not written in UTF-8"
UNKNOWN = f"{NOT_UTF_8}, and has no known encoding: {SAVE_AS}"
LONG = "x" * 1_000_000
NAME = "甲" * 1_000_000
CUT = f"'{'x' * MAX_QUOTED}' … (1000000 characters)"


def no_number(text: str) -> str:
    return f"{quote_input(text)} is not a number: use digits and a decimal point."


# what is wrong, the files, the report
BAD: list[tuple[str, dict[str, str | bytes], list[str]]] = [
    ("bytes that are 甲 in GB18030, 潛 in Big5", {
        "workers": rows(WORKERS, "w1,x", "w2,甲").encode("gbk")
    }, [f"workers.csv, line 3, {NOT_UTF_8}, and may be GB18030 or Big5: {SAVE_AS}"]),
    ("bytes that are 谢诺 in GB18030, лŵ in UTF-8", {
        "workers": rows(WORKERS, "w1,x", "w2,谢诺").encode("gbk")
    }, [f"workers.csv, line 3, file: may be UTF-8 or GB18030: {SAVE_AS[:-1]}, which marks it."]),
    ("half of UTF-16", {"workers": rows(WORKERS, "w1,甲").encode("utf-16")[:-1]},
     [f"workers.csv, line 2, {NOT_UTF_8}: {SAVE_AS}"]),
    ("UTF-16 without its mark", {"workers": rows(WORKERS, "w1,x").encode("utf-16-le")},
     [f"workers.csv, line 1, file: {NUL}"]),
    ("half a character", {"workers": b"code,name\nw1,\xe7\x94\xff\n"},
     [f"workers.csv, line 2, {UNKNOWN}"]),
    ("a surrogate", {"workers": b"code,name\nw1,\xed\xa0\x80\n"},
     [f"workers.csv, line 2, {UNKNOWN}"]),
    ("a NUL in a cell", {"workers": b"code,name\nw1,x\nw\0,x\n"},
     [f"workers.csv, line 3, file: {NUL}"]),
    ("an empty file", {"workers": ""}, [EMPTY]),
    ("an empty first line", {"workers": "\ncode,name\nw1,x\n"}, [EMPTY]),
    ("first line without names", {"workers": " , \nw1,x\n"}, [EMPTY]),
    ("no key", {"workers": "name\nx\n", "employments": rows("code,worker", "e1,w")},
     [f"employments.csv, line 1, 'code': {columns('employments')}",
      "employments.csv, line 1, key: is missing.",
      "workers.csv, line 1, code: is missing."]),
    ("unknown columns", {"workers": "code,name,工龄,,na\nme,\x1b[2J\nw1,x\n"},
     [f"workers.csv, line 1, 'na': {columns('workers', 'code')}",
      f"workers.csv, line 1, '工龄': {columns('workers', 'code')}"]),
    ("control characters in a name", {"workers": 'code,name,"a\n\x1b[2J"\nw1,x,y\n'},
     [f"workers.csv, line 1, 'a\\n\\x1b[2J': {columns('workers', 'code')}"]),
    ("a value under no heading", {"workers": rows("code,name,,", "w1,x,,", "w2,x,,y", "w3,x,z,")},
     ["workers.csv, line 3, column 4: has a value, but no heading.",
      "workers.csv, line 4, column 3: has a value, but no heading."]),
    ("other separators", {"workers": "code;name\nw1;x\n"},
     [f"workers.csv, line 1, 'code;name': {columns('workers', 'code')}",
      "workers.csv, line 1, code: is missing."]),
    ("a column twice", {"workers": "code,name,code\nw1,x,w2\n"},
     ["workers.csv, line 1, code: is there twice."]),
    ("a column that must be filled is not there", {"organisations": rows(WORKERS, "o1,x", "o,x")},
     ["organisations.csv, line 2, organisation_kind: may not be empty."]),
    ("computed columns", {"workers": "code,name,name_key,grade\nw1,x,x,SENIOR\n"},
     [f"workers.csv, line 1, 'grade': {columns('workers', 'code')}",
      f"workers.csv, line 1, 'name_key': {columns('workers', 'code')}"]),
    ("ragged rows", {"workers": rows(WORKERS, "w1", "w2,x", "", "w3,x,", '"w4,x"')},
     ["workers.csv, line 2, row: has 1 cells; the header has 2.",
      "workers.csv, line 5, row: has 3 cells; the header has 2.",
      "workers.csv, line 6, row: has 1 cells; the header has 2."]),
    ("a quote that nobody closed", {"workers": rows(WORKERS, "w1,x", 'w2,"x', "w3,x")},
     ["workers.csv, line 3, row: is not valid CSV: unexpected end of data."]),
    ("text after a quote", {"workers": rows(WORKERS, 'w1,"x\ny"z')},
     ["workers.csv, line 2, row: is not valid CSV: ',' expected after '\"'."]),
    ("bad keys", {"workers": rows(WORKERS, ",x", "w 1,x", "-w,x", "甲,x", f"{'w' * 81},x")},
     [f"workers.csv, line {line}, code: {reason}{KEY}" for line, reason in enumerate((
        "", "'w 1' has ' ' in place 2: a code ", "'-w' has '-' in place 1: a code ",
        "'甲' has '甲' in place 1: a code ", "",
    ), 2)]),
    ("keys twice", {
        "employments": rows(EMPLOYMENTS, "e1,w,p,,,s;z", "e1,w,p,,,s;z"),
        "sources": rows("key,title", "z,t"),
        "workers": rows(WORKERS, "w1,x", "w2,x", "w1,y"),
    }, [
        "employments.csv, line 3, key: 'e1' is in employments.csv, line 2 already.",
        "workers.csv, line 4, code: 'w1' is in workers.csv, line 2 already.",
    ]),
    ("unique values twice", {"organisations": rows(
        ORGANISATIONS, f"o1,x,OTHER,{CREDIT_CODE},", "o2,x,OTHER,91110000600037341L,",
        "o3,x,OTHER,91110000600037341L,",
    )}, [
        "organisations.csv, line 2, credit_code: is the same as that of 'o'; it must be unique.",
        "organisations.csv, line 4, credit_code: is the same as that of 'o2'; it must be unique.",
    ]),
    ("references to nothing", {
        "employments": rows(EMPLOYMENTS, "e1,甲,单位,,,", "e2,w,o,2000,2001,s;zz", "e3,,p,,,s"),
        "workers": rows("code,name,region,owner", "w1,x,青岛市,w"),
    }, [
        "employments.csv, line 2, organisation: there is no Organisation '单位'.",
        "employments.csv, line 2, sources: may not be empty.",
        "employments.csv, line 2, worker: there is no Worker '甲'.",
        "employments.csv, line 3, sources: there is no Source 'zz'.",
        "employments.csv, line 4, worker: may not be empty.",
        "workers.csv, line 2, owner: there is no Organisation 'w'.",
        "workers.csv, line 2, region: there is no Region '青岛市'.",
    ]),
    ("circles", {"organisations": rows(
        ORGANISATIONS, "o,单位,OTHER,,p", "a,x,OTHER,,b", "b,x,OTHER,,c", "c,x,OTHER,,b",
        "d,x,OTHER,,d",
    )}, [
        "organisations.csv, line 2, parent: 'o' would be inside itself.",
        "organisations.csv, line 4, parent: 'b' would be inside itself.",
        "organisations.csv, line 5, parent: 'c' would be inside itself.",
        "organisations.csv, line 6, parent: 'd' would be inside itself.",
    ]),
    ("spells", {"employments": rows(
        EMPLOYMENTS, "e1,w,p,2022,2020,s", "e2,w,p,2020-05-02,2020-05-01,s",
        "e3,w,o,2021,,s", "e4,w,p,1990,1995,s", "e5,w,p,1994,1999,s",
    )}, [
        "employments.csv, line 2, ended: 2020 is not after 2022: a spell holds on a day at least.",
        "employments.csv, line 3, ended: 2020-05-01 is not after 2020-05-02: "
        "a spell holds on a day at least.",
        "employments.csv, line 4, started: overlaps the spell 'e' of the same pair: end that "
        "spell first.",
        "employments.csv, line 6, started: overlaps the spell 'e4' of the same pair: end that "
        "spell first.",
    ]),
    ("dates", {"employments": rows(EMPLOYMENTS, *(
        f"e{n},w,p,{date},,s" for n, date in enumerate(("0000", "2023/13/1", "5/1/2023", "45047"))
    ))}, [
        f"employments.csv, line 2, started: '0000' is not in the calendar; {ACCEPTED}",
        f"employments.csv, line 3, started: '2023-13-01' is not in the calendar; {ACCEPTED}",
        f"employments.csv, line 4, started: '5/1/2023' is no date; {ACCEPTED}",
        "employments.csv, line 5, started: '45047' is how spreadsheets count days; "
        "this may be 2023-05-01: write the date.",
    ]),
    ("numbers", {"figures": rows(FIGURES, *(
        f'f{n},m,x,person,EXACT,s,"{number}",{year}' for n, (number, year) in enumerate((
            ("NaN", ""), ("1e999", ""), ("10万", ""), ("1,000", ""), ("Infinity", ""), ("一", ""),
            ("9" * 400, ""), (1, "二〇二三"), (1, "2147483648"), (1, "9" * 400), (1, "2023.5"),
        ))
    ), "g,m,x,万人,ABOUT,s,1,", "h,m,x,,,s,1,")}, [
        f"figures.csv, line 2, quantity_value: {no_number('NaN')}",
        f"figures.csv, line 3, quantity_value: {no_number('1e999')}",
        f"figures.csv, line 4, quantity_value: {no_number('10万')}",
        f"figures.csv, line 5, quantity_value: {no_number('1,000')}",
        f"figures.csv, line 6, quantity_value: {no_number('Infinity')}",
        f"figures.csv, line 7, quantity_value: {no_number('一')}",
        f"figures.csv, line 8, quantity_value: '{'9' * MAX_QUOTED}' … (400 characters) is beyond "
        "9007199254740992, up to which numbers are stored exactly.",
        "figures.csv, line 9, year: '二〇二三' is not a whole number.",
        "figures.csv, line 10, year: '2147483648' is not from -2147483648 to 2147483647.",
        f"figures.csv, line 11, year: '{'9' * MAX_QUOTED}' … (400 characters) "
        "is not from -2147483648 to 2147483647.",
        "figures.csv, line 12, year: '2023.5' is not a whole number.",
        "figures.csv, line 13, quantity_unit: '万人' is not a known unit, such as person.",
        "figures.csv, line 14, quantity_qualifier: may not be empty.",
        "figures.csv, line 14, quantity_unit: may not be empty.",
        "figures.csv, line 14, quantity_value: goes with its unit and its qualifier.",
    ]),
    ("long cells", {
        "employments": rows(EMPLOYMENTS, f"e1,w,p,{LONG},,s", f"e2,w,{LONG},,,{LONG}"),
        "figures": rows(FIGURES, f"f,{LONG},x,{LONG},{LONG},s,{LONG},{LONG}"),
        "majors": rows(f"code,name,scheme,{LONG}", "m,x,x,x"),
        "workers": rows(
            "code,name,name_en,frontline,note", f"{LONG},{NAME},{LONG},{LONG},{LONG}",
            "w2,x,y,,z",
        ),
    }, [
        f"employments.csv, line 2, started: {CUT} is no date; {ACCEPTED}",
        "employments.csv, line 3, organisation: has 1000000 characters; the limit is 80.",
        "employments.csv, line 3, sources: has 1000000 characters; the limit is 100000.",
        "figures.csv, line 2, metric: has 1000000 characters; the limit is 80.",
        f"figures.csv, line 2, quantity_qualifier: {CUT} is none of "
        "EXACT, OVER, UNDER, ABOUT, AT_LEAST, AT_MOST.",
        "figures.csv, line 2, quantity_unit: has 1000000 characters; the limit is 100000.",
        f"figures.csv, line 2, quantity_value: {no_number(LONG)}",
        f"figures.csv, line 2, year: {CUT} is not a whole number.",
        f"majors.csv, line 1, {CUT}: {columns('majors', 'code')}",
        f"workers.csv, line 2, code: {KEY}",
        f"workers.csv, line 2, frontline: {CUT} is neither true nor false.",
        "workers.csv, line 2, name: has 1000000 characters; the limit is 200.",
        "workers.csv, line 2, name_en: has 1000000 characters; the limit is 100000.",
        "workers.csv, line 2, note: has 1000000 characters; the limit is 100000.",
    ]),
    ("a workbook beside the files", {"workers": rows(WORKERS, "w2,x"), "名单.xlsx": b"PK"},
     [f"名单.xlsx, file: is no CSV file: for each of its sheets, {SAVE_AS}"]),
    ("no kind's name", {"worker": rows(WORKERS, "w1,x"), "workers": rows(WORKERS, "w2,x")},
     [f"worker.csv, file: is none of {', '.join(sorted(FILES))}."]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "report"), [bad[1:] for bad in BAD], ids=[name for name, *_ in BAD]
)
def test_bad_files_are_reported_and_nothing_is_loaded(
    run_cli: RunCli,
    registry: str,
    before: dict[str, int],
    tmp_path: Path,
    files: dict[str, str | bytes],
    report: list[str],
) -> None:
    code, said = run_cli(registry, "load", write_files(tmp_path, **files))
    problems = "1 problem" if len(report) == 1 else f"{len(report)} problems"
    assert said == [f"{problems}; nothing was loaded.", *(f"  {line}" for line in report)]
    assert code == 1
    assert run_async(table_row_counts(registry)) == before


RIGHT: list[tuple[str, dict[str, str | bytes]]] = [
    ("a header only", {"workers": "code,name\n"}),
    ("a header without an end", {"workers": "code,name"}),
    ("space in the header", {"workers": " code , name \nw,甲\n"}),
    ("rows of nothing", {"workers": "code,name\n\n , \nw,甲\n,\n"}),
    ("other ends of lines", {"workers": "code,name\r\nw,甲\r\n", "sources": "key,title\rs,t\r"}),
    ("a byte order mark", {"workers": b"\xef\xbb\xbf" + rows(WORKERS, "w,甲").encode()}),
    ("UTF-16 with its mark", {"workers": rows(WORKERS, "w,甲").encode("utf-16")}),
    ("GB18030", {"organisations": ON_RECORD["organisations"].encode("gb18030")}),
    ("empty columns without a heading", {"workers": "code,name,,\nw,甲,,\n,,,\n"}),
    ("everything in quotes", {"workers": '"code","name"\n"w","甲"'}),
]


@pytest.mark.parametrize("files", [right[1] for right in RIGHT], ids=[name for name, _ in RIGHT])
def test_what_is_unusual_but_right_is_read(
    run_cli: RunCli, registry: str, tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    code, said = run_cli(registry, "load", write_files(tmp_path, **files))
    assert (code, said[-1]) == (0, "Nothing to change: all of it is on record.")


def test_what_can_not_be_opened_is_reported(run_cli: RunCli, registry: str, tmp_path: Path) -> None:
    (tmp_path / "workers.csv").mkdir()
    code, said = run_cli(registry, "load", str(tmp_path))
    assert (code, said[1:]) == (1, ["  workers.csv, file: can't be read: Is a directory."])
    code, said = run_cli(registry, "load", "x" * 5000)
    assert (code, said[1:]) == (1, [f"  {'x' * MAX_PROBLEM_LENGTH}"])
    code, said = run_cli(registry, "load", "x" * 500)
    assert (code, said[1:]) == (1, [f"  {'x' * 500}, folder: can't be read: File name too long."])


MANY = 20_000
# What takes the square of their number would run for many minutes.
CROWDS: list[tuple[str, str, str]] = [
    ("industries", rows("code,name,scheme,parent", *(
        f"i{n},x,x,i{(n + 1) % MANY}" for n in range(MANY))),
     "line {next}, parent: 'i{n}' would be inside itself."),
    ("workers", rows(",".join(["code", *(f"c{n:06}" for n in range(MANY))]), "w"),
     f"line 1, 'c{{n:06}}': {columns('workers', 'code')}"),
    ("employments", rows(EMPLOYMENTS, *(f"e{n:06},w,p,2020,2021,s" for n in range(MANY + 1))),
     "line {then}, started: is the same as 'e000000': cite both sources there."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "content", "problem"), CROWDS, ids=["a ring", "a header", "one spell"]
)
def test_a_crowd_of_problems_is_counted(
    run_cli: RunCli,
    registry: str,
    before: dict[str, int],
    tmp_path: Path,
    file: str,
    content: str,
    problem: str,
) -> None:
    code, said = run_cli(registry, "load", write_files(tmp_path, **{file: content}))
    assert code == 1
    assert said == [
        f"{MANY} problems; nothing was loaded.",
        *(
            f"  {file}.csv, {problem.format(n=n, next=n + 2, then=n + 3)}"
            for n in range(MAX_PROBLEMS_SHOWN)
        ),
        f"  … and {MANY - MAX_PROBLEMS_SHOWN} more.",
    ]
    assert run_async(table_row_counts(registry)) == before


async def test_of_a_crowd_of_problems_the_first_of_each_column_are_kept(make: RowFactory) -> None:
    rows = [
        {"code": f"w{n}", "name": "", "region": "nowhere"}
        for n in range(MAX_PROBLEMS_PER_COLUMN + 20)
    ]
    with pytest.raises(ImportRejected) as refused:
        await make(workers=rows, majors=[{"code": "m", "name": "", "scheme": "x"}])
    assert str(refused.value) == f"{2 * MAX_PROBLEMS_PER_COLUMN + 41} problems; nothing was loaded."
    assert [(one.file, one.line, one.column) for one in refused.value.problems] == [
        ("majors.csv", 2, "name"),
        *(
            ("workers.csv", line + 2, name)
            for line in range(MAX_PROBLEMS_PER_COLUMN)
            for name in ("name", "region")
        ),
    ]
