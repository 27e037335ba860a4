"""Compiled projections: no text of a client or of the schema becomes code."""

import json
import linecache
import traceback
from collections.abc import AsyncIterator
from keyword import kwlist
from typing import Any

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    extend_schema,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st

from engine.operation import PlannedOperation
from engine.plan import field_plans
from engine.plan.execution import DatabaseUsage
from engine.plan.field_plans import NotPlanned
from engine.plan.projection import (
    MIN_SOURCE_CHARACTERS,
    ProjectionScope,
    SourceRegistry,
    attribute_expression,
    literal,
    object_expression,
)
from engine.sql.predicate import ViewerContext
from kit.request_limits import DEFAULT_LIMITS
from tests.engine.library import TODAY, VISITOR
from tests.engine.library_queries import LibraryClient, execute_operation, library_client
from tests.engine.library_schema import MEANINGS, SCHEMA, convert_arguments, snake_case

# Names that GraphQL allows, and that mean something in Python or in a generated source.
HOSTILE_NAMES = [
    "None", "True", "False", "import", "lambda", "class", "exec", "eval", "str", "int",
    "__proto__", "__builtins__", "__import__", "__class__", "__globals__", "_",
    "r", "rows", "value", "run", "cursor", "c0", "c1", "m0", "e0", "v1", "v2", "constructor",
    "a" * 10_000, "Z" * 10_000,
]  # fmt: skip
HOSTILE_TEXTS = [
    "'", '"', "'''", '"""', "\\", "\\'", "{", "}", "{c0}", "%s", "\n", "\r", "\0", "\x1b", "\u2028",
    "\ud800", "'}+__import__('os')+{'", "甲'乙", "ß", "🦆", "\N{RIGHT-TO-LEFT OVERRIDE}", "#", "",
]  # fmt: skip


@given(st.text(st.characters()) | st.sampled_from(HOSTILE_TEXTS))
def test_a_literal_is_the_text_and_stays_in_its_line(text: str) -> None:
    written = literal(text)
    assert eval(written, {"__builtins__": {}}) == text
    assert written.isascii()
    assert written.isprintable()


@pytest.mark.parametrize("key", [*HOSTILE_TEXTS, *HOSTILE_NAMES], ids=lambda key: ascii(key)[:20])
def test_a_key_of_any_text_is_that_key(key: str) -> None:
    scope = ProjectionScope()
    expression = object_expression([(key, scope.constant(1)), ("rest", "value")])
    assert scope.compile(["value"], expression)(2) == {key: 1, "rest": 2}


def test_a_projection_reaches_no_builtin_function() -> None:
    for name in ("__import__", "open", "eval", "getattr", "type"):
        with pytest.raises(NameError, match=name):
            ProjectionScope().compile([], f"{name}('os')")()


@pytest.mark.parametrize("name", ["a.b", "a b", "a()", "1a", "", "a\n", *kwlist])
def test_what_is_no_attribute_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of an attribute"):
        attribute_expression("value", name)


def test_a_traceback_shows_the_line_of_the_key() -> None:
    scope = ProjectionScope()
    fail = scope.constant(lambda: 1 / 0)
    expression = object_expression([("first", "value"), ("second", f"{fail}()"), ("third", "1")])
    with pytest.raises(ZeroDivisionError) as caught:
        scope.compile(["value"], expression)(1)
    [_, frame, _] = traceback.extract_tb(caught.value.__traceback__)
    assert (frame.line, frame.lineno) == (f"'second': {fail}(),", 2)
    linecache.checkcache()
    assert linecache.getline(frame.filename, 2) == f"'second': {fail}(),\n"


def test_sources_are_bounded_and_the_oldest_goes_first() -> None:
    sources = SourceRegistry(3 * MIN_SOURCE_CHARACTERS, getsizeof=lambda size: size)
    before = {*linecache.cache}
    names = [sources.register(f"lambda: {number}") for number in range(5)]
    assert {*linecache.cache} - before == {*names[2:]}
    long = sources.register("1 + " * MIN_SOURCE_CHARACTERS + "1")  # longer than all may be
    assert {*linecache.cache} - before == {*names[2:]}
    assert linecache.getlines(long) == []
    double = sources.register("1".ljust(2 * MIN_SOURCE_CHARACTERS))
    assert {*linecache.cache} - before == {names[4], double}
    while sources:
        sources.popitem()
    assert {*linecache.cache} == before


# A field that gives its arguments back, with hostile names in every place that a schema has.
ECHO_SDL = """
scalar JSON
enum Word { None import lambda class __proto__ c0 v1 }
extend type Contemporaries {
  echo(text: String, words: [Word!], json: JSON): Echo!
}
type Echo {
  text: String
  words: [Word!]
  json: JSON
  None: Lambda
  lambda: String!
  again: Echo!
}
type Lambda { import: [String!]! }
"""


def echo(value: Any, **arguments: Any) -> Any:
    return arguments


ECHO_FIELDS: dict[str, field_plans.FieldPlan] = {
    "Contemporaries.echo": field_plans.PropertyField(echo),
    "Echo.text": field_plans.PropertyField(lambda given: given.get("text")),
    "Echo.words": field_plans.PropertyField(lambda given: given.get("words")),
    "Echo.json": field_plans.PropertyField(lambda given: given.get("json")),
    "Echo.None": field_plans.PropertyField(lambda given: given),
    "Echo.again": field_plans.PropertyField(lambda given: given),
    "Echo.lambda": field_plans.PropertyField(lambda given: "lambda"),
    "Lambda.import": field_plans.PropertyField(lambda given: ["import"]),
}


def build_echo_schema() -> GraphQLSchema:
    # The name that GraphQL reserves is valid in a document, and so is tested too.
    schema = extend_schema(SCHEMA, parse(ECHO_SDL), assume_valid=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                told = (ECHO_FIELDS | MEANINGS).get(
                    f"{kind.name}.{name}", field_plans.AttributeField(snake_case(name))
                )
                field.extensions = {"meaning": told}
    return schema


ECHO = build_echo_schema()


@pytest.fixture(params=["by rows", "by subtrees"])
async def ask(library_url: str, request: pytest.FixtureRequest) -> AsyncIterator[LibraryClient]:
    async with library_client(library_url, written=request.param == "by subtrees") as client:
        yield client


async def ask_echo(client: LibraryClient, query: str, **variables: Any) -> Any:
    document = parse(query)
    assert validate(ECHO, document) == []
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    planned = PlannedOperation(
        ECHO, document, operation, lambda field: field.extensions["meaning"], convert_arguments
    )
    return await execute_operation(
        planned, variables, ViewerContext(VISITOR, TODAY), client.snapshots, DatabaseUsage(),
        written=client.written,
    )  # fmt: skip


ALIASED = """query {
  ALIAS: book(code: "b1") {
    ALIAS: code
    ALIAS_1: author { ALIAS: code ALIAS_1: __typename }
    ALIAS_2: contemporaries { ALIAS: genre ALIAS_1: number ALIAS_2: __typename }
    ALIAS_3: loans(first: 1) {
      ALIAS: totalCount
      ALIAS_1: edges { ALIAS: cursor ALIAS_1: node { ALIAS: id ALIAS_1: borrower } }
      ALIAS_2: pageInfo { ALIAS: hasNextPage ALIAS_1: endCursor }
      ALIAS_3: groups(by: ["BORROWER"]) {
        ALIAS: nodes { ALIAS: count ALIAS_1: keys { ALIAS: code ALIAS_1: __typename } }
      }
    }
    ALIAS_4: loansNow { ALIAS: borrower }
  }
  ALIAS_1: books(first: 2) { ALIAS: nodes { ALIAS: name ALIAS_1: genre } }
}"""


def renamed(value: Any, prefix: str, instead: str) -> Any:
    """Return the answer with another prefix of all keys."""
    if isinstance(value, list):
        return [renamed(one, prefix, instead) for one in value]
    if isinstance(value, dict):
        assert all(key.startswith(prefix) for key in value)
        return {
            instead + key.removeprefix(prefix): renamed(one, prefix, instead)
            for key, one in value.items()
        }
    return value


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: name[:20])
async def test_an_alias_of_any_name_is_a_key_and_nothing_else(
    ask: LibraryClient, name: str
) -> None:
    plain = await ask.data(ALIASED.replace("ALIAS", "plain"))
    assert plain["plain"]["plain"] == "b1"
    assert plain["plain"]["plain_2"]["plain_2"] == "Contemporaries"
    aliased = await ask.data(ALIASED.replace("ALIAS", name))
    assert aliased == renamed(plain, "plain", name)


HOSTILE_DOCUMENT = """
query import($v1: JSON, $None: Boolean!, $lambda: Boolean!, $c0: String) {
  book(code: "b1") { ...lambda ...exec @include(if: $lambda) }
}
fragment lambda on Book {
  contemporaries {
    variables: echo(text: $c0, json: $v1) { text json }
    literals: echo(
      text: TEXT, words: [None, import, lambda, class, __proto__, c0, v1], json: OBJECT
    ) {
      text words json None { import } lambda __typename
    }
  }
}
fragment exec on Book {
  contemporaries { hidden: echo @skip(if: $None) { text } shown: echo @skip(if: $lambda) { text } }
}
"""


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text)[:20])
async def test_texts_words_and_objects_are_values_and_never_code(
    ask: LibraryClient, text: str
) -> None:
    written = (
        "half of a pair" if text == "\ud800" else text
    )  # GraphQL's grammar has no such literal
    literal_json = f"{{None: {json.dumps(written)}, lambda: {{import: [null, 1, {{_: []}}]}}}}"
    document = HOSTILE_DOCUMENT.replace("TEXT", json.dumps(written))
    document = document.replace("OBJECT", literal_json)
    given_json = {text: [{"'\"": text}], '"': None, "__class__": 1}
    answer = await ask_echo(
        ask, document, **{"None": True, "lambda": True, "c0": text, "v1": given_json}
    )
    assert answer == {
        "book": {
            "contemporaries": {
                "variables": {"text": text, "json": given_json},
                "literals": {
                    "text": written,
                    "words": ["None", "import", "lambda", "class", "__proto__", "c0", "v1"],
                    "json": {"None": written, "lambda": {"import": [None, 1, {"_": []}]}},
                    "None": {"import": ["import"]},
                    "lambda": "lambda",
                    "__typename": "Echo",
                },
            }
        }
    }


async def test_what_is_nested_deeper_than_python_parses_is_left_to_the_executor(
    ask: LibraryClient,
) -> None:
    def nested(depth: int) -> str:
        return (
            '{ book(code: "b1") { contemporaries { echo(text: "a") {'
            + " again {" * depth
            + " text "
            + "}" * depth
            + "} } } }"
        )

    answer = await ask_echo(ask, nested(DEFAULT_LIMITS.depth))
    for name in ("book", "contemporaries", "echo", *["again"] * DEFAULT_LIMITS.depth):
        answer = answer[name]
    assert answer == {"text": "a"}
    with pytest.raises(NotPlanned, match="nested too deep"):
        await ask_echo(ask, nested(120))
