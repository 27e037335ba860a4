"""Summary tables: for each model with `summary_columns`, a table of counts.

Cells are keyed by those columns, the audience and the owner, so that a viewer's count is a sum of
cells. Public rows are counted without an owner, as all viewers see them. Retracted rows aren't
counted. Reasons: docs/decisions/0021-summary-tables.md.

Rows with a region are also counted in a second table, for each ancestor of the region. The count of
a province is then a sum of a few cells, not of the cells of all its districts.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, Table

from kit.db.column_types import FixedDecimalSum, Text
from kit.db.summary_table import CELL_COLUMN, CellRule, SummaryTable, TreeRollup
from models.history import model_table, table_models
from models.region import Region, RegionAncestor
from models.row import Audience, Fact, FactStatus, Row, Spell

QUANTITY_PARTS = ("value", "unit", "qualifier")
REGION_COLUMN = "region_id"


def make_summaries() -> dict[type[Row], SummaryTable]:
    return {model: build_summary(model) for model in table_models() if model.summary_columns}


def make_unrestricted_summaries() -> dict[type[Row], SummaryTable]:
    """Return summaries for viewers of all rows, with columns derived from all facts."""
    models = [model for model in table_models() if {*model.summary_columns} & {*model.from_all}]
    return {model: build_summary(model, unrestricted=True) for model in models}


def make_extra_summaries(*, unrestricted: bool = False) -> dict[type[Row], list[SummaryTable]]:
    """Return the further summaries, by audience and owner, or of all rows with `unrestricted`."""
    return {
        model: [
            build_summary(model, unrestricted=unrestricted, also=name)
            for name in model.extra_summary_columns
        ]
        for model in table_models()
        if model.extra_summary_columns
    }


def with_ancestor_summaries(summaries: Iterable[SummaryTable]) -> list[SummaryTable]:
    """Return all summaries that have tables, each followed by the one for its ancestors."""
    return [
        summary for first in summaries for summary in (first, first.above) if summary is not None
    ]


def build_summary(
    model: type[Row], *, unrestricted: bool = False, also: str | None = None
) -> SummaryTable:
    live, dated = model_table(model), issubclass(model, Spell)
    summed_by, summed = (model.summary_columns, model.summary_measures)
    if also is not None:
        summed_by, summed = model.extra_summary_columns[also], ()
    units = [f"{measure}_{part}" for measure in summed for part in QUANTITY_PARTS[1:]]
    values = [f"{measure}_value" for measure in summed]
    columns = [*summed_by, *units]
    read = model.from_all if unrestricted else {}
    keys = {name: f"{{0}}.{read.get(name, name)}" for name in columns}
    if not unrestricted:
        columns += ["audience", "owner_id"]
        keys["audience"] = "{0}.audience"
        keys["owner_id"] = (
            f"CASE WHEN {{0}}.audience <> '{Audience.PUBLIC.value}' THEN {{0}}.owner_id END"
        )
    stands = f"{{0}}.status <> '{FactStatus.RETRACTED.value}'"
    where = stands if issubclass(model, Fact) else "true"
    if dated:
        undated = keys | {"undated": "{0}.begins IS NULL"}
        parts = [
            CellRule(undated | {"day": "{0}.begins"}, {"begun": "1", "ended": "0"}, where),
            CellRule(
                undated | {"day": "{0}.ends"},
                {"begun": "0", "ended": "1"},
                f"{where} AND {{0}}.ends IS NOT NULL",
            ),
        ]
    else:
        adds = {"number": "1"} | {name: f"{{0}}.{name}" for name in values}
        parts = [CellRule(keys, adds, where)]
    name = "_".join([live.name, "summary", *([also] if also else []), *(["whole"] * unrestricted)])
    table = make_cell_table(name, live, columns, values, dated)
    above = None
    if REGION_COLUMN in columns:
        added = {name: f"{{0}}.{name}" for name in parts[0].adds}
        same = [CellRule({name: f"{{0}}.{name}" for name in parts[0].keys}, added, "true")]
        pairs = model_table(RegionAncestor)
        spread = TreeRollup(
            REGION_COLUMN, pairs, "region_id", "ancestor_id", outermost=Region.outermost
        )
        wider = make_cell_table(f"{name}_above", live, columns, values, dated, above=True)
        above = SummaryTable(table, wider, same, dated, spread)
    return SummaryTable(live, table, parts, dated, above=above)


def make_cell_table(
    name: str,
    live: Table,
    columns: Sequence[str],
    values: Iterable[str],
    dated: bool,
    *,
    above: bool = False,
) -> Table:
    items: list[Any] = [Column(CELL_COLUMN, Text(), primary_key=True)]
    for key in columns:
        indexed = bool(live.c[key].foreign_keys) and not (above and key == REGION_COLUMN)
        items.append(Column(key, live.c[key].type, index=indexed))
    if above:  # in a large region, most cells are of single owners
        items.append(Index(None, REGION_COLUMN, *(["audience"] if "audience" in columns else [])))
    if dated:
        items += [Column("undated", Boolean, nullable=False), Column("day", Date)]
    items += [
        Column(number, Integer, nullable=False)
        for number in (("begun", "ended") if dated else ("number",))
    ]
    items += [Column(value, FixedDecimalSum()) for value in values]
    # SQLite silently turns a sum beyond 64 bits into a float; this check refuses it.
    items += [
        CheckConstraint(
            f"{value} IS NULL OR typeof({value}) = 'integer'",
            name=f"{value}_fits",
            info={"dialect": "sqlite"},
        ).ddl_if(dialect="sqlite")
        for value in values
    ]
    return Table(name, live.metadata, *items)
