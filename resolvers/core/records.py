"""Answers of fields that lead to records: rows, or a connection that is read when needed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from engine.aggregates.groups import DEFAULT_GROUPING, Group, GroupingArguments, Groups
from engine.catalog.join import AllRowsJoin
from engine.catalog.kind import Kind, Link, Spells
from engine.catalog.link import (
    ToList,
    ToListThrough,
    ToListUnion,
    ToMany,
    ToOne,
    ToOneBacklink,
    ToOneUnion,
)
from engine.loaders import FieldPath, RequestLoaders
from engine.plan.layer_plan import NO_KEY
from engine.sql.arguments import ConnectionArguments, Order, Page, check_page_size
from kit.errors import BadInput, LimitExceeded
from kit.relay.global_id import from_global_id, to_global_id
from kit.text.storable import storable_code, storable_key
from kit.values.quantity import QualifiedQuantity
from resolvers.core.access import is_owner
from resolvers.core.context import Info, field_path
from resolvers.core.declare import REGISTRY
from resolvers.core.group_arguments import parse_grouping

DEFAULT_GROUPS = 100
MAX_DIMENSIONS = 5
MAX_ORDER_FIELDS = 5

# SQLite's parser rejects deeper statements, and no query of a partner needs them.
MAX_FILTER_DEPTH = 7


class GeneratedEnum(Enum):
    """An enum made from declarations: orders, dimensions, fields that may be null."""


class ConnectionSource(Protocol):
    """A connection, whose page and total are separate statements."""

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page: ...

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int: ...


@dataclass(frozen=True, slots=True)
class ConnectionRef:
    """A list with its arguments: rows, total and groups are separate statements."""

    link: ToMany
    source: str
    asked: ConnectionArguments

    async def page(self, reader: RequestLoaders, here: FieldPath) -> Page:
        return await reader.page(here, self.link, self.asked, self.source)

    async def count(self, reader: RequestLoaders, here: FieldPath) -> int:
        return await reader.count(here, self.link, self.asked, self.source)


async def resolve_link(
    info: Info, link: Link, row: Any, arguments: ConnectionArguments | None = None
) -> Any:
    """Return the record or records at the end of a link that isn't a connection.

    A null reference is looked up as well, like a reference to a record that the viewer can't see.
    """
    reader, here = info.context.reader, field_path(info.path)
    match link:
        case ToOne():
            return await reader.record(here, link.to, "id", getattr(row, link.by) or NO_KEY)
        case ToOneBacklink():
            return await reader.record(here, link.to, link.by, row.id)
        case ToOneUnion():
            keys = [(kind, getattr(row, column)) for kind, column in link.targets.items()]
            lookups = [reader.record(here, kind, "id", key or NO_KEY) for kind, key in keys]
            return next(
                (record for record in await asyncio.gather(*lookups) if record is not None), None
            )
        case ToList():
            return await reader.closed(here, link, row.id)
        case ToListUnion():
            return await reader.to_list_union(here, link, row.id)
        case ToListThrough():
            return await reader.chain(here, link, arguments or ConnectionArguments(), row.id)
    raise AssertionError(link)


def list_connection(link: ToMany, row: Any, **arguments: Any) -> ConnectionRef:
    """Return a connection. Raises BadInput or LimitExceeded for invalid arguments."""
    return ConnectionRef(
        link,
        "" if isinstance(link.way, AllRowsJoin) else row.id,
        parse_list_arguments(link, **arguments),
    )


def parse_list_arguments(link: ToMany, **arguments: Any) -> ConnectionArguments:
    """Return coerced arguments of a list. Raises as `list_connection` does."""
    asked_order = arguments.pop("order_by", None) or ()
    order = tuple((entry.field.value, bool(entry.descending)) for entry in asked_order)
    condition = freeze_filter(arguments.pop("filter", None)) or ()
    if len(order) > MAX_ORDER_FIELDS:
        raise LimitExceeded(
            f"A list can be sorted by at most {MAX_ORDER_FIELDS} fields.",
            f"一个列表最多按 {MAX_ORDER_FIELDS} 个字段排序。",
        )
    spells = arguments.pop("spells", None)
    question = ConnectionArguments(
        order=order, filter=condition, spells=spells and Spells[spells.value], **arguments
    )
    if question.cursor is not None:
        Order.of(link.to, question).values(question.cursor)
    return question


def freeze_filter(content: Any, depth: int = 0) -> Any:
    """Return a filter input as nested tuples: hashable, without nulls.

    Raises LimitExceeded if it is nested too deep, BadInput for text that can't be stored.
    """
    if isinstance(content, Enum):
        return content.value if isinstance(content, GeneratedEnum) else content
    if isinstance(content, list):
        return tuple(freeze_filter(item, depth) for item in content)
    if hasattr(content, "__strawberry_definition__"):
        if depth > MAX_FILTER_DEPTH:
            raise LimitExceeded(
                f"A filter can be nested at most {MAX_FILTER_DEPTH} levels deep.",
                f"筛选条件最多嵌套 {MAX_FILTER_DEPTH} 层。",
            )
        fields = ((name.rstrip("_"), value) for name, value in vars(content).items())
        return tuple(
            (name, freeze_filter(value, depth + 1)) for name, value in fields if value is not None
        )
    if isinstance(content, str) and storable_key(content) != content:
        raise BadInput(
            "Text may not contain NUL or lone surrogates.",
            "文本中不得含有 NUL 字符或不成对的代理码位。",
        )
    return content


async def resolve_page(parent: ConnectionSource, info: Info) -> Page:
    # Fields of a connection share its page, so the path is the connection's, not theirs.
    return await parent.page(info.context.reader, field_path(info.path.prev))


async def resolve_total_count(parent: ConnectionSource, info: Info) -> int:
    return await parent.count(info.context.reader, field_path(info.path))


async def resolve_undated(parent: ConnectionRef, info: Info) -> int:
    here = field_path(info.path)
    return await info.context.reader.undated(here, parent.link, parent.asked, parent.source)


async def resolve_groups(parent: ConnectionRef, info: Info, **arguments: Any) -> Groups:
    names, first, how = parse_group_arguments(parent.link.to, **arguments)
    return await info.context.reader.groups(
        field_path(info.path), parent.link, parent.asked, names, first, parent.source, how
    )


def parse_group_arguments(
    kind: Kind, by: Sequence[str], first: int | None = None, **arguments: Any
) -> tuple[tuple[str, ...], int, GroupingArguments]:
    """Return dimensions, number of groups and grouping. Raises as `check_dimensions` does."""
    names, first = check_dimensions(by, first)
    if not any(arguments.values()) and arguments.get("below") is None:
        return names, first, DEFAULT_GROUPING
    return names, first, parse_grouping(kind, names, **arguments)


def check_dimensions(dimensions: Sequence[str], first: int | None) -> tuple[tuple[str, ...], int]:
    """Return valid dimensions and the number of groups. Raises BadInput or LimitExceeded."""
    if first is None:
        first = DEFAULT_GROUPS
    if not dimensions:
        raise BadInput(
            "Name at least one dimension in `by`.",
            "请在 `by` 中至少给出一个维度。",
        )
    if len(set(dimensions)) < len(dimensions):
        raise BadInput(
            "Name each dimension only once in `by`.",
            "`by` 中每个维度只能出现一次。",
        )
    if len(dimensions) > MAX_DIMENSIONS:
        raise LimitExceeded(
            f"`by` takes at most {MAX_DIMENSIONS} dimensions.",
            f"`by` 最多给出 {MAX_DIMENSIONS} 个维度。",
        )
    check_page_size("first", first)
    return tuple(dimensions), first


def sum_of(group: Group, measure: str) -> QualifiedQuantity | None:
    return group.sums[measure]


def average_of(group: Group, measure: str) -> QualifiedQuantity | None:
    return group.averages[measure]


def minimum_of(group: Group, measure: str) -> QualifiedQuantity | None:
    return group.least[measure]


def maximum_of(group: Group, measure: str) -> QualifiedQuantity | None:
    return group.most[measure]


def share_of(group: Group) -> float:
    return group.count / group.of


def note_of(row: Any, info: Info) -> str | None:
    note: str | None = row.note
    return note if is_owner(info.context.asker.viewer, row) else None


def global_id_of(row: Any) -> str:
    return to_global_id(row.kind.name, row.id)


async def look_up_record(info: Info, kind: Kind, code: str | None, id: str | None) -> Any:
    """Return a record by code, former code or id; null if it is unknown or of another kind."""
    lookup = lookup_key(kind, code, id)
    if lookup is None:
        return None
    return await find_by_key(info, kind, *lookup)


async def find_by_key(info: Info, kind: Kind, column: str, key: str) -> Any:
    reader, here = info.context.reader, field_path(info.path)
    record = await reader.record(here, kind, column, key)
    if record is None and column == kind.key:
        now = await reader.renamed(here, kind, key)
        return None if now is None else await reader.record(here, kind, column, now)
    return record


def lookup_key(
    kind: Kind, code: str | None = None, id: str | None = None
) -> tuple[str, str] | None:
    """Return column and key; None for the id of another kind. Raises BadInput for both or none."""
    if (code is None) is (id is None):
        raise BadInput(
            "Use either `code` or `id`.",
            "请在 `code` 与 `id` 中给出一个，且只给一个。",
        )
    if code is not None:
        return "code", storable_code(code)
    named_kind, key = parse_global_id(id or "")
    return ("id", key) if named_kind is kind else None


async def resolve_node(info: Info, id: str) -> Any:
    kind, key = parse_global_id(id)
    return await info.context.reader.record(field_path(info.path), kind, "id", key)


def parse_global_id(id: str) -> tuple[Kind, str]:
    """Return the kind and key of a global id. Raises BadInput for any other text."""
    kind_name, key = from_global_id(id) or ("", "")
    kind = REGISTRY.named(kind_name)
    if kind is None:
        raise BadInput(
            "Invalid id: use one that a response returned.",
            "这不是本服务的标识，请使用答复中给出的标识。",
        )
    return kind, storable_key(key)


def parse_global_ids(ids: Sequence[str]) -> list[tuple[Kind, str]]:
    """Return the kinds and keys of global ids. Raises BadInput, or LimitExceeded for too many."""
    check_page_size("ids", len(ids) or None)
    return [parse_global_id(id) for id in ids]


async def resolve_nodes(info: Info, ids: list[str]) -> list[Any]:
    """Return the records with these ids, with one statement for each kind."""
    parse_global_ids(ids)
    return list(await asyncio.gather(*(resolve_node(info, id) for id in ids)))
