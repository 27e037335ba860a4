"""What a document may be at most, said before it is validated: that is work too."""

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

from kit.errors import BadInput
from kit.limits import Limits, bytes_of, check_string, exceeded
from resolvers.context import Context
from schema.cost import Asked
from schema.survey import Survey, Surveyed

LONGEST_NUMBER = 400  # digits; no number that a field takes is longer, and reading one costs time
TOO_MANY = ("tokens. Parsing aborted.", "comments. Parsing aborted.")
TOO_DEEP = "nested too deeply"  # what the parser says where Python's stack ends


def document(query: str, limits: Limits) -> DocumentNode:
    """Raises BadInput, LimitExceeded, or GraphQLError."""
    if (found := bytes_of(query)) > limits.query:
        raise exceeded("query", limits.query, found)
    try:
        parsed = parse(query, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except RecursionError:
        raise exceeded("depth", limits.depth) from None
    except GraphQLError as error:
        if error.message.endswith(TOO_MANY):
            raise exceeded("tokens", limits.tokens) from None
        if TOO_DEEP in error.message:
            raise exceeded("depth", limits.depth) from None
        raise
    visit(parsed, Reading(limits))
    return parsed


class Reading(Visitor):
    """Raises what is wrong with single values, and what the parser lets pass: fields of nothing."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits, self.depth = limits, 0

    def enter_selection_set(self, node: SelectionSetNode, *rest: object) -> None:
        if not node.selections:
            raise BadInput(
                "Between { and } there must be a field.", "{ 与 } 之间至少要有一个字段。"
            )

    def enter_int_value(self, node: IntValueNode, *rest: object) -> None:
        check_number(node.value)

    def enter_float_value(self, node: FloatValueNode, *rest: object) -> None:
        check_number(node.value)

    def enter_string_value(self, node: StringValueNode, *rest: object) -> None:
        check_string(node.value, self.limits.string)
        if "\0" in node.value:
            raise BadInput("Text may not contain NUL.", "文本中不得含有 NUL 字符。")

    def enter_list_value(self, node: ListValueNode, *rest: object) -> None:
        self.deeper()

    def enter_object_value(self, node: ObjectValueNode, *rest: object) -> None:
        self.deeper()

    def leave_list_value(self, node: ListValueNode, *rest: object) -> None:
        self.depth -= 1

    def leave_object_value(self, node: ObjectValueNode, *rest: object) -> None:
        self.depth -= 1

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > self.limits.json_depth:
            raise exceeded("json_depth", self.limits.json_depth)


def check_number(digits: str) -> None:
    if len(digits) > LONGEST_NUMBER:
        raise BadInput(
            f"A number has {LONGEST_NUMBER} digits at most; one has {len(digits)}.",
            f"一个数最多 {LONGEST_NUMBER} 位，其中一个为 {len(digits)} 位。",
        )


def surveyed(
    schema: GraphQLSchema, document: DocumentNode, limits: Limits
) -> dict[str | None, Asked]:
    """What each operation costs. Raises LimitExceeded, or BadInput where introspection is off."""
    try:
        found = Survey(schema, document).all()
    except RecursionError:
        raise exceeded("depth", limits.depth) from None
    check(found, limits)
    return found.asked


def check(found: Surveyed, limits: Limits) -> None:
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
            raise exceeded(name, most, number)
    if largest.introspection and not limits.introspection:
        raise BadInput(
            "Introspection is switched off here: the schema comes with the documentation.",
            "此处已关闭内省查询，模式定义随文档提供。",
        )


def admit(asked: Asked, given: Mapping[str, Any], context: Context) -> None:
    """Raises LimitExceeded. What was asked for is told with the refusal too."""
    limits = context.limits
    asked.held.check(given, limits, writes=asked.writes and context.asker.viewer.may_write)
    context.asked, context.lists = asked.nodes(given, limits.page), asked.lists
    if asked.writes:
        context.price = context.asked
    if context.asked > limits.cost:
        raise exceeded("cost", limits.cost, context.asked)
