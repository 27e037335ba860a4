"""What a field that leads to records answers: rows, or a listing that nobody has read yet."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from engine.groups import PLAIN, Arrangement, Group, Groups
from engine.kind import Kind, Spells
from engine.link import Chain, Closed, ClosedOf, Link, Many, One, OneBack, OneOf
from engine.page import Asked, Order, Page, within_page
from engine.reader import Place, Reader
from engine.step import NOTHING
from engine.way import Everywhere
from kit.errors import BadInput, LimitExceeded
from kit.global_id import global_id, read_global_id
from kit.quantity import Quantity
from kit.texts import storable, storable_code
from resolvers.access import owns
from resolvers.arranging import arranged
from resolvers.context import Info, place
from resolvers.declare import REGISTRY

DEFAULT_GROUPS = 100
MOST_DIMENSIONS = 5
LONGEST_ORDER = 5

# SQLite's parser gives up on deeper statements, and no question of a partner needs them.
DEEPEST_FILTER = 7


class Word(Enum):
    """A word of a list that is made from declarations: orders, dimensions, what may be missing."""


class Paged(Protocol):
    """What a connection stands for: its page and its total are statements of their own."""

    async def page(self, reader: Reader, here: Place) -> Page: ...

    async def count(self, reader: Reader, here: Place) -> int: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as asked: its rows, total and groups are statements of their own, if wanted."""

    link: Many
    source: str
    asked: Asked

    async def page(self, reader: Reader, here: Place) -> Page:
        return await reader.page(here, self.link, self.asked, self.source)

    async def count(self, reader: Reader, here: Place) -> int:
        return await reader.count(here, self.link, self.asked, self.source)


async def linked(info: Info, link: Link, row: Any, asked: Asked | None = None) -> Any:
    """The record or records at the end of a link that isn't a connection.

    A link that leads nowhere is asked for all the same, as one to what the viewer may not see is.
    """
    reader, here = info.context.reader, place(info.path)
    match link:
        case One():
            return await reader.record(here, link.to, "id", getattr(row, link.by) or NOTHING)
        case OneBack():
            return await reader.record(here, link.to, link.by, row.id)
        case OneOf():
            keys = [(kind, getattr(row, column)) for kind, column in link.targets.items()]
            found = [reader.record(here, kind, "id", key or NOTHING) for kind, key in keys]
            return next((one for one in await asyncio.gather(*found) if one is not None), None)
        case Closed():
            return await reader.closed(here, link, row.id)
        case ClosedOf():
            return await reader.closed_of(here, link, row.id)
        case Chain():
            return await reader.chain(here, link, asked or Asked(), row.id)
    raise AssertionError(link)


def listing(link: Many, row: Any, **given: Any) -> Listing:
    """Raises BadInput for a page, a cursor or spells that can't be asked for."""
    return Listing(link, "" if isinstance(link.way, Everywhere) else row.id, asked(link, **given))


def asked(link: Many, **given: Any) -> Asked:
    """What the arguments of a list ask. Raises as `listing` does."""
    asked_order = given.pop("order_by", None) or ()
    order = tuple((one.field.value, bool(one.descending)) for one in asked_order)
    wanted = frozen(given.pop("filter", None)) or ()
    if len(order) > LONGEST_ORDER:
        raise LimitExceeded(
            f"A list is sorted by {LONGEST_ORDER} fields at most.",
            f"一个列表最多按 {LONGEST_ORDER} 个字段排序。",
        )
    spells = given.pop("spells", None)
    question = Asked(order=order, filter=wanted, spells=spells and Spells(spells.value), **given)
    if question.cursor is not None:
        Order.of(link.to, question).values(question.cursor)
    return question


def frozen(given: Any, depth: int = 0) -> Any:
    """A filter input as nested tuples: hashable, without what is null."""
    if isinstance(given, Enum):
        return given.value if isinstance(given, Word) else given
    if isinstance(given, list):
        return tuple(frozen(one, depth) for one in given)
    if hasattr(given, "__strawberry_definition__"):
        if depth > DEEPEST_FILTER:
            raise LimitExceeded(
                f"A filter is nested {DEEPEST_FILTER} deep at most.",
                f"筛选条件最多嵌套 {DEEPEST_FILTER} 层。",
            )
        fields = ((name.rstrip("_"), value) for name, value in vars(given).items())
        return tuple(
            (name, frozen(value, depth + 1)) for name, value in fields if value is not None
        )
    if isinstance(given, str) and storable(given) != given:
        raise BadInput(
            "Text may not contain NUL or lone surrogates.",
            "文本中不得含有 NUL 字符或不成对的代理码位。",
        )
    return given


async def page(parent: Paged, info: Info) -> Page:
    # The fields of one connection share its page: its place is the connection's, not theirs.
    return await parent.page(info.context.reader, place(info.path.prev))


async def total_count(parent: Paged, info: Info) -> int:
    return await parent.count(info.context.reader, place(info.path))


async def undated(parent: Listing, info: Info) -> int:
    here = place(info.path)
    return await info.context.reader.undated(here, parent.link, parent.asked, parent.source)


async def groups(parent: Listing, info: Info, **given: Any) -> Groups:
    names, first, how = grouping(parent.link.to, **given)
    return await info.context.reader.groups(
        place(info.path), parent.link, parent.asked, names, first, parent.source, how
    )


def grouping(
    kind: Kind, by: Sequence[str], first: int | None = None, **given: Any
) -> tuple[tuple[str, ...], int, Arrangement]:
    """What to group by, how many groups, which and in which order. Raises as `dimensions` does."""
    names, first = dimensions(by, first)
    if not any(given.values()) and given.get("below") is None:
        return names, first, PLAIN
    return names, first, arranged(kind, names, **given)


def dimensions(by: Sequence[str], first: int | None) -> tuple[tuple[str, ...], int]:
    """Raises BadInput or LimitExceeded."""
    if first is None:
        first = DEFAULT_GROUPS
    if not by:
        raise BadInput(
            "Name at least one dimension in `by`.",
            "请在 `by` 中至少给出一个维度。",
        )
    if len(set(by)) < len(by):
        raise BadInput(
            "Name each dimension once in `by`.",
            "`by` 中每个维度只能出现一次。",
        )
    if len(by) > MOST_DIMENSIONS:
        raise LimitExceeded(
            f"`by` names {MOST_DIMENSIONS} dimensions at most.",
            f"`by` 最多给出 {MOST_DIMENSIONS} 个维度。",
        )
    within_page("first", first)
    return tuple(by), first


def sum_of(group: Group, measure: str) -> Quantity | None:
    return group.sums[measure]


def average_of(group: Group, measure: str) -> Quantity | None:
    return group.averages[measure]


def least_of(group: Group, measure: str) -> Quantity | None:
    return group.least[measure]


def most_of(group: Group, measure: str) -> Quantity | None:
    return group.most[measure]


def share_of(group: Group) -> float:
    return group.count / group.of


def note_of(row: Any, info: Info) -> str | None:
    note: str | None = row.note
    return note if owns(info.context.asker.viewer, row) else None


def id_of(row: Any) -> str:
    return global_id(row.kind.name, row.id)


async def looked_up(info: Info, kind: Kind, code: str | None, id: str | None) -> Any:
    """By code or by id: null for one that is unknown, and for one of another kind.

    A code that a record had before still finds it.
    """
    found = key_of(kind, code, id)
    if found is None:
        return None
    return await by_key(info, kind, *found)


async def by_key(info: Info, kind: Kind, column: str, key: str) -> Any:
    reader, here = info.context.reader, place(info.path)
    record = await reader.record(here, kind, column, key)
    if record is None and column == kind.key:
        now = await reader.renamed(here, kind, key)
        return None if now is None else await reader.record(here, kind, column, now)
    return record


def key_of(kind: Kind, code: str | None = None, id: str | None = None) -> tuple[str, str] | None:
    """The column and the key. None for the id of another kind; raises BadInput for both or none."""
    if (code is None) is (id is None):
        raise BadInput(
            "Look up by `code` or by `id`: give one of the two.",
            "请在 `code` 与 `id` 中给出一个，且只给一个。",
        )
    if code is not None:
        return "code", storable_code(code)
    found, key = named_by(id or "")
    return ("id", key) if found is kind else None


async def node(info: Info, id: str) -> Any:
    kind, key = named_by(id)
    return await info.context.reader.record(place(info.path), kind, "id", key)


def named_by(id: str) -> tuple[Kind, str]:
    """The kind and the key that an id names. Raises BadInput for what is no id of ours."""
    kind_name, key = read_global_id(id) or ("", "")
    kind = REGISTRY.named(kind_name)
    if kind is None:
        raise BadInput(
            "This is not an id of ours: send one that an answer gave.",
            "这不是本服务的标识，请使用答复中给出的标识。",
        )
    return kind, storable(key)


def all_named_by(ids: Sequence[str]) -> list[tuple[Kind, str]]:
    """Raises BadInput for too many ids as well."""
    within_page("ids", len(ids) or None)
    return [named_by(id) for id in ids]


async def nodes(info: Info, ids: list[str]) -> list[Any]:
    """One statement for each kind among the ids."""
    all_named_by(ids)
    return list(await asyncio.gather(*(node(info, id) for id in ids)))
