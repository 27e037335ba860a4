"""`personal marks`: the marks of erased persons, exported apart from backups, and imported."""

import re
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from commands.registry_session import encryption_keys_of, run_in_transaction, say
from kit.errors import CommandFailed
from kit.i18n import Message
from resolvers.personal.erased_marks import find_marked_people, insert_marks, read_erased_marks
from resolvers.personal.masked import require_seals
from settings import read_settings

MARK_LINE = re.compile(r"([A-Za-z0-9_-]{1,20}\.[0-9a-f]{64})(?:\t([A-Za-z0-9_.-]{1,80}))?")


def marks(add: Path | None) -> None:
    if add is None:
        for mark, key in run_in_transaction(read_erased_marks).items():
            print(mark if key is None else f"{mark}\t{key}")
        return
    taken, seals = read_marks(add), require_seals(encryption_keys_of(read_settings()))

    async def work(connection: AsyncConnection) -> list[str]:
        await insert_marks(connection, taken)
        return await find_marked_people(connection, seals)

    codes = run_in_transaction(work)
    say(Message(f"{len(taken)} marks.", f"{len(taken)} 个标记。"))
    for code in codes:
        say(
            Message(
                f"{code} is on record and was erased: erase them again, unless they came back "
                "since.",
                f"{code} 在册，而曾被删除：请再次删除，除非其后已重新录入。",
            )
        )


def read_marks(path: Path) -> dict[str, str | None]:
    """Return marks with their keys. Raises CommandFailed if `personal marks` didn't print them."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CommandFailed(f"{path} can't be read.", f"无法读取 {path}。") from None
    marks: dict[str, str | None] = {}
    for number, line in enumerate(lines, start=1):
        if (read := MARK_LINE.fullmatch(line)) is None:
            raise CommandFailed(
                f"{path}, line {number}: is none that `personal marks` has printed.",
                f"{path} 第 {number} 行：不是 `personal marks` 所输出的标记。",
            )
        marks[read[1]] = read[2]
    return marks
