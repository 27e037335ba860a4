"""Steps for records that a value names: planned when a kind is named for the first time."""

from __future__ import annotations

from collections.abc import Callable

from engine.catalog.kind import Kind
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import NotPlanned
from engine.plan.steps.fetch import FetchStep
from kit.db.table_aliases import AliasAllocator, allocating_aliases


class LazyFetchSteps(dict[Kind, FetchStep]):
    """Plans the fetch step of a kind at its first use: once, even if that fails."""

    def __init__(
        self,
        make: Callable[[Kind], FetchStep],
        places: list[FieldArguments],
        allotment: AliasAllocator,
    ) -> None:
        super().__init__()
        self.make, self.places, self.allotment = make, places, allotment
        self.reasons: dict[Kind, str] = {}

    def __missing__(self, kind: Kind) -> FetchStep:
        if kind in self.reasons:
            raise NotPlanned(self.reasons[kind])
        before = len(self.places)
        try:
            with allocating_aliases(self.allotment):
                step = self[kind] = self.make(kind)
        except NotPlanned as reason:
            self.reasons[kind] = str(reason)
            del self.places[before:]  # without a plan, nothing of it is executed
            raise
        return step
