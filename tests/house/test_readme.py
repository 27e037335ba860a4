"""The statements of the READMEs are true, and links of all pages lead somewhere."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLObjectType

from resolvers.core.declare import REGISTRY
from scripts import speed
from tests.support.graph import GraphQLTestClient
from tests.support.sdl import SDL

ROOT = Path(__file__).parent.parent.parent
READMES = ["README.md", "README.zh.md"]
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "deploy/*.md", "examples/*/*.md")
    for path in ROOT.glob(pattern)
)
SCREEN = 120  # lines
each_readme = pytest.mark.parametrize("name", READMES)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(name), re.DOTALL)


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text(name))


@each_readme
async def test_the_question_has_the_answer_that_is_printed(
    ask_examples: GraphQLTestClient, name: str
) -> None:
    [question], [answer] = blocks(name, "graphql"), blocks(name, "json")
    assert await ask_examples.data(question) == json.loads(answer)


@each_readme
async def test_what_curl_sends_is_answered(ask_examples: GraphQLTestClient, name: str) -> None:
    [body] = re.findall(r"-d '(.+)'", text(name))
    assert (await ask_examples.data(json.loads(body)["query"]))["worker"]["employer"]["name"]


@each_readme
def test_a_screen_holds_it(name: str) -> None:
    assert len(text(name).splitlines()) <= SCREEN


@each_readme
def test_the_speed_is_what_was_measured_last(name: str) -> None:
    assert text(name) == speed.written(name), "Run 'make answers'."


@each_readme
def test_it_counts_the_kinds(name: str) -> None:
    assert re.findall(r"(\d+) (?:kinds|种记录)", text(name)) == [str(len(REGISTRY.kinds))]


@each_readme
def test_it_names_all_mutations_and_there_are_no_subscriptions(name: str) -> None:
    mutations = SDL.mutation_type
    assert isinstance(mutations, GraphQLObjectType)
    [line] = re.findall(r"^- [^\n]*GraphQL[^\n]*\n[^\n]*$", text(name), re.MULTILINE)
    assert re.findall(r"`(\w+)`", line) == [*mutations.fields]
    assert SDL.subscription_type is None


@each_readme
def test_it_leads_to_every_page(name: str) -> None:
    pages = {page for page in PAGES if re.fullmatch(r"docs/\w+(\.zh)?\.md|[A-Z]+\.md", page)}
    chinese = {page for page in pages if page.endswith(".zh.md")}
    english = {page.replace(".zh.md", ".md") for page in chinese}
    assert pages - (chinese if name == "README.md" else english) <= {*links(name), name}


def test_both_languages_say_the_same() -> None:
    for language in ("graphql", "json"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)
    assert outline(READMES[0]) == outline(READMES[1])
    assert [link.replace(".zh.md", ".md") for link in links(READMES[1])[1:]] == links(READMES[0])[
        1:
    ]


def outline(name: str) -> list[str]:
    """How each heading, entry of a list and row of a table begins, in order."""
    return re.findall(r"^(#+ |- |\|-|\| |```)", text(name), re.MULTILINE)


@cache
def headings(path: Path) -> set[str]:
    """Return what a link can name after `#`."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in found}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in links(page):
        if not link.startswith(("http:", "https:")):
            file, _, heading = link.partition("#")
            path = (ROOT / page).parent / file if file else ROOT / page
            assert path.exists(), link
            assert not heading or heading in headings(path), link
