"""Filter and order inputs, generated from the declarations of kinds."""

from functools import partial
from typing import Any, Union, get_args, get_origin

import strawberry

from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToMany, ToOne, ToOneBacklink, ToOneUnion
from engine.sql.predicate import nullable_fields
from schema.types.described_inputs import (
    describe_choice,
    describe_filter,
    describe_null,
    describe_order,
)
from schema.types.descriptions import describe_fields_later
from schema.types.enums import make_enum
from schema.types.factory import (
    GENERATED_TYPES,
    define_once,
    list_type,
    make_class,
    make_input,
    nullable_type,
    sort_key_fields,
)

STARTED_FILTERS: set[str] = set()


def filter_type(kind: Kind) -> Any:
    """Return a kind's filter, or its name while it is being generated, as links may be circular."""
    name = f"{kind.name}Filter"
    if name in STARTED_FILTERS:
        return GENERATED_TYPES.get(name, name)
    STARTED_FILTERS.add(name)
    annotations: dict[str, Any] = {}
    for key, rule in kind.filters.items():
        annotations[key] = nullable_type(bool if rule.asks else column_type(kind, rule.column))
    for key, link in kind.links.items():
        if isinstance(link, ToOne | ToOneBacklink | ToMany | ToList):
            filter_type(link.to)
            annotations[key] = nullable_type(f"{link.to.name}Filter")
        elif isinstance(link, ToOneUnion):
            annotations[key] = nullable_type(union_filter_type(kind, link))
    members: dict[str, Any] = {}
    if missing := nullable_fields(kind):
        words = make_enum(
            f"{kind.name}Field",
            missing,
            "Fields that may be null, for the condition `isNull`. 可为空的字段",
            partial(describe_null, kind),
        )
        GENERATED_TYPES[f"{kind.name}Field"] = words
        annotations["is_null"] = nullable_type(list_type(words))
    for key, annotation in (("and", list_type(name)), ("or", list_type(name)), ("not", name)):
        annotations[f"{key}_"] = nullable_type(annotation)
        members[f"{key}_"] = strawberry.field(default=None, name=key)
    members |= {
        key: strawberry.field(default=None, description=rule.description)
        for key, rule in kind.filters.items()
        if rule.description
    }
    members |= {key: strawberry.field(default=None) for key in annotations if key not in members}
    described = (
        f"Conditions on {kind.name} records. All conditions must be met; a null field is no "
        "condition. A condition on a link is met if a linked record meets it. 筛选条件"
    )
    filter_input = make_input(make_class(name, annotations, members), described)
    describe_fields_later(filter_input, partial(describe_filter, kind))
    return GENERATED_TYPES.setdefault(name, filter_input)


def union_filter_type(kind: Kind, link: ToOneUnion) -> str:
    """Return the name of a filter with a field for each kind that the link may lead to."""
    for target in link.targets:
        filter_type(target)
    if len(link.targets) == 1:
        [only] = link.targets
        return f"{only.name}Filter"
    name = f"{kind.name}{link.name.title().replace('_', '')}Filter"
    annotations = {
        key: nullable_type(f"{target.name}Filter") for key, (target, _) in link.choices.items()
    }
    members = {key: strawberry.field(default=None) for key in annotations}
    described = f"Conditions on the {link.name}: one field for each possible type. 按种类筛选"
    define_once(
        name,
        lambda: describe_fields_later(
            make_input(make_class(name, annotations, members), described),
            lambda key: describe_choice(link.name, link.choices[key][0]),
        ),
    )
    return name


def column_type(kind: Kind, column: str) -> Any:
    """Return the type that the model declares for a column, without None."""
    annotation = kind.model.model_fields[column].annotation
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        [annotation] = [part for part in get_args(annotation) if part is not type(None)]
    return annotation


def order_type(kind: Kind) -> Any:
    name = f"{kind.name}Order"

    def make() -> Any:
        described = f"Fields by which {kind.name} records can be sorted. 排序字段"
        field = make_enum(f"{name}Field", kind.orders, described, partial(describe_order, kind))
        annotations = {"field": field, "descending": nullable_type(bool)}
        members = sort_key_fields()
        described = (
            "One sort key of a list. Records that are equal are sorted by code, or by id if they "
            "have no code. 排序"
        )
        return strawberry.input(make_class(name, annotations, members), description=described)

    return define_once(name, make)
