"""Mentions of a person's name: table, record and column, current or in history."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.column_types import Text
from models import HISTORY_TABLES
from models.access_log import AccessEntry
from models.dispute import Dispute
from models.erasure import ErasureRequest
from models.history import model_table, table_models
from models.partner import Partner
from models.personal import LegalBasis
from models.row import Row
from models.worker import Worker
from resolvers.personal.name_pattern import NamePattern
from resolvers.report import REPORTS, report_text
from resolvers.report import read_reports as each_report

# Columns that aren't free text, or are computed from others.
CODED_COLUMNS = {
    *("id", "typed_by", "owner_id", "metric", "quantity_unit", "amount_unit"),
    *("fact_type", "fact_id", "name_key"),
}
KEY_COLUMNS = ("id", "code")
# A worker's own names: a person is erased, not redacted.
PERSON_NAME_COLUMNS = {"name", "name_as_published", "name_en", *KEY_COLUMNS}
# Tables outside the registry, with the key and the columns with free text.
FREE_TEXT_TABLES: dict[Table, tuple[str, tuple[str, ...]]] = {
    model_table(Dispute): ("number", ("text", "answer")),
    model_table(ErasureRequest): ("number", ("reason", "answer")),
    model_table(LegalBasis): ("id", ("purpose",)),
    model_table(Partner): ("code", ("name",)),
    model_table(AccessEntry): ("number", ("purpose",)),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention; `model` and `row` are set for a record of the registry or an image of one."""

    table: str
    record: str
    column: str
    text: str
    model: type[Row] | None = None
    row: Any = None

    @property
    def place(self) -> str:
        """The record as named in a command, `table/key`; an image has the place of its record."""
        table = model_table(self.model).name if self.model else self.table
        return f"{table}/{self.record}"

    @property
    def is_own_name(self) -> bool:
        """Whether it is a worker's own name: of the person or of a namesake."""
        return self.model is Worker and self.column in PERSON_NAME_COLUMNS


def free_text_columns(table: Table) -> list[Column[Any]]:
    """Return the columns with free text."""
    return [
        column
        for column in table.c
        if isinstance(column.type, Text)
        and not column.foreign_keys
        and column.key not in CODED_COLUMNS
    ]


async def find_mentions(connection: AsyncConnection, naming: NamePattern) -> list[Mention]:
    """Return all mentions, by kind: current rows first, then images."""
    if not naming.names:
        return []
    mentions = []
    for model in table_models():
        for table in (model_table(model), HISTORY_TABLES[model]):
            columns = [table.c.id, *free_text_columns(table)]
            for row in await fetch_possible_mentions(connection, table, columns, naming):
                mentions += [
                    Mention(table.name, row.id, column, text, model, row)
                    for column, text in mentioning_texts(row, columns, naming)
                ]
    for table, (key, names) in FREE_TEXT_TABLES.items():
        columns = [table.c[name] for name in names]
        for row in await fetch_possible_mentions(connection, table, columns, naming):
            mentions += [
                Mention(table.name, str(row._mapping[key]), column, text)
                for column, text in mentioning_texts(row, columns, naming)
            ]
    async for row, said in read_report_texts(connection):
        if naming.stand_in(said):
            mentions.append(Mention(REPORTS.name, row.id, "content", row.name))
    return mentions


async def fetch_possible_mentions(
    connection: AsyncConnection, table: Table, columns: list[Column[Any]], naming: NamePattern
) -> list[Any]:
    """Return candidates as whole rows: the database's condition also matches a few others."""
    conditions: list[ColumnElement[bool]] = [naming.may_occur_in(column) for column in columns]
    order = table.primary_key.columns
    return list(await connection.execute(select(table).where(or_(*conditions)).order_by(*order)))


def mentioning_texts(
    row: Any, columns: list[Column[Any]], naming: NamePattern
) -> Iterator[tuple[str, str]]:
    for column in columns:
        text = row._mapping[column.key]
        if naming.stand_in(text):
            yield column.key, text


async def read_report_texts(connection: AsyncConnection) -> AsyncIterator[tuple[Any, str]]:
    async for row, content in each_report(connection):
        yield row, report_text(row, content)
