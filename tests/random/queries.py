"""Questions by chance about what a registry holds: documents, their variables, their pages."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.random.arguments import Paging
from tests.random.known_values import ValuePool
from tests.random.positions import SelectionPosition
from tests.random.scopes import SelectionScope
from tests.random.selections import DocumentWriter
from tests.random.variables import rarely
from tests.support.sdl import ROOT

LARGEST = 60  # links and fragments of one document, or thereabouts


@dataclass(frozen=True)
class RandomQuery:
    query: str
    variables: dict[str, Any]
    operation_name: str | None = None
    pages: dict[str, Paging] = field(default_factory=dict, repr=False)  # by key in the answer
    features: Counter[str] = field(default_factory=Counter, repr=False)
    deepest: int = 0

    def next_pages(self, data: Any, chance: Random) -> "RandomQuery | None":
        """Return the same with cursors that its answer gave; None where it gave none."""
        variables = dict(self.variables)
        for key, paging in self.pages.items():
            name = "endCursor" if paging.forward else "startCursor"
            if cursors := [info[name] for info in page_infos(data, key) if info[name]]:
                variables[paging.cursor.name] = chance.choice(cursors)
        if variables == self.variables:
            return None
        return replace(self, variables=variables, features=Counter({"next pages": 1}))


def page_infos(data: Any, key: str) -> Iterator[Any]:
    """Return all lists under that key, anywhere in the response."""
    if isinstance(data, list):
        for one in data:
            yield from page_infos(one, key)
    elif isinstance(data, dict):
        for name, inner in data.items():
            if name == key and inner:
                yield inner["pageInfo"]
            yield from page_infos(inner, key)


def random_query(known: ValuePool, chance: Random, largest: int = LARGEST) -> RandomQuery:
    """Most are answered in full; in one of ten something can't be, one of twenty is invalid."""
    room = chance.randrange(largest + 1)
    writer = DocumentWriter(
        known,
        chance,
        wrong=int(rarely(chance, 8)),
        invalid=int(rarely(chance, 25)),
        computed=rarely(chance, 8),
    )
    assert ROOT
    body = writer.selection(SelectionPosition(ROOT, (SelectionScope(),), room=room))
    return assemble_query(writer, body)


def assemble_query(writer: DocumentWriter, body: str) -> RandomQuery:
    chance, features = writer.chance, writer.features
    variables = dict(writer.variables.given)
    declared = writer.variables.declared
    name = None
    head = ""
    if declared or rarely(chance, 3):
        name = "Asked"
        head = f"query Asked({', '.join(declared.values())}) " if declared else "query Asked "
    operations = [head + body]
    if name and rarely(chance, 6):
        operations.insert(chance.randrange(2), "query Other { __typename }")
        features["several operations"] += 1
    elif rarely(chance, 2):
        name = None
    if rarely(chance, 20):
        features["ill-fitting variables"] += 1
        variables = invalid_variables(variables, declared, chance)
    fragments = [f"fragment {one.name} on {one.on.name} {one.text}" for one in writer.fragments]
    parts = [*fragments, *operations] if rarely(chance, 2) else [*operations, *fragments]
    return RandomQuery("\n".join(parts), variables, name, writer.pages, features, writer.deepest)


def invalid_variables(
    given: dict[str, Any], declared: dict[str, str], chance: Random
) -> dict[str, Any]:
    """One more than is declared, one of another type, or one too few."""
    if not declared:
        return {**given, "more": 1}
    name = chance.choice(list(declared))
    match chance.randrange(3):
        case 0:
            return {**given, "more": 1}
        case 1:
            return {**given, name: {"no": ["such", "thing"]}}
        case _:
            return {one: value for one, value in given.items() if one != name}
