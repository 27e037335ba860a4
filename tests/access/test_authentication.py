"""Authentication by keys over HTTP: an invalid key is refused, never treated as none."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from kit.db.read_pool import DATABASE_UNREACHABLE
from server import create_app
from settings import Settings
from tests.support.commands import execute_sql
from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.graph import record_statements
from tests.support.over_http import GRAPHQL_JSON, SAMPLE_QUERY, UNREACHABLE_URL, post_graphql, serve
from tests.support.partners import (
    PUBLIC,
    VIEWER_QUERY,
    assert_unauthenticated,
    partner_key_column,
    partner_key_id,
    post_with_credential,
)
from web.authentication import BEARER_EXPECTED, INVALID_KEY, INVALID_TOKEN, BearerAuthenticator

SECRET = "A" * 43
OWN = ["read:public", "read:own", "write:own"]
REGIONAL = ["read:public", "read:own", "read:region", "aggregate:region", "write:own"]
WHO_IS = {
    "demo_college": ("demo_college", None, [*OWN, "personal:read"]),
    "demo_alliance_axle": ("demo_union_a", None, ["read:public", "read:own"]),
    "demo_union_a": ("demo_union_a", "demo_province_north", [*REGIONAL, "personal:read"]),
    "demo_union_b": ("demo_union_b", "demo_province_east", [*REGIONAL, "personal:read"]),
    "demo_steward": ("demo_steward", None, [*REGIONAL, "personal:read", "admin"]),
}
NO_CREDENTIALS = [
    "", " ", "Bearer", "Bearer ", "bearer", "Basic ZGVtbzpkZW1v", "Token jp_x", "Bearerjp_x",
    f"jp_0123456789ab_{SECRET}", "Bearer two words", "Bearer a,b", "Bearer 匠", 'Bearer "x"',
    "Bearer jp_%00", "Bearer " + "x" * 8000, "Digest username=x",
]  # fmt: skip
NO_KEYS = [
    "jp_", "jp__", "jp_0123456789ab", "jp_0123456789ab_", f"jp_0123456789ab_{SECRET[1:]}",
    f"jp_0123456789ab_{SECRET}A", f"jp_0123456789AB_{SECRET}", f"jp_nonexistent0_{SECRET}",
    f"jp_0123456789ab_{SECRET}",
]  # fmt: skip
NO_TOKENS = ["x", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "null", "JP_0123456789ab_" + SECRET]


@pytest.fixture(scope="module")
async def strangers(examples_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One service for all who are refused, however many they are."""
    async with serve(examples_url, None, failures_per_minute=10**9) as client:
        yield client


async def test_each_partner_is_told_who_it_is(keyed_url: str, partner_keys: dict[str, str]) -> None:
    found = {}
    async with serve(keyed_url, None) as client:
        for partner, key in partner_keys.items():
            viewer = (await post_with_credential(client, key)).json()["data"]["viewer"]
            region = viewer["region"] and viewer["region"]["code"]
            found[partner] = (viewer["organisation"]["code"], region, viewer["scopes"])
        assert (await post_graphql(client, VIEWER_QUERY)).json()["data"] == PUBLIC
    assert found == WHO_IS


async def test_a_college_sees_its_enrolments_with_its_key_and_nobody_does_without(
    keyed_url: str, partner_keys: dict[str, str]
) -> None:
    asked = {"query": contract_query("03"), "variables": contract_variables("03")}
    async with serve(keyed_url, None) as client:
        own = (await post_with_credential(client, partner_keys["demo_college"], asked)).json()
        others = (
            await post_with_credential(client, partner_keys["demo_alliance_axle"], asked)
        ).json()
        publics = (await post_graphql(client, asked)).json()
    assert own.keys() == others.keys() == publics.keys() == {"data", "extensions"}
    enrolments = own["data"]["organisation"]["enrolments"]
    assert enrolments["totalCount"] > 20
    assert len(enrolments["nodes"]) == 20
    assert all(one["trainee"] for one in enrolments["nodes"])
    for answer in (others, publics):
        hidden = answer["data"]["organisation"].pop("enrolments")
        assert (hidden["totalCount"], hidden["nodes"], hidden["groups"]["nodes"]) == (0, [], [])
    shown = {name: own["data"]["organisation"][name] for name in ("name", "region")}
    assert others["data"]["organisation"] == publics["data"]["organisation"] == shown


async def test_the_queries_of_the_contract_are_answered_to_every_partner(
    keyed_url: str, partner_keys: dict[str, str]
) -> None:
    async with serve(keyed_url, None) as client:
        for key in partner_keys.values():
            for number in PLANNED:
                asked = {"query": contract_query(number), "variables": contract_variables(number)}
                assert (await post_with_credential(client, key, asked)).json().keys() == {
                    "data",
                    "extensions",
                }
        steward = f"Bearer {partner_keys['demo_steward']}"
        told = await client.get("/ways", headers={"Authorization": steward})
        assert told.json()["ways"] == {"plan": len(PLANNED) * len(partner_keys)}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("header", NO_CREDENTIALS, ids=lambda header: header[:20])
async def test_what_is_no_credential_is_refused(strangers: httpx.AsyncClient, header: str) -> None:
    """On one database, for there is nothing to look up in it."""
    lines = [
        (b"Content-Type", b"application/json"),
        (b"Accept-Language", b"en"),
        (b"Authorization", header.encode()),
    ]
    answer = await strangers.post("/graphql", json=SAMPLE_QUERY, headers=lines)
    assert assert_unauthenticated(answer) == BEARER_EXPECTED.english


@pytest.mark.parametrize("credential", [*NO_KEYS, *NO_TOKENS])
async def test_what_is_no_key_and_no_token_is_refused(
    strangers: httpx.AsyncClient, credential: str
) -> None:
    told = (INVALID_KEY if credential.startswith("jp_") else INVALID_TOKEN).english
    for _ in range(2):  # looked up, and remembered
        assert (
            assert_unauthenticated(await post_with_credential(strangers, credential, SAMPLE_QUERY))
            == told
        )


async def test_it_is_not_told_whether_the_id_or_the_secret_is_wrong(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    one, other = (own_partner_keys[name] for name in ("demo_college", "demo_union_a"))
    false = [
        f"jp_{partner_key_id(one)}_{SECRET}",
        f"jp_{partner_key_id(other)}_{one[-43:]}",
        f"jp_0123456789ab_{one[-43:]}",
        one[:-2] + ("AA" if one[-2] != "A" else "BA"),
        f"jp_{partner_key_id(one)}_{one[-43:].swapcase()}",
    ]
    async with serve(own_examples_url, None) as client:
        for credential in false:
            assert (
                assert_unauthenticated(await post_with_credential(client, credential))
                == INVALID_KEY.english
            )
        assert (await post_with_credential(client, one)).status_code == 200
    assert await partner_key_column(own_examples_url, "last_used_at", other) is None


async def test_a_key_in_two_lines_is_refused(keyed_url: str, partner_keys: dict[str, str]) -> None:
    line, english = (
        ("Authorization", f"Bearer {partner_keys['demo_college']}"),
        ("Accept-Language", "en"),
    )
    async with serve(keyed_url, None) as client:
        for lines in ([line, line], [line, ("Authorization", "")], [line, ("AUTHORIZATION", "x")]):
            answer = await client.post("/graphql", json=SAMPLE_QUERY, headers=[*lines, english])
            assert assert_unauthenticated(answer) == BEARER_EXPECTED.english
        assert (await client.post("/graphql", json=SAMPLE_QUERY, headers=[line])).status_code == 200


@pytest.mark.parametrize("ended", [
    "UPDATE partner_key SET revoked_at = issued_at",
    "UPDATE partner_key SET expires_at = issued_at",
    "UPDATE partner SET enabled = false",
])  # fmt: skip
async def test_a_key_that_has_ended_is_refused(
    own_examples_url: str, own_partner_keys: dict[str, str], ended: str
) -> None:
    """By who has not seen it before at once; by who has, when what it believed is over."""
    key = own_partner_keys["demo_college"]
    async with (
        serve(own_examples_url, None, keys_believed=60) as patient,
        serve(own_examples_url, None, keys_believed=0) as strict,
    ):
        assert (await post_with_credential(patient, key)).status_code == 200
        assert (await post_with_credential(strict, key)).status_code == 200
        await execute_sql(own_examples_url, ended)
        assert (await post_with_credential(patient, key)).status_code == 200
        assert (
            assert_unauthenticated(await post_with_credential(strict, key)) == INVALID_KEY.english
        )
        async with serve(own_examples_url, None) as fresh:
            assert (
                assert_unauthenticated(await post_with_credential(fresh, key))
                == INVALID_KEY.english
            )


async def test_a_revoked_key_ends_within_the_seconds_that_are_set(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    key = own_partner_keys["demo_college"]
    async with serve(own_examples_url, None, keys_believed=5) as client:
        assert (await post_with_credential(client, key)).status_code == 200
        await execute_sql(own_examples_url, "UPDATE partner_key SET revoked_at = issued_at")
        assert (await post_with_credential(client, key)).status_code == 200
        await asyncio.sleep(5.05)
        assert_unauthenticated(await post_with_credential(client, key))


async def test_a_key_does_not_outlive_its_expiry_in_memory(
    own_examples_url: str, own_partner_keys: dict[str, str], dialect: str
) -> None:
    soon = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+2 second')",
        "postgresql": "now() + interval '2 second'",
    }
    await execute_sql(own_examples_url, f"UPDATE partner_key SET expires_at = {soon[dialect]}")
    async with serve(own_examples_url, None, keys_believed=60) as client:
        assert (
            await post_with_credential(client, own_partner_keys["demo_college"])
        ).status_code == 200
        await asyncio.sleep(2.1)
        assert_unauthenticated(await post_with_credential(client, own_partner_keys["demo_college"]))


async def test_a_key_that_is_known_costs_no_statement(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    """The engine that is counted is the one that looks keys up; questions go by another."""
    app = create_app(Settings(database_url=own_examples_url))
    transport, authentication = httpx.ASGITransport(app), app.endpoint.authenticator.authenticator
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        with record_statements(app.endpoint.engine) as statements:
            key = own_partner_keys["demo_college"]
            answers = await asyncio.gather(
                *(post_with_credential(client, key, SAMPLE_QUERY) for _ in range(20))
            )
            await authentication.close()
            assert {answer.status_code for answer in answers} == {200}
            assert [statement.split()[0] for statement in statements] == ["SELECT", "UPDATE"]
            for false in (f"jp_{partner_key_id(key)}_{SECRET}", "x", "jp_"):
                await asyncio.gather(
                    *(post_with_credential(client, false, SAMPLE_QUERY) for _ in range(20))
                )
            assert [statement.split()[0] for statement in statements[2:]] == ["SELECT"]
            await post_with_credential(client, key, SAMPLE_QUERY)
            await post_graphql(client, SAMPLE_QUERY)
            assert len(statements) == 3
    await app.endpoint.snapshots.close()
    await app.endpoint.engine.dispose()


async def test_the_last_use_is_noted_once_a_minute(
    own_examples_url: str, own_partner_keys: dict[str, str]
) -> None:
    key = own_partner_keys["demo_college"]
    assert await partner_key_column(own_examples_url, "last_used_at", key) is None
    async with serve(own_examples_url, None, keys_believed=0) as client:
        await post_with_credential(client, key)
    first = await partner_key_column(own_examples_url, "last_used_at", key)
    assert first is not None
    async with serve(own_examples_url, None, keys_believed=0) as client:
        await post_with_credential(client, key)
    assert await partner_key_column(own_examples_url, "last_used_at", key) == first
    await execute_sql(
        own_examples_url, "UPDATE partner_key SET last_used_at = '2020-01-01 00:00:00'"
    )
    async with serve(own_examples_url, None, keys_believed=0) as client:
        for _ in range(3):
            await post_with_credential(client, key)
    assert await partner_key_column(own_examples_url, "last_used_at", key) > first


async def test_who_cannot_be_looked_up_is_not_taken_for_nobody() -> None:
    async with serve(UNREACHABLE_URL, None) as client:
        answer = await post_with_credential(
            client, f"jp_0123456789ab_{SECRET}", {"query": "{ __typename }"}
        )
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        [error] = answer.json()["errors"]
        assert (error["message"], error["extensions"]["code"]) == (
            DATABASE_UNREACHABLE.english,
            "UNAVAILABLE",
        )
        assert answer.json().keys() == {"errors"}
        without = await post_graphql(client, {"query": "{ __typename }"})
        assert without.json()["data"] == {"__typename": "Query"}


async def test_a_refusal_has_the_media_type_that_is_accepted(examples_url: str) -> None:
    async with serve(examples_url, None) as client:
        answer = await post_graphql(client, SAMPLE_QUERY, GRAPHQL_JSON, Authorization="Basic x")
        assert_unauthenticated(answer)
        assert answer.headers["Content-Type"] == f"{GRAPHQL_JSON}; charset=utf-8"


async def test_how_requests_went_is_told_to_stewards_alone(
    keyed_url: str, partner_keys: dict[str, str]
) -> None:
    async with serve(keyed_url, None) as client:
        assert_unauthenticated(await client.get("/ways"))
        assert_unauthenticated(await client.get("/ways", headers={"Authorization": "Bearer jp_"}))
        for partner, key in partner_keys.items():
            answer = await client.get("/ways", headers={"Authorization": f"Bearer {key}"})
            if partner == "demo_steward":
                told = answer.json()
                assert (told["ways"], told["handedOver"]) == ({}, {})
            else:
                assert answer.status_code == 403
                assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_credentials_that_are_remembered_are_bounded(
    examples_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.authentication.MAX_CACHED_CREDENTIALS", 10)
    app = create_app(Settings(database_url=examples_url, failures_per_minute=100))
    authentication, transport = app.endpoint.authenticator.authenticator, httpx.ASGITransport(app)
    assert isinstance(authentication, BearerAuthenticator)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        for number in range(30):
            assert_unauthenticated(await post_with_credential(client, f"jp_{number}"))
    assert len(authentication.false) == 10
    assert (len(authentication.true), authentication.lookups) == (0, {})
    await app.endpoint.snapshots.close()
    await app.endpoint.engine.dispose()


async def test_only_false_credentials_of_an_address_that_sent_many_are_blocked(
    keyed_url: str, partner_keys: dict[str, str]
) -> None:
    """A valid credential is accepted there, cached or not."""
    async with serve(keyed_url, None, failures_per_minute=3) as client:
        for number in range(3):
            assert_unauthenticated(await post_with_credential(client, f"jp_{number}"))
        for credential in ("jp_4", "jp_0", f"jp_0123456789ab_{SECRET}"):
            answer = await post_with_credential(client, credential)
            assert (answer.status_code, answer.json().keys()) == (429, {"errors"})
            [error] = answer.json()["errors"]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert error["message"].startswith("3 failed authentications in 60 s")
            assert int(answer.headers["Retry-After"]) in range(1, 61)
        for partner, key in partner_keys.items():
            answer = await post_with_credential(client, key)
            assert answer.json()["data"]["viewer"]["organisation"]["code"] == WHO_IS[partner][0]
        assert (await client.get("/ways", headers={"Authorization": "Bearer x"})).status_code == 429
        assert (await post_graphql(client, VIEWER_QUERY)).status_code == 200


async def test_false_keys_of_an_address_that_sent_many_are_looked_up_one_at_a_time(
    keyed_url: str, partner_keys: dict[str, str]
) -> None:
    """Others wait for none of them but the one that is looked up."""
    app = create_app(Settings(database_url=keyed_url, failures_per_minute=1))
    authentication, transport = app.endpoint.authenticator.authenticator, httpx.ASGITransport(app)
    assert isinstance(authentication, BearerAuthenticator)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
    ):
        assert_unauthenticated(await post_with_credential(client, "jp_"))
        false = [f"jp_{number:012x}_{SECRET}" for number in range(50)]
        asked = [asyncio.create_task(post_with_credential(client, one)) for one in false]
        most = 0
        while not all(one.done() for one in asked):
            most = max(most, len(authentication.lookups))
            await asyncio.sleep(0)
        assert {one.result().status_code for one in asked} == {429}
        assert most == 1
        assert (await post_with_credential(client, partner_keys["demo_college"])).status_code == 200
