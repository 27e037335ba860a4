"""Filter and order of the groups of a list."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.aggregates.groups import GroupingArguments, HavingBound
from engine.catalog.kind import Kind
from kit.errors import BadInput, LimitExceeded
from kit.text.storable import storable_key

MAX_GROUP_ORDER_FIELDS = 5


def parse_grouping(
    kind: Kind, by: Sequence[str], having: Any = None, order_by: Any = None, below: Any = None
) -> GroupingArguments:
    """Return the grouping. Raises BadInput or LimitExceeded."""
    if len(order_by or ()) > MAX_GROUP_ORDER_FIELDS:
        raise LimitExceeded(
            f"Groups can be sorted by at most {MAX_GROUP_ORDER_FIELDS} fields.",
            f"分组最多按 {MAX_GROUP_ORDER_FIELDS} 个字段排序。",
        )
    if below is not None:
        check_below(kind, by, below)
    order = tuple((one.field.value, bool(one.descending)) for one in order_by or ())
    return GroupingArguments(tuple(having_bounds(having)), order, below)


def check_below(kind: Kind, by: Sequence[str], below: str) -> None:
    able = [word for word, one in kind.dimensions.items() if one.closure is not None]
    if not able:
        raise BadInput(
            f"{kind.name} records have no region: omit `below`.",
            f"{kind.name} 不属于任何地区，请去掉 `below`。",
        )
    if not set(able) & set(by):
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
    for name, given in vars(sums).items() if sums else ():
        yield from measure_bounds(name.upper(), given)


def measure_bounds(measure: str | None, given: Any) -> Iterator[HavingBound]:
    if given is None:
        return
    if given.gte is not None and given.lte is not None and given.gte > given.lte:
        raise BadInput(
            f"No group can have at least {given.gte} and at most {given.lte}: fix `having`.",
            f"没有分组能同时不小于 {given.gte} 且不大于 {given.lte}，请修改 `having`。",
        )
    if given.gte is not None:
        yield HavingBound(measure, True, given.gte)
    if given.lte is not None:
        yield HavingBound(measure, False, given.lte)
