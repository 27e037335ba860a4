"""The step that finds a record by a former key, if no record has the key now."""

from collections.abc import Hashable
from typing import Any

from engine.catalog.kind import Kind
from engine.plan.layer_plan import Step
from engine.plan.layer_queries import LayerQueryBuilder
from kit.db.engine import KeyParameter
from kit.db.expressions import SelectStatement


class FormerKeyStep(Step):
    """The key that a record has now, by one that it had before."""

    word = "former key"

    def __init__(self, drafts: LayerQueryBuilder, kind: Kind) -> None:
        super().__init__(drafts, None, single=True)
        self.kind = kind

    @property
    def origin(self) -> Hashable:
        return self.kind

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        assert self.kind.renamed is not None
        return self.kind.renamed(self.queries.asker, keys.bound())
