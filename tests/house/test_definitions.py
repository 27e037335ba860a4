"""Classes, functions and constants of the product have names of their own, which say something."""

import re
from pathlib import Path

import pytest

from scripts.count_names import (
    Definition,
    classes,
    constants,
    functions,
    repeated_classes,
    shared_percentage,
)

GLOSSARY = Path(__file__).parent.parent.parent / "docs" / "glossary.md"
MAX_SHARED_PERCENTAGE = 3

# Classes that have the name of another class, with the reason. The mirror of models and schema is
# allowed without one.
REPEATED = {
    "Viewer": "The GraphQL type Viewer shows the resolvers' Viewer: the client, as itself.",
}

# Words that name nothing by themselves: neither a thing nor an action.
EMPTY_WORDS = {
    *["anew", "answer", "asked", "found", "given", "held", "kept", "known", "made", "of", "one"],
    *["read", "stands", "there", "told", "wanted", "whole"],
}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_empty(name: str) -> bool:
    """Whether a name has none but empty words: `told`, `KEPT`, `OneOf`."""
    words = {word.lower() for word in WORD.findall(name)}
    return bool(words) and words <= EMPTY_WORDS


def test_a_class_name_is_defined_once() -> None:
    assert repeated_classes().keys() == REPEATED.keys()


def test_definitions_are_named_by_more_than_an_empty_word() -> None:
    definitions: list[Definition] = [*classes(), *functions(), *constants()]
    assert [definition for definition in definitions if is_empty(definition.name)] == []


@pytest.mark.parametrize("name", ["told", "Told", "KEPT", "OneOf", "_read"])
def test_empty_names_are_found(name: str) -> None:
    assert is_empty(name)


@pytest.mark.parametrize("name", ["read_row", "TO_ONE", "Viewer", "ToOne", "_", "id_of"])
def test_other_names_pass(name: str) -> None:
    assert not is_empty(name)


def test_few_functions_share_their_name_with_one_in_another_file() -> None:
    assert shared_percentage() <= MAX_SHARED_PERCENTAGE


def test_the_glossary_names_classes_that_exist() -> None:
    rows = [
        line.strip("| ").split(" | ")
        for line in GLOSSARY.read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| term |")
    ]
    named = [name for *_, column in rows for name in re.findall(r"`(\w+)`", column)]
    existing = {definition.name for definition in [*classes(), *constants()]}
    assert [row[0] for row in rows if "`" not in row[-1]] == []
    assert [name for name in named if name not in existing] == []
    terms = [row[0] for row in rows]
    assert len(terms) == len({*terms})
