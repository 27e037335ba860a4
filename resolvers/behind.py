"""Targets of regions, beside what the registry counts, and who is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.page import Asked
from engine.predicate import about
from engine.reader import Reader
from kit.database import among
from kit.quantity import Qualifier
from kit.rows import rows_of
from models import Region
from resolvers.context import Info, place
from resolvers.counting import Count, counts, numbers
from resolvers.declare import REGISTRY
from resolvers.figure import TARGET
from resolvers.measure import Question, measures
from resolvers.rollup import Line, Table

AT_LEAST = {Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.OVER}


@dataclass(frozen=True, slots=True)
class Against:
    """A target; `behind` is null where nobody can tell, because records may be missing."""

    target: Any
    actual: Decimal | None
    complete: bool
    behind: bool | None


async def of_line(line: Line, info: Info) -> list[Against]:
    if line.elsewhere:
        return []
    reader = info.context.reader
    loader = reader.loader(place(info.path), of_line, load, reader)
    found: list[Against] = await loader.load(line.region)
    return found


async def behind(table: Table, info: Info) -> list[Against]:
    """Those known to be behind, in the order of the rows."""
    if not table.exact:
        return []
    by_region = await load(info.context.reader)(table.regions)
    return [one for found in by_region for one in found if one.behind]


def load(reader: Reader) -> Any:
    """Two statements, whatever the number of regions: the targets, and what is counted."""

    async def found(regions: list[str]) -> list[list[Against]]:
        rows = rows_of(TARGET.table)
        seen = about(TARGET, rows, Asked(), reader.asker)
        there = among(rows.c.region_id, regions, reader.write.dialect)
        order = (rows.c.metric, rows.c.id)
        statement = select(*rows.c).where(seen, there).order_by(*order)
        targets = [TARGET.row(*row) for row in await reader.all(statement)]
        actual = await counted(reader, targets)
        by_region: dict[str, list[Against]] = {region: [] for region in regions}
        for target in targets:
            of = actual.get(target.id, Count())
            by_region[target.region_id].append(against(target, of, reader.asker.today.year))
        return [by_region[region] for region in regions]

    return found


async def counted(reader: Reader, targets: Sequence[Any]) -> dict[str, Count]:
    """By the same mapping as for published figures: resolvers/registered.toml."""
    this_year = reader.asker.today.year
    asked = {one.id: question(one, this_year) for one in targets}
    known = {id: (one, one.source) for id, one in asked.items() if one is not None}
    if not known:
        return {}
    distinct = list(dict.fromkeys(known.values()))
    rows = await reader.all(numbers(reader.write, distinct))
    answers = dict(zip(distinct, counts(distinct, rows), strict=True))
    return {id: answers[one] for id, one in known.items()}


def question(target: Any, this_year: int) -> Question | None:
    """A yearly target asks for the last year that is over, unless it names one."""
    measure, kind = measures().get(target.metric), REGISTRY[Region]
    if measure is None or kind not in measure.links or (target.yearly and not measure.year):
        return None
    year = (target.year or this_year - 1) if target.yearly else None
    years = None if year is None else (year, year)
    return Question(target.metric, kind, target.region_id, years)


def against(target: Any, of: Count, this_year: int) -> Against:
    number, complete = of.number, of.complete
    wanted, qualifier = target.quantity_value, target.quantity_qualifier
    if number is None or qualifier not in AT_LEAST:
        return Against(target, number, complete, None)
    reached = number > wanted if qualifier is Qualifier.OVER else number >= wanted
    running = target.year is not None and target.year >= this_year
    if reached or running:
        return Against(target, number, complete, False)
    return Against(target, number, complete, True if complete else None)
