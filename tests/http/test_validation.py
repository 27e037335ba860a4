"""Our driver of GraphQL's rules says what graphql-core's says, of texts that are wrong too."""

import json
import re
from random import Random
from typing import Any

import pytest
from graphql import GraphQLError, parse
from graphql import validate as by_graphql

from execution import schema
from execution.executor import VALIDATION_RULES
from execution.validation import validate_document
from tests.http.malformed import DOCUMENTS, LARGE_DOCUMENTS, UNANSWERABLE, fragment_bomb
from tests.support.call_counts import count_calls
from tests.support.contract_queries import ANSWERED, contract_query

PARTS = re.compile(r"\s+|#[^\n]*|\"[^\"]*\"|\.\.\.|\$?\w+|.")
SPREAD = """query A($c: String!, $n: Int, $s: Boolean = true) {
  worker(code: $c) { ...F ...G @skip(if: $s)
    employer { ... on Studio { name } ... @include(if: $s) { name } } } }
query B { ...H }
fragment F on Worker { name ...G }
fragment G on Worker { conferrals(first: $n) { nodes { id } } }
fragment H on Query { workers(filter: {or: [{code: "a"}, {grade: SENIOR}]},
  orderBy: [{field: NAME, descending: true}]) { nodes { ...F } } }"""
BASE = [*map(contract_query, ANSWERED), SPREAD]
WORDS = sorted({word for text in BASE for word in PARTS.findall(text) if word.strip()})
MUTATED = 2_000


def mutated(chance: Random) -> str:
    """Return a text with one to three of its words replaced, doubled or left out."""
    parts = PARTS.findall(chance.choice(BASE))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(parts))
        match chance.randrange(3):
            case 0:
                parts[place] = chance.choice(WORDS)
            case 1:
                parts.insert(place, chance.choice(parts))
            case 2:
                parts.pop(place)
    return "".join(parts)


def said(errors: list[GraphQLError]) -> list[Any]:
    return [(one.message, one.locations) for one in errors]


def sort_of(message: str) -> str:
    return re.sub(r"'[^']*'|\d+", "…", message)[:40]


def compared(texts: list[str]) -> set[str]:
    """Return the sorts of messages that both have said; each text is judged alike."""
    sorts = set[str]()
    for text in texts:
        try:
            document = parse(text)
        except (GraphQLError, RecursionError):
            continue
        theirs = by_graphql(schema._schema, document, VALIDATION_RULES, hide_suggestions=True)
        assert said(validate_document(schema._schema, document, VALIDATION_RULES)) == said(
            theirs
        ), text
        sorts |= {sort_of(one.message) for one in theirs}
    return sorts


def test_both_say_the_same_of_texts_that_were_changed_by_chance() -> None:
    chance = Random(14)
    assert len(compared([mutated(chance) for _ in range(MUTATED)])) > 12


def test_both_say_the_same_of_the_table_of_malformed_requests() -> None:
    bodies = [json.loads(one.body) for one in [*DOCUMENTS, *LARGE_DOCUMENTS, *UNANSWERABLE]]
    texts = [one["query"] for one in bodies if len(one["query"]) < 5_000]
    assert len(compared([*texts, *BASE])) > 25


@pytest.mark.parametrize("text", [
    "{ " + "a " * 150 + "}",
    fragment_bomb(150, "parent {{ ...{0} ...{1} }}"),
    "".join(f"fragment F{n} on Query {{ ...F{n + 1} }} " for n in range(300)) + "{ ...F0 }",
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
])  # fmt: skip
def test_both_end_where_there_is_too_much(text: str) -> None:
    assert compared([text])


def test_a_rule_is_asked_only_of_nodes_that_it_listens_to() -> None:
    document = parse(SPREAD)
    ours = count_calls(
        lambda: validate_document(schema._schema, document, VALIDATION_RULES)
    ).total()
    theirs = count_calls(lambda: by_graphql(schema._schema, document, VALIDATION_RULES)).total()
    assert ours < 0.7 * theirs
