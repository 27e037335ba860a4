"""The content of a report, independent of its format: titled tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kit.i18n import Message

# A Message is written in the report's language.
SheetCell = str | int | float | Decimal | bool | Message | None


@dataclass(frozen=True)
class ReportSheet:
    """A table. `title` names the workbook's sheet: at most 31 characters, none of []:*?/\\."""

    title: Message
    columns: Sequence[Message]
    rows: Sequence[Sequence[SheetCell]]


@dataclass(frozen=True)
class ReportWorkbook:
    """A report in one language.

    `about` precedes the tables: filter, viewer, time, version and sources. `notice`, a name and a
    text, follows it. In CSV the notice takes the first separator line, which is otherwise empty, so
    that all other lines keep their numbers.
    """

    title: str
    about: Sequence[tuple[str, str]]
    sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[SheetCell]]]]
    notice: tuple[str, str] | None = None
