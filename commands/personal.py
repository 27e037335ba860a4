"""`personal`: the steward's work with personal data, described in docs/personal.md."""

import json
from argparse import ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.erasure_marks import declare as declare_marks
from commands.redaction import declare as declare_redaction
from commands.redaction import print_remaining
from commands.registry_session import (
    NOT_SCRUBBED_NOTICE,
    declare_exclusion_options,
    encryption_keys_of,
    exclusion_options,
    run_in_transaction,
    run_on_current,
)
from feeds.importing import SKIPPED_NOTICE, print_problems, print_stderr
from feeds.personal_csv import read_people
from kit.db.engine import write_transaction
from kit.db.secure_delete import purge_deleted
from kit.errors import Problem
from kit.security.encryption import EncryptionKeys
from models.personal import Basis, FieldGroup
from resolvers.core.context import today_in_china
from resolvers.personal.entry import import_personal
from resolvers.personal.erasure import ErasureResult, erase_person, erasure_tables
from resolvers.personal.erasure_request import read_open_requests
from resolvers.personal.import_exclusions import exclude_erased_people
from resolvers.personal.key_rotation import RotationResult, rotate_seals
from resolvers.personal.legal_basis import BasisAgreement, add_legal_basis, list_legal_bases
from resolvers.personal.masked import PERSONAL_VALUES, require_seals
from resolvers.personal.retention import delete_expired_values
from resolvers.personal.subject_access import export_subject
from resolvers.writing.proposal import Problems
from settings import Settings, read_settings

OPERATOR = "operator"  # the reader in the access log for users of this command line
NO_MARKS_NOTICE = (
    "There are no keys (PERSONAL_INDEX_KEYS), so nothing is kept by which a later load would know "
    "the person again: take them out of the files that are loaded."
)


def declare(commands: Any) -> None:
    whole = commands.add_parser("personal", help="personal data: import, export, erase, rotate …")
    actions = whole.add_subparsers(dest="action", required=True, metavar="ACTION")
    importing = actions.add_parser("import", help="enter a file, all of it or nothing")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--for", dest="partner", required=True, metavar="PARTNER")
    declare_exclusion_options(importing)
    importing.set_defaults(run=run_personal_import)
    exporting = actions.add_parser("export", help="print all that is held about a worker")
    exporting.add_argument("worker", metavar="WORKER")
    exporting.add_argument("--purpose", required=True, help="stands in the access log")
    exporting.set_defaults(run=run_personal_export)
    erasing = actions.add_parser("erase", help="a worker becomes a stub; there is no way back")
    erasing.add_argument("worker", metavar="WORKER")
    erasing.add_argument("--reason", required=True, help="stands in the access log")
    erasing.set_defaults(run=run_personal_erase)
    actions.add_parser("requests", help="who asks to be erased, and how that stands").set_defaults(
        run=run_personal_requests
    )
    rotating = actions.add_parser("rotate", help="seal everything anew with the first keys")
    rotating.set_defaults(run=run_personal_rotate)
    expiring = actions.add_parser("expire", help="take away what was kept long enough")
    expiring.set_defaults(run=run_personal_expire)
    declare_redaction(actions)
    declare_marks(actions)
    declare_basis(actions.add_parser("basis", help="legal bases of partners: add, list"))


def declare_basis(whole: Any) -> None:
    actions = whole.add_subparsers(dest="step", required=True, metavar="STEP")
    adding = actions.add_parser("add", help="on which basis a partner holds and reads")
    adding.add_argument("--partner", required=True, metavar="CODE")
    adding.add_argument("--group", required=True, choices=[one.value for one in FieldGroup])
    adding.add_argument("--basis", required=True, choices=[one.value for one in Basis])
    adding.add_argument("--agreed-on", required=True, type=day_argument, metavar="YYYY-MM-DD")
    adding.add_argument("--purpose", required=True)
    adding.add_argument(
        "--expires", type=day_argument, metavar="YYYY-MM-DD", help="the first day without it"
    )
    adding.set_defaults(run=run_basis_add)
    actions.add_parser("list", help="those on record").set_defaults(run=run_basis_list)


def day_argument(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write a day as 2026-01-31.") from None


def required_encryption_keys() -> EncryptionKeys:
    """Return the keys. Raises Unavailable if there are none."""
    return require_seals(encryption_keys_of(read_settings()))


def run_personal_import(given: Namespace) -> None:
    problems, seals = Problems(), required_encryption_keys()
    people = read_people(given.file, problems)
    known = exclusion_options(read_settings(), given)

    async def work(connection: AsyncConnection) -> tuple[int, int, list[Problem]]:
        today = today_in_china()
        kept, left_out = await exclude_erased_people(connection, seals, people, known, today)
        written = await import_personal(
            connection, seals, kept, given.partner, OPERATOR, today, problems
        )
        return written["PersonalValue"], len(kept), left_out

    values, lines, left_out = run_in_transaction(work)
    print_problems(SKIPPED_NOTICE, left_out)
    print_stderr(f"Written: {values} values of {lines} lines.")


def run_personal_export(given: Namespace) -> None:
    seals = required_encryption_keys()
    found = run_in_transaction(
        lambda connection: export_subject(connection, seals, given.worker, given.purpose, OPERATOR)
    )
    print(json.dumps(found, ensure_ascii=False, indent=2))


def run_personal_erase(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> tuple[ErasureResult, bool]:
        async with write_transaction(engine) as connection:
            erasure = await erase_person(
                connection, given.worker, given.reason, OPERATOR, encryption_keys_of(settings)
            )
        return erasure, await purge_deleted(engine, erasure_tables())

    erasure, freed = run_on_current(work)
    print_stderr(f"Erased. What stays is {erasure.stub}, on which {erasure.facts} facts hang.")
    for partner, times in erasure.told.items():
        print_stderr(
            f"Tell {partner}, who has read values in full ({times} times), to erase them as well."
        )
    if erasure.marks is None:
        print_stderr(NO_MARKS_NOTICE)
    print_remaining(erasure.remaining_mentions)
    if not freed:
        print_stderr(NOT_SCRUBBED_NOTICE)


def run_personal_rotate(given: Namespace) -> None:
    seals = required_encryption_keys()

    async def work(engine: AsyncEngine, settings: Settings) -> RotationResult:
        return await rotate_seals(engine, seals)

    done = run_on_current(work)
    print_stderr(f"Sealed anew: {done.sealed} values.")
    for key, number in done.marks_by_older_key.items():
        print_stderr(
            f"Keep {key} in PERSONAL_INDEX_KEYS: {number} marks of the erased can't be made anew."
        )
    if done.unopened:
        print_stderr(
            f"{done.unopened} values can't be opened with these keys, and were left as they are."
        )
    else:
        print_stderr(f"All is sealed with {seals.ring.newest}, marked with {seals.index.newest}.")


def run_personal_expire(given: Namespace) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> tuple[int, bool]:
        years = {
            FieldGroup.DOCUMENTS: settings.keep_documents,
            FieldGroup.CONTACT: settings.keep_contact,
            FieldGroup.BIRTH: settings.keep_birth,
            FieldGroup.STUDY: settings.keep_study,
        }
        async with write_transaction(engine) as connection:
            removed = await delete_expired_values(connection, years, today_in_china(), OPERATOR)
        return removed["PersonalValue"], not removed or await purge_deleted(
            engine, [PERSONAL_VALUES]
        )

    removed, freed = run_on_current(work)
    print_stderr(f"Taken away: {removed} values.")
    if not freed:
        print_stderr(NOT_SCRUBBED_NOTICE)


def run_basis_add(given: Namespace) -> None:
    agreed = BasisAgreement(
        given.partner,
        FieldGroup[given.group],
        Basis[given.basis],
        given.agreed_on,
        given.purpose,
        given.expires,
    )
    run_in_transaction(lambda connection: add_legal_basis(connection, agreed, OPERATOR))
    print_stderr(f"On record: {given.partner}, {given.group}, {given.basis}.")


def run_basis_list(given: Namespace) -> None:
    for one in run_in_transaction(list_legal_bases):
        until = f" until {one.expires}" if one.expires else ""
        held = f"{one.code}  {one.field_group:<10}{one.basis:<16}from {one.agreed_on}{until}"
        print(f"{held}  {one.purpose}")


def run_personal_requests(given: Namespace) -> None:
    for one in run_in_transaction(read_open_requests):
        asked = f"{one.number}  {one.erasure_status:<10}{one.requested_at:%Y-%m-%d}  {one.code}"
        print(f"{asked}  {one.reason}")
