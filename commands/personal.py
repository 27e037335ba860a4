"""`personal`: the steward's work with personal data, described in docs/personal.md."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.declaring import chosen_language
from commands.redaction import print_remaining
from commands.registry_session import (
    NOT_SCRUBBED_NOTICE,
    encryption_keys_of,
    exclusion_options,
    run_in_transaction,
    run_on_current,
    say,
)
from feeds.importing import SKIPPED_NOTICE, print_problems
from feeds.personal_csv import read_people
from kit.db.engine import write_transaction
from kit.db.secure_delete import purge_deleted
from kit.errors import Problem
from kit.i18n import Message
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
NO_MARKS_NOTICE = Message(
    "There are no keys (PERSONAL_INDEX_KEYS), so nothing is kept by which a later load would know "
    "the person again: take them out of the files that are loaded.",
    "没有密钥（PERSONAL_INDEX_KEYS），因此没有保存任何可在以后导入时认出此人的标记："
    "请将其从所导入的文件中删去。",
)


def required_encryption_keys() -> EncryptionKeys:
    """Return the keys. Raises Unavailable if there are none."""
    return require_seals(encryption_keys_of(read_settings()))


def import_file(file: Path, partner: str, brought_back: Sequence[str], without_marks: bool) -> None:
    problems, seals = Problems(), required_encryption_keys()
    people = read_people(file, problems)
    known = exclusion_options(read_settings(), brought_back, without_marks)

    async def work(connection: AsyncConnection) -> tuple[int, int, list[Problem]]:
        today = today_in_china()
        kept, left_out = await exclude_erased_people(connection, seals, people, known, today)
        written = await import_personal(connection, seals, kept, partner, OPERATOR, today, problems)
        return written["PersonalValue"], len(kept), left_out

    values, lines, left_out = run_in_transaction(work)
    print_problems(SKIPPED_NOTICE, left_out, chosen_language())
    say(
        Message(
            f"Written: {values} values of {lines} lines.", f"已写入：{lines} 行中的 {values} 个值。"
        )
    )


def export_worker(worker: str, purpose: str) -> None:
    seals = required_encryption_keys()
    exported = run_in_transaction(
        lambda connection: export_subject(connection, seals, worker, purpose, OPERATOR)
    )
    print(json.dumps(exported, ensure_ascii=False, indent=2))


def erase(worker: str, reason: str) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> tuple[ErasureResult, bool]:
        async with write_transaction(engine) as connection:
            erasure = await erase_person(
                connection, worker, reason, OPERATOR, encryption_keys_of(settings)
            )
        return erasure, await purge_deleted(engine, erasure_tables())

    erasure, freed = run_on_current(work)
    say(
        Message(
            f"Erased. {erasure.stub} remains, with {erasure.facts} facts.",
            f"已删除。所余存根为 {erasure.stub}，有 {erasure.facts} 条事实与之相连。",
        )
    )
    for partner, times in erasure.told.items():
        say(
            Message(
                f"Tell {partner}, who read values in full ({times} times), to erase them as well.",
                f"请告知 {partner} 一并删除：其曾读取完整内容（{times} 次）。",
            )
        )
    if erasure.marks is None:
        say(NO_MARKS_NOTICE)
    print_remaining(erasure.remaining_mentions)
    if not freed:
        say(NOT_SCRUBBED_NOTICE)


def rotate() -> None:
    seals = required_encryption_keys()

    async def work(engine: AsyncEngine, settings: Settings) -> RotationResult:
        return await rotate_seals(engine, seals)

    done = run_on_current(work)
    say(Message(f"Sealed anew: {done.sealed} values.", f"已重新加密：{done.sealed} 个值。"))
    for key, number in done.marks_by_older_key.items():
        say(
            Message(
                f"Keep {key} in PERSONAL_INDEX_KEYS: {number} marks of erased people can't be "
                "made again.",
                f"请在 PERSONAL_INDEX_KEYS 中保留 {key}：有 {number} 个已删除人员的标记无法重制。",
            )
        )
    if done.unopened:
        say(
            Message(
                f"{done.unopened} values can't be opened with these keys, and were left as they "
                "are.",
                f"{done.unopened} 个值无法以这些密钥解密，保持原样。",
            )
        )
    else:
        newest, index = seals.ring.newest, seals.index.newest
        say(
            Message(
                f"All is sealed with {newest}, marked with {index}.",
                f"全部以 {newest} 加密，以 {index} 标记。",
            )
        )


def expire() -> None:
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
    say(Message(f"Taken away: {removed} values.", f"已删除：{removed} 个值。"))
    if not freed:
        say(NOT_SCRUBBED_NOTICE)


def add_basis(
    partner: str, group: str, basis: str, agreed_on: date, purpose: str, expires: date | None
) -> None:
    agreed = BasisAgreement(partner, FieldGroup[group], Basis[basis], agreed_on, purpose, expires)
    run_in_transaction(lambda connection: add_legal_basis(connection, agreed, OPERATOR))
    say(
        Message(
            f"On record: {partner}, {group}, {basis}.", f"已登记：{partner}、{group}、{basis}。"
        )
    )


def list_bases() -> None:
    for one in run_in_transaction(list_legal_bases):
        until = f" until {one.expires}" if one.expires else ""
        held = f"{one.code}  {one.field_group:<10}{one.basis:<16}from {one.agreed_on}{until}"
        print(f"{held}  {one.purpose}")


def list_requests() -> None:
    for one in run_in_transaction(read_open_requests):
        asked = f"{one.number}  {one.erasure_status:<10}{one.requested_at:%Y-%m-%d}  {one.code}"
        print(f"{asked}  {one.reason}")
