"""Erasing: no table or file names the person afterwards, and all counts stay the same."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

import cli
from kit.db.engine import open_engine, read_transaction, write_transaction
from kit.db.secure_delete import purge_deleted
from kit.errors import BadInput, MutationError
from kit.relay.global_id import to_global_id
from kit.security.encryption import generate_encryption_key
from models import HISTORY_TABLES
from models.change import Change, ChangeKind
from models.history import model_table, table_models
from models.partner import Role
from models.personal import PersonalField
from models.search import SearchTerm
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.personal.erasure import ErasureResult, erase_person, erasure_tables
from tests.support.commands import RunCli
from tests.support.graph import RowFactory, run_async
from tests.support.personal_records import ADULT, COLLEGE, UNION, PersonalRegistry, college_viewer

NAME, CODE = "闻人知远", "demo_wenren"
REASON = "本人申请删除"
CLERK = "operator"
VALUES = {
    PersonalField.RESIDENT_ID: ADULT,
    PersonalField.PHONE: "13800138000",
    PersonalField.BIRTH_DATE: "1965-03-09",
}
SECRETS = [
    NAME,
    CODE,
    "Wenren",
    ADULT,
    ADULT[6:14],
    "13800138000",
    "1965-03-09",
    "单亲家庭",
    "某某某",
]
COUNTED = """{
  workers { totalCount groups(by: [PROVINCE, CITY, DISTRICT]) { nodes { keys { code } count } } }
  grades: workers { groups(by: [GRADE]) { nodes { keys { code } count } } }
  employers: workers { groups(by: [EMPLOYER]) { nodes { keys { code } count } } }
  conferrals { totalCount groups(by: [YEAR]) { nodes { keys { code } count } } }
  enrolments { totalCount groups(by: [COHORT, GRADE]) { nodes { keys { code } count } } }
  qualifications { totalCount groups(by: [GRADE]) { nodes { keys { code } count } } }
  mentorships(spells: ALL) { totalCount } employments(spells: ALL) { totalCount }
  studios { totalCount nodes { code } } results { totalCount } sources { totalCount }
}"""


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    """Return a craftsman of whom much is known, with a past: corrected, recoded, disputed, read."""
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    make, common = RowFactory(engine), {"sources": "s"}
    await make(
        workers=[
            {
                "code": f"{CODE}_old",
                "name": "某某某",
                "region": "370102",
                "owner": COLLEGE,
                "note": "单亲家庭",
            }
        ],
        honours=[{"code": "demo_h", "name": "示例工匠", "level": "CITY"}],
        competitions=[{"code": "demo_k", "name": "示例竞赛", "year": 2024}],
    )
    await make(
        workers=[
            {
                "key": f"{CODE}_old",
                "code": CODE,
                "name": NAME,
                "name_en": "Wenren Zhiyuan",
                "note": "单亲家庭",
            }
        ]
    )
    await make(
        sources=[{"key": "s2", "title": "another"}],
        studios=[{"code": "demo_s", "name": "示例工作室", "studio_kind": "OTHER"}],
        results=[
            {
                "key": f"r_{CODE}",
                "competition": "demo_k",
                "worker": CODE,
                "rank": 1,
                "sources": "s;s2",
            }
        ],
        employments=[
            {"key": "em", "worker": CODE, "organisation": UNION, "started": "2010", **common}
        ],
        enrolments=[
            {
                "key": "en",
                "trainee": CODE,
                "college": COLLEGE,
                "cohort": 2020,
                "score": 61,
                **common,
            }
        ],
        mentorships=[{"key": "me", "mentor": CODE, "apprentice": "demo_w1", **common}],
        qualifications=[
            {"key": "qu", "worker": CODE, "grade": "TECHNICIAN", "note": NAME, **common}
        ],
    )
    await make(
        conferrals=[
            {
                "key": "co",
                "honour": "demo_h",
                "worker": CODE,
                "year": 2024,
                "based_on": f"r_{CODE}",
                **common,
            }
        ],
        studio_memberships=[
            {"key": "sm", "studio": "demo_s", "worker": CODE, "studio_role": "LEADER", **common}
        ],
    )
    for note in (f"{NAME}，单亲家庭", f"{NAME}，转专业"):
        await make(enrolments=[{"key": "en", "note": note, **common}])
    await held.enter(CODE, VALUES)
    id = f"{CODE}_old"
    await held.reveal(college_viewer(), id, ["PHONE"])
    await held.ask(
        "mutation($id: ID!, $text: String!) { dispute(record: $id, text: $text) "
        "{ userErrors { code } } }",
        Viewer(NAME, worker=id),
        id=to_global_id("Worker", id),
        text=f"{NAME}：姓名有误",
    )
    return held


async def erased(held: PersonalRegistry, code: str = CODE) -> ErasureResult:
    async with write_transaction(held.engine) as connection:
        done = await erase_person(connection, code, REASON, CLERK)
    assert await purge_deleted(held.engine, erasure_tables())
    return done


async def numbers(held: PersonalRegistry) -> Any:
    answer = await held.ask(COUNTED, OPERATOR)
    assert answer.errors == []
    return json.loads(json.dumps(answer.data))


async def test_nothing_that_names_the_person_is_in_any_table(held: PersonalRegistry) -> None:
    before = await held.every_row()
    assert [secret for secret in SECRETS if secret in before] == [
        secret
        for secret in SECRETS
        if secret not in {ADULT, ADULT[6:14], "13800138000", "1965-03-09"}
    ], "They are there to be found."
    done = await erased(held)
    after = await held.every_row()
    assert [secret for secret in SECRETS if secret in after] == []
    assert done.remaining_mentions == []
    marks = [line for line in after.splitlines() if line.startswith(("personal_", "dispute"))]
    assert marks == []


async def test_nor_in_the_files_of_the_database(held: PersonalRegistry, url: str) -> None:
    if held.engine.dialect.name != "sqlite":
        return
    path = Path(url.removeprefix("sqlite:///"))
    files = [path, path.with_name(f"{path.name}-wal")]

    def found() -> list[str]:
        content = b"".join(file.read_bytes() for file in files if file.exists())
        return [secret for secret in SECRETS if secret.encode() in content]

    assert NAME in found()
    await erased(held)
    assert found() == []


async def test_while_somebody_reads_or_writes_it_is_told_that_the_files_hold_it_still(
    held: PersonalRegistry,
) -> None:
    if held.engine.dialect.name != "sqlite":
        return
    for busy in (read_transaction, write_transaction):
        async with busy(held.engine) as connection:
            await connection.execute(select(func.count()).select_from(model_table(Change)))
            assert not await purge_deleted(held.engine, erasure_tables())
    assert await purge_deleted(held.engine, erasure_tables())


async def test_every_count_stands(held: PersonalRegistry) -> None:
    before = await numbers(held)
    assert before["conferrals"]["totalCount"] == 1
    assert before["results"]["totalCount"] == 2  # one is another worker's
    done = await erased(held)
    assert done.facts == 7
    assert await numbers(held) == before
    stub = await held.ask(
        """query($code: String!) { worker(code: $code) { code name nameEn note grade
          employer { code } region { code } personal { values { field } }
          conferrals { nodes { year basedOn { ... on Result { rank } } } }
          results { nodes { sources { id } } }
          ledStudios { nodes { code } } enrolments { nodes { score note cohort } }
          mentorshipsGiven { totalCount } history { totalCount nodes { changeKind } } } }""",
        OPERATOR,
        code=done.stub,
    )
    assert stub.errors == []
    assert stub.data["worker"] == {
        "code": done.stub,
        "name": "（已删除）",
        "nameEn": None,
        "note": None,
        "grade": "TECHNICIAN",
        "employer": {"code": UNION},
        "region": {"code": "370102"},
        "personal": {"values": []},
        "conferrals": {"nodes": [{"year": 2024, "basedOn": {"rank": 1}}]},
        "results": {"nodes": [{"sources": [
            {"id": to_global_id("Source", "s")}, {"id": to_global_id("Source", "s2")},
        ]}]},
        "ledStudios": {"nodes": [{"code": "demo_s"}]},
        "enrolments": {"nodes": [{"score": None, "note": None, "cohort": 2020}]},
        "mentorshipsGiven": {"totalCount": 1},
        "history": {"totalCount": 1, "nodes": [{"changeKind": "CREATED"}]},
    }  # fmt: skip
    gone = await held.ask(
        "query($id: ID!, $code: String!) { node(id: $id) { id } worker(code: $code) { id } }",
        OPERATOR,
        id=to_global_id("Worker", f"{CODE}_old"),
        code=CODE,
    )
    assert gone.data == {"node": None, "worker": None}


async def test_the_past_holds_no_image_and_each_row_has_its_change(held: PersonalRegistry) -> None:
    done = await erased(held)
    change = model_table(Change)
    async with held.engine.connect() as connection:
        for model in table_models():
            twin = HISTORY_TABLES[model]
            columns = [column for column in twin.c if column.key.endswith("worker_id")]
            for column in columns:
                past = select(func.count()).select_from(twin).where(column == done.stub)
                assert await connection.scalar(past) == 0
        rows = await connection.execute(
            select(change.c.subject_type).where(change.c.change_kind == ChangeKind.ERASED)
        )
        kinds = Counter(rows.scalars())
        assert sum(kinds.values()) == 1 + done.facts
        assert kinds["Worker"] == 1
        ids = list(await connection.scalars(select(change.c.id).order_by(change.c.id)))
        assert ids == list(range(ids[0], ids[0] + len(ids)))


async def test_the_log_keeps_a_pseudonym_that_leads_to_nobody(held: PersonalRegistry) -> None:
    done = await erased(held)
    read, removed = await held.log()
    assert read.pseudonym == removed.pseudonym
    assert (removed.access_action, removed.purpose) == ("ERASED", REASON)
    assert removed.fields == "BIRTH_DATE,PHONE,RESIDENT_ID"
    assert done.told == {COLLEGE: 1}
    assert removed.pseudonym not in done.stub


async def test_others_are_left_alone(held: PersonalRegistry) -> None:
    await held.enter("demo_w1", {PersonalField.PASSPORT: "E12345678"})
    await erased(held)
    assert await held.reveal(college_viewer(), "demo_w1", ["PASSPORT"]) == {"PASSPORT": "E12345678"}


async def test_where_the_name_still_stands_is_told(held: PersonalRegistry) -> None:
    await RowFactory(held.engine)(
        studios=[{"code": "demo_named", "name": f"{NAME}工作室", "studio_kind": "OTHER"}]
    )
    found = (await erased(held)).remaining_mentions
    assert [(one.place, one.column) for one in found] == [("studio/demo_named", "name")]


async def test_what_cannot_be_erased_changes_nothing(held: PersonalRegistry) -> None:
    before = await held.every_row()
    for code, reason, error in (
        ("nobody", REASON, BadInput),
        (CODE, f"{NAME}申请", MutationError),
        (CODE, "", MutationError),
    ):
        with pytest.raises(error):
            async with write_transaction(held.engine) as connection:
                await erase_person(connection, code, reason, CLERK)
    assert await held.every_row() == before


def test_the_command_says_what_stays_and_who_is_to_be_told(
    run_cli: RunCli,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The whole way of a steward: basis, import, export, rotate, erase, expire."""
    for name in ("PERSONAL_KEYS", "PERSONAL_INDEX_KEYS"):
        monkeypatch.setenv(name, generate_encryption_key("k1"))

    async def people() -> None:
        engine = open_engine(url)
        await PersonalRegistry(engine).people()
        await engine.dispose()

    run_async(people())
    file = tmp_path / "people.csv"
    file.write_text(f"worker,resident_id,phone\ndemo_w1,{ADULT},13800138000\n", "utf-8")
    enter = ("personal", "import", str(file), "--for", COLLEGE)
    code, said = run_cli(url, *enter)
    assert (code, said[-1][:60]) == (
        1,
        "  people.csv, file: No legal basis is on record for DOCUMENTS"[:60],
    )
    for group in ("DOCUMENTS", "CONTACT"):
        basis = ("--basis", "CONSENT", "--agreed-on", "2026-01-05", "--purpose", "教学管理")
        code, said = run_cli(
            url, "personal", "basis", "add", "--partner", COLLEGE, "--group", group, *basis
        )
        assert (code, said) == (0, [f"On record: {COLLEGE}, {group}, CONSENT."])
    assert run_cli(url, *enter) == (0, ["Written: 2 values of 1 lines."])
    monkeypatch.setenv("DATABASE_URL", url)
    assert cli.main(["personal", "export", "demo_w1", "--purpose", "本人申请查阅"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["field"]: one["value"] for one in told["personal"]} == {
        "RESIDENT_ID": ADULT, "PHONE": "+8613800138000",
    }  # fmt: skip
    assert told["worker"]["name"] == "季青禾"
    assert [entry["action"] for entry in told["accessLog"]] == ["EXPORTED"]
    assert run_cli(url, "personal", "rotate") == (
        0, ["Sealed anew: 0 values.", "All is sealed with k1, marked with k1."],
    )  # fmt: skip
    assert run_cli(url, "personal", "expire") == (0, ["Taken away: 0 values."])
    monkeypatch.setenv("KEEP_CONTACT", "0")
    assert run_cli(url, "personal", "expire") == (0, ["Taken away: 1 values."])
    code, said = run_cli(url, "personal", "erase", "demo_w1", "--reason", REASON)
    assert code == 0
    assert said[0].startswith("Erased. erased_")
    assert said[1] == "Tell operator, who read values in full (1 times), to erase them as well."
    code, said = run_cli(url, "personal", "erase", "demo_w1", "--reason", REASON)
    assert (code, said) == (1, ["There is no worker with that code."])


AWARDS = """{ conferrals { totalCount groups(by: [YEAR]) { nodes { keys { code } count } } }
  results { totalCount groups(by: [COMPETITION]) { nodes { keys { code } count } } }
  grants { totalCount } }"""
PAGE = """query($code: String!, $id: ID!) { worker(code: $code) { name } node(id: $id) { id }
  workers { nodes { code } } employments(spells: ALL) { totalCount }
  qualifications { totalCount } studioMemberships(spells: ALL) { totalCount }
  studios { nodes { code leader { code } } }
  conferrals { nodes { year note recipient { id } region { code }
    history { nodes { changeKind } } } }
  results { nodes { rank note recipient { id } history { totalCount } } }
  search(text: "已删除") { totalCount } }"""


async def well_known(held: PersonalRegistry) -> None:
    """Make the craftsman a public profile: an award, a place, a certificate, a studio, a post."""
    public = {"audience": "PUBLIC", "sources": "s"}
    make = RowFactory(held.engine)
    await make(
        workers=[{"code": CODE, "key": f"{CODE}_old", "name": NAME, "audience": "PUBLIC"}],
        conferrals=[
            {
                "key": "co",
                "note": "报道",
                **public,
            }
        ],
        results=[{"key": f"r_{CODE}", **public}],
        qualifications=[{"key": "qu", **public}],
        employments=[{"key": "em", "post": "电焊工", **public}],
    )


@pytest.mark.parametrize(
    "viewer", [PUBLIC, college_viewer("demo_o"), partner_viewer(Role.ALLIANCE, "demo_o")]
)
async def test_to_others_an_award_stands_in_its_list_and_says_nothing_of_whom(
    held: PersonalRegistry, viewer: Viewer
) -> None:
    await well_known(held)
    asked = await held.ask(AWARDS, viewer)
    assert asked.errors == []
    lists = asked.data
    assert lists["conferrals"]["totalCount"] == 1
    id = to_global_id("Worker", f"{CODE}_old")
    told = await held.ask(PAGE, viewer, code=CODE, id=id)
    assert told.errors == []
    before = told.data
    assert before["worker"] == {"name": NAME}
    assert before["employments"]["totalCount"] == 1
    done = await erased(held)
    after = await held.ask(PAGE, viewer, code=done.stub, id=to_global_id("Worker", done.stub))
    assert after.errors == []
    found = after.data
    assert [found["worker"], found["node"]] == [None, None]
    codes = {one["code"] for one in before["workers"]["nodes"]} - {CODE}
    assert {one["code"] for one in found["workers"]["nodes"]} == codes
    hidden = ("employments", "qualifications", "studioMemberships", "search")
    assert [found[name]["totalCount"] for name in hidden] == [0, 0, 0, 0]
    assert found["studios"]["nodes"] == [{"code": "demo_s", "leader": None}]
    assert found["conferrals"]["nodes"] == [
        {
            "year": 2024,
            "note": None,
            "recipient": None,
            "region": None,  # it is where the recipient lies
            "history": {"nodes": [{"changeKind": "CREATED"}]},
        }
    ]
    [of_them] = [one for one in found["results"]["nodes"] if one["recipient"] is None]
    assert of_them == {"rank": 1, "note": None, "recipient": None, "history": {"totalCount": 1}}
    assert (await held.ask(AWARDS, viewer)).data == lists


async def test_an_earlier_name_is_looked_for_as_well(held: PersonalRegistry) -> None:
    await RowFactory(held.engine)(figures=[{
        "key": "f", "metric": "apprentices", "label": "弟子", "about": "某某某的弟子",
        "quantity_value": 3, "quantity_unit": "person", "quantity_qualifier": "EXACT",
        "studio": "demo_s", "sources": "s",
    }])  # fmt: skip
    found = (await erased(held)).remaining_mentions
    assert [(one.place, one.column) for one in found] == [("figure/f", "about")]


async def test_a_title_that_is_counted_by_leaves_no_empty_cell(held: PersonalRegistry) -> None:
    await RowFactory(held.engine)(
        results=[{"key": f"r_{CODE}", "division": f"{NAME}组", "sources": "s"}]
    )
    await erased(held)
    assert NAME not in await held.every_row()


async def test_what_others_are_known_for_is_counted_anew(held: PersonalRegistry) -> None:
    await well_known(held)
    await RowFactory(held.engine)(
        academies=[{"code": "demo_y", "name": "示例工匠学院"}],
        teachings=[{"key": "te", "academy": "demo_y", "worker": CODE, "sources": "s"}],
    )

    async def standing() -> list[int]:
        terms = model_table(SearchTerm)
        ours = select(terms.c.standing).where(terms.c.record_id == "demo_y").distinct()
        async with held.engine.connect() as connection:
            return list(await connection.scalars(ours))

    assert await standing() == [1]
    await erased(held)
    assert await standing() == [0]
