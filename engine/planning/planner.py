"""Plans an operation: builds layer plans and steps from the selected fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from graphql import GraphQLLeafType, get_named_type, is_leaf_type, is_non_null_type
from sqlalchemy import False_, FromClause, True_, and_, case

from engine.catalog.kind import Kind, Link
from engine.catalog.link import ToList, ToListUnion, ToOne, ToOneBacklink, ToOneUnion
from engine.plan import field_plans
from engine.plan.field_plans import NotPlanned
from engine.plan.layer_plan import LayerPlan
from engine.plan.output import (
    CoalesceOutput,
    ConcatOutput,
    ConstantOutput,
    ConvertedOutput,
    GlobalIdOutput,
    LeafOutput,
    ObjectOutput,
    OutputPlan,
)
from engine.plan.selection import SelectedField
from engine.plan.steps.aggregate import BatchedStep
from engine.plan.steps.fetch import ListStep, ThroughStep
from engine.plan.steps.former_key import FormerKeyStep
from engine.plan.steps.lazy import LazyFetchSteps
from engine.plan.steps.lookup import LookupStep, NodesStep
from engine.plan.steps.multistep import MultistepStep
from engine.plan.steps.search import SearchField
from engine.planning.builder import PlanBuilder
from engine.planning.connection import ConnectionPlanner, OutputFields
from engine.planning.python_output import compile_field
from engine.planning.search_connection import SearchConnectionPlanner
from kit.db.expressions import Expression
from kit.db.key_prefix import has_prefix
from kit.runtime.time_slices import yield_to_loop
from kit.values.composite import Composite


class Planner(PlanBuilder):
    """Plans one operation for one viewer class on one dialect."""

    def root(self) -> LayerPlan:
        level = LayerPlan(None, None, self.queries.dialect)
        trees: OutputFields = [
            (selected.key, self.plan_root_field(level, selected))
            for selected in self.selector.root()
        ]
        level.shapes.append(ObjectOutput(trees))
        level.settle()
        return level

    def plan_root_field(self, level: LayerPlan, field: SelectedField) -> OutputPlan:
        match field.meaning:
            case field_plans.TypeNameField():
                return ConstantOutput(field.on)
            case field_plans.LookupField(kind=kind, by=columns, asked=read_key):
                arguments = self.add_arguments(field, lambda values, today: read_key(**values))
                used = [argument.name.value for argument in field.node.arguments or ()]
                fetches = {
                    column: self.records(field, kind, None, column, single=True)
                    for name, column in columns.items()
                    if name in used
                }
                renamed = FormerKeyStep(self.queries, kind) if kind.renamed else None
                return self.add_step(level, LookupStep(self.queries, arguments, fetches, renamed))
            case field_plans.NodesByIdField(asked=named, listed=listed):
                arguments = self.add_arguments(field, lambda values, today: named(**values))
                each = LazyFetchSteps(
                    lambda kind: self.records(field, kind, None, "id", single=False),
                    self.places,
                    self.queries.allotment,
                )
                self.named[arguments.number] = each
                return self.add_step(level, NodesStep(self.queries, arguments, each, listed))
            case field_plans.ConnectionField():
                return ConnectionPlanner(self, level, field, None, single=True).tree()
            case SearchField(finding=finding, asked=asked_hits):
                arguments = self.add_arguments(field, lambda values, today: asked_hits(**values))
                arguments.read = lambda values, today: finding.shaped(
                    asked_hits(**values), arguments.prefix
                )
                return SearchConnectionPlanner(self, level, field, finding, arguments).tree()
        raise NotPlanned(f"{field.on}.{field.key}")

    def object(
        self, level: LayerPlan, field: SelectedField, kind: Kind, rows: FromClause, *, single: bool
    ) -> ObjectOutput:
        selected = self.selector.below(field, kind.name)
        return ObjectOutput(
            [(child.key, self.of(level, child, kind, rows, single)) for child in selected]
        )

    def of(
        self, level: LayerPlan, field: SelectedField, kind: Kind, rows: FromClause, single: bool
    ) -> OutputPlan:
        """Plan the output of one field of a record."""
        yield_to_loop()
        match field.meaning:
            case field_plans.NamedLinkField(name=name):
                return self.linked(level, field, kind.links[name], rows, single)
            case field_plans.LinkField(link=link):
                return self.linked(level, field, link, rows, single)
            case field_plans.TypeNameField():
                return ConstantOutput(kind.name)
            case field_plans.GlobalIdField():
                return GlobalIdOutput(rows.c.id, kind)
            case field_plans.KeyPrefixField(prefix=prefix):
                return self.begins(field, rows.c.id, prefix)
            case field_plans.AttributeField(name=name):
                return self.plan_attribute(field, kind, rows, name)
            case field_plans.ConvertedField(column=name, show=show):
                return ConvertedOutput(rows.c[name], show)
            case field_plans.ThroughField(link=link, asked=read):
                arguments = self.list_arguments(field, read, None)
                below = self.level(field, link.to, single=False)
                walk = ThroughStep(self.queries, rows.c.id, single, below, link, arguments)
                return self.add_step(level, walk)
            case field_plans.ConnectionField():
                return ConnectionPlanner(self, level, field, rows.c.id, single=single).tree()
            case field_plans.BatchedField() as counted:
                columns: Sequence[Expression] = kind.own(rows)
                shows = compile_field(field, self)
                for column in columns:
                    level.place(column)
                counting = BatchedStep(self.queries, rows.c.id, columns, counted, kind, shows)
                return self.add_step(level, counting)
            case field_plans.MultistepField() as reckoned:
                return self.reckoned(level, field, rows.c.id, reckoned)
        raise NotPlanned(f"{field.on}.{field.key}")

    def reckoned(
        self,
        level: LayerPlan,
        field: SelectedField,
        key: Expression,
        reckoned: field_plans.MultistepField,
    ) -> OutputPlan:
        arguments = self.add_arguments(field, lambda values, today: reckoned.asked(**values))
        outer, self.leads = self.leads, []
        shows = compile_field(field, self)
        step = MultistepStep(self.queries, key, reckoned, arguments, shows, self.leads)
        self.leads = outer
        return self.add_step(level, step)

    def linked(
        self, level: LayerPlan, field: SelectedField, link: Link, rows: FromClause, single: bool
    ) -> OutputPlan:
        match link:
            case ToOne() | ToOneBacklink():
                return self.folded(level, field, link, rows, single)
            case ToOneUnion():
                choices = [
                    (
                        rows.c[column],
                        self.record(level, field, to, rows.c[column], single, always=True),
                    )
                    for to, column in link.targets.items()
                ]
                return CoalesceOutput(choices, is_non_null_field(field))
            case ToList():
                below = self.level(field, link.to, single=False)
                list_step = ListStep(self.queries, rows.c.id, single, below, link, link.way)
                return self.add_step(level, list_step)
            case ToListUnion():
                lists = []
                for to, join in link.targets.items():
                    below = self.level(field, to, single=False)
                    step = ListStep(self.queries, rows.c.id, single, below, link, join)
                    lists.append(self.add_step(level, step))
                return ConcatOutput(lists)
        raise NotPlanned(f"{field.on}.{field.key}")

    def plan_attribute(
        self, field: SelectedField, kind: Kind, rows: FromClause, name: str
    ) -> OutputPlan:
        assert field.field is not None
        published = get_named_type(field.field.type)
        if is_leaf_type(published) and name in rows.c:
            assert isinstance(published, GraphQLLeafType)
            return self.leaf(kind, rows, name, published)
        composite = getattr(kind.row, name, None)
        if not isinstance(composite, Composite):
            raise NotPlanned(f"{field.on}.{field.key}")
        columns = [rows.c[column] for column in composite.columns]
        names = [part.name for part in fields(composite.make)]  # type: ignore[arg-type]
        by_name = dict(zip(names, columns, strict=True))
        by_name |= {name: by_name[part] for name, part in composite.also.items()}
        parts = self.selector.below(field, published.name)
        return ObjectOutput(
            [(part.key, self.part(part, by_name)) for part in parts],
            columns,
            is_non_null_field(field),
        )

    def leaf(
        self, kind: Kind, rows: FromClause, name: str, published: GraphQLLeafType
    ) -> OutputPlan:
        column = rows.c[name]
        if name not in kind.reserved:
            return LeafOutput(column, published)
        match shown := kind.reserved[name](self.queries.asker.viewer, rows):
            case True_():
                return LeafOutput(column, published)
            case False_():
                return ConstantOutput(None)
        return LeafOutput(case((shown, column)), published)

    def begins(self, field: SelectedField, key: Expression, prefix: str) -> OutputPlan:
        assert field.field is not None
        published = get_named_type(field.field.type)
        assert isinstance(published, GraphQLLeafType)
        return LeafOutput(has_prefix(key, prefix), published)

    def part(self, field: SelectedField, columns: Mapping[str, Expression]) -> OutputPlan:
        match field.meaning:
            case field_plans.TypeNameField():
                return ConstantOutput(field.on)
            case field_plans.AttributeField(name=name) if name in columns:
                assert field.field is not None
                published = get_named_type(field.field.type)
                assert isinstance(published, GraphQLLeafType)
                return LeafOutput(columns[name], published)
        raise NotPlanned(f"{field.on}.{field.key}")

    def folded(
        self,
        level: LayerPlan,
        field: SelectedField,
        link: ToOne | ToOneBacklink,
        rows: FromClause,
        single: bool,
    ) -> OutputPlan:
        """Return the record that a link leads to, joined to the rows themselves."""
        step = (id(rows), link.name)
        to = level.folded.get(step)
        if to is None:
            to = level.folded[step] = link.to.rows(self.queries.asker)
            met = (
                to.c.id == rows.c[link.by]
                if isinstance(link, ToOne)
                else to.c[link.by] == rows.c.id
            )
            visible = link.to.visible(self.queries.asker.viewer, to)
            level.joins.append((to, and_(met, visible)))
        inner = self.object(level, field, link.to, to, single=single)
        return ObjectOutput(inner.fields, [to.c.id], is_non_null_field(field))


def is_non_null_field(field: SelectedField) -> bool:
    assert field.field is not None
    return bool(is_non_null_type(field.field.type))
