"""What may be asked: names, types, descriptions. The SDL is schema.graphql, kept by a test."""

from importlib import import_module
from typing import Any

import strawberry
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from resolvers.declare import REGISTRY
from schema.failures import Failures
from schema.query import Query
from schema.scalars import SCALARS

CACHED = 1000  # documents


class RegistrySchema(strawberry.Schema):
    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Logged once, in schema.failures: what a client did wrong is no error of ours."""


def types_of_kinds() -> list[Any]:
    """Every kind's type, those too that only an interface leads to."""
    found = []
    for model in REGISTRY.kinds:
        module = import_module(model.__module__.replace("models", "schema", 1))
        found.append(getattr(module, model.__name__))
    return found


schema = RegistrySchema(
    Query,
    types=types_of_kinds(),
    extensions=[Failures, lambda: ParserCache(CACHED), lambda: ValidationCache(CACHED)],
    config=StrawberryConfig(scalar_map=SCALARS),
)

__all__ = ["schema"]
