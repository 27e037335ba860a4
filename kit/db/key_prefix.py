"""Prefix predicates on keys, with the prefix written as a literal."""

import re

from sqlalchemy import ColumnElement, and_, func, literal_column

from kit.db.column_types import Text

PLAIN_PREFIX = re.compile("[a-z_`]+")  # ` follows _


def has_prefix(key: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return true or false for each row, never null."""
    first = func.substr(key, literal_column("1"), literal_column(str(len(prefix))))
    return first == prefix_literal(prefix)


def prefix_range(key: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """As a condition, which an index on the key serves."""
    return and_(
        key >= prefix_literal(prefix), key < prefix_literal(prefix[:-1] + chr(ord(prefix[-1]) + 1))
    )


def prefix_literal(text: str) -> ColumnElement[str]:
    assert PLAIN_PREFIX.fullmatch(text)
    return literal_column(f"'{text}'", Text())
