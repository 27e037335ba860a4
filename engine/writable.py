"""Which steps the database can write: seen by what they are, without making any statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer

from engine.hits import HitPages
from engine.kind import Dimension, Kind
from engine.link import ClosedOf, OneOf
from engine.paging import ROWS, Pages
from engine.step import Lists, LookUp, Records, Step
from engine.subtree import leaf
from engine.tally import Counts, GroupsOf
from engine.tree import Choice, Constant, Found, Identity, Leaf, Object, Tree
from engine.written_groups import MOST_PAIRS, TYPE_NAME, NotWritten, Part, check
from kit.columns import PartialDateText, Text, Words

# What can be written of groups, and of what is in them.
OF_QUANTITY = dict.fromkeys(("value", "unit", "qualifier"))
OF_KEY = dict.fromkeys(("dimension", "code", "label"))
OF_GROUP = {"count": None, "keys": OF_KEY, "sum": OF_QUANTITY}
OF_GROUPS = {"there_are": None, "remainder": None, "groups": OF_GROUP}


def can_be_written(step: Step) -> bool:
    try:
        match step:
            case HitPages() | Lists(link=ClosedOf()):
                return False  # lists of several kinds become one list in Python
            case LookUp(of=of):
                for records in of.values():
                    check_tree(records.level.shapes[0], records.level.extent.c.id)
            case Pages() | Lists() | Records():
                check_step(step, None)
            case _:
                return False
    except NotWritten:
        return False
    return True


def check_tree(tree: Tree, root: ColumnElement[Any] | None) -> None:
    """`root`: the key of the one record that all is about. Raises NotWritten as a Writer does."""
    match tree:
        case Constant() | Identity():
            pass
        case Leaf(column=column):
            leaf(tree, column)
        case Object(fields=fields, required=False):
            if len(fields) > MOST_PAIRS:
                raise NotWritten("too wide")
            for _, one in fields:
                check_tree(one, root)
        case Choice(choices=choices, required=False):
            for _, one in choices:
                check_tree(one, root)
        case Found(step=step, key=key) if key is not None:
            check_step(step, root if key is root else None)
        case _:
            raise NotWritten(type(tree).__name__)


def check_step(step: Step, root: ColumnElement[Any] | None) -> None:
    match step:
        case Counts(word="count"):
            pass
        case GroupsOf() if root is not None:
            check_groups(step)
        case Pages(parts=parts, level=level):
            for what, number in parts:
                if what != ROWS:
                    raise NotWritten("where a page stands")
                check_tree(level.shapes[number], None)
        case Records(level=level) | Lists(level=level):
            check_tree(level.shapes[0], None)
        case _:
            raise NotWritten(step.word)


def check_groups(step: GroupsOf) -> None:
    """Of all dimensions, for a question may name any."""
    check(step)
    check_parts(step.parts or (), OF_GROUPS)
    if not keys_can_be_written(step.link.to):
        raise NotWritten("key")


def check_parts(parts: Sequence[Part], known: Mapping[str, Any]) -> None:
    if len(parts) > MOST_PAIRS:
        raise NotWritten("too wide")
    for part in parts:
        if part.what != TYPE_NAME:
            if part.what not in known:
                raise NotWritten(part.what)
            check_parts(part.parts, known[part.what] or {})


@cache
def keys_can_be_written(kind: Kind) -> bool:
    written = Text | Words | PartialDateText | Integer | Boolean
    dimensions = kind.dimensions.values()
    return not any(part.labelled for part in dimensions) and all(
        isinstance(one, written) for part in dimensions for one in key_types(kind, part)
    )


def key_types(kind: Kind, dimension: Dimension) -> list[Any]:
    """Of what a dimension parts by, in each kind that its path leads to."""
    if dimension.digits is not None:
        return [Integer()]
    ends = [kind]
    for word in dimension.path:
        links: list[Any] = [one.links[word] for one in ends]
        ends = [
            to for link in links for to in (link.targets if isinstance(link, OneOf) else (link.to,))
        ]
    return [one.table.c[dimension.column or "code"].type for one in ends]
