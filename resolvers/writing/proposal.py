"""Proposals: rows to be written, before they are checked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from kit.db.column_types import NormalizedText
from kit.errors import Problem
from kit.text.normalization import Normalizer
from models.history import model_table, table_models
from models.row import Row, Thing

# Columns that the write path sets itself, besides those that a model declares derived.
SYSTEM_COLUMNS = {
    "id", "typed_by", "recorded_at", "name_key", "begins", "ends", "award_class",
}  # fmt: skip


PUBLISHED_NAME = "name_as_published"

MAX_PROBLEMS_PER_COLUMN = 100  # further ones are only counted
MAX_PROBLEMS = 10_000  # of all columns: a first line that is no header may name any number of them


@dataclass(frozen=True, slots=True)
class Origin:
    """The file and line of a row, for messages."""

    file: str
    line: int


@dataclass(slots=True)
class Proposal:
    """A row by column: a thing by its `code`, a fact or part by its `id`.

    A thing may have an `id` as well: it is then the row with that id, and `code` its code from now
    on. References hold the code (or id) of their target; columns that are missing keep their stored
    value.
    """

    model: type[Row]
    key: str
    values: dict[str, Any]
    origin: Origin
    is_registry_owned: bool = False  # declared as the registry's own

    @property
    def id(self) -> str:
        """The id of a new row, or of a row with an `id`."""
        key: str = self.values.get("id", self.key)
        return key

    @property
    def table(self) -> Table:
        return model_table(self.model)


@dataclass
class Problems:
    """Problems, at most one for a cell: what follows from a wrong cell isn't reported."""

    found: list[Problem] = field(default_factory=list)
    lines: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    # Warnings to look at; they don't reject the load.
    notices: list[Problem] = field(default_factory=list)
    # Kinds with unreadable rows: a reference to one of these that leads nowhere isn't reported.
    unread: set[type[Row]] = field(default_factory=set)
    # New rows by kind that only the steward sees; reported, but no problem.
    unowned: Counter[str] = field(default_factory=Counter)
    # Stored people without an owner that new facts are about, by the facts' organisation.
    unseen: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return sum(len(lines) for lines in self.lines.values())

    def add(self, proposal: Proposal, column: str, reason: str) -> None:
        self.at(proposal.origin, column_heading(column), reason)

    def notice(self, proposal: Proposal, column: str, reason: str) -> None:
        origin = proposal.origin
        if len(self.notices) < MAX_PROBLEMS:
            self.notices.append(Problem(origin.file, origin.line, column_heading(column), reason))

    def at(self, origin: Origin, column: str, reason: str) -> None:
        lines = self.lines[origin.file, column]
        if origin.line in lines:
            return
        lines.add(origin.line)
        if len(lines) <= MAX_PROBLEMS_PER_COLUMN and len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(origin.file, origin.line, column, reason))


def column_heading(column: str) -> str:
    """Return the heading of a column in files and messages."""
    return {"id": "key", "source_id": "sources"}.get(column, column.removesuffix("_id"))


def key_column(model: type[Row]) -> str:
    return "code" if issubclass(model, Thing) else "id"


# Called for each row, and constant for a model.
@cache
def enterable_columns(model: type[Row]) -> tuple[Column[Any], ...]:
    """Return the columns that may be entered."""
    computed = SYSTEM_COLUMNS | model.derived
    return tuple(column for column in model_table(model).columns if column.key not in computed)


@cache
def model_of_table(table: str) -> type[Row]:
    return next(model for model in table_models() if model_table(model).name == table)


@cache
def text_normalizers(model: type[Row]) -> dict[str, Normalizer]:
    """Return the entered columns with one normal form, and the function that makes it."""
    return {
        column.key: column.type.spell
        for column in enterable_columns(model)
        if isinstance(column.type, NormalizedText)
    }


def normalize_texts(proposal: Proposal) -> None:
    """Normalize texts; a published name that differs from its normal form is kept beside it."""
    values = proposal.values
    for name, spelt in text_normalizers(proposal.model).items():
        text = values.get(name)
        if text is None or text == (meant := spelt(text)):
            continue
        values[name] = meant or None
        if name == "name" and issubclass(proposal.model, Thing):
            values[PUBLISHED_NAME] = values.get(PUBLISHED_NAME) or text


def new_blank_row(model: type[Row]) -> dict[str, Any]:
    """Return a row with defaults, and None for every other column."""
    return {**blank_row(model)}


@cache
def blank_row(model: type[Row]) -> Mapping[str, Any]:
    fields = model.model_fields
    return {
        column.key: None if (spec := fields[column.key]).is_required() else spec.get_default()
        for column in model_table(model).columns
    }


def merge_row(proposal: Proposal, old: dict[str, Any] | None) -> dict[str, Any]:
    """Return the row as it would be; a new name drops the published form of the old one."""
    row = {**(old or new_blank_row(proposal.model)), **proposal.values}
    if old and PUBLISHED_NAME in row and row["name"] != old["name"]:
        row[PUBLISHED_NAME] = proposal.values.get(PUBLISHED_NAME)
    return row


@cache
def referenced_models(model: type[Row]) -> tuple[tuple[str, type[Row]], ...]:
    """Return pairs (column, model that it refers to), without derived columns."""
    entered = [
        (column.key, model_of_table(foreign.column.table.name))
        for column in enterable_columns(model)
        for foreign in column.foreign_keys
    ]
    return ("owner_id", model_of_table("organisation")), *entered


def unique_keys(model: type[Row]) -> Iterator[tuple[str, ...]]:
    """Yield the unique sets of columns, except the id."""
    table = model_table(model)
    for column in table.columns:
        if column.unique:
            yield (column.key,)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1:
            yield tuple(constraint.columns.keys())


def sort_by_model(proposals: Iterable[Proposal]) -> dict[type[Row], list[Proposal]]:
    """Group proposals by model, in an order in which references come after their targets."""
    groups: dict[type[Row], list[Proposal]] = {}
    for proposal in proposals:
        groups.setdefault(proposal.model, []).append(proposal)
    return dict(sorted(groups.items(), key=lambda item: table_order()[model_table(item[0]).name]))


@cache
def table_order() -> Mapping[str, int]:
    """Return the position of each table in an order by foreign keys."""
    ordered = model_table(next(iter(table_models()))).metadata.sorted_tables
    return {table.name: position for position, table in enumerate(ordered)}
