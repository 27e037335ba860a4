"""Plans a connection: pages, edges, totals and groups of one list (Relay)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from graphql import EnumValueNode, GraphQLObjectType, get_named_type

from engine.catalog.join import AllRowsJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from engine.plan import field_plans
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import NotPlanned
from engine.plan.group_selection import NotExpressible, group_selections
from engine.plan.layer_plan import LayerPlan, Step
from engine.plan.output import ConstantOutput, CursorOutput, ObjectOutput, OutputPlan
from engine.plan.selection import SelectedField
from engine.plan.steps.aggregate import CountStep, GroupByStep
from engine.plan.steps.page import INFO, ROWS, PageStep
from engine.planning.builder import PlanBuilder
from engine.planning.python_output import compile_projection
from kit.db.expressions import Expression

OutputFields = list[tuple[str, OutputPlan]]


def is_not_groups(field: SelectedField) -> bool:
    return not isinstance(field.meaning, field_plans.GroupsField)


class ConnectionPlanner:
    """One connection: its steps belong to the layer of its parent records."""

    def __init__(
        self,
        planner: PlanBuilder,
        level: LayerPlan,
        field: SelectedField,
        key: Any,
        *,
        single: bool,
    ) -> None:
        meaning = field.meaning
        assert isinstance(meaning, field_plans.ConnectionField)
        self.planner, self.level, self.field = planner, level, field
        self.link: ToMany = meaning.link
        self.place: FieldArguments = planner.list_arguments(field, meaning.asked, self.link)
        self.key: Expression | None = key
        if isinstance(self.link.way, AllRowsJoin):
            self.key = None
        self.single = single
        self.pages: PageStep | None = None

    def tree(self) -> OutputPlan:
        # Groups first: they know how many records there are, so that nothing counts them again.
        parts = self.below(self.field)
        trees_by_key = {
            selected.key: self.part(selected) for selected in sorted(parts, key=is_not_groups)
        }
        trees: OutputFields = [(selected.key, trees_by_key[selected.key]) for selected in parts]
        if self.pages:
            self.pages.level.settle()
        return ObjectOutput(trees)

    def below(self, field: SelectedField) -> list[SelectedField]:
        assert field.field is not None
        return self.planner.selector.below(field, get_named_type(field.field.type).name)

    def part(self, selected: SelectedField) -> OutputPlan:
        match selected.meaning:
            case field_plans.TypeNameField():
                return ConstantOutput(selected.on)
            case field_plans.TotalCountField():
                return self.counted("count")
            case field_plans.UndatedCountField():
                return self.counted("undated")
            case field_plans.GroupsField() as grouped:
                return self.groups(selected, grouped)
            case field_plans.NodesField() | field_plans.EdgesField() | field_plans.PageInfoField():
                pages = self.pages = self.pages or self.paged()
                return self.add_step(pages, self.part_of_page(pages, selected))
        raise NotPlanned(f"{selected.on}.{selected.key}")

    def add_step(self, step: Step, part: int | None = None) -> OutputPlan:
        return self.planner.add_step(self.level, step, part)

    def counted(self, name: str) -> OutputPlan:
        drafts = self.planner.queries
        step = CountStep(drafts, self.key, self.single, self.link, self.place, name)
        step.duplicate_of = step.find_duplicate(self.level.steps)
        step.groups = step.find_groups_step(self.level.steps)
        return self.add_step(step)

    def paged(self) -> PageStep:
        drafts, kind = self.planner.queries, self.link.to
        level = LayerPlan(kind, kind.rows(drafts.asker), drafts.dialect)
        return PageStep(drafts, self.key, self.single, level, self.link, self.place)

    def part_of_page(self, pages: PageStep, field: SelectedField) -> int:
        """Add what a field selects of a page; return its number among the parts."""
        match field.meaning:
            case field_plans.NodesField():
                self.show(pages, self.record(pages.level, field, pages.link.to))
            case field_plans.EdgesField():
                self.show(pages, self.edge(pages.level, field, pages.link.to))
            case _:
                pages.parts.append((INFO, self.standing(field)))
        return len(pages.parts) - 1

    def show(self, pages: PageStep, shape: ObjectOutput) -> None:
        pages.parts.append((ROWS, len(pages.level.shapes)))
        pages.level.shapes.append(shape)

    def record(self, level: LayerPlan, field: SelectedField, kind: Kind) -> ObjectOutput:
        return self.planner.object(level, field, kind, level.source_rows, single=False)

    def edge(self, level: LayerPlan, field: SelectedField, kind: Kind) -> ObjectOutput:
        trees: OutputFields = []
        for selected in self.below(field):
            match selected.meaning:
                case field_plans.TypeNameField():
                    trees.append((selected.key, ConstantOutput(selected.on)))
                case field_plans.CursorField():
                    trees.append((selected.key, CursorOutput()))
                case field_plans.NodeField():
                    trees.append((selected.key, self.record(level, selected, kind)))
                case _:
                    raise NotPlanned(f"{selected.on}.{selected.key}")
        return ObjectOutput(trees)

    def extremes(self, field: SelectedField) -> bool:
        """Return whether a field selects more of a group than its sums."""
        if isinstance(field.meaning, field_plans.MeasureStatisticField):
            return True
        if field.field is None or not isinstance(
            get_named_type(field.field.type), GraphQLObjectType
        ):
            return False
        return any(map(self.extremes, self.below(field)))

    def measures(self, field: SelectedField) -> Iterator[str]:
        """Yield the measures that are selected: all, if a variable decides."""
        if isinstance(field.meaning, field_plans.MeasureField):
            [measure] = [
                argument.value
                for argument in field.node.arguments or ()
                if argument.name.value == "of"
            ]
            yield from (
                [measure.value] if isinstance(measure, EnumValueNode) else self.link.to.measures
            )
        elif field.field is not None and isinstance(
            get_named_type(field.field.type), GraphQLObjectType
        ):
            for selected in self.below(field):
                yield from self.measures(selected)

    def standing(self, field: SelectedField) -> list[tuple[str, str]]:
        """Keys of the answer, each with the attribute that it shows, or the name of the type."""
        return [
            (
                selected.key,
                selected.meaning.name
                if isinstance(selected.meaning, field_plans.AttributeField)
                else selected.on,
            )
            for selected in self.below(field)
        ]

    def groups(self, field: SelectedField, grouped: field_plans.GroupsField) -> OutputPlan:
        extremes, measures = self.extremes(field), tuple(self.measures(field))

        def read_grouping(values: dict[str, object], today: date) -> object:
            grouping, first, how = grouped.asked(**values)
            return grouping, first, replace(how, extremes=extremes, measures=measures)

        grouping = self.planner.add_arguments(field, read_grouping)
        assert field.field is not None
        inner = compile_projection(field.field.type, field, self.planner)
        parts = None
        with suppress(NotExpressible):
            parts = group_selections(field, self.planner.selector)
        step = GroupByStep(
            self.planner.queries,
            self.key,
            self.single,
            self.link,
            self.place,
            grouping,
            inner,
            parts,
        )
        return self.add_step(step)
