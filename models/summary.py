"""What is counted beforehand: for each model with `summed_by` a table of its cells.

Cells are keyed by those columns, by the audience and by the owner, so that what a viewer is told is
a sum of cells; a row that everybody sees is told to all, whoever owns it, and has none. Rows that
were withdrawn are in no cell. docs/decisions/0021-summary-tables.md says why.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table

from kit.columns import Text
from kit.summary import CELL, Part, Summary
from models.history import models_of, stored
from models.row import Audience, Fact, FactStatus, Row, Spell

MEASURED = ("value", "unit", "qualifier")


def make_summaries() -> dict[type[Row], Summary]:
    return {model: summary(model) for model in models_of() if model.summed_by}


def summary(model: type[Row]) -> Summary:
    live, dated = stored(model), issubclass(model, Spell)
    units = [f"{one}_{part}" for one in model.summed for part in MEASURED[1:]]
    values = [f"{one}_value" for one in model.summed]
    columns = [*model.summed_by, *units, "audience", "owner_id"]
    keys = {name: f"{{0}}.{name}" for name in columns}
    keys["owner_id"] = (
        f"CASE WHEN {{0}}.audience <> '{Audience.PUBLIC.value}' THEN {{0}}.owner_id END"
    )
    stands = f"{{0}}.status <> '{FactStatus.RETRACTED.value}'"
    where = stands if issubclass(model, Fact) else "true"
    if dated:
        undated = keys | {"undated": "{0}.begins IS NULL"}
        parts = [
            Part(undated | {"day": "{0}.begins"}, {"begun": "1", "ended": "0"}, where),
            Part(
                undated | {"day": "{0}.ends"},
                {"begun": "0", "ended": "1"},
                f"{where} AND {{0}}.ends IS NOT NULL",
            ),
        ]
    else:
        adds = {"number": "1"} | {name: f"{{0}}.{name}" for name in values}
        parts = [Part(keys, adds, where)]
    return Summary(live, cells(live, columns, values, parts[0].keys), parts, dated)


def cells(
    live: Table, columns: Iterable[str], values: Iterable[str], keys: Mapping[str, str]
) -> Table:
    dated = "day" in keys
    made: list[Column[Any]] = [Column(CELL, Text(), primary_key=True)]
    for name in columns:
        made.append(Column(name, live.c[name].type, index=bool(live.c[name].foreign_keys)))
    if dated:
        made += [Column("undated", Boolean, nullable=False), Column("day", Date)]
    made += [
        Column(name, Integer, nullable=False)
        for name in (("begun", "ended") if dated else ("number",))
    ]
    made += [Column(name, Float(53)) for name in values]
    return Table(f"{live.name}_summary", live.metadata, *made)
