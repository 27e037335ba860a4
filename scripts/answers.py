"""Runs the queries of docs/domain.md again, and prints the responses in both languages."""

import asyncio
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

from feeds.importing import create_embedded
from kit.db.engine import open_engine
from tests.support.graph import GraphQLTestClient

DOCS = Path(__file__).parent.parent / "docs"
# The questions are those of the first.
PAGES = (DOCS / "domain.md", DOCS / "domain.zh.md")
EXAMPLE = re.compile(r"```graphql\n(.*?)```\n\n```json\n.*?```", re.DOTALL)
WIDTH = 96  # leaves room for brackets that close what lines before opened


def columns(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


def laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """On one line if it fits after the `before` columns, else an item a line."""
    line = json.dumps(value, ensure_ascii=False)
    if before + columns(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return line
    if isinstance(value, dict):
        opening, closing = "{", "}"
        items = [(f"{json.dumps(name)}: ", item) for name, item in value.items()]
    else:
        opening, closing = "[", "]"
        items = [("", item) for item in value]
    if len(items) == 1:
        [(name, item)] = items
        start = opening + name
        return start + laid_out(item, indent, before + len(start)) + closing
    inner = " " * (indent + 2)
    lines = [
        f"{inner}{name}{laid_out(item, len(inner), len(inner + name))}" for name, item in items
    ]
    return "\n".join([opening, ",\n".join(lines), " " * indent + closing])


async def answered(questions: list[str]) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registry.db"
        await create_embedded(path)
        engine = open_engine(f"sqlite:///{path}")
        answers = [
            laid_out(await GraphQLTestClient(engine).data(question)) for question in questions
        ]
        await engine.dispose()
    return answers


def printed_into(text: str, examples: list[str]) -> str:
    left = iter(examples)
    return EXAMPLE.sub(lambda _: next(left), text)


def main() -> None:
    questions = EXAMPLE.findall(PAGES[0].read_text("utf-8"))
    pairs = zip(questions, asyncio.run(answered(questions)), strict=True)
    examples = [f"```graphql\n{question}```\n\n```json\n{said}\n```" for question, said in pairs]
    for page in PAGES:
        written = printed_into(page.read_text("utf-8"), examples)
        page.write_text(written, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
