"""A folder of CSV files, one for each kind: `workers.csv`, `alliance_memberships.csv` …

Columns are named as in the tables, references without `_id` and by code; a thing's key is `code`,
a fact's or part's is `key`. A fact's `sources` are keys of sources, joined by `;`.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from feeds.cells import read_cell
from kit.errors import Refused
from models import Citation
from models.history import models_of, stored
from models.row import Fact, Row
from models.source import citation_key
from resolvers.proposal import Origin, Problems, Proposal, entered_columns, key_column

IRREGULAR = {
    "competition_series": "competition_series",
    "completeness": "completeness",
    "criterion": "criteria",
}
HEADER = 1


def file_of(model: type[Row]) -> str:
    """The name of the file that holds a kind."""
    name = stored(model).name
    if name in IRREGULAR:
        plural = IRREGULAR[name]
    elif name.endswith("y"):
        plural = name[:-1] + "ies"
    else:
        plural = name + ("es" if name.endswith("s") else "s")
    return f"{plural}.csv"


def columns_of(model: type[Row]) -> dict[str, Column[Any]]:
    """The columns that a file may have, by the name they have there; the key is not among them."""
    found: dict[str, Column[Any]] = {}
    for column in entered_columns(model):
        if column.key == "source_id":
            found["sources"] = column
        elif column.key != "code":
            found[column.key.removesuffix("_id")] = column
    return found


def read_folder(folder: Path) -> tuple[list[Proposal], Problems]:
    """All proposals of all files, and all problems that reading them finds.

    Raises Refused where there is nothing to read.
    """
    problems = Problems()
    proposals: list[Proposal] = []
    # Further sources are named in a fact's own file.
    files = {file_of(model): model for model in models_of() if model is not Citation}
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    paths = [path for path in there if path.suffix.lower() == ".csv"]
    if not paths:
        reason = "holds no CSV files." if folder.is_dir() else "is no folder."
        problems.at(Origin(str(folder), 0), "folder", reason)
        raise Refused(problems.found)
    for path in paths:
        if path.name in files:
            proposals += read_file(path, files[path.name], problems)
        else:
            names = ", ".join(sorted(files))
            problems.at(Origin(path.name, 0), "file", f"is none of {names}.")
    return proposals, problems


def read_file(path: Path, model: type[Row], problems: Problems) -> Iterator[Proposal]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.at(Origin(path.name, line), "file", "is not written in UTF-8.")
        problems.unread.add(model)
        return
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if check_header(path, model, header, problems):
            begins = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield from read_row(model, header, cells, Origin(path.name, begins), problems)
                begins = reader.line_num + 1
        else:
            problems.unread.add(model)
    except csv.Error as error:
        problems.at(Origin(path.name, reader.line_num), "row", f"is no CSV: {error}.")
        problems.unread.add(model)


def check_header(path: Path, model: type[Row], header: list[str], problems: Problems) -> bool:
    key = "code" if key_column(model) == "code" else "key"
    known = {key, *columns_of(model)}
    wrong = [name for name in header if name not in known]
    wrong += sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in (key,) if name not in header]
    for name in wrong:
        reason = "is there twice." if name in known else f"is none of {', '.join(sorted(known))}."
        problems.at(Origin(path.name, HEADER), name or "(no name)", reason)
    for name in missing:
        problems.at(Origin(path.name, HEADER), name, "is missing.")
    return not wrong and not missing


def read_row(
    model: type[Row], header: list[str], cells: list[str], origin: Origin, problems: Problems
) -> Iterator[Proposal]:
    if len(cells) != len(header):
        problems.at(origin, "row", f"has {len(cells)} cells; the header has {len(header)}.")
        problems.unread.add(model)
        return
    columns = columns_of(model)
    values: dict[str, Any] = {}
    key, sources = "", []
    for name, text in zip(header, cells, strict=True):
        if name in ("key", "code"):
            key = text.strip()
        elif name == "sources":
            sources = list(dict.fromkeys(one.strip() for one in text.split(";") if one.strip()))
            values["source_id"] = sources[0] if sources else None
        else:
            try:
                values[columns[name].key] = read_cell(columns[name], text)
            except ValueError as error:
                problems.at(origin, name, str(error))
                values[columns[name].key] = None
    for column in columns.values():
        if column.key in values and values[column.key] is None and left_open(model, column):
            del values[column.key]
    yield Proposal(model, key, values, origin)
    for source in sources[1:] if issubclass(model, Fact) else ():
        yield citation(model, key, source, origin)


def left_open(model: type[Row], column: Column[Any]) -> bool:
    """An empty cell where there must be a value: as it is by default, or as it is on record."""
    if column.key == "owner_id":
        return issubclass(model, Fact)
    return not column.nullable and not model.model_fields[column.key].is_required()


def citation(model: type[Row], key: str, source: str, origin: Origin) -> Proposal:
    values = {"fact_type": model.__name__, "fact_id": key, "source_id": source}
    return Proposal(Citation, citation_key(model.__name__, key, source), values, origin)
