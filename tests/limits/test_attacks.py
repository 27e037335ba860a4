"""Requests that took a service without limits seconds, minutes or a gigabyte."""

import re
import time

import httpx
import pytest

from kit.request_limits import DEFAULT_LIMITS, LIMIT_MESSAGES
from tests.http.malformed import fragment_bomb
from tests.support.over_http import error_codes, post_graphql

MANY = " ".join(f"a{n}: __typename" for n in range(10_000))
HALVES = '{ a: worker(code: "x") {'
# A query, and the limit that it meets.
ATTACKS = {
    "ten thousand aliases": (f"{{ {MANY} }}", "query"),
    "as many as the tokens allow": (f"{{ {MANY[:7900]} }}", "root_fields"),
    "more tokens of aliases": (f"{{ {MANY[:13_000]} a: __typename }}", "tokens"),
    "aliases in aliases": (
        "{ region(code: \"370000\") { " + "a: children { b: children { " * 5 + "name"
        + " } }" * 5 + " } }", "cost",
    ),
    "aliases side by side, again and again": (
        fragment_bomb(6, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), "aliases",
    ),
    "a cycle in the data": (
        "{ workers(first: 100) { nodes { " + "employer { workers(first: 100) { nodes { " * 2
        + "name" + " } } }" * 2 + " } } }", "cost",
    ),
    "a deep cycle": (
        "{ workers(first: 1) { nodes { " + "employer { workers(first: 1) { nodes { " * 5
        + "name" + " } } }" * 5 + " } } }", "depth",
    ),
    "a hundred thousand directives": ("{ __typename" + " @a" * 33_000 + " }", "tokens"),
    "a million characters of directives": ("{ __typename" + " @a" * 100_000 + " }", "query"),
    "fifty fragments, each twice": (fragment_bomb(50, "parent {{ ...{0} ...{1} }}"), "depth"),
    "fifty fragments, each under two names": (
        fragment_bomb(50, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), "depth",
    ),
    "fifty fragments in one another": (fragment_bomb(50, "...{0} ...{1}"), None),
    "one fragment under many names": (
        "{ " + " ".join(f"a{n}: workers(first: 100) {{ ...F }}" for n in range(6)) + " } "
        "fragment F on WorkerConnection { nodes { conferrals(first: 100) { nodes { id } } } }",
        "cost",
    ),
    "fragments in a circle": (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...B }", None,
    ),
    "the same field two thousand times": ("{ worker(code: \"x\") {" + " name" * 1900 + " } }",
                                          "aliases"),
    "fragments of one field": (
        "{ worker(code: \"x\") {" + "".join(f" ...F{n}" for n in range(190)) + " } }"
        + "".join(f" fragment F{n} on Worker {{ name }}" for n in range(190)), None,
    ),
    "types of types": (
        "{ " + " ".join(f"a{n}: __schema {{ ...T }}" for n in range(20)) + " }"
        " fragment T on __Schema { types { fields { type { fields { args { name } } } } } }",
        "cost",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
async def test_what_took_minutes_is_refused_at_once(client: httpx.AsyncClient, attack: str) -> None:
    asked, limit = ATTACKS[attack]
    begun = time.monotonic()
    answer = await post_graphql(client, {"query": asked})
    assert time.monotonic() - begun < 5, "It takes milliseconds; minutes without limits."
    if limit is None:
        return  # it is bounded by its tokens alone: that it ends is all that is asked
    assert error_codes(answer) == ["LIMIT_EXCEEDED"]
    [error] = answer.json()["errors"]
    pattern = re.escape(LIMIT_MESSAGES[limit].english).replace(
        r"\{most\}", str(getattr(DEFAULT_LIMITS, limit))
    )
    assert re.fullmatch(pattern.replace(r"\{found\}", "(> )?[0-9]+"), error["message"])
    assert answer.json()["extensions"]["cost"]["spent"] == 0
