"""A later load doesn't bring back an erased person, unless it is told to."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import cli
from kit.db.engine import open_engine
from kit.security.encryption import generate_encryption_key
from resolvers.core.access import OPERATOR
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.graph import GraphQLTestClient, run_async
from tests.support.personal_records import ADULT, resident_id

REASON = "本人申请删除"
NAME = "闻人知远"
ORGANISATIONS = (
    "code,name,organisation_kind,region\n"
    "demo_c,示例学院,OTHER,370102\ndemo_e,示例企业,OTHER,370102\n"
)
SOURCES = "key,title\ns,a test\ns2,another\n"
WORKERS = (
    "code,name,region,owner,audience\n"
    f"w_a,{NAME},370102,demo_c,PUBLIC\nw_b,季青禾,370102,demo_c,OWNER\n"
)
EMPLOYMENTS = (
    "key,worker,organisation,started,note,sources\n"
    "e_a,w_a,demo_e,2010,带过三名徒弟,s;s2\ne_b,w_b,demo_e,2012,,s\n"
)
COMPETITIONS = "code,name,year\ndemo_k,示例竞赛,2024\n"
HONOURS = "code,name,level\ndemo_h,示例工匠,CITY\n"
STUDIOS = "code,name,studio_kind,region\ndemo_s,示例工作室,OTHER,370102\n"
RESULTS = "key,competition,worker,rank,audience,sources\nr_w_a,demo_k,w_a,1,PUBLIC,s\n"
CONFERRALS = (
    "key,honour,studio,worker,based_on,year,audience,sources\n"
    "c_s,demo_h,demo_s,,r_w_a,2024,PUBLIC,s\nc_a,demo_h,,w_a,r_w_a,2024,PUBLIC,s\n"
)
FILES = {
    "organisations": ORGANISATIONS, "sources": SOURCES, "workers": WORKERS,
    "employments": EMPLOYMENTS, "competitions": COMPETITIONS, "honours": HONOURS,
    "studios": STUDIOS, "results": RESULTS, "conferrals": CONFERRALS,
}  # fmt: skip
SAID = [
    "Left out, since the person was erased:",
    "  conferrals.csv, line 2, based_on: 'r_w_a' was left out: what is on record stays.",
    "  conferrals.csv, line 3, worker: names 'w_a', who was left out: left out as well.",
    "  employments.csv, line 2, worker: names 'w_a', who was left out: left out as well.",
    "  results.csv, line 2, worker: names 'w_a', who was left out: left out as well.",
    "  workers.csv, line 2, code: is the code of an erased person: left out. To enter it all the "
    "same, use --bring-back w_a.",
]
NOTHING = "Nothing to change: all of it is on record."


@pytest.fixture
def sealing_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("PERSONAL_KEYS", "PERSONAL_INDEX_KEYS"):
        monkeypatch.setenv(name, generate_encryption_key("k1"))
    return iter(())


@pytest.fixture
def load(run_cli: RunCli, url: str, tmp_path: Path, sealing_keys: Any) -> Any:
    """Load files, a folder for each load: the code, and what was said but for the progress."""
    number = iter(range(99))

    def load(*words: str, **files: str) -> tuple[int, list[str]]:
        folder = tmp_path / str(next(number))
        folder.mkdir()
        code, said = run_cli(url, "load", write_files(folder, **files), *words)
        return code, [line for line in said if not line.endswith(" s")]

    return load


@pytest.fixture
def erased(run_cli: RunCli, url: str, load: Any) -> str:
    """All files were loaded, and `w_a` was erased then. Gives the stub's code."""
    code, said = load(**FILES)
    assert code == 0, said
    code, said = run_cli(url, "personal", "erase", "w_a", "--reason", REASON)
    assert code == 0
    found = said[0].removeprefix("Erased. ").partition(" ")[0]
    assert found.startswith("erased_")
    return found


def test_the_same_files_bring_back_nothing_and_say_what_was_left_out(
    load: Any, url: str, erased: str
) -> None:
    before = run_async(table_row_counts(url))
    assert load(**FILES) == (0, [*SAID, NOTHING])
    assert run_async(table_row_counts(url)) == before
    found = names(url)
    assert NAME not in found.values()
    assert found["w_b"] == "季青禾"


def names(url: str) -> dict[str, str]:
    query = "{ workers(first: 100) { nodes { code name } } }"
    return {one["code"]: one["name"] for one in ask(url, query)["workers"]["nodes"]}


def ask(url: str, query: str, **variables: Any) -> Any:
    async def asked() -> Any:
        engine = open_engine(url)
        try:
            answer = await GraphQLTestClient(engine)(query, OPERATOR, **variables)
        finally:
            await engine.dispose()
        assert answer.errors == []
        return json.loads(json.dumps(answer.data))

    return run_async(asked())


def test_facts_alone_are_left_out_too(load: Any, url: str, erased: str) -> None:
    before = run_async(table_row_counts(url))
    new = "key,worker,organisation,started,sources\ne_new,w_a,demo_c,2020,s\n"
    code, said = load(employments=new)
    assert (code, said[1:]) == (0, [
        "  employments.csv, line 2, worker: is the code of an erased person: left out. To enter "
        "it all the same, use --bring-back w_a.",
        NOTHING,
    ])  # fmt: skip
    # A row that names nobody, but a record of theirs.
    code, said = load(employments=f"key,note\ne_a,{NAME}带过三名徒弟\n")
    assert (code, said[1:]) == (0, [
        "  employments.csv, line 2, key: is the key of a record that remains of an erased person: "
        "left out, so that the record stays as it is.",
        NOTHING,
    ])  # fmt: skip
    assert run_async(table_row_counts(url)) == before
    # Who knows what stays of them may correct it.
    code, said = load(employments=f"key,worker,started\ne_a,{erased},2011\n")
    change = "Changes: 1 Employment (e_a: started 2010 → 2011)."
    assert (code, said) == (0, [change, "Written: 1 Employment."])


def test_a_name_with_an_organisation_is_known_under_another_code_but_no_name_alone(
    load: Any, url: str, erased: str
) -> None:
    before = run_async(table_row_counts(url))
    again = f"code,name,owner\nw_new,闻人 知远,demo_c\nw_c,{NAME},demo_c\n"
    employed = (
        "key,worker,organisation,sources\nn1,w_new,demo_e,s\nn2,w_c,demo_c,s\nn3,w_b,demo_c,s\n"
    )
    code, said = load(workers=again, employments=employed)
    assert code == 0
    assert said == [
        "Left out, since the person was erased:",
        "  employments.csv, line 2, worker: names 'w_new', who was left out: left out as well.",
        "  workers.csv, line 2, name: is the name of an erased person, together with one of their "
        "organisations: left out. To enter it all the same, use --bring-back w_new.",
        "Written: 1 Worker, 2 Employment.",
    ]
    assert names(url)["w_c"] == NAME
    assert "w_new" not in names(url)
    code, said = load("--bring-back", "w_new", workers=again, employments=employed)
    account = ["New: 1 Worker, 1 Employment.", "The same: 1 Worker, 2 Employment."]
    assert (code, said) == (0, [*account, "Written: 1 Worker, 1 Employment."])
    # From now on a worker like any other.
    assert load(workers=again, employments=employed) == (0, [NOTHING])
    assert run_async(table_row_counts(url))["worker"] == before["worker"] + 2


def test_somebody_comes_back_when_it_is_said(load: Any, url: str, erased: str) -> None:
    assert load("--bring-back", "w_a", **FILES)[0] == 0
    query = """query($code: String!) { worker(code: $code) { name
      employments(spells: ALL) { nodes { note sources { id } } } results { totalCount } } }"""
    back = ask(url, query, code="w_a")["worker"]
    assert back["name"] == NAME
    assert [one["note"] for one in back["employments"]["nodes"]] == ["带过三名徒弟"]
    assert [len(one["sources"]) for one in back["employments"]["nodes"]] == [2]
    # What had another key by then is new: the award that names nobody stays beside it.
    assert back["results"]["totalCount"] == 1
    assert load(**FILES) == (0, [NOTHING])


def test_to_bring_back_somebody_who_would_not_be_left_out_is_a_slip(
    load: Any, url: str, erased: str
) -> None:
    before = run_async(table_row_counts(url))
    code, said = load("--bring-back", "w_a", "--bring-back", "w_x", **FILES)
    assert (code, said) == (1, ["--bring-back w_x: nothing of that name would be left out."])
    assert run_async(table_row_counts(url)) == before


def test_a_new_record_that_rests_on_what_was_left_out_is_entered_without_it(
    load: Any, url: str, erased: str
) -> None:
    more = "key,honour,studio,based_on,sources\nc_new,demo_h,demo_s,r_w_a,s\n"
    code, said = load(results=RESULTS, conferrals=more)
    assert (code, said[1:]) == (0, [
        "  conferrals.csv, line 2, based_on: 'r_w_a' was left out: left empty.",
        "  results.csv, line 2, worker: is the code of an erased person: left out. To enter it "
        "all the same, use --bring-back w_a.",
        "Please check these; they are written as they are:",
        "  conferrals.csv, line 2, honour: 'c_new' may be the same as 'c_s': compare them.",
        "Written: 1 Conferral.",
    ])  # fmt: skip


def test_what_stays_of_somebody_gets_no_name_again(load: Any, url: str, erased: str) -> None:
    before = run_async(table_row_counts(url))
    code, said = load(workers=f"code,name\n{erased},{NAME}\n")
    assert (code, said[1:]) == (0, [
        "  workers.csv, line 2, code: is the remaining record of an erased person: left out.",
        NOTHING,
    ])  # fmt: skip
    assert run_async(table_row_counts(url)) == before


def test_an_export_from_before_brings_back_nothing_and_one_from_after_is_equal(
    load: Any, run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    code, said = load(**FILES)
    assert code == 0, said
    assert run_cli(url, "export", str(tmp_path / "before"))[0] == 0
    assert run_cli(url, "personal", "erase", "w_a", "--reason", REASON)[0] == 0
    code, said = run_cli(url, "load", str(tmp_path / "before"))
    assert code == 0
    assert "Left out, since the person was erased:" in said
    assert said[-1] == NOTHING
    assert run_cli(url, "export", str(tmp_path / "after"))[0] == 0
    code, said = run_cli(url, "load", str(tmp_path / "after"))
    assert (code, said[-1]) == (0, NOTHING)
    assert "Left out, since the person was erased:" not in said


def test_without_keys_nobody_is_known_again_and_that_is_said(
    run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    folder = write_files(tmp_path, **FILES)
    assert run_cli(url, "load", folder)[0] == 0
    code, said = run_cli(url, "personal", "erase", "w_a", "--reason", REASON)
    assert code == 0
    assert said[1] == (
        "There are no keys (PERSONAL_INDEX_KEYS), so nothing is kept by which a later load would "
        "know the person again: take them out of the files that are loaded."
    )
    assert run_async(table_row_counts(url))["erased_mark"] == 0
    # What stays under its own key hangs on the stub all the same.
    code, said = run_cli(url, "load", folder)
    assert code == 0
    assert names(url)["w_a"] == NAME
    assert [line for line in said if "e_a" in line or "employments.csv" in line] == [
        "  employments.csv, line 2, key: is the key of a record that remains of an erased person: "
        "left out, so that the record stays as it is."
    ]


def test_with_lost_keys_nothing_is_loaded_unless_that_is_said(
    load: Any, run_cli: RunCli, url: str, erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run_async(table_row_counts(url))
    monkeypatch.setenv("PERSONAL_INDEX_KEYS", generate_encryption_key("k2"))
    code, said = load(**FILES)
    assert code == 1
    assert said[-1].startswith("Some marks of erased people were made with index keys")
    assert "(k1)" in said[-1]
    assert run_async(table_row_counts(url)) == before
    assert load("--without-marks", **FILES)[0] == 0
    assert names(url)["w_a"] == NAME


def test_a_key_that_is_replaced_is_to_be_kept_for_the_marks(
    load: Any, run_cli: RunCli, url: str, erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = os.environ["PERSONAL_INDEX_KEYS"]
    monkeypatch.setenv("PERSONAL_INDEX_KEYS", f"{generate_encryption_key('k2')},{old}")
    marks = run_async(table_row_counts(url))["erased_mark"]
    assert marks > 0
    code, said = run_cli(url, "personal", "rotate")
    assert (code, said[1]) == (
        0, f"Keep k1 in PERSONAL_INDEX_KEYS: {marks} marks of erased people can't be made again.",
    )  # fmt: skip
    assert load(**FILES) == (0, [*SAID, NOTHING])


def test_a_backup_of_later_knows_them_again(
    load: Any, run_cli: RunCli, url: str, unmigrated_url: str, erased: str, tmp_path: Path
) -> None:
    assert run_cli(url, "backup", str(tmp_path / "whole.zip"))[0] == 0
    assert run_cli(unmigrated_url, "restore", str(tmp_path / "whole.zip"))[0] == 0
    folder = tmp_path / "files"
    folder.mkdir()
    code, said = run_cli(unmigrated_url, "load", write_files(folder, **FILES))
    assert code == 0
    assert [line for line in said if not line.endswith(" s")] == [*SAID, NOTHING]


def test_a_backup_of_before_is_told_whom_to_erase_by_marks_that_were_kept_apart(
    load: Any,
    run_cli: RunCli,
    url: str,
    unmigrated_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert load(**FILES)[0] == 0
    assert run_cli(url, "backup", str(tmp_path / "whole.zip"))[0] == 0
    assert run_cli(url, "personal", "erase", "w_a", "--reason", REASON)[0] == 0
    monkeypatch.setenv("DATABASE_URL", url)
    capsys.readouterr()
    assert cli.main(["personal", "marks"]) == 0
    printed = capsys.readouterr().out
    marks = tmp_path / "marks.txt"
    marks.write_text(printed)
    assert len(printed.splitlines()) == run_async(table_row_counts(url))["erased_mark"] == 2
    assert run_cli(unmigrated_url, "restore", str(tmp_path / "whole.zip"))[0] == 0
    add = ("personal", "marks", "--add", str(marks))
    assert run_cli(unmigrated_url, *add) == (0, [
        "2 marks.",
        "w_a is on record and was erased: erase them again, unless they came back since.",
    ])  # fmt: skip
    assert run_cli(unmigrated_url, "personal", "erase", "w_a", "--reason", REASON)[0] == 0
    assert run_cli(unmigrated_url, *add) == (0, ["2 marks."])
    before = run_async(table_row_counts(unmigrated_url))
    for wrong in (f"{printed}w_a\n", "k1.zz\n", "\xff", f"k1.{'0' * 64}\tno key\n"):
        marks.write_text(wrong, "latin-1")
        code, said = run_cli(unmigrated_url, *add)
        assert (code, len(said)) == (1, 1)
        assert said[0].startswith(str(marks))
    assert run_async(table_row_counts(unmigrated_url)) == before


def test_personal_data_of_the_erased_are_left_out_by_code_number_and_birth(
    load: Any, run_cli: RunCli, url: str, tmp_path: Path
) -> None:
    code, said = load(**FILES)
    assert code == 0, said
    for group in ("DOCUMENTS", "BIRTH", "CONTACT"):
        basis = ("--basis", "CONSENT", "--agreed-on", "2026-01-05", "--purpose", "教学管理")
        added = run_cli(
            url, "personal", "basis", "add", "--partner", "demo_c", "--group", group, *basis
        )
        assert added[0] == 0
    file = tmp_path / "people.csv"

    def enter(text: str, *words: str) -> tuple[int, list[str]]:
        file.write_text(text, "utf-8")
        return run_cli(url, "personal", "import", str(file), "--for", "demo_c", *words)

    first = f"worker,resident_id\nw_a,{ADULT}\n"
    assert enter(first)[0] == 0
    assert run_cli(url, "personal", "erase", "w_a", "--reason", REASON)[0] == 0
    before = run_async(table_row_counts(url))
    code, said = enter(first)
    assert (code, said) == (0, [
        "Left out, since the person was erased:",
        "  people.csv, line 2, worker: is the code of an erased person: left out. To enter the "
        "line all the same, use --bring-back w_a.",
        "Written: 0 values of 0 lines.",
    ])  # fmt: skip
    # Another code, and no organisation with the name: the load knows nothing, the numbers do.
    assert load(workers=f"code,name,owner\nw_n,{NAME},demo_c\n")[0] == 0
    born = f"{ADULT[6:10]}-{ADULT[10:12]}-{ADULT[12:14]}"
    for column, value, reason in (
        ("resident_id", ADULT, "is the number of an erased person"),
        ("birth_date", born, "is the birth date of an erased person with that name"),
        ("resident_id", other_number(born), "is the birth date of an erased person with that name"),
    ):
        code, said = enter(f"worker,{column},phone\nw_n,{value},13800138000\n")
        assert (code, said[0], said[2]) == (
            0, "Left out, since the person was erased:", "Written: 0 values of 0 lines.",
        )  # fmt: skip
        assert said[1].startswith(f"  people.csv, line 2, {column}: {reason}")
        assert value not in said[1]
    assert run_async(table_row_counts(url))["personal_value"] == before["personal_value"] == 0
    # A birth date is no one's alone, and a namesake was born on another day.
    assert enter(f"worker,birth_date\nw_b,{born}\n")[1] == ["Written: 1 values of 1 lines."]
    code, said = enter(first.replace("w_a", "w_n"), "--bring-back", "w_n")
    assert (code, said) == (0, ["Written: 1 values of 1 lines."])
    assert enter(first.replace("w_a", "w_n"))[1] == ["Written: 0 values of 1 lines."]
    code, said = enter(first.replace("w_a", "w_n"), "--bring-back", "w_n")
    assert (code, said) == (1, ["--bring-back w_n: nothing of that name would be left out."])


def other_number(born: str) -> str:
    return resident_id("370102", date.fromisoformat(born), 77)


def test_both_words_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["load", "--help"], ["personal", "import", "--help"]):
        with pytest.raises(SystemExit):
            cli.main(words)
        assert "--bring-back" in capsys.readouterr().out
