"""`partner`: add, list, enable and disable partners."""

from argparse import ArgumentParser, Namespace
from typing import Any

from commands.argument_types import scopes_argument
from commands.registry_session import run_with_partners
from feeds.importing import print_stderr
from models.partner import SCOPES_BY_ROLE, Role
from resolvers.partners.partner import NewPartner, add_partner, list_partners, set_partner_enabled


def declare(commands: Any) -> None:
    whole = commands.add_parser("partner", help="partners: add, list, disable, enable")
    subjects = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    declare_add(subjects.add_parser("add", help="an organisation on record, under a code"))
    subjects.add_parser("list", help="all of them").set_defaults(run=run_partner_list)
    for word, enabled in (("disable", False), ("enable", True)):
        told = "its keys and tokens are refused" if not enabled else "they are good again"
        switching = subjects.add_parser(word, help=told)
        switching.add_argument("code", metavar="PARTNER")
        switching.set_defaults(run=run_partner_switch, enabled=enabled)


def declare_add(adding: ArgumentParser) -> None:
    adding.add_argument("code", metavar="CODE")
    adding.add_argument("--role", required=True, choices=[role.value for role in Role])
    adding.add_argument("--organisation", required=True, metavar="CODE")
    adding.add_argument("--region", metavar="CODE", help="of a union; its organisation's unasked")
    adding.add_argument(
        "--scopes", type=scopes_argument, metavar="A,B", help="all of its role unasked"
    )
    adding.add_argument("--name", help="its organisation's unasked")
    adding.set_defaults(run=run_partner_add)


def run_partner_add(given: Namespace) -> None:
    new = NewPartner(
        given.code, Role[given.role], given.organisation, given.region, given.scopes, given.name
    )
    run_with_partners(lambda registry: add_partner(registry, new))
    print_stderr(f"{new.code} is a partner. 'python cli.py key issue {new.code}' gives it a key.")


def run_partner_list(given: Namespace) -> None:
    for one in run_with_partners(list_partners):
        held = (
            " ".join(sorted(one.scopes & SCOPES_BY_ROLE[one.role])) if one.enabled else "disabled"
        )
        region = one.region or "-"
        print(f"{one.code:<22} {one.role:<9}{one.organisation:<22} {region:<20} {held}")


def run_partner_switch(given: Namespace) -> None:
    run_with_partners(
        lambda registry: set_partner_enabled(registry, given.code, enabled=given.enabled)
    )
    print_stderr(f"{given.code} is {'enabled' if given.enabled else 'disabled'}.")
