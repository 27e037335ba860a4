"""Types generated from declarations. Each GraphQL name is generated once."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Optional

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types import get_object_definition
from strawberry.types.arguments import InputContext, StrawberryArgument

from engine.catalog.kind import Kind
from kit.runtime.time_slices import yield_to_loop

# Generated types refer to each other before all of them exist, and are looked up here by name.
GENERATED_TYPES: dict[str, Any] = globals()


def entity_type(kind: Kind) -> Any:
    """Return the type of a kind, which has the module and class name of its model."""
    module = kind.model.__module__.replace("models", "schema", 1)
    return Annotated[kind.name, strawberry.lazy(module)]


def list_type(item: Any) -> Any:
    return list.__class_getitem__(item)


def nullable_type(item: Any) -> Any:
    # A forward reference doesn't support `|`.
    return Optional[item]  # noqa: UP045


def make_class(name: str, annotations: dict[str, Any], members: dict[str, Any]) -> Any:
    return type(name, (), {"__annotations__": annotations, "__module__": __name__, **members})


def make_input(type_: Any, description: str) -> Any:
    """Return an input that converts only the fields which are set, as a filter has forty.

    Strawberry resolves the type of every field for each object, which takes 0.4 ms an object.
    """
    input_type = strawberry.input(type_, description=description)
    definition = input_type.__strawberry_definition__
    fields: dict[str, tuple[str, Any]] = {}

    def read(type_: Any, value: Mapping[str, Any], context: InputContext) -> Any:
        if not fields:
            for field in definition.fields:
                name = context.config.name_converter.from_field(field)
                fields[name] = field.python_name, field.resolve_type(type_definition=definition)
        said = {}
        yield_to_loop()
        for name, item in value.items():
            if item is not None:  # null is the default of every nullable field
                python_name, published = fields[name]
                holds = type(item) is dict or type(item) is list
                said[python_name] = context.convert(item, published, name) if holds else item
        return type_(**said)

    definition.from_input = read
    return input_type


def sort_key_fields() -> dict[str, Any]:
    """Return the fields of an input for one sort key."""
    return {
        "field": strawberry.field(description="Field to sort by. 排序字段"),
        "descending": strawberry.field(
            default=False,
            description="True: from the last to the first. False: from the first to the last. 降序",
        ),
    }


def define_once(name: str, make: Callable[[], Any]) -> Any:
    if name not in GENERATED_TYPES:
        GENERATED_TYPES[name] = make()
    return GENERATED_TYPES[name]


def argument(
    name: str,
    type_: Any,
    default: Any = UNSET,
    description: str | None = None,
    published: str | None = None,
) -> StrawberryArgument:
    """Return an argument. `published` is its name in the schema, if it differs from `name`."""
    annotation = StrawberryAnnotation(type_, namespace=GENERATED_TYPES)
    return StrawberryArgument(name, published, annotation, default=default, description=description)


def page_arguments() -> list[StrawberryArgument]:
    return [
        argument(
            "first",
            nullable_type(int),
            description="Page size, from the start of the list: 1 to 100. Default 20. Not "
            "together with `last`. 每页条数",
        ),
        argument("after", nullable_type(str)),
        argument(
            "last",
            nullable_type(int),
            description="Page size, from the end of the list: 1 to 100. Not together with "
            "`first`. 末页条数",
        ),
        argument("before", nullable_type(str)),
    ]


def generated_types() -> list[Any]:
    """Return the object types that were generated so far."""
    types = [generated for generated in GENERATED_TYPES.values() if isinstance(generated, type)]
    return [
        generated
        for generated in types
        if (type_ := get_object_definition(generated)) and not type_.is_input
    ]
