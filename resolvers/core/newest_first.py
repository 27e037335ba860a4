"""Pages of rows that aren't a kind, newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, tuple_

from engine.loaders import BatchLoad, FieldPath, RequestLoaders
from engine.sql.arguments import ConnectionArguments, Page, PageWindow
from kit.db.column_types import UtcDateTime
from kit.errors import BadInput
from kit.relay.cursor import INVALID_CURSOR, decode_cursor, encode_cursor, positive_number


@dataclass(frozen=True, eq=False, slots=True)
class NewestFirst:
    """A list of rows, newest first.

    `made` converts a row; `order` names columns that together are unique. Cursors hold these
    columns, so they reveal nothing else.
    """

    name: str
    table: FromClause
    where: ColumnElement[bool]
    order: Sequence[str]
    made: Callable[[Any], Any]
    asked: ConnectionArguments

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page:
        # Fields of one connection share its page.
        page: Page = await reader.loader(here, self, load_newest_pages, reader).load(self)
        return page

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int:
        counted = select(func.count()).select_from(self.table).where(self.where)
        [(number,)] = await reader.all(counted)
        return int(number)

    async def read(self, reader: RequestLoaders) -> Page:
        window = PageWindow.cut(await reader.all(self.select()), self.asked)
        return Page(
            [self.made(row) for row in window.rows],
            [*map(self.cursor, window.rows)],
            window.has_next,
            window.has_previous,
        )

    def cursor(self, row: Any) -> str:
        return encode_cursor(self.name, [getattr(row, name) for name in self.order])

    def select(self) -> Select[Any]:
        """Select one row beyond the page, which shows that more follow.

        Raises BadInput for a cursor of another list.
        """
        backward, columns = self.asked.backward, [self.table.c[name] for name in self.order]
        query = select(self.table).where(self.where).limit(self.asked.size + 1)
        if self.asked.cursor is not None:
            values = decode_cursor(self.asked.cursor, self.name, len(columns))
            here, bound = tuple_(*columns), tuple_(*map(newest_cursor_value, columns, values))
            query = query.where(here > bound if backward else here < bound)
        return query.order_by(*(column.asc() if backward else column.desc() for column in columns))


def load_newest_pages(reader: RequestLoaders) -> BatchLoad:
    async def load(lists: list[NewestFirst]) -> list[Page]:
        return [await entry.read(reader) for entry in lists]

    return load


def newest_cursor_value(column: ColumnElement[Any], value: Any) -> Any:
    """Return a value of a cursor. Raises BadInput for a forged one."""
    if isinstance(column.type, UtcDateTime):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(*INVALID_CURSOR) from error
    return positive_number(value)
