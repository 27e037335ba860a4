"""What a report holds before it is a workbook or a text: titled tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kit.language import Message

# A sentence is said in the language asked.
SheetCell = str | int | float | Decimal | bool | Message | None


@dataclass(frozen=True)
class ReportSheet:
    """`title` names a workbook's sheet: 31 characters at most, none of []:*?/\\."""

    title: Message
    columns: Sequence[Message]
    rows: Sequence[Sequence[SheetCell]]


@dataclass(frozen=True)
class ReportWorkbook:
    """`about` is told before the tables: what it is, for whom, when, of what.

    `notice`, a name and a text, is told after it; in a text on the line that is empty otherwise, so
    that whoever reads it by line finds all else where it was.
    """

    title: str
    about: Sequence[tuple[str, str]]
    sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[SheetCell]]]]
    notice: tuple[str, str] | None = None
