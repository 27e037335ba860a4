"""`token`: for development, the tokens that a province's own issuer would sign."""

import json
import os
import secrets
import time
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from commands.words import scopes_of
from feeds.loading import say
from kit.errors import NotDone
from kit.tokens import LONGEST, new_key, signed
from models.partner import Scope
from settings import read_settings

PRIVATE = Path("var/token_key.json")
PUBLIC = Path("var/token_jwks.json")


def declare(commands: Any) -> None:
    whole = commands.add_parser("token", help="tokens for development: keys, issue")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    making = actions.add_parser("keys", help=f"a key pair: {PRIVATE}, {PUBLIC}")
    making.set_defaults(run=make)
    issuing = actions.add_parser("issue", help="a token, signed with that key")
    issuing.add_argument("partner", metavar="PARTNER")
    issuing.add_argument("--minutes", type=minutes, default=LONGEST, metavar="N")
    issuing.add_argument("--scopes", type=scopes_of, metavar="A,B", help="all of it unasked")
    issuing.set_defaults(run=give)


def minutes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise ArgumentTypeError(f"{text!r}: a token is good for 1 to {LONGEST} minutes.")
    return int(text)


def make(given: Namespace) -> None:
    if PRIVATE.exists():
        raise NotDone(f"{PRIVATE} is there already: remove it to make another pair.")
    key = new_key(secrets.token_hex(4))
    PRIVATE.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
        json.dump(key.as_dict(private=True), private)
    PUBLIC.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), "utf-8")
    say(f"{PRIVATE} signs; start the service with TOKEN_JWKS={PUBLIC}, and it believes it.")


def give(given: Namespace) -> None:
    if not PRIVATE.exists():
        raise NotDone(f"There is no {PRIVATE}: 'python cli.py token keys' makes it.")
    key = OKPKey.import_key(json.loads(PRIVATE.read_text("utf-8")))
    settings, now = read_settings(), int(time.time())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": given.partner,
        "scope": " ".join(scope for scope in Scope if scope in (given.scopes or set(Scope))),
        "iat": now,
        "exp": now + given.minutes * 60,
    }
    print(signed(claims, key))
