"""Spells of one pair: no two of them hold on the same day beyond doubt.

A date is known as precisely as it was published: who left in a month and joined again in that month
may have done both on any of its days, so that this proves no overlap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quoted
from kit.partial_date import first_day, first_day_after, first_day_without
from models.history import stored
from models.row import Row, Spell
from resolvers.proposal import Problems, Proposal
from resolvers.recording import Entry, rows_on_record, stands

Pair = tuple[Any, ...]
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What two dates as published leave open: the latest start of a spell, and its soonest end."""

    id: str
    published: tuple[str | None, str | None]
    latest_start: date
    soonest_end: date  # the first day without it

    @property
    def order(self) -> tuple[date, date, str]:
        return self.latest_start, self.soonest_end, self.id

    def overlaps(self, other: "Held") -> bool:
        """Beyond doubt: neither may have ended by the day on which the other began."""
        return self.latest_start < other.soonest_end and other.latest_start < self.soonest_end

    def repeats(self, other: "Held") -> bool:
        """Two that say the very same are one spell."""
        return self.published == other.published

    def begins_with(self, other: "Held") -> bool:
        return self.published[0] is not None and self.published[0] == other.published[0]


def held(model: type[Row], row: Mapping[str, Any], today: date) -> Held:
    """An unknown start lies before the end, and not after today; a start never after the end."""
    assert issubclass(model, Spell)
    start, end = (row.get(name) for name in model.bounds)
    soonest, latest = ends_between(end)
    if start is None:
        last = latest - A_DAY if latest > date.min else latest
        return Held(row["id"], (start, end), min(today, last), soonest)
    latest_start = min(first_day_after(start) - A_DAY, latest)
    return Held(row["id"], (start, end), latest_start, max(soonest, first_day(start)))


def ends_between(end: str | None) -> tuple[date, date]:
    """The first and the last day that may be the first without a spell."""
    if end is None:
        return date.max, date.max
    return first_day(end), first_day_without(end)


async def check_spells(
    connection: AsyncConnection,
    model: type[Row],
    entries: Mapping[str, Entry],
    today: date,
    problems: Problems,
) -> None:
    """Those of a load beside each other, and beside those on record."""
    assert issubclass(model, Spell)
    pair = model.pair
    keys = [entry.row.get(pair[0]) for entry in entries.values()]
    known = await rows_on_record(
        connection, stored(model), pair[0], [key for key in keys if key is not None]
    )
    on_record: defaultdict[Pair, list[Held]] = defaultdict(list)
    for row in known:
        # What this very load replaces, and what was retracted, holds nothing any more.
        if row["id"] not in entries and stands(row):
            on_record[tuple(row[name] for name in pair)].append(held(model, row, today))
    entered = [
        (entry.proposal, tuple(entry.row.get(name) for name in pair), held(model, entry.row, today))
        for entry in entries.values()
        if stands(entry.row) and entry.row.get(pair[0]) is not None
    ]
    check_overlaps(entered, on_record, problems)


def check_overlaps(
    entered: Iterable[tuple[Proposal, Pair, Held]],
    on_record: Mapping[Pair, Sequence[Held]],
    problems: Problems,
) -> None:
    """No two spells of one pair hold on one day, or are the same."""
    pairs: defaultdict[Pair, list[tuple[Held, Proposal | None]]] = defaultdict(list)
    for entry, pair, spell in entered:
        pairs[pair].append((spell, entry))
    for pair, spells in pairs.items():
        spells += [(one, None) for one in on_record.get(pair, ())]
        spells.sort(key=lambda spell: spell[0].order)
        for place, (one, proposal) in enumerate(spells):
            for other, its in spells[:place]:
                if (blamed := proposal or its) is None:
                    continue
                rival = quoted(other.id if blamed is proposal else one.id)
                column = start_of(blamed.model)
                if one.repeats(other):
                    reason = f"is what {rival} says: cite both sources there."
                    problems.add(blamed, column, reason)
                elif one.overlaps(other):
                    reason = f"overlaps the spell {rival} of the same pair: end that one first."
                    problems.add(blamed, column, reason)
                elif one.begins_with(other):
                    reason = f"is also when {rival} began: if they are one, correct that one."
                    problems.notice(blamed, column, reason)


def start_of(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]
