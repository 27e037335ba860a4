"""A fictional population of any size: the same for the same size and seed."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from sqlmodel import SQLModel

from generator.population.chance import SEED
from generator.population.drawn.population import draw_population
from generator.population.kinds import KINDS, Kind, Rows
from models.history import model_table
from models.row import Row

__all__ = ["KINDS", "SEED", "population", "rows_of"]

for path in sorted((Path(__file__).parent / "kinds").glob("[!_]*.py")):
    import_module(f"{__name__}.kinds.{path.stem}")


def in_writing_order() -> list[Kind]:
    """Return the kinds, those first to which others refer."""
    by_table = {model_table(kind.model): kind for kind in KINDS.values()}
    return [by_table[table] for table in SQLModel.metadata.sorted_tables if table in by_table]


def rows_of(workers: int) -> float:
    """About how many rows there will be."""
    return workers * sum(kind.to_a_worker for kind in KINDS.values())


def population(workers: int, seed: int) -> Iterator[tuple[type[Row], Rows]]:
    """Kind by kind; the rows of one are made while they are taken."""
    drawn = draw_population(workers, seed)
    for kind in in_writing_order():
        yield kind.model, kind.rows(drawn)
