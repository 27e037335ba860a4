"""Keys of groups and of table cells."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kit.i18n import Message
from kit.values.labelled_enum import LabelledEnum
from resolvers.core import metric_names

# One label for both: two would reveal that something is hidden.
NOT_STATED = Message("Not stated or not public", "未注明或未公开")
YES, NO = Message("Yes", "是"), Message("No", "否")


@dataclass(frozen=True, slots=True)
class DimensionMember:
    dimension: str
    code: str | None
    label: str
    label_en: str | None


@lru_cache(maxsize=4096, typed=True)
def group_key(dimension: str, code: Any, label: Any) -> DimensionMember:
    """Return the key of a group; cached, as the same levels, years and places recur."""
    if dimension == metric_names.METRIC_DIMENSION and code is not None:
        return DimensionMember(
            dimension,
            code,
            metric_names.chinese_metric_name(code),
            metric_names.english_metric_name(code),
        )
    return DimensionMember(dimension, code_text(code), *bilingual_labels(label))


def code_text(code: Any) -> str | None:
    if code is None:
        return None
    return str(code).lower() if isinstance(code, bool) else str(code)


def bilingual_labels(label: Any) -> tuple[str, str | None]:
    """Return labels in Chinese and, where known, in English; records have a Chinese name only."""
    if label is None:
        return NOT_STATED.chinese, NOT_STATED.english
    if isinstance(label, bool):
        said = YES if label else NO
        return said.chinese, said.english
    if isinstance(label, LabelledEnum):
        return label.label, english_label(label)
    return str(label), str(label) if isinstance(label, int) else None


def english_label(value: LabelledEnum) -> str:
    """Return the English label: `SENIOR_TECHNICIAN` becomes "Senior technician"."""
    return value.value.replace("_", " ").capitalize()
