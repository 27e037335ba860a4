"""Filter and order of the groups of a list."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.aggregates.groups import GroupingArguments, HavingBound
from engine.catalog.kind import Kind
from kit.errors import BadInput, LimitExceeded
from kit.text.storable import storable_key

MAX_GROUP_ORDER_FIELDS = 5


def parse_grouping(
    kind: Kind,
    dimensions: Sequence[str],
    having: Any = None,
    order_by: Any = None,
    below: Any = None,
) -> GroupingArguments:
    """Return the grouping. Raises BadInput or LimitExceeded."""
    if len(order_by or ()) > MAX_GROUP_ORDER_FIELDS:
        raise LimitExceeded(
            f"Groups can be sorted by at most {MAX_GROUP_ORDER_FIELDS} fields.",
            f"分组最多按 {MAX_GROUP_ORDER_FIELDS} 个字段排序。",
        )
    if below is not None:
        check_below(kind, dimensions, below)
    order = tuple((entry.field.value, bool(entry.descending)) for entry in order_by or ())
    return GroupingArguments(tuple(having_bounds(having)), order, below)


def check_below(kind: Kind, dimensions: Sequence[str], below: str) -> None:
    able = [name for name, dimension in kind.dimensions.items() if dimension.closure is not None]
    if not able:
        raise BadInput(
            f"{kind.name} records have no region: omit `below`.",
            f"{kind.name} 不属于任何地区，请去掉 `below`。",
        )
    if not set(able) & set(dimensions):
        named = " / ".join(able)
        raise BadInput(
            f"`below` applies to the dimension {named}: add that to `by`, or omit `below`.",
            f"`below` 用于限定维度 {named}：请在 `by` 中给出该维度，或去掉 `below`。",
        )
    if storable_key(below) != below:
        raise BadInput(
            "Text may not contain NUL or lone surrogates.",
            "文本中不得含有 NUL 字符或不成对的代理码位。",
        )


def having_bounds(having: Any) -> Iterator[HavingBound]:
    if having is None:
        return
    yield from measure_bounds(None, having.count)
    sums = getattr(having, "sum", None)  # only for kinds with measures
    for name, bounds in vars(sums).items() if sums else ():
        yield from measure_bounds(name.upper(), bounds)


def measure_bounds(measure: str | None, bounds: Any) -> Iterator[HavingBound]:
    if bounds is None:
        return
    if bounds.gte is not None and bounds.lte is not None and bounds.gte > bounds.lte:
        raise BadInput(
            f"No group can have at least {bounds.gte} and at most {bounds.lte}: fix `having`.",
            f"没有分组能同时不小于 {bounds.gte} 且不大于 {bounds.lte}，请修改 `having`。",
        )
    if bounds.gte is not None:
        yield HavingBound(measure, True, bounds.gte)
    if bounds.lte is not None:
        yield HavingBound(measure, False, bounds.lte)
