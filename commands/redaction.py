"""`personal mentions` and `personal redact`: the names of a person in other records."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.registry_session import NOT_SCRUBBED_NOTICE, encryption_keys_of, run_on_current, say
from kit.db.engine import read_transaction, write_transaction
from kit.db.secure_delete import purge_deleted
from kit.errors import CommandFailed
from kit.i18n import Message
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
DRY_RUN_NOTICE = Message(
    "Nothing was changed. Say --apply to do it; there is no way back.",
    "未作任何改动。加 --apply 才会执行；不可恢复。",
)


async def names_to_redact(
    connection: AsyncConnection, worker: str | None, texts: Sequence[str]
) -> NamePattern:
    """Return the names to find. Raises BadInput for an unknown worker, CommandFailed if none."""
    names = list(texts)
    if worker is not None:
        person = await find_worker(connection, worker)
        names += (await read_name_pattern(connection, person.id)).names
    naming = NamePattern.of(names)
    if not naming.names:
        raise CommandFailed(
            "Name a worker, or say --text with a name of two characters or more.",
            "请指明人员，或以 --text 给出两个字以上的姓名。",
        )
    return naming


def list_mentions(worker: str | None, texts: Sequence[str]) -> None:
    async def work(engine: AsyncEngine, settings: Settings) -> list[Mention]:
        async with read_transaction(engine) as connection:
            names = await names_to_redact(connection, worker, texts)
            return await find_mentions(connection, names)

    found = run_on_current(work)
    for mention in found:
        print("\t".join((mention.place, mention.table, mention.column, single_line(mention.text))))
    say(Message(f"{len(found)} places.", f"{len(found)} 处。"))


def single_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MAX_TEXT_LENGTH else f"{plain[:MAX_TEXT_LENGTH]}…"


def redact(
    worker: str | None,
    texts: Sequence[str],
    replacement: str,
    places: Sequence[str],
    everywhere: bool,
    apply: bool,
) -> None:
    chosen = None if everywhere else places

    async def work(engine: AsyncEngine, settings: Settings) -> tuple[RedactionPlan, bool]:
        if not apply:
            async with read_transaction(engine) as connection:
                naming = await names_to_redact(connection, worker, texts)
                check_replacement(replacement, naming)
                return plan_redaction(await find_mentions(connection, naming), chosen), True
        seals = encryption_keys_of(settings)
        async with write_transaction(engine) as connection:
            naming = await names_to_redact(connection, worker, texts)
            plan = await redact_names(connection, naming, chosen, replacement, seals, OPERATOR)
        return plan, await purge_deleted(engine, erasure_tables())

    plan, freed = run_on_current(work)
    print_redaction(plan)
    if not apply:
        say(DRY_RUN_NOTICE)
    elif not freed:
        say(NOT_SCRUBBED_NOTICE)


def print_redaction(plan: RedactionPlan) -> None:
    texts, records = len(plan.touched), len({mention.place for mention in plan.touched})
    say(
        Message(
            f"Taken out of {texts} texts of {records} records:",
            f"已从 {records} 条记录的 {texts} 处文字中隐去：",
        )
    )
    lines = [f"  {item.place} {item.table}.{item.column}" for item in plan.touched]
    print_first([Message(line, line) for line in lines], indent="  ")
    print_remaining(plan.left)


def print_remaining(remains: Sequence[Mention]) -> None:
    """Print the records that still mention a name, each once."""
    print_first(list(dict.fromkeys(map(remaining_message, remains))))


def remaining_message(mention: Mention) -> Message:
    where = f"One of the names is still in {mention.place}"
    place = f"{mention.place} 中仍有其姓名之一"
    if mention.is_own_name:
        return Message(
            f"{where}, as what a worker goes by: see whether it is this person.",
            f"{place}，是某人员的名称：请查看是否即此人。",
        )
    if mention.table == "access_log":
        return Message(f"{where}, in which nothing can be changed.", f"{place}，其中内容不可更改。")
    return Message(f"{where}: see whether it is this person's.", f"{place}：请查看是否属于此人。")


def print_first(lines: Sequence[Message], indent: str = "") -> None:
    for line in lines[:MAX_LINES]:
        say(line)
    if (more := len(lines) - MAX_LINES) > 0:
        say(Message(f"{indent}… and {more} more.", f"{indent}……另有 {more} 项。"))
