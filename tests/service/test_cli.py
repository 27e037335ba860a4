"""The command line: what it writes, what it refuses, and that it says so in sentences."""

from itertools import zip_longest
from pathlib import Path

import pytest

import cli
from tests.support.commands import RunCli, execute_sql, table_row_counts, write_files
from tests.support.graph import FILES, run_async

UNREACHABLE = "postgresql://somebody:secret@127.0.0.1:1/nothing"
NOTHING = "Nothing to change: all of it is on record."


def test_migrate_makes_tables_and_regions_once(run_cli: RunCli, unmigrated_url: str) -> None:
    code, said = run_cli(unmigrated_url, "migrate")
    rows = run_async(table_row_counts(unmigrated_url))
    assert rows["region"] > 3000
    parts = (f"{rows['region']} Region", f"{rows['former_name']} FormerName")
    written = f"Written: {', '.join(parts)}, {rows['region_succession']} RegionSuccession."
    assert (code, said[-1]) == (0, written)
    code, said = run_cli(unmigrated_url, "migrate")
    assert (code, said[-1]) == (0, NOTHING)
    assert run_async(table_row_counts(unmigrated_url)) == rows


def test_migrate_refuses_a_newer_database(run_cli: RunCli, url: str) -> None:
    run_async(execute_sql(url, "UPDATE alembic_version SET version_num = '9999'"))
    code, said = run_cli(url, "migrate")
    assert code == 1
    assert said == [
        "The database is at schema version 9999, which a newer version of the service made. Run "
        "that version."
    ]


def test_a_folder_is_loaded_once(run_cli: RunCli, region_tree_url: str, project_root: Path) -> None:
    folder = str(project_root / "examples" / "published")
    code, said = run_cli(region_tree_url, "load", folder)
    rows = run_async(table_row_counts(region_tree_url))
    assert (code, said[-1][:9]) == (0, "Written: ")
    assert f"{rows['worker']} Worker" in said[-1]
    assert rows["worker"] > 0
    code, said = run_cli(region_tree_url, "load", folder)
    assert (code, said[-1]) == (0, NOTHING)
    assert run_async(table_row_counts(region_tree_url)) == rows


def test_a_byte_order_mark_is_none_of_the_first_column(
    run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    folder = write_files(tmp_path, workers=b"\xef\xbb\xbfcode,name\r\nw1,\xe7\x94\xb2\r\n")
    code, said = run_cli(url, "load", folder)
    assert (code, said[-1]) == (0, "Written: 1 Worker.")


def test_all_problems_of_all_files_are_listed_and_nothing_is_loaded(
    run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    folder = write_files(
        tmp_path,
        academies="code,name,luck\na1,学院,7\n",
        alliances="name,alliance_kind\n联盟,OTHER\n",
        competitions="code,name,year\nc1,赛,2023\nc2,赛\nc3,赛,2023,全国\nc4,赛,二〇二三\n",
        employments="key,worker,organisation,sources\ne1,nobody,o1,nothing\n",
        honours="code,name,name\nh1,劳模,劳模\n",
        organisations=(
            "code,name,organisation_kind,region\n"
            "o1,总工会,UNION,370000\no2,社,CLUB,999999\no3,,UNION,370000\n"
        ),
        sources='key,title\ns1,"not closed\n',
        studios=(
            "code,name,studio_kind,founded,host\n"
            "s1,工作室,OTHER,2023-02-30,\ns2,工作室,OTHER,,nobody\n"
        ),
        unicorns="code,name\nu1,独角兽\n",
        workers="code,name\nw1,甲\nw2,".encode() + "乙".encode("gb18030") + b"\n",
    )
    before = run_async(table_row_counts(url))
    code, said = run_cli(url, "load", folder)
    assert code == 1
    expected = [
        "academies.csv, line 1, 'luck': is none of audience, code,",
        "alliances.csv, line 1, code: is missing.",
        "competitions.csv, line 3, row: has 2 cells; the header has 3.",
        "competitions.csv, line 4, row: has 4 cells; the header has 3.",
        "competitions.csv, line 5, year: '二〇二三' is not a whole number.",
        # Whether its worker and its source exist, nobody knows: their files couldn't be read.
        "honours.csv, line 1, name: is there twice.",
        "organisations.csv, line 3, organisation_kind: 'CLUB' is none of ",
        "organisations.csv, line 3, region: there is no Region '999999'.",
        "organisations.csv, line 4, name: may not be empty.",
        "sources.csv, line 2, row: is not valid CSV: unexpected end of data.",
        "studios.csv, line 2, founded: '2023-02-30' is not in the calendar;",
        "studios.csv, line 3, host: there is no Organisation 'nobody'.",
        f"unicorns.csv, file: is none of {', '.join(sorted(FILES))}.",
        "workers.csv, line 3, file: is not written in UTF-8, and has no known encoding",
    ]
    shown = [line[2:] for line in said[1:]]
    assert [
        line[: len(start)] for line, start in zip_longest(shown, expected, fillvalue="")
    ] == expected
    assert said[0] == f"{len(expected)} problems; nothing was loaded."
    assert run_async(table_row_counts(url)) == before


@pytest.mark.parametrize(("number", "rest"), [(50, []), (51, ["  … and 1 more."])])
def test_the_first_50_problems_are_shown(
    run_cli: RunCli, url: str, tmp_path: Path, number: int, rest: list[str]
) -> None:
    lines = [f"w{n:02},工,999999" for n in range(number)]
    code, said = run_cli(
        url, "load", write_files(tmp_path, workers="\n".join(["code,name,region", *lines]))
    )
    assert code == 1
    assert said == [
        f"{number} problems; nothing was loaded.",
        *(f"  workers.csv, line {n + 2}, region: there is no Region '999999'." for n in range(50)),
        *rest,
    ]


@pytest.mark.parametrize(("name", "reason"), [
    ("empty", "contains no CSV files."),
    ("missing", "is not a folder."),
    ("workers.txt", "is not a folder."),
])  # fmt: skip
def test_what_is_no_folder_of_files_is_refused(
    run_cli: RunCli, url: str, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "workers.txt").write_text("code,name\nw1,甲\n", "utf-8")
    (tmp_path / "empty").mkdir()
    code, said = run_cli(url, "load", str(tmp_path / name))
    assert code == 1
    assert said[0] == "1 problem; nothing was loaded."
    assert said[1].endswith(f"{tmp_path / name}, folder: {reason}")


def test_a_row_is_a_row_whatever_stands_in_its_cells(
    run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    """Quoted cells can span lines; the message names the first line of the row."""
    text = 'code,name,region\nw1,甲\u2028乙,\nw2,"丙\n丁",999999\nw3,戊,999999\n'
    code, said = run_cli(url, "load", write_files(tmp_path, workers=text))
    assert code == 1
    assert said[1:] == [
        "  workers.csv, line 3, region: there is no Region '999999'.",
        "  workers.csv, line 5, region: there is no Region '999999'.",
    ]


def test_what_follows_from_a_problem_is_no_further_one(
    run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    folder = write_files(
        tmp_path,
        organisations="code,name,luck\no1,x,y\n",
        sources="key,title\ns,t\n",
        employments="key,worker,organisation,sources\ne1,w1,o1,s\n",
        workers="code,name\nw1,x\n",
        teachings="key,worker,sources\nt1,nobody,s\n",
    )
    code, said = run_cli(url, "load", folder)
    assert code == 1
    assert [line.partition(":")[0] for line in said[1:]] == [
        "  organisations.csv, line 1, 'luck'",
        "  teachings.csv, line 2, worker",
    ]


@pytest.mark.parametrize(
    "wrong", ["nonsense", "postgresql://u@h:abc/x", "mysql://h/x", "sqlite://"]
)
def test_a_database_url_that_names_none_is_told_in_a_sentence(run_cli: RunCli, wrong: str) -> None:
    code, said = run_cli(wrong, "migrate")
    accepted = "postgresql://user@host/name or sqlite:///path is accepted."
    assert (code, said) == (1, [f"DATABASE_URL: names no database: {accepted}"])


def test_loading_wants_a_migrated_database(
    run_cli: RunCli, unmigrated_url: str, project_root: Path
) -> None:
    code, said = run_cli(unmigrated_url, "load", str(project_root / "examples" / "published"))
    assert code == 1
    [sentence] = said
    assert sentence.startswith("The database has no tables yet;")
    assert "Run 'python cli.py migrate'" in sentence


def test_a_population_fills_an_empty_registry_once(run_cli: RunCli, url: str) -> None:
    code, said = run_cli(url, "generate", "--workers", "40", "--seed", "3")
    rows = run_async(table_row_counts(url))
    assert (code, said[0]) == (0, "Drawing 40 people, and where they are.")
    assert said[-1].startswith("Written: ")
    assert {"29 Region", "40 Worker", f"{rows['employment']} Employment"} <= {
        *said[-1].removeprefix("Written: ").removesuffix(".").split(", ")
    }
    code, said = run_cli(url, "generate", "--workers", "40")
    assert code == 1
    assert said[-1].startswith("This registry holds ")
    assert run_async(table_row_counts(url)) == rows


def test_the_examples_of_the_embedded_registry_are_left_alone(run_cli: RunCli) -> None:
    code, said = run_cli("", "generate", "--workers", "40")
    assert code == 1
    assert said == ["DATABASE_URL: names no database; it takes an empty one to be filled."]


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5"])
def test_a_population_has_a_whole_number_of_workers(
    capsys: pytest.CaptureFixture[str], number: str
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["generate", "--workers", number])
    assert f"{number!r} is no whole number from 1 on." in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["migrate"], ["load", "examples/published"], ["generate", "--workers", "5"]]
)
def test_a_database_out_of_reach_is_told_in_a_sentence(run_cli: RunCli, words: list[str]) -> None:
    code, said = run_cli(UNREACHABLE, *words)
    assert code == 1
    sentence = said[-1]
    assert sentence.startswith("The database can't be reached, or refused the work: ")
    assert "secret" not in sentence


def test_a_wrong_setting_is_told_in_a_sentence(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "abc")
    code, said = run_cli(UNREACHABLE, "migrate")
    assert code == 1
    [sentence] = said
    assert sentence.startswith("PORT: ")


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str], project_root: Path) -> None:
    assert cli.main(["schema"]) == 0
    printed, said = capsys.readouterr()
    assert printed == (project_root / "schema" / "schema.graphql").read_text("utf-8")
    assert said == ""
