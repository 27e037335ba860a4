"""Checks that sums of a column stay in range where the database can't add without limit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.column_types import FixedDecimal
from kit.values.fixed_point import MAX_THOUSANDTHS, MAX_UNITS, to_thousandths
from models.history import model_table
from resolvers.writing.audiences import Entries
from resolvers.writing.proposal import Problems
from resolvers.writing.record import Entry


async def check_column_sums(
    connection: AsyncConnection, entries: Entries, problems: Problems
) -> None:
    """Reject entries whose column sum could exceed 64 bits, in which SQLite adds.

    The largest number entered is reported, as it is most likely a mistake.
    """
    if connection.dialect.name != "sqlite":
        return
    for model, by_id in entries.items():
        for column in model_table(model).c:
            if isinstance(column.type, FixedDecimal):
                await check_column_sum(connection, column, [*by_id.values()], problems)


async def check_column_sum(
    connection: AsyncConnection, column: Column[Any], entries: Sequence[Entry], problems: Problems
) -> None:
    entered = [entry for entry in entries if entry.row.get(column.key) is not None]
    if not entered:
        return
    on_record = await connection.scalar(select(func.total(func.abs(column)))) or 0
    # New rows are written before corrected ones, and triggers add up after each.
    if on_record + sum(sum_increase(entry, column.key) for entry in entered) > MAX_THOUSANDTHS:
        largest = max(entered, key=lambda entry: abs(entry.row[column.key]))
        reason = (
            f"brings the sum of this column beyond {MAX_UNITS}, up to which SQLite adds "
            f"exactly; PostgreSQL has no such limit."
        )
        problems.add(largest.proposal, column.key, reason)


def sum_increase(entry: Entry, column: str) -> int:
    before = entry.live[column] if entry.live else None
    increase = magnitude(entry.row[column]) - (0 if before is None else magnitude(before))
    return max(increase, 0)


def magnitude(number: Decimal) -> int:
    return abs(to_thousandths(number))
