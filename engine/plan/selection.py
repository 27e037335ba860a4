"""Collects the selected fields of each type: fragments, aliases, directives (CollectFields)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    get_argument_values,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from engine.plan.document_nodes import find_nodes
from engine.plan.field_plans import FieldPlan, NotPlanned, TypeNameField
from kit.db.expressions import Values

# The meaning of a field; None: the engine doesn't know it.
FieldPlanLookup = Callable[[GraphQLField], FieldPlan | None]
# (field, coerced arguments by their GraphQL names) -> arguments as the schema's Python has them
ArgumentConverter = Callable[[GraphQLField, Values], dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class SelectedField:
    """One field of an answer: its key there, and all places in the document that ask for it."""

    key: str
    on: str
    field: GraphQLField | None  # None for `__typename`
    meaning: FieldPlan
    details: FieldDetailsList

    @property
    def node(self) -> FieldNode:
        return self.details[0].node

    @property
    def fixed(self) -> bool:
        """Whether its arguments are the same in every request."""
        return not any(find_nodes(argument, VariableNode) for argument in self.node.arguments or ())


def directive_variables(document: DocumentNode) -> tuple[str, ...]:
    """Return the variables that decide the selection: those of @skip and @include."""
    directives = find_nodes(document, DirectiveNode)
    variables = [node for directive in directives for node in find_nodes(directive, VariableNode)]
    return tuple(sorted({node.name.value for node in variables}))


@contextmanager
def reject_directive_errors() -> Iterator[None]:
    """Raise NotPlanned for a null where @skip or @include needs a value.

    The executor reports it at its place in the response, or not at all if that place is absent.
    """
    try:
        yield
    except GraphQLError as error:
        raise NotPlanned("directives") from error


class SelectionCollector:
    """Selections of one operation, with the switches as `variables` have them."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        meanings: FieldPlanLookup,
        convert: ArgumentConverter,
    ) -> None:
        self.schema, self.operation, self.variables = schema, operation, variables
        self.meanings, self.convert = meanings, convert
        self.fragments = {
            definition.name.value: FragmentDetails(definition)
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def root(self) -> list[SelectedField]:
        kind = self.schema.query_type
        assert kind is not None
        with reject_directive_errors():
            collected = collect_fields(
                self.schema,
                self.fragments,
                self.variables,
                kind,
                self.operation,
                hide_suggestions=True,
            )
        return self.selected(kind, collected)

    def below(self, field: SelectedField, type_name: str) -> list[SelectedField]:
        """Return the fields selected below a field, if its value is of that type."""
        kind = self.schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        with reject_directive_errors():
            collected = collect_subfields(
                self.schema,
                self.fragments,
                self.variables,
                self.operation,
                kind,
                field.details,
                hide_suggestions=True,
            )
        return self.selected(kind, collected)

    def selected(self, kind: GraphQLObjectType, collected: CollectedFields) -> list[SelectedField]:
        """Collect the selected fields. Raises NotPlanned for a field that is unknown here."""
        if collected.new_defer_usages:
            raise NotPlanned("deferred")
        return [
            self.one(kind, key, details) for key, details in collected.grouped_field_set.items()
        ]

    def one(self, kind: GraphQLObjectType, key: str, details: FieldDetailsList) -> SelectedField:
        name = details[0].node.name.value
        if name == "__typename":
            return SelectedField(key, kind.name, None, TypeNameField(), details)
        field = kind.fields.get(name)
        meaning = field and self.meanings(field)
        if field is None or meaning is None:
            raise NotPlanned(f"{kind.name}.{name}")
        return SelectedField(key, kind.name, field, meaning, details)

    def arguments(self, field: SelectedField, variables: VariableValues) -> dict[str, object]:
        """Coerce the arguments. Raises the same errors as the default executor."""
        assert field.field is not None
        if not field.field.args:
            return {}
        values = get_argument_values(field.field, field.node, variables, hide_suggestions=True)
        return self.convert(field.field, values)
