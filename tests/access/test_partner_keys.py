"""Partners and their keys by the command line: as a steward and as a newcomer use it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

import cli
from kit.db.engine import open_engine
from models.partner import SCOPES_BY_ROLE, Role, Scope
from tests.support.commands import execute_sql, table_row_counts
from tests.support.graph import run_async
from tests.support.over_http import serve
from tests.support.partners import partner_key_column, partner_key_id, post_with_credential

Told = tuple[int, list[str], list[str]]
Tell = Callable[..., Told]
COLLEGE = ("partner", "add", "c", "--role", "COLLEGE", "--organisation", "demo_college")
KEY = re.compile(r"jp_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def tell(
    own_examples_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tell:
    """Return the exit code, what was printed, and what was said beside it."""
    monkeypatch.setenv("DATABASE_URL", own_examples_url)

    def tell(*words: str) -> Told:
        capsys.readouterr()
        code = cli.main(list(words))
        printed, said = capsys.readouterr()
        assert "Traceback" not in said
        return code, printed.splitlines(), said.splitlines()

    return tell


@pytest.fixture
def key(tell: Tell) -> str:
    """Return the first of a college's."""
    tell(*COLLEGE)
    _, [key], _ = tell("key", "issue", "c")
    return key


async def everything(url: str) -> str:
    """All that is stored of partners and keys, as text."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            rows = [
                (await connection.execute(text(f"SELECT * FROM {table}"))).all()
                for table in ("partner", "partner_key")
            ]
    finally:
        await engine.dispose()
    return repr(rows)


async def scopes_of(url: str, key: str) -> list[str]:
    async with serve(url, None, keys_believed=0) as client:
        answer = await post_with_credential(client, key)
    assert answer.status_code == 200
    found: list[str] = answer.json()["data"]["viewer"]["scopes"]
    return found


async def status_of(url: str, key: str) -> int:
    async with serve(url, None, keys_believed=0) as client:
        return (await post_with_credential(client, key)).status_code


def expiry(url: str, key: str) -> timedelta:
    found = run_async(partner_key_column(url, "expires_at", key))
    moment = found if isinstance(found, datetime) else datetime.fromisoformat(found)
    return moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)


def close(found: timedelta, days: int) -> bool:
    return abs(found - timedelta(days=days)) < timedelta(minutes=5)


def test_a_partner_gets_a_key_that_is_told_once(tell: Tell, own_examples_url: str) -> None:
    assert tell(*COLLEGE) == (
        0, [], ["c is a partner. 'python cli.py key issue c' gives it a key."]
    )  # fmt: skip
    code, [key], [said] = tell("key", "issue", "c")
    assert code == 0
    assert KEY.fullmatch(key)
    assert said.startswith("A key of c, good until ")
    assert said.endswith(". It is shown only once:")
    assert key not in said
    stored = run_async(everything(own_examples_url))
    assert key[-43:] not in stored
    assert sha256(key[-43:].encode()).hexdigest() in stored
    assert run_async(scopes_of(own_examples_url, key)) == [
        s for s in Scope if s in SCOPES_BY_ROLE[Role.COLLEGE]
    ]
    assert key[-43:] not in str(tell("key", "list", "c"))


def test_a_key_is_good_for_a_year_at_most(tell: Tell, own_examples_url: str) -> None:
    tell(*COLLEGE)
    before = run_async(table_row_counts(own_examples_url))
    for days in ("0", "366", "-1"):
        assert tell("key", "issue", "c", f"--days={days}") == (
            1, [], ["A key is good for 1 to 365 days."]
        )  # fmt: skip
    assert run_async(table_row_counts(own_examples_url)) == before
    _, [year], _ = tell("key", "issue", "c")
    _, [day], _ = tell("key", "issue", "c", "--days", "1")
    assert close(expiry(own_examples_url, year), 365)
    assert close(expiry(own_examples_url, day), 1)


def test_a_partner_has_two_live_keys_at_most(tell: Tell, own_examples_url: str, key: str) -> None:
    _, [second], _ = tell("key", "issue", "c")
    before = run_async(table_row_counts(own_examples_url))
    code, printed, [said] = tell("key", "issue", "c")
    assert (code, printed) == (1, [])
    assert said == (
        f"c has 2 live keys, and no partner has more: {partner_key_id(key)} and "
        f"{partner_key_id(second)}. "
        f"Revoke one ('python cli.py key revoke {partner_key_id(key)}'), then issue another."
    )
    assert run_async(table_row_counts(own_examples_url)) == before
    assert tell("key", "revoke", partner_key_id(key))[0] == 0
    assert tell("key", "issue", "c")[0] == 0
    run_async(execute_sql(own_examples_url, "UPDATE partner_key SET expires_at = issued_at"))
    assert tell("key", "issue", "c")[0] == 0


def test_a_key_that_was_replaced_is_good_for_seven_more_days(
    tell: Tell, own_examples_url: str
) -> None:
    tell(*COLLEGE)
    _, [old], _ = tell("key", "issue", "c", "--scopes", "read:own")
    code, [new], _ = tell("key", "rotate", "c")
    assert code == 0
    assert close(expiry(own_examples_url, old), 7)
    assert close(expiry(own_examples_url, new), 365)
    for key in (old, new):
        assert run_async(scopes_of(own_examples_url, key)) == ["read:public", "read:own"]
    code, printed, [said] = tell("key", "rotate", "c")
    assert (code, printed) == (1, [])
    assert said.startswith(
        f"c has 2 live keys ({partner_key_id(old)} and {partner_key_id(new)}): revoke the one "
    )


def test_an_end_that_is_near_is_not_put_off_by_rotating(tell: Tell, own_examples_url: str) -> None:
    tell(*COLLEGE)
    _, [old], _ = tell("key", "issue", "c", "--days", "2")
    assert tell("key", "rotate", "c")[0] == 0
    assert close(expiry(own_examples_url, old), 2)


def test_there_must_be_a_key_to_be_replaced(tell: Tell, own_examples_url: str, key: str) -> None:
    tell("key", "revoke", partner_key_id(key))
    before = run_async(table_row_counts(own_examples_url))
    refused: Told = (1, [], ["c has no live key to be replaced: issue one."])
    assert tell("key", "rotate", "c") == refused
    assert run_async(table_row_counts(own_examples_url)) == before


def test_a_revoked_key_is_refused_and_stays_revoked(
    tell: Tell, own_examples_url: str, key: str
) -> None:
    assert run_async(status_of(own_examples_url, key)) == 200
    assert tell("key", "revoke", partner_key_id(key))[0] == 0
    assert run_async(status_of(own_examples_url, key)) == 401
    already: Told = (1, [], [f"The key {partner_key_id(key)} has been revoked already."])
    assert tell("key", "revoke", partner_key_id(key)) == already
    code, _, [said] = tell("key", "revoke", "nothing")
    assert (code, said[:26]) == (1, "There is no key 'nothing':")
    assert "revoked" in tell("key", "list", "c")[1][0]


def test_a_key_may_have_fewer_scopes_than_its_partner_never_more(
    tell: Tell, own_examples_url: str
) -> None:
    tell(*COLLEGE, "--scopes", "read:own,personal:read")
    before = run_async(table_row_counts(own_examples_url))
    code, printed, [said] = tell("key", "issue", "c", "--scopes", "admin,read:own,write:own")
    assert (code, printed) == (1, [])
    assert said == (
        "admin, write:own: partner c has no more than read:public, read:own, personal:read."
    )
    assert run_async(table_row_counts(own_examples_url)) == before
    _, [key], _ = tell("key", "issue", "c", "--scopes", "personal:read")
    assert run_async(scopes_of(own_examples_url, key)) == ["read:public", "personal:read"]
    run_async(execute_sql(own_examples_url, "UPDATE partner SET scopes = 'read:public'"))
    assert run_async(scopes_of(own_examples_url, key)) == ["read:public"]


def test_a_scope_that_does_nothing_is_given_to_nobody_and_told_to_nobody(
    tell: Tell, own_examples_url: str, key: str
) -> None:
    """Keys issued with it before are good, for what they do."""
    before = run_async(table_row_counts(own_examples_url))
    useless: Told = (1, [], ["import: this scope has no use yet, and no partner has it."])
    assert tell("key", "issue", "c", "--scopes", "import") == useless
    assert tell("partner", "add", "d", *COLLEGE[3:], "--scopes", "import") == useless
    assert run_async(table_row_counts(own_examples_url)) == before
    for table in ("partner", "partner_key"):
        earlier = "'import read:own read:public'"
        run_async(execute_sql(own_examples_url, f"UPDATE {table} SET scopes = {earlier}"))
    assert run_async(scopes_of(own_examples_url, key)) == ["read:public", "read:own"]
    assert not any("import" in line for line in tell("partner", "list")[1])


def test_a_partner_may_have_what_its_role_may_and_no_more(
    tell: Tell, own_examples_url: str
) -> None:
    before = run_async(table_row_counts(own_examples_url))
    code, _, [said] = tell(*COLLEGE, "--scopes", "read:region")
    assert (code, said[:50]) == (1, "read:region: a partner of role COLLEGE has no more")
    assert run_async(table_row_counts(own_examples_url)) == before
    # Whatever was written into the table.
    tell(*COLLEGE)
    _, [key], _ = tell("key", "issue", "c")
    run_async(execute_sql(own_examples_url, "UPDATE partner SET scopes = 'admin read:own'"))
    run_async(execute_sql(own_examples_url, "UPDATE partner_key SET scopes = 'admin read:own'"))
    assert run_async(scopes_of(own_examples_url, key)) == ["read:public", "read:own"]


@pytest.mark.parametrize(("words", "sentence"), [
    (("c d", "--role", "COLLEGE", "--organisation", "demo_college"),
     "'c d' is no code of a partner: small letters, digits, '_', '.' and '-'."),
    (("d", "--role", "COLLEGE", "--organisation", "nobody"),
     "There is no organisation 'nobody' on record."),
    (("d", "--role", "UNION", "--organisation", "demo_union_a", "--region", "nowhere"),
     "There is no region 'nowhere' on record."),
    (("d", "--role", "COLLEGE", "--organisation", "demo_college", "--region", "370000"),
     "A region is a union's: a partner of role COLLEGE has none."),
    (COLLEGE[2:], "There is a partner c already."),
])  # fmt: skip
def test_a_partner_that_can_not_be_is_refused_in_a_sentence(
    tell: Tell, own_examples_url: str, words: tuple[str, ...], sentence: str
) -> None:
    tell(*COLLEGE)
    before = run_async(everything(own_examples_url))
    assert tell("partner", "add", *words) == (1, [], [sentence])
    assert run_async(everything(own_examples_url)) == before


@pytest.mark.parametrize("words", [
    ("key", "issue", "nobody"), ("key", "rotate", "nobody"), ("key", "list", "nobody"),
    ("partner", "disable", "nobody"), ("partner", "enable", "nobody"),
])  # fmt: skip
def test_an_unknown_partner_is_told_in_a_sentence(tell: Tell, words: tuple[str, ...]) -> None:
    sentence = "There is no partner 'nobody': 'python cli.py partner list' tells those there are."
    assert tell(*words) == (1, [], [sentence])


def test_a_union_has_its_organisations_region_or_the_one_named(tell: Tell) -> None:
    union = ("--role", "UNION", "--organisation", "demo_union_a")
    assert tell("partner", "add", "own", *union)[0] == 0
    assert tell("partner", "add", "other", *union, "--region", "demo_city_north_a")[0] == 0
    assert tell(*COLLEGE)[0] == 0
    _, printed, _ = tell("partner", "list")
    assert [line.split()[:4] for line in printed] == [
        ["c", "COLLEGE", "demo_college", "-"],
        ["other", "UNION", "demo_union_a", "demo_city_north_a"],
        ["own", "UNION", "demo_union_a", "demo_province_north"],
    ]


def test_a_disabled_partner_is_refused_until_it_is_enabled(
    tell: Tell, own_examples_url: str, key: str
) -> None:
    assert tell("partner", "disable", "c") == (0, [], ["c is disabled."])
    assert run_async(status_of(own_examples_url, key)) == 401
    assert tell("partner", "list")[1][0].endswith(" disabled")
    refused: Told = (1, [], ["c is disabled: 'python cli.py partner enable c' comes first."])
    assert tell("key", "issue", "c") == tell("key", "rotate", "c") == refused
    assert tell("partner", "enable", "c")[0] == 0
    assert run_async(status_of(own_examples_url, key)) == 200


def test_a_key_is_told_as_json(tell: Tell, own_examples_url: str) -> None:
    tell(*COLLEGE)
    code, [line], said = tell("key", "issue", "c", "--json", "--days", "30")
    told = json.loads(line)
    assert (code, said) == (0, [])
    assert told.keys() == {"partner", "key", "id", "expires"}
    assert (told["partner"], told["id"]) == ("c", partner_key_id(told["key"]))
    assert close(datetime.fromisoformat(told["expires"]) - datetime.now(UTC), 30)
    assert run_async(status_of(own_examples_url, told["key"])) == 200


@pytest.mark.parametrize("words", [
    (*COLLEGE, "--scopes", "read:everything"), ("key", "issue", "c", "--scopes", ""),
    ("partner", "add", "c", "--role", "KING", "--organisation", "demo_college"), ("key",),
    ("partner",), ("token",), ("token", "issue", "c", "--minutes", "16"),
])  # fmt: skip
def test_what_is_no_command_is_told(tell: Tell, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        tell(*words)
    assert ended.value.code == 2


def test_a_token_for_development_is_believed(
    tell: Tell, own_examples_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tell(*COLLEGE)
    code, _, [said] = tell("token", "issue", "c")
    assert (code, said) == (
        1, "There is no var/token_key.json: 'python cli.py token keys' makes it."
    )  # fmt: skip
    assert tell("token", "keys")[0] == 0
    assert (tmp_path / "var/token_key.json").stat().st_mode & 0o777 == 0o600
    assert '"d"' not in (tmp_path / "var/token_jwks.json").read_text()
    assert tell("token", "keys")[0] == 1
    _, [whole], _ = tell("token", "issue", "c")
    _, [cut], _ = tell("token", "issue", "c", "--scopes", "read:own,admin", "--minutes", "1")

    async def scopes(token: str) -> list[str]:
        async with serve(own_examples_url, None, token_jwks="var/token_jwks.json") as client:
            found: list[str] = (await post_with_credential(client, token)).json()["data"]["viewer"][
                "scopes"
            ]
        return found

    assert run_async(scopes(whole)) == [
        scope for scope in Scope if scope in SCOPES_BY_ROLE[Role.COLLEGE]
    ]
    assert run_async(scopes(cut)) == ["read:public", "read:own"]


def test_the_guide_says_of_every_scope_who_may_have_it(project_root: Path) -> None:
    guide = (project_root / "docs" / "partners.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z:]+)` \| .+? \|(.*)\|(.*)\|(.*)\|(.*)\|$", guide, re.MULTILINE)
    told = {scope: [bool(mark.strip()) for mark in marks] for scope, *marks in rows}
    assert told == {scope: [scope in SCOPES_BY_ROLE[role] for role in Role] for scope in Scope}
