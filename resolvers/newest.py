"""Pages of what isn't a kind: rows in an order of their own, the newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, tuple_

from engine.page import Asked, Page
from engine.reader import Load, Place, Reader
from kit.columns import Moment
from kit.cursor import NOT_OURS, read_cursor, write_cursor
from kit.errors import BadInput

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, eq=False, slots=True)
class Newest:
    """`made` turns a row into what is given; `order` names columns in which no two rows are equal.

    Cursors hold these columns: they tell nothing that the rows don't.
    """

    name: str
    table: FromClause
    where: ColumnElement[bool]
    order: Sequence[str]
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
        return Page(
            [self.made(row) for row in kept], [*map(self.cursor, kept)], following, preceding
        )

    def cursor(self, row: Any) -> str:
        return write_cursor(self.name, [getattr(row, name) for name in self.order])

    def select(self) -> Select[Any]:
        """One beyond the page tells that more follow. Raises BadInput for another list's cursor."""
        backward, columns = self.asked.backward, [self.table.c[name] for name in self.order]
        query = select(self.table).where(self.where).limit(self.asked.size + 1)
        if self.asked.cursor is not None:
            held = read_cursor(self.asked.cursor, self.name, len(columns))
            here, bound = tuple_(*columns), tuple_(*map(value_of, columns, held))
            query = query.where(here > bound if backward else here < bound)
        return query.order_by(*(one.asc() if backward else one.desc() for one in columns))


def load_pages(reader: Reader) -> Load:
    async def load(lists: list[Newest]) -> list[Page]:
        return [await one.read(reader) for one in lists]

    return load


def value_of(column: ColumnElement[Any], held: Any) -> Any:
    """Raises BadInput for a forged one."""
    if isinstance(column.type, Moment):
        try:
            return datetime.fromisoformat(held).astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(*NOT_OURS) from error
    if type(held) is not int or not 0 < held <= LARGEST_NUMBER:
        raise BadInput(*NOT_OURS)
    return held
