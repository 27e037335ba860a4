"""The types of the API: names and descriptions. A test keeps schema.graphql current."""

from importlib import import_module
from typing import Any

from resolvers.core.declare import REGISTRY
from schema.cohort import Cohort
from schema.promotable import Promotable, PromotionConnection
from schema.query import Query
from schema.types.connections import PageInfo
from schema.types.descriptions import complete_descriptions, complete_later_descriptions
from schema.types.factory import generated_types
from schema.viewer import PublishedRate, Viewer


def entity_types() -> list[Any]:
    """Return the types of all kinds, including those that only an interface leads to."""
    types = []
    for model in REGISTRY.kinds:
        module = import_module(model.__module__.replace("models", "schema", 1))
        types.append(getattr(module, model.__name__))
    return types


ENTITY_TYPES = entity_types()
COLLEGE_TYPES = [Cohort, Promotable, PromotionConnection]
for published in [
    Query,
    PageInfo,
    Viewer,
    PublishedRate,
    *COLLEGE_TYPES,
    *ENTITY_TYPES,
    *generated_types(),
]:
    complete_descriptions(published)
complete_later_descriptions()
