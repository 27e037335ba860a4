"""`personal marks`: the marks of erased persons, exported apart from backups, and imported."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commands.registry_session import encryption_keys_of, run_in_transaction
from feeds.importing import print_stderr
from kit.errors import CommandFailed
from resolvers.personal.erased_marks import find_marked_people, insert_marks, read_erased_marks
from resolvers.personal.masked import require_seals
from settings import read_settings

MARK_LINE = re.compile(r"([A-Za-z0-9_-]{1,20}\.[0-9a-f]{64})(?:\t([A-Za-z0-9_.-]{1,80}))?")


def declare(actions: Any) -> None:
    keeping = actions.add_parser(
        "marks", help="print the marks of the erased, to be kept apart from backups"
    )
    keeping.add_argument(
        "--add",
        type=Path,
        metavar="FILE",
        help="after a backup was restored: take such marks in, and name who has to be erased again",
    )
    keeping.set_defaults(run=run_personal_marks)


def run_personal_marks(given: Namespace) -> None:
    if given.add is None:
        for mark, key in run_in_transaction(read_erased_marks).items():
            print(mark if key is None else f"{mark}\t{key}")
        return
    marks, seals = read_marks(given.add), require_seals(encryption_keys_of(read_settings()))

    async def work(connection: AsyncConnection) -> list[str]:
        await insert_marks(connection, marks)
        return await find_marked_people(connection, seals)

    codes = run_in_transaction(work)
    print_stderr(f"{len(marks)} marks.")
    for code in codes:
        print_stderr(
            f"{code} is on record and was erased: erase them again, unless they came back since."
        )


def read_marks(path: Path) -> dict[str, str | None]:
    """Return marks with their keys. Raises CommandFailed if `personal marks` didn't print them."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CommandFailed(f"{path} can't be read.") from None
    found: dict[str, str | None] = {}
    for number, line in enumerate(lines, start=1):
        if (read := MARK_LINE.fullmatch(line)) is None:
            raise CommandFailed(
                f"{path}, line {number}: is none that `personal marks` has printed."
            )
        found[read[1]] = read[2]
    return found
