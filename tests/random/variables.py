"""Values of arguments, written into a document literally or by way of variables."""

import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

ABSENT: Any = object()
Value = Any  # null, plain JSON, an EnumLiteral, a Variable, and lists and dictionaries of these


@dataclass(frozen=True)
class EnumLiteral:
    """A value of an enum: without quotes in a document, a string among the variables."""

    name: str


@dataclass(frozen=True)
class Variable:
    name: str


def graphql_literal(value: Value) -> str:
    match value:
        case EnumLiteral(name=name):
            return name
        case Variable(name=name):
            return f"${name}"
        case dict():
            pairs = (f"{name}: {graphql_literal(inner)}" for name, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(graphql_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def json_value(value: Value) -> Any:
    match value:
        case EnumLiteral(name=name):
            return name
        case dict():
            return {name: json_value(inner) for name, inner in value.items()}
        case list():
            return [json_value(inner) for inner in value]
    return value


def rarely(chance: Random, one_in: int) -> bool:
    """Return false for the smallest draw, so that a shrunken query does without."""
    return chance.randrange(one_in) == one_in - 1


@dataclass
class VariableGenerator:
    chance: Random
    features: Counter[str]
    declared: dict[str, str] = field(default_factory=dict)  # name → `$name: Type = default`
    given: dict[str, Any] = field(default_factory=dict)
    alike: dict[tuple[str, str], Variable] = field(default_factory=dict)

    def declare(self, type: str, default: Value = ABSENT, given: Value = ABSENT) -> Variable:
        name = f"v{len(self.declared)}"
        ends = "" if default is ABSENT else f" = {graphql_literal(default)}"
        self.declared[name] = f"${name}: {type}{ends}"
        if given is not ABSENT:
            self.given[name] = json_value(given)
        self.features["variables"] += 1
        return Variable(name)

    def express(self, type: GraphQLInputType, value: Value) -> Value:
        """Return the same value: literally, or by variables as a whole or in part."""
        if rarely(self.chance, 5):
            return self.variable(type, value)
        named, chosen = get_named_type(type), get_nullable_type(type)
        if isinstance(value, dict):
            assert isinstance(named, GraphQLInputObjectType)
            of = named.fields
            return {name: self.express(of[name].type, inner) for name, inner in value.items()}
        if isinstance(value, list) and is_list_type(chosen):
            items = [self.express(chosen.of_type, inner) for inner in value]
            if len(items) == 1 and not isinstance(items[0], Variable) and rarely(self.chance, 6):
                self.features["one for a list"] += 1
                return items[0]
            return items
        return value

    def variable(self, type: GraphQLInputType, value: Value) -> Variable:
        if value is None:
            return self.null(type)
        key = (str(type), graphql_literal(value))
        if key in self.alike and self.chance.randrange(2):
            self.features["variables used again"] += 1
            return self.alike[key]
        may_be_null = str(get_nullable_type(type))
        match self.chance.randrange(5):
            case 0:
                found = self.alike[key] = self.declare(str(type), given=value)
            case 1:
                found = self.alike[key] = self.declare(f"{may_be_null}!", given=value)
            case 2:
                self.features["defaults"] += 1
                found = self.declare(may_be_null, default=value)
            case 3:
                self.features["defaults"] += 1
                found = self.declare(may_be_null, default=value, given=value)
            case _:
                self.features["defaults"] += 1
                found = self.declare(f"{may_be_null}!", default=value)
        return found

    def null(self, type: GraphQLInputType) -> Variable:
        assert not is_non_null_type(type)
        match self.chance.randrange(3):
            case 0:
                self.features["variables left out"] += 1
                return self.declare(str(type))
            case 1:
                self.features["null variables"] += 1
                return self.declare(str(type), given=None)
            case _:
                self.features["null variables"] += 1
                return self.declare(str(type), default=None)

    def condition(self, holds: bool) -> str:
        """Return the argument of an `if`."""
        if self.chance.randrange(2) == 0:
            return graphql_literal(holds)
        key = ("Boolean!", graphql_literal(holds))
        if key in self.alike:
            self.features["variables used again"] += 1
        else:
            self.alike[key] = self.declare("Boolean!", given=holds)
        return graphql_literal(self.alike[key])

    def directive(self) -> str:
        """Now and then one or both, mostly such that what they stand behind is kept."""
        if not rarely(self.chance, 12):
            return ""
        self.features["directives"] += 1
        kept = self.chance.randrange(3) < 2
        both = [("include", kept), ("skip", not kept)]
        chosen = self.chance.choice([both[:1], both[1:], both[::-1]])
        return "".join(f" @{word}(if: {self.condition(holds)})" for word, holds in chosen)
