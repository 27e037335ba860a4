"""Names of a person in free text: how they are found and replaced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.text.search_key import fold_for_search, is_chinese, pinyin_syllables
from models import HISTORY_TABLES
from models.history import model_table
from models.worker import Worker

NAME_SEPARATORS = r"\s·•・‧_-"  # may be between two characters or words of a name
OPTIONAL_SEPARATORS = f"[{NAME_SEPARATORS}]*"
MIN_NAME_LENGTH = 2  # letters, digits or characters: a single one occurs in many words
NAME_COLUMNS = ("name", "name_as_published", "name_en", "code", "id")


@dataclass(frozen=True)
class NamePattern:
    """A pattern of names that ignores case, and spaces and signs inside a name.

    A Latin name isn't part of a longer word: `li_na` isn't in `li_nan`, nor `w1` in `w12`.
    """

    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> "NamePattern":
        """Return a pattern with the pinyin of Chinese names too, as in keys and English titles."""
        names = [text for text in texts if text and sum(map(str.isalnum, text)) >= MIN_NAME_LENGTH]
        read = [
            " ".join(pinyin_syllables(fold_for_search(name), person=True))
            for name in names
            if is_chinese(name)
        ]
        # The longest first: where one name contains another, the whole is replaced.
        return cls(tuple(sorted({*names, *read}, key=lambda name: (-len(name), name))))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(name_regex, self.names)), re.IGNORECASE)

    def stand_in(self, text: str | None) -> bool:
        return bool(text and self.names and self.pattern.search(text))

    def replace_in(self, text: str, replacement: str) -> str:
        return self.pattern.sub(lambda _: replacement, text)

    def may_occur_in(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Return an SQL condition that matches all that `stand_in` finds, and a little more."""
        plain = func.lower(column)
        return or_(*(plain.like(like_pattern(name), escape="\\") for name in self.names))


def name_parts(name: str) -> list[str]:
    """Split a name where signs may occur: at Chinese characters, and at signs between words."""
    pieces = [piece for piece in re.split(f"[{NAME_SEPARATORS}]+", name) if piece]
    return [part for piece in pieces for part in (piece if is_chinese(piece) else [piece])]


def name_regex(name: str) -> str:
    parts = name_parts(name)
    inside = OPTIONAL_SEPARATORS.join(
        re.escape(part).replace("v", "(?:v|ü|yu|u)") for part in parts
    )
    return word_boundary(parts[0][0], "(?<!{})") + inside + word_boundary(parts[-1][-1], "(?!{})")


def word_boundary(end: str, look: str) -> str:
    """Return a lookaround: digits after letters start a new word, as the year in `li_na2024`."""
    if not end.isascii() or not end.isalnum():
        return ""
    return look.format("[A-Za-z0-9]" if end.isdigit() else "[A-Za-z]")


def like_pattern(name: str) -> str:
    """Return a LIKE pattern in lower case; databases lower ASCII letters only."""
    parts = ("".join(map(like_character, part)) for part in name_parts(name))
    return f"%{'%'.join(parts)}%"


def like_character(char: str) -> str:
    small = char.lower()
    if small == "v" or (small != char.upper() and not char.isascii()):
        return "%"
    return f"\\{small}" if small in "%_\\" else small


async def read_all_names(connection: AsyncConnection, worker: str) -> dict[str, set[str]]:
    """Return current and former names of a worker, by column."""
    names: dict[str, set[str]] = {name: set() for name in NAME_COLUMNS}
    for table in (model_table(Worker), HISTORY_TABLES[Worker]):
        columns = [table.c[name] for name in NAME_COLUMNS]
        for row in await connection.execute(select(*columns).where(table.c.id == worker)):
            for name, text in row._mapping.items():
                names[name] |= {text} - {None}
    return names


async def read_name_pattern(connection: AsyncConnection, worker: str) -> NamePattern:
    names = await read_all_names(connection, worker)
    return NamePattern.of(text for texts in names.values() for text in texts)
