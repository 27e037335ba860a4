"""What is selected of groups, as far as PostgreSQL can write it as JSON."""

from __future__ import annotations

from typing import NamedTuple

from graphql import EnumValueNode, GraphQLField, get_named_type, is_leaf_type

from engine.plan import field_plans as means
from engine.plan.selection import SelectedField, SelectionCollector

TYPE_NAME = "__typename"


class NotExpressible(Exception):
    """Not for the database to write."""


class GroupSelection(NamedTuple):
    """A field of an answer: its key there, which attribute it shows, and what of that is shown."""

    key: str
    what: str
    of: str = ""  # a type's name, or a measure
    parts: tuple[GroupSelection, ...] = ()


def group_selections(
    field: SelectedField, selector: SelectionCollector
) -> tuple[GroupSelection, ...]:
    """Return what is asked of groups. Raises NotExpressible."""
    assert field.field is not None
    of = get_named_type(field.field.type).name
    return tuple(group_selection(one, selector) for one in selector.below(field, of))


def group_selection(one: SelectedField, selector: SelectionCollector) -> GroupSelection:
    match one.meaning:
        case means.TypeNameField():
            return GroupSelection(one.key, TYPE_NAME, one.on)
        case means.AttributeField(name=name_literal):
            return GroupSelection(
                one.key, name_literal, "", subselections(one, one.field, selector)
            )
        case means.MeasureField() if type(one.meaning) is means.MeasureField:
            [of] = [given.value for given in one.node.arguments or ()]
            if isinstance(of, EnumValueNode):
                return GroupSelection(one.key, "sum", of.value, group_selections(one, selector))
    raise NotExpressible(one.key)


def subselections(
    one: SelectedField, field: GraphQLField | None, selector: SelectionCollector
) -> tuple[GroupSelection, ...]:
    assert field is not None
    return () if is_leaf_type(get_named_type(field.type)) else group_selections(one, selector)
