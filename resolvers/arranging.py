"""Which groups of a list are asked for, and in which order, as the arguments say it."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.groups import Arrangement, Limit
from engine.kind import Kind
from kit.errors import BadInput, LimitExceeded
from kit.texts import storable

LONGEST_ORDER = 5


def arranged(
    kind: Kind, by: Sequence[str], having: Any = None, order_by: Any = None, below: Any = None
) -> Arrangement:
    """Raises BadInput or LimitExceeded."""
    if len(order_by or ()) > LONGEST_ORDER:
        raise LimitExceeded(
            f"Groups are sorted by {LONGEST_ORDER} fields at most.",
            f"分组最多按 {LONGEST_ORDER} 个字段排序。",
        )
    if below is not None:
        in_lineage(kind, by, below)
    order = tuple((one.field.value, bool(one.descending)) for one in order_by or ())
    return Arrangement(tuple(limits(having)), order, below)


def in_lineage(kind: Kind, by: Sequence[str], below: str) -> None:
    able = [word for word, one in kind.dimensions.items() if one.lineage is not None]
    if not able:
        raise BadInput(
            f"{kind.name} records lie in no region: leave `below` out.",
            f"{kind.name} 不属于任何地区，请去掉 `below`。",
        )
    if not set(able) & set(by):
        named = " / ".join(able)
        raise BadInput(
            f"`below` says what the dimension {named} means: name that in `by`, or leave it out.",
            f"`below` 用于限定维度 {named}：请在 `by` 中给出该维度，或去掉 `below`。",
        )
    if storable(below) != below:
        raise BadInput(
            "Text may not contain NUL or lone surrogates.",
            "文本中不得含有 NUL 字符或不成对的代理码位。",
        )


def limits(having: Any) -> Iterator[Limit]:
    if having is None:
        return
    yield from bounds(None, having.count)
    sums = getattr(having, "sum", None)  # of kinds that have measures
    for name, given in vars(sums).items() if sums else ():
        yield from bounds(name.upper(), given)


def bounds(measure: str | None, given: Any) -> Iterator[Limit]:
    if given is None:
        return
    if given.gte is not None and given.lte is not None and given.gte > given.lte:
        raise BadInput(
            f"No group can have at least {given.gte} and at most {given.lte}: mend `having`.",
            f"没有分组能同时不小于 {given.gte} 且不大于 {given.lte}，请修改 `having`。",
        )
    if given.gte is not None:
        yield Limit(measure, True, given.gte)
    if given.lte is not None:
        yield Limit(measure, False, given.lte)
