"""Rules for rows, checked before anything is written; all problems are reported."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kit.db.column_types import FixedDecimal
from kit.errors import quote_input
from kit.text import identity_numbers
from kit.values.fixed_point import NumberOutOfRange, to_fixed_decimal
from models.row import KEY_LENGTH, ShareRule
from models.unit import UNITS
from resolvers.writing.proposal import Problems, Proposal, enterable_columns, key_column
from resolvers.writing.rules.dates import check_dates

MAX_TEXT_LENGTH = 100_000
MAX_NAME_LENGTH = 200  # PostgreSQL indexes 2704 bytes at most; a sort key has pinyin and name
CODE_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def check_row(proposal: Proposal, row: dict[str, Any], problems: Problems, today: date) -> None:
    """Check one row; `row` is the proposal merged with the stored row.

    Converts its numbers to their stored form.
    """
    check_key(proposal, problems)
    for column in enterable_columns(proposal.model):
        value = row.get(column.key)
        if value is None and not column.nullable and column.key != "code":
            problems.add(proposal, column.key, "may not be empty.")
        if value is not None and isinstance(column.type, FixedDecimal):
            row[column.key] = check_decimal(proposal, column.key, value, problems)
        if isinstance(value, str):
            check_text(proposal, column.key, value, problems)
            if column.key in proposal.values and (
                reason := identity_numbers.identity_number_error(value)
            ):
                problems.add(proposal, column.key, reason)
        if column.key.endswith("_unit") and value is not None and value not in UNITS:
            reason = f"{quote_input(value)} is not a known unit, such as person."
            problems.add(proposal, column.key, reason)
    check_bounds(proposal, row, problems)
    check_quantities(proposal, row, problems)
    check_exclusive_columns(proposal, row, problems)
    check_dates(proposal, row, problems, today)
    for name, reason in proposal.model.problems(row):
        problems.add(proposal, name, reason)


def check_decimal(
    proposal: Proposal, column: str, value: Any, problems: Problems
) -> Decimal | None:
    """Return a number in its stored form; numbers from files are in it already."""
    try:
        return to_fixed_decimal(value)
    except NumberOutOfRange as error:
        problems.add(proposal, column, str(error))
        return None


def check_text(proposal: Proposal, column: str, value: str, problems: Problems) -> None:
    """Reject empty text and outer white space, which files can't represent."""
    most = MAX_NAME_LENGTH if column == "name" else MAX_TEXT_LENGTH
    if "\0" in value:
        problems.add(proposal, column, "contains a NUL character.")
    if not value or value != value.strip():
        problems.add(proposal, column, "is empty, or begins or ends with white space.")
    if len(value) > most:
        problems.add(proposal, column, f"has {len(value)} characters; the limit is {most}.")


def check_key(proposal: Proposal, problems: Problems) -> None:
    for column, name in ((key_column(proposal.model), proposal.key), ("id", proposal.id)):
        if reason := identity_numbers.identity_number_error(name) or key_fault(name):
            problems.add(proposal, column, reason)
            return


def key_fault(name: str) -> str | None:
    """Return what is wrong with a key, with the character at fault if there is one."""
    if len(name) <= KEY_LENGTH and CODE_PATTERN.fullmatch(name):
        return None
    rule = f"takes 1 to {KEY_LENGTH} letters, digits, _ . or -, a letter or digit first."
    if not name or len(name) > KEY_LENGTH:
        return rule
    position = next(
        position
        for position, sign in enumerate(name, 1)
        if not CODE_PATTERN.fullmatch("w" * (position > 1) + sign)
    )
    return f"{quote_input(name)} has {name[position - 1]!r} in place {position}: a code {rule}"


def check_bounds(proposal: Proposal, row: dict[str, Any], problems: Problems) -> None:
    """Check the constraints made by `within`."""
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


def check_exclusive_columns(proposal: Proposal, row: dict[str, Any], problems: Problems) -> None:
    """Check the constraints made by `exactly_one` and `at_most_one`."""
    for constraint in proposal.table.constraints:
        columns = constraint.info.get("one_of", ())
        filled = [column for column in columns if row.get(column) is not None]
        if columns and (len(filled) > 1 or (not filled and "or_none" not in constraint.info)):
            names = ", ".join(column.removesuffix("_id") for column in columns)
            many = "at most one" if "or_none" in constraint.info else "exactly one"
            problems.add(proposal, (filled or columns)[-1], f"fill {many} of {names}.")


def check_shares(
    parts: ShareRule,
    entered: Iterable[tuple[Proposal, Mapping[str, Any]]],
    on_record: Iterable[Mapping[str, Any]],
    problems: Problems,
) -> None:
    """Reject a second part of one holder, and known shares of more than 100 % together."""
    holdings: dict[tuple[str, Any, Any], str] = {}
    shared: defaultdict[Any, Decimal] = defaultdict(Decimal)

    def take(row: Mapping[str, Any]) -> str | None:
        total = row.get(parts.whole)
        shared[total] += row.get(parts.share) or 0
        for name in parts.holders:
            if (holder := row.get(name)) is not None:
                return holdings.setdefault((name, holder, total), row["id"])
        return None

    for row in on_record:
        take(row)
    for proposal, row in entered:
        if take(row) not in {None, row["id"]}:
            problems.add(proposal, parts.whole, "has a part of that holder already; correct it.")
        if shared[row.get(parts.whole)] > 100:
            problems.add(proposal, parts.share, "brings the shares to more than 100 %.")


def check_cycles(
    proposals: Mapping[str, Proposal], parents: Mapping[str, str | None], problems: Problems
) -> None:
    """Reject cycles of parents; both mappings are by id, and `parents` has the whole tree."""
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
            for key in ring[ring.index(step) :]:
                if key in proposals:
                    reason = f"{quote_input(proposals[key].key)} would be inside itself."
                    problems.add(proposals[key], "parent_id", reason)
