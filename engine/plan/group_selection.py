"""Selections of groups, as far as PostgreSQL can write it as JSON."""

from __future__ import annotations

from typing import NamedTuple

from graphql import EnumValueNode, GraphQLField, get_named_type, is_leaf_type

from engine.plan import field_plans
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
    """Return the selections of groups. Raises NotExpressible."""
    assert field.field is not None
    type_name = get_named_type(field.field.type).name
    return tuple(
        group_selection(selected, selector) for selected in selector.below(field, type_name)
    )


def group_selection(selected: SelectedField, selector: SelectionCollector) -> GroupSelection:
    match selected.meaning:
        case field_plans.TypeNameField():
            return GroupSelection(selected.key, TYPE_NAME, selected.on)
        case field_plans.AttributeField(name=name_literal):
            return GroupSelection(
                selected.key, name_literal, "", subselections(selected, selected.field, selector)
            )
        case field_plans.MeasureField() if type(selected.meaning) is field_plans.MeasureField:
            [measure] = [argument.value for argument in selected.node.arguments or ()]
            if isinstance(measure, EnumValueNode):
                return GroupSelection(
                    selected.key, "sum", measure.value, group_selections(selected, selector)
                )
    raise NotExpressible(selected.key)


def subselections(
    selected: SelectedField, field: GraphQLField | None, selector: SelectionCollector
) -> tuple[GroupSelection, ...]:
    assert field is not None
    return () if is_leaf_type(get_named_type(field.type)) else group_selections(selected, selector)
