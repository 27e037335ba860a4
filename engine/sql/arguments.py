"""Arguments of a connection, its sort order, and a page of it (Relay)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Boolean, Date, Float, Integer

from engine.catalog.kind import Kind, Spells
from kit.db.column_types import EnumText, FixedDecimal, Text, UtcDateTime
from kit.errors import BadInput, LimitExceeded
from kit.relay.cursor import INVALID_CURSOR, decode_cursor, encode_cursor
from kit.values.fixed_point import to_fixed_decimal

Item = TypeVar("Item")

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

# Filters as nested tuples of (field, value): hashable, without omitted fields.
FilterExpr = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class ConnectionArguments:
    """Hashable, so that equal questions in one place share a loader."""

    on: date | None = None
    spells: Spells | None = None
    filter: FilterExpr = ()
    order: tuple[tuple[str, bool], ...] = ()  # (word, descending)
    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    scope: Any = None

    def __post_init__(self) -> None:
        if self.on is not None and self.spells is not None:
            raise BadInput(
                "Use either `on` or `spells`, not both.",
                "`on` 与 `spells` 只能给出一个。",
            )
        if self.first is not None and self.last is not None:
            raise BadInput(
                "Use either `first` or `last`, not both.",
                "`first` 与 `last` 只能给出一个。",
            )
        if self.after is not None and self.before is not None:
            raise BadInput(
                "Use either `after` or `before`, not both.",
                "`after` 与 `before` 只能给出一个。",
            )
        if self.last is not None and self.after is not None:
            raise BadInput(
                "Use `after` with `first`; with `last`, use `before`.",
                "`after` 与 `first` 同用；用 `last` 时请在 `before` 中给出游标。",
            )
        if self.first is not None and self.before is not None:
            raise BadInput(
                "Use `before` with `last`; with `first`, use `after`.",
                "`before` 与 `last` 同用；用 `first` 时请在 `after` 中给出游标。",
            )
        check_page_size("first", self.first)
        check_page_size("last", self.last)

    @property
    def records(self) -> tuple[object, ...]:
        """Return the arguments that select records, without those of order and page."""
        return self.on, self.spells, self.filter, self.scope

    @property
    def size(self) -> int:
        return self.first or self.last or DEFAULT_PAGE_SIZE

    @property
    def backward(self) -> bool:
        return self.last is not None or self.before is not None

    @property
    def cursor(self) -> str | None:
        return self.before if self.backward else self.after


def check_page_size(name: str, size: int | None) -> None:
    if size is not None and not 1 <= size <= MAX_PAGE_SIZE:
        wrong = BadInput if size < 1 else LimitExceeded
        raise wrong(
            f"`{name}` must be from 1 to {MAX_PAGE_SIZE}, not {size}.",
            f"`{name}` 应在 1 到 {MAX_PAGE_SIZE} 之间，请求的是 {size}。",
        )


class PageWindow(NamedTuple, Generic[Item]):
    """The rows of a page in the order of the list, and whether the list goes on at either end.

    At the end that the page is read towards, a row beyond the page shows it; at the other end, the
    cursor.
    """

    rows: list[Item]
    has_next: bool
    has_previous: bool

    @classmethod
    def cut(cls, rows: Sequence[Item], arguments: ConnectionArguments) -> "PageWindow[Item]":
        """Cut rows that are read from the cursor on: a backward page begins with its last row."""
        more, behind = len(rows) > arguments.size, arguments.cursor is not None
        page = list(rows[: arguments.size])
        if arguments.backward:
            page.reverse()
            return cls(page, behind, more)
        return cls(page, more, behind)

    @classmethod
    def cut_sorted(cls, rows: Sequence[Item], arguments: ConnectionArguments) -> "PageWindow[Item]":
        """Cut all rows beyond the cursor, in the order of the list."""
        return cls.cut(rows[::-1] if arguments.backward else rows, arguments)


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    cursors: list[str]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class Order:
    """The columns that a list is sorted by, the key last: no two rows are equal in it."""

    kind: Kind
    columns: tuple[tuple[str, bool], ...]  # (column, descending)

    @classmethod
    def of(cls, kind: Kind, arguments: ConnectionArguments) -> "Order":
        words = arguments.order or ((next(iter(kind.orders)), False),)
        columns = [(kind.orders[field], down) for field, down in words]
        first: dict[str, bool] = {}
        for name, down in columns:
            first.setdefault(name, down)  # what is sorted by twice is sorted by the first
        return cls(kind, (*first.items(), (kind.key, False)))

    @property
    def signature(self) -> str:
        """Return the text that a cursor must match: the list and its order."""
        names = ",".join(f"-{name}" if down else name for name, down in self.columns)
        return f"{self.kind.name}:{names}"

    def cursor(self, row: object) -> str:
        return encode_cursor(self.signature, [getattr(row, name) for name, _ in self.columns])

    def values(self, cursor: str) -> list[Any]:
        """Decode a cursor. Raises BadInput for one that this order didn't make."""
        raw_values = decode_cursor(cursor, self.signature, len(self.columns))
        columns = [self.kind.table.c[name] for name, _ in self.columns]
        try:
            return [
                parse_cursor_value(column, raw)
                for column, raw in zip(columns, raw_values, strict=True)
            ]
        except (ValueError, TypeError, OverflowError) as error:
            raise BadInput(*INVALID_CURSOR) from error


def parse_thousandths(raw: object) -> object:
    """Read a decimal of a cursor: a text, in older cursors a number."""
    if not isinstance(raw, str | int | float):
        raise TypeError(raw)
    return to_fixed_decimal(raw)


def parse_cursor_value(column: Any, raw: Any) -> Any:
    """Return a cursor's value as its column takes it. Raises a Python error for a forged one."""
    kind = column.type
    if raw is None and column.nullable:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(raw).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(raw)
    if isinstance(kind, EnumText):
        return kind.words(raw)
    if isinstance(kind, FixedDecimal):
        return parse_thousandths(raw)
    accepted: tuple[type, ...] = (int, float) if isinstance(kind, Float) else (int,)
    accepted = (
        (str,) if isinstance(kind, Text) or not isinstance(kind, Float | Integer) else accepted
    )
    if isinstance(kind, Boolean):
        accepted = (bool,)
    elif isinstance(raw, bool):
        raise TypeError(raw)
    if not isinstance(raw, accepted) or (isinstance(raw, int) and abs(raw) >= 2**31):
        raise TypeError(raw)
    if isinstance(raw, str):
        raw.encode()  # no lone surrogates: no database takes them
        if "\0" in raw:
            raise ValueError(raw)
    return raw
