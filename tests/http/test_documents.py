"""Documents are parsed and validated once for each text, and what is kept is bounded."""

import pytest
from graphql import DocumentNode, GraphQLError

from execution.document_cache import (
    MAX_CACHED_CHARACTERS,
    MAX_DOCUMENT_CHARACTERS,
    MIN_DOCUMENT_CHARACTERS,
    DocumentCache,
)
from kit.errors import BadInput
from kit.request_limits import RequestLimits
from tests.support.graph import GraphQLTestClient


class CountingDocuments(DocumentCache):
    """Whatever is asked has one thing wrong with it."""

    def __init__(self) -> None:
        super().__init__(lambda document, limits: {}, self.record)
        self.validated = 0

    def record(self, document: DocumentNode) -> list[GraphQLError]:
        self.validated += 1
        return [GraphQLError("wrong")]


def text(number: int, length: int = 0) -> str:
    return f"{{ a{number} }}".ljust(length)


def test_a_text_is_checked_once_with_what_is_wrong_with_it() -> None:
    documents = CountingDocuments()
    first = documents.checked(text(1))
    assert documents.checked(text(1)) is first
    assert [error.message for error in first.errors] == ["wrong"]
    documents.checked(text(2))
    assert documents.validated == 2


def test_limits_that_are_equal_are_the_same_limits() -> None:
    documents = CountingDocuments()
    first = documents.checked(text(1), RequestLimits(depth=3))
    assert documents.checked(text(1), RequestLimits(depth=3)) is first
    assert documents.checked(text(1), RequestLimits(depth=4)) is not first
    assert documents.validated == 2


def test_what_was_asked_last_is_kept() -> None:
    documents = CountingDocuments()
    fit = MAX_CACHED_CHARACTERS // MIN_DOCUMENT_CHARACTERS
    for number in range(fit):
        documents.checked(text(number))
    documents.checked(text(0))
    documents.checked(text(fit))
    assert {*documents.entries} == {text(number) for number in range(fit + 1)} - {text(1)}


def test_what_is_kept_is_bounded_by_its_length_too() -> None:
    documents = CountingDocuments()
    fit = MAX_CACHED_CHARACTERS // MAX_DOCUMENT_CHARACTERS
    for number in range(fit + 3):
        documents.checked(text(number, MAX_DOCUMENT_CHARACTERS))
    assert {*documents.entries} == {
        text(number, MAX_DOCUMENT_CHARACTERS) for number in range(3, fit + 3)
    }
    assert sum(map(len, documents.entries)) == MAX_CACHED_CHARACTERS
    assert documents.statistics()["bytes"] == documents.limit


def test_a_very_long_text_is_not_kept() -> None:
    documents = CountingDocuments()
    long = text(1, MAX_DOCUMENT_CHARACTERS + 1)
    assert documents.checked(long) is not documents.checked(long)
    assert (len(documents.entries), documents.entries.currsize) == (0, 0)


@pytest.mark.parametrize(("query", "error"), [("{", GraphQLError), ("{ a {} }", BadInput)])
def test_what_cannot_be_read_is_raised_and_not_kept(query: str, error: type[Exception]) -> None:
    documents = CountingDocuments()
    for _ in range(2):
        with pytest.raises(error):
            documents.checked(query)
    assert (len(documents.entries), documents.validated) == (0, 0)


async def test_what_is_wrong_is_told_anew_to_each_who_asks(ask_examples: GraphQLTestClient) -> None:
    first, again = [await ask_examples("{ nothing }") for _ in range(2)]
    assert first.messages == again.messages == ["Cannot query field 'nothing' on type 'Query'."]
    [one], [other] = first.errors, again.errors
    assert one.extensions["requestId"] != other.extensions["requestId"]
