"""What metrics are called: declared once, beside how they are counted, in registered.toml."""

import tomllib
from functools import cache
from pathlib import Path

from kit.language import Sentence

DECLARED = Path(__file__).with_name("registered.toml")
DIMENSION = "METRIC"


@cache
def names() -> dict[str, Sentence]:
    """By metric."""
    declared = tomllib.loads(DECLARED.read_text("utf-8"))["names"]
    return {metric: Sentence(english, chinese) for metric, (chinese, english) in declared.items()}


def name_of(metric: str) -> str:
    """In Chinese; a metric that isn't declared is called by its code."""
    found = names().get(metric)
    return metric if found is None else found.chinese


def name_en_of(metric: str) -> str | None:
    found = names().get(metric)
    return None if found is None else found.english
