"""Opaque cursors: the sort key of a row, and the order to which it belongs."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from kit.errors import BadInput
from kit.i18n import Message

INVALID_CURSOR = Message(
    "Invalid cursor: use one that a page of this list returned.",
    "这不是本服务的游标，请使用该列表某一页返回的游标。",
)

INT64_MAX = 2**63 - 1

CURSOR_MISMATCH = Message(
    "This cursor belongs to another list or order: start again without a cursor.",
    "该游标属于另一个列表或另一种排序，请不带游标重新开始。",
)


def encode_cursor(order: str, values: Sequence[Any]) -> str:
    text = json.dumps([order, *values], default=str, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str, order: str, width: int) -> list[Any]:
    """Return the values of the sort key. Raises BadInput for a cursor of another order."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        values = json.loads(urlsafe_b64decode(padded))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != width + 1 or not isinstance(values[0], str):
        raise BadInput(*INVALID_CURSOR)
    if values[0] != order:
        raise BadInput(*CURSOR_MISMATCH)
    return values[1:]


def positive_number(value: Any) -> int:
    """Return a number that a cursor holds. Raises BadInput for what no database numbers rows by."""
    if type(value) is not int or not 0 < value <= INT64_MAX:
        raise BadInput(*INVALID_CURSOR)
    return value
