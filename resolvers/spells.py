"""Spells of one pair: no two of them hold on the same day beyond doubt.

A date is known as precisely as it was published: who left in a month and joined again in that month
may have done both on any of its days, so that this proves no overlap.
"""

from collections import defaultdict, deque
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


Place = tuple[Held, Proposal | None]  # in the order of spells; None: it is on record


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


class Earlier:
    """The spells of a pair that come before, in order: those that may be rivals of the next."""

    def __init__(self) -> None:
        self.open: deque[Place] = deque()
        self.published: dict[tuple[str | None, str | None], Place] = {}
        self.begun: dict[str | None, Place] = {}

    def add(self, place: Place) -> None:
        spell = place[0]
        self.open.append(place)
        self.published.setdefault(spell.published, place)
        self.begun.setdefault(spell.published[0], place)

    def rivals(self, spell: Held) -> list[Place]:
        """The first that says the same, and the first that overlaps: if any does, that one does.

        For what ended by now ended before all that follow, and the first began the soonest.
        """
        while self.open and self.open[0][0].soonest_end <= spell.latest_start:
            self.open.popleft()
        same = self.published.get(spell.published)
        first = self.open[0] if self.open and self.open[0][0].overlaps(spell) else None
        places = {place[0].id: place for place in (same, first) if place}
        return sorted(places.values(), key=lambda place: place[0].order)


def check_overlaps(
    entered: Iterable[tuple[Proposal, Pair, Held]],
    on_record: Mapping[Pair, Sequence[Held]],
    problems: Problems,
) -> None:
    """No two spells of one pair hold on one day, or are the same.

    What is entered is blamed, not what is on record; of two that are entered, the later one. So
    what is entered is compared with all before it, the other with what nothing was wrong with yet.
    """
    pairs: defaultdict[Pair, list[Place]] = defaultdict(list)
    for entry, pair, spell in entered:
        pairs[pair].append((spell, entry))
    for pair, places in pairs.items():
        places += [(spell, None) for spell in on_record.get(pair, ())]
        places.sort(key=lambda place: place[0].order)
        everything, right = Earlier(), Earlier()
        for place in places:
            spell, proposal = place
            earlier = everything if proposal else right
            rivals = earlier.rivals(spell)
            for rival in rivals:
                blame(place, rival, problems)
            begun = earlier.begun.get(spell.published[0])
            if not rivals and begun and spell.begins_with(begun[0]):
                blame(place, begun, problems)
            everything.add(place)
            if proposal and not rivals:
                right.add(place)


def blame(place: Place, earlier: Place, problems: Problems) -> None:
    (spell, proposal), (other, its) = place, earlier
    if (blamed := proposal or its) is None:
        return
    rival = quoted(other.id if blamed is proposal else spell.id)
    column = start_of(blamed.model)
    if spell.repeats(other):
        problems.add(blamed, column, f"is what {rival} says: cite both sources there.")
    elif spell.overlaps(other):
        reason = f"overlaps the spell {rival} of the same pair: end that one first."
        problems.add(blamed, column, reason)
    else:
        reason = f"is also when {rival} began: if they are one, correct that one."
        problems.notice(blamed, column, reason)


def start_of(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]
