"""What must be true of rows before they are written: all problems are found, not the first."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kit.errors import quoted
from models.row import KEY_LENGTH, Parts
from models.unit import UNITS
from resolvers.dates import check_dates
from resolvers.proposal import Problems, Proposal, entered_columns, key_column

TEXT_LENGTH = 100_000
NAME_LENGTH = 200  # PostgreSQL sorts by at most 2704 bytes, and a name's key is pinyin and name
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def check_row(proposal: Proposal, row: dict[str, Any], problems: Problems, today: date) -> None:
    """What one row says by itself; `row` is the proposal over what is on record."""
    check_key(proposal, problems)
    for column in entered_columns(proposal.model):
        value = row.get(column.key)
        if value is None and not column.nullable and column.key != "code":
            problems.add(proposal, column.key, "may not be empty.")
        if isinstance(value, float) and not math.isfinite(value):
            problems.add(proposal, column.key, "is no number that can be stored.")
        if isinstance(value, str):
            check_text(proposal, column.key, value, problems)
        if column.key.endswith("_unit") and value is not None and value not in UNITS:
            reason = f"{quoted(value)} is no known unit, such as person."
            problems.add(proposal, column.key, reason)
    check_bounds(proposal, row, problems)
    check_quantities(proposal, row, problems)
    check_alternatives(proposal, row, problems)
    check_dates(proposal, row, problems, today)
    for name, reason in proposal.model.problems(row):
        problems.add(proposal, name, reason)


def check_text(proposal: Proposal, column: str, value: str, problems: Problems) -> None:
    """Files can't tell empty text from none, nor keep the space around it."""
    most = NAME_LENGTH if column == "name" else TEXT_LENGTH
    if "\0" in value:
        problems.add(proposal, column, "contains a NUL character.")
    if not value or value != value.strip():
        problems.add(proposal, column, "is empty, or begins or ends with white space.")
    if len(value) > most:
        problems.add(proposal, column, f"has {len(value)} characters; {most} fit.")


def check_key(proposal: Proposal, problems: Problems) -> None:
    for column, name in ((key_column(proposal.model), proposal.key), ("id", proposal.id)):
        if len(name) > KEY_LENGTH or not CODE.fullmatch(name):
            reason = f"takes 1 to {KEY_LENGTH} letters, digits, _ . or -, a letter or digit first."
            problems.add(proposal, column, reason)
            return


def check_bounds(proposal: Proposal, row: dict[str, Any], problems: Problems) -> None:
    """The constraints made by `within`."""
    for constraint in proposal.table.constraints:
        if "within" in constraint.info:
            column, least, most = constraint.info["within"]
            value = row.get(column)
            if value is not None and not least <= value <= (value if most is None else most):
                upto = f"{least} or more" if most is None else f"from {least} to {most}"
                problems.add(proposal, column, f"is {value}; it is {upto}.")


def check_quantities(proposal: Proposal, row: dict[str, Any], problems: Problems) -> None:
    for column in proposal.table.columns:
        if not column.key.endswith("_qualifier"):
            continue
        prefix = column.key.removesuffix("_qualifier")
        parts = [row.get(f"{prefix}_{part}") for part in ("value", "unit", "qualifier")]
        if len({part is None for part in parts}) > 1:
            problems.add(proposal, f"{prefix}_value", "goes with its unit and its qualifier.")


def check_alternatives(proposal: Proposal, row: dict[str, Any], problems: Problems) -> None:
    """The constraints made by `exactly_one` and `at_most_one`."""
    for constraint in proposal.table.constraints:
        columns = constraint.info.get("one_of", ())
        filled = [column for column in columns if row.get(column) is not None]
        if columns and (len(filled) > 1 or (not filled and "or_none" not in constraint.info)):
            names = ", ".join(column.removesuffix("_id") for column in columns)
            many = "at most one" if "or_none" in constraint.info else "exactly one"
            problems.add(proposal, (filled or columns)[-1], f"fill {many} of {names}.")


def check_parts(
    parts: Parts,
    entered: Iterable[tuple[Proposal, Mapping[str, Any]]],
    on_record: Iterable[Mapping[str, Any]],
    problems: Problems,
) -> None:
    """A holder has one part of a whole, and the shares that are known come to 100 % at most."""
    held: dict[tuple[str, Any, Any], str] = {}
    shared: defaultdict[Any, float] = defaultdict(float)

    def take(row: Mapping[str, Any]) -> str | None:
        whole = row.get(parts.whole)
        shared[whole] += row.get(parts.share) or 0
        for name in parts.holders:
            if (holder := row.get(name)) is not None:
                return held.setdefault((name, holder, whole), row["id"])
        return None

    for row in on_record:
        take(row)
    for proposal, row in entered:
        if take(row) not in {None, row["id"]}:
            problems.add(proposal, parts.whole, "has a part of that holder already; correct it.")
        if round(shared[row.get(parts.whole)], 6) > 100:
            problems.add(proposal, parts.share, "brings the shares to more than 100 %.")


def check_cycles(
    proposals: Mapping[str, Proposal], parents: Mapping[str, str | None], problems: Problems
) -> None:
    """Both by id; `parents` holds the whole tree as it would be."""
    settled: set[str] = set()
    for id in proposals:
        line: dict[str, None] = {}
        step: str | None = id
        while step is not None and step not in settled and step not in line:
            line[step] = None
            step = parents.get(step)
        settled.update(line)
        if step is not None and step in line:
            ring = list(line)
            for one in ring[ring.index(step) :]:
                if one in proposals:
                    reason = f"{quoted(proposals[one].key)} would lie within itself."
                    problems.add(proposals[one], "parent_id", reason)
