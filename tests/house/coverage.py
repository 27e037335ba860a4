"""The table of docs/coverage.csv, and how to read what a row says is shown."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent.parent / "docs"
QUERIES = DOCS / "coverage"
STEP = re.compile(r"(\w+)(?:\[([\w.]+)=([^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    key: str
    name: str
    meaning: str
    state: str
    type: str
    field: str
    query: str
    variables: str
    shows: str
    note: str

    @property
    def document(self) -> str:
        return (QUERIES / self.query).read_text("utf-8")

    @property
    def asked(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.variables)
        return read

    @property
    def shown(self) -> list[tuple[str, str]]:
        """(path, text) for each value that must be found in the answer."""
        pairs = [one.partition(" = ") for one in self.shows.split("; ")]
        return [(path, text) for path, _, text in pairs]


def read_coverage() -> list[CoverageRow]:
    with (DOCS / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return [CoverageRow(**row) for row in csv.DictReader(file)]


def values_at_path(data: Any, path: str) -> list[str]:
    """Return the texts at the end of a path; `nodes[code=x]` are those nodes whose code is x."""
    values = [data]
    for name, inner, wanted in STEP.findall(path):
        values = list(flatten(value[name] for value in values if value is not None))
        if inner:
            values = [value for value in values if wanted in values_at_path(value, inner)]
    return [display_text(value) for value in values if value is not None]


def flatten(values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def display_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
