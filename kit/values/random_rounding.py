"""Rounds counts of records that a viewer may not list.

A key and the set of counted records decide whether a count is rounded up or down, so the same set
is always rounded the same way, whatever its name. The mark of a set is the sum of the marks of its
members, so parts can be summed anywhere and in any order.
"""

import hmac
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ROUNDING_BASE = 5
# Sixteen to the power of nine: in 63 bits, all that SQLite adds up in, there is room for the sum of
# 134 million marks.
HASH_DIGITS = 9


def round_randomly(number: int, mark: int, key: bytes) -> int:
    """Return a multiple of five next to the number: the nearer, the more likely.

    Each by itself: parts don't add up to their whole, and nothing is found by subtracting.
    """
    below, rest = number - number % ROUNDING_BASE, number % ROUNDING_BASE
    return below + ROUNDING_BASE if keyed_uniform(mark, key) < rest / ROUNDING_BASE else below


def keyed_uniform(mark: int, key: bytes) -> float:
    """Return a pseudorandom number in [0, 1), always the same for a mark."""
    digest = hmac.digest(key, str(mark).encode(), "sha256")
    return int.from_bytes(digest[:6]) / 2**48


def member_hash(key: str, member: str) -> int:
    """Return the hash of one member. Without the key, which no reader has, it looks random."""
    return int(sha256(f"{key}:{member}".encode()).hexdigest()[:HASH_DIGITS], 16)


class MemberHash(FunctionElement[int]):
    """`member_hash` as both databases work it out: of a key and a member, both text."""

    name = "mark_of"
    inherit_cache = True
    type = BigInteger()

    def __init__(self, key: ColumnElement[str], member: ColumnElement[str]) -> None:
        super().__init__(key, member)


@compiles(MemberHash)
def compile_hash_sqlite(mark: MemberHash, compiler: Any, **options: Any) -> str:
    """Call the function that kit/db/engine.py adds to each connection."""
    return f"mark_of({compiler.process(mark.clauses, **options)})"


@compiles(MemberHash, "postgresql")
def compile_hash_postgresql(mark: MemberHash, compiler: Any, **options: Any) -> str:
    key, member = (compiler.process(clause, **options) for clause in mark.clauses)
    digest = f"encode(sha256(convert_to({key} || ':' || {member}, 'UTF8')), 'hex')"
    return f"('x' || left({digest}, {HASH_DIGITS}))::bit({4 * HASH_DIGITS})::bigint"
