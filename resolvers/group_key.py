"""What is shown of the records that groups, or the cells of a table, have in common."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kit.language import Sentence
from kit.words import Labelled
from resolvers import metric

# One word for both: told apart, it would say that there is something hidden.
NOT_STATED = Sentence("Not stated or not public", "未注明或未公开")
YES, NO = Sentence("Yes", "是"), Sentence("No", "否")


@dataclass(frozen=True, slots=True)
class KeyOfGroup:
    dimension: str
    code: str | None
    label: str
    label_en: str | None


@lru_cache(maxsize=4096, typed=True)
def group_key(dimension: str, code: Any, label: Any) -> KeyOfGroup:
    """The same levels, years and places come up in every answer."""
    if dimension == metric.DIMENSION and code is not None:
        return KeyOfGroup(dimension, code, metric.name_of(code), metric.name_en_of(code))
    return KeyOfGroup(dimension, text(code), *labels(label))


def text(code: Any) -> str | None:
    if code is None:
        return None
    return str(code).lower() if isinstance(code, bool) else str(code)


def labels(label: Any) -> tuple[str, str | None]:
    """In Chinese, and in English where that is known: records are told by their names alone."""
    if label is None:
        return NOT_STATED.chinese, NOT_STATED.english
    if isinstance(label, bool):
        said = YES if label else NO
        return said.chinese, said.english
    if isinstance(label, Labelled):
        return label.label, english(label)
    return str(label), str(label) if isinstance(label, int) else None


def english(word: Labelled) -> str:
    """`SENIOR_TECHNICIAN` as people write it."""
    return word.value.replace("_", " ").capitalize()
