"""Limits of documents, checked before validation, which takes time itself."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    ListValueNode,
    Node,
    ObjectValueNode,
    StringValueNode,
    parse,
)
from graphql.language.ast import FloatValueNode, IntValueNode, SelectionSetNode

from engine.plan.document_nodes import child_nodes
from execution.complexity import ComplexityAnalysis, DocumentComplexity
from execution.cost import OperationCost
from kit.errors import BadInput
from kit.request_limits import RequestLimits, check_string, limit_exceeded, utf8_length
from resolvers.core.context import Context

# Digits. Longer numbers fit no field, and parsing them takes time.
MAX_NUMBER_DIGITS = 400
TOO_MANY_TOKENS = ("tokens. Parsing aborted.", "comments. Parsing aborted.")
NUMBERS = (IntValueNode, FloatValueNode)
NESTED = (ListValueNode, ObjectValueNode)
LITERALS = (*NUMBERS, *NESTED, StringValueNode)
NESTED_TOO_DEEPLY = "nested too deeply"  # in the parser's message when Python's stack overflows


def parse_document(query: str, limits: RequestLimits) -> DocumentNode:
    """Parse a document and check it. Raises BadInput, LimitExceeded or GraphQLError."""
    if (length := utf8_length(query)) > limits.query:
        raise limit_exceeded("query", limits.query, length)
    try:
        parsed = parse(query, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except RecursionError:
        raise limit_exceeded("depth", limits.depth) from None
    except GraphQLError as error:
        if error.message.endswith(TOO_MANY_TOKENS):
            raise limit_exceeded("tokens", limits.tokens) from None
        if NESTED_TOO_DEEPLY in error.message:
            raise limit_exceeded("depth", limits.depth) from None
        raise
    check_literals(parsed, limits)
    return parsed


def check_literals(document: DocumentNode, limits: RequestLimits) -> None:
    """Raise an error for invalid literals, and for empty selections, which the parser accepts."""
    below: list[tuple[Node, int]] = [(document, 0)]  # nodes, and how deep the literal is nested
    while below:
        node, depth = below.pop()
        if isinstance(node, LITERALS):
            check_literal(node, limits)
            if isinstance(node, NESTED):
                depth += 1
                if depth > limits.json_depth:
                    raise limit_exceeded("json_depth", limits.json_depth)
        elif isinstance(node, SelectionSetNode) and not node.selections:
            raise BadInput(
                "Between { and } there must be a field.", "{ 与 } 之间至少要有一个字段。"
            )
        below += [(one, depth) for one in reversed(child_nodes(node))]


def check_literal(node: Node, limits: RequestLimits) -> None:
    if isinstance(node, StringValueNode):
        check_string(node.value, limits.string)
        if "\0" in node.value:
            raise BadInput("Text may not contain NUL.", "文本中不得含有 NUL 字符。")
    elif isinstance(node, NUMBERS):
        check_number_literal(node.value)


def check_number_literal(digits: str) -> None:
    if len(digits) > MAX_NUMBER_DIGITS:
        raise BadInput(
            f"A number exceeds the limit of {MAX_NUMBER_DIGITS} digits: it has {len(digits)}.",
            f"一个数最多 {MAX_NUMBER_DIGITS} 位，其中一个为 {len(digits)} 位。",
        )


def operation_costs(
    schema: GraphQLSchema, document: DocumentNode, limits: RequestLimits
) -> dict[str | None, OperationCost]:
    """Return the cost of each operation.

    Raises LimitExceeded, or BadInput if introspection is disabled.
    """
    try:
        complexity = ComplexityAnalysis(schema, document).all()
    except RecursionError:
        raise limit_exceeded("depth", limits.depth) from None
    check_document_limits(complexity, limits)
    return complexity.asked


def check_document_limits(complexity: DocumentComplexity, limits: RequestLimits) -> None:
    largest = complexity.largest
    for name, number in (
        ("operations", complexity.operations),
        ("variables", complexity.variables),
        ("directives", complexity.directives),
        ("depth", largest.depth),
        ("introspection_depth", largest.introspection),
        ("root_fields", largest.fields),
        ("mutation_fields", complexity.mutation_fields),
        ("aliases", largest.aliases),
        ("page", complexity.page),
        ("filter", complexity.filter),
    ):
        most: int = getattr(limits, name)
        if number > most:
            raise limit_exceeded(name, most, number)
    if largest.introspection and not limits.introspection:
        raise BadInput(
            "Introspection is disabled here: the documentation has the schema.",
            "此处已关闭内省查询，模式定义随文档提供。",
        )


def check_cost(
    operation_cost: OperationCost, variables: Mapping[str, Any], context: Context
) -> None:
    """Raise LimitExceeded if a request is too large. Refusals report its cost, from the context."""
    limits = context.limits
    operation_cost.held.check(
        variables, limits, writes=operation_cost.writes and context.asker.viewer.may_write
    )
    context.asked, context.lists = (
        operation_cost.nodes(variables, limits.page),
        operation_cost.lists,
    )
    if operation_cost.writes:
        context.minimum_cost = context.asked
    if context.asked > limits.cost:
        raise limit_exceeded("cost", limits.cost, context.asked)
