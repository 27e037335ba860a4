"""Spells of one pair: no two of them hold on the same day beyond doubt.

A date is known as precisely as it was published: who left in a month and joined again in that month
may have done both on any of its days, so that this proves no overlap.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kit.errors import quoted
from kit.partial_date import first_day, first_day_after
from models.row import Row, Spell
from resolvers.proposal import Problems, Proposal

Pair = tuple[Any, ...]
A_DAY = timedelta(days=1)
ALWAYS = date.max


@dataclass(frozen=True, slots=True)
class Held:
    """When a spell held, as far as its two dates as published tell.

    It began on `last_start` at the latest, and `first_end` is the earliest day without it. Where
    these are in order, it held in between beyond doubt; where they aren't, no day is certain, but
    it held around one from `first` to `last`.
    """

    id: str
    published: tuple[str | None, str | None]
    last_start: date
    first_end: date
    first: date
    last: date

    @property
    def order(self) -> tuple[date, date, str]:
        return self.last_start, self.first_end, self.id

    @property
    def certain(self) -> bool:
        return self.last_start < self.first_end

    def overlaps(self, other: "Held") -> bool:
        """Beyond doubt; a spell that ends on the day on which another begins doesn't."""
        if self.certain and other.certain:
            return self.last_start < other.first_end and other.last_start < self.first_end
        if self.certain:
            return self.last_start < other.first and other.last < self.first_end
        return other.certain and other.overlaps(self)

    def repeats(self, other: "Held") -> bool:
        """Two that say the very same are one spell."""
        return self.published == other.published


def held(model: type[Row], row: Mapping[str, Any], today: date) -> Held:
    """Of an unknown start it is known that it lies before the end, and not after today."""
    assert issubclass(model, Spell)
    start, end = (row.get(name) for name in model.bounds)
    first_end = ALWAYS if end is None else first_day(end)
    # The latest day on which it may have ended.
    last_end = ALWAYS if end is None else first_end if len(end) == 10 else first_day_after(end)
    if start is None:
        last_start = min(today, last_end - A_DAY)
        first = min(last_start, first_end)
    else:
        last_start = first_day_after(start) - A_DAY
        first = max(first_day(start), first_end) if first_end <= last_start else last_start
    last = min(last_start, last_end)
    return Held(row["id"], (start, end), last_start, first_end, first, last)


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


def start_of(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]
