"""What is shown of the records that groups, or the cells of a table, have in common."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

NOT_STATED = "未注明"


@dataclass(frozen=True, slots=True)
class KeyOfGroup:
    dimension: str
    code: str | None
    label: str


@lru_cache(maxsize=4096, typed=True)
def group_key(dimension: str, code: Any, label: Any) -> KeyOfGroup:
    """The same levels, years and places come up in every answer."""
    return KeyOfGroup(dimension, text(code), labelled(label))


def text(code: Any) -> str | None:
    if code is None:
        return None
    return str(code).lower() if isinstance(code, bool) else str(code)


def labelled(label: Any) -> str:
    if label is None:
        return NOT_STATED
    if isinstance(label, bool):
        return "是" if label else "否"
    return str(getattr(label, "label", label))
