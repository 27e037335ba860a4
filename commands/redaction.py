"""`personal mentions` and `personal redact`: the names of a person in other records."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.registry_session import NOT_SCRUBBED_NOTICE, encryption_keys_of, run_on_current
from feeds.importing import print_stderr
from kit.db.engine import read_transaction, write_transaction
from kit.db.secure_delete import purge_deleted
from kit.errors import CommandFailed
from resolvers.personal.erasure import erasure_tables, find_worker
from resolvers.personal.mentions import Mention, find_mentions
from resolvers.personal.name_pattern import NamePattern, read_name_pattern
from resolvers.personal.redaction import (
    RedactionPlan,
    check_replacement,
    plan_redaction,
    redact_names,
)
from settings import Settings

OPERATOR = "operator"
MAX_LINES = 50
MAX_TEXT_LENGTH = 100  # characters
DRY_RUN_NOTICE = "Nothing was changed. Say --apply to do it; there is no way back."


def declare(actions: Any) -> None:
    listing = actions.add_parser("mentions", help="where the names of a person stand")
    declare_person_arguments(listing)
    listing.set_defaults(run=run_personal_mentions)
    taking_out = actions.add_parser("redact", help="take the names out there; a dry run at first")
    declare_person_arguments(taking_out)
    taking_out.add_argument("--replacement", required=True, metavar="TEXT")
    where = taking_out.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--in",
        dest="places",
        action="append",
        metavar="TABLE/RECORD",
        help="as `mentions` lists them; may be said several times",
    )
    where.add_argument("--everywhere", action="store_true", help="wherever `mentions` lists them")
    taking_out.add_argument("--apply", action="store_true", help="do it")
    taking_out.set_defaults(run=run_personal_redact)


def declare_person_arguments(words: Any) -> None:
    words.add_argument("worker", nargs="?", metavar="WORKER", help="whose names; or say --text")
    words.add_argument(
        "--text",
        dest="texts",
        action="append",
        default=[],
        metavar="NAME",
        help="a name of somebody who is erased already, or another spelling",
    )


async def names_to_redact(connection: AsyncConnection, given: Namespace) -> NamePattern:
    """Return the names to find. Raises BadInput for an unknown worker, CommandFailed if none."""
    names = list(given.texts)
    if given.worker is not None:
        person = await find_worker(connection, given.worker)
        names += (await read_name_pattern(connection, person.id)).names
    naming = NamePattern.of(names)
    if not naming.names:
        raise CommandFailed("Name a worker, or say --text with a name of two characters or more.")
    return naming


def run_personal_mentions(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> list[Mention]:
        async with read_transaction(engine) as connection:
            return await find_mentions(connection, await names_to_redact(connection, given))

    found = run_on_current(work)
    for mention in found:
        print("\t".join((mention.place, mention.table, mention.column, single_line(mention.text))))
    print_stderr(f"{len(found)} places.")


def single_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MAX_TEXT_LENGTH else f"{plain[:MAX_TEXT_LENGTH]}…"


def run_personal_redact(given: Namespace) -> None:
    places = None if given.everywhere else given.places

    async def work(engine: AsyncEngine, settings: Settings) -> tuple[RedactionPlan, bool]:
        if not given.apply:
            async with read_transaction(engine) as connection:
                naming = await names_to_redact(connection, given)
                check_replacement(given.replacement, naming)
                return plan_redaction(await find_mentions(connection, naming), places), True
        seals = encryption_keys_of(settings)
        async with write_transaction(engine) as connection:
            naming = await names_to_redact(connection, given)
            plan = await redact_names(
                connection, naming, places, given.replacement, seals, OPERATOR
            )
        return plan, await purge_deleted(engine, erasure_tables())

    plan, freed = run_on_current(work)
    print_redaction(plan)
    if not given.apply:
        print_stderr(DRY_RUN_NOTICE)
    elif not freed:
        print_stderr(NOT_SCRUBBED_NOTICE)


def print_redaction(plan: RedactionPlan) -> None:
    records = {mention.place for mention in plan.touched}
    print_stderr(f"Taken out of {len(plan.touched)} texts of {len(records)} records:")
    for line in first_lines([f"{one.place} {one.table}.{one.column}" for one in plan.touched]):
        print_stderr(f"  {line}")
    print_remaining(plan.left)


def print_remaining(remains: Sequence[Mention]) -> None:
    """Print the records that still mention a name, each once."""
    for line in first_lines(list(dict.fromkeys(map(remaining_message, remains)))):
        print_stderr(line)


def remaining_message(mention: Mention) -> str:
    where = f"One of the names still stands in {mention.place}"
    if mention.is_own_name:
        return f"{where}, as what a worker goes by: see whether it is this person."
    if mention.table == "access_log":
        return f"{where}, in which nothing can be changed."
    return f"{where}: see whether it is this person's."


def first_lines(lines: Sequence[str]) -> Iterable[str]:
    yield from lines[:MAX_LINES]
    if len(lines) > MAX_LINES:
        yield f"… and {len(lines) - MAX_LINES} more."
