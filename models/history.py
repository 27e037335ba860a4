"""For every table of rows a twin that keeps the images of what was replaced."""

from typing import Any

from sqlalchemy import BigInteger, Column, Table
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from kit.columns import Moment, Spelt
from models.row import Row

# Twins are made from the tables, so that a new column is never forgotten in its history.


INDEXED = {"id", "code"}  # a code that a record had before still finds it


def twin(live: Table) -> Table:
    """The replaced row; which change replaced it; until when it was what the registry knew."""
    return Table(
        f"{live.name}_history",
        live.metadata,
        Column("replaced_by", BigInteger, primary_key=True, autoincrement=False),
        Column("known_until", Moment(), nullable=False),
        *(
            Column(
                column.name, as_it_was(column.type), index=column.name in INDEXED, info=column.info
            )
            for column in live.columns
        ),
    )


def as_it_was(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """An image keeps the spelling that the row had."""
    return type_.verbatim if isinstance(type_, Spelt) else type_


def stored(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def models_of(model: type[Row] = Row) -> list[type[Row]]:
    """Every model that has a table, in the order of declaration."""
    found = [model] if hasattr(model, "__table__") else []
    return found + [deeper for child in model.__subclasses__() for deeper in models_of(child)]


def make_twins() -> dict[type[Row], Table]:
    return {model: twin(stored(model)) for model in models_of()}
