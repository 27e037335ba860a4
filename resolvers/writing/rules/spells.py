"""Checks of spells: no two of one pair are certainly valid on the same day.

Dates are as precise as published. A member who left in a month and joined again in that month may
have done both on any of its days, so the two don't overlap for certain.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import quote_input
from kit.values.partial_date import exclusive_end, first_day, first_day_after
from models.history import model_table
from models.row import Row, Spell
from resolvers.writing.proposal import Problems, Proposal
from resolvers.writing.record import Entry, fetch_rows, is_not_retracted

PairKey = tuple[Any, ...]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpellBounds:
    """The bounds that two published dates allow: the latest start, and the earliest end."""

    id: str
    published: tuple[str | None, str | None]
    latest_start: date
    soonest_end: date  # the first day after it

    @property
    def order(self) -> tuple[date, date, str]:
        return self.latest_start, self.soonest_end, self.id

    def overlaps(self, other: "SpellBounds") -> bool:
        """Return whether they overlap for certain: neither can have ended when the other began."""
        return self.latest_start < other.soonest_end and other.latest_start < self.soonest_end

    def repeats(self, other: "SpellBounds") -> bool:
        """Return whether both have the same dates; then they are one spell."""
        return self.published == other.published

    def has_same_start(self, other: "SpellBounds") -> bool:
        return self.published[0] is not None and self.published[0] == other.published[0]


SpellEntry = tuple[SpellBounds, Proposal | None]  # None for a stored spell


def compute_spell_bounds(model: type[Row], row: Mapping[str, Any], today: date) -> SpellBounds:
    """Return the bounds of a spell.

    An unknown start is before the end, and not after today; a start is never after the end.
    """
    assert issubclass(model, Spell)
    start, end = (row.get(name) for name in model.bounds)
    soonest, latest = end_range(end)
    if start is None:
        last = latest - ONE_DAY if latest > date.min else latest
        return SpellBounds(row["id"], (start, end), min(today, last), soonest)
    latest_start = min(first_day_after(start) - ONE_DAY, latest)
    return SpellBounds(row["id"], (start, end), latest_start, max(soonest, first_day(start)))


def end_range(end: str | None) -> tuple[date, date]:
    """Return the first and last possible day of the end, exclusive."""
    if end is None:
        return date.max, date.max
    return first_day(end), exclusive_end(end)


async def check_spells(
    connection: AsyncConnection,
    model: type[Row],
    entries: Mapping[str, Entry],
    today: date,
    problems: Problems,
) -> None:
    """Compare the spells of a load with each other, and with stored ones."""
    assert issubclass(model, Spell)
    pair = model.pair
    keys = [entry.row.get(pair[0]) for entry in entries.values()]
    rows = await fetch_rows(
        connection, model_table(model), pair[0], [key for key in keys if key is not None]
    )
    on_record: defaultdict[PairKey, list[SpellBounds]] = defaultdict(list)
    for row in rows:
        # Stored rows that this load replaces don't count, nor do retracted ones.
        if row["id"] not in entries and is_not_retracted(row):
            on_record[tuple(row[name] for name in pair)].append(
                compute_spell_bounds(model, row, today)
            )
    entered = [
        (
            entry.proposal,
            tuple(entry.row.get(name) for name in pair),
            compute_spell_bounds(model, entry.row, today),
        )
        for entry in entries.values()
        if is_not_retracted(entry.row) and entry.row.get(pair[0]) is not None
    ]
    check_overlaps(entered, on_record, problems)


class EarlierSpells:
    """The earlier spells of a pair, in order, that may conflict with the next."""

    def __init__(self) -> None:
        self.open: deque[SpellEntry] = deque()
        self.published: dict[tuple[str | None, str | None], SpellEntry] = {}
        self.begun: dict[str | None, SpellEntry] = {}

    def add(self, entry: SpellEntry) -> None:
        spell = entry[0]
        self.open.append(entry)
        self.published.setdefault(spell.published, entry)
        self.begun.setdefault(spell.published[0], entry)

    def conflicts(self, spell: SpellBounds) -> list[SpellEntry]:
        """Return the first spell with the same dates, and the first that overlaps.

        Spells that ended before this one also ended before later ones. The first of the rest has
        the earliest start, so it overlaps if any does.
        """
        while self.open and self.open[0][0].soonest_end <= spell.latest_start:
            self.open.popleft()
        same = self.published.get(spell.published)
        first = self.open[0] if self.open and self.open[0][0].overlaps(spell) else None
        entries = {entry[0].id: entry for entry in (same, first) if entry}
        return sorted(entries.values(), key=lambda entry: entry[0].order)


def check_overlaps(
    entered: Iterable[tuple[Proposal, PairKey, SpellBounds]],
    on_record: Mapping[PairKey, Sequence[SpellBounds]],
    problems: Problems,
) -> None:
    """Report spells of one pair that overlap or are the same.

    Entered spells are at fault, not stored ones; of two entered, the later. So an entered spell is
    compared with all before it, a stored one only with entered ones that had no conflict.
    """
    pairs: defaultdict[PairKey, list[SpellEntry]] = defaultdict(list)
    for entry, pair, spell in entered:
        pairs[pair].append((spell, entry))
    for pair, items in pairs.items():
        items += [(spell, None) for spell in on_record.get(pair, ())]
        items.sort(key=lambda item: item[0].order)
        everything, right = EarlierSpells(), EarlierSpells()
        for item in items:
            spell, proposal = item
            earlier = everything if proposal else right
            rivals = earlier.conflicts(spell)
            for rival in rivals:
                report_conflict(item, rival, problems)
            begun = earlier.begun.get(spell.published[0])
            if not rivals and begun and spell.has_same_start(begun[0]):
                report_conflict(item, begun, problems)
            everything.add(item)
            if proposal and not rivals:
                right.add(item)


def report_conflict(entry: SpellEntry, earlier: SpellEntry, problems: Problems) -> None:
    (spell, proposal), (other, its) = entry, earlier
    if (blamed := proposal or its) is None:
        return
    rival = quote_input(other.id if blamed is proposal else spell.id)
    column = spell_start_column(blamed.model)
    if spell.repeats(other):
        problems.add(blamed, column, f"is the same as {rival}: cite both sources there.")
    elif spell.overlaps(other):
        reason = f"overlaps the spell {rival} of the same pair: end that spell first."
        problems.add(blamed, column, reason)
    else:
        reason = f"is also when {rival} began: if they are one, correct that one."
        problems.notice(blamed, column, reason)


def spell_start_column(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]
