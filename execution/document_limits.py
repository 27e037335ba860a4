"""Limits of documents, checked before validation, which takes time itself."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    Visitor,
    parse,
    visit,
)
from graphql.language.ast import FloatValueNode, IntValueNode, SelectionSetNode

from execution.complexity import ComplexityAnalysis, DocumentComplexity
from execution.cost import OperationCost
from kit.errors import BadInput
from kit.request_limits import RequestLimits, check_string, limit_exceeded, utf8_length
from resolvers.core.context import Context

# Digits. Longer numbers fit no field, and parsing them takes time.
MAX_NUMBER_DIGITS = 400
TOO_MANY_TOKENS = ("tokens. Parsing aborted.", "comments. Parsing aborted.")
NESTED_TOO_DEEPLY = "nested too deeply"  # in the parser's message when Python's stack overflows


def parse_document(query: str, limits: RequestLimits) -> DocumentNode:
    """Parse a document and check it. Raises BadInput, LimitExceeded or GraphQLError."""
    if (found := utf8_length(query)) > limits.query:
        raise limit_exceeded("query", limits.query, found)
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
    visit(parsed, LiteralChecker(limits))
    return parsed


class LiteralChecker(Visitor):
    """Raises errors for invalid literals, and for empty selections, which the parser accepts."""

    def __init__(self, limits: RequestLimits) -> None:
        super().__init__()
        self.limits, self.depth = limits, 0

    def enter_selection_set(self, node: SelectionSetNode, *rest: object) -> None:
        if not node.selections:
            raise BadInput(
                "Between { and } there must be a field.", "{ 与 } 之间至少要有一个字段。"
            )

    def enter_int_value(self, node: IntValueNode, *rest: object) -> None:
        check_number_literal(node.value)

    def enter_float_value(self, node: FloatValueNode, *rest: object) -> None:
        check_number_literal(node.value)

    def enter_string_value(self, node: StringValueNode, *rest: object) -> None:
        check_string(node.value, self.limits.string)
        if "\0" in node.value:
            raise BadInput("Text may not contain NUL.", "文本中不得含有 NUL 字符。")

    def enter_list_value(self, node: ListValueNode, *rest: object) -> None:
        self.count_nested()

    def enter_object_value(self, node: ObjectValueNode, *rest: object) -> None:
        self.count_nested()

    def leave_list_value(self, node: ListValueNode, *rest: object) -> None:
        self.depth -= 1

    def leave_object_value(self, node: ObjectValueNode, *rest: object) -> None:
        self.depth -= 1

    def count_nested(self) -> None:
        self.depth += 1
        if self.depth > self.limits.json_depth:
            raise limit_exceeded("json_depth", self.limits.json_depth)


def check_number_literal(digits: str) -> None:
    if len(digits) > MAX_NUMBER_DIGITS:
        raise BadInput(
            f"A number has {MAX_NUMBER_DIGITS} digits at most; one has {len(digits)}.",
            f"一个数最多 {MAX_NUMBER_DIGITS} 位，其中一个为 {len(digits)} 位。",
        )


def operation_costs(
    schema: GraphQLSchema, document: DocumentNode, limits: RequestLimits
) -> dict[str | None, OperationCost]:
    """Return the cost of each operation.

    Raises LimitExceeded, or BadInput if introspection is disabled.
    """
    try:
        found = ComplexityAnalysis(schema, document).all()
    except RecursionError:
        raise limit_exceeded("depth", limits.depth) from None
    check_document_limits(found, limits)
    return found.asked


def check_document_limits(found: DocumentComplexity, limits: RequestLimits) -> None:
    largest = found.largest
    for name, number in (
        ("operations", found.operations),
        ("variables", found.variables),
        ("directives", found.directives),
        ("depth", largest.depth),
        ("introspection_depth", largest.introspection),
        ("root_fields", largest.fields),
        ("mutation_fields", found.mutation_fields),
        ("aliases", largest.aliases),
        ("page", found.page),
        ("filter", found.filter),
    ):
        most: int = getattr(limits, name)
        if number > most:
            raise limit_exceeded(name, most, number)
    if largest.introspection and not limits.introspection:
        raise BadInput(
            "Introspection is switched off here: the schema comes with the documentation.",
            "此处已关闭内省查询，模式定义随文档提供。",
        )


def check_cost(asked: OperationCost, given: Mapping[str, Any], context: Context) -> None:
    """Raise LimitExceeded if a request is too large. Refusals report its cost, from the context."""
    limits = context.limits
    asked.held.check(given, limits, writes=asked.writes and context.asker.viewer.may_write)
    context.asked, context.lists = asked.nodes(given, limits.page), asked.lists
    if asked.writes:
        context.minimum_cost = context.asked
    if context.asked > limits.cost:
        raise limit_exceeded("cost", limits.cost, context.asked)
