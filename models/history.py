"""History tables: one for each table of rows, with the replaced versions of its rows."""

from typing import Any

from sqlalchemy import BigInteger, Column, Table
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from kit.db.column_types import NormalizedText, UtcDateTime
from models.row import Row

# History tables are derived from the tables, so that no new column can be missing in them.


INDEXED_COLUMNS = {"id", "code"}  # records are found by their former codes too


def history_table_of(live: Table) -> Table:
    """Return a table for replaced rows, with the change that replaced each, and when."""
    return Table(
        f"{live.name}_history",
        live.metadata,
        Column("replaced_by", BigInteger, primary_key=True, autoincrement=False),
        Column("known_until", UtcDateTime(), nullable=False),
        *(
            Column(
                column.name,
                unnormalized_type(column.type),
                index=column.name in INDEXED_COLUMNS,
                info=column.info,
            )
            for column in live.columns
        ),
    )


def unnormalized_type(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a type that stores a text as the row had it, without normalization."""
    return type_.verbatim if isinstance(type_, NormalizedText) else type_


def model_table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def table_models(model: type[Row] = Row) -> list[type[Row]]:
    """Return all models with a table, in the order of declaration."""
    models = [model] if hasattr(model, "__table__") else []
    return models + [deeper for child in model.__subclasses__() for deeper in table_models(child)]


def make_history_tables() -> dict[type[Row], Table]:
    return {model: history_table_of(model_table(model)) for model in table_models()}
