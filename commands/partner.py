"""`partner`: add, list, enable and disable partners."""

from commands.registry_session import run_with_partners, say
from kit.i18n import Message
from models.partner import SCOPES_BY_ROLE, Role, Scope
from resolvers.partners.partner import NewPartner, add_partner, list_partners, set_partner_enabled


def add(
    code: str,
    role: str,
    organisation: str,
    region: str | None,
    scopes: frozenset[Scope] | None,
    name: str | None,
) -> None:
    new = NewPartner(code, Role[role], organisation, region, scopes, name)
    run_with_partners(lambda registry: add_partner(registry, new))
    say(
        Message(
            f"{code} is a partner. 'python cli.py key issue {code}' gives it a key.",
            f"已添加合作方 {code}。以 'python cli.py key issue {code}' 为其签发密钥。",
        )
    )


def list_all() -> None:
    for one in run_with_partners(list_partners):
        held = (
            " ".join(sorted(one.scopes & SCOPES_BY_ROLE[one.role])) if one.enabled else "disabled"
        )
        region = one.region or "-"
        print(f"{one.code:<22} {one.role:<9}{one.organisation:<22} {region:<20} {held}")


def disable(code: str) -> None:
    run_with_partners(lambda registry: set_partner_enabled(registry, code, enabled=False))
    say(Message(f"{code} is disabled.", f"已停用 {code}。"))


def enable(code: str) -> None:
    run_with_partners(lambda registry: set_partner_enabled(registry, code, enabled=True))
    say(Message(f"{code} is enabled.", f"已启用 {code}。"))
