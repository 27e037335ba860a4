"""The access log: it can't be changed, even by its owner, and people read their own entries."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.exc import DBAPIError

import cli
from kit.db.engine import open_engine, read_transaction
from kit.relay.global_id import to_global_id
from kit.security.hash_chain import entry_hash
from models.personal import PersonalField
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.personal.access_log import HASHED_COLUMNS, LogVerification, verify_log
from tests.support.commands import RunCli
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.personal_records import (
    COLLEGE,
    OTHER_COLLEGE,
    PURPOSE,
    PersonalRegistry,
    college_viewer,
)
from tests.support.registries import disposing_engine

ENTRIES = 4
ASKED = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  accessLog(worker: $id, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { number accessAction reader organisation { code } fields purpose }
    edges { cursor node { number } } } }"""


async def reveal_some(url: str) -> None:
    """Four values were revealed: three of the first worker's, then one of the second's."""
    async with disposing_engine(url) as engine:
        held = PersonalRegistry(engine)
        await held.people()
        for org, worker in ((COLLEGE, "demo_w1"), (OTHER_COLLEGE, "demo_w2")):
            await held.agree(org)
            await held.enter(worker, {PersonalField.PHONE: "13800138000"}, org)
        for _ in range(ENTRIES - 1):
            await held.reveal(college_viewer(), fields=["PHONE"])
        await held.reveal(college_viewer(OTHER_COLLEGE), "demo_w2", ["PHONE"])


@pytest.fixture
async def held(revealed_url: str) -> AsyncIterator[PersonalRegistry]:
    """With keys of its own: nothing here opens what was sealed."""
    async with disposing_engine(revealed_url) as engine:
        yield PersonalRegistry(engine)


@pytest.fixture
def revealed_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield a copy of a test's own, for most of them change the log past the triggers."""

    def make() -> str:
        url = databases.copy(dialect, "places")
        run_async(reveal_some(url))
        return url

    databases.kept(dialect, "revealed", make)
    url = databases.copy(dialect, "revealed")
    yield url
    databases.drop(url)


async def verdict(held: PersonalRegistry, pinned: tuple[int, str] | None = None) -> LogVerification:
    async with read_transaction(held.engine) as connection:
        return await verify_log(connection, pinned)


async def as_an_attacker(held: PersonalRegistry, *statements: str) -> None:
    """Remove the triggers, as the owner of the database can."""
    if held.engine.dialect.name == "sqlite":
        events = ("insert", "update", "delete")
        await held.execute(*(f"DROP TRIGGER access_log_is_kept_{event}" for event in events))
    else:
        await held.execute("ALTER TABLE access_log DISABLE TRIGGER USER")
    await held.execute(*statements)


async def test_entries_follow_on_each_other(held: PersonalRegistry) -> None:
    found = await verdict(held)
    log = await held.log()
    assert found == LogVerification(ENTRIES, log[-1].hash, None)
    assert [entry.number for entry in log] == [1, 2, 3, 4]
    assert [entry.previous for entry in log] == ["0" * 64, *(entry.hash for entry in log[:-1])]
    assert (await verdict(held, (2, log[1].hash))).wrong is None


@pytest.mark.parametrize("statement", [
    "UPDATE access_log SET purpose = 'x'",
    "DELETE FROM access_log",
    "DELETE FROM access_log WHERE number = 4",
])  # fmt: skip
async def test_the_database_refuses_to_change_an_entry(
    held: PersonalRegistry, statement: str
) -> None:
    before = await held.log()
    with pytest.raises(DBAPIError, match="written once"):
        await held.execute(statement)
    if held.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="written once"):
            await held.execute("TRUNCATE access_log")
    assert await held.log() == before


COLUMNS = (
    "number, at, access_action, reader, pseudonym, fields, purpose, legal_basis_id, previous, hash"
)
FORGED = COLUMNS.replace("reader", "'nobody'")


@pytest.mark.parametrize("statement", [
    f"INSERT OR REPLACE INTO access_log ({COLUMNS}) SELECT {FORGED} FROM access_log",
    f"REPLACE INTO access_log ({COLUMNS}) SELECT {FORGED} FROM access_log WHERE number = 2",
    # In the place of an entry, by the number that SQLite itself gives a row.
    f"INSERT OR REPLACE INTO access_log (rowid, {COLUMNS}) "
    f"SELECT rowid, {FORGED.replace('number', '999')} FROM access_log WHERE number = 2",
    f"INSERT INTO access_log ({COLUMNS}) SELECT {COLUMNS} FROM access_log WHERE true "
    "ON CONFLICT (number) DO UPDATE SET reader = 'nobody'",
    "UPDATE OR REPLACE access_log SET number = 2 WHERE number = 3",
])  # fmt: skip
async def test_no_entry_is_put_in_the_place_of_another(
    held: PersonalRegistry, statement: str
) -> None:
    """SQLite replaces a row without a word to the triggers that hear of what is deleted."""
    if held.engine.dialect.name == "postgresql" and "ON CONFLICT" not in statement:
        return  # it has no such statement
    before = await held.log()
    with pytest.raises(DBAPIError, match="written once"):
        await held.execute(statement)
    assert await held.log() == before


CLOSED_UP = (
    "DELETE FROM access_log WHERE number = 3",
    "UPDATE access_log SET number = 3 WHERE number = 4",
)
SWAPPED = (
    "UPDATE access_log SET number = -1 WHERE number = 2",
    "UPDATE access_log SET number = 2 WHERE number = 3",
    "UPDATE access_log SET number = 3 WHERE number = -1",
)
LOOSE = "entry {} doesn't follow on the one before it."
MISSING = "entry {} is missing: entry {} is in its place."
CHANGED = "entry {} was changed after it was written."


@pytest.mark.parametrize(("statements", "wrong"), [
    (["UPDATE access_log SET purpose = 'x' WHERE number = 2"], CHANGED.format(2)),
    (["UPDATE access_log SET reader = 'x' WHERE number = 1"], CHANGED.format(1)),
    (["UPDATE access_log SET fields = 'PASSPORT' WHERE number = 3"], CHANGED.format(3)),
    (["UPDATE access_log SET pseudonym = 'p' WHERE number = 4"], CHANGED.format(4)),
    (["UPDATE access_log SET at = '2020-01-01 00:00:00+00' WHERE number = 4"], CHANGED.format(4)),
    (["UPDATE access_log SET access_action = 'EXPORTED' WHERE number = 2"], CHANGED.format(2)),
    (["UPDATE access_log SET legal_basis_id = NULL WHERE number = 2"], CHANGED.format(2)),
    (["UPDATE access_log SET hash = previous WHERE number = 2"], CHANGED.format(2)),
    (["UPDATE access_log SET previous = hash WHERE number = 2"], LOOSE.format(2)),
    (["DELETE FROM access_log WHERE number = 1"], MISSING.format(1, 2)),
    (["DELETE FROM access_log WHERE number = 3"], MISSING.format(3, 4)),
    (CLOSED_UP, LOOSE.format(3)),
    (SWAPPED, LOOSE.format(2)),
])  # fmt: skip
async def test_the_first_wrong_entry_is_found(
    held: PersonalRegistry, statements: list[str], wrong: str
) -> None:
    await as_an_attacker(held, *statements)
    assert (await verdict(held)).wrong == wrong


async def test_a_tail_that_was_cut_off_is_found_by_what_was_noted_before(
    held: PersonalRegistry,
) -> None:
    noted = await verdict(held)
    await as_an_attacker(held, "DELETE FROM access_log WHERE number > 2")
    assert (await verdict(held)).wrong is None
    assert (await verdict(held, (noted.entries, noted.head))).wrong == (
        "entry 3 is missing: the log was cut off before entry 4."
    )


async def test_a_log_written_anew_is_found_by_what_was_noted_before(held: PersonalRegistry) -> None:
    noted = await verdict(held)
    statements, previous = [], "0" * 64
    for entry in await held.log():
        values = ["x" if name == "purpose" else getattr(entry, name) for name in HASHED_COLUMNS]
        anew = entry_hash(entry.number, values, previous)
        statements.append(
            f"UPDATE access_log SET purpose = 'x', previous = '{previous}', hash = '{anew}' "
            f"WHERE number = {entry.number}"
        )
        previous = anew
    await as_an_attacker(held, *statements)
    assert (await verdict(held)).wrong is None
    assert (await verdict(held, (noted.entries, noted.head))).wrong == (
        "entry 4 differs from the one that was noted: the log was rewritten."
    )


def test_the_command_prints_what_to_note_and_fails_on_a_wrong_log(
    run_cli: RunCli, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def filled() -> None:
        engine = open_engine(url)
        held = PersonalRegistry(engine)
        await held.people()
        await held.agree()
        await held.enter("demo_w1", {PersonalField.PHONE: "13800138000"})
        await held.reveal(college_viewer(), fields=["PHONE"])
        await engine.dispose()

    run_async(filled())
    monkeypatch.setenv("DATABASE_URL", url)
    capsys.readouterr()
    assert cli.main(["log", "verify"]) == 0
    head = capsys.readouterr().out.strip()
    assert re.fullmatch("1:[0-9a-f]{64}", head)
    assert cli.main(["log", "verify", "--head", head]) == 0
    capsys.readouterr()
    code, said = run_cli(url, "log", "verify", "--head", f"1:{'0' * 64}")
    assert (code, said[-1]) == (
        1,
        "The access log isn't what was written: entry 1 differs from the one that was noted: the "
        "log was rewritten.",
    )


async def test_a_worker_reads_who_read_its_record_and_nobody_elses(held: PersonalRegistry) -> None:
    itself = Viewer("demo_w1", worker="demo_w1")
    answer = await held.ask(ASKED, itself, id=to_global_id("Worker", "demo_w1"), first=2)
    assert answer.errors == []
    log = answer.data["accessLog"]
    entry = {
        "accessAction": "REVEALED",
        "reader": COLLEGE,
        "organisation": {"code": COLLEGE},
        "fields": ["PHONE"],
        "purpose": PURPOSE,
    }
    assert log["nodes"] == [{"number": number, **entry} for number in (3, 2)]
    assert log["totalCount"] == 3
    info = log["pageInfo"]
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (True, False)
    rest = await held.ask(
        ASKED, itself, id=to_global_id("Worker", "demo_w1"), after=info["endCursor"], first=2
    )
    assert [one["number"] for one in rest.data["accessLog"]["nodes"]] == [1]
    back = await held.ask(
        ASKED,
        itself,
        id=to_global_id("Worker", "demo_w1"),
        before=rest.data["accessLog"]["pageInfo"]["startCursor"],
        last=1,
    )
    assert [one["node"]["number"] for one in back.data["accessLog"]["edges"]] == [2]
    for viewer in (PUBLIC, college_viewer(), Viewer("demo_w2", worker="demo_w2")):
        answer = await held.ask(ASKED, viewer, id=to_global_id("Worker", "demo_w1"))
        assert (answer.data, answer.errors) == ({"accessLog": None}, [])
    answer = await held.ask(ASKED, OPERATOR, id=to_global_id("Worker", "demo_w2"))
    assert [one["number"] for one in answer.data["accessLog"]["nodes"]] == [1]
