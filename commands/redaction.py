"""`personal mentions` and `redact`: a name where others are called by it, or are written about."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.registry import NOT_FREED, on_current, seals_of
from feeds.loading import say
from kit.database import reading, writing
from kit.errors import NotDone
from kit.scrub import scrub
from resolvers.erasing import person_named, tables_touched
from resolvers.mentions import Mention, mentions
from resolvers.naming import Naming, naming_of
from resolvers.redacting import Plan, checked, planned, redact
from settings import Settings

OPERATOR = "operator"
MOST_TOLD = 50
SHOWN = 100  # characters of a text
DRY = "Nothing was changed. Say --apply to do it; there is no way back."


def declare(actions: Any) -> None:
    listing = actions.add_parser("mentions", help="where the names of a person stand")
    name_somebody(listing)
    listing.set_defaults(run=list_mentions)
    taking_out = actions.add_parser("redact", help="take the names out there; a dry run at first")
    name_somebody(taking_out)
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
    taking_out.set_defaults(run=take_out)


def name_somebody(words: Any) -> None:
    words.add_argument("worker", nargs="?", metavar="WORKER", help="whose names; or say --text")
    words.add_argument(
        "--text",
        dest="texts",
        action="append",
        default=[],
        metavar="NAME",
        help="a name of somebody who is erased already, or another spelling",
    )


async def meant(connection: AsyncConnection, given: Namespace) -> Naming:
    """Raises BadInput for an unknown worker, NotDone where nobody is named."""
    names = list(given.texts)
    if given.worker is not None:
        person = await person_named(connection, given.worker)
        names += (await naming_of(connection, person.id)).names
    naming = Naming.of(names)
    if not naming.names:
        raise NotDone("Name a worker, or say --text with a name of two characters or more.")
    return naming


def list_mentions(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> list[Mention]:
        async with reading(engine) as connection:
            return await mentions(connection, await meant(connection, given))

    found = on_current(work)
    for mention in found:
        print("\t".join((mention.place, mention.table, mention.column, one_line(mention.text))))
    say(f"{len(found)} places.")


def one_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


def take_out(given: Namespace) -> None:
    places = None if given.everywhere else given.places

    async def work(engine: AsyncEngine, settings: Settings) -> tuple[Plan, bool]:
        if not given.apply:
            async with reading(engine) as connection:
                naming = await meant(connection, given)
                checked(given.replacement, naming)
                return planned(await mentions(connection, naming), places), True
        seals = seals_of(settings)
        async with writing(engine) as connection:
            naming = await meant(connection, given)
            plan = await redact(connection, naming, places, given.replacement, seals, OPERATOR)
        return plan, await scrub(engine, tables_touched())

    plan, freed = on_current(work)
    tell(plan)
    if not given.apply:
        say(DRY)
    elif not freed:
        say(NOT_FREED)


def tell(plan: Plan) -> None:
    records = {mention.place for mention in plan.touched}
    say(f"Taken out of {len(plan.touched)} texts of {len(records)} records:")
    for line in cut([f"{one.place} {one.table}.{one.column}" for one in plan.touched]):
        say(f"  {line}")
    tell_remains(plan.left)


def tell_remains(remains: Sequence[Mention]) -> None:
    """Where a name still stands: for each record once."""
    for line in cut(list(dict.fromkeys(map(still, remains)))):
        say(line)


def still(mention: Mention) -> str:
    where = f"One of the names still stands in {mention.place}"
    if mention.of_a_person:
        return f"{where}, as what a worker goes by: see whether it is this person."
    if mention.table == "access_log":
        return f"{where}, in which nothing can be changed."
    return f"{where}: see whether it is this person's."


def cut(lines: Sequence[str]) -> Iterable[str]:
    yield from lines[:MOST_TOLD]
    if len(lines) > MOST_TOLD:
        yield f"… and {len(lines) - MOST_TOLD} more."
