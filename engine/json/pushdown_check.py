"""Decides which steps the database can write as JSON, without building a statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Integer

from engine.catalog.kind import Dimension, Kind
from engine.catalog.link import ToListUnion, ToOneUnion
from engine.json.group_writer import (
    MAX_PAIRS,
    check_groups_expressible,
)
from engine.json.sql_writer import leaf_expression
from engine.plan.group_selection import TYPE_NAME, GroupSelection, NotExpressible
from engine.plan.layer import ChildStep
from engine.plan.layer_plan import Step
from engine.plan.output import (
    CoalesceOutput,
    ConstantOutput,
    GlobalIdOutput,
    LeafOutput,
    ObjectOutput,
    OutputPlan,
    StepOutput,
)
from engine.plan.steps.aggregate import CountStep, GroupByStep
from engine.plan.steps.fetch import FetchStep, ListStep
from engine.plan.steps.lookup import LookupStep
from engine.plan.steps.page import ROWS, PageStep
from engine.plan.steps.search import SearchPageStep
from kit.db.column_types import EnumText, PartialDateText, Text
from kit.db.expressions import Expression, Values

# Attributes of groups and of their quantities that SQL can write.
QUANTITY_ATTRIBUTES = dict.fromkeys(("value", "unit", "qualifier"))
KEY_ATTRIBUTES = dict.fromkeys(("dimension", "code", "label"))
GROUP_ATTRIBUTES = {"count": None, "keys": KEY_ATTRIBUTES, "sum": QUANTITY_ATTRIBUTES}
GROUPS_ATTRIBUTES = {"there_are": None, "remainder": None, "groups": GROUP_ATTRIBUTES}


def can_push_down(step: Step) -> bool:
    try:
        match step:
            case SearchPageStep() | ListStep(link=ToListUnion()):
                return False  # lists of several kinds become one list in Python
            case LookupStep(of=fetches):
                for records in fetches.values():
                    check_output(records.level.shapes[0], records.level.source_rows.c.id)
            case PageStep() | ListStep() | FetchStep():
                check_step(step, None)
            case _:
                return False
    except NotExpressible:
        return False
    return True


def check_output(tree: OutputPlan, root: Expression | None) -> None:
    """`root`: the key of the root record. Raises NotExpressible, as `JsonWriter` does."""
    match tree:
        case ConstantOutput() | GlobalIdOutput():
            pass
        case LeafOutput(column=column):
            leaf_expression(tree, column)
        case ObjectOutput(fields=fields, required=False):
            if len(fields) > MAX_PAIRS:
                raise NotExpressible("too wide")
            for _, child in fields:
                check_output(child, root)
        case CoalesceOutput(choices=choices, required=False):
            for _, child in choices:
                check_output(child, root)
        case StepOutput(step=step, key=key) if key is not None:
            check_step(step, root if key is root else None)
        case _:
            raise NotExpressible(type(tree).__name__)


def check_step(step: ChildStep, root: Expression | None) -> None:
    match step:
        case CountStep(word="count"):
            pass
        case GroupByStep() if root is not None:
            check_groups(step)
        case PageStep(parts=parts, level=level):
            for what, number in parts:
                if what != ROWS:
                    raise NotExpressible("pageInfo or cursors")
                check_output(level.shapes[number], None)
        case FetchStep(level=level) | ListStep(level=level):
            check_output(level.shapes[0], None)
        case _:
            raise NotExpressible(step.word)


def check_groups(step: GroupByStep) -> None:
    """Check all dimensions, since a query may name any."""
    check_groups_expressible(step)
    check_selections(step.parts or (), GROUPS_ATTRIBUTES)
    if not can_write_keys(step.link.to):
        raise NotExpressible("key")


def check_selections(parts: Sequence[GroupSelection], meanings: Values) -> None:
    if len(parts) > MAX_PAIRS:
        raise NotExpressible("too wide")
    for part in parts:
        if part.what != TYPE_NAME:
            if part.what not in meanings:
                raise NotExpressible(part.what)
            check_selections(part.parts, meanings[part.what] or {})


@cache
def can_write_keys(kind: Kind) -> bool:
    written = Text | EnumText | PartialDateText | Integer | Boolean
    dimensions = kind.dimensions.values()
    return not any(part.labelled for part in dimensions) and all(
        isinstance(type_, written) for part in dimensions for type_ in key_types(kind, part)
    )


def key_types(kind: Kind, dimension: Dimension) -> list[Any]:
    """Return the types of a dimension's key, in each kind that its path leads to."""
    if dimension.digits is not None:
        return [Integer()]
    ends = [kind]
    for name in dimension.path:
        links: list[Any] = [end.links[name] for end in ends]
        ends = [
            to
            for link in links
            for to in (link.targets if isinstance(link, ToOneUnion) else (link.to,))
        ]
    return [end.table.c[dimension.column or "code"].type for end in ends]
