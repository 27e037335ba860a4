"""Tokens of people and provinces: which are believed, and that no other is."""

import asyncio
import base64
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey
from structlog.testing import capture_logs

from kit.errors import Unavailable
from kit.security.jwt import KEYS_UNAVAILABLE, JwksCache, generate_signing_key, sign_token
from tests.support.commands import execute_sql
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.over_http import SAMPLE_QUERY, serve
from tests.support.partners import assert_unauthenticated, issue_partner_keys, post_with_credential
from web.authentication import INVALID_TOKEN

KEY = generate_signing_key("first")
STRANGER = generate_signing_key("first")  # another key under the same id


def claims(**changed: Any) -> dict[str, Any]:
    """Return what is believed; a change to None leaves a claim out."""
    now = int(time.time())
    whole = {
        "iss": "jiangpu", "aud": "jiangpu", "sub": "demo_college",
        "scope": "read:public read:own", "iat": now, "exp": now + 600, **changed,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


def key_set(*keys: OKPKey | ECKey) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def put(path: Path, content: str) -> None:
    path.write_text(content)


@pytest.fixture(scope="module")
def partners_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield the example records and the partners, to be read."""
    url = databases.copy(dialect, "examples")
    run_async(issue_partner_keys(url))
    yield url
    databases.drop(url)


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(key_set(KEY))
    return path


@pytest.fixture
async def client(partners_url: str, jwks: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(partners_url, None, token_jwks=str(jwks)) as client:
        yield client


async def seen(client: httpx.AsyncClient, token: str) -> tuple[str, list[str]]:
    viewer = (await post_with_credential(client, token)).json()["data"]["viewer"]
    return viewer["organisation"]["code"], viewer["scopes"]


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(header: dict[str, Any], signature: str = "") -> str:
    return f"{encoded(header)}.{encoded(claims())}.{signature}"


def with_public_key_as_secret() -> str:
    """Who takes any algorithm checks this with the public key, which everybody has."""
    public = json.dumps(KEY.as_dict(private=False)).encode()
    secret = OctKey.import_key(public)
    return jwt.encode({"alg": "HS256", "kid": "first"}, claims(), secret)


def by_other_algorithm() -> str:
    key = ECKey.generate_key("P-256", {"kid": "first"})
    return jwt.encode({"alg": "ES256", "kid": "first"}, claims(), key)


def changed_afterwards() -> str:
    header, _, signature = sign_token(claims(), KEY).split(".")
    return f"{header}.{encoded(claims(sub='demo_steward'))}.{signature}"


NOW = int(time.time())
FALSE: dict[str, Callable[[], str]] = {
    "ended": lambda: sign_token(claims(iat=NOW - 700, exp=NOW - 1), KEY),
    "ends now": lambda: sign_token(claims(iat=NOW - 700, exp=int(time.time())), KEY),
    "good for longer than 15 minutes": lambda: sign_token(claims(exp=int(time.time()) + 901), KEY),
    "begins too late": lambda: sign_token(claims(iat=NOW + 3000, exp=NOW + 3100), KEY),
    "not before later": lambda: sign_token(claims(nbf=NOW + 3000), KEY),
    "without an end": lambda: sign_token(claims(exp=None), KEY),
    "without a beginning": lambda: sign_token(claims(iat=None), KEY),
    "an end that is no number": lambda: sign_token(claims(exp="9999999999"), KEY),
    "an end that is true": lambda: sign_token(claims(exp=True, iat=False), KEY),
    "an endless end": lambda: sign_token(claims(exp=float("inf")), KEY),
    "an end that is huge": lambda: sign_token(claims(exp=10**400, iat=10**400 - 1), KEY),
    "of another issuer": lambda: sign_token(claims(iss="somebody"), KEY),
    "without an issuer": lambda: sign_token(claims(iss=None), KEY),
    "for another audience": lambda: sign_token(claims(aud="another"), KEY),
    "for other audiences": lambda: sign_token(claims(aud=["another", "third"]), KEY),
    "without an audience": lambda: sign_token(claims(aud=None), KEY),
    "without a subject": lambda: sign_token(claims(sub=None), KEY),
    "of an unknown partner": lambda: sign_token(claims(sub="nobody"), KEY),
    "of a partner that is no text": lambda: sign_token(claims(partner=["demo_college"]), KEY),
    "scopes that are no text": lambda: sign_token(claims(scope=["admin"]), KEY),
    "another key with the same id": lambda: sign_token(claims(), STRANGER),
    "an unknown key id": lambda: sign_token(claims(), generate_signing_key("second")),
    "no key id": lambda: unsigned({"alg": "EdDSA"}, sign_token(claims(), KEY).split(".")[2]),
    "a key id that is no text": lambda: unsigned({"alg": "EdDSA", "kid": ["first"]}, "AA"),
    "no algorithm": lambda: unsigned({"alg": "none", "kid": "first"}),
    "no algorithm, in capitals": lambda: unsigned({"alg": "NONE", "kid": "first"}, "AA"),
    "an algorithm that is no text": lambda: unsigned({"alg": ["EdDSA"], "kid": "first"}, "AA"),
    "no algorithm named": lambda: unsigned({"kid": "first"}, "AA"),
    "signed with the public key": with_public_key_as_secret,
    "by another algorithm": by_other_algorithm,
    "changed afterwards": changed_afterwards,
    "an empty signature": lambda: sign_token(claims(), KEY).rsplit(".", 1)[0] + ".",
    "a short signature": lambda: sign_token(claims(), KEY)[:-4],
    "a header that is no object": lambda: f"{encoded([1])}.{encoded({})}.AA",
    "a header of unknown things": lambda: unsigned({"alg": "EdDSA", "kid": "first", "b64": 0}, "A"),
    "things that must be understood": lambda: unsigned(
        {"alg": "EdDSA", "kid": "first", "crit": ["x"], "x": 1}, "AA"
    ),
    "a deep header": lambda: f"{encoded('x')[:-1]}{'W' * 4000}.e30.AA",
    "an encrypted one": lambda: "eyJhbGciOiJkaXIifQ..AA.AA.AA",
}


@pytest.mark.parametrize("why", FALSE)
async def test_a_false_token_is_refused(client: httpx.AsyncClient, why: str) -> None:
    for _ in range(2):
        refused = await post_with_credential(client, FALSE[why](), SAMPLE_QUERY)
        assert assert_unauthenticated(refused) == INVALID_TOKEN.english


async def test_a_token_names_its_partner_and_its_scopes(client: httpx.AsyncClient) -> None:
    assert await seen(client, sign_token(claims(), KEY)) == (
        "demo_college",
        ["read:public", "read:own"],
    )
    person = sign_token(claims(sub="a person", partner="demo_union_a", scope="read:region"), KEY)
    assert await seen(client, person) == ("demo_union_a", ["read:public", "read:region"])
    several = sign_token(claims(aud=["another", "jiangpu"]), KEY)
    assert (await seen(client, several))[0] == "demo_college"
    renamed = jwt.encode({"alg": "Ed25519", "kid": "first"}, claims(), KEY, algorithms=["Ed25519"])
    assert (await seen(client, renamed))[0] == "demo_college"


async def test_scopes_are_cut_to_what_the_partner_has(client: httpx.AsyncClient) -> None:
    for asked, given in {
        "": ["read:public"],
        "admin": ["read:public"],
        "read:own admin read:region nonsense": ["read:public", "read:own"],
        "READ:OWN": ["read:public"],
        "read:own,import": ["read:public"],
    }.items():
        assert (await seen(client, sign_token(claims(scope=asked), KEY)))[1] == given
    assert (await seen(client, sign_token(claims(scope=None), KEY)))[1] == ["read:public"]


async def test_clocks_may_differ_by_half_a_minute(client: httpx.AsyncClient) -> None:
    ahead = int(time.time()) + 20
    assert (await seen(client, sign_token(claims(iat=ahead, exp=ahead + 900), KEY)))[0]


async def test_a_token_does_not_outlive_its_end_in_memory(partners_url: str, jwks: Path) -> None:
    async with serve(partners_url, None, token_jwks=str(jwks), keys_believed=60) as client:
        token = sign_token(claims(exp=int(time.time()) + 2), KEY)
        assert (await post_with_credential(client, token)).status_code == 200
        await asyncio.sleep(2.1)
        assert_unauthenticated(await post_with_credential(client, token))


async def test_a_disabled_partner_has_no_tokens(
    own_examples_url: str, own_partner_keys: dict[str, str], jwks: Path
) -> None:
    async with serve(own_examples_url, None, token_jwks=str(jwks), keys_believed=0) as client:
        token = sign_token(claims(), KEY)
        assert (await post_with_credential(client, token)).status_code == 200
        await execute_sql(own_examples_url, "UPDATE partner SET enabled = false")
        assert_unauthenticated(await post_with_credential(client, token))


async def test_issuer_and_audience_are_settings(partners_url: str, jwks: Path) -> None:
    named: dict[str, Any] = {
        "token_jwks": str(jwks),
        "token_issuer": "province",
        "token_audience": "registry",
    }
    async with serve(partners_url, None, **named) as client:
        token = sign_token(claims(iss="province", aud="registry"), KEY)
        assert (await post_with_credential(client, token)).status_code == 200
        assert_unauthenticated(await post_with_credential(client, sign_token(claims(), KEY)))


async def test_without_a_key_set_no_token_is_taken(partners_url: str) -> None:
    async with serve(partners_url, None) as client:
        assert_unauthenticated(await post_with_credential(client, sign_token(claims(), KEY)))


async def test_a_key_set_that_was_never_read_is_no_reason_to_call_tokens_false(
    partners_url: str, tmp_path: Path
) -> None:
    async with serve(partners_url, None, token_jwks=str(tmp_path / "none.json")) as client:
        with capture_logs() as logs:
            answer = await post_with_credential(client, sign_token(claims(), KEY))
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["message"] == KEYS_UNAVAILABLE.english
        assert "none.json" not in answer.text
        assert logs[0]["event"] == "a key set could not be read"
        assert_unauthenticated(await post_with_credential(client, "a.b.c"))


async def test_a_new_key_is_found_and_an_unknown_id_read_for_once_in_a_while(jwks: Path) -> None:
    second = generate_signing_key("second")
    public = JwksCache(str(jwks), again=0.2)
    assert await public.key("first") is not None
    put(jwks, key_set(KEY, second))
    assert await public.key("second") is None  # it was read a moment ago
    await asyncio.sleep(0.25)
    assert await public.key("second") is not None
    read = public.attempted_at
    for number in range(5):
        assert await public.key(f"unknown {number}") is None
    assert public.attempted_at == read


async def test_a_key_that_is_taken_away_is_good_until_the_set_is_old(jwks: Path) -> None:
    public = JwksCache(str(jwks), kept=0.2, again=0)
    assert await public.key("first") is not None
    put(jwks, key_set(generate_signing_key("second")))
    assert await public.key("first") is not None
    await asyncio.sleep(0.25)
    assert await public.key("first") is None


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"keys": 1}', '{"keys": null}'])
async def test_a_set_that_can_not_be_read_leaves_the_old_one(jwks: Path, broken: str) -> None:
    public = JwksCache(str(jwks), kept=0, again=0)
    assert await public.key("first") is not None
    put(jwks, broken)
    with capture_logs() as logs:
        assert await public.key("first") is not None
    assert [entry["event"] for entry in logs] == ["a key set could not be read"]
    with pytest.raises(Unavailable, match="can't be checked"):
        await JwksCache(str(jwks)).key("first")


async def test_only_keys_of_ed25519_for_signatures_are_taken(jwks: Path) -> None:
    given = [key.as_dict(private=False) for key in (KEY, KEY, KEY)]
    given[0] |= {"kid": "to encrypt", "use": "enc"}
    del given[1]["kid"]
    given += [
        OKPKey.generate_key("Ed448", {"kid": "other curve"}).as_dict(private=False),
        ECKey.generate_key("P-256", {"kid": "other kind"}).as_dict(private=False),
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
    ]
    put(jwks, json.dumps({"keys": [*given, "nonsense", None]}))
    public = JwksCache(str(jwks))
    await public.key("first")
    assert list(public.keys) == ["first"]


async def test_a_key_set_is_fetched_over_https_from_whom_one_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"/jwks": key_set(KEY).encode(), "/large": b" " * 200_000 + key_set(KEY).encode()}
    with issuer(tmp_path, pages) as (address, certificate):
        with pytest.raises(Unavailable):
            await JwksCache(f"{address}/jwks").key("first")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for path in ("/large", "/nowhere"):
            with pytest.raises(Unavailable):
                await JwksCache(f"{address}{path}").key("first")
        public = JwksCache(f"{address}/jwks", kept=0, again=0)
        assert await public.key("first") is not None
    assert await public.key("first") is not None  # the issuer has gone


@contextmanager
def issuer(folder: Path, pages: dict[str, bytes]) -> Iterator[tuple[str, Path]]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # as the library calls it
            found = pages.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *said: Any) -> None:
            pass

    certificate = certified(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}", certificate
        server.shutdown()
        thread.join()


def certified(folder: Path) -> Path:
    """Return a certificate for this machine, signed by itself, with its key."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "issuer.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path
