"""`key`: what partners' machines send. The secret in a key is told once, and not kept."""

import json
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from commands.registry import among_partners
from commands.words import scopes_of
from feeds.loading import say
from resolvers.partner_key import LONGEST, Issued, issue, listed, revoke, rotate


def declare(commands: Any) -> None:
    whole = commands.add_parser("key", help="keys of partners: issue, rotate, revoke, list")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    issuing = actions.add_parser("issue", help="a key; a partner has two live ones at most")
    issuing.add_argument("--scopes", type=scopes_of, metavar="A,B", help="all of it unasked")
    issuing.set_defaults(run=give)
    rotating = actions.add_parser("rotate", help="a new key; the old one ends in 7 days")
    rotating.set_defaults(run=replace)
    for giving in (issuing, rotating):
        giving.add_argument("partner", metavar="PARTNER")
        giving.add_argument("--days", type=int, default=LONGEST, metavar="N")
        giving.add_argument("--json", action="store_true", help="as one object")
    revoking = actions.add_parser("revoke", help="a key is good no longer")
    revoking.add_argument("id", metavar="KEY_ID", help="as in jp_<id>_…")
    revoking.set_defaults(run=end)
    listing = actions.add_parser("list", help="a partner's keys, without their secrets")
    listing.add_argument("partner", metavar="PARTNER")
    listing.set_defaults(run=show)


def give(given: Namespace) -> None:
    issued = among_partners(
        lambda registry: issue(registry, given.partner, given.days, given.scopes)
    )
    tell(issued, in_json=given.json)


def replace(given: Namespace) -> None:
    issued = among_partners(lambda registry: rotate(registry, given.partner, given.days))
    tell(issued, in_json=given.json)


def tell(issued: Issued, *, in_json: bool) -> None:
    expires = issued.expires.isoformat(timespec="seconds")
    if in_json:
        told = {"partner": issued.partner, "key": issued.key, "id": issued.id, "expires": expires}
        print(json.dumps(told))
        return
    say(f"A key of {issued.partner}, good until {expires}. It is told this once:")
    print(issued.key)


def end(given: Namespace) -> None:
    among_partners(lambda registry: revoke(registry, given.id))
    say(f"The key {given.id} is revoked: services refuse it within seconds (KEYS_BELIEVED).")


def show(given: Namespace) -> None:
    now = datetime.now(UTC)
    for one in among_partners(lambda registry: listed(registry, given.partner)):
        state = "revoked" if one.revoked_at else "live" if one.expires_at > now else "expired"
        used = f"used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
        print(f"{one.id}  {state:<8}until {one.expires_at:%Y-%m-%d %H:%M}  {used}")
