"""@skip and @include by a variable that is null, left out, or there: one answer on both ways."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import orjson
import pytest

from execution import schema
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.i18n import Language
from kit.request_limits import UNLIMITED
from resolvers.core.access import OPERATOR
from resolvers.core.context import Context, Executor
from tests.random.both_executors import EXECUTORS
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory

# {0} is the directive. Each with the path at which a null is told, and what stands there then.
PLACES: dict[str, tuple[str, list[Any] | None, Any]] = {
    "field": ('worker(code: "w") { code name {0} }', ["worker"], {"worker": None}),
    "twice": (
        'worker(code: "w") { code name {0} } worker(code: "w") { name }',
        ["worker"], {"worker": None},
    ),
    "inline": ('worker(code: "w") { code ... {0} { name } }', ["worker"], {"worker": None}),
    "typed inline": (
        'node(id: "V29ya2VyOnc") { id ... on Worker {0} { name } }', ["node"], {"node": None}
    ),
    "spread": ('worker(code: "w") { code ...F {0} }', ["worker"], {"worker": None}),
    "in a fragment": ('worker(code: "w") { code ...G }', ["worker"], {"worker": None}),
    "root": ('worker(code: "w") {0} { code }', None, None),
    "root inline": ('... {0} { worker(code: "w") { code } }', None, None),
    "below": (
        'worker(code: "w") { code region { code name {0} } }',
        ["worker", "region"], {"worker": {"code": "w", "region": None}},
    ),
    "list": ("workers { nodes { code name {0} } }", ["workers", "nodes", 0], None),
    "connection": ("workers { totalCount {0} nodes { code } }", ["workers"], None),
    "groups": (
        "workers { groups(by: [GRADE]) { totalCount {0} nodes { count } } }",
        ["workers", "groups"], None,
    ),
    "quantity": (
        "figures { nodes { metric quantity { unit exact {0} } } }",
        ["figures", "nodes", 0, "quantity"],
        {"figures": {"nodes": [{"metric": "m", "quantity": None}]}},
    ),
    "nobody": ('worker(code: "nobody") { code name {0} }', [], {"worker": None}),
}  # fmt: skip
FRAGMENTS = "fragment F on Worker { name } fragment G on Worker { name {0} }"
NULL = {
    Language.ENGLISH: "Argument 'if' has invalid value: Expected variable '$s' provided to "
    "non-null type 'Boolean!' not to be None.",
    Language.CHINESE: "参数 if 的值无效：此处的类型是 Boolean!，变量 $s 不能为 null。",
}
# How the variable is declared, and what is sent.
GIVEN: list[tuple[str, dict[str, Any]]] = [
    ("$s: Boolean = true", {}),
    ("$s: Boolean = false", {}),
    ("$s: Boolean = true", {"s": None}),
    ("$s: Boolean = true", {"s": False}),
    ("$s: Boolean!", {}),
    ("$s: Boolean!", {"s": None}),
    ("$s: Boolean! = false", {}),
    ("$s: Boolean! = true", {"s": None}),
    ("$s: Boolean!", {"s": "yes"}),
    ("$s: Boolean", {"s": None}),
    ("$s: Boolean", {}),
    ("$s: Boolean = null", {}),
]


async def fill(make: RowFactory) -> None:
    source = {"sources": "s"}
    await make(
        sources=[{"key": "s", "title": "报"}],
        workers=[{"code": "w", "name": "示例甲", "region": "370202"}],
        figures=[
            {"key": "f", "metric": "m", "label": "数", "quantity_value": "0.5", **source,
             "quantity_unit": "person", "quantity_qualifier": "EXACT"}
        ],
    )  # fmt: skip


@pytest.fixture
async def snapshots(ask_filled: GraphQLTestClient) -> AsyncIterator[ReadPool]:
    held = open_read_pool(ask_filled.engine.url)
    yield held
    await held.close()


def asking(place: str, directive: str, declared: str) -> str:
    text = f"query ({declared}) {{ {PLACES[place][0]} }}"
    for fragment, name in zip(FRAGMENTS.split(" fragment "), "FG", strict=True):
        if f"...{name}" in text:
            text += " fragment " + fragment.removeprefix("fragment ")
    return text.replace("{0}", directive)


async def answers(
    there: GraphQLTestClient, held: ReadPool, query: str, given: dict[str, Any], language: Language
) -> list[Any]:
    """By the executor, and by each way of the engine."""
    found = []
    for way in (Executor.DEFAULT, *EXECUTORS[held.dialect]):
        context = Context.of(there.engine, OPERATOR, TODAY, held, way, UNLIMITED, language)
        async with context:
            if way is Executor.DEFAULT:
                result = await schema.ask(query, given, context)
            else:
                result = await schema.answer(query, given, context)
        errors = [
            (one.path, one.message, (one.extensions or {})["code"], one.locations)
            for one in result.errors or ()
        ]
        found.append((orjson.loads(orjson.dumps(result.data)), errors))
    return found


async def test_every_way_says_the_same_wherever_a_switch_stands(
    ask_filled: GraphQLTestClient, snapshots: ReadPool
) -> None:
    for place, word, (declared, given) in product(PLACES, ("skip", "include"), GIVEN):
        query = asking(place, f"@{word}(if: $s)", declared)
        for language in Language:
            first, *others = await answers(ask_filled, snapshots, query, given, language)
            assert all(other == first for other in others), (query, given, first, others)
            for _, message, code, _ in first[1]:
                assert code == "BAD_USER_INPUT"
                assert "\n" not in message
                chinese = any(ord(letter) > 0x4E00 for letter in message)
                assert chinese is (language is Language.CHINESE)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("word", ["skip", "include"])
async def test_a_null_for_a_variable_with_a_default_is_told_at_its_place(
    ask_filled: GraphQLTestClient, snapshots: ReadPool, place: str, word: str
) -> None:
    query = asking(place, f"@{word}(if: $s)", "$s: Boolean = true")
    _, path, data = PLACES[place]
    for language in Language:
        for found in await answers(ask_filled, snapshots, query, {"s": None}, language):
            told, errors = found
            assert told == data
            assert [error[:3] for error in errors] == (
                [] if path == [] else [(path, NULL[language], "BAD_USER_INPUT")]
            )
