"""Types that are made from declarations, under their GraphQL names, which are each made once."""

from collections.abc import Callable
from typing import Annotated, Any, Optional

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types import get_object_definition
from strawberry.types.arguments import StrawberryArgument

from engine.kind import Kind

# The made types name each other before all of them exist: they are looked up here by name.
MADE: dict[str, Any] = globals()


def graphql_type(kind: Kind) -> Any:
    """The schema's type of a kind: same file name, same class name, one floor up."""
    module = kind.model.__module__.replace("models", "schema", 1)
    return Annotated[kind.name, strawberry.lazy(module)]


def list_of(item: Any) -> Any:
    return list.__class_getitem__(item)


def maybe(item: Any) -> Any:
    # A name that isn't a type yet has no `|`.
    return Optional[item]  # noqa: UP045


def class_of(name: str, annotations: dict[str, Any], members: dict[str, Any]) -> Any:
    return type(name, (), {"__annotations__": annotations, "__module__": __name__, **members})


def once(name: str, make: Callable[[], Any]) -> Any:
    if name not in MADE:
        MADE[name] = make()
    return MADE[name]


def argument(
    name: str,
    of: Any,
    default: Any = UNSET,
    description: str | None = None,
    published: str | None = None,
) -> StrawberryArgument:
    """`published` is its name in the schema, where that isn't the name in Python."""
    annotation = StrawberryAnnotation(of, namespace=MADE)
    return StrawberryArgument(name, published, annotation, default=default, description=description)


def page_arguments() -> list[StrawberryArgument]:
    return [
        argument("first", maybe(int), description="1 to 100; 20 unless asked. 每页条数"),
        argument("after", maybe(str)),
        argument("last", maybe(int), description="As `first`, from the end. 末页条数"),
        argument("before", maybe(str)),
    ]


def made() -> list[Any]:
    """The object types that were made so far."""
    found = [one for one in MADE.values() if isinstance(one, type)]
    return [one for one in found if (type_ := get_object_definition(one)) and not type_.is_input]
