"""The complexity of operations, analysed before a document is validated.

Each fragment is visited once, however often it is spread. Otherwise fifty fragments, each of which
spreads the next one twice, would never end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_input_object_type,
)

from execution.argument_values import (
    NO_VALUES,
    ArgumentValues,
    ValueCount,
    add_counts,
    count_literal,
)
from execution.cost import MUTATION_COST, ZERO_COST, CostFormula, OperationCost, sum_costs
from execution.list_sizes import ListSizes, is_connection_type, literal_size
from kit.runtime.time_slices import yield_to_loop

TABLE_TYPES = {"Rollup", "Cohort", "Promotable"}
VIEWER_LIST_TYPES = {"AccessLogConnection", "DisputeConnection", "ErasureRequestConnection"}


@dataclass(frozen=True, slots=True)
class SelectionComplexity:
    """The complexity of a selection set. `rows`: it selects the records of a page.

    `fields`, `rows`, `reads` and `lists` concern the set itself, the others all levels below too.
    """

    depth: int = 0
    introspection: int = 0  # levels of introspection fields
    aliases: int = 0
    fields: int = 0
    rows: bool = False
    cost: CostFormula = ZERO_COST
    values: ValueCount = NO_VALUES
    reads: bool = False  # selects a field other than introspection
    lists: bool = False  # selects a list, search or table at the root


EMPTY_SELECTION = SelectionComplexity()


@dataclass(frozen=True, slots=True)
class DocumentComplexity:
    """The costs of a document's operations by name, and the maximum of each measure.

    `page` is the largest literal page size. `filter` is the number of values of the largest
    argument with input objects, not counting variables.
    """

    asked: dict[str | None, OperationCost]
    largest: SelectionComplexity
    operations: int
    variables: int
    directives: int
    page: int
    mutation_fields: int
    filter: int


class ComplexityAnalysis:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema, self.sizes = schema, ListSizes(schema)
        self.operations = [
            definition
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.known: dict[str, SelectionComplexity] = {}
        self.directives = 0
        self.objects: set[ValueCount] = set()
        self.entries = 0

    def all(self) -> DocumentComplexity:
        extents = [(operation, self.operation(operation)) for operation in self.operations]
        # Unused fragments count too, as they are parsed and validated.
        rest = [replace(self.fragment(name), fields=0) for name in self.fragments]
        writing = [extent.fields for operation, extent in extents if is_mutation(operation)]
        return DocumentComplexity(
            {
                name_of_operation(operation): self.asked(operation, extent)
                for operation, extent in extents
            },
            componentwise_maximum([*(extent for _, extent in extents), *rest]),
            operations=len(self.operations),
            variables=max(
                (len(operation.variable_definitions or ()) for operation, _ in extents), default=0
            ),
            directives=self.directives,
            page=self.sizes.largest,
            mutation_fields=max(writing, default=0),
            filter=max((count.fixed for count in self.objects), default=0),
        )

    def asked(self, node: OperationDefinitionNode, extent: SelectionComplexity) -> OperationCost:
        literals = {
            definition.variable.name.value: count_literal(definition.default_value)
            for definition in node.variable_definitions or ()
            if definition.default_value
        }
        argument_values = ArgumentValues(
            extent.values,
            frozenset(self.objects),
            max([self.entries, *(longest for _, longest in literals.values())]),
            {name: values.fixed for name, (values, _) in literals.items()},
        )
        sizes = frozenset(self.sizes.variables)
        sorts = (is_mutation(node), extent.introspection > 0, extent.reads, extent.lists)
        return OperationCost(extent.cost, sizes, default_sizes(node), argument_values, *sorts)

    def operation(self, node: OperationDefinitionNode) -> SelectionComplexity:
        self.seen(node)
        for definition in node.variable_definitions or ():
            self.seen(definition)
        extent = self.selection(node.selection_set, self.schema.get_root_type(node.operation))
        if not is_mutation(node):
            return extent
        return replace(
            extent, cost=sum_costs([extent.cost, CostFormula(MUTATION_COST * extent.fields)])
        )

    def fragment(self, name: str) -> SelectionComplexity:
        """Return a fragment's complexity; empty if unknown or cyclic, which validation refuses."""
        if name not in self.fragments:
            return EMPTY_SELECTION
        if name not in self.known:
            self.known[name] = EMPTY_SELECTION
            node = self.fragments[name]
            self.seen(node)
            on = self.schema.get_type(node.type_condition.name.value)
            self.known[name] = self.selection(node.selection_set, on)
        return self.known[name]

    def selection(self, node: SelectionSetNode, on: GraphQLNamedType | None) -> SelectionComplexity:
        parts = [self.one(selected, on) for selected in node.selections]
        keys = Counter(
            response_key(selected)
            for selected in node.selections
            if isinstance(selected, FieldNode)
        )
        again = sum(keys.values()) - len(keys)
        return SelectionComplexity(
            depth=max((part.depth for part in parts), default=0),
            introspection=max((part.introspection for part in parts), default=0),
            # A repeated response key takes as much validation as an alias.
            aliases=sum(part.aliases for part in parts) + again,
            fields=sum(part.fields for part in parts),
            rows=any(part.rows for part in parts),
            cost=sum_costs(part.cost for part in parts),
            values=add_counts(part.values for part in parts),
            reads=any(part.reads for part in parts),
            lists=any(part.lists for part in parts),
        )

    def one(self, node: SelectionNode, on: GraphQLNamedType | None) -> SelectionComplexity:
        self.seen(node)
        yield_to_loop()
        match node:
            case FieldNode():
                return self.field(node, on)
            case FragmentSpreadNode():
                return self.fragment(node.name.value)
            case InlineFragmentNode():
                named = node.type_condition
                inner = self.schema.get_type(named.name.value) if named else on
                return self.selection(node.selection_set, inner)
        return EMPTY_SELECTION

    def field(self, node: FieldNode, on: GraphQLNamedType | None) -> SelectionComplexity:
        sized = self.sizes.of(on, node)
        inner = EMPTY_SELECTION
        if node.selection_set:
            inner = self.selection(node.selection_set, sized.type)
        within = on is not None and on.name.startswith("__")
        introspects = within or node.name.value in ("__schema", "__type")
        return SelectionComplexity(
            depth=inner.depth + (not introspects),
            reads=not node.name.value.startswith("__"),
            lists=on is self.schema.query_type and is_collection(sized.type),
            introspection=inner.introspection + introspects,
            aliases=inner.aliases + (node.alias is not None),
            fields=1,
            rows=sized.is_page_field,
            cost=sized.cost(inner.cost, rows=inner.rows),
            values=add_counts([inner.values, *self.arguments(node, on)])
            if node.arguments
            else (inner.values),
        )

    def arguments(self, node: FieldNode, on: GraphQLNamedType | None) -> list[ValueCount]:
        """Return the values of each argument. Input objects of mutations have no `filter` limit."""
        field = self.sizes.field(on, node.name.value)
        counts = []
        for argument_node in node.arguments or ():
            values, longest = count_literal(argument_node.value)
            counts.append(values)
            self.entries = max(self.entries, longest)
            argument = field.args.get(argument_node.name.value) if field else None
            if (
                argument is not None
                and is_input_object_type(get_named_type(argument.type))
                and on is not self.schema.mutation_type
            ):
                self.objects.add(values)
        return counts

    def seen(self, node: Any) -> None:
        """Count the directives of a node once, however often a fragment is spread."""
        directives: Iterable[DirectiveNode] = node.directives or ()
        self.directives += len(tuple(directives))


def is_collection(type_: GraphQLNamedType | None) -> bool:
    """Return whether a type is a list, search or table: records that no argument names."""
    if type_ is None or type_.name in VIEWER_LIST_TYPES:
        return False
    return is_connection_type(type_) or type_.name in TABLE_TYPES


def is_mutation(node: OperationDefinitionNode) -> bool:
    return node.operation is OperationType.MUTATION


def name_of_operation(node: OperationDefinitionNode) -> str | None:
    return node.name.value if node.name else None


def response_key(node: FieldNode) -> str:
    return (node.alias or node.name).value


def componentwise_maximum(extents: Iterable[SelectionComplexity]) -> SelectionComplexity:
    every = list(extents)
    return SelectionComplexity(
        depth=max((extent.depth for extent in every), default=0),
        introspection=max((extent.introspection for extent in every), default=0),
        aliases=max((extent.aliases for extent in every), default=0),
        fields=max((extent.fields for extent in every), default=0),
    )


def default_sizes(node: OperationDefinitionNode) -> dict[str, Any]:
    """Return the defaults of variables that may be page sizes: integers and lists of ids."""
    sizes = {
        definition.variable.name.value: literal_size(definition.default_value)
        for definition in node.variable_definitions or ()
    }
    return {name: value for name, value in sizes.items() if value is not None}
