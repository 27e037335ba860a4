"""`log`: verify the access log's hash chain."""

from argparse import ArgumentTypeError, Namespace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry_session import run_on_registry
from feeds.importing import prepare_registry, print_stderr
from kit.db.engine import read_transaction
from kit.errors import CommandFailed
from resolvers.personal.access_log import LogVerification, verify_log
from settings import read_settings


class TamperedLog(CommandFailed):
    code = "TAMPERED"


def declare(commands: Any) -> None:
    whole = commands.add_parser("log", help="the access log of personal data: verify")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    verifying = actions.add_parser("verify", help="find a changed, missing or reordered entry")
    verifying.add_argument(
        "--head",
        type=log_head,
        metavar="NUMBER:HASH",
        help="as it was printed before: finds a tail that was cut off, and a log written anew",
    )
    verifying.set_defaults(run=run_log_verify)


def log_head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(digest) == 64):
        raise ArgumentTypeError("is a number and a hash, as this command prints them.")
    return int(number), digest


def run_log_verify(given: Namespace) -> None:
    async def work(engine: AsyncEngine) -> LogVerification:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await verify_log(connection, given.head)

    found = run_on_registry(read_settings(), work)
    if found.wrong:
        raise TamperedLog(f"The access log isn't what was written: {found.wrong}")
    print_stderr(
        f"{found.entries} entries, each follows on the one before. Note the last elsewhere:"
    )
    print(f"{found.entries}:{found.head}")
