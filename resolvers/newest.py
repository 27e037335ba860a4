"""Pages of what isn't a kind: rows of one table with a number of their own, the newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from engine.page import Asked, Page
from engine.reader import Load, Place, Reader
from kit.cursor import NOT_OURS, read_cursor, write_cursor
from kit.errors import BadInput

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, eq=False, slots=True)
class Newest:
    """`made` turns a row into what is given; `number` is the table's column of that name."""

    name: str
    table: Table
    where: ColumnElement[bool]
    made: Callable[[Any], Any]
    asked: Asked

    async def page(self, reader: Reader, here: Place) -> Page:
        # The fields of one connection share its page.
        page: Page = await reader.loader(here, self, load_pages, reader).load(self)
        return page

    async def count(self, reader: Reader, here: Place) -> int:
        counted = select(func.count()).select_from(self.table).where(self.where)
        [(number,)] = await reader.all(counted)
        return int(number)

    async def read(self, reader: Reader) -> Page:
        asked = self.asked
        rows = list(await reader.all(self.select()))
        more, kept = len(rows) > asked.size, rows[: asked.size]
        if asked.backward:
            kept.reverse()
        behind = asked.cursor is not None
        following, preceding = (behind, more) if asked.backward else (more, behind)
        cursors = [write_cursor(self.name, [row.number]) for row in kept]
        return Page([self.made(row) for row in kept], cursors, following, preceding)

    def select(self) -> Select[Any]:
        """One beyond the page tells that more follow."""
        number, backward = self.table.c.number, self.asked.backward
        query = select(self.table).where(self.where).limit(self.asked.size + 1)
        if self.asked.cursor is not None:
            bound = number_at(self.asked.cursor, self.name)
            query = query.where(number > bound if backward else number < bound)
        return query.order_by(number.asc() if backward else number.desc())


def load_pages(reader: Reader) -> Load:
    async def load(lists: list[Newest]) -> list[Page]:
        return [await one.read(reader) for one in lists]

    return load


def number_at(cursor: str, name: str) -> int:
    """Raises BadInput for what is no cursor of this list."""
    [number] = read_cursor(cursor, name, 1)
    if type(number) is not int or not 0 < number <= LARGEST_NUMBER:
        raise BadInput(*NOT_OURS)
    return number
