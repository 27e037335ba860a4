"""Names of metrics, declared in registered.toml next to how they are counted."""

import tomllib
from functools import cache
from pathlib import Path

from kit.i18n import Message

DEFINITIONS_FILE = Path(__file__).parent.parent / "registered.toml"
METRIC_DIMENSION = "METRIC"


@cache
def names_by_metric() -> dict[str, Message]:
    """Return English and Chinese names by metric."""
    declared = tomllib.loads(DEFINITIONS_FILE.read_text("utf-8"))["names"]
    return {metric: Message(english, chinese) for metric, (chinese, english) in declared.items()}


def chinese_metric_name(metric: str) -> str:
    """Return the Chinese name, or the code of a metric that isn't declared."""
    names = names_by_metric().get(metric)
    return metric if names is None else names.chinese


def english_metric_name(metric: str) -> str | None:
    names = names_by_metric().get(metric)
    return None if names is None else names.english
