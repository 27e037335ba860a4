"""Validates and executes requests. `schema` is the executable schema of the service."""

from strawberry.schema.config import StrawberryConfig

from execution.executor import ExecutableSchema
from execution.request_executor import RequestExecutor
from schema import ENTITY_TYPES
from schema.mutation import Mutation
from schema.query import Query
from schema.types.scalars import SCALARS

schema = ExecutableSchema(
    Query,
    Mutation,
    types=ENTITY_TYPES,
    execution_context_class=RequestExecutor,
    config=StrawberryConfig(scalar_map=SCALARS),
)

__all__ = ["schema"]
