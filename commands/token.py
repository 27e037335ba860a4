"""`token`: tokens for development, in place of those of a province's issuer."""

import json
import os
import secrets
import time
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from commands.argument_types import scopes_argument
from feeds.importing import print_stderr
from kit.errors import CommandFailed
from kit.security.jwt import MAX_TOKEN_MINUTES, generate_signing_key, sign_token
from models.partner import Scope
from settings import read_settings

PRIVATE_KEY_FILE = Path("var/token_key.json")
PUBLIC_KEYS_FILE = Path("var/token_jwks.json")


def declare(commands: Any) -> None:
    whole = commands.add_parser("token", help="tokens for development: keys, issue")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    making = actions.add_parser("keys", help=f"a key pair: {PRIVATE_KEY_FILE}, {PUBLIC_KEYS_FILE}")
    making.set_defaults(run=run_token_keys)
    issuing = actions.add_parser("issue", help="a token, signed with that key")
    issuing.add_argument("partner", metavar="PARTNER")
    issuing.add_argument("--minutes", type=minutes_argument, default=MAX_TOKEN_MINUTES, metavar="N")
    issuing.add_argument("--scopes", type=scopes_argument, metavar="A,B", help="all of it unasked")
    issuing.set_defaults(run=run_token_issue)


def minutes_argument(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_TOKEN_MINUTES:
        raise ArgumentTypeError(f"{text!r}: a token is good for 1 to {MAX_TOKEN_MINUTES} minutes.")
    return int(text)


def run_token_keys(given: Namespace) -> None:
    if PRIVATE_KEY_FILE.exists():
        raise CommandFailed(f"{PRIVATE_KEY_FILE} is there already: remove it to make another pair.")
    key = generate_signing_key(secrets.token_hex(4))
    PRIVATE_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(PRIVATE_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
    ) as private:
        json.dump(key.as_dict(private=True), private)
    PUBLIC_KEYS_FILE.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), "utf-8")
    print_stderr(
        f"{PRIVATE_KEY_FILE} signs; start the service with TOKEN_JWKS={PUBLIC_KEYS_FILE}, and "
        "it believes it."
    )


def run_token_issue(given: Namespace) -> None:
    if not PRIVATE_KEY_FILE.exists():
        raise CommandFailed(f"There is no {PRIVATE_KEY_FILE}: 'python cli.py token keys' makes it.")
    key = OKPKey.import_key(json.loads(PRIVATE_KEY_FILE.read_text("utf-8")))
    settings, now = read_settings(), int(time.time())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": given.partner,
        "scope": " ".join(scope for scope in Scope if scope in (given.scopes or set(Scope))),
        "iat": now,
        "exp": now + given.minutes * 60,
    }
    print(sign_token(claims, key))
