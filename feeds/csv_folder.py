"""Folders of CSV files, one for each kind, such as `workers.csv`.

Columns have the names of the tables' columns; references have no `_id` and contain codes. The key
of a thing is `code`, that of a fact or part is `key`. `sources` of a fact are keys of sources,
separated by `;`. Described in docs/loading.md.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from feeds.chinese_headings import headings_by_term, normalized_heading, terms_of_kind
from feeds.csv_cells import half_width_text, read_cell, read_key, read_key_list
from feeds.text_encoding import SAVE_AS, UnreadableFile, read_text
from kit.errors import ImportRejected, Problem, quote_input
from kit.text import identity_numbers
from kit.values.labelled_enum import plural_of
from models.history import model_table, table_models
from models.row import Fact, Row
from models.source import Citation, citation_key
from resolvers.core.declare import REGISTRY
from resolvers.writing.proposal import (
    Origin,
    Problems,
    Proposal,
    column_heading,
    enterable_columns,
    key_column,
    normalize_texts,
)

HEADER_LINE = 1
ID_HEADING = column_heading("id")  # of a thing, if its id isn't its code
NO_HEADING = ""  # spreadsheets often save empty columns at the right end
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".et", ".tsv", ".txt"}
REGISTRY_OWNED = (
    "owner",
    "-",
)  # owned by the registry, even if an organisation vouches for the source

# The rules limit the length of texts, with a better message than csv's own limit.
csv.field_size_limit(2**31 - 1)


def csv_name_of(model: type[Row]) -> str:
    """Return the file name of a kind."""
    kind = REGISTRY.kinds.get(model)
    return f"{kind.plural if kind else plural_of(model_table(model).name)}.csv"


def models_by_file() -> dict[str, type[Row]]:
    """Return all models but Citation: further sources are in the fact's own file."""
    return {csv_name_of(model): model for model in table_models() if model is not Citation}


@cache
def key_heading(model: type[Row]) -> str:
    """Return the heading of the column that identifies rows."""
    return column_heading(key_column(model))


@cache
def columns_by_heading(model: type[Row]) -> dict[str, Column[Any]]:
    """Return the columns that a file may have besides its key, by heading."""
    columns = [column for column in enterable_columns(model) if column.key != "code"]
    # The kind's own columns come before those of all facts.
    columns.sort(key=lambda column: column.key in Fact.model_fields)
    return {column_heading(column.key): column for column in columns}


@cache
def headings_by_chinese(model: type[Row]) -> dict[str, list[str]]:
    """Return the headings that each Chinese heading may mean."""
    return headings_by_term(model, columns_by_heading(model), key_heading(model))


@cache
def files_by_chinese() -> dict[str, list[str]]:
    """Return workers.csv for 职工.csv and so on. A shared term has several files."""
    files: dict[str, list[str]] = {}
    for file, model in models_by_file().items():
        for term in terms_of_kind(model):
            files.setdefault(f"{term}.csv", []).append(file)
    return files


def match_heading(name: str, model: type[Row]) -> str:
    """Return the heading of a Chinese one, or `name` itself if it is unknown or ambiguous."""
    term = normalized_heading(name)
    if (heading := term.lower()) in {key_heading(model), ID_HEADING, *columns_by_heading(model)}:
        return heading
    headings = [] if term.isascii() else headings_by_chinese(model).get(term, [])
    return headings[0] if len(headings) == 1 else name


def read_folder(folder: Path, problems: Problems) -> list[Proposal]:
    """Return the proposals of all files. Raises ImportRejected if there is nothing to read."""
    proposals: list[Proposal] = []
    models = models_by_file()
    for path in folder_paths(folder, problems):
        name = half_width_text(path.name).lower()
        named = files_by_chinese().get(name, []) if name not in models else []
        file = named[0] if len(named) == 1 else name
        if file in models:
            proposals += read_file(path, models[file], problems)
        elif named:
            problems.at(Origin(path.name, 0), "file", f"may be {' or '.join(named)}: name it so.")
        else:
            reason = f"is none of {', '.join(sorted(models))}."
            if path.suffix.lower() in WORKBOOK_SUFFIXES:
                reason = f"is no CSV file: for each of its sheets, {SAVE_AS}."
            problems.at(Origin(path.name, 0), "file", reason)
    return proposals


def folder_paths(folder: Path, problems: Problems) -> list[Path]:
    paths, reason = [], "contains no CSV files."
    try:
        paths = [path for path in sorted(folder.iterdir()) if not is_ignored_file(path)]
    except (FileNotFoundError, NotADirectoryError):
        reason = "is not a folder."
    except OSError as error:
        reason = f"can't be read: {error.strerror}."
    if not paths:
        problems.at(Origin(str(folder), 0), "folder", reason)
        raise ImportRejected(problems.found, problems.number)
    return paths


def is_ignored_file(path: Path) -> bool:
    """Return whether a file is no data: documentation, licence, hidden, lock or folder file."""
    return path.name.startswith((".", "~$", "README", "LICENSE")) or (
        path.name.lower() in {"thumbs.db", "desktop.ini"}
    )


def read_file(path: Path, model: type[Row], problems: Problems) -> Iterator[Proposal]:
    begins = HEADER_LINE
    try:
        reader = csv.reader(
            StringIO(read_text(path, notice_recorder(path, problems)), newline=""), strict=True
        )
        header = [match_heading(name.strip(), model) for name in next(reader, [])]
        if not check_csv_header(path.name, model, header, problems):
            problems.unread.add(model)
            return
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield from read_row(model, header, cells, Origin(path.name, begins), problems)
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.at(Origin(path.name, begins), "row", f"is not valid CSV: {error}.")
        problems.unread.add(model)
    except UnreadableFile as error:
        problems.at(Origin(path.name, error.line), "file", str(error))
        problems.unread.add(model)


def notice_recorder(path: Path, problems: Problems) -> Callable[[str], None]:
    return lambda reason: problems.notices.append(Problem(path.name, 0, "file", reason))


def check_csv_header(file: str, model: type[Row], header: list[str], problems: Problems) -> bool:
    origin = Origin(file, HEADER_LINE)
    if not any(header):
        problems.at(origin, "row", "is empty: the first line names the columns.")
        return False
    headings = {key_heading(model), ID_HEADING, NO_HEADING, *columns_by_heading(model)}
    unknown = f"is none of {', '.join(sorted(headings - {NO_HEADING}))}."
    wrong = {
        name: "is there twice." if name in headings else unknown
        for name, number in Counter(header).items()
        if (number > 1 and name != NO_HEADING) or name not in headings
    }
    if key_heading(model) not in header:
        wrong[key_heading(model)] = "is missing."
    for name in wrong.keys() & {*header} - headings:
        if candidates := headings_by_chinese(model).get(normalized_heading(name)):
            wrong[name] = f"may be {' or '.join(candidates)}: name the one that is meant."
    for name, reason in wrong.items():
        problems.at(origin, name if name in headings else quote_input(name), reason)
    return not wrong


def read_row(
    model: type[Row], header: list[str], cells: list[str], origin: Origin, problems: Problems
) -> Iterator[Proposal]:
    if len(cells) != len(header):
        problems.at(origin, "row", f"has {len(cells)} cells; the header has {len(header)}.")
        problems.unread.add(model)
        return
    columns, key_name = columns_by_heading(model), key_heading(model)
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    sources: list[str] = []
    of_registry = False
    for number, (name, text) in enumerate(zip(header, cells, strict=True), 1):
        if name == NO_HEADING:
            if text.strip():
                problems.at(origin, f"column {number}", "has a value, but no heading.")
            continue
        if reason := identity_numbers.identity_number_error(text):
            problems.at(origin, name, reason)
            continue
        if name in (key_name, ID_HEADING):
            names[name] = read_key(text)
            continue
        column, value = columns[name], None
        try:
            if name == "sources":
                sources = read_key_list(text)
                value = sources[0] if sources else None
            else:
                value = read_cell(column, text)
        except ValueError as error:
            problems.at(origin, name, str(error))
        if value is not None or not keeps_default(model, column):
            nobodys = (name, value) == REGISTRY_OWNED
            of_registry = of_registry or nobodys
            values[column.key] = None if nobodys else value
    key = names.pop(key_name, "")
    if id := names.get(ID_HEADING):
        values["id"] = id
    proposal = Proposal(model, key, values, origin, of_registry)
    normalize_texts(proposal)
    yield proposal
    for source in sources[1:] if issubclass(model, Fact) else ():
        yield citation_proposal(model, key, source, origin)


@cache
def keeps_default(model: type[Row], column: Column[Any]) -> bool:
    """Return whether an empty cell means the default, or the recorded value."""
    if column.key == "owner_id":
        return issubclass(model, Fact)
    return not column.nullable and not model.model_fields[column.key].is_required()


def citation_proposal(model: type[Row], key: str, source: str, origin: Origin) -> Proposal:
    values = {"fact_type": model.__name__, "fact_id": key, "source_id": source}
    return Proposal(Citation, citation_key(model.__name__, key, source), values, origin)
