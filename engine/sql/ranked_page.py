"""Pages of lists that Python sorts: by descending rank, then by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from engine.sql.arguments import ConnectionArguments, PageWindow
from kit.errors import BadInput
from kit.relay.cursor import INT64_MAX, INVALID_CURSOR, decode_cursor, encode_cursor

Item = TypeVar("Item")
RankKey = tuple[int, str]  # rank and key: no two items are equal in it


@dataclass(frozen=True, slots=True)
class RankedPageInfo:
    """The place of a page in its list, as Relay's PageInfo shows it."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class RankedPage(Generic[Item]):
    items: list[Item]
    cursors: list[str]
    standing: RankedPageInfo


@dataclass(frozen=True)
class RankedList:
    """`signature` names the list and all that decides its order: a cursor is good for no other."""

    signature: str
    asked: ConnectionArguments

    @classmethod
    def of(cls, name: str, arguments: ConnectionArguments, *deciding: object) -> RankedList:
        """Read the arguments. Raises BadInput for a cursor of another list or other arguments."""
        digest = sha256(repr(deciding).encode()).hexdigest()[:16]
        ranked = cls(f"{name}:{digest}", arguments)
        if arguments.cursor is not None:
            ranked.rank_key(arguments.cursor)
        return ranked

    def rank_key(self, cursor: str) -> RankKey:
        rank, key = decode_cursor(cursor, self.signature, 2)
        if type(rank) is not int or abs(rank) > INT64_MAX or not isinstance(key, str):
            raise BadInput(*INVALID_CURSOR)
        return -rank, key

    def page(self, items: Sequence[Item], rank_of: Callable[[Item], RankKey]) -> RankedPage[Item]:
        """Cut the page by the places of the items, which may come in any order."""

        def sorting(item: Item) -> RankKey:
            rank, key = rank_of(item)
            return -rank, key

        listed, backward = sorted(items, key=sorting), self.asked.backward
        cursor = self.asked.cursor
        if cursor is not None:
            far = self.rank_key(cursor)
            listed = [
                candidate
                for candidate in listed
                if (sorting(candidate) < far if backward else sorting(candidate) > far)
            ]
        page_items, has_next, has_previous = PageWindow.cut_sorted(listed, self.asked)
        cursors = [encode_cursor(self.signature, rank_of(candidate)) for candidate in page_items]
        start, end = (cursors[0], cursors[-1]) if cursors else (None, None)
        return RankedPage(page_items, cursors, RankedPageInfo(has_next, has_previous, start, end))
