"""`key`: the API keys of partners. The secret of a key is printed once and never stored."""

import json
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from commands.argument_types import scopes_argument
from commands.registry_session import run_with_partners
from feeds.importing import print_stderr
from resolvers.partners.api_key import (
    MAX_KEY_DAYS,
    IssuedKey,
    issue_key,
    list_keys,
    revoke_key,
    rotate_api_key,
)


def declare(commands: Any) -> None:
    whole = commands.add_parser("key", help="keys of partners: issue, rotate, revoke, list")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    issuing = actions.add_parser("issue", help="a key; a partner has two live ones at most")
    issuing.add_argument("--scopes", type=scopes_argument, metavar="A,B", help="all of it unasked")
    issuing.set_defaults(run=run_key_issue)
    rotating = actions.add_parser("rotate", help="a new key; the old one ends in 7 days")
    rotating.set_defaults(run=run_key_rotate)
    for giving in (issuing, rotating):
        giving.add_argument("partner", metavar="PARTNER")
        giving.add_argument("--days", type=int, default=MAX_KEY_DAYS, metavar="N")
        giving.add_argument("--json", action="store_true", help="as one object")
    revoking = actions.add_parser("revoke", help="a key is good no longer")
    revoking.add_argument("id", metavar="KEY_ID", help="as in jp_<id>_…")
    revoking.set_defaults(run=run_key_revoke)
    listing = actions.add_parser("list", help="a partner's keys, without their secrets")
    listing.add_argument("partner", metavar="PARTNER")
    listing.set_defaults(run=run_key_list)


def run_key_issue(given: Namespace) -> None:
    issued = run_with_partners(
        lambda registry: issue_key(registry, given.partner, given.days, given.scopes)
    )
    print_key(issued, in_json=given.json)


def run_key_rotate(given: Namespace) -> None:
    issued = run_with_partners(lambda registry: rotate_api_key(registry, given.partner, given.days))
    print_key(issued, in_json=given.json)


def print_key(issued: IssuedKey, *, in_json: bool) -> None:
    expires = issued.expires.isoformat(timespec="seconds")
    if in_json:
        told = {"partner": issued.partner, "key": issued.key, "id": issued.id, "expires": expires}
        print(json.dumps(told))
        return
    print_stderr(f"A key of {issued.partner}, good until {expires}. It is told this once:")
    print(issued.key)


def run_key_revoke(given: Namespace) -> None:
    run_with_partners(lambda registry: revoke_key(registry, given.id))
    print_stderr(
        f"The key {given.id} is revoked: services refuse it within seconds (KEYS_BELIEVED)."
    )


def run_key_list(given: Namespace) -> None:
    now = datetime.now(UTC)
    for one in run_with_partners(lambda registry: list_keys(registry, given.partner)):
        state = "revoked" if one.revoked_at else "live" if one.expires_at > now else "expired"
        used = f"used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
        print(f"{one.id}  {state:<8}until {one.expires_at:%Y-%m-%d %H:%M}  {used}")
