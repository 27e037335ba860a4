"""`personal marks`: how the erased are known again, kept apart from the registry's backups."""

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commands.registry import in_one, seals_of
from feeds.loading import say
from kit.errors import NotDone
from resolvers.erased_marks import all_marks, keep, people_known_again
from resolvers.personal import required
from settings import read_settings

LINE = re.compile(r"([A-Za-z0-9_-]{1,20}\.[0-9a-f]{64})(?:\t([A-Za-z0-9_.-]{1,80}))?")


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
    keeping.set_defaults(run=take_in)


def take_in(given: Namespace) -> None:
    if given.add is None:
        for mark, key in in_one(all_marks).items():
            print(mark if key is None else f"{mark}\t{key}")
        return
    marks, seals = read_marks(given.add), required(seals_of(read_settings()))

    async def work(connection: AsyncConnection) -> list[str]:
        await keep(connection, marks)
        return await people_known_again(connection, seals)

    codes = in_one(work)
    say(f"{len(marks)} marks.")
    for code in codes:
        say(f"{code} is on record and was erased: erase them again, unless they came back since.")


def read_marks(path: Path) -> dict[str, str | None]:
    """Raises NotDone for what `personal marks` didn't print."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NotDone(f"{path} can't be read.") from None
    found: dict[str, str | None] = {}
    for number, line in enumerate(lines, start=1):
        if (read := LINE.fullmatch(line)) is None:
            raise NotDone(f"{path}, line {number}: is none that `personal marks` has printed.")
        found[read[1]] = read[2]
    return found
