"""Values in Python that become part of an answer: read field by field, nothing awaited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
)

from engine.meaning import Led, NotPlanned, Read, Stored, TypeName
from engine.selection import Selected

if TYPE_CHECKING:
    from engine.planner import Planner
    from engine.run import Run

# (a value, the request) -> what stands in the answer
Show = Callable[[Any, "Run"], Any]


def show(of: GraphQLOutputType, field: Selected, planner: Planner) -> Show:
    """Raises NotPlanned for values of a type that has to be found out, or of unknown meaning."""
    if isinstance(of, GraphQLNonNull):
        return never_null(show(of.of_type, field, planner))
    if isinstance(of, GraphQLList):
        item = show(of.of_type, field, planner)
        return lambda value, run: None if value is None else [item(one, run) for one in value]
    if is_leaf_type(of):
        assert isinstance(of, GraphQLLeafType)
        serialize = of.serialize
        return lambda value, run: None if value is None else serialize(value)
    if not isinstance(of, GraphQLObjectType):
        raise NotPlanned(f"{of} in Python")
    readers = {one.key: reader(one, planner) for one in planner.selector.below(field, of.name)}

    def made(value: Any, run: Run) -> Any:
        return None if value is None else {key: of(value, run) for key, of in readers.items()}

    return made


def reader(field: Selected, planner: Planner) -> Show:
    match field.meaning:
        case TypeName():
            return lambda value, run: field.on
        case Stored(name=name):
            inner = shown(field, planner)
            return lambda value, run: inner(getattr(value, name), run)
        case Read(read=read):
            inner = shown(field, planner)
            if not (field.field and field.field.args):
                return lambda value, run: inner(read(value), run)
            place = planner.place(field, lambda given, today: given)

            def asked(value: Any, run: Run) -> Any:
                given: Mapping[str, Any] = run.bound[place.number]
                return inner(read(value, **given), run)

            return asked
        case Led() as led:
            return planner.leading(field, led).stand_in
    raise NotPlanned(f"{field.on}.{field.node.name.value}")


def shown(field: Selected, planner: Planner) -> Show:
    assert field.field is not None
    return show(field.field.type, field, planner)


def never_null(inner: Show) -> Show:
    def checked(value: Any, run: Run) -> Any:
        found = inner(value, run)
        if found is None:
            raise NotPlanned("null where there may be none")
        return found

    return checked
