"""The review of a load lists changes to people, separately from new rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.db.engine import open_engine
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, run_async

FIRST = {
    "sources": "key,title\ns,甲报\n",
    "competitions": "code,name,year\nc,示例赛,2024\n",
    "workers": "code,name,region\nzhang_wei,章伟,370200\n",
    "results": "key,competition,worker,rank,sources\nr,c,zhang_wei,1,s\n",
}
ANOTHER = "code,name,region\nzhang_wei,张伟,370700\n"
CHANGE = "name 章伟 → 张伟, region 370200 → 370700"
REFUSED = (
    "  workers.csv, line 2, code: is in use for a person on record, whom this changes "
    f"({CHANGE}): give another person another code. To correct the name, use --rename zhang_wei."
)
ON_RECORD = "is on record already: --new-only enters new records only."


@pytest.fixture
def loaded(databases: Databases, dialect: str, run_cli: RunCli, tmp_path: Path) -> Iterator[str]:
    url = databases.copy(dialect, "places")
    (tmp_path / ".first").mkdir()
    assert run_cli(url, "load", write_files(tmp_path / ".first", **FIRST))[0] == 0
    yield url
    databases.drop(url)


def who(url: str) -> tuple[str, str, int]:
    async def ask() -> tuple[str, str, int]:
        engine = open_engine(url)
        query = """{ worker(code: "zhang_wei") { name region { code } results { totalCount } } }"""
        worker = (await GraphQLTestClient(engine).data(query))["worker"]
        await engine.dispose()
        return worker["name"], worker["region"]["code"], worker["results"]["totalCount"]

    found: tuple[str, str, int] = run_async(ask())
    return found


def test_a_code_in_use_is_not_given_to_another_person(
    run_cli: RunCli, loaded: str, tmp_path: Path
) -> None:
    """Case 07, and the way out where it is the same person."""
    before = run_async(table_row_counts(loaded))
    folder = write_files(tmp_path, workers=ANOTHER)
    code, said = run_cli(loaded, "load", folder)
    assert (code, said) == (1, ["1 problem; nothing was loaded.", REFUSED])
    code, said = run_cli(loaded, "load", "--dry-run", folder)
    told = [f"Changes: 1 Worker (zhang_wei: {CHANGE})."]
    assert (code, said) == (1, [*told, "1 problem; nothing was loaded.", REFUSED])
    code, said = run_cli(loaded, "load", "--dry-run", "--rename", "zhang_wei", folder)
    assert (code, said) == (0, [*told, "A dry run: nothing was written."])
    assert (run_async(table_row_counts(loaded)), who(loaded)) == (before, ("章伟", "370200", 1))
    code, said = run_cli(loaded, "load", "--rename", "zhang_wei", folder)
    assert (code, said[-2:]) == (0, [*told, "Written: 1 Worker."])
    assert who(loaded) == ("张伟", "370700", 1)


def test_new_changed_and_same_are_told_apart(run_cli: RunCli, loaded: str, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path,
        workers="code,name,region\nzhang_wei,章伟,370700\nli_si,李四,\n",
        sources="key,title\ns,甲报\n",
        results="key,competition,worker,award,sources\nr,c,zhang_wei,一等奖,s\nq,c,li_si,,s\n",
    )
    account = [
        "New: 1 Worker, 1 Result.",
        "Changes: 1 Worker (zhang_wei: region 370200 → 370700).",
        "Changes: 1 Result (r: award – → 一等奖).",
        "The same: 1 Source.",
        "Without an owner and not public, so that the steward alone sees them: 1 Worker.",
        "Name the owner in the column owner, or '-' for the registry itself.",
    ]
    before = run_async(table_row_counts(loaded))
    code, said = run_cli(loaded, "load", "--dry-run", folder)
    assert (code, sorted(said[:-1])) == (0, sorted(account))
    assert said[-1] == "A dry run: nothing was written."
    assert run_async(table_row_counts(loaded)) == before
    code, said = run_cli(loaded, "load", folder)
    assert code == 0
    assert set(account) <= set(said)
    assert said[-1].startswith("Written: ")
    code, said = run_cli(loaded, "load", folder)
    assert (code, said[-1:]) == (0, ["Nothing to change: all of it is on record."])


def test_only_what_is_new_is_entered(run_cli: RunCli, loaded: str, tmp_path: Path) -> None:
    """Also a row that is the same is refused: two people may share a name and a town."""
    before = run_async(table_row_counts(loaded))
    folder = write_files(
        tmp_path,
        workers="code,name,region\nzhang_wei,章伟,370200\nli_si,李四,\n",
        sources="key,title\ns,乙报\nt,乙报\n",
    )
    code, said = run_cli(loaded, "load", "--new-only", folder)
    assert (code, said[1:]) == (
        1,
        [
            f"  sources.csv, line 2, key: {ON_RECORD}",
            f"  workers.csv, line 2, code: {ON_RECORD}",
        ],
    )
    assert run_async(table_row_counts(loaded)) == before
    write_files(tmp_path, workers="code,name\nli_si,李四\n", sources="key,title\nt,乙报\n")
    code, said = run_cli(loaded, "load", "--new-only", folder)
    assert (code, sorted(said[-1].split(": ")[1].split(", "))) == (0, ["1 Source", "1 Worker."])


@pytest.mark.parametrize("name", ["章 伟", "章偉", "章\u200b伟"])
def test_another_spelling_of_a_name_is_no_other_person(
    run_cli: RunCli, loaded: str, tmp_path: Path, name: str
) -> None:
    folder = write_files(tmp_path, workers=f"code,name\nzhang_wei,{name}\n")
    assert run_cli(loaded, "load", folder)[0] == 0


def test_a_dry_run_finds_the_problems_that_a_load_does(
    run_cli: RunCli, loaded: str, tmp_path: Path
) -> None:
    folder = write_files(tmp_path, workers="code,name,region\nw,甲,nowhere\n")
    problems = [
        "1 problem; nothing was loaded.",
        "  workers.csv, line 2, region: there is no Region 'nowhere'.",
    ]
    assert run_cli(loaded, "load", "--dry-run", folder) == (1, ["New: 1 Worker.", *problems])
    assert run_cli(loaded, "load", folder) == (1, problems)
