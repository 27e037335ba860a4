"""Opaque cursors: the sort key of a row, and the order that it belongs to."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from kit.errors import BadInput

NOT_OURS = "This is not a cursor of ours: send one that a page of this list gave."


def write_cursor(order: str, values: Sequence[Any]) -> str:
    text = json.dumps([order, *values], default=str, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, order: str, width: int) -> list[Any]:
    """The values of the sort key. Raises BadInput for what isn't a cursor of that order."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = json.loads(urlsafe_b64decode(padded))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) != width + 1 or not isinstance(found[0], str):
        raise BadInput(NOT_OURS)
    if found[0] != order:
        raise BadInput("This cursor belongs to another list or order: start again without it.")
    return found[1:]
