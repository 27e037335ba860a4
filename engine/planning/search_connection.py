"""Plans search connections: ranked lists of records of several kinds."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLLeafType, get_named_type

from engine.plan import field_plans
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import NotPlanned
from engine.plan.layer_plan import LayerPlan
from engine.plan.output import (
    CoalesceOutput,
    ConstantOutput,
    CursorOutput,
    LeafOutput,
    ObjectOutput,
    OutputPlan,
)
from engine.plan.selection import SelectedField
from engine.plan.steps.page import INFO, ROWS
from engine.plan.steps.search import SearchCountField, SearchCountStep, SearchPageStep, SearchSource
from engine.planning.builder import PlanBuilder


@dataclass(eq=False)
class SearchConnectionPlanner:
    """Plans one search connection."""

    planner: PlanBuilder
    level: LayerPlan
    selected: SelectedField
    finding: SearchSource
    place: FieldArguments
    pages: SearchPageStep | None = field(default=None, init=False)
    count: SearchCountStep | None = field(default=None, init=False)

    def tree(self) -> OutputPlan:
        output = ObjectOutput(
            [(child.key, self.part(child)) for child in self.below(self.selected)]
        )
        if self.pages:
            self.pages.level.settle()
        return output

    def below(self, selected: SelectedField) -> list[SelectedField]:
        assert selected.field is not None
        named = get_named_type(selected.field.type).name
        return self.planner.selector.below(selected, named)

    def part(self, selected: SelectedField) -> OutputPlan:
        match selected.meaning:
            case field_plans.TypeNameField():
                return ConstantOutput(selected.on)
            case field_plans.TotalCountField():
                return self.told(0)
            case SearchCountField(name=name):
                return self.told(self.finding.counted.index(name))
            case field_plans.NodesField() | field_plans.EdgesField() | field_plans.PageInfoField():
                pages = self.pages = self.pages or self.paged()
                pages.parts.append(self.plan_page_part(pages, selected))
                return self.planner.add_step(self.level, pages, len(pages.parts) - 1)
        raise NotPlanned(f"{selected.on}.{selected.key}")

    def told(self, part: int) -> OutputPlan:
        self.count = self.count or SearchCountStep(self.planner.queries, self.finding, self.place)
        return self.planner.add_step(self.level, self.count, part)

    def paged(self) -> SearchPageStep:
        drafts = self.planner.queries
        level = LayerPlan(None, self.finding.rows, drafts.dialect)
        return SearchPageStep(drafts, level, self.finding, self.place)

    def plan_page_part(self, pages: SearchPageStep, selected: SelectedField) -> tuple[str, object]:
        if isinstance(selected.meaning, field_plans.PageInfoField):
            named = [
                (
                    part.key,
                    part.meaning.name
                    if isinstance(part.meaning, field_plans.AttributeField)
                    else part.on,
                )
                for part in self.below(selected)
            ]
            return INFO, named
        plan = self.record if isinstance(selected.meaning, field_plans.NodesField) else self.edge
        pages.level.shapes.append(plan(pages.level, selected))
        return ROWS, len(pages.level.shapes) - 1

    def edge(self, level: LayerPlan, selected: SelectedField) -> OutputPlan:
        return ObjectOutput(
            [(child.key, self.plan_edge_field(level, child)) for child in self.below(selected)]
        )

    def plan_edge_field(self, level: LayerPlan, selected: SelectedField) -> OutputPlan:
        match selected.meaning:
            case field_plans.TypeNameField():
                return ConstantOutput(selected.on)
            case field_plans.CursorField():
                return CursorOutput()
            case field_plans.NodeField():
                return self.record(level, selected)
            case field_plans.AttributeField(name=name):
                assert selected.field is not None
                published = get_named_type(selected.field.type)
                assert isinstance(published, GraphQLLeafType)
                return LeafOutput(self.finding.rows.c[name], published)
        raise NotPlanned(f"{selected.on}.{selected.key}")

    def record(self, level: LayerPlan, selected: SelectedField) -> OutputPlan:
        columns = self.finding.rows.c
        choices = [
            (columns[name], self.planner.record(level, selected, kind, columns[name], single=False))
            for kind, name in self.finding.keys.items()
        ]
        return CoalesceOutput(choices, required=True)
