"""Signed tokens (JWT, RFC 7519) with Ed25519, and the public keys that verify them."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from kit.errors import Unavailable
from kit.i18n import Message

log = structlog.get_logger()

MAX_TOKEN_MINUTES = 15  # minutes that a token may be good for
CLOCK_SKEW = 30  # seconds by which another clock may be ahead of ours
MAX_JWKS_BYTES = 100_000  # bytes
JWKS_TIMEOUT = 5.0  # seconds, for a key set
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
KEYS_UNAVAILABLE = Message(
    "Tokens can't be checked at present: try again in a moment, or use a key.",
    "暂时无法校验令牌：请稍后再试，或使用密钥。",
)


class InvalidToken(Exception):
    """The token is invalid; the reason is for the log alone."""


class Ed25519Registry(JWSRegistry):
    """One algorithm under both of its names: RFC 9864 renamed it, and issuers send the old one."""

    algorithms = dict.fromkeys(("EdDSA", "Ed25519"), JWSRegistry.algorithms["Ed25519"])


ED25519_REGISTRY = Ed25519Registry(algorithms=["EdDSA", "Ed25519"])


@dataclass
class JwksCache:
    """A key set (JWKS, RFC 7517) from a file or an https address, as it was read last.

    It is read again when it is `kept` seconds old, and for an id that isn't in it: at most once in
    `again` seconds. If that fails, the old set stays valid; without one, the next attempt is made
    after `first_retry` seconds.
    """

    source: str
    kept: float = 300
    again: float = 60
    first_retry: float = 5
    keys: dict[str, OKPKey] = field(default_factory=dict)
    fetched_at: float | None = None
    attempted_at: float | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, id: str) -> OKPKey | None:
        """Return the key with that id. Raises Unavailable if no key set has been read yet."""
        cached = self.keys.get(id)
        # One request reads it again; the others use the old set meanwhile.
        if cached is None or (self.is_old() and not self.turn.locked()):
            async with self.turn:
                if (self.is_old() or id not in self.keys) and self.may_fetch():
                    await self.read()
        if self.fetched_at is None:
            raise Unavailable(*KEYS_UNAVAILABLE)
        return self.keys.get(id)

    def is_old(self) -> bool:
        return self.fetched_at is None or time.monotonic() - self.fetched_at > self.kept

    def may_fetch(self) -> bool:
        pause = self.first_retry if self.fetched_at is None else self.again
        return self.attempted_at is None or time.monotonic() - self.attempted_at > pause

    async def read(self) -> None:
        """Read the key set. Raises Unavailable if there is no older one to keep."""
        self.attempted_at = time.monotonic()
        try:
            self.keys = parse_jwks(json.loads(await fetch_jwks(self.source)))
        except (OSError, httpx.HTTPError, TimeoutError, ValueError, JoseError) as error:
            log.warning("a key set could not be read", source=self.source, exc_info=error)
            if self.fetched_at is None:
                raise Unavailable(*KEYS_UNAVAILABLE) from error
        else:
            self.fetched_at = self.attempted_at


async def fetch_jwks(source: str) -> bytes:
    if not source.startswith("https://"):
        return await asyncio.to_thread(Path(source).read_bytes)
    content = b""
    async with (
        asyncio.timeout(JWKS_TIMEOUT),
        httpx.AsyncClient() as client,
        client.stream("GET", source) as response,
    ):
        response.raise_for_status()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > MAX_JWKS_BYTES:
                raise ValueError("The key set is too large.")
    return content


def parse_jwks(document: Any) -> dict[str, OKPKey]:
    """By id, those of Ed25519 for signatures; a set may hold others, for others."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("This is no key set.")
    keys: dict[str, OKPKey] = {}
    for entry in document["keys"]:
        if not isinstance(entry, dict) or (entry.get("kty"), entry.get("crv")) != (
            "OKP",
            "Ed25519",
        ):
            continue
        if isinstance(entry.get("kid"), str) and entry.get("use", "sig") == "sig":
            public = {name: entry[name] for name in ("kty", "crv", "x") if name in entry}
            keys.setdefault(entry["kid"], OKPKey.import_key(public))
    return keys


@dataclass
class TokenVerifier:
    """Whose tokens are believed, and for whom they must have been made."""

    keys: JwksCache
    issuer: str
    audience: str

    async def claims(self, token: str) -> dict[str, Any]:
        """Verify a token. Raises InvalidToken, or Unavailable if there are no keys."""
        key = await self.keys.key(token_key_id(token))
        if key is None:
            raise InvalidToken("unknown key id")
        try:
            claims = jwt.decode(token, key, registry=ED25519_REGISTRY).claims
            self.check(claims)
        except (JoseError, ValueError, RecursionError) as error:
            raise InvalidToken(str(error)) from error
        return claims

    def check(self, claims: Mapping[str, Any]) -> None:
        """Check the claims, which the library doesn't. Raises JoseError or InvalidToken."""
        rules = jwt.JWTClaimsRegistry(
            leeway=CLOCK_SKEW,
            exp={"essential": True},
            iat={"essential": True},
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            sub={"essential": True},
        )
        rules.validate(dict(claims))
        # An end is an end, whatever clocks say; and 15 minutes are counted from the beginning.
        if claims["exp"] <= time.time() or claims["exp"] - claims["iat"] > MAX_TOKEN_MINUTES * 60:
            raise InvalidToken("it has ended, or is good for too long")


def token_key_id(token: str) -> str:
    """Return the key id of a token. Raises InvalidToken if there is none."""
    try:
        if not TOKEN_PATTERN.fullmatch(token):
            raise InvalidToken("no token")
        id = (
            jws.extract_compact(token.encode("ascii"), registry=ED25519_REGISTRY)
            .headers()
            .get("kid")
        )
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidToken(str(error)) from error
    if not isinstance(id, str):
        raise InvalidToken("no key id")
    return id


def generate_signing_key(id: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": id, "use": "sig"}, private=True)


def sign_token(claims: Mapping[str, Any], key: OKPKey) -> str:
    header = {"alg": "EdDSA", "kid": key.as_dict(private=False)["kid"]}
    return jwt.encode(header, dict(claims), key, registry=ED25519_REGISTRY)
