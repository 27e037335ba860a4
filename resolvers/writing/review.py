"""Review of a load against stored rows: what is new, changed or unchanged.

A code in use keeps its person. A load that enters another person under it is rejected, unless it
says that the name is corrected.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from kit.text.identity_numbers import mask_identity_numbers
from kit.text.search_key import fold_for_search
from models.history import model_table
from models.row import Row
from models.source import Citation
from models.worker import ERASED_NAME, Worker
from resolvers.writing.proposal import (
    Problems,
    column_heading,
    enterable_columns,
    key_column,
    referenced_models,
)
from resolvers.writing.record import Entry, RowValues, fetch_rows

EntryMap = Mapping[type[Row], Mapping[str, Entry]]
EMPTY_CELL = "–"
MAX_SHOWN_LENGTH = 60  # characters of a value in the review
ALREADY_ON_RECORD = "is on record already: --new-only enters new records only."
CODE_OF_ANOTHER_PERSON = (
    "is in use for a person on record, whom this changes ({}): give another "
    "person another code. To correct the name, use --rename {}."
)


@dataclass
class LoadReview:
    """The review of a load; `renamed` are codes of workers whose names may change, None for all.

    After `run` it has the numbers of new and unchanged rows by kind, and of changed rows the key
    and the changes, with the names used in files.
    """

    new_only: bool = False
    renamed: frozenset[str] | None = None
    new: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    changes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    async def run(self, connection: AsyncConnection, entries: EntryMap, problems: Problems) -> None:
        changed: dict[type[Row], list[Entry]] = {}
        for model, group in entries.items():
            for entry in group.values():
                if entry.live is None:
                    self.new[model.__name__] += 1
                elif entry.has_changes():
                    changed.setdefault(model, []).append(entry)
                else:
                    self.same[model.__name__] += 1
                if self.new_only and entry.live and model is not Citation:
                    problems.add(entry.proposal, key_column(model), ALREADY_ON_RECORD)
        codes = await read_reference_codes(connection, changed)
        for model, rows in changed.items():
            if model is Citation:
                continue
            for entry in rows:
                said = ", ".join(
                    f"{column_heading(name)} {format_value(old)} → {format_value(new)}"
                    for name, old, new in column_changes(entry, codes)
                )
                key = entry.proposal.key
                self.changes.setdefault(model.__name__, []).append((key, said))
                if model is Worker and self.is_another_person(entry):
                    reason = CODE_OF_ANOTHER_PERSON.format(said, key)
                    problems.add(entry.proposal, "code", reason)

    def is_another_person(self, entry: Entry) -> bool:
        """Return whether the row is another person; a spelling doesn't count: 韓龍吉 is 韩龙吉."""
        if self.renamed is None or entry.proposal.key in self.renamed or entry.live is None:
            return False
        before, after = entry.live["name"], entry.row.get("name")
        return (
            before != ERASED_NAME
            and after is not None
            and fold_for_search(before) != fold_for_search(after)
        )


def column_changes(
    entry: Entry, codes: Mapping[tuple[str, Any], str]
) -> list[tuple[str, Any, Any]]:
    """Return (column, old value, new value) of the entered columns that change."""
    live = entry.live or {}
    changes = []
    for column in enterable_columns(entry.proposal.model):
        name = column.key
        old, new = live.get(name), entry.row.get(name)
        if old != new:
            changes.append((name, codes.get((name, old), old), codes.get((name, new), new)))
    return changes


async def read_reference_codes(
    connection: AsyncConnection, changed: Mapping[type[Row], list[Entry]]
) -> dict[tuple[str, Any], str]:
    """Return codes by column and id, as an id may be an older code."""
    keys: defaultdict[type[Row], set[str]] = defaultdict(set)
    columns: defaultdict[type[Row], set[str]] = defaultdict(set)
    for model, entries in changed.items():
        for name, target in referenced_models(model):
            columns[target].add(name)
            for entry in entries:
                pair = {(entry.live or {}).get(name), entry.row.get(name)}
                keys[target].update(str(id) for id in pair if len(pair) > 1 and id is not None)
    codes: dict[tuple[str, Any], str] = {}
    for target, ids in keys.items():
        rows: list[RowValues] = await fetch_rows(connection, model_table(target), "id", ids)
        for row in rows:
            if "code" in row:
                codes |= {(name, row["id"]): row["code"] for name in columns[target]}
    return codes


def format_value(value: Any) -> str:
    """Return a value as in a file, masked; a long text is cut."""
    if value is None or value == "":
        return EMPTY_CELL
    if isinstance(value, StrEnum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    text = mask_identity_numbers(str(value))
    return text if len(text) <= MAX_SHOWN_LENGTH and text.isprintable() else quote_input(text)
