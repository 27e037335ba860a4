"""The examples give one registry, in whatever order their files and rows are loaded."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.csv_folder import columns_by_heading, csv_name_of
from feeds.importing import DEMONSTRATION, PUBLISHED, import_folders
from feeds.regions import region_tree
from models.competition import Result
from models.honour import Conferral
from models.region import Region
from models.row import Row
from models.studio import StudioMembership
from models.training import Qualification
from models.worker import Worker
from resolvers.writing.proposal import referenced_models
from tests.support.graph import FILES
from tests.support.random_rows import Cells, key_heading, max_examples, seeded_randoms
from tests.support.table_states import TableSnapshot, clear_tables, read_tables

Name = tuple[type[Row], str]


@dataclass(eq=False)
class FileRow:
    """A row of a file, and what it refers to."""

    folder: str
    model: type[Row]
    cells: Cells

    @cached_property
    def name(self) -> Name:
        return self.model, self.cells[key_heading(self.model)]

    @cached_property
    def refers_to(self) -> set[Name]:
        targets, columns = dict(referenced_models(self.model)), columns_by_heading(self.model)
        return {
            (targets[columns[name].key], code.strip())
            for name, text in self.cells.items()
            if name in columns and columns[name].key in targets
            for code in text.split(";")
        }


@cache
def lines() -> list[FileRow]:
    """All rows of the examples, and those of the region tree that they need."""
    found = []
    for folder in (PUBLISHED, DEMONSTRATION):
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                found += [FileRow(folder.name, FILES[path.name], row) for row in rows]
    needed = {code for line in found for model, code in line.refers_to if model is Region}
    return [*found, *regions(needed)]


def regions(needed: Iterable[str]) -> Iterator[FileRow]:
    tree = {one.key: one.values for one in region_tree()[0] if one.model is Region}
    above = set()
    for code in needed:
        while code in tree and code not in above:
            above.add(code)
            code = tree[code]["parent_id"]
    for code in above:
        values = {name.removesuffix("_id"): value or "" for name, value in tree[code].items()}
        yield FileRow("regions", Region, {"code": code, **values})


def in_turns(unit: Callable[[FileRow], Any], loads: int, chance: Random) -> Iterator[list[FileRow]]:
    """Load in which units stand by chance, but none before what its lines refer to."""
    turns = {one: chance.randrange(loads) for one in dict.fromkeys(map(unit, lines()))}
    units = {line.name: unit(line) for line in lines()}
    pairs = (
        (units[line.name], units[name])
        for line in lines()
        for name in line.refers_to & units.keys()
    )
    after = {pair for pair in pairs if pair[0] != pair[1]}
    moved = True
    while moved:
        moved = False
        for one, other in after:
            if turns[one] < turns[other]:
                turns[one], moved = turns[other], True
    for turn in range(loads):
        yield [line for line in lines() if turns[units[line.name]] == turn]


def write(lines: list[FileRow], folder: Path, chance: Random) -> list[Path]:
    """Folders of files, with rows and columns in any order."""
    files: dict[Path, list[FileRow]] = {}
    for line in chance.sample(lines, len(lines)):
        part = folder / f"{line.folder}{chance.randrange(3)}"
        files.setdefault(part / csv_name_of(line.model), []).append(line)
    for path, rows in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = list(dict.fromkeys(name for row in rows for name in row.cells))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, chance.sample(columns, len(columns)))
            writer.writeheader()
            writer.writerows(row.cells for row in rows)
    return list(dict.fromkeys(path.parent for path in files))


def registry(tables: TableSnapshot) -> Any:
    """Without who typed a row and when, and without the numbers of changes."""
    left_out = {"typed_by", "recorded_at"}
    live = {
        model: {
            id: {name: value for name, value in row.items() if name not in left_out}
            for id, row in rows.items()
        }
        for model, rows in tables.live.items()
    }
    changes = Counter(
        tuple(value for name, value in change.items() if name not in left_out | {"id"})
        for change in tables.changes
    )
    return live, tables.pairs, changes, tables.images


class LoadedRegistry:
    def __init__(self, engine: AsyncEngine, folder: Path, registry: Any) -> None:
        self.engine, self.folder, self.registry = engine, folder, registry
        self.loads = 0

    async def load(self, lines: list[FileRow], chance: Random) -> None:
        self.loads += 1
        if lines:
            await import_folders(self.engine, write(lines, self.folder / str(self.loads), chance))


@pytest.fixture(scope="module")
async def world(
    empty_registry: AsyncEngine, tmp_path_factory: pytest.TempPathFactory
) -> LoadedRegistry:
    folder = tmp_path_factory.mktemp("loads")
    tree = write([line for line in lines() if line.folder == "regions"], folder, Random(0))
    await import_folders(empty_registry, [*tree, PUBLISHED, DEMONSTRATION])
    return LoadedRegistry(empty_registry, folder, registry(await read_tables(empty_registry)))


TELLING: tuple[type[Row], ...] = (Conferral, Result, Qualification, StudioMembership)


@cache
def published() -> dict[Name, Name]:
    """Pair every public worker with a fact that lets it be public."""
    found: dict[Name, Name] = {}
    for line in lines():
        worker = (Worker, line.cells.get("worker", ""))
        if line.model in TELLING and tells(line) and worker not in found:
            found |= {worker: line.name, line.name: worker}
    return found


def tells(line: FileRow) -> bool:
    row = line.cells
    return (
        row.get("audience", "PUBLIC") == "PUBLIC"
        and row.get("status") != "RETRACTED"
        and row.get("studio_role") in {None, "LEADER"}
    )


def file_by_file(line: FileRow) -> Any:
    return line.folder, None if line.model in {Worker, *TELLING} else line.model


def row_by_row(line: FileRow) -> Any:
    """Join a worker with the fact that lets it be public."""
    return frozenset({line.name, published().get(line.name, line.name)})


# What isn't torn apart between loads, and how many of these there are.
UNITS: dict[str, tuple[Callable[[FileRow], Any], int]] = {
    "everything": (lambda line: None, 1),
    "files": (file_by_file, 8),
    "rows": (row_by_row, 4),
}


@pytest.mark.parametrize("unit", UNITS)
@max_examples(1)
@given(data=st.data())
async def test_the_order_of_files_and_rows_makes_no_difference(
    world: LoadedRegistry, unit: str, data: st.DataObject
) -> None:
    chance = data.draw(seeded_randoms(unit))
    await clear_tables(world.engine)
    for some in in_turns(*UNITS[unit], chance):
        await world.load(some, chance)
    assert registry(await read_tables(world.engine)) == world.registry
