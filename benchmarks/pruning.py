"""Leaves out of a query what another schema doesn't have."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    NameNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql.language.visitor import REMOVE, SKIP

TYPE_NAME = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())


class UnknownPruner(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info

    def enter_field(self, *_: Any) -> Any:
        return REMOVE if self.info.get_field_def() is None else None

    def enter_argument(self, *_: Any) -> Any:
        return REMOVE if self.info.get_argument() is None else None

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        return None if node.selections else SelectionSetNode(selections=(TYPE_NAME,))


class VariablePruner(Visitor):
    """Finds the variables in use, and then removes the definitions of others."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()
        self.removes = False

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        unused = self.removes and node.variable.name.value not in self.used
        return REMOVE if unused else SKIP

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.used.add(node.name.value)


def pruned(text: str, *schemas: GraphQLSchema) -> str | None:
    """Return what all schemas have of a query; None if that isn't valid in them."""
    document: DocumentNode = parse(text)
    for schema in schemas:
        info = TypeInfo(schema)
        document = visit(document, TypeInfoVisitor(info, UnknownPruner(info)))
    variables = VariablePruner()
    visit(document, variables)
    variables.removes = True
    document = visit(document, variables)
    if any(validate(schema, document) for schema in schemas):
        return None
    return print_ast(document)
