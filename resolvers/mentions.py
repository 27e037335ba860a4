"""Where a name stands: in which table, record and column, now or in the past."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.columns import Text
from models import TWINS, AccessEntry, Dispute, ErasureRequest, LegalBasis, Partner, Worker
from models.history import models_of, stored
from models.row import Row
from resolvers.naming import Naming
from resolvers.report import REPORTS, said_in
from resolvers.report import each as each_report

# Texts that nobody wrote in words of their own, or that follow from others.
KEPT = {
    *("id", "typed_by", "owner_id", "metric", "quantity_unit", "amount_unit"),
    *("fact_type", "fact_id", "name_key"),
}
KEYS = ("id", "code")
# A person's own names: who is meant by them is erased, not redacted.
OWN = {"name", "name_as_published", "name_en", *KEYS}
# What isn't a row of the registry, by the columns that name it and hold somebody's words.
BESIDE: dict[Table, tuple[str, tuple[str, ...]]] = {
    stored(Dispute): ("number", ("text", "answer")),
    stored(ErasureRequest): ("number", ("reason", "answer")),
    stored(LegalBasis): ("id", ("purpose",)),
    stored(Partner): ("code", ("name",)),
    stored(AccessEntry): ("number", ("purpose",)),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """`model` and `row` are there for a record of the registry or an image of one."""

    table: str
    record: str
    column: str
    text: str
    model: type[Row] | None = None
    row: Any = None

    @property
    def place(self) -> str:
        """As a record is named in a command: an image goes with what it is of."""
        table = stored(self.model).name if self.model else self.table
        return f"{table}/{self.record}"

    @property
    def of_a_person(self) -> bool:
        """Whether it is what a worker goes by, the person that is meant or a namesake."""
        return self.model is Worker and self.column in OWN


def texts(table: Table) -> list[Column[Any]]:
    """What somebody wrote in words of their own."""
    return [
        column
        for column in table.c
        if isinstance(column.type, Text) and not column.foreign_keys and column.key not in KEPT
    ]


async def mentions(connection: AsyncConnection, naming: Naming) -> list[Mention]:
    """By kind: what is on record, then what was."""
    if not naming.names:
        return []
    found = []
    for model in models_of():
        for table in (stored(model), TWINS[model]):
            columns = [table.c.id, *texts(table)]
            for row in await holding(connection, table, columns, naming):
                found += [
                    Mention(table.name, row.id, column, text, model, row)
                    for column, text in told(row, columns, naming)
                ]
    for table, (key, names) in BESIDE.items():
        columns = [table.c[name] for name in names]
        for row in await holding(connection, table, columns, naming):
            found += [
                Mention(table.name, str(row._mapping[key]), column, text)
                for column, text in told(row, columns, naming)
            ]
    async for row, said in reports(connection):
        if naming.stand_in(said):
            found.append(Mention(REPORTS.name, row.id, "content", row.name))
    return found


async def holding(
    connection: AsyncConnection, table: Table, columns: list[Column[Any]], naming: Naming
) -> list[Any]:
    """Rows whole: the database finds what may hold a name, and a little more."""
    there: list[ColumnElement[bool]] = [naming.may_stand_in(column) for column in columns]
    order = table.primary_key.columns
    return list(await connection.execute(select(table).where(or_(*there)).order_by(*order)))


def told(row: Any, columns: list[Column[Any]], naming: Naming) -> Iterator[tuple[str, str]]:
    for column in columns:
        text = row._mapping[column.key]
        if naming.stand_in(text):
            yield column.key, text


async def reports(connection: AsyncConnection) -> AsyncIterator[tuple[Any, str]]:
    async for row, content in each_report(connection):
        yield row, said_in(row, content)
