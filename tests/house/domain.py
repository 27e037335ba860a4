"""The pages docs/domain.md and docs/domain.zh.md: of each section its question and its answer."""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.catalog.kind import Kind
from resolvers.core.declare import REGISTRY

ROOT = Path(__file__).parent.parent.parent
KINDS = {kind.name: kind for kind in REGISTRY.kinds.values()}


@dataclass(frozen=True, slots=True)
class Section:
    """The part below a third-level heading: text, then a query and its response, if any."""

    heading: str
    text: str
    question: str
    answer: str

    @property
    def kind(self) -> Kind | None:
        return KINDS.get(self.heading.split()[0])


def read_page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def read_sections(name: str) -> list[Section]:
    found = re.split(r"^### (.+)\n", read_page(name).partition("\n## ")[2], flags=re.MULTILINE)[1:]
    return [parse_section(*pair) for pair in zip(found[::2], found[1::2], strict=True)]


def parse_section(heading: str, body: str) -> Section:
    body = re.split(r"^## ", body, flags=re.MULTILINE)[0]
    shape = r"(.+?)(?:```graphql\n(.+)```\n\n```json\n(.+)```)?\s*"
    parts = re.fullmatch(shape, body, re.DOTALL)
    assert parts, heading
    return Section(heading, *(part or "" for part in parts.groups()))


PAGES = {name: read_sections(name) for name in ("domain.md", "domain.zh.md")}
SHOWN = [one for one in PAGES["domain.md"] if one.question]
