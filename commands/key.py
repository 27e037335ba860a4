"""`key`: the API keys of partners. The secret of a key is printed once and never stored."""

import json
from datetime import UTC, datetime

from commands.registry_session import run_with_partners, say
from kit.i18n import Message
from models.partner import Scope
from resolvers.partners.api_key import (
    MAX_KEY_DAYS,
    IssuedKey,
    issue_key,
    list_keys,
    revoke_key,
    rotate_api_key,
)


def issue(partner: str, scopes: frozenset[Scope] | None, days: int | None, in_json: bool) -> None:
    valid = MAX_KEY_DAYS if days is None else days
    issued = run_with_partners(lambda registry: issue_key(registry, partner, valid, scopes))
    print_key(issued, in_json=in_json)


def rotate(partner: str, days: int | None, in_json: bool) -> None:
    valid = MAX_KEY_DAYS if days is None else days
    issued = run_with_partners(lambda registry: rotate_api_key(registry, partner, valid))
    print_key(issued, in_json=in_json)


def print_key(issued: IssuedKey, *, in_json: bool) -> None:
    expires = issued.expires.isoformat(timespec="seconds")
    if in_json:
        values = {"partner": issued.partner, "key": issued.key, "id": issued.id, "expires": expires}
        print(json.dumps(values))
        return
    say(
        Message(
            f"A key of {issued.partner}, good until {expires}. It is shown only once:",
            f"{issued.partner} 的密钥，有效期至 {expires}，仅显示这一次：",
        )
    )
    print(issued.key)


def revoke(id: str) -> None:
    run_with_partners(lambda registry: revoke_key(registry, id))
    say(
        Message(
            f"The key {id} is revoked: services refuse it within seconds (KEYS_BELIEVED).",
            f"已吊销密钥 {id}：服务在数秒内即拒绝它（KEYS_BELIEVED）。",
        )
    )


def list_all(partner: str) -> None:
    now = datetime.now(UTC)
    for one in run_with_partners(lambda registry: list_keys(registry, partner)):
        state = "revoked" if one.revoked_at else "live" if one.expires_at > now else "expired"
        used = f"used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
        print(f"{one.id}  {state:<8}until {one.expires_at:%Y-%m-%d %H:%M}  {used}")
