"""A name where others are called by it, or are written about: listed, and taken out everywhere."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import cli
from kit.db.column_types import Text
from kit.db.engine import open_engine, read_transaction, write_transaction
from kit.errors import CommandFailed
from kit.security.encryption import generate_encryption_key
from models import DERIVED_TABLES, HISTORY_TABLES
from models.history import model_table, table_models
from models.personal import PersonalField
from resolvers.core.access import OPERATOR, PUBLIC
from resolvers.personal.mentions import FREE_TEXT_TABLES
from resolvers.personal.name_pattern import NamePattern
from resolvers.personal.redaction import redact_names
from resolvers.writing.summary_tables import verify_summaries
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts, run_async
from tests.support.personal_records import COLLEGE, PersonalRegistry, college_viewer

NAME, CODE = "闻人知远", "w_a"
PINYIN = "wenren_zhiyuan"
SECRETS = [NAME, "闻人", PINYIN, "Wenren", "wenren"]
INSTEAD = "某工匠"
STUDIOS = (
    "code,name,name_en,studio_kind,region,host,note\n"
    f"{PINYIN}_studio,{NAME}劳模工作室,Wenren Zhiyuan Studio,OTHER,370102,demo_e,由闻人 知远领衔\n"
    "demo_s,示例工作室,,OTHER,370102,,\n"
)
EARLIER = STUDIOS.replace("劳模工作室", "工作室")
FILES = {
    "organisations": (
        "code,name,organisation_kind,region\ndemo_e,示例企业,OTHER,370102\n"
        "demo_c,示例学院,OTHER,370102\n"
    ),
    "sources": "key,title,url\n"
    f"art_{PINYIN},{NAME}的一天,https://x.cn/{PINYIN}\ns,a test,\ns2,b,\n",
    "workers": (
        f"code,name,region,owner,note\n{CODE},{NAME},370102,demo_c,\n"
        f"w_b,季青禾,370102,demo_c,师从{NAME}\nw_c,{NAME},370102,demo_c,\n"
    ),
    "alliances": "code,name,alliance_kind\ndemo_a,示例联盟,OTHER\n",
    "alliance_memberships": (
        f"key,alliance,studio,joined,sources\nm_{PINYIN},demo_a,{PINYIN}_studio,2020,s;art_{PINYIN}\n"
    ),
    "competitions": "code,name,year\ndemo_k,示例竞赛,2024\n",
    "results": (
        "key,competition,studio,rank,division,audience,sources\n"
        f"r_s,demo_k,{PINYIN}_studio,1,{NAME}组,PUBLIC,s\n"
    ),
    "figures": (
        "key,metric,label,about,quantity_value,quantity_unit,quantity_qualifier,studio,sources\n"
        f"f,apprentices,弟子,{NAME}的弟子,12,person,EXACT,{PINYIN}_studio,s\n"
    ),
}


@pytest.fixture
def registry(run_cli: RunCli, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a studio named after a craftsman, renamed once; a namesake; texts about them."""
    for name in ("PERSONAL_KEYS", "PERSONAL_INDEX_KEYS"):
        monkeypatch.setenv(name, generate_encryption_key("k1"))
    for studios in (EARLIER, STUDIOS):
        code, said = run_cli(url, "load", write_files(tmp_path, **FILES, studios=studios))
        assert code == 0, said
    return url


def everything(url: str) -> str:
    found: str = run_async(on(url, lambda engine: PersonalRegistry(engine).every_row()))
    return found


async def on(url: str, work: Any) -> Any:
    engine = open_engine(url)
    try:
        return await work(engine)
    finally:
        await engine.dispose()


def listed(url: str, capsys: pytest.CaptureFixture[str], *words: str) -> list[tuple[str, ...]]:
    capsys.readouterr()
    assert cli.main(["personal", "mentions", *words]) == 0
    return [tuple(line.split("\t")) for line in capsys.readouterr().out.splitlines()]


MENTIONED = [
    (f"studio/{PINYIN}_studio", "studio", "id", f"{PINYIN}_studio"),
    (f"studio/{PINYIN}_studio", "studio", "note", "由闻人 知远领衔"),
    (f"studio/{PINYIN}_studio", "studio", "code", f"{PINYIN}_studio"),
    (f"studio/{PINYIN}_studio", "studio", "name", f"{NAME}劳模工作室"),
    (f"studio/{PINYIN}_studio", "studio", "name_en", "Wenren Zhiyuan Studio"),
    (f"studio/{PINYIN}_studio", "studio_history", "name", f"{NAME}工作室"),
    (f"source/art_{PINYIN}", "source", "id", f"art_{PINYIN}"),
    (f"source/art_{PINYIN}", "source", "title", f"{NAME}的一天"),
    (f"source/art_{PINYIN}", "source", "url", f"https://x.cn/{PINYIN}"),
    ("worker/w_b", "worker", "note", f"师从{NAME}"),
    ("worker/w_c", "worker", "name", NAME),
    ("worker/w_a", "worker", "name", NAME),
    (f"alliance_membership/m_{PINYIN}", "alliance_membership", "id", f"m_{PINYIN}"),
    ("result/r_s", "result", "division", f"{NAME}组"),
    ("figure/f", "figure", "about", f"{NAME}的弟子"),
]


def test_mentions_lists_table_record_column_and_text(
    registry: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", registry)
    before = everything(registry)
    found = listed(registry, capsys, CODE)
    assert set(MENTIONED) - set(found) == set()
    assert {line[0] for line in found} == {line[0] for line in MENTIONED}
    # By the name alone, as for somebody who is erased already.
    by_name = set(listed(registry, capsys, "--text", NAME))
    assert by_name == {line for line in found if line[3] != CODE}
    assert everything(registry) == before


def test_it_is_taken_out_of_what_is_on_record_and_of_history_once_it_is_said(
    registry: str, run_cli: RunCli, tmp_path: Path
) -> None:
    assert run_cli(registry, "personal", "erase", CODE, "--reason", "本人申请删除")[0] == 0
    words = ("personal", "redact", "--text", NAME, "--replacement", INSTEAD, "--everywhere")
    before = everything(registry)
    code, dry = run_cli(registry, *words)
    assert (code, dry[-1]) == (
        0, "Nothing was changed. Say --apply to do it; there is no way back.",
    )  # fmt: skip
    assert everything(registry) == before
    rows = run_async(table_row_counts(registry))
    code, said = run_cli(registry, *words, "--apply")
    assert (code, said) == (0, dry[:-1])
    # A namesake keeps the name, and whoever erases is told.
    assert said[-1] == (
        "One of the names is still in worker/w_c, as what a worker goes by: see whether it is "
        "this person."
    )
    after = everything(registry)
    kept = [line for line in after.splitlines() if any(secret in line for secret in SECRETS)]
    assert {line.split()[0] for line in kept} == {"worker", "search_term"}
    assert [line for line in kept if "'w_c'" not in line] == []
    now = run_async(table_row_counts(registry))
    changed = {name for name in now if now[name] != rows[name]}
    assert changed - {"search_term", "erased_mark"} == {
        "change", "studio_history", "source_history", "worker_history", "figure_history",
        "result_history", "alliance_membership_history",
    }  # fmt: skip
    assert run_async(on(registry, differing)) == []
    stands(registry)
    reloaded(registry, run_cli, tmp_path)


async def differing(engine: AsyncEngine) -> list[str]:
    async with read_transaction(engine) as connection:
        return await connection.run_sync(verify_summaries)


def stands(url: str) -> None:
    """Check that references to a record with another key still hold."""
    studio = """{ studios { nodes { id code name nameEn note host { code }
      memberships { nodes { alliance { code } sources { title url } } }
      results { nodes { rank division } } figures { nodes { about } }
      history { nodes { changeKind } } } } }"""
    found = ask(url, studio)
    [one] = [node for node in found["studios"]["nodes"] if node["code"] != "demo_s"]
    assert one["code"].startswith("redacted_")
    assert (one["name"], one["nameEn"]) == (f"{INSTEAD}劳模工作室", f"{INSTEAD} Studio")
    assert one["note"] == f"由{INSTEAD}领衔"
    assert one["host"] == {"code": "demo_e"}
    [membership] = one["memberships"]["nodes"]
    assert membership["alliance"] == {"code": "demo_a"}
    assert {source["title"] for source in membership["sources"]} == {"a test", f"{INSTEAD}的一天"}
    assert one["results"]["nodes"] == [{"rank": 1, "division": f"{INSTEAD}组"}]
    assert one["figures"]["nodes"] == [{"about": f"{INSTEAD}的弟子"}]
    # How often it was changed is told, not that the last time a name was taken out.
    assert [version["changeKind"] for version in one["history"]["nodes"]] == [
        "CORRECTED", "CORRECTED", "CREATED",
    ]  # fmt: skip
    query = '{ search(text: "%s") { totalCount } }'
    assert ask(url, query % "闻人知远劳模")["search"]["totalCount"] == 0
    assert ask(url, query % f"{INSTEAD}劳模")["search"]["totalCount"] == 1


def ask(url: str, query: str) -> Any:
    async def asked(engine: AsyncEngine) -> Any:
        answer = await GraphQLTestClient(engine)(query, OPERATOR)
        assert answer.errors == []
        return answer.data

    return run_async(on(url, asked))


def reloaded(url: str, call: RunCli, tmp_path: Path) -> None:
    """Load the same files: they don't undo it, unless that is wanted for a record."""
    before = everything(url)
    folder = write_files(tmp_path, **FILES, studios=STUDIOS)
    code, said = call(url, "load", folder)
    assert code == 0
    told = [line for line in said if "--bring-back" in line]
    assert (
        "  figures.csv, line 2, about: holds a name that was taken out: what is on record stays. "
        "To keep it there, use --bring-back figure/f." in told
    )
    assert said[-1] == "Nothing to change: all of it is on record."
    assert everything(url) == before
    code, said = call(url, "load", folder, "--bring-back", "figure/f")
    assert (code, said[-1]) == (0, "Written: 1 Figure.")
    assert ask(url, "{ figures { nodes { about } } }") == {
        "figures": {"nodes": [{"about": f"{NAME}的弟子"}]}
    }


def test_only_the_records_that_are_named_are_changed(registry: str, run_cli: RunCli) -> None:
    words = ("personal", "redact", CODE, "--replacement", INSTEAD, "--apply")
    code, said = run_cli(registry, *words, "--in", "worker/w_b", "--in", "figure/f")
    assert code == 0
    assert said[:3] == [
        "Taken out of 2 texts of 2 records:", "  worker/w_b worker.note", "  figure/f figure.about",
    ]  # fmt: skip
    found = ask(registry, "{ workers { nodes { code note } } studios { nodes { name } } }")
    notes = {one["code"]: one["note"] for one in found["workers"]["nodes"]}
    assert notes == {"w_a": None, "w_b": f"师从{INSTEAD}", "w_c": None}
    assert f"{NAME}劳模工作室" in [one["name"] for one in found["studios"]["nodes"]]


# what is said besides, and the sentence
REFUSED: list[tuple[list[str], str]] = [
    ([CODE, "--replacement", f"{NAME}先生", "--everywhere"], "Give a replacement of 1 to 80"),
    ([CODE, "--replacement", " ", "--everywhere"], "Give a replacement of 1 to 80 characters"),
    (
        [CODE, "--replacement", "某" * 81, "--everywhere"],
        "Give a replacement of 1 to 80 characters",
    ),
    ([CODE, "--replacement", INSTEAD, "--in", "studio/demo_s"], "The person isn't named in"),
    (["nobody", "--replacement", INSTEAD, "--everywhere"], "There is no worker with that code."),
    (["--text", "人", "--replacement", INSTEAD, "--everywhere"], "Name a worker, or say --text"),
    (["--replacement", INSTEAD, "--everywhere"], "Name a worker, or say --text with a name of two"),
]


def test_what_cannot_be_redacted_changes_nothing(registry: str, run_cli: RunCli) -> None:
    before = everything(registry)
    for words, sentence in REFUSED:
        for apply in ([], ["--apply"]):
            code, said = run_cli(registry, "personal", "redact", *words, *apply)
            assert code == 1
            assert said[-1].startswith(sentence)
    assert everything(registry) == before


async def test_a_partner_keeps_its_key_for_the_access_log_does(engine: AsyncEngine) -> None:
    make = RowFactory(engine)
    await make(organisations=[{"code": f"{PINYIN}_co", "name": "x", "organisation_kind": "OTHER"}])
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO partner (code, name, role, organisation_id, scopes, enabled) "
                f"VALUES ('p', 'p', 'COLLEGE', '{PINYIN}_co', 'read:public', true)"
            )
        )
    before = await row_counts(engine)

    with pytest.raises(CommandFailed, match="is a partner"):
        async with write_transaction(engine) as connection:
            await redact_names(connection, NamePattern.of([NAME]), None, INSTEAD, None, "test")
    assert await row_counts(engine) == before
    answer = await GraphQLTestClient(engine)("{ organisations { nodes { code } } }", PUBLIC)
    assert answer.data["organisations"]["nodes"] == [{"code": f"{PINYIN}_co"}]


async def test_a_number_that_is_sealed_for_a_key_opens_under_the_new_one(
    engine: AsyncEngine,
) -> None:
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    common = {"trainee": "demo_w1", "college": COLLEGE, "cohort": 2020, "sources": "s"}
    await RowFactory(engine)(enrolments=[{"key": f"{PINYIN}_class", **common}])
    number = {PersonalField.STUDENT_NUMBER: "20200148"}
    facts = {PersonalField.STUDENT_NUMBER: f"{PINYIN}_class"}
    assert await held.enter("demo_w1", number, facts=facts) == 1

    async with write_transaction(engine) as connection:
        await redact_names(connection, NamePattern.of([NAME]), None, INSTEAD, held.seals, "test")
    assert await held.reveal(college_viewer(), "demo_w1", ["STUDENT_NUMBER"]) == {
        "STUDENT_NUMBER": "20200148"
    }
    assert PINYIN not in await held.every_row()


# a name, a text in which it stands, what the text is then; None: it doesn't stand there
SPELLED: list[tuple[str, str, str | None]] = [
    ("闻人知远", "闻人　知远与闻人知远", "X与X"),
    ("闻人知远", "wenrenzhiyuan_studio", "X_studio"),
    ("闻人知远", "The Wen-ren Zhi Yuan Studio", "The X Studio"),
    ("闻人知远", "swenrenzhiyuan", None),
    ("李娜", "li_nan", None),
    ("李娜", "li_na2024", "X2024"),
    ("阿卜杜·热合曼", "阿卜杜热合曼工作室、阿卜杜•热合曼", "X工作室、X"),
    ("吕布", "lv_bu lyubu Lü Bu", "X X X"),
    ("O'Brien Élodie", "o'brien  élodie; O'Brien", "X; O'Brien"),
    ("w1", "w12, w_1, xw1, w1x", None),
    ("100%_", "100% 1000", "X 1000"),
    ("a%b", "a%b axb", "X axb"),
]


@pytest.mark.parametrize(("name", "said", "then"), SPELLED)
async def test_a_name_is_found_however_it_is_spaced_or_spelt(
    engine: AsyncEngine, name: str, said: str, then: str | None
) -> None:
    await RowFactory(engine)(sources=[{"key": "t", "title": said}])

    async with write_transaction(engine) as connection:
        plan = await redact_names(connection, NamePattern.of([name]), None, "X", None, "test")
    assert len(plan.touched) == (then is not None)
    answer = await GraphQLTestClient(engine)("{ sources { nodes { title } } }", OPERATOR)
    assert [one["title"] for one in answer.data["sources"]["nodes"]] == [then or said]


# Keys, hashes, sealed values, and what follows from rows: nobody writes words of their own there.
WITHOUT_WORDS = {
    "change", "erased_mark", "partner_key", "personal_subject", "personal_value",
    "region_ancestor", "rounding_key", "search_term", *(one.name for one in DERIVED_TABLES),
}  # fmt: skip


def test_every_table_in_which_words_stand_is_looked_through() -> None:
    """A new table belongs to one of these, or a name in it is never found."""
    rows = {
        table.name
        for model in table_models()
        for table in (model_table(model), HISTORY_TABLES[model])
    }
    known = rows | {table.name for table in FREE_TEXT_TABLES} | {"report"} | WITHOUT_WORDS
    found = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if any(isinstance(column.type, Text) for column in table.c)
    }
    assert found - known == set()
