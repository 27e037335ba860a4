"""Who is loaded without an owner isn't hidden in silence from whose trainee they are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.errors import ImportRejected
from models.partner import Role
from resolvers.core.access import partner_viewer
from tests.support.commands import RunCli, write_files
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

SEES_ITS_OWN = """{
  enrolments(spells: ALL) { nodes { trainee { code } } }
  workers { totalCount }
  cohort(college: "c", year: 2024) { enrolled { totalCount nodes { code } } }
}"""
COLLEGE = partner_viewer(Role.COLLEGE, "c")
ORGANISATIONS = [
    {"code": code, "name": code, "organisation_kind": "VOCATIONAL_COLLEGE"} for code in ("c", "d")
]


def enrolment(trainee: str, college: str = "c", **cells: Any) -> dict[str, Any]:
    return {
        "key": f"{college}_{trainee}", "college": college, "trainee": trainee, "cohort": 2024,
        "owner": college, "sources": "s", **cells,
    }  # fmt: skip


def worker(code: str, **cells: Any) -> dict[str, Any]:
    return {"code": code, "name": "甲", "region": "370200", **cells}


@pytest.fixture(autouse=True)
async def organisations(make: RowFactory) -> None:
    await make(organisations=ORGANISATIONS, sources=[{"key": "s", "title": "t"}])


async def refusal(make: RowFactory, **files: list[dict[str, Any]]) -> list[str]:
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(**files)
    assert await row_counts(make.engine) == before
    return [str(one) for one in refused.value.problems]


async def test_a_college_sees_the_trainees_whom_its_enrolments_assert(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        workers=[worker(f"w{n}") for n in range(3)],
        enrolments=[enrolment(f"w{n}") for n in range(3)],
    )
    answer = await ask(SEES_ITS_OWN, COLLEGE)
    assert answer.errors == []
    codes = [{"code": f"w{n}"} for n in range(3)]
    by_code = sorted(answer.data["cohort"]["enrolled"]["nodes"], key=lambda one: one["code"])
    assert by_code == codes
    assert answer.data["workers"] == {"totalCount": 3}
    assert all(one["trainee"] for one in answer.data["enrolments"]["nodes"])
    other = await ask(SEES_ITS_OWN, partner_viewer(Role.COLLEGE, "d"))
    assert other.data["workers"] == {"totalCount": 0}


async def test_whom_facts_of_several_are_about_is_asked_for(make: RowFactory) -> None:
    files = {"workers": [worker("w")], "enrolments": [enrolment("w"), enrolment("w", "d")]}
    assert await refusal(make, **files) == [
        "workers.csv, line 2, owner: is empty, and facts about this are of 'c' and 'd': name one "
        "of them, or '-' for the registry's own. Without an owner none of them would see it."
    ]
    await make(**files | {"workers": [worker("w", owner="-")]})


async def test_whose_somebody_on_record_is_follows_when_they_are_loaded_beside_facts(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Only people without an owner get one; others keep theirs."""
    await make(workers=[worker("w"), worker("v", owner="d")])
    await make(enrolments=[enrolment("w"), enrolment("v")])
    assert (await ask(SEES_ITS_OWN, COLLEGE)).data["workers"] == {"totalCount": 0}
    await make(workers=[worker("w"), worker("v")])
    assert (await ask(SEES_ITS_OWN, COLLEGE)).data["workers"] == {"totalCount": 1}
    other = await ask(SEES_ITS_OWN, partner_viewer(Role.COLLEGE, "d"))
    assert other.data["workers"] == {"totalCount": 1}


async def test_other_things_that_are_not_public_belong_to_whose_facts_are_about_them(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER", "audience": "SHARED"}],
        workers=[worker("w", owner="d")],
        studio_memberships=[
            {"key": "m", "studio": "t", "worker": "w", "owner": "c", "sources": "s"}
        ],
    )
    found = "{ studios { nodes { code } } }"
    assert (await ask(found, COLLEGE)).data["studios"]["nodes"] == [{"code": "t"}]
    assert (await ask(found, partner_viewer(Role.COLLEGE, "d"))).data["studios"]["nodes"] == []


async def test_what_is_public_or_said_to_be_the_registrys_stays_so(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER"}],
        workers=[worker("w", owner="-"), worker("v", owner="d")],
        enrolments=[enrolment("w"), enrolment("v")],
        studio_memberships=[
            {"key": "m", "studio": "t", "worker": "w", "owner": "c", "sources": "s"}
        ],
    )
    assert (await ask(SEES_ITS_OWN, COLLEGE)).data["workers"] == {"totalCount": 0}
    assert (await ask(SEES_ITS_OWN, partner_viewer(Role.COLLEGE, "d"))).data["workers"] == {
        "totalCount": 1
    }


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    url = databases.copy("sqlite", "places")
    yield url
    databases.drop(url)


def test_a_load_says_whom_the_steward_alone_will_see(
    sqlite_url: str, run_cli: RunCli, tmp_path: Path
) -> None:
    """Nothing says whose they are; nothing is wrong either."""
    last = "Name the owner in the column owner, or '-' for the registry itself."
    folder = write_files(
        tmp_path,
        workers="code,name\nv,甲\nw,乙\n",
        sources="key,title\ns,t\n",
        organisations="code,name,organisation_kind\nc,院,VOCATIONAL_COLLEGE\n",
    )
    code, said = run_cli(sqlite_url, "load", folder)
    assert code == 0
    assert said[-3:-1] == [
        "Without an owner and not public, so that the steward alone sees them: 2 Worker.",
        last,
    ]
    for file in tmp_path.iterdir():
        file.unlink()
    folder = write_files(
        tmp_path,
        enrolments="key,college,trainee,cohort,owner,sources\ne,c,w,2024,c,s\nf,c,v,2024,c,s\n",
    )
    code, said = run_cli(sqlite_url, "load", folder)
    assert code == 0
    assert said[-3:-1] == [
        "c does not see 2 people on record without an owner whom its facts name.",
        last,
    ]
    assert run_cli(sqlite_url, "load", folder)[1][-1].startswith("Nothing to change")
