"""Reads variables and arguments, without graphql-core where that is safe.

The coercion of graphql-core handles everything, but takes longer than the rest of a small request.
Plain values of built-in scalars are taken unchanged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    get_nullable_type,
    get_variable_values,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource

from engine.plan.coercion import InputCoercion
from engine.plan.document_nodes import find_nodes
from engine.plan.selection import SelectedField, SelectionCollector
from kit.db.expressions import Values
from kit.runtime.time_slices import yield_to_loop


def is_text(value: object) -> bool:
    return type(value) is str


def is_int(value: object) -> bool:
    return type(value) is int and -(2**31) <= value < 2**31


def is_bool(value: object) -> bool:
    return type(value) is bool


# That are said of the variables of a request, as GraphQL's executor has it.
MAX_VARIABLE_ERRORS = 50
# Values that GraphQL's coercion gives back as they are.
SCALAR_CHECKS: dict[str, Callable[[object], bool]] = {
    "String": is_text, "ID": is_text, "Int": is_int, "Boolean": is_bool,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScalarVariable:
    """A variable of a built-in scalar, without a default."""

    name: str
    fits: Callable[[object], bool]
    nullable: bool
    signature: GraphQLVariableSignature


class InvalidVariables(Exception):
    """They don't fit the operation: `errors` is what GraphQL says of them."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(len(errors))
        self.errors = errors


class VariableCoercion:
    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, coercion: InputCoercion
    ) -> None:
        self.schema, self.definitions = schema, operation.variable_definitions or ()
        self.coercion = coercion
        self.signatures = [
            get_variable_signature(schema, definition) for definition in self.definitions
        ]
        self.plain = self.scalar_variables()

    def scalar_variables(self) -> list[ScalarVariable] | None:
        """None where there are others too."""
        scalars = []
        for signature in self.signatures:
            if isinstance(signature, GraphQLError) or signature.default is not None:
                return None
            scalar = str(get_nullable_type(signature.type))
            if scalar not in SCALAR_CHECKS:
                return None
            nullable = not is_non_null_type(signature.type)
            scalars.append(
                ScalarVariable(signature.name, SCALAR_CHECKS[scalar], nullable, signature)
            )
        return scalars

    def read(self, raw_values: Mapping[str, object]) -> VariableValues:
        """Coerce the variables. Raises InvalidVariables for invalid values."""
        coerced = self.taken(raw_values) or self.coerced(raw_values)
        if coerced is not None:
            return coerced
        values = get_variable_values(
            self.schema,
            self.definitions,
            dict(raw_values),
            MAX_VARIABLE_ERRORS,
            hide_suggestions=True,
        )
        if isinstance(values, list):
            raise InvalidVariables(values)
        return values

    def coerced(self, raw_values: Mapping[str, object]) -> VariableValues | None:
        """None where one doesn't fit, or is another's to read."""
        sources, coerced = {}, {}
        for signature in self.signatures:
            if isinstance(signature, GraphQLError):
                return None
            name = signature.name
            yield_to_loop()
            if name in raw_values:
                value = self.coercion.of(signature.type)(raw_values[name])
                if value is Undefined:
                    return None
                sources[name] = VariableValueSource(signature, raw_values[name])
                coerced[name] = value
            elif signature.default is not None or is_non_null_type(signature.type):
                return None
            else:
                sources[name] = VariableValueSource(signature)
        return VariableValues(sources, coerced)

    def taken(self, raw_values: Values) -> VariableValues | None:
        if self.plain is None:
            return None
        sources, coerced = {}, {}
        for scalar in self.plain:
            if scalar.name in raw_values:
                value = raw_values[scalar.name]
                if not (scalar.nullable if value is None else scalar.fits(value)):
                    return None
                coerced[scalar.name] = value
                sources[scalar.name] = VariableValueSource(scalar.signature, value)
            elif not scalar.nullable:
                return None
        return VariableValues(sources, coerced)


class ArgumentCoercion:
    """Coerces the arguments of one place; after the first time plain variables take a short way."""

    def __init__(self, selected: SelectedField) -> None:
        self.selected = selected
        self.fixed = selected.fixed
        self.direct = None if self.fixed else self.direct_variables()
        self.names: list[tuple[str, str, bool]] | None = None
        self.rest: dict[str, object] = {}

    def direct_variables(self) -> dict[str, VariableNode] | None:
        """Return the variables by argument; None if one is inside a value, or needs conversion."""
        assert self.selected.field is not None
        nodes = {}
        for node in self.selected.node.arguments or ():
            if isinstance(node.value, VariableNode):
                if not is_scalar_argument(self.selected.field.args[node.name.value]):
                    return None
                nodes[node.name.value] = node.value
            elif has_variable(node):
                return None
        return nodes

    def read(self, selector: SelectionCollector, variables: VariableValues) -> dict[str, object]:
        """Coerce the arguments. Raises the same errors as the default executor."""
        if self.names is not None:
            values = variables.coerced
            arguments = dict(self.rest)
            for name, variable, nullable in self.names:
                value = values.get(variable)
                if value is None and (variable not in values or not nullable):
                    return selector.arguments(self.selected, variables)
                arguments[name] = value
            return arguments
        arguments = selector.arguments(self.selected, variables)
        if self.direct is not None and all(
            node.name.value in variables.coerced for node in self.direct.values()
        ):
            self.learn(selector, arguments, variables.coerced)
        return arguments

    def learn(
        self,
        selector: SelectionCollector,
        arguments: dict[str, object],
        values: Mapping[str, object],
    ) -> None:
        """Which of the arguments as Python has them are the variables', and what the others are."""
        field = self.selected.field
        assert field is not None
        assert self.direct is not None
        names = []
        for name, node in self.direct.items():
            value = values[node.name.value]
            [(python_name, converted)] = selector.convert(field, {name: value}).items()
            if converted is not value:
                return
            nullable = not is_non_null_type(field.args[name].type)
            names.append((python_name, node.name.value, nullable))
        changing = {name for name, _, _ in names}
        self.rest = {name: value for name, value in arguments.items() if name not in changing}
        self.names = names


def is_scalar_argument(argument: GraphQLArgument) -> bool:
    return str(get_nullable_type(argument.type)) in SCALAR_CHECKS


def has_variable(node: ArgumentNode) -> bool:
    return bool(find_nodes(node, VariableNode))
