"""The statements of docs/domain.md about each kind, in both languages, are true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FieldNode, NameNode, SelectionSetNode, Visitor, build_schema, parse, visit
from graphql.language import print_ast

from models.row import Audience
from tests.house.domain import KINDS, PAGES, ROOT, SHOWN, Section, read_page
from tests.support.graph import TODAY, GraphQLTestClient

SDL = build_schema((ROOT / "schema" / "schema.graphql").read_text("utf-8"))


OF_KINDS = [one for one in SHOWN if one.kind]
EACH_PAGE = pytest.mark.parametrize("name", PAGES)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.heading.split()[0])
async def test_the_questions_have_the_answers_that_are_printed(
    ask_examples: GraphQLTestClient, shown: Section
) -> None:
    assert await ask_examples.data(shown.question) == json.loads(shown.answer)


class TypenameVisitor(Visitor):
    """Asks of every record for its kind as well."""

    def enter_selection_set(self, node: SelectionSetNode, *rest: object) -> SelectionSetNode:
        typename = FieldNode(name=NameNode(value="__typename"))
        return SelectionSetNode(selections=(*node.selections, typename))


def kinds_in(answer: Any) -> Iterator[str]:
    if isinstance(answer, dict):
        yield answer.get("__typename", "")
    for value in answer.values() if isinstance(answer, dict) else answer:
        if isinstance(value, dict | list):
            yield from kinds_in(value)


@pytest.mark.parametrize("shown", OF_KINDS, ids=lambda shown: shown.heading.split()[0])
async def test_the_answer_of_a_section_holds_a_record_of_its_kind(
    ask_examples: GraphQLTestClient, shown: Section
) -> None:
    answer = await ask_examples.data(print_ast(visit(parse(shown.question), TypenameVisitor())))
    assert shown.kind
    assert shown.kind.name in set(kinds_in(answer))


@EACH_PAGE
def test_every_kind_has_a_section_with_its_chinese_term(name: str) -> None:
    found = [one for one in PAGES[name] if one.kind and one.question]
    assert sorted(one.heading.split()[0] for one in found) == sorted(KINDS)
    for one in found:
        kind, _, term = one.heading.partition(" ")
        assert one.text.strip()
        assert term
        assert term in (SDL.type_map[kind].description or ""), kind


@EACH_PAGE
def test_a_section_says_which_spells_are_given_unasked_and_what_is_not_public(name: str) -> None:
    for one in PAGES[name]:
        if one.kind is None:
            continue
        words = {word for word in ("CURRENT", "ALL") if f"`{word}`" in one.text}
        assert words == ({one.kind.spell.default.value} if one.kind.spell else set()), one.heading
        hidden = one.kind.model.model_fields["audience"].default is Audience.OWNER
        assert ("`OWNER`" in one.text) == hidden, one.heading


def test_the_pages_name_the_day_of_the_answers() -> None:
    assert f"on {TODAY.day} {TODAY:%B %Y}" in read_page("domain.md")
    assert f"{TODAY.year} 年 {TODAY.month} 月 {TODAY.day} 日" in read_page("domain.zh.md")


def test_both_languages_ask_the_same() -> None:
    english, chinese = (
        [(one.heading if one.kind else "", one.question, one.answer) for one in found]
        for found in PAGES.values()
    )
    assert english == chinese


@EACH_PAGE
def test_the_contents_lead_to_every_kind(name: str) -> None:
    """As GitHub makes an anchor of a heading: letters and digits, hyphens for spaces."""
    contents = read_page(name).partition("\n## ")[0]
    anchors = [
        re.sub(r"[^\w -]", "", one.heading.lower()).replace(" ", "-")
        for one in PAGES[name]
        if one.kind
    ]
    assert re.findall(r"\]\(#([^)]+)\)", contents)[1:] == anchors
