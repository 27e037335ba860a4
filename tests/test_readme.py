"""What the READMEs say is what the service does."""

import json
import re
from pathlib import Path

import pytest

from tests.asking import Ask

ROOT = Path(__file__).parent.parent
READMES = ["README.md", "README.zh.md"]


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", READMES)
async def test_the_questions_have_the_answers_that_are_printed(
    ask_examples: Ask, name: str
) -> None:
    questions, answers = blocks(name, "graphql"), blocks(name, "json")
    assert len(questions) == len(answers) == 3
    for question, answer in zip(questions, answers, strict=True):
        assert await ask_examples.data(question) == json.loads(answer)


@pytest.mark.parametrize("path", [*READMES, *sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")
)])  # fmt: skip
def test_links_lead_somewhere(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / path).parent / target).exists(), target


def test_both_languages_say_the_same() -> None:
    for language in ("graphql", "json"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)
