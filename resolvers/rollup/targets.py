"""Targets of regions compared with counts, and the regions that are behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.loaders import RequestLoaders
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import list_predicate
from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from kit.values.quantity import Qualifier
from models.region import Region
from resolvers.core.context import Info, field_path
from resolvers.core.declare import REGISTRY
from resolvers.figure import TARGET
from resolvers.rollup.metric_counts import MetricCount, metric_counts_query, read_metric_counts
from resolvers.rollup.metric_definitions import MetricRequest, metric_definitions
from resolvers.rollup.request import RollupTable, TableRow

LOWER_BOUNDS = {Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.OVER}


@dataclass(frozen=True, slots=True)
class TargetComparison:
    """A target with its count; `behind` is null if unknown, because records may be missing."""

    target: Any
    actual: Decimal | None
    complete: bool
    behind: bool | None


async def row_targets(line: TableRow, info: Info) -> list[TargetComparison]:
    if line.elsewhere:
        return []
    reader = info.context.reader
    loader = reader.loader(field_path(info.path), row_targets, load_target_comparisons, reader)
    comparisons: list[TargetComparison] = await loader.load(line.region)
    return comparisons


async def missed_targets(table: RollupTable, info: Info) -> list[TargetComparison]:
    """Return the targets known to be behind, in the order of the rows."""
    if not table.exact:
        return []
    by_region = await load_target_comparisons(info.context.reader)(table.regions)
    return [
        comparison for comparisons in by_region for comparison in comparisons if comparison.behind
    ]


def load_target_comparisons(reader: RequestLoaders) -> Any:
    """Return a loader of targets by region, with two statements for any number of regions."""

    async def found(regions: list[str]) -> list[list[TargetComparison]]:
        rows = alias_of(TARGET.table)
        is_visible = list_predicate(TARGET, rows, ConnectionArguments(), reader.asker)
        in_regions = in_keys(rows.c.region_id, regions, reader.write.dialect)
        order = (rows.c.metric, rows.c.id)
        statement = select(*rows.c).where(is_visible, in_regions).order_by(*order)
        targets = [TARGET.row(*row) for row in await reader.all(statement)]
        actual = await count_targets(reader, targets)
        by_region: dict[str, list[TargetComparison]] = {region: [] for region in regions}
        for target in targets:
            count = actual.get(target.id, MetricCount())
            by_region[target.region_id].append(
                compare_target(target, count, reader.asker.today.year)
            )
        return [by_region[region] for region in regions]

    return found


async def count_targets(reader: RequestLoaders, targets: Sequence[Any]) -> dict[str, MetricCount]:
    """Count by the definitions of published figures: resolvers/registered.toml."""
    this_year = reader.asker.today.year
    requests = {target.id: target_request(target, this_year) for target in targets}
    countable = {
        id: (request, request.source) for id, request in requests.items() if request is not None
    }
    if not countable:
        return {}
    distinct = list(dict.fromkeys(countable.values()))
    rows = await reader.all(metric_counts_query(reader.write, distinct))
    answers = dict(zip(distinct, read_metric_counts(distinct, rows), strict=True))
    return {id: answers[question] for id, question in countable.items()}


def target_request(target: Any, this_year: int) -> MetricRequest | None:
    """Return the count to make; for a yearly target without a year, that of last year."""
    measure, kind = metric_definitions().get(target.metric), REGISTRY[Region]
    if measure is None or kind not in measure.links or (target.yearly and not measure.year):
        return None
    year = (target.year or this_year - 1) if target.yearly else None
    years = None if year is None else (year, year)
    return MetricRequest(target.metric, kind, target.region_id, years)


def compare_target(target: Any, count: MetricCount, this_year: int) -> TargetComparison:
    number, complete = count.number, count.complete
    goal, qualifier = target.quantity_value, target.quantity_qualifier
    if number is None or qualifier not in LOWER_BOUNDS:
        return TargetComparison(target, number, complete, None)
    reached = number > goal if qualifier is Qualifier.OVER else number >= goal
    running = target.year is not None and target.year >= this_year
    if reached or running:
        return TargetComparison(target, number, complete, False)
    return TargetComparison(target, number, complete, True if complete else None)
