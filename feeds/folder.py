"""A folder of CSV files, one for each kind: `workers.csv`, `alliance_memberships.csv` …

Columns are named as in the tables, references without `_id` and by code; a thing's key is `code`,
a fact's or part's is `key`. A fact's `sources` are keys of sources, joined by `;`. docs/loading.md
tells all of it.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from feeds.cells import read_cell, read_key, read_keys
from feeds.encoding import SAVE_AS, Unreadable, read_text
from feeds.headings import in_chinese, plain, terms_of_kind
from kit import identity
from kit.errors import Problem, Refused, quoted
from models import Citation
from models.history import models_of, stored
from models.row import Fact, Row
from models.source import citation_key
from resolvers.proposal import (
    Origin,
    Problems,
    Proposal,
    entered_columns,
    heading,
    key_column,
    spell,
)

IRREGULAR = {
    "competition_series": "competition_series",
    "completeness": "completeness",
    "criterion": "criteria",
}
HEADER = 1
ID = heading("id")  # a thing's, where it differs from the code
NO_HEADING = ""  # spreadsheets leave empty columns at the right end
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".et", ".tsv", ".txt"}
NOBODYS = ("owner", "-")  # the registry's own, even where an organisation vouches for the source

# The rules say how long text may be; what is longer is told by its row and column.
csv.field_size_limit(2**31 - 1)


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


def files() -> dict[str, type[Row]]:
    """Further sources are named in a fact's own file."""
    return {file_of(model): model for model in models_of() if model is not Citation}


@cache
def key_of(model: type[Row]) -> str:
    """The column by which a file's rows are found on record."""
    return heading(key_column(model))


@cache
def columns_of(model: type[Row]) -> dict[str, Column[Any]]:
    """The columns that a file may have, by the name they have there; keys are not among them."""
    columns = [column for column in entered_columns(model) if column.key != "code"]
    # What is the kind's own comes first.
    columns.sort(key=lambda column: column.key in Fact.model_fields)
    return {heading(column.key): column for column in columns}


@cache
def terms_of(model: type[Row]) -> dict[str, list[str]]:
    """Chinese headings, and the columns that each may mean."""
    return in_chinese(model, columns_of(model), key_of(model))


@cache
def files_in_chinese() -> dict[str, list[str]]:
    """职工.csv for workers.csv: by a term that no other kind has."""
    found: dict[str, list[str]] = {}
    for file, model in files().items():
        for term in terms_of_kind(model):
            found.setdefault(f"{term}.csv", []).append(file)
    return found


def meant(name: str, model: type[Row]) -> str:
    """The heading that a Chinese one means; itself where it is none, or might be several."""
    term = plain(name)
    if term in {key_of(model), ID, *columns_of(model)}:
        return term
    found = [] if term.isascii() else terms_of(model).get(term, [])
    return found[0] if len(found) == 1 else name


def read_folder(folder: Path, problems: Problems) -> list[Proposal]:
    """All proposals of all files. Raises Refused where there is nothing to read."""
    proposals: list[Proposal] = []
    known = files()
    for path in paths_in(folder, problems):
        named = files_in_chinese().get(path.name, []) if path.name not in known else []
        file = named[0] if len(named) == 1 else path.name
        if file in known:
            proposals += read_file(path, known[file], problems)
        elif named:
            problems.at(Origin(path.name, 0), "file", f"may be {' or '.join(named)}: name it so.")
        else:
            reason = f"is none of {', '.join(sorted(known))}."
            if path.suffix.lower() in WORKBOOKS:
                reason = f"is no CSV file: for each of its sheets, {SAVE_AS}."
            problems.at(Origin(path.name, 0), "file", reason)
    return proposals


def paths_in(folder: Path, problems: Problems) -> list[Path]:
    paths, reason = [], "holds no CSV files."
    try:
        paths = [path for path in sorted(folder.iterdir()) if not is_beside(path)]
    except (FileNotFoundError, NotADirectoryError):
        reason = "is no folder."
    except OSError as error:
        reason = f"can't be read: {error.strerror}."
    if not paths:
        problems.at(Origin(str(folder), 0), "folder", reason)
        raise Refused(problems.found, problems.number)
    return paths


def is_beside(path: Path) -> bool:
    """What lies in a folder without being meant: a page that describes it, a hidden file."""
    return path.name.startswith((".", "~$", "README", "LICENSE"))


def read_file(path: Path, model: type[Row], problems: Problems) -> Iterator[Proposal]:
    begins = HEADER
    try:
        reader = csv.reader(
            StringIO(read_text(path, heard(path, problems)), newline=""), strict=True
        )
        header = [meant(name.strip(), model) for name in next(reader, [])]
        if not check_header(path.name, model, header, problems):
            problems.unread.add(model)
            return
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield from read_row(model, header, cells, Origin(path.name, begins), problems)
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.at(Origin(path.name, begins), "row", f"is no CSV: {error}.")
        problems.unread.add(model)
    except Unreadable as error:
        problems.at(Origin(path.name, error.line), "file", str(error))
        problems.unread.add(model)


def heard(path: Path, problems: Problems) -> Callable[[str], None]:
    return lambda reason: problems.notices.append(Problem(path.name, 0, "file", reason))


def check_header(file: str, model: type[Row], header: list[str], problems: Problems) -> bool:
    origin = Origin(file, HEADER)
    if not any(header):
        problems.at(origin, "row", "is empty: the first line names the columns.")
        return False
    known = {key_of(model), ID, NO_HEADING, *columns_of(model)}
    unknown = f"is none of {', '.join(sorted(known - {NO_HEADING}))}."
    wrong = {
        name: "is there twice." if name in known else unknown
        for name, number in Counter(header).items()
        if (number > 1 and name != NO_HEADING) or name not in known
    }
    if key_of(model) not in header:
        wrong[key_of(model)] = "is missing."
    for name in wrong.keys() & {*header} - known:
        if candidates := terms_of(model).get(plain(name)):
            wrong[name] = f"may be {' or '.join(candidates)}: name the one that is meant."
    for name, reason in wrong.items():
        problems.at(origin, name if name in known else quoted(name), reason)
    return not wrong


def read_row(
    model: type[Row], header: list[str], cells: list[str], origin: Origin, problems: Problems
) -> Iterator[Proposal]:
    if len(cells) != len(header):
        problems.at(origin, "row", f"has {len(cells)} cells; the header has {len(header)}.")
        problems.unread.add(model)
        return
    columns, key_name = columns_of(model), key_of(model)
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    sources: list[str] = []
    of_registry = False
    for number, (name, text) in enumerate(zip(header, cells, strict=True), 1):
        if name == NO_HEADING:
            if text.strip():
                problems.at(origin, f"column {number}", "has a value, but no heading.")
            continue
        if reason := identity.fault(text):
            problems.at(origin, name, reason)
            continue
        if name in (key_name, ID):
            names[name] = read_key(text)
            continue
        column, value = columns[name], None
        try:
            if name == "sources":
                sources = read_keys(text)
                value = sources[0] if sources else None
            else:
                value = read_cell(column, text)
        except ValueError as error:
            problems.at(origin, name, str(error))
        if value is not None or not left_open(model, column):
            nobodys = (name, value) == NOBODYS
            of_registry = of_registry or nobodys
            values[column.key] = None if nobodys else value
    key = names.pop(key_name, "")
    if id := names.get(ID):
        values["id"] = id
    proposal = Proposal(model, key, values, origin, of_registry)
    spell(proposal)
    yield proposal
    for source in sources[1:] if issubclass(model, Fact) else ():
        yield citation(model, key, source, origin)


@cache
def left_open(model: type[Row], column: Column[Any]) -> bool:
    """An empty cell where there must be a value: as it is by default, or as it is on record."""
    if column.key == "owner_id":
        return issubclass(model, Fact)
    return not column.nullable and not model.model_fields[column.key].is_required()


def citation(model: type[Row], key: str, source: str, origin: Origin) -> Proposal:
    values = {"fact_type": model.__name__, "fact_id": key, "source_id": source}
    return Proposal(Citation, citation_key(model.__name__, key, source), values, origin)
