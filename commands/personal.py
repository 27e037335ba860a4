"""`personal`: what the steward does with personal data; docs/personal.md tells when."""

import json
from argparse import ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.marks import declare as declare_marks
from commands.redaction import declare as declare_redaction
from commands.redaction import tell_remains
from commands.registry import (
    NOT_FREED,
    declare_bringing_back,
    in_one,
    known_again,
    on_current,
    seals_of,
)
from feeds.loading import LEFT_OUT, say, say_some
from feeds.personal import read_people
from kit.database import writing
from kit.errors import Problem
from kit.scrub import scrub
from kit.sealed import Seals
from models.personal import Basis, FieldGroup
from resolvers.context import today_in_china
from resolvers.erasing import Erasure, erase, tables_touched
from resolvers.erasure_request import open_requests
from resolvers.legal_basis import Agreed, agree, on_record
from resolvers.personal import VALUES, required
from resolvers.personal_entry import enter_personal
from resolvers.personal_export import whole
from resolvers.personal_marks import leave_out_people
from resolvers.proposal import Problems
from resolvers.retention import expire
from resolvers.rotation import Rotated, rotate
from settings import Settings, read_settings

OPERATOR = "operator"  # who stands in the log for whoever has this command line
NOT_MARKED = (
    "There are no keys (PERSONAL_INDEX_KEYS), so nothing is kept by which a later load would know "
    "the person again: take them out of the files that are loaded."
)


def declare(commands: Any) -> None:
    whole = commands.add_parser("personal", help="personal data: import, export, erase, rotate …")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    importing = actions.add_parser("import", help="enter a file, all of it or nothing")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--for", dest="partner", required=True, metavar="PARTNER")
    declare_bringing_back(importing)
    importing.set_defaults(run=enter)
    exporting = actions.add_parser("export", help="print all that is held about a worker")
    exporting.add_argument("worker", metavar="WORKER")
    exporting.add_argument("--purpose", required=True, help="stands in the access log")
    exporting.set_defaults(run=give)
    erasing = actions.add_parser("erase", help="a worker becomes a stub; there is no way back")
    erasing.add_argument("worker", metavar="WORKER")
    erasing.add_argument("--reason", required=True, help="stands in the access log")
    erasing.set_defaults(run=take_away)
    actions.add_parser("requests", help="who asks to be erased, and how that stands").set_defaults(
        run=list_requests
    )
    rotating = actions.add_parser("rotate", help="seal everything anew with the first keys")
    rotating.set_defaults(run=seal_anew)
    expiring = actions.add_parser("expire", help="take away what was kept long enough")
    expiring.set_defaults(run=take_away_old)
    declare_redaction(actions)
    declare_marks(actions)
    declare_bases(actions.add_parser("basis", help="legal bases of partners: add, list"))


def declare_bases(whole: Any) -> None:
    actions = whole.add_subparsers(dest="step", required=True, metavar="STEP")
    adding = actions.add_parser("add", help="on which basis a partner holds and reads")
    adding.add_argument("--partner", required=True, metavar="CODE")
    adding.add_argument("--group", required=True, choices=[one.value for one in FieldGroup])
    adding.add_argument("--basis", required=True, choices=[one.value for one in Basis])
    adding.add_argument("--agreed-on", required=True, type=day, metavar="YYYY-MM-DD")
    adding.add_argument("--purpose", required=True)
    adding.add_argument(
        "--expires", type=day, metavar="YYYY-MM-DD", help="the first day without it"
    )
    adding.set_defaults(run=add_basis)
    actions.add_parser("list", help="those on record").set_defaults(run=list_bases)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write a day as 2026-01-31.") from None


def keys() -> Seals:
    """Raises Unavailable where there are none."""
    return required(seals_of(read_settings()))


def enter(given: Namespace) -> None:
    problems, seals = Problems(), keys()
    people = read_people(given.file, problems)
    known = known_again(read_settings(), given)

    async def work(connection: AsyncConnection) -> tuple[int, int, list[Problem]]:
        today = today_in_china()
        kept, left_out = await leave_out_people(connection, seals, people, known, today)
        written = await enter_personal(
            connection, seals, kept, given.partner, OPERATOR, today, problems
        )
        return written["PersonalValue"], len(kept), left_out

    values, lines, left_out = in_one(work)
    say_some(LEFT_OUT, left_out)
    say(f"Written: {values} values of {lines} lines.")


def give(given: Namespace) -> None:
    seals = keys()
    found = in_one(
        lambda connection: whole(connection, seals, given.worker, given.purpose, OPERATOR)
    )
    print(json.dumps(found, ensure_ascii=False, indent=2))


def take_away(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> tuple[Erasure, bool]:
        async with writing(engine) as connection:
            erasure = await erase(
                connection, given.worker, given.reason, OPERATOR, seals_of(settings)
            )
        return erasure, await scrub(engine, tables_touched())

    erasure, freed = on_current(work)
    say(f"Erased. What stays is {erasure.stub}, on which {erasure.facts} facts hang.")
    for partner, times in erasure.told.items():
        say(f"Tell {partner}, who has read values in full ({times} times), to erase them as well.")
    if erasure.marks is None:
        say(NOT_MARKED)
    tell_remains(erasure.remains)
    if not freed:
        say(NOT_FREED)


def seal_anew(given: Namespace) -> None:
    seals = keys()

    async def work(engine: AsyncEngine, settings: Settings) -> Rotated:
        return await rotate(engine, seals)

    done = on_current(work)
    say(f"Sealed anew: {done.sealed} values.")
    for key, number in done.older.items():
        say(f"Keep {key} in PERSONAL_INDEX_KEYS: {number} marks of the erased can't be made anew.")
    if done.unopened:
        say(f"{done.unopened} values can't be opened with these keys, and were left as they are.")
    else:
        say(f"All is sealed with {seals.ring.newest}, marked with {seals.index.newest}.")


def take_away_old(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> tuple[int, bool]:
        years = {
            FieldGroup.DOCUMENTS: settings.keep_documents,
            FieldGroup.CONTACT: settings.keep_contact,
            FieldGroup.BIRTH: settings.keep_birth,
            FieldGroup.STUDY: settings.keep_study,
        }
        async with writing(engine) as connection:
            removed = await expire(connection, years, today_in_china(), OPERATOR)
        return removed["PersonalValue"], not removed or await scrub(engine, [VALUES])

    removed, freed = on_current(work)
    say(f"Taken away: {removed} values.")
    if not freed:
        say(NOT_FREED)


def add_basis(given: Namespace) -> None:
    agreed = Agreed(
        given.partner,
        FieldGroup[given.group],
        Basis[given.basis],
        given.agreed_on,
        given.purpose,
        given.expires,
    )
    in_one(lambda connection: agree(connection, agreed, OPERATOR))
    say(f"On record: {given.partner}, {given.group}, {given.basis}.")


def list_bases(given: Namespace) -> None:
    for one in in_one(on_record):
        until = f" until {one.expires}" if one.expires else ""
        held = f"{one.code}  {one.field_group:<10}{one.basis:<16}from {one.agreed_on}{until}"
        print(f"{held}  {one.purpose}")


def list_requests(given: Namespace) -> None:
    for one in in_one(open_requests):
        asked = f"{one.number}  {one.erasure_status:<10}{one.requested_at:%Y-%m-%d}  {one.code}"
        print(f"{asked}  {one.reason}")
