"""What somebody proposes to enter, before anybody knows whether it is right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

from kit.columns import NormalizedText
from kit.errors import Problem
from kit.written import Normalizer
from models.history import model_table, table_models
from models.row import Row, Thing

# Columns that the write path fills in itself, besides those that a model says are derived.
SYSTEM_COLUMNS = {
    "id", "typed_by", "recorded_at", "name_key", "begins", "ends", "award_class",
}  # fmt: skip


PUBLISHED_NAME = "name_as_published"

MAX_PROBLEMS_PER_COLUMN = 100  # problems of one column; the rest are only counted
MAX_PROBLEMS = 10_000  # of all columns: a first line that is no header may name any number of them


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was read, so that whoever sent it finds what is wrong with it."""

    file: str
    line: int


@dataclass(slots=True)
class Proposal:
    """A row by column: a thing by its `code`, a fact or part by its `id`.

    A thing may give its `id` as well: it is the row of that id then, and `code` its code from now.
    References hold the code (or id) of what they refer to; columns that aren't there keep the value
    that is on record.
    """

    model: type[Row]
    key: str
    values: dict[str, Any]
    origin: Origin
    is_registry_owned: bool = False  # it says itself that it is the registry's own

    @property
    def id(self) -> str:
        """Of a row that is new, or that names its id."""
        found: str = self.values.get("id", self.key)
        return found

    @property
    def table(self) -> Table:
        return model_table(self.model)


@dataclass
class Problems:
    """One for a cell at most: what follows from a wrong cell is no news."""

    found: list[Problem] = field(default_factory=list)
    lines: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    # What is told beside what is written, for somebody to look at: nothing is refused for it.
    notices: list[Problem] = field(default_factory=list)
    # Kinds of which not every row could be read: that a reference leads nowhere is no news then.
    unread: set[type[Row]] = field(default_factory=set)
    # No problem, but to be told: new rows that the steward alone sees, by kind.
    unowned: Counter[str] = field(default_factory=Counter)
    # And people on record whom nobody owns, by the organisation whose new facts are about them.
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
    """What a column is called in files, and in what is told of them."""
    return {"id": "key", "source_id": "sources"}.get(column, column.removesuffix("_id"))


def key_column(model: type[Row]) -> str:
    return "code" if issubclass(model, Thing) else "id"


# As `blank_row` and `referenced_models`, this is asked of each row, and never changes for a model.
@cache
def enterable_columns(model: type[Row]) -> tuple[Column[Any], ...]:
    """The columns that somebody may enter."""
    computed = SYSTEM_COLUMNS | model.derived
    return tuple(column for column in model_table(model).columns if column.key not in computed)


@cache
def model_of_table(table: str) -> type[Row]:
    return next(model for model in table_models() if model_table(model).name == table)


@cache
def text_normalizers(model: type[Row]) -> dict[str, Normalizer]:
    """The columns that somebody enters and that have one spelling, and what brings text to it."""
    return {
        column.key: column.type.spell
        for column in enterable_columns(model)
        if isinstance(column.type, NormalizedText)
    }


def normalize_texts(proposal: Proposal) -> None:
    """Bring texts to their spelling; of a name the published one is kept where it differs."""
    values = proposal.values
    for name, spelt in text_normalizers(proposal.model).items():
        text = values.get(name)
        if text is None or text == (meant := spelt(text)):
            continue
        values[name] = meant or None
        if name == "name" and issubclass(proposal.model, Thing):
            values[PUBLISHED_NAME] = values.get(PUBLISHED_NAME) or text


def new_blank_row(model: type[Row]) -> dict[str, Any]:
    """A row of which nothing is known: every column is there, those with a default have it."""
    return {**blank_row(model)}


@cache
def blank_row(model: type[Row]) -> Mapping[str, Any]:
    fields = model.model_fields
    return {
        column.key: None if (given := fields[column.key]).is_required() else given.get_default()
        for column in model_table(model).columns
    }


def merge_row(proposal: Proposal, old: dict[str, Any] | None) -> dict[str, Any]:
    """The row as it would be; another name has another published form, or none."""
    row = {**(old or new_blank_row(proposal.model)), **proposal.values}
    if old and PUBLISHED_NAME in row and row["name"] != old["name"]:
        row[PUBLISHED_NAME] = proposal.values.get(PUBLISHED_NAME)
    return row


@cache
def referenced_models(model: type[Row]) -> tuple[tuple[str, type[Row]], ...]:
    """(column, the model it refers to), derived columns left out."""
    entered = [
        (column.key, model_of_table(foreign.column.table.name))
        for column in enterable_columns(model)
        for foreign in column.foreign_keys
    ]
    return ("owner_id", model_of_table("organisation")), *entered


def unique_keys(model: type[Row]) -> Iterator[tuple[str, ...]]:
    """The sets of columns in which no two rows are alike, beyond the id."""
    table = model_table(model)
    for column in table.columns:
        if column.unique:
            yield (column.key,)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1:
            yield tuple(constraint.columns.keys())


def sort_by_model(proposals: Iterable[Proposal]) -> dict[type[Row], list[Proposal]]:
    """In the order in which tables may be filled: what is referred to comes first."""
    found: dict[type[Row], list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.model, []).append(proposal)
    return dict(sorted(found.items(), key=lambda item: table_order()[model_table(item[0]).name]))


@cache
def table_order() -> Mapping[str, int]:
    """Of each table in that order, which is worked out from all references."""
    ordered = model_table(next(iter(table_models()))).metadata.sorted_tables
    return {table.name: place for place, table in enumerate(ordered)}
