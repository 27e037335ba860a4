"""Validation by graphql-core's rules, all of them and in their order, with a faster traversal.

graphql-core calls each of some 35 rules at each node. Here the rules with a method for the node's
kind are known from their classes, which takes half the time. A test checks that both traversals
return the same errors in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    TypeInfo,
    UniqueDirectivesPerLocationRule,
    ValidationContext,
    Visitor,
)
from graphql.language.visitor import BREAK, SKIP
from graphql.pyutils import RefMap
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor

from kit.runtime.time_slices import yield_to_loop

MAX_VALIDATION_ERRORS = 100  # graphql-core's default
TOO_MANY_ERRORS = "Too many validation errors, error limit reached. Validation aborted."
VISITOR_KEYS = query_document_keys_to_validate  # the names of child attributes by node kind

NAME_KEYS = {"name", "alias"}  # what they hold is always a name
DIRECTIVE_KINDS = {kind for kind, keys in VISITOR_KEYS.items() if "directives" in keys}

LONG_LISTS = {"definitions", "selections", "values", "fields"}  # may have hundreds of nodes

# The index of a rule, and its method for a kind of nodes.
Listener = tuple[int, Callable[..., Any]]


class NodeListeners(NamedTuple):
    """The methods for one kind of nodes: TypeInfo's, and those of the rules.

    `keys` are the attributes with child nodes that anybody listens to.
    """

    learn: Callable[[Node], None] | None
    forget: Callable[[], None] | None
    entering: list[Listener]
    leaving: list[Listener]
    keys: tuple[str, ...]


def validate_document(
    schema: GraphQLSchema, document: DocumentNode, rules: Sequence[Any]
) -> list[GraphQLError]:
    """Validate as graphql-core does, without suggestions."""
    errors: list[GraphQLError] = []
    info = TypeInfo(schema)

    def on_error(error: GraphQLError) -> None:
        if len(errors) >= MAX_VALIDATION_ERRORS:
            raise ValidationAbortedError(TOO_MANY_ERRORS)
        errors.append(error)

    context = CachedValidationContext(schema, document, info, on_error, True)
    try:
        visitors = [rule(context) for rule in rules]
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        if fragments:
            visitors.insert(0, FragmentNestingVisitor(fragments))
        RuleTraversal(info, visitors).node(document, None, None, [])
    except ValidationAbortedError as error:
        errors.append(error)
    except RecursionError:
        errors.append(ValidationAbortedError("Validation aborted."))
    return errors


class CachedValidationContext(ValidationContext):
    """Keeps what it derives from a node by identity: a node's hash is that of all nodes below."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._fragment_spreads: Any = RefMap()
        self._variable_usages: Any = RefMap()
        self._recursive_variable_usages: Any = RefMap()

    def get_variable_usages(self, node: Any) -> list[VariableUsage]:
        """Return the usages, without visiting what has no variable, as most definitions."""
        usages: list[VariableUsage] | None = self._variable_usages.get(node)
        if usages is None:
            fragment = node if isinstance(node, FragmentDefinitionNode) else None
            visitor = VariableUsageVisitor(self._type_info, fragment)
            UsageTraversal(self._type_info, [visitor]).node(node, None, None, [])
            usages = self._variable_usages[node] = visitor.usages
        return usages


class RuleTraversal:
    """One traversal of a document for all rules.

    `skipping` maps the index of a rule to the node whose subtree it skips, or to BREAK.
    """

    def __init__(self, info: TypeInfo, visitors: Sequence[Visitor]) -> None:
        self.info, self.visitors = info, visitors
        self.classes = tuple(map(type, visitors))
        self.heard: dict[str, NodeListeners] = {}
        self.skipping: dict[int, Any] = {}

    def node(self, node: Node, key: Any, parent: Any, ancestors: list[Any]) -> None:
        skipping = self.skipping
        heard = self.heard.get(node.kind) or self.listen(node.kind)
        if heard.learn:
            heard.learn(node)
        for number, hear in heard.entering:
            if number not in skipping:
                said = hear(node, key, parent, [], ancestors)
                if said is not None:
                    skipping[number] = node if said is SKIP or said is False else BREAK
        if heard.keys:
            self.below(node, heard.keys, parent, ancestors)
        for number, hear in heard.leaving:
            if number not in skipping:
                said = hear(node, key, parent, [], ancestors)
                if said is BREAK or said is True:
                    skipping[number] = BREAK
        if skipping:
            for number in [number for number, skipped in skipping.items() if skipped is node]:
                del skipping[number]
        if heard.forget:
            heard.forget()

    def below(self, node: Node, keys: tuple[str, ...], parent: Any, ancestors: list[Any]) -> None:
        if parent is not None:
            ancestors.append(parent)
        for name in keys:
            part = getattr(node, name, None)
            if not part:
                continue
            if isinstance(part, Node):
                self.node(part, name, node, ancestors)
            else:
                ancestors.append(node)
                for n, child in enumerate(part):
                    self.node(child, n, part, ancestors)
                    if name in LONG_LISTS:
                        yield_to_loop()
                ancestors.pop()
        if parent is not None:
            ancestors.pop()

    def listen(self, kind: str) -> NodeListeners:
        entering, leaving = (
            [
                (number, getattr(self.visitors[number], name))
                for number, name in listeners_for(self.classes, when, kind)
            ]
            for when in ("enter", "leave")
        )
        learn, forget = (getattr(self.info, f"{when}_{kind}", None) for when in ("enter", "leave"))
        keys = VISITOR_KEYS.get(kind, ())
        if not any(listeners_for(self.classes, when, "name") for when in ("enter", "leave")):
            keys = tuple(key for key in keys if key not in NAME_KEYS)
        listeners = self.heard[kind] = NodeListeners(learn, forget, entering, leaving, keys)
        return listeners


class UsageTraversal(RuleTraversal):
    """Visits nodes that have a variable in their text."""

    def node(self, node: Node, key: Any, parent: Any, ancestors: list[Any]) -> None:
        at = node.loc
        if at is None or at.source.body.find("$", at.start, at.end) >= 0:
            super().node(node, key, parent, ancestors)


@cache
def listeners_for(classes: tuple[type, ...], when: str, kind: str) -> list[tuple[int, str]]:
    """Return the index and the method name of each rule that visits a kind of nodes."""
    names = (
        (number, visitor_method(visitor_class, when, kind))
        for number, visitor_class in enumerate(classes)
    )
    return [(number, name) for number, name in names if name]


def visitor_method(visitor_class: type, when: str, kind: str) -> str | None:
    if visitor_class is UniqueDirectivesPerLocationRule and kind not in DIRECTIVE_KINDS:
        return None  # it visits all nodes, and looks only at their directives
    names = (f"{when}_{kind}", when)
    return next((name for name in names if getattr(visitor_class, name, None) is not None), None)
