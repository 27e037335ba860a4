"""`log`: whether the access log is the one that was written."""

from argparse import ArgumentTypeError, Namespace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry import on_registry
from feeds.loading import prepare, say
from kit.database import reading
from kit.errors import NotDone
from resolvers.access_log import Verdict, verify
from settings import read_settings


class Tampered(NotDone):
    code = "TAMPERED"


def declare(commands: Any) -> None:
    whole = commands.add_parser("log", help="the access log of personal data: verify")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    verifying = actions.add_parser("verify", help="find a changed, missing or reordered entry")
    verifying.add_argument(
        "--head",
        type=pinned,
        metavar="NUMBER:HASH",
        help="as it was printed before: finds a tail that was cut off, and a log written anew",
    )
    verifying.set_defaults(run=walk)


def pinned(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(digest) == 64):
        raise ArgumentTypeError("is a number and a hash, as this command prints them.")
    return int(number), digest


def walk(given: Namespace) -> None:
    async def work(engine: AsyncEngine) -> Verdict:
        await prepare(engine)
        async with reading(engine) as connection:
            return await verify(connection, given.head)

    found = on_registry(read_settings(), work)
    if found.wrong:
        raise Tampered(f"The access log isn't what was written: {found.wrong}")
    say(f"{found.entries} entries, each follows on the one before. Note the last elsewhere:")
    print(f"{found.entries}:{found.head}")
