"""Prints the settings, made from settings.py, into docs/configuration.md.

The Chinese page is written by hand; tests/house/test_settings.py compares its settings and
defaults.
"""

import inspect
import re
from pathlib import Path

from pydantic_settings import BaseSettings

from settings import GROUPS

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
HEAD = """\
# Configuration

[中文](configuration.zh.md)

All settings come from the environment. An empty one counts as not set. The service doesn't start
with a wrong value: it names the setting and what is accepted. This page is made from `settings.py`
by `make settings`.
"""


def title(group: type[BaseSettings]) -> str:
    """`Personal data` for `PersonalData`."""
    return re.sub("(?<=[a-z])[A-Z]", lambda letter: f" {letter[0].lower()}", group.__name__)


def section(group: type[BaseSettings]) -> str:
    lines = [f"## {title(group)}", "", inspect.cleandoc(group.__doc__ or ""), ""]
    lines += ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in group.model_fields.items():
        default = "—" if field.default is None else field.default
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def written() -> str:
    return "\n".join([HEAD, *map(section, GROUPS)])


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8", newline="\n")
