"""`token`: tokens for development, in place of those of a province's issuer."""

import json
import os
import secrets
import time
from pathlib import Path

from joserfc.jwk import OKPKey

from commands.declaring import WrongValue
from commands.registry_session import say
from kit.errors import CommandFailed
from kit.i18n import Message
from kit.security.jwt import MAX_TOKEN_MINUTES, generate_signing_key, sign_token
from models.partner import Scope
from settings import read_settings

PRIVATE_KEY_FILE = Path("var/token_key.json")
PUBLIC_KEYS_FILE = Path("var/token_jwks.json")


def read_minutes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_TOKEN_MINUTES:
        raise WrongValue(
            f"{text!r}: a token is good for 1 to {MAX_TOKEN_MINUTES} minutes.",
            f"{text!r}：令牌有效期为 1 至 {MAX_TOKEN_MINUTES} 分钟。",
        )
    return int(text)


def make_keys() -> None:
    if PRIVATE_KEY_FILE.exists():
        raise CommandFailed(
            f"{PRIVATE_KEY_FILE} is there already: remove it to make another pair.",
            f"{PRIVATE_KEY_FILE} 已存在：如需另一密钥对，请先将其移走。",
        )
    key = generate_signing_key(secrets.token_hex(4))
    PRIVATE_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(PRIVATE_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
    ) as private:
        json.dump(key.as_dict(private=True), private)
    PUBLIC_KEYS_FILE.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), "utf-8")
    say(
        Message(
            f"{PRIVATE_KEY_FILE} signs; start the service with TOKEN_JWKS={PUBLIC_KEYS_FILE}, and "
            "it believes it.",
            f"以 {PRIVATE_KEY_FILE} 签名；以 TOKEN_JWKS={PUBLIC_KEYS_FILE} 启动服务，即予采信。",
        )
    )


def issue(partner: str, minutes: int | None, scopes: frozenset[Scope] | None) -> None:
    if not PRIVATE_KEY_FILE.exists():
        raise CommandFailed(
            f"There is no {PRIVATE_KEY_FILE}: 'python cli.py token keys' makes it.",
            f"没有 {PRIVATE_KEY_FILE}：请以 'python cli.py token keys' 生成。",
        )
    key = OKPKey.import_key(json.loads(PRIVATE_KEY_FILE.read_text("utf-8")))
    settings, now = read_settings(), int(time.time())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": partner,
        "scope": " ".join(scope for scope in Scope if scope in (scopes or set(Scope))),
        "iat": now,
        "exp": now + (minutes or MAX_TOKEN_MINUTES) * 60,
    }
    print(sign_token(claims, key))
