"""The names by which a person may stand in somebody's text, and how they are found and replaced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.spelling import is_chinese, spelt, spoken
from models import TWINS, Worker
from models.history import stored

SIGNS = r"\s·•・‧_-"  # that may stand between two characters or words of a name
BETWEEN = f"[{SIGNS}]*"
SHORTEST = 2  # letters, digits or characters: a single one stands in many words
GOES_BY = ("name", "name_as_published", "name_en", "code", "id")


@dataclass(frozen=True)
class Naming:
    """Spaces and signs inside a name, and letters' case, count for nothing.

    A name of letters is no part of a longer word: `li_na` isn't in `li_nan`, nor `w1` in `w12`.
    """

    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> "Naming":
        """With the pinyin of Chinese names, which keys and English titles are made of."""
        known = [text for text in texts if text and sum(map(str.isalnum, text)) >= SHORTEST]
        read = [" ".join(spoken(spelt(name), person=True)) for name in known if is_chinese(name)]
        # The longest first: where one name stands inside another, the whole is replaced.
        return cls(tuple(sorted({*known, *read}, key=lambda name: (-len(name), name))))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(spelled, self.names)), re.IGNORECASE)

    def stand_in(self, text: str | None) -> bool:
        return bool(text and self.names and self.pattern.search(text))

    def replaced(self, text: str, replacement: str) -> str:
        return self.pattern.sub(lambda _: replacement, text)

    def may_stand_in(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """For what the database reads beforehand: whatever `stand_in` finds, and some more."""
        plain = func.lower(column)
        return or_(*(plain.like(loosely(name), escape="\\") for name in self.names))


def parts_of(name: str) -> list[str]:
    """Where signs may stand in between: at every Chinese character, at signs among letters."""
    words = [word for word in re.split(f"[{SIGNS}]+", name) if word]
    return [part for word in words for part in (word if is_chinese(word) else [word])]


def spelled(name: str) -> str:
    parts = parts_of(name)
    inside = BETWEEN.join(re.escape(part).replace("v", "(?:v|ü|yu|u)") for part in parts)
    return bounded(parts[0][0], "(?<!{})") + inside + bounded(parts[-1][-1], "(?!{})")


def bounded(end: str, look: str) -> str:
    """Digits after letters begin something new, as the year does in `li_na2024`."""
    if not end.isascii() or not end.isalnum():
        return ""
    return look.format("[A-Za-z0-9]" if end.isdigit() else "[A-Za-z]")


def loosely(name: str) -> str:
    """As LIKE takes it; databases make only the letters of ASCII small."""
    found = ("".join(map(any_case, part)) for part in parts_of(name))
    return f"%{'%'.join(found)}%"


def any_case(char: str) -> str:
    small = char.lower()
    if small == "v" or (small != char.upper() and not char.isascii()):
        return "%"
    return f"\\{small}" if small in "%_\\" else small


async def went_by(connection: AsyncConnection, worker: str) -> dict[str, set[str]]:
    """What a worker goes by or went by, by column, as history tells it."""
    found: dict[str, set[str]] = {name: set() for name in GOES_BY}
    for table in (stored(Worker), TWINS[Worker]):
        columns = [table.c[name] for name in GOES_BY]
        for row in await connection.execute(select(*columns).where(table.c.id == worker)):
            for name, text in row._mapping.items():
                found[name] |= {text} - {None}
    return found


async def naming_of(connection: AsyncConnection, worker: str) -> Naming:
    known = await went_by(connection, worker)
    return Naming.of(text for texts in known.values() for text in texts)
