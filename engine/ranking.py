"""Pages of lists that are put in order in Python: by a rank, largest first, then by a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeVar

from engine.page import Asked
from kit.cursor import NOT_OURS, read_cursor, write_cursor
from kit.errors import BadInput

Item = TypeVar("Item")
Place = tuple[int, str]  # rank and key: no two items are equal in it

LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands in its list: what Relay's PageInfo shows."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Item]):
    items: list[Item]
    cursors: list[str]
    standing: Standing


@dataclass(frozen=True)
class Ranking:
    """`signature` names the list and all that decides its order: a cursor is good for no other."""

    signature: str
    asked: Asked

    @classmethod
    def of(cls, name: str, asked: Asked, *deciding: Any) -> Ranking:
        """Raises BadInput for a cursor that another list made, or other arguments."""
        digest = sha256(repr(deciding).encode()).hexdigest()[:16]
        made = cls(f"{name}:{digest}", asked)
        if asked.cursor is not None:
            made.place_of(asked.cursor)
        return made

    def place_of(self, cursor: str) -> Place:
        rank, key = read_cursor(cursor, self.signature, 2)
        if type(rank) is not int or not -LARGEST < rank < LARGEST or not isinstance(key, str):
            raise BadInput(*NOT_OURS)
        return -rank, key

    def page(self, items: Sequence[Item], place: Callable[[Item], Place]) -> Ranked[Item]:
        """The items may come in any order; the page is cut by their places, not by numbers."""

        def sorting(item: Item) -> Place:
            rank, key = place(item)
            return -rank, key

        listed, size, backward = sorted(items, key=sorting), self.asked.size, self.asked.backward
        cursor = self.asked.cursor
        if cursor is not None:
            far = self.place_of(cursor)
            listed = [
                one for one in listed if (sorting(one) < far if backward else sorting(one) > far)
            ]
        kept, more = listed[-size:] if backward else listed[:size], len(listed) > size
        behind = cursor is not None
        has_next, has_previous = (behind, more) if backward else (more, behind)
        cursors = [write_cursor(self.signature, place(one)) for one in kept]
        start, end = (cursors[0], cursors[-1]) if cursors else (None, None)
        return Ranked(kept, cursors, Standing(has_next, has_previous, start, end))
