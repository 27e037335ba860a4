"""`partner`: who asks with a name."""

from argparse import ArgumentParser, Namespace
from typing import Any

from commands.registry import among_partners
from commands.words import scopes_of
from feeds.loading import say
from models.partner import ALLOWED, Role
from resolvers.partner import NewPartner, add, allow, listed


def declare(commands: Any) -> None:
    whole = commands.add_parser("partner", help="partners: add, list, disable, enable")
    subjects = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    declare_add(subjects.add_parser("add", help="an organisation on record, under a code"))
    subjects.add_parser("list", help="all of them").set_defaults(run=show)
    for word, enabled in (("disable", False), ("enable", True)):
        told = "its keys and tokens are refused" if not enabled else "they are good again"
        switching = subjects.add_parser(word, help=told)
        switching.add_argument("code", metavar="PARTNER")
        switching.set_defaults(run=switch, enabled=enabled)


def declare_add(adding: ArgumentParser) -> None:
    adding.add_argument("code", metavar="CODE")
    adding.add_argument("--role", required=True, choices=[role.value for role in Role])
    adding.add_argument("--organisation", required=True, metavar="CODE")
    adding.add_argument("--region", metavar="CODE", help="of a union; its organisation's unasked")
    adding.add_argument("--scopes", type=scopes_of, metavar="A,B", help="all of its role unasked")
    adding.add_argument("--name", help="its organisation's unasked")
    adding.set_defaults(run=enter)


def enter(given: Namespace) -> None:
    new = NewPartner(
        given.code, Role[given.role], given.organisation, given.region, given.scopes, given.name
    )
    among_partners(lambda registry: add(registry, new))
    say(f"{new.code} is a partner. 'python cli.py key issue {new.code}' gives it a key.")


def show(given: Namespace) -> None:
    for one in among_partners(listed):
        held = " ".join(sorted(one.scopes & ALLOWED[one.role])) if one.enabled else "disabled"
        region = one.region or "-"
        print(f"{one.code:<22} {one.role:<9}{one.organisation:<22} {region:<20} {held}")


def switch(given: Namespace) -> None:
    among_partners(lambda registry: allow(registry, given.code, enabled=given.enabled))
    say(f"{given.code} is {'enabled' if given.enabled else 'disabled'}.")
